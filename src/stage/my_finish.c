/* What comes when all rows and keys stand: counters above what was written, then the programs. */
#include "stage/my_stage.h"

#include "base/words.h"
#include <string.h>

static bool say_end(struct my_stage *stage, const char *what, const char *name, struct error *err)
{
    const char *object = arena_printf(stage->base.arena, "position of %s %s", what, name);

    return object ? stage_skip(&stage->base, object, "a written value is at its end", err)
                  : error_memory(err);
}

/* The greatest value of a column, which counts by itself in steps of one. The mapping of integer
 * keys stays inside fixed bands, so it is known only now; the next one may open the next band. */
static bool counter_set(struct my_stage *stage, struct db *db, const struct table *table,
                        const struct column *column, struct error *err)
{
    unsigned bits = 8 * column->type->width - (column->type->is_unsigned ? 0 : 1);
    struct my_result result = {.rows = NULL};

    assert(column->type->kind == KIND_INTEGER);
    assert(bits > 0 && bits <= 64);
    uint64_t end = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
    if (!my_ask(db, &result, err,
                "SELECT CAST(MAX(%n) AS DECIMAL(21)) + 1, CAST(MAX(%n) AS DECIMAL(21)) >= %s,"
                " MAX(%n) > 0 FROM %n",
                column->name, column->name,
                arena_printf(stage->base.arena, "%llu", (unsigned long long)end), column->name,
                table->name))
        return false;
    const char *next = my_copy(stage->base.arena, &result, 0, 0);
    bool is_end = my_true(&result, 0, 1);
    bool is_above = my_true(&result, 0, 2);
    my_result_release(&result);
    if (!is_above)
        return true;
    if (is_end)
        return say_end(stage, "AUTO_INCREMENT of", table->label, err);
    return next ? my_do(db, err, "ALTER TABLE %n AUTO_INCREMENT = %s", table->name, next)
                : error_memory(err);
}

static bool counters_set(struct my_stage *stage, struct db *db, struct error *err)
{
    for (size_t i = 0; i < stage->table_count; i++) {
        const struct my_table *table = &stage->tables[i];

        for (size_t j = 0; j < table->definition.count; j++) {
            const struct my_item *item = &table->definition.items[j];
            const struct column *column =
                item->is_automatic ? table_find_column(table->bound->table, item->name) : NULL;

            if (!column || column->type->kind != KIND_INTEGER || column->type->width == 0)
                continue;
            if (!counter_set(stage, db, table->bound->table, column, err))
                return error_context(err, "table '%s'", table->bound->table->label);
        }
    }
    return true;
}

/* Does the column's default take its next value? nextval(`shop`.`numbers`) */
static bool is_fed_by(const struct my_item *item, const char *sequence)
{
    struct my_scan scan;

    assert(item->has_sequence);
    my_scan_begin(&scan, item->text);
    for (struct my_piece token = my_scan_next(&scan); token.kind != MY_PIECE_END;
         token = my_scan_next(&scan)) {
        struct my_piece name;

        if (!my_piece_is(&token, "nextval"))
            continue;
        (void)my_scan_next(&scan);
        name = my_scan_next(&scan);
        struct my_piece dot = my_scan_peek(&scan);
        if (my_piece_is(&dot, ".")) {
            (void)my_scan_next(&scan);
            name = my_scan_next(&scan);
        }
        return my_piece_names(&name, sequence);
    }
    return false;
}

static void add_feedings(struct my_stage *stage, const char *sequence, struct buf *sql)
{
    bool is_first = true;

    for (size_t i = 0; i < stage->table_count; i++) {
        const struct my_table *table = &stage->tables[i];

        for (size_t j = 0; j < table->definition.count; j++) {
            const struct my_item *item = &table->definition.items[j];

            if (!item->has_sequence || !is_fed_by(item, sequence))
                continue;
            my_format(sql, "%sSELECT MAX(%n) AS high, MIN(%n) AS low FROM %n",
                      is_first ? "" : " UNION ALL ", item->name, item->name,
                      table->bound->table->name);
            is_first = false;
        }
    }
}

/* A value below the start changes nothing: the start is above it already. */
static bool sequence_set(struct my_stage *stage, struct db *db, const char *sequence,
                         struct error *err)
{
    struct my_result result = {.rows = NULL};
    struct buf feedings;

    assert(sequence);
    buf_init(&feedings, 1 << 24);
    add_feedings(stage, sequence, &feedings);
    bool is_done = buf_ok(&feedings) || error_memory(err);
    if (is_done && feedings.len > 0)
        is_done = my_ask(db, &result, err,
                         "SELECT IF(s.increment > 0,"
                         "  IF(v.high BETWEEN s.start_value AND s.maximum_value, v.high, NULL),"
                         "  IF(v.low BETWEEN s.minimum_value AND s.start_value, v.low, NULL)),"
                         " IF(s.increment > 0, v.high > s.maximum_value, v.low < s.minimum_value)"
                         " FROM %n s, (SELECT CAST(CEIL(MAX(high)) AS DECIMAL(30)) AS high,"
                         " CAST(FLOOR(MIN(low)) AS DECIMAL(30)) AS low FROM (%s) e) v",
                         sequence, buf_text(&feedings));
    buf_release(&feedings);
    if (is_done && result.count > 0 && my_true(&result, 0, 1))
        is_done = say_end(stage, "sequence", sequence, err);
    const char *value = is_done && result.count > 0 ? my_text(&result, 0, 0) : NULL;
    is_done = is_done && (!value || my_do(db, err, "DO SETVAL(%n, %s)", sequence, value));
    my_result_release(&result);
    return is_done ||
           error_context(err, "sequence '%s'", words_printable(stage->base.arena, sequence));
}

bool my_stage_finish(struct stage *base, struct error *err)
{
    struct my_stage *stage = my_stage_of(base);
    struct db *db;

    if (!my_stage_filling(stage, &db, err) || !counters_set(stage, db, err))
        return false;
    for (size_t i = 0; i < stage->sequence_count; i++) {
        if (!sequence_set(stage, db, stage->sequences[i].name, err))
            return false;
    }
    /* Definers may have no right to this schema, which has another name tomorrow. */
    return my_programs_make(stage, db, &stage->programs, true, err);
}
