/* Statistics of a loaded table. */
#include "db/pg_conn.h"

/* The server goes from a partitioned table to its partitions by itself, from an inheritance parent
 * only where it is told to. */
bool pg_analyze(struct db *db, const struct table *table, struct error *err)
{
    struct buf sql;

    assert(pg_of(db)->state == PG_IDLE);
    buf_init(&sql, BUF_CEILING_MAX);
    buf_add_text(&sql, "ANALYZE ");
    pg_quote_table(&sql, table->schema, table->name);
    for (size_t i = 0; table->class == TABLE_ORDINARY && i < table->relation_count; i++) {
        const struct relation *relation = &table->relations[i];

        if (relation->oid == table->oid)
            continue;
        buf_add_text(&sql, ", ");
        pg_quote_table(&sql, relation->schema, relation->name);
    }
    bool is_done = buf_ok(&sql) ? pg_run(db, buf_text(&sql), err) : error_memory(err);
    buf_release(&sql);
    return is_done;
}
