/* The rows of detectors.def that links serve (links.h): they have no state of their own in the pass
 * over a table, because what they look for lies between tables. */
#include "survey/links_state.h"

const struct detector detector_fan_out = {
    .kind = "fan_out",
    .help = "parents without children, with as many as few others have, and with most",
    .weight = 6,
};

const struct detector detector_orphan = {
    .kind = "orphan",
    .help = "references that lead to no row, and types that no relation covers",
    .weight = 8,
};

const struct detector detector_graph = {
    .kind = "graph",
    .help = "rows that refer to themselves, circles, the longest chains, ways that do not meet",
    .weight = 8,
};

/* The kind is that of differences in one row. */
const struct detector links_difference = {
    .kind = "difference",
    .help = "times and amounts of a row against those of the row that it refers to",
    .weight = 6,
};
