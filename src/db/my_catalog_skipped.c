/* What the connected user cannot see of the schema: information_schema leaves it out without a
 * word. Tables that are not copied are listed where they are read. */
#include "base/words.h"
#include "db/my_catalog.h"
#include "db/my_grants.h"

#define NO_SUCH_TABLE 1146

/* A right without which a kind of object is not listed. */
struct sight {
    const char *objects, *right;
};

static const struct sight sights[] = {
    {"triggers", "TRIGGER"},
    {"events", "EVENT"},
};

/* The schema as GRANT names it. */
static const char *scope_print(struct my_reading *reading)
{
    struct buf out;

    buf_init(&out, 4096);
    my_quote_name(&out, reading->catalog->default_schema);
    buf_add_text(&out, ".*");
    const char *text = buf_ok(&out) ? arena_strdup(reading->arena, buf_text(&out)) : NULL;
    buf_release(&out);
    return text ? words_printable(reading->arena, text) : NULL;
}

/* `scope` NULL: the schema. */
static bool hidden_skip(struct my_reading *reading, const char *objects, const char *right,
                        const char *scope, struct error *err)
{
    struct arena *arena = reading->arena;
    const char *schema = words_printable(arena, reading->catalog->default_schema);
    const char *object = schema ? arena_printf(arena, "%s of schema %s", objects, schema) : NULL;
    const char *account;

    if (!object || (!scope && !(scope = scope_print(reading))))
        return error_memory(err);
    if (!my_account_read(reading->db, arena, &account, err))
        return false;
    const char *why = arena_printf(arena,
                                   "the server hides them from who lacks the right: "
                                   "GRANT %s ON %s TO %s",
                                   right, scope, account);
    if (!why)
        return error_memory(err);
    if (!my_reading_skip(reading, object, why, err))
        return false;
    reading->catalog->skipped[reading->catalog->skipped_count - 1].is_hidden = true;
    return true;
}

/* A statement that takes a right: a denial is an answer. */
static bool right_probe(struct db *db, const char *sql, bool *is_held, struct error *err)
{
    struct error answer = {.status = STATUS_OK};
    unsigned code = 0;

    *is_held = my_attempt(db, sql, "asking for rights", &code, &answer);
    if (*is_held || my_number_is_denial(code))
        return true;
    *err = answer;
    return false;
}

/* Those of other accounts; who owns a routine sees it. Running one is no right to its body. */
static bool routines_check(struct my_reading *reading, const struct my_grants *grants,
                           struct error *err)
{
    struct db *db = reading->db;
    const bool has_table = my_is_mariadb(db) || !my_is_since(db, 80000, 0);
    const char *schema = reading->catalog->default_schema;
    bool is_held;

    if (!has_table)
        is_held = my_grants_allow(grants, NULL, "SHOW_ROUTINE") ||
                  my_grants_allow(grants, NULL, "SELECT");
    else if (my_is_mariadb(db) && my_grants_allow(grants, schema, "SHOW CREATE ROUTINE"))
        is_held = true;
    else if (!right_probe(db, "SELECT 1 FROM mysql.proc LIMIT 0", &is_held, err))
        return false;
    if (is_held)
        return true;
    return has_table
               ? hidden_skip(reading, "routines", "SELECT", "mysql.proc", err)
               : hidden_skip(reading, "routines",
                             my_is_since(db, 80020, 0) ? "SHOW_ROUTINE" : "SELECT", "*.*", err);
}

/* Views are listed all the same, without what they are. */
static bool views_check(struct my_reading *reading, const struct my_grants *grants,
                        struct error *err)
{
    struct my_result result = {.rows = NULL};

    if (my_grants_allow(grants, reading->catalog->default_schema, "SHOW VIEW"))
        return true;
    if (!my_reading_query(reading, "SELECT 1 FROM information_schema.views WHERE table_schema = ",
                          " AND COALESCE(view_definition, '') = '' LIMIT 1", "views", &result, err))
        return false;
    const bool has_some = result.count > 0;
    my_result_release(&result);
    return !has_some || hidden_skip(reading, "definitions of views", "SHOW VIEW", NULL, err);
}

/* Who may read all tables of a schema is told that one does not exist; others that they may not
 * read it. */
bool my_may_read_schema(struct db *db, const char *schema, bool *may_read, struct error *err)
{
    struct error answer = {.status = STATUS_OK};
    struct buf sql;
    unsigned code = 0;

    assert(schema && may_read);
    buf_init(&sql, 4096);
    buf_add_text(&sql, "SELECT 1 FROM ");
    my_quote_table(&sql, schema, "understudy_no_such_table");
    buf_add_text(&sql, " LIMIT 0");
    bool is_asked = buf_ok(&sql);
    *may_read = is_asked && (my_attempt(db, buf_text(&sql), "asking for rights", &code, &answer) ||
                             code == NO_SUCH_TABLE);
    buf_release(&sql);
    if (!is_asked)
        return error_memory(err);
    if (!*may_read && !my_number_is_denial(code)) {
        *err = answer;
        return false;
    }
    return true;
}

bool my_read_skipped(struct my_reading *reading, struct error *err)
{
    const char *schema = reading->catalog->default_schema;
    struct my_grants grants;
    bool may_read = false;

    if (!my_may_read_schema(reading->db, schema, &may_read, err))
        return false;
    if (!may_read && !hidden_skip(reading, "further tables", "SELECT", NULL, err))
        return false;
    if (!my_grants_read(reading->db, reading->arena, &grants, err))
        return false;
    for (size_t i = 0; i < COUNT_OF(sights); i++) {
        if (!my_grants_allow(&grants, schema, sights[i].right) &&
            !hidden_skip(reading, sights[i].objects, sights[i].right, NULL, err))
            return false;
    }
    return views_check(reading, &grants, err) && routines_check(reading, &grants, err);
}
