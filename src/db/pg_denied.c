/* Rights that a role lacks to read tables in full, asked for at once instead of met one by one. */
#include "base/words.h"
#include "db/pg_catalog.h"
#include "db/pg_conn.h"

/* $1 and $2: a table and one of the relations that hold its rows. LOCK TABLE and pg_dump want
 * SELECT on each relation as a whole, so rights on single columns do not count. */
static const char denied_sql[] =
    "WITH wanted AS (SELECT w.root, c.oid, c.relname, c.relnamespace, n.nspname"
    " FROM unnest($1::oid[], $2::oid[]) w(root, oid)"
    " JOIN pg_class c ON c.oid = w.oid JOIN pg_namespace n ON n.oid = c.relnamespace)"
    " SELECT root, 'may not use schema ''' || nspname || '''',"
    "  format('GRANT USAGE ON SCHEMA %I TO %I', nspname, current_user), 1"
    "  FROM wanted WHERE NOT has_schema_privilege(relnamespace, 'USAGE')"
    " UNION ALL SELECT root, 'may not read table ''' || nspname || '.' || relname || '''',"
    "  format('GRANT SELECT ON %I.%I TO %I', nspname, relname, current_user), 2"
    "  FROM wanted WHERE NOT has_table_privilege(oid, 'SELECT')"
    " UNION ALL SELECT root, 'sees table ''' || nspname || '.' || relname ||"
    "   ''' only as far as row security lets it',"
    "  format('ALTER ROLE %I BYPASSRLS', current_user), 3"
    "  FROM wanted WHERE row_security_active(oid)"
    " ORDER BY 4, 2, 1";

enum { DENIED_ROOT, DENIED_WHAT, DENIED_GRANT };

static void oids_add(struct buf *roots, struct buf *oids, uint32_t root, uint32_t oid)
{
    buf_add_format(roots, "%s%u", roots->len > 1 ? "," : "", root);
    buf_add_format(oids, "%s%u", oids->len > 1 ? "," : "", oid);
}

static bool denied_ask(struct db *db, const struct table *const *tables, size_t count,
                       PGresult **result, struct error *err)
{
    struct buf roots, oids;

    buf_init(&roots, BUF_CEILING_MAX);
    buf_init(&oids, BUF_CEILING_MAX);
    buf_add_char(&roots, '{');
    buf_add_char(&oids, '{');
    for (size_t i = 0; i < count; i++) {
        bool is_root_told = false;

        for (size_t r = 0; r < tables[i]->relation_count; r++) {
            oids_add(&roots, &oids, tables[i]->oid, tables[i]->relations[r].oid);
            is_root_told = is_root_told || tables[i]->relations[r].oid == tables[i]->oid;
        }
        if (!is_root_told)
            oids_add(&roots, &oids, tables[i]->oid, tables[i]->oid);
    }
    buf_add_char(&roots, '}');
    buf_add_char(&oids, '}');

    bool is_whole = buf_ok(&roots) && buf_ok(&oids);
    const char *values[] = {is_whole ? buf_text(&roots) : NULL, is_whole ? buf_text(&oids) : NULL};
    bool is_told = is_whole ? pg_query(db, denied_sql, 2, values, result, err) : error_memory(err);
    buf_release(&roots);
    buf_release(&oids);
    return is_told;
}

static const struct table *table_of(const struct table *const *tables, size_t count, uint32_t oid)
{
    for (size_t i = 0; i < count; i++)
        if (tables[i]->oid == oid)
            return tables[i];
    return NULL;
}

static const char *printable_copy(struct arena *arena, const char *text)
{
    const char *copy = arena_strdup(arena, text);

    return copy ? words_printable(arena, copy) : NULL;
}

bool pg_find_denials(struct db *db, const struct table *const *tables, size_t count,
                     struct denial_list *denials, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;

    if (!denied_ask(db, tables, count, &result, err))
        return error_context(err, "asking for the rights of the role");
    denials->items = ARENA_ARRAY(denials->arena, (size_t)PQntuples(result) + 1, struct denial);
    if (!denials->items)
        return error_memory(err);
    for (int row = 0; row < PQntuples(result); row++) {
        struct denial *denial = &denials->items[denials->count];

        denial->table = table_of(tables, count, pg_cell_u32(result, row, DENIED_ROOT));
        denial->what = printable_copy(denials->arena, PQgetvalue(result, row, DENIED_WHAT));
        denial->grant = printable_copy(denials->arena, PQgetvalue(result, row, DENIED_GRANT));
        if (!denial->what || !denial->grant)
            return error_memory(err);
        assert(denial->table);
        denials->count++;
    }
    return true;
}
