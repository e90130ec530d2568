/* How alike two sets of rows are, with the names and definitions of SDMetrics (docs.sdv.dev,
 * "Metrics Glossary"): 1 is the same, 0 as different as can be. Missing values are left out
 * everywhere but in the first. NaN where there is nothing to compare: no rows, no values, a range
 * of one value, a side that did not tell values apart. */
#ifndef UNDERSTUDY_VERIFY_SIMILARITY_H
#define UNDERSTUDY_VERIFY_SIMILARITY_H

#include "survey/survey.h"

/* One minus the difference of the shares of NULLs. */
double missing_value_similarity(const struct distribution *real, const struct distribution *part);

/* One minus the statistic of Kolmogorov and Smirnov: the greatest distance of the two distribution
 * functions, taken where buckets of the coarser side end. Infinities and NaN count as values. */
double ks_complement(const struct distribution *real, const struct distribution *part);

/* One minus the total variation distance: half the sum of all differences of shares. */
double tv_complement(const struct distribution *real, const struct distribution *part);

/* Of production's categories the share that the part has. */
double category_coverage(const struct distribution *real, const struct distribution *part);

/* One minus what the part lacks at both ends of production's range of finite values, as shares of
 * that range; never below 0. */
double range_coverage(const struct distribution *real, const struct distribution *part);

/* KSComplement of two distributions of the number of children: groups[n] parents have n. */
double cardinality_shape_similarity(const uint64_t *real, const uint64_t *part, size_t groups);

#endif
