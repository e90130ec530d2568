/* Rights that a user lacks to read tables in full, asked for at once instead of met one by one.
 *
 * Rights come from the user, its roles, patterns of schemas, columns and partial revokes; what they
 * amount to is only certain when the server is asked. A SELECT with LIMIT 0 reads nothing. */
#include "base/words.h"
#include "db/my_catalog.h"

bool my_account_read(struct db *db, struct arena *arena, const char **account, struct error *err)
{
    struct my_result result = {.rows = NULL};
    struct buf quoted;

    if (!my_query(db, "SELECT CURRENT_USER()", &result, err))
        return false;
    const char *name = my_text(&result, 0, 0);
    const char *at = strrchr(name, '@'); /* the host holds none */
    const size_t len = at ? (size_t)(at - name) : strlen(name);

    buf_init(&quoted, 4096);
    my_quote_literal(&quoted, span_make(name, len));
    buf_add_char(&quoted, '@');
    my_quote_literal(&quoted, span_of(at ? at + 1 : "%"));
    const char *text = buf_ok(&quoted) ? arena_strdup(arena, buf_text(&quoted)) : NULL;
    *account = text ? words_printable(arena, text) : NULL;
    buf_release(&quoted);
    my_result_release(&result);
    return *account || error_memory(err);
}

/* Every column, those included that the server does not show to who may not read them; invisible
 * ones are no part of `*`. */
static void probe_add(struct buf *sql, const struct table *table)
{
    assert(table->schema && table->name);
    buf_add_text(sql, "SELECT *");
    for (size_t i = 0; i < table->column_count; i++) {
        if (!table->columns[i]->is_invisible)
            continue;
        buf_add_text(sql, ", ");
        my_quote_name(sql, table->columns[i]->name);
    }
    buf_add_text(sql, " FROM ");
    my_quote_table(sql, table->schema, table->name);
    buf_add_text(sql, " LIMIT 0");
}

bool my_table_is_denied(struct db *db, const struct table *table, bool *is_denied,
                        struct error *err)
{
    struct error answer = {.status = STATUS_OK};
    struct buf sql;
    unsigned code = 0;

    buf_init(&sql, 1 << 20);
    probe_add(&sql, table);
    const bool is_whole = buf_ok(&sql);
    const bool is_answered =
        is_whole && my_attempt(db, buf_text(&sql), "asking for rights", &code, &answer);
    buf_release(&sql);
    if (!is_whole)
        return error_memory(err);
    *is_denied = !is_answered && my_number_is_denial(code);
    if (is_answered || *is_denied)
        return true;
    *err = answer;
    return error_context(err, "table '%s'", table->label ? table->label : table->name);
}

static bool denial_add(struct denial_list *denials, const struct table *table, const char *user,
                       struct error *err)
{
    struct denial *denial = &denials->items[denials->count];
    struct buf grant;

    assert(table->label && user);
    buf_init(&grant, 4096);
    buf_add_text(&grant, "GRANT SELECT ON ");
    my_quote_table(&grant, table->schema, table->name);
    buf_add_format(&grant, " TO %s", user);
    const char *copy = buf_ok(&grant) ? arena_strdup(denials->arena, buf_text(&grant)) : NULL;
    buf_release(&grant);
    denial->table = table;
    denial->what = arena_printf(denials->arena, "may not read table '%s'", table->label);
    denial->grant = copy ? words_printable(denials->arena, copy) : NULL;
    if (!denial->what || !denial->grant)
        return error_memory(err);
    denials->count++;
    return true;
}

static bool is_read(const struct table *table)
{
    return !table->is_outside && table->class != TABLE_FOREIGN;
}

bool my_find_denials(struct db *db, const struct table *const *tables, size_t count,
                     struct denial_list *denials, struct error *err)
{
    const char *user = NULL;
    bool may_read = false;

    denials->items = ARENA_ARRAY(denials->arena, count + 1, struct denial);
    if (!denials->items)
        return error_memory(err);
    if (count == 0)
        return true;
    assert(tables && db->info.database);
    if (!my_may_read_schema(db, db->info.database, &may_read, err) ||
        !my_account_read(db, denials->arena, &user, err))
        return error_context(err, "asking for the rights of the user");
    for (size_t i = 0; i < count && !may_read; i++) {
        bool is_denied = false;

        if (!is_read(tables[i]))
            continue;
        if (!my_table_is_denied(db, tables[i], &is_denied, err) ||
            (is_denied && !denial_add(denials, tables[i], user, err)))
            return false;
    }
    return true;
}
