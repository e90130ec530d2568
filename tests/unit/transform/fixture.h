/* One rule on one made-up column, for tests. */
#ifndef TESTS_UNIT_TRANSFORM_FIXTURE_H
#define TESTS_UNIT_TRANSFORM_FIXTURE_H

#include "transform/transform.h"

enum { FIXTURE_COMPANIONS = 3, FIXTURE_ROWS = 4096 };

struct fixture {
    struct arena *arena;
    struct keyring *keyring;
    struct type type, other_type;
    struct column column, others[FIXTURE_COMPANIONS]; /* named "a", "b", "odd name" */
    struct column *columns[FIXTURE_COMPANIONS + 1];
    struct table table;
    struct transform_site site;
    struct prepared_transform *prepared;
    struct error err;
    uint64_t scrambled, unchanged;
    uint64_t subjects[FIXTURE_ROWS], identities[FIXTURE_ROWS];
    struct value *companions[FIXTURE_COMPANIONS]; /* set by the test; rewritten and before */
    struct value *companion_inputs[FIXTURE_COMPANIONS];
    const struct span *groups; /* set by the test: what the source says of each row's group */
};

/* A nullable column without limits; key number `key`. The other columns are of kind `kind` too. */
void fixture_init(struct fixture *fixture, enum kind kind, uint8_t key);
/* The same of a type of MySQL. */
void fixture_init_my(struct fixture *fixture, enum kind kind, const char *type, unsigned width);
void fixture_release(struct fixture *fixture);
/* `params` is YAML or NULL. */
bool fixture_prepare(struct fixture *fixture, const char *rule, const char *params);
/* "permute", "round:to=10": a rule that must be taken, with one parameter at most. */
void fixture_prepare_short(struct fixture *fixture, const char *rule);
void fixture_apply(struct fixture *fixture, struct value *values, uint32_t count);
/* One value through the prepared rule, NUL-terminated in the arena. */
const char *fixture_text(struct fixture *fixture, const char *text);
int64_t fixture_integer(struct fixture *fixture, int64_t number);

struct value value_text(const char *text);
struct value value_integer(int64_t number);
/* Of the fixture's composite, (word text, number int8); and an hstore's keys and values. */
struct value value_pair(struct arena *arena, const char *word, int64_t number);
struct value value_words(struct arena *arena, const char *const *words, uint32_t count);
bool values_equal(enum kind kind, const struct value *a, const struct value *b);

/* A plain generator for inputs; the same run every time. */
uint64_t random_next(uint64_t *state);

#endif
