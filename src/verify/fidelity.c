/* Both sides of each column and of each edge, compared. */
#include "verify/fidelity.h"

#include "verify/similarity.h"

#include <math.h>

static struct column_scores scores_of(const struct distribution *real,
                                      const struct distribution *part)
{
    return (struct column_scores){
        .rows = part->rows,
        .distinct = part->has_values ? part->distinct : NAN,
        .missing_value_similarity = missing_value_similarity(real, part),
        .ks_complement = ks_complement(real, part),
        .tv_complement = tv_complement(real, part),
        .category_coverage = category_coverage(real, part),
        .range_coverage = range_coverage(real, part),
    };
}

double column_shape(const struct column_scores *scores)
{
    return isnan(scores->ks_complement) ? scores->tv_complement : scores->ks_complement;
}

static bool columns_measure(const struct selection *selection, const struct likeness *likeness,
                            struct arena *arena, struct fidelity *made, struct error *err)
{
    const struct survey *survey = selection->survey;
    AUTO(arena) struct arena *scratch = arena_new();

    made->columns = ARENA_ARRAY(arena, survey->distribution_count + 1, struct column_fidelity);
    if (!scratch || !made->columns)
        return error_memory(err);
    for (uint32_t d = 0; likeness && d < survey->distribution_count; d++) {
        struct column_fidelity *column = &made->columns[made->column_count++];
        struct distribution sampled, whole;

        arena_reset(scratch);
        if (!likeness_finish(likeness, d, scratch, &sampled, &whole, err))
            return false;
        column->real = &survey->distributions[d];
        column->sampled = scores_of(column->real, &sampled);
        column->whole = scores_of(column->real, &whole);
    }
    return true;
}

static struct edge_scores edge_scores_of(const uint64_t *real, const uint64_t *part)
{
    struct edge_scores made = {0};

    for (size_t i = 0; i < FAN_OUT_GROUPS; i++)
        made.parents += part[i];
    made.cardinality_shape_similarity = cardinality_shape_similarity(real, part, FAN_OUT_GROUPS);
    return made;
}

static bool is_followed(const struct selection *selection, const struct edge *edge)
{
    const struct selected_table *parent = &selection->tables[edge->parent->index];

    return selection->binding->edges[edge->index].take.kind != TAKE_NONE &&
           parent->whole_count > 0 && parent->whole_count >= parent->row_count / 2;
}

static bool edges_measure(const struct selection *selection, const struct fanning *fanning,
                          struct arena *arena, struct fidelity *made, struct error *err)
{
    struct fanned *fanned;

    if (!fanning)
        return true;
    if (!fanning_finish(fanning, arena, &fanned, &made->edge_count, err))
        return false;
    made->edges = ARENA_ARRAY(arena, made->edge_count + 1, struct edge_fidelity);
    if (!made->edges)
        return error_memory(err);
    for (size_t i = 0; i < made->edge_count; i++) {
        made->edges[i].real = fanned[i].real;
        made->edges[i].is_followed = is_followed(selection, fanned[i].real->edge);
        made->edges[i].is_sample = fanned[i].is_sample;
        made->edges[i].sampled = edge_scores_of(fanned[i].real->groups, fanned[i].sampled);
        made->edges[i].whole = edge_scores_of(fanned[i].real->groups, fanned[i].whole);
    }
    return true;
}

struct average {
    double sum;
    size_t count;
};

static void average_add(struct average *average, double score)
{
    if (isnan(score))
        return;
    average->sum += score;
    average->count++;
}

static double average_of(const struct average *average)
{
    return average->count ? average->sum / (double)average->count : NAN;
}

static struct overall_scores overall_of(const struct fidelity *fidelity, bool is_whole)
{
    struct average shapes = {0}, cardinality = {0};

    for (size_t i = 0; i < fidelity->column_count; i++) {
        const struct column_fidelity *column = &fidelity->columns[i];

        average_add(&shapes, column_shape(is_whole ? &column->whole : &column->sampled));
    }
    for (size_t i = 0; i < fidelity->edge_count; i++) {
        const struct edge_fidelity *edge = &fidelity->edges[i];

        if (edge->is_followed)
            average_add(&cardinality, is_whole ? edge->whole.cardinality_shape_similarity
                                               : edge->sampled.cardinality_shape_similarity);
    }
    return (struct overall_scores){average_of(&shapes), average_of(&cardinality)};
}

bool fidelity_measure(const struct selection *selection, const struct likeness *likeness,
                      const struct fanning *fanning, struct arena *arena,
                      struct fidelity **fidelity, struct error *err)
{
    struct fidelity *made = ARENA_NEW(arena, struct fidelity);

    *fidelity = NULL;
    if (!made)
        return error_memory(err);
    if (!selection->survey)
        return true;
    if (!columns_measure(selection, likeness, arena, made, err) ||
        !edges_measure(selection, fanning, arena, made, err))
        return false;
    made->sampled = overall_of(made, false);
    made->whole = overall_of(made, true);
    *fidelity = made;
    return true;
}
