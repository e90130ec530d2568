/* What the account must be allowed on the target, and what its server must allow. */
#include "stage/my_stage.h"

#include "base/words.h"
#include <string.h>

static const char *const needed[] = {
    "SELECT",  "INSERT", "UPDATE",         "DELETE",        "CREATE",      "DROP",
    "ALTER",   "INDEX",  "REFERENCES",     "TRIGGER",       "CREATE VIEW", "SHOW VIEW",
    "EXECUTE", "EVENT",  "CREATE ROUTINE", "ALTER ROUTINE", "LOCK TABLES"};

/* What is missing on that schema, as a list; "" when nothing is. */
static const char *missing_on(struct my_stage *stage, const char *schema)
{
    const char *missing = "";

    for (size_t i = 0; missing && i < COUNT_OF(needed); i++) {
        if (!my_grants_allow(&stage->grants, schema, needed[i]))
            missing = arena_printf(stage->base.arena, "%s%s%s", missing, missing[0] ? ", " : "",
                                   needed[i]);
    }
    return missing;
}

bool my_rights_are_whole(const struct my_stage *stage, const char *schema)
{
    assert(stage && schema);
    for (size_t i = 0; i < COUNT_OF(needed); i++) {
        if (!my_grants_allow(&stage->grants, schema, needed[i]))
            return false;
    }
    return true;
}

/* The name as GRANT takes it, where _ and % would match others. */
static void add_pattern(struct my_stage *stage, struct buf *out, const char *name, bool is_beside)
{
    buf_add_char(out, '`');
    for (const char *at = name; *at; at++) {
        if (stage->grants.has_patterns && (*at == '_' || *at == '%' || *at == '\\'))
            buf_add_char(out, '\\');
        if (*at == '`')
            buf_add_char(out, '`');
        buf_add_char(out, *at);
    }
    buf_add_text(out, is_beside ? "\\_\\_%`" : "`");
}

/* With partial_revokes no pattern names the schemas that a run makes beside. */
static void add_grant(struct my_stage *stage, struct buf *out, const char *missing, bool is_beside)
{
    const char *account = my_account(stage->base.target.user, stage->base.arena);

    buf_add_text(out, out->len > 0 ? "; GRANT " : "GRANT ");
    if (is_beside && !stage->grants.has_patterns)
        buf_add_format(out, "%s ON *", missing);
    else {
        buf_add_text(out, "ALL PRIVILEGES ON ");
        add_pattern(stage, out, stage->base.target.database, is_beside);
    }
    buf_add_format(out, ".* TO %s", account ? account : "?");
}

/* Both statements, unless that is more than a hint holds. A server goes by the closest pattern
 * alone, so that one for all of them would not do where another one stands. */
static bool refuse_schema(struct my_stage *stage, const char *schema, const char *missing,
                          const char *missing_beside, struct error *err)
{
    struct buf hint;

    assert(missing[0] || missing_beside[0]);
    buf_init(&hint, 1 << 12);
    if (missing[0])
        add_grant(stage, &hint, missing, false);
    const size_t first = hint.len;
    if (missing_beside[0])
        add_grant(stage, &hint, missing_beside, true);
    const char *text = buf_ok(&hint) ? words_printable(stage->base.arena, buf_text(&hint)) : NULL;
    if (text) {
        const size_t len = strlen(text);

        error_set(err, STATUS_TARGET, "user '%s' lacks on schema '%s': %s", stage->base.target.user,
                  words_printable(stage->base.arena, schema),
                  missing[0] ? missing : missing_beside);
        error_hint(err, "%.*s", (int)(len < sizeof(err->hint) || !first ? len : first), text);
    } else
        error_memory(err);
    buf_release(&hint);
    return false;
}

bool my_rights_check(struct my_stage *stage, struct error *err)
{
    const struct stage_request *request = &stage->base.request;
    const char *name = stage->base.target.database;
    char new_name[NAME_BYTES], old_name[NAME_BYTES];
    const char *beside[] = {new_name, old_name};

    assert(stage->admin && stage->base.target.database);
    name_of_new(ENGINE_MYSQL, name, request->run, new_name);
    name_of_old(ENGINE_MYSQL, name, request->started_us, old_name);
    const char *missing = missing_on(stage, name), *missing_beside = "", *schema = name;
    for (size_t i = 0; i < COUNT_OF(beside) && stage_mode(&stage->base) == MODE_SWAP; i++) {
        if (!missing_beside || missing_beside[0])
            break;
        missing_beside = missing_on(stage, beside[i]);
        schema = missing && !missing[0] ? beside[i] : name;
    }
    if (!missing || !missing_beside)
        return error_memory(err);
    return (!missing[0] && !missing_beside[0]) ||
           refuse_schema(stage, schema, missing, missing_beside, err);
}

bool my_rights_may_define(const struct my_stage *stage)
{
    static const char *const names[] = {"SET_ANY_DEFINER", "SET_USER_ID", "SET USER", "SUPER"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (my_grants_allow(&stage->grants, NULL, names[i]))
            return true;
    }
    return false;
}

/* Triggers of an adopted target must come back as they were when a swap is taken back. */
static bool has_foreign_triggers(struct my_stage *stage, bool *has, struct error *err)
{
    struct my_result result = {.rows = NULL};

    if (!my_ask(stage->admin, &result, err,
                "SELECT 1 FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = %t"
                " AND DEFINER <> CURRENT_USER() LIMIT 1",
                stage->base.target.database))
        return false;
    *has = result.count > 0;
    my_result_release(&result);
    return true;
}

/* Is there such an account? What this one may not look up is found out when it is used. */
static bool account_exists(struct my_stage *stage, const char *to, bool *exists, struct error *err)
{
    const char *at = strrchr(to, '@');
    const char *user = at ? arena_strndup(stage->base.arena, to, (size_t)(at - to)) : to;
    struct my_result result = {.rows = NULL};
    struct error fault = {.status = STATUS_OK};

    *exists = true;
    if (!user)
        return error_memory(err);
    if (my_ask(stage->admin, &result, &fault,
               "SELECT COUNT(*) FROM mysql.user WHERE User = %t AND (%t = '' OR Host = %t)", user,
               at ? at + 1 : "", at ? at + 1 : ""))
        *exists = my_integer(&result, 0, 0) > 0;
    my_result_release(&result);
    return true;
}

static bool check_accounts(struct my_stage *stage, struct error *err)
{
    const struct profile *profile = stage->base.request.profile;

    for (size_t i = 0; i < profile->role_count; i++) {
        const char *to = profile->roles[i].to;
        const char *account = my_account(to, stage->base.arena);
        bool exists;

        if (!account)
            return error_memory(err);
        if (!account_exists(stage, to, &exists, err))
            return false;
        if (exists)
            continue;
        error_set(err, STATUS_TARGET,
                  "target.roles names %s, which is no account of the target's server", account);
        return error_hint(err, "CREATE USER %s", account);
    }
    return true;
}

bool my_definers_check(struct my_stage *stage, struct error *err)
{
    const struct db_info *info = &stage->base.target;
    bool has_triggers = false;

    if (!check_accounts(stage, err))
        return false;
    if (my_rights_may_define(stage))
        return true;
    if (stage->exists && !has_foreign_triggers(stage, &has_triggers, err))
        return false;
    if (!has_triggers && stage->base.request.profile->role_count == 0)
        return true;
    const char *account = my_account(info->user, stage->base.arena);
    if (!account)
        return error_memory(err);
    error_set(err, STATUS_TARGET, "user '%s' may not define %s for another account", info->user,
              has_triggers ? "the old triggers again" : "what target.roles maps");
    return error_hint(err, "GRANT %s ON *.* TO %s",
                      info->is_mariadb                ? "SET USER"
                      : info->version_number >= 80200 ? "SET_ANY_DEFINER"
                                                      : "SET_USER_ID",
                      account);
}

/* With a binary log a server takes functions and triggers only from those it trusts. */
bool my_functions_check(struct my_stage *stage, struct error *err)
{
    struct db *source = stage->base.request.source_db;
    struct my_result result = {.rows = NULL};

    if (!source || my_grants_allow(&stage->grants, NULL, "SUPER"))
        return true;
    if (!my_query(stage->admin,
                  "SELECT @@global.log_bin = 1 AND @@global.log_bin_trust_function_creators = 0",
                  &result, err))
        return false;
    bool is_strict = my_true(&result, 0, 0);
    my_result_release(&result);
    if (!is_strict)
        return true;
    if (!my_query(source,
                  "SELECT (SELECT COUNT(*) FROM information_schema.TRIGGERS"
                  " WHERE TRIGGER_SCHEMA = DATABASE()) + (SELECT COUNT(*) FROM"
                  " information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()"
                  " AND ROUTINE_TYPE = 'FUNCTION')",
                  &result, err))
        return false;
    bool has_some = my_integer(&result, 0, 0) > 0;
    my_result_release(&result);
    if (!has_some)
        return true;
    error_set(err, STATUS_TARGET,
              "the target's server takes the source's functions and triggers from nobody without "
              "SUPER while it writes a binary log");
    return error_hint(err, "SET GLOBAL log_bin_trust_function_creators = 1, at the target");
}
