/* Who is unique in what stays linkable: aggregates on the new database. */
#include "db/sql.h"
#include "run/mask.h"
#include "verify/engine.h"
#include "verify/privacy.h"

#include <string.h>

/* Joins of more counts than these cost more than they tell. */
enum { EDGES_MAX = 8, COLUMNS_MAX = 32 };

static bool is_coarse(const char *rule)
{
    static const char *const rules[] = {"keep", "bucket", "birth_date", "round", "truncate"};

    for (size_t i = 0; i < COUNT_OF(rules); i++)
        if (strcmp(rule, rules[i]) == 0)
            return true;
    return false;
}

/* Kept or coarse, something that a person could be known by, and no key of its own. */
static bool is_quasi_identifier(const struct bound_column *column)
{
    const struct type *type = column->column->type;

    while (type->class == TYPE_DOMAIN)
        type = type->element;
    return is_coarse(column->rule) && !column_is_unique(column->column) &&
           (type->kind == KIND_ENUM || type->kind == KIND_BOOLEAN || type->kind == KIND_INTEGER ||
            type->kind == KIND_DECIMAL || type->kind == KIND_REAL || type->kind == KIND_TEXT ||
            type->kind == KIND_DATE || type->kind == KIND_TIMESTAMP || type->kind == KIND_INSTANT);
}

/* A statement under way. */
struct counting {
    const struct sql_words *words;
    const struct verify_engine *engine;
    const struct mask_list *tails;
    struct buf sql;
    bool has_tails; /* their keys are in the statement */
};

static void column_add(struct counting *counting, const char *alias, const struct column *column)
{
    sql_add_column(counting->words, &counting->sql, alias, column);
}

/* Groups of rows by size: all rows, those alone, those with at most three others; and how many of
 * each came as tails. */
#define SIZES                                                                                      \
    "SELECT COALESCE(SUM(n), 0), COALESCE(SUM(CASE WHEN n = 1 THEN 1 END), 0), "                   \
    "COALESCE(SUM(CASE WHEN n < 5 THEN n END), 0), COALESCE(SUM(tails), 0), "                      \
    "COALESCE(SUM(CASE WHEN n = 1 THEN tails END), 0), "                                           \
    "COALESCE(SUM(CASE WHEN n < 5 THEN tails END), 0) "                                            \
    "FROM (SELECT COUNT(*) AS n, COUNT(tail.k0) AS tails"

/* The keys of tail rows in staging, as a table to join: one without rows where none is known. */
static void tails_sql(struct counting *counting)
{
    const struct mask_list *tails = counting->tails;
    struct buf *sql = &counting->sql;

    buf_add_text(sql, " LEFT JOIN ");
    counting->has_tails =
        tails->is_known && tails->count > 0 &&
        counting->engine->add_lists(sql, tails->table->identity_count, &tails->rows);
    if (!counting->has_tails) {
        buf_add_text(sql, "(SELECT 1 AS k0 FROM (SELECT 1 AS one) AS o WHERE 1 = 0) AS tail "
                          "ON 1 = 1");
        return;
    }
    buf_add_text(sql, " AS tail ON ");
    for (size_t i = 0; i < tails->table->identity_count; i++) {
        buf_add_text(sql, i ? " AND " : "");
        counting->words->text(sql, "s", tails->table->identity_columns[i]);
        buf_add_format(sql, " = tail.k%zu", i);
    }
}

static bool sizes_read(const struct privacy_config *config, const struct counting *counting,
                       struct privacy_unique *unique, struct error *err)
{
    const struct mask_list *tails = counting->tails;
    uint64_t sizes[6];

    if (!buf_ok(&counting->sql))
        return error_memory(err);
    if (!counting->engine->read_numbers(config->target, buf_text(&counting->sql), NULL, sizes,
                                        COUNT_OF(sizes), err))
        return error_context(err, "table '%s'", unique->table->label);
    unique->rows = sizes[0];
    unique->unique = sizes[1];
    unique->few = sizes[2];
    unique->tail_rows = sizes[3];
    unique->tail_unique = sizes[4];
    unique->tail_few = sizes[5];
    /* What the profile's own SQL did behind the load can have changed keys. */
    unique->has_tail = config->selection->survey && tails->is_known &&
                       (counting->has_tails || tails->count == 0) &&
                       unique->tail_rows == tails->count;
    return true;
}

static void rows_sql(struct counting *counting, const struct privacy_unique *unique)
{
    buf_add_text(&counting->sql, counting->engine->before_lists);
    buf_add_text(&counting->sql, SIZES);
    sql_add_from(counting->words, &counting->sql, DB_TARGET, unique->table);
    buf_add_text(&counting->sql, " AS s");
}

static void columns_sql(struct counting *counting, const struct privacy_unique *unique)
{
    struct buf *sql = &counting->sql;

    rows_sql(counting, unique);
    tails_sql(counting);
    buf_add_text(sql, " GROUP BY ");
    for (size_t i = 0; i < unique->column_count; i++) {
        buf_add_text(sql, i ? ", " : "");
        counting->words->text(sql, "s", unique->columns[i]);
    }
    buf_add_text(sql, ") AS g");
}

static bool columns_find(const struct bound_table *table, struct arena *arena,
                         struct privacy_unique *unique, struct error *err)
{
    *unique = (struct privacy_unique){.table = table->table};
    unique->columns = ARENA_ARRAY(arena, table->column_count + 1, const struct column *);
    if (!unique->columns)
        return error_memory(err);
    for (size_t i = 0; i < table->column_count && unique->column_count < COLUMNS_MAX; i++)
        if (is_quasi_identifier(&table->columns[i]))
            unique->columns[unique->column_count++] = table->columns[i].column;
    return true;
}

static bool is_countable(const struct binding *binding, const struct edge *edge)
{
    return edge->parent != edge->child && !edge->json_path && !edge->is_array && !edge->is_period &&
           !edge->when && edge_is_exact(edge) && !binding->edges[edge->index].is_ignored &&
           binding->tables[edge->child->index].role != ROLE_EXCLUDED;
}

static bool edges_find(const struct binding *binding, const struct table *table,
                       struct arena *arena, struct privacy_unique *unique, struct error *err)
{
    *unique = (struct privacy_unique){.table = table};
    unique->edges = ARENA_ARRAY(arena, EDGES_MAX, const struct edge *);
    if (!unique->edges)
        return error_memory(err);
    for (size_t i = 0; i < binding->graph->all.count && unique->edge_count < EDGES_MAX; i++) {
        const struct edge *edge = binding->graph->all.edges[i];

        if (edge->parent == table && is_countable(binding, edge))
            unique->edges[unique->edge_count++] = edge;
    }
    return true;
}

/* LEFT JOIN (SELECT child columns, count(*) ... GROUP BY them) AS c<i> ON they are the parent's */
static void edge_sql(struct counting *counting, const struct edge *edge, size_t number)
{
    struct buf *sql = &counting->sql;

    buf_add_text(sql, " LEFT JOIN (SELECT COUNT(*) AS n");
    for (size_t c = 0; c < edge->column_count; c++) {
        buf_add_text(sql, ", ");
        column_add(counting, "t", edge->child_columns[c]);
        buf_add_format(sql, " AS k%zu", c);
    }
    sql_add_from(counting->words, sql, DB_TARGET, edge->child);
    buf_add_text(sql, " AS t GROUP BY ");
    for (size_t c = 0; c < edge->column_count; c++) {
        buf_add_text(sql, c ? ", " : "");
        column_add(counting, "t", edge->child_columns[c]);
    }
    buf_add_format(sql, ") AS c%zu ON ", number);
    for (size_t c = 0; c < edge->column_count; c++) {
        buf_add_text(sql, c ? " AND " : "");
        column_add(counting, "s", edge->parent_columns[c]);
        buf_add_format(sql, " %s c%zu.k%zu", sql_edge_equals(counting->words, edge, c), number, c);
    }
}

static void edges_sql(struct counting *counting, const struct privacy_unique *unique)
{
    rows_sql(counting, unique);
    for (size_t i = 0; i < unique->edge_count; i++)
        edge_sql(counting, unique->edges[i], i);
    tails_sql(counting);
    buf_add_text(&counting->sql, " GROUP BY ");
    for (size_t i = 0; i < unique->edge_count; i++)
        buf_add_format(&counting->sql, "%sCOALESCE(c%zu.n, 0)", i ? ", " : "", i);
    buf_add_text(&counting->sql, ") AS g");
}

static bool unique_count(const struct privacy_config *config, const struct mask_list *tails,
                         struct privacy_unique *unique, struct error *err)
{
    const enum engine engine = db_info(config->target)->engine;
    struct counting counting = {
        .words = sql_words(engine), .engine = verify_engine(engine), .tails = tails};
    bool is_ok;

    buf_init(&counting.sql, BUF_CEILING_MAX);
    if (unique->edge_count)
        edges_sql(&counting, unique);
    else
        columns_sql(&counting, unique);
    is_ok = sizes_read(config, &counting, unique, err);
    buf_release(&counting.sql);
    return is_ok;
}

/* Witnesses of what is rare and shows: chosen for that, or by chance. */
static bool witnesses_add(const struct selection *selection, const struct table *table,
                          size_t relation, struct bitmap *rows)
{
    const struct bitmap *chosen = selection->tables[table->index].relations[relation].rows;
    const struct survey *survey = selection->survey;
    bool is_ok = true, is_new;

    for (size_t i = 0; i < survey->stratum_count; i++) {
        const struct stratum *stratum = &survey->strata[i];

        if (stratum->table->table != table || !stratum->is_rare || stratum->masked)
            continue;
        for (size_t w = 0; is_ok && w < stratum->witness_count; w++)
            if (stratum->witnesses[w].relation == relation &&
                bitmap_has(chosen, stratum->witnesses[w].address))
                is_ok = bitmap_add(rows, stratum->witnesses[w].address, &is_new);
    }
    return is_ok;
}

/* The keys in staging of the rows that only tails and pins brought, and of all witnesses: those
 * too that were made whole and count as start rows. */
static bool tails_read(const struct privacy_config *config, const struct table *table,
                       struct mask_list *tails, struct error *err)
{
    const struct selection *selection = config->selection;
    const struct selected_table *selected = &selection->tables[table->index];

    for (size_t i = 0; selection->survey && i < selected->relation_count; i++) {
        const struct selected_relation *relation = &selected->relations[i];
        AUTO(bitmap)
        struct bitmap *rows = relation->tail_rows ? bitmap_copy(relation->tail_rows) : bitmap_new();

        if (relation->is_everything || !relation->rows)
            continue;
        if (!rows || !witnesses_add(selection, table, i, rows))
            return error_memory(err);
        if (!mask_list_read(tails, config->source, relation->relation, rows, err))
            return error_context(err, "reading the keys of rare rows");
    }
    return true;
}

/* One table of people. */
static bool subject_count(const struct privacy_config *config, const struct table *table,
                          struct arena *arena, struct privacy *privacy, struct error *err)
{
    const struct binding *binding = config->selection->binding;
    struct privacy_unique *columns = &privacy->uniques[privacy->unique_count];
    struct privacy_unique *edges = &privacy->fingerprints[privacy->fingerprint_count];
    struct mask_list tails;
    bool is_ok;

    if (!columns_find(&binding->tables[table->index], arena, columns, err) ||
        !edges_find(binding, table, arena, edges, err))
        return false;
    mask_list_init(&tails, &binding->tables[table->index]);
    privacy->unique_count += columns->column_count > 0;
    privacy->fingerprint_count += edges->edge_count > 0;
    is_ok = tails_read(config, table, &tails, err);
    mask_list_close(&tails);
    is_ok = is_ok && (!columns->column_count || unique_count(config, &tails, columns, err)) &&
            (!edges->edge_count || unique_count(config, &tails, edges, err));
    mask_list_release(&tails);
    return is_ok;
}

bool privacy_count(const struct privacy_config *config, struct arena *arena,
                   struct privacy *privacy, struct error *err)
{
    const struct binding *binding = config->selection->binding;
    const size_t most = binding->subject_count + 1;

    privacy->uniques = ARENA_ARRAY(arena, most, struct privacy_unique);
    privacy->fingerprints = ARENA_ARRAY(arena, most, struct privacy_unique);
    if (!privacy->uniques || !privacy->fingerprints)
        return error_memory(err);
    for (size_t i = 0; i < binding->subject_count; i++) {
        const struct table *table = binding->subjects[i];

        if (binding->tables[table->index].role != ROLE_EXCLUDED &&
            !subject_count(config, table, arena, privacy, err))
            return false;
    }
    return true;
}
