/* How far staging is from production: `fidelity` of the run report, and its lines for the terminal.
 * Scores have the names that SDMetrics gave them. */
#include "report/report_fidelity.h"

#include "base/words.h"

#include <math.h>
#include <stdio.h>

static const char *const comparable_words[] = {
    [COMPARABLE_NOTHING] = "nothing",
    [COMPARABLE_NULLS] = "nulls",
    [COMPARABLE_EQUALITY] = "equality",
    [COMPARABLE_VALUES] = "values",
};

static const char *why_not(const struct report *report)
{
    if (!report->selection || !report->copied)
        return "only what was copied is compared";
    if (!report->selection->survey)
        return "there was no survey";
    return "no table was surveyed: every one came as it is, or was left out";
}

static bool is_measured(const struct fidelity *fidelity)
{
    return fidelity && fidelity->column_count + fidelity->edge_count > 0;
}

static void column_scores_write(struct json *json, const char *key,
                                const struct column_scores *scores)
{
    json_key(json, key);
    json_object(json);
    json_key_integer(json, "rows", (int64_t)scores->rows);
    json_key_real(json, "distinct", round(scores->distinct), 0);
    json_key_real(json, "MissingValueSimilarity", scores->missing_value_similarity, 4);
    json_key_real(json, "KSComplement", scores->ks_complement, 4);
    json_key_real(json, "TVComplement", scores->tv_complement, 4);
    json_key_real(json, "CategoryCoverage", scores->category_coverage, 4);
    json_key_real(json, "RangeCoverage", scores->range_coverage, 4);
    json_object_end(json);
}

static void column_write(struct json *json, const struct column_fidelity *fidelity)
{
    AUTO(arena) struct arena *arena = arena_new();
    const struct distribution *real = fidelity->real;
    const struct column *column = real->column->column;
    const char *name = arena ? words_printable(arena, column->name) : NULL;

    json_object(json);
    json_key(json, "column");
    json_format(json, "%s.%s", column->table->label, name ? name : "?");
    json_key_text(json, "compared", comparable_words[real->comparable]);
    json_key(json, "production");
    json_object(json);
    json_key_integer(json, "rows", (int64_t)real->rows);
    json_key_real(json, "distinct", real->has_values ? round(real->distinct) : NAN, 0);
    json_key_bool(json, "distinct_estimated", real->has_values && !real->has_categories);
    json_object_end(json);
    column_scores_write(json, "sampled", &fidelity->sampled);
    column_scores_write(json, "whole", &fidelity->whole);
    json_object_end(json);
}

static void edge_scores_write(struct json *json, const char *key, const struct edge_scores *scores)
{
    json_key(json, key);
    json_object(json);
    json_key_integer(json, "parents", (int64_t)scores->parents);
    json_key_real(json, "CardinalityShapeSimilarity", scores->cardinality_shape_similarity, 4);
    json_object_end(json);
}

static void edge_write(struct json *json, const struct edge_fidelity *fidelity)
{
    json_object(json);
    json_key_text(json, "edge", fidelity->real->edge->name);
    json_key_bool(json, "followed", fidelity->is_followed);
    json_key_bool(json, "production_estimated", !fidelity->real->is_known);
    json_key_bool(json, "is_sample", fidelity->is_sample);
    edge_scores_write(json, "sampled", &fidelity->sampled);
    edge_scores_write(json, "whole", &fidelity->whole);
    json_object_end(json);
}

static void overall_write(struct json *json, const char *key, const struct overall_scores *scores)
{
    json_key(json, key);
    json_object(json);
    json_key_real(json, "column_shapes", scores->column_shapes, 4);
    json_key_real(json, "cardinality", scores->cardinality, 4);
    json_object_end(json);
}

void report_fidelity_write(struct json *json, const struct report *report)
{
    const struct fidelity *fidelity = is_measured(report->fidelity) ? report->fidelity : NULL;

    json_key(json, "fidelity");
    json_object(json);
    json_key_bool(json, "measured", fidelity != NULL);
    json_key_text(json, "why_not", fidelity ? NULL : why_not(report));
    json_key(json, "overall");
    if (fidelity) {
        json_object(json);
        overall_write(json, "sampled", &fidelity->sampled);
        overall_write(json, "whole", &fidelity->whole);
        json_object_end(json);
    } else {
        json_null(json);
    }
    json_key(json, "columns");
    json_array(json);
    for (size_t i = 0; fidelity && i < fidelity->column_count; i++)
        column_write(json, &fidelity->columns[i]);
    json_array_end(json);
    json_key(json, "edges");
    json_array(json);
    for (size_t i = 0; fidelity && i < fidelity->edge_count; i++)
        edge_write(json, &fidelity->edges[i]);
    json_array_end(json);
    json_object_end(json);
}

static const struct column_fidelity *worst_column(const struct fidelity *fidelity)
{
    const struct column_fidelity *worst = NULL;

    for (size_t i = 0; i < fidelity->column_count; i++) {
        const struct column_fidelity *column = &fidelity->columns[i];
        const double shape = column_shape(&column->sampled);

        if (!isnan(shape) && (!worst || shape < column_shape(&worst->sampled)))
            worst = column;
    }
    return worst;
}

static const struct edge_fidelity *worst_edge(const struct fidelity *fidelity)
{
    const struct edge_fidelity *worst = NULL;

    for (size_t i = 0; i < fidelity->edge_count; i++) {
        const struct edge_fidelity *edge = &fidelity->edges[i];
        const double score = edge->sampled.cardinality_shape_similarity;

        if (edge->is_followed && !isnan(score) &&
            (!worst || score < worst->sampled.cardinality_shape_similarity))
            worst = edge;
    }
    return worst;
}

/* "columns 0.991 (all rows 0.978)"; nothing where there is no score. */
static void pair_add(struct buf *out, const char *what, double sampled, double whole)
{
    if (isnan(sampled) && isnan(whole))
        return;
    buf_add_format(out, "%s ", what);
    if (isnan(sampled))
        buf_add_text(out, "-");
    else
        buf_add_format(out, "%.3f", sampled);
    buf_add_format(out, " (with tails %.3f)", whole);
}

/* A name ends with what tells it apart: what is too long loses its beginning. */
static void name_add(struct buf *out, const char *name, size_t most)
{
    const size_t len = strlen(name);
    size_t from = len > most ? len - most + 3 : 0;

    while (from && ((unsigned char)name[from] & 0xc0) == 0x80)
        from++;
    buf_add_format(out, "%s%s", from ? "..." : "", name + from);
}

static void worst_add(struct buf *out, const char *name, double score)
{
    buf_add_text(out, "         least  ");
    name_add(out, name, 56);
    buf_add_format(out, " %.3f\n", score);
}

void report_fidelity_text(const struct report *report, struct buf *out)
{
    const struct fidelity *fidelity = report->fidelity;
    AUTO(arena) struct arena *arena = arena_new();

    if (!arena || !is_measured(fidelity))
        return;

    const struct column_fidelity *column = worst_column(fidelity);
    const struct edge_fidelity *edge = worst_edge(fidelity);
    const bool has_edges = !isnan(fidelity->whole.cardinality);

    if (isnan(fidelity->whole.column_shapes) && !has_edges)
        return;
    buf_add_text(out, "likeness ");
    pair_add(out, "columns", fidelity->sampled.column_shapes, fidelity->whole.column_shapes);
    if (has_edges && !isnan(fidelity->whole.column_shapes))
        buf_add_text(out, ", ");
    pair_add(out, "fan-out", fidelity->sampled.cardinality, fidelity->whole.cardinality);
    buf_add_char(out, '\n');
    if (column) {
        const struct column *worst = column->real->column->column;
        const char *name = words_printable(arena, worst->name);

        name = arena_printf(arena, "%s.%s", worst->table->label, name ? name : "?");
        worst_add(out, name ? name : "?", column_shape(&column->sampled));
    }
    if (edge)
        worst_add(out, edge->real->edge->name, edge->sampled.cardinality_shape_similarity);
}
