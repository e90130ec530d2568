/* Sequences set above what was written into their columns. The mapping of integer keys stays inside
 * fixed bands, so the greatest value is known only now; the next one may open the next band. */
#include "stage/pg_stage.h"

#include <stdlib.h>
#include <string.h>

struct feeding {
    const char *sequence; /* quoted */
    const struct column *column;
};

static int compare_feedings(const void *a, const void *b)
{
    const struct feeding *left = a;
    const struct feeding *right = b;
    int order = strcmp(left->sequence, right->sequence);

    if (order == 0)
        order = left->column->table->index < right->column->table->index ? -1 : 1;
    return order;
}

static bool is_fed(const struct bound_table *bound, const struct column *column)
{
    return column->sequence && bound->role != ROLE_EXCLUDED &&
           bound->table->class != TABLE_FOREIGN &&
           (column->type->kind == KIND_INTEGER || column->type->kind == KIND_DECIMAL);
}

static bool feedings_collect(struct pg_stage *stage, struct feeding **feedings, size_t *count,
                             struct error *err)
{
    const struct binding *binding = stage->base.request.binding;
    size_t capacity = 0;

    *feedings = NULL;
    *count = 0;
    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        const struct bound_table *bound = &binding->tables[i];

        for (size_t j = 0; j < bound->table->column_count; j++) {
            const struct column *column = bound->table->columns[j];

            if (!is_fed(bound, column))
                continue;
            *feedings =
                arena_grow(stage->base.arena, *feedings, *count, &capacity, sizeof(**feedings));
            if (!*feedings)
                return error_memory(err);
            (*feedings)[(*count)++] = (struct feeding){column->sequence, column};
        }
    }
    if (*count > 0)
        qsort(*feedings, *count, sizeof(**feedings), compare_feedings);
    return true;
}

static void add_extremes(struct buf *sql, const struct column *column)
{
    buf_add_text(sql, "SELECT max(");
    pg_quote_name(sql, column->name);
    buf_add_text(sql, ")::numeric, min(");
    pg_quote_name(sql, column->name);
    buf_add_text(sql, ")::numeric FROM ");
    buf_add_text(sql, column->table->class == TABLE_ORDINARY ? "ONLY " : "");
    pg_quote_table(sql, column->table->schema, column->table->name);
}

/* A value below the start changes nothing: the start is above it already. */
static const char set_sql[] =
    " SELECT CASE WHEN s.seqincrement > 0 AND v.high >= s.seqstart AND v.high <= s.seqmax"
    "   THEN setval(s.seqrelid::regclass, v.high::int8)"
    "  WHEN s.seqincrement < 0 AND v.low <= s.seqstart AND v.low >= s.seqmin"
    "   THEN setval(s.seqrelid::regclass, v.low::int8) END,"
    " coalesce(CASE WHEN s.seqincrement > 0 THEN v.high > s.seqmax ELSE v.low < s.seqmin END,"
    "  false)"
    " FROM v, pg_sequence s WHERE s.seqrelid = $1::regclass";

static bool sequence_set(struct pg_stage *stage, struct db *db, const struct feeding *feedings,
                         size_t count, struct error *err)
{
    const char *const values[] = {feedings[0].sequence};
    AUTO(PGresult) PGresult *result = NULL;
    struct buf sql;

    buf_init(&sql, 1 << 24);
    buf_add_text(&sql, "WITH v AS MATERIALIZED (SELECT ceil(max(high)) AS high, floor(min(low))"
                       " AS low FROM (");
    for (size_t i = 0; i < count; i++) {
        buf_add_text(&sql, i > 0 ? " UNION ALL " : "");
        add_extremes(&sql, feedings[i].column);
    }
    buf_add_text(&sql, ") e(high, low))");
    buf_add_text(&sql, set_sql);
    bool is_set =
        buf_ok(&sql) ? pg_query(db, buf_text(&sql), 1, values, &result, err) : error_memory(err);
    buf_release(&sql);
    if (!is_set)
        return error_context(err, "sequence %s", values[0]);
    if (PQntuples(result) == 0 || !pg_true(result, 0, 1))
        return true;
    const char *object = arena_printf(stage->base.arena, "position of sequence %s", values[0]);
    return object ? stage_skip(&stage->base, object, "a written value is beyond its end", err)
                  : error_memory(err);
}

bool pg_sequences_set(struct pg_stage *stage, struct error *err)
{
    struct feeding *feedings;
    size_t count, end;
    struct db *db;

    if (!pg_stage_filling(stage, &db, err) || !feedings_collect(stage, &feedings, &count, err))
        return false;
    for (size_t i = 0; i < count; i = end) {
        for (end = i + 1; end < count && strcmp(feedings[end].sequence, feedings[i].sequence) == 0;
             end++)
            continue;
        if (!sequence_set(stage, db, feedings + i, end - i, err))
            return false;
    }
    return true;
}
