/* All that is known of one column when its rule is proposed, and how a proposal is put in words.
 * One file a family of kinds: rules_text.c, rules_number.c, rules_time.c; rules.c chooses. */
#ifndef UNDERSTUDY_DETECT_FINDING_H
#define UNDERSTUDY_DETECT_FINDING_H

#include "detect/detect.h"
#include "transform/keys.h"

struct finding {
    const struct graph *graph;
    const struct names *names;
    const struct domain *domain; /* of the column */
    const struct column *column;
    enum meaning meaning;
    enum table_meaning table_meaning;
    struct sample_facts facts;     /* rows 0: nothing was read */
    bool is_root;                  /* another column refers to it */
    bool is_in_key;                /* of any unique key: distinct values stay distinct */
    bool is_unique;                /* alone in one */
    bool is_excluding;             /* in an exclusion constraint */
    bool has_check;                /* a CHECK or its domain limits it */
    bool has_null_check;           /* ... and speaks of NULL */
    bool is_list_partition;        /* its values name partitions */
    const struct column *with;     /* time: must move together with this one */
    const struct keyring *keyring; /* to try rules with; thrown away */
    bool is_inside;                /* a member of documents, or an element of an array */
    struct arena *arena;
    struct proposal *proposal;
};

/* What a sample gave: facts[table index][column index], NULL where nothing was read. */
struct evidence {
    const struct names *names;
    const struct sample_facts *const *facts; /* or NULL */
};

/* detect_columns behind its sample. */
bool detect_from_facts(const struct graph *graph, const struct evidence *evidence,
                       struct arena *arena, struct detection **detection, struct error *err);

/* Each returns false only where memory ended. */
bool rules_propose(struct finding *finding);
bool rules_propose_text(struct finding *finding);
bool rules_propose_number(struct finding *finding);
bool rules_propose_time(struct finding *finding);
bool rules_propose_json(struct finding *finding);
/* Makes sure that binding takes the proposal; what does not fit becomes redact or null with a
 * review. */
bool finding_settle(struct finding *finding);
/* Few values about a person (where somebody lives, what somebody does), in a table of people or of
 * addresses: no code, since with others they point to one. */
bool finding_is_trait(const struct finding *finding);

/* The proposal in words. `reason` is a format. */
bool finding_set(struct finding *finding, enum certainty certainty, const char *rule,
                 const char *reason, ...) PRINTF_LIKE(4, 5);
/* keep; refuses to be used on what has a personal meaning. */
bool finding_keep(struct finding *finding, const char *reason, ...) PRINTF_LIKE(2, 3);
/* redact (where a CHECK stands in the way and NULL is allowed: null), to be looked at. */
bool finding_doubt(struct finding *finding, const char *review, ...) PRINTF_LIKE(2, 3);
/* The first of the rules (NULL ends them) that this version has and that fits the column; *rule is
 * NULL where none does. */
bool finding_choose(const struct finding *finding, const char *const *rules, const char **rule);
/* Adds a review to what is there. */
bool finding_review(struct finding *finding, const char *review, ...) PRINTF_LIKE(2, 3);

/* Values that were seen and are not NULL. */
uint32_t finding_values(const struct finding *finding);
/* Few enough values, seen often enough, to be labels of something. */
bool finding_has_few_values(const struct finding *finding);
/* Kept values that run with time would undo every shift. */
bool finding_runs_with_order(const struct finding *finding);
/* A small table of a public list. */
bool finding_is_reference(const struct finding *finding);
bool column_is_code_name(const char *name); /* status, currency, order_type ... */

#endif
