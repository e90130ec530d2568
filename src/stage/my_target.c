/* What the target is and whether it may be written: every refusal of stage_open. */
#include "stage/my_stage.h"

#include "base/words.h"
#include "db/my_url.h"
#include "stage/refusal.h"
#include <string.h>

/* As the URL says; else as an option file does, which only the client library knows. */
static bool name_read(struct my_stage *stage, const char **name, struct error *err)
{
    struct arena *arena = stage->base.arena;
    struct my_url url;
    struct db *db;

    if (!my_url_parse(stage->base.request.target_url, arena, &url, err))
        return false;
    *name = url.database && url.database[0] ? url.database : NULL;
    if (*name)
        return true;
    if (!my_stage_connect(stage, NULL, &db, err))
        return false;
    *name = db_info(db)->database;
    db_close(db);
    if (*name && (*name)[0])
        return true;
    error_set(err, STATUS_USAGE, "the target's URL names no database");
    return error_hint(err, "write it as mysql://host/NAME");
}

/* Servers that keep names in small letters take others too: we need the name that they keep. */
bool my_target_name(struct my_stage *stage, const char **name, struct error *err)
{
    struct my_result result = {.rows = NULL};

    if (!name_read(stage, name, err) ||
        !my_ask(stage->admin, &result, err,
                "SELECT IF(@@global.lower_case_table_names = 0, %t, LOWER(%t))", *name, *name))
        return false;
    *name = my_copy(stage->base.arena, &result, 0, 0);
    my_result_release(&result);
    return *name || error_memory(err);
}

bool my_target_read(struct my_stage *stage, struct error *err)
{
    const char *name = stage->base.target.database;
    struct my_result result = {.rows = NULL};
    const char *mark = NULL;

    assert(stage->admin && stage->base.target.database);
    if (!my_ask(stage->admin, &result, err,
                "SELECT 1 FROM information_schema.SCHEMATA"
                " WHERE CAST(SCHEMA_NAME AS BINARY) = CAST(%t AS BINARY)",
                name))
        return false;
    stage->exists = result.count > 0;
    my_result_release(&result);
    if (!my_grants_read(stage->admin, stage->base.arena, &stage->grants, err))
        return false;
    stage->is_mark_hidden = stage->exists && !my_grants_allow(&stage->grants, name, "SELECT");
    if (stage->exists && !stage->is_mark_hidden &&
        !my_mark_find(stage->admin, name, stage->base.arena, &mark, err))
        return false;
    /* A mark that names another schema came along with a dump. */
    stage->is_marked = mark && mark_read(mark, stage->base.arena, &stage->target_mark) &&
                       strcmp(stage->target_mark.target, name) == 0;
    return true;
}

static const char *const content_sql[] = {
    "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = %t AND TABLE_NAME <> %t LIMIT 1",
    "SELECT 1 FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = %t LIMIT 1",
    "SELECT 1 FROM information_schema.EVENTS WHERE EVENT_SCHEMA = %t LIMIT 1",
    "SELECT 1 FROM information_schema.LIBRARIES WHERE LIBRARY_SCHEMA = %t LIMIT 1"};

bool my_schema_read(struct my_stage *stage, const char *schema, const char *but, bool *is_empty,
                    struct error *err)
{
    struct my_result result = {.rows = NULL};
    size_t count = COUNT_OF(content_sql) - !my_is_since(stage->admin, 90200, 0);

    *is_empty = true;
    for (size_t i = 0; i < count && *is_empty; i++) {
        if (!my_ask(stage->admin, &result, err, content_sql[i], schema, but))
            return false;
        *is_empty = result.count == 0;
        my_result_release(&result);
    }
    return true;
}

/* A mark that may not be read counts as ours: whoever gets past that is refused for want of the
 * right to read it. */
static struct target_facts facts_of(const struct my_stage *stage)
{
    const struct stage_request *request = &stage->base.request;

    return (struct target_facts){.source = request->source,
                                 .server = &stage->base.target,
                                 .exists = stage->exists,
                                 .is_empty = false,
                                 .is_marked = stage->is_marked || stage->is_mark_hidden,
                                 .mode = stage_mode(&stage->base),
                                 .adopt = request->options->adopt,
                                 .same_server = request->profile->same_server,
                                 .restored_from_source = request->profile->restored_from_source};
}

static bool check_safety(struct my_stage *stage, struct error *err)
{
    struct target_facts facts = facts_of(stage);

    if (stage->exists && !my_schema_read(stage, facts.server->database, "", &facts.is_empty, err))
        return false;
    return target_allow(&facts, err);
}

static bool check_name(struct my_stage *stage, struct error *err)
{
    static const char *const taken[] = {"mysql", "information_schema", "performance_schema", "sys"};

    for (size_t i = 0; i < COUNT_OF(taken); i++) {
        if (strcasecmp(stage->base.target.database, taken[i]) == 0)
            return error_set(err, STATUS_POLICY, "'%s' is the server's own schema", taken[i]);
    }
    return true;
}

/* What would be passed over in silence. */
static bool check_profile(struct my_stage *stage, struct error *err)
{
    const struct profile *profile = stage->base.request.profile;
    const char *word = profile->owner                       ? "owner"
                       : profile->maintenance_db            ? "maintenance_db"
                       : profile->extensions_skip.count > 0 ? "extensions"
                                                            : NULL;

    if (!word)
        return true;
    error_set(err, STATUS_PROFILE, "target.%s means nothing on MySQL", word);
    return error_hint(err, "take it out; accounts of definers are mapped by target.roles");
}

/* read_only does not count for everybody: who may write all the same is asked for the privilege. */
static bool check_read_only(struct my_stage *stage, struct error *err)
{
    bool is_mariadb = stage->base.target.is_mariadb;
    struct my_result result = {.rows = NULL};

    if (!my_query(stage->admin,
                  is_mariadb ? "SELECT @@global.read_only, 0, @@global.innodb_read_only"
                             : "SELECT @@global.read_only, @@global.super_read_only,"
                               " @@global.innodb_read_only",
                  &result, err))
        return false;
    bool may_write = my_grants_allow(&stage->grants, NULL,
                                     is_mariadb ? "READ_ONLY ADMIN" : "CONNECTION_ADMIN") ||
                     my_grants_allow(&stage->grants, NULL, "SUPER");
    bool is_closed =
        my_true(&result, 0, 1) || my_true(&result, 0, 2) || (my_true(&result, 0, 0) && !may_write);
    my_result_release(&result);
    if (!is_closed)
        return true;
    error_set(err, STATUS_TARGET, "the target's server is read_only and takes no writes");
    return error_hint(err, "staging belongs on a server of its own, not on a replica");
}

/* Others' tables that refer to the target's would go on to refer to the old ones. */
static bool check_outsiders(struct my_stage *stage, struct error *err)
{
    struct my_result result = {.rows = NULL};
    const char *name = stage->base.target.database;

    if (!stage->exists || stage_mode(&stage->base) != MODE_SWAP)
        return true;
    if (!my_ask(stage->admin, &result, err,
                "SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME FROM"
                " information_schema.REFERENTIAL_CONSTRAINTS WHERE UNIQUE_CONSTRAINT_SCHEMA = %t"
                " AND CONSTRAINT_SCHEMA <> %t LIMIT 1",
                name, name))
        return false;
    if (result.count > 0) {
        struct arena *arena = stage->base.arena;

        error_set(err, STATUS_POLICY, "foreign key '%s' of table '%s.%s' refers to the target",
                  words_printable(arena, my_text(&result, 0, 2)),
                  words_printable(arena, my_text(&result, 0, 0)),
                  words_printable(arena, my_text(&result, 0, 1)));
        error_hint(err, "drop it: after the swap it would refer to the old tables");
    }
    bool is_free = result.count == 0;
    my_result_release(&result);
    return is_free;
}

static bool names_are_kept(struct db *db, long long *keeping, struct error *err)
{
    struct my_result result = {.rows = NULL};

    if (!my_query(db, "SELECT @@global.lower_case_table_names", &result, err))
        return false;
    *keeping = my_integer(&result, 0, 0);
    my_result_release(&result);
    return true;
}

/* A server that keeps names in small letters would take the tables in, under other names than the
 * source's: nothing that looks for them would find them, and two may become one. */
static bool check_cases(struct my_stage *stage, struct error *err)
{
    struct db *source = stage->base.request.source_db;
    struct my_result result = {.rows = NULL};
    long long at_source, at_target;

    if (!source)
        return true;
    if (!names_are_kept(source, &at_source, err) || !names_are_kept(stage->admin, &at_target, err))
        return false;
    if (at_source != 0 || at_target == 0)
        return true;
    if (!my_query(source,
                  "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                  " AND CAST(TABLE_NAME AS BINARY) <> CAST(LOWER(TABLE_NAME) AS BINARY)"
                  " ORDER BY 1 LIMIT 1",
                  &result, err))
        return false;
    const char *name = result.count > 0 ? my_text(&result, 0, 0) : NULL;
    if (name) {
        error_set(err, STATUS_TARGET,
                  "the target's server does not tell '%s' from the same name in small letters",
                  words_printable(stage->base.arena, name));
        error_hint(err, "the source's does: use a server with lower_case_table_names = 0");
    }
    my_result_release(&result);
    return name == NULL;
}

static bool say_other_key(struct my_stage *stage, struct error *err)
{
    return !stage->is_marked || stage_compare_key(&stage->base, &stage->target_mark, err);
}

/* A swap that died is finished first, or taken back; then the target is looked at anew: the run
 * that was waited for, too, has put other tables under the name. */
static bool recover_and_check_again(struct my_stage *stage, struct error *err)
{
    if (stage->is_checking)
        return say_other_key(stage, err);
    return my_swap_recover(stage, err) && my_target_read(stage, err) && check_safety(stage, err) &&
           (!stage->is_mark_hidden || my_rights_check(stage, err)) && say_other_key(stage, err);
}

/* Each stands alone, but for the rights, which others look into. The lock comes late, so that a
 * run that would be refused anyway does not wait; what only the holder of the lock may rely on is
 * looked at once more behind it. */
static bool (*const checks[])(struct my_stage *, struct error *) = {
    check_profile,   check_name,        check_safety,           my_rights_check,
    check_read_only, my_definers_check, my_functions_check,     check_outsiders,
    check_cases,     my_run_lock_take,  recover_and_check_again};

/* Nobody is told what to grant on production's server. */
static bool is_productions(const struct my_stage *stage, const struct error *fault)
{
    const struct target_facts facts = facts_of(stage);

    return fault->status == STATUS_POLICY && target_is_same_server(&facts);
}

bool my_target_check(struct my_stage *stage, struct fault_list *faults, struct error *err)
{
    assert(stage->admin);
    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        struct error fault = {.status = STATUS_OK};

        if (checks[i](stage, &fault))
            continue;
        *err = fault;
        if (!faults)
            return false;
        error_context(&fault, "target");
        if (!fault_list_add(faults, &fault))
            return error_memory(err);
        if (is_productions(stage, &fault))
            break;
    }
    return true;
}
