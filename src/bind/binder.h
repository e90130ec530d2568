/* What the files of bind/ share while a binding is made: the half-made binding and its faults. */
#ifndef UNDERSTUDY_BIND_BINDER_H
#define UNDERSTUDY_BIND_BINDER_H

#include "bind/bind.h"

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

/* The stages, in the order bind_profile runs them. Each keeps its faults and returns false only
 * when memory ended. */
bool bind_relations(struct binder *binder, struct edge ***relations, size_t *count);
bool bind_roles(struct binder *binder);
bool bind_follow(struct binder *binder);
bool bind_reach(struct binder *binder);
bool bind_subject_tables(struct binder *binder);
bool bind_columns(struct binder *binder);
bool bind_subjects(struct binder *binder);
bool bind_constraints(struct binder *binder);
bool bind_pins(struct binder *binder);

/* The position of an SQL discriminator among the table's, added when it is new; -1: no memory. */
int32_t binder_discriminator(struct binder *binder, const struct table *table, const char *sql,
                             const struct yaml_node *node);

/* Parses and plans an SQL fragment on the server (nothing is read); a fault when it is wrong. */
void binder_check_sql(struct binder *binder, const struct table *table, const char *sql,
                      const char *kind, const struct yaml_node *node);

#endif
