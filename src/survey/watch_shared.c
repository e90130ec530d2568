/* Which of the values that several rows share are told: the greatest of each tag, and one of each
 * class of counts. */
#include "survey/watch.h"

#include <stdio.h>
#include <stdlib.h>

static int number_compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int found_compare(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    int order = number_compare(a->group, b->group);

    return order ? order : number_compare(a->value, b->value);
}

static int shared_compare(const void *left, const void *right)
{
    const struct shared *a = left, *b = right;
    int order = number_compare(a->tag, b->tag);

    if (!order)
        order = number_compare(b->rows, a->rows);
    return order ? order : number_compare(a->group, b->group);
}

/* 2; 3 and 4; 5 to 8 ... */
static unsigned class_of(uint64_t rows)
{
    unsigned class = 0;

    assert(rows >= 2);
    for (uint64_t most = 1; most < rows && class < 63; most *= 2)
        class ++;
    return class;
}

static bool groups_make(struct watch *watch, struct arena *arena, struct shared **groups,
                        size_t *count, struct error *err)
{
    if (watch->found_count > 1)
        qsort(watch->found, watch->found_count, sizeof(*watch->found), found_compare);
    *groups = ARENA_ARRAY(arena, watch->found_count + 1, struct shared);
    *count = 0;
    if (!*groups)
        return error_memory(err);
    for (uint32_t i = 0; i < watch->found_count;) {
        struct shared group = {
            .group = watch->found[i].group, .tag = watch->found[i].tag, .values = &watch->found[i]};
        for (; i < watch->found_count && watch->found[i].group == group.group; i++) {
            group.rows += watch->found[i].rows;
            group.value_count++;
        }
        if (group.rows >= 2)
            (*groups)[(*count)++] = group;
    }
    if (*count > 1)
        qsort(*groups, *count, sizeof(**groups), shared_compare);
    return true;
}

uint64_t shared_class_most(const struct shared *shared)
{
    return UINT64_C(1) << class_of(shared->rows);
}

/* Sorted by rows a class lies together, and its last stands for it: one of its smallest count,
 * chosen by hash. */
bool watch_shared(struct watch *watch, unsigned greatest, struct arena *arena,
                  struct shared **shared, size_t *count, struct error *err)
{
    size_t groups, kept = 0;
    unsigned rank = 0, told = 0; /* class of the last of the greatest */
    uint8_t tag = 0;

    if (!groups_make(watch, arena, shared, &groups, err))
        return false;
    for (size_t i = 0; i < groups; i++) {
        struct shared group = (*shared)[i];
        const struct shared *next = i + 1 < groups ? &(*shared)[i + 1] : NULL;
        const unsigned class = class_of(group.rows);
        rank = i > 0 && group.tag == tag ? rank + 1 : 1;
        tag = group.tag;
        group.rank = rank;
        group.is_greatest = rank <= greatest;
        told = group.is_greatest ? class : told;
        const bool is_last = !next || next->tag != tag || class_of(next->rows) != class;
        if (group.is_greatest || (is_last && class != told))
            (*shared)[kept++] = group;
    }
    *count = kept;
    return true;
}

static bool witnesses_take(const struct shared *shared, struct witness_pool *pool,
                           struct witness_list *list, struct error *err)
{
    for (uint32_t i = 0; i < shared->value_count; i++) {
        const struct found *found = &shared->values[i];
        if (found->rows == 1 ? !witness_offer(pool, list, &found->first, err)
                             : !witness_merge(pool, list, &found->witnesses, err))
            return false;
    }
    return true;
}

bool shared_draft(const struct shared *shared, struct marker *marker, struct stratum_draft *draft,
                  struct error *err)
{
    struct witness_list *witnesses = ARENA_NEW(marker->arena, struct witness_list);

    assert(shared->rows >= 2);
    if (!witnesses)
        return error_memory(err);
    *draft = (struct stratum_draft){
        .rows = shared->rows,
        .is_rare_always = true,
        .is_together = true,
        .wanted = shared->rows < WATCH_WITNESSES ? (unsigned)shared->rows : WATCH_WITNESSES,
        .witnesses = witnesses,
    };
    return witnesses_take(shared, marker->pool, witnesses, err);
}

bool watch_say_gaps(const struct watch *watch, const struct survey_column *column,
                    struct strata *strata, struct error *err)
{
    char why[128];

    if (watch->shift > 0 &&
        !strata_gap(strata, column, "too many values are shared: a part of them was compared", err))
        return false;
    if (watch->is_given_up)
        return strata_gap(strata, column, "too many rows: shared values were not sought", err);
    if (watch->threshold <= 2)
        return true;
    snprintf(why, sizeof(why), "too many rows: only values that %u rows share were sought",
             watch->threshold);
    return strata_gap(strata, column, why, err);
}
