/* How tables hang together: all edges (foreign keys of the catalog and relations of the profile),
 * what goes up and down from each table, components of columns (key domains), what a walk can
 * reach, and the paths from a table to its subject. Frozen after it is made. */
#ifndef UNDERSTUDY_GRAPH_GRAPH_H
#define UNDERSTUDY_GRAPH_GRAPH_H

#include "catalog/catalog.h"

struct edge_list {
    size_t count;
    const struct edge **edges;
};

struct graph {
    const struct catalog *catalog; /* borrowed */
    struct edge_list all;          /* index = position; foreign keys first */
    struct edge_list *up;          /* by table index: edges whose child it is */
    struct edge_list *down;        /* by table index: edges whose parent it is */
};

/* `relations` are finished edges (kinds declared or polymorphic), in order of the profile. Their
 * index and name are set here. */
bool graph_new(const struct catalog *catalog, struct edge *const *relations, size_t count,
               struct arena *arena, struct graph **graph, struct error *err);

/* The edge named by its child columns ("orders.customer_id" resolved by the caller), or by
 * constraint; NULL when absent, *is_ambiguous when several fit. */
const struct edge *graph_find_edge(const struct graph *graph, const struct table *child,
                                   const struct column *const *columns, size_t count,
                                   const char *constraint, bool *is_ambiguous);

/* Key domains: connected components of columns over all edges, component by component for
 * composite keys; polymorphic, array and JSON edges do not merge their child column (its domain is
 * decided row by row or element by element). A domain is named by the smallest
 * "schema.table.column" among those that are referenced and refer to nothing, else the smallest. */
struct domain {
    uint32_t index;
    const char *name;
    size_t column_count;
    const struct column **columns; /* sorted by that name */
    const struct column *root;     /* the column that names it */
    bool has_edges;                /* more than a lone column */
};

struct domains {
    size_t count;
    struct domain *domains;
    const struct domain ***by_column; /* [table index][column index] */
};

bool graph_domains(const struct graph *graph, struct arena *arena, struct domains **domains,
                   struct error *err);

/* Marks, by table index, everything that a walk from `starts` reaches: down edges for which
 * follows[edge index] is true, then up any edge, to a fixpoint of both. */
bool graph_reach(const struct graph *graph, const bool *starts, const bool *follows, bool *reached,
                 struct error *err);

/* The way from a table up to a subject table: first edge, then the rest. For a polymorphic
 * reference several first edges share one step, told apart by their `when`. */
struct subject_step {
    size_t edge_count;
    const struct edge **edges; /* more than one: polymorphic alternatives of one column */
};

struct subject_path {
    const struct table *table;
    bool is_subject;                  /* the table is a subject table itself */
    size_t step_count;                /* 0 with !is_subject: no way up */
    const struct subject_step *first; /* the step taken at this table; the parent's path goes on */
    bool is_ambiguous;                /* several ways up to different rows: needs subjects.path */
    const char *ways;                 /* printable list of the candidate columns, for the message */
    bool has_edge_to_subject;
};

/* For every table. chosen[table index]: the column named in subjects.path, or NULL. A polymorphic
 * column counts as one way. */
bool graph_subjects(const struct graph *graph, const struct table *const *subjects, size_t count,
                    const struct column *const *chosen, struct arena *arena,
                    struct subject_path **paths, struct error *err);

/* What init writes into subjects.path: for every ambiguous table the way that is NOT NULL first,
 * then the shortest, then in column order. */
bool graph_settle_subjects(const struct graph *graph, const struct table *const *subjects,
                           size_t count, struct arena *arena, const struct column ***chosen,
                           struct error *err);

#endif
