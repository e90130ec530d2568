/* What the files of bind/ share while a binding is made: the half-made binding and its faults. */
#ifndef UNDERSTUDY_BIND_BINDER_H
#define UNDERSTUDY_BIND_BINDER_H

#include "bind/bind.h"

/* What is known of a key domain's rule, once somebody asked. */
struct domain_state {
    bool is_settled, is_missing_told;
    const struct profile_rule *rule; /* NULL: no column of it has one */
    uint32_t max_length;             /* the shortest of its columns, 0: none is bounded */
};

struct binder {
    struct binding *binding;
    struct arena *arena;
    const struct profile *profile;
    const struct catalog *catalog;
    struct db *source; /* or NULL */
    struct fault_list *faults;
    bool has_memory_failed;
    /* by table index */
    const struct profile_table **rules; /* columns: of the table, or NULL */
    /* by edge index: the profile's settings, or NULL */
    const struct profile_edge **follows;
    /* by edge index from the catalog's foreign keys on: where a relation stands */
    const struct yaml_node **relation_nodes;
    /* by domain index: see domain_rule */
    struct domain_state *domains;
    const struct column **subject_columns; /* by table index: subjects.path */
    bool *is_subject_none;                 /* by table index */
};

/* Keeps a fault and goes on, so that check can tell all of them. Always false. */
bool binder_fault(struct binder *binder, const struct error *fault);

/* STATUS_PROFILE at `node` where there is one. Always false. */
bool binder_fault_at(struct binder *binder, const struct yaml_node *node, enum status status,
                     const char *hint, const char *format, ...) PRINTF_LIKE(5, 6);

/* The table of that name; a fault with the nearest name when there is none. */
const struct table *binder_table(struct binder *binder, const struct table_name *name,
                                 const struct yaml_node *node);
/* The column of that name; a fault with the nearest name when there is none. */
const struct column *binder_column(struct binder *binder, const struct table *table,
                                   const char *name, const struct yaml_node *node);

/* What the profile says of this very column: under its table, else under "*"; NULL: nothing. */
const struct profile_rule *binder_rule_own(const struct binder *binder,
                                           const struct column *column);
/* The same name, parameters and domain; reviews and reasons do not count. */
bool rules_same(const struct profile_rule *a, const struct profile_rule *b);
/* The domain of a column; an inherited column without edges is in that of its parent table's. */
const struct domain *binder_domain(const struct binder *binder, const struct column *column);
/* The rule that holds for a whole domain, NULL: none. Faults for columns that contradict are kept
 * the first time. */
const struct profile_rule *binder_domain_rule(struct binder *binder, const struct domain *domain);
/* Characters that every text column of the domain holds; 0: no bound. */
uint32_t binder_domain_length(struct binder *binder, const struct domain *domain);
/* The name that goes into the key. */
const char *binder_domain_name(const struct domain *domain, const struct profile_rule *rule);
/* The column as rules of its domain see it: with the domain's length, so that they agree. */
const struct column *binder_site_column(struct binder *binder, const struct column *column,
                                        const struct domain *domain);
/* What a column without a rule gets: a redact, or a fault (once for each domain) and NULL. */
const struct profile_rule *binder_rule_missing(struct binder *binder, const struct column *column);
const struct profile_rule *binder_rule_redact(struct binder *binder, const struct column *column);
/* Finds the table of each entry under columns:, with faults for names that are not there. */
void binder_place_rules(struct binder *binder);

/* Fills the site's references with those that stand inside the column's documents; false: a fault
 * was kept. */
bool bind_references(struct binder *binder, const struct column *column,
                     const struct profile_rule *rule, struct transform_site *site);
/* A json rule for a column that nobody named and that holds references; NULL: it holds none. */
const struct profile_rule *bind_reference_rule(struct binder *binder, const struct column *column);

/* The stages, in the order bind_profile runs them. Each keeps its faults and returns false only
 * when memory ended. */
bool bind_relations(struct binder *binder, struct edge ***relations, size_t *count);
bool bind_roles(struct binder *binder);
bool bind_follow(struct binder *binder);
bool bind_reach(struct binder *binder);
bool bind_subject_tables(struct binder *binder);
bool bind_columns(struct binder *binder);
bool bind_tenants(struct binder *binder);
bool bind_subjects(struct binder *binder);
bool bind_constraints(struct binder *binder);
bool bind_amounts(struct binder *binder); /* warnings of masks that protect little */
bool bind_suggest(struct binder *binder); /* warnings of what the catalog suggests */
bool bind_pins(struct binder *binder);
bool bind_tails(struct binder *binder);
bool bind_sample(struct binder *binder); /* last: reads a bounded sample */

/* The position of an SQL discriminator among the table's, added when it is new; -1: no memory. */
int32_t binder_discriminator(struct binder *binder, const struct table *table, const char *sql,
                             const struct yaml_node *node);

/* Adds the lookup that tells each row of its group; every refusal of it is made here. */
bool binder_group(struct binder *binder, struct bound_table *table, const struct column *column,
                  const struct site_group *wanted, struct error *err);

/* The table with most rows below it, of those with identifying columns where there are any; NULL:
 * no table leads up to another. False without memory. */
bool binder_subject_candidate(struct binder *binder, const struct table **candidate);

/* Where the profile declares the edge; NULL: it is a foreign key. */
const struct yaml_node *binder_edge_node(const struct binder *binder, const struct edge *edge);

/* Parses and plans an SQL fragment on the server (nothing is read); a fault when it is wrong. */
void binder_check_sql(struct binder *binder, const struct table *table, const char *sql,
                      const char *kind, const struct yaml_node *node);

#endif
