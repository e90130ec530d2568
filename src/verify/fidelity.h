/* How far the subset is from production, by column and by edge, for the rows that were sampled and
 * for all rows: the tail is over-represented on purpose. The scores are those of
 * similarity.h. Compared are the tables of which rows were chosen: the others came as they are.
 * Shares and counts, never values. */
#ifndef UNDERSTUDY_VERIFY_FIDELITY_H
#define UNDERSTUDY_VERIFY_FIDELITY_H

#include "run/fanning.h"
#include "run/likeness.h"

/* NaN: there is no such score of it. */
struct column_scores {
    uint64_t rows;
    double distinct; /* values */
    double missing_value_similarity, ks_complement, tv_complement;
    double category_coverage, range_coverage;
};

struct column_fidelity {
    const struct distribution *real;
    struct column_scores sampled, whole;
};

struct edge_scores {
    uint64_t parents;
    double cardinality_shape_similarity;
};

struct edge_fidelity {
    const struct fan_out *real;
    /* Children come with most of the parents that were chosen. Parents that came only because
     * something refers to them left theirs behind on purpose. */
    bool is_followed;
    bool is_sample; /* of the subset's parents, those with the smallest keyed hashes of their key */
    struct edge_scores sampled, whole;
};

/* As SDMetrics' quality report has them: averages of KSComplement (TVComplement where there is no
 * order) over the columns, of CardinalityShapeSimilarity over the edges that are followed. */
struct overall_scores {
    double column_shapes, cardinality;
};

struct fidelity {
    size_t column_count;
    struct column_fidelity *columns; /* in the order of the survey */
    size_t edge_count;
    struct edge_fidelity *edges;
    struct overall_scores sampled, whole;
};

/* What of a column goes into the average: NaN where nothing does. */
double column_shape(const struct column_scores *scores);

/* Once all rows were copied; the receivers may be NULL. */
bool fidelity_measure(const struct selection *selection, const struct likeness *likeness,
                      const struct fanning *fanning, struct arena *arena,
                      struct fidelity **fidelity, struct error *err);

#endif
