/* One try of a profile against a catalog made by hand, without a
 * server. */
#ifndef UNDERSTUDY_TESTS_SUPPORT_BIND_TRIAL_H
#define UNDERSTUDY_TESTS_SUPPORT_BIND_TRIAL_H

#include "choose/choose.h"
#include "support/catalog_builder.h"

struct bind_trial {
    struct builder *builder;
    struct arena *arena;
    struct options options;
    struct profile *profile;
    struct keyring *keyring;
    struct fault_list faults;
    struct binding *binding; /* NULL: refused */
    struct error err;        /* what bind_profile returned */
};

/* A trial over an empty catalog, to be filled through trial->builder. */
void bind_begin(struct bind_trial *trial);
/* The same over a small shop: customers <- orders <- lines, all keys int8, times, money. */
void bind_begin_shop(struct bind_trial *trial);
/* Binds a profile of this body (its first line is line 2; line 1 says the version). The body must
 * be readable. */
void bind_try(struct bind_trial *trial, const char *body);
/* Columns of the shop that bind without a fault: its last line ends "columns:". */
extern const char bind_shop_columns[];
void bind_end(struct bind_trial *trial);

/* A fault of that status at that place ("t.yaml:7:", or NULL: at none) whose cause holds `cause`.
 */
bool bind_has_fault(const struct bind_trial *trial, enum status status, const char *place,
                    const char *cause);
/* As the test's message: every fault in a line. */
const char *bind_list_faults(const struct bind_trial *trial);

#define ck_assert_fault(trial, status, place, cause)                                               \
    ck_assert_msg(bind_has_fault((trial), (status), (place), (cause)), "%s",                       \
                  bind_list_faults(trial))
#define ck_assert_bound(trial)                                                                     \
    ck_assert_msg((trial)->binding != NULL, "%s", bind_list_faults(trial))

/* An empty selection of what is bound; its arrays last as long as the trial. */
void bind_select(const struct bind_trial *trial, struct selection *selection);

const struct bound_table *bind_table(const struct bind_trial *trial, const char *table);
const struct bound_column *bind_column(const struct bind_trial *trial, const char *table,
                                       const char *column);
const struct bound_edge *bind_edge(const struct bind_trial *trial, const char *name);

#endif
