/* Rights at the source: all that are missing, each with the statement that grants it. */
#include "api_internal.h"

#include "stage/engine.h"

bool session_find_denials(struct session *session, struct denial_list *denials, struct error *err)
{
    const struct catalog *catalog = session->catalog;

    *denials = (struct denial_list){.arena = session->arena};
    return db_find_denials(session->leader, (const struct table *const *)catalog->tables,
                           catalog->table_count, denials, err);
}

static bool denial_error(const struct session *session, const struct denial *denial,
                         struct error *err)
{
    const struct db_info *info = db_info(session->leader);

    error_set(err, STATUS_SOURCE, "%s '%s' %s", info->engine == ENGINE_POSTGRESQL ? "role" : "user",
              info->user, denial->what);
    return error_hint(err, "%s", denial->grant);
}

static bool is_wanted(const struct session *session, const struct denial *denial)
{
    const struct table *table = denial->table;

    if (!session->profile)
        return table->class != TABLE_FOREIGN;
    return !bind_excludes(session->profile, session->catalog, table);
}

/* What the server refused while the profile was tried is said better by the right that is missing.
 */
static void refusals_drop(struct fault_list *faults)
{
    size_t kept = 0;

    for (size_t i = 0; i < faults->count; i++)
        if (faults->errors[i].status != STATUS_SOURCE)
            faults->errors[kept++] = faults->errors[i];
    faults->count = kept;
}

bool session_lacks_columns(const struct session *session, const struct denial_list *denials)
{
    for (size_t i = 0; i < denials->count; i++)
        if (session->catalog->engine == ENGINE_MYSQL && is_wanted(session, &denials->items[i]))
            return true;
    return false;
}

bool session_refuse_denials(const struct session *session, const struct denial_list *denials,
                            struct fault_list *faults, struct error *err)
{
    const char *told = NULL;

    for (size_t i = 0; i < denials->count; i++) {
        const struct denial *denial = &denials->items[i];
        struct error denied = {0};

        if (!is_wanted(session, denial) || (told && strcmp(told, denial->grant) == 0))
            continue;
        if (!told && faults)
            refusals_drop(faults);
        told = denial->grant;
        denial_error(session, denial, &denied);
        if (!faults) {
            *err = denied;
            return false;
        }
        if (!fault_list_add(faults, &denied))
            return error_memory(err);
    }
    return true;
}
