/* Rows that may come as tails, and which of them refers to which. Rows are added in any order;
 * references are kept as keys first, and become rows when all have come (row_graph_close). A key
 * that no row of the graph owns (dangling, or of a row that comes anyway) is no reference. Not for
 * two threads at once. Inside of choose/ only. */
#ifndef UNDERSTUDY_CHOOSE_ROW_GRAPH_H
#define UNDERSTUDY_CHOOSE_ROW_GRAPH_H

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "graph/key.h"

#define ROW_NONE UINT32_MAX

struct row_place {
    uint32_t table; /* index */
    uint16_t relation;
    uint16_t padding; /* 0: places are compared as bytes */
    uint64_t address;
};

struct row_node {
    struct row_place place;
    uint32_t first, count; /* in references */
    bool is_there;         /* it comes in any case, and so does what it refers to */
};

struct row_graph {
    struct arena *arena; /* owned */
    struct map *places;  /* row_place -> node */
    struct map *keys;    /* number of a target and a key's bytes -> key */
    struct buf bytes;
    size_t node_count, node_capacity;
    struct row_node *nodes;
    size_t reference_count, reference_capacity;
    uint32_t *references; /* keys; nodes once it is closed */
    size_t key_count, key_capacity;
    uint32_t *owners; /* by key: its node, or ROW_NONE */
    bool is_closed;
};

bool row_graph_new(struct row_graph **graph, struct error *err);
void row_graph_free(struct row_graph *graph);
size_t row_graph_bytes(const struct row_graph *graph);

bool row_graph_add(struct row_graph *graph, const struct row_place *place, uint32_t *node,
                   struct error *err);
/* ROW_NONE: it is not there. */
uint32_t row_graph_find(const struct row_graph *graph, const struct row_place *place);
/* The number of a key of target `target`. */
bool row_graph_key(struct row_graph *graph, uint32_t target, const struct key_image *image,
                   uint32_t *key, struct error *err);
void row_graph_own(struct row_graph *graph, uint32_t node, uint32_t key);
/* All references of a node are added before those of the next one. */
bool row_graph_refer(struct row_graph *graph, uint32_t node, uint32_t key, struct error *err);
void row_graph_close(struct row_graph *graph);

int row_place_compare(const struct row_place *a, const struct row_place *b);

AUTO_DEFINE(row_graph, struct row_graph, row_graph_free)

#endif
