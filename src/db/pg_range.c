/* Where the pages of a relation can be cut for reads of a part: ranges of ctids. */
#include "db/pg_conn.h"
#include <stdlib.h>

#define PAGE_SHIFT 16 /* the page's number stands above the line's in an address */

/* A target was filled after its catalog was read, so it is asked. */
static bool pages_count(struct db *db, const struct table *table, const struct relation *relation,
                        uint64_t *pages, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;
    struct buf name, sql;

    buf_init(&name, 1024);
    buf_init(&sql, 4096);
    pg_quote_table(&name, relation->schema ? relation->schema : table->schema,
                   relation->name ? relation->name : table->name);
    buf_add_text(&sql, "SELECT pg_catalog.pg_relation_size(");
    pg_quote_literal(&sql, buf_text(&name));
    buf_add_text(&sql, "::pg_catalog.regclass) OPERATOR(pg_catalog./) "
                       "pg_catalog.current_setting('block_size')::pg_catalog.int8");
    bool is_asked = buf_ok(&name) && buf_ok(&sql)
                        ? pg_query(db, buf_text(&sql), 0, NULL, &result, err)
                        : error_memory(err);
    buf_release(&name);
    buf_release(&sql);
    if (is_asked)
        *pages = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
    return is_asked;
}

bool pg_address_range(struct db *db, const struct table *table, const struct relation *relation,
                      struct address_range *range, struct error *err)
{
    uint64_t pages = relation->pages;

    if (db->side == DB_TARGET && !pages_count(db, table, relation, &pages, err))
        return error_context(err, "table '%s'", table->label);
    range->is_divisible = db->info.version_number >= 140000; /* a scan of a range of ctids */
    range->low = 0;
    range->high = pages << PAGE_SHIFT;
    range->step = UINT64_C(1) << PAGE_SHIFT;
    return true;
}
