/* Profile meets schema: every name resolved, every rule prepared, every edge settled, every refusal
 * made before the survey reads a row. The binding is frozen when it is made and shared read-only
 * by all threads. It borrows catalog, profile and keyring, which must outlive it. */
#ifndef UNDERSTUDY_BIND_BIND_H
#define UNDERSTUDY_BIND_BIND_H

#include "config/options.h"
#include "db/driver.h"
#include "graph/graph.h"
#include "transform/transform.h"

/* Why a table's rows come, before any edge is followed. */
enum table_role {
    ROLE_REACHED, /* only over edges (and by pins) */
    ROLE_START,   /* listed in sample.start */
    ROLE_SAMPLE,  /* the walk cannot reach it: sample.fraction */
    ROLE_FULL,    /* listed in full_tables */
    ROLE_SMALL,   /* at most small_table_rows rows, counted exactly by choose */
    ROLE_EMPTY,   /* the table, no rows */
    ROLE_EXCLUDED /* not in staging at all */
};

struct bound_start {
    double fraction;   /* rows == 0 and where == NULL: membership by keyed hash below this */
    int64_t rows;      /* the N smallest hashes */
    const char *where; /* SQL */
};

/* One way a column's value is rewritten: the first variant whose discriminator is true for the row
 * applies; the last has none. */
struct bound_variant {
    int32_t when; /* position among the table's discriminators, -1: always */
    const struct prepared_transform *rule; /* NULL: keep (copied as bytes) */
};

struct bound_column {
    const struct column *column;
    const char *rule;             /* name, for the report */
    const char *domain;           /* name of the key domain */
    const char *reason;           /* from the profile, or "inherited from public.customers.id" */
    const char *review;           /* or NULL */
    const struct yaml_node *node; /* where its rule stands, or NULL */
    size_t variant_count;
    struct bound_variant *variants;
    bool is_copied;  /* every variant is keep: never decoded */
    bool is_settled; /* false: a fault was kept, and what stands here is not to be used */
    bool is_inherited;
    bool is_risk_accepted; /* accept_risk stands in its rule */
    bool identifies;       /* its values are sought by the leak scan */
    bool is_dense;
    bool is_tail_ignored;  /* tails.ignore names it: no strata of it */
    bool is_leak_accepted; /* privacy.accept_leaks names it: what is found there is only counted */
    enum uniqueness uniqueness;
    unsigned needs; /* need bits over all variants */
    size_t companion_count;
    uint32_t *companions; /* column positions in bound_table->columns */
};

struct bound_edge {
    const struct edge *edge;
    struct take take;  /* children of each whole row */
    const char *order; /* SQL or NULL */
    bool is_parent_cut;
    bool is_ignored; /* child or parent is excluded or empty: nothing to follow */
    int32_t when;    /* position of edge->when among the child's discriminators, -1: none */
};

struct bound_table {
    const struct table *table;
    enum table_role role;
    struct bound_start start;
    const struct key *identity; /* NULL: the whole row */
    size_t identity_count; /* columns below; all non-generated columns where identity is NULL */
    const struct column **identity_columns;
    struct sipkey order_key;  /* keyed hash of identities: order of rows, NEED_IDENTITY */
    struct sipkey choice_key; /* membership: keyed_hash(table, key) */
    size_t column_count;      /* columns that are read and written, in table order */
    struct bound_column *columns;
    size_t discriminator_count;
    const char **discriminators; /* SQL, read as extra boolean fields after the columns */
    size_t lookup_count;
    const char **lookups;               /* SQL, read as text after the discriminators: NEED_GROUP */
    const struct subject_path *subject; /* NULL: no shift in this table needs one */
    bool is_subject_shared;             /* one shared calendar: subjects.none */
    bool is_subject_none;               /* listed there, whether something is shifted or not */
    bool is_subject_ambiguous;          /* exact times, several ways up, and no path chosen */
    bool needs_root_load; /* a partition key is rewritten: rows load through the root */
    bool needs_default_partition;
    size_t transformed_count; /* columns that are not copied */
};

struct bound_pin {
    const struct bound_table *table;
    const struct profile_pin *pin;
};

/* Two ordered columns whose difference is surveyed because tails.difference says so: of one table,
 * or of the child and the parent of an edge. */
struct bound_difference {
    const struct bound_column *minuend, *subtrahend;
};

struct bound_tails {
    double budget;        /* share of the surveyed rows; 0: no tails */
    unsigned per_stratum; /* witnesses of each rare stratum */
    double rare;          /* share of a table's rows */
    int64_t max_children; /* of a fan-out witness */
    size_t difference_count;
    struct bound_difference *differences;
};

struct note { /* a limit of what this staging proves, or a warning of the plan */
    const char *topic;
    const char *text;
};

struct binding {
    struct arena *arena; /* owned by the caller */
    const struct catalog *catalog;
    const struct graph *graph;
    const struct domains *domains;
    const struct profile *profile;
    const struct options *options;
    const struct keyring *keyring;
    const struct week *week;    /* of the profile, for its shifts; or NULL */
    struct bound_table *tables; /* by table index */
    struct bound_edge *edges;   /* by edge index */
    size_t pin_count;
    struct bound_pin *pins;
    double sample_fraction;
    struct bound_tails tails;
    int64_t budget_rows;
    size_t subject_count; /* subject tables */
    const struct table **subjects;
    struct sipkey subject_key;
    size_t note_count, note_capacity;
    struct note *notes; /* go to the report's limits */
    size_t warning_count, warning_capacity;
    struct note *warnings; /* shown by check and plan; findings of --strict where is_strict */
    size_t skipped_count, skipped_capacity;
    struct skipped *skipped;
};

/* `source` may be NULL (unit tests): then SQL fragments are not checked against the server. Of
 * several faults the one with the lowest exit code from 3 to 8 is returned; `faults` (may be NULL)
 * receives all of them, so that check can print every reason. */
struct fault_list {
    size_t count, capacity;
    struct error *errors;
    struct arena *arena;
};

bool bind_profile(const struct profile *profile, const struct options *options,
                  const struct catalog *catalog, const struct keyring *keyring, struct db *source,
                  struct arena *arena, struct fault_list *faults, struct binding **binding,
                  struct error *err);

/* Whether the profile keeps the table out of staging; known without a binding. */
bool bind_excludes(const struct profile *profile, const struct catalog *catalog,
                   const struct table *table);

bool binding_add_note(struct binding *binding, const char *topic, const char *format, ...)
    PRINTF_LIKE(3, 4);
bool binding_add_warning(struct binding *binding, const char *topic, const char *format, ...)
    PRINTF_LIKE(3, 4);
bool binding_add_skipped(struct binding *binding, const char *object, const char *why);

#endif
