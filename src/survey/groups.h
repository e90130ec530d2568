/* A bounded table from 64-bit keys to traits: values, shapes, paths. With one key too many all of
 * it is given up, so that what it says does not depend on which keys came first. */
#ifndef UNDERSTUDY_SURVEY_GROUPS_H
#define UNDERSTUDY_SURVEY_GROUPS_H

#include "survey/trait.h"

struct group {
    uint64_t key;
    struct trait trait;
    struct span name; /* what the key was made of, a pure function of it; ptr NULL: too long */
    void *more;       /* the user's own; NULL at first, and not merged */
};

struct groups {
    struct arena *arena; /* owned; NULL: given up, or nothing came yet */
    uint32_t most, count;
    bool is_full; /* there were more than `most` keys */
    size_t capacity;
    uint32_t slot_count; /* a power of two */
    uint32_t *slots;     /* index of the group plus one; 0: free */
    struct group *items;
};

enum {
    GROUP_NAME_MAX = 64,   /* longer names are not kept */
    GROUPS_EXACT = 64,     /* of so few groups every rare one is told */
    GROUPS_TOLD_MOST = 64, /* of more: at most so many rare ones, */
    GROUPS_TOLD_SHARE = 10 /* which together hold at most so many times what is rare */
};

void groups_init(struct groups *groups, uint32_t most);
void groups_release(struct groups *groups);
size_t groups_bytes(const struct groups *groups);
struct group *groups_find(const struct groups *groups, uint64_t key); /* NULL: absent */
/* The group of the key, made where absent; *group NULL: given up. Good until the next call. */
bool groups_put(struct groups *groups, struct marker *marker, uint64_t key, struct span name,
                struct group **group, struct error *err);
bool groups_merge(struct groups *groups, struct marker *marker, const struct groups *from,
                  struct error *err);
/* Sorted by trait_compare; groups_find and groups_put are over then. */
void groups_sort(struct groups *groups);
/* How many groups from the first of sorted ones are worth a stratum each: the rare ones, where they
 * are the odd ones out. Where rare groups are many, or many rows are in them, the column has a tail
 * by nature (cities, free text): then 0, and groups_single says what stands alone. */
uint32_t groups_told(const struct groups *groups, const struct strata *strata);
/* All groups of one row together, if there are few such rows; else no row. */
bool groups_single(const struct groups *groups, struct marker *marker, const struct strata *strata,
                   struct trait *single, struct error *err);

#endif
