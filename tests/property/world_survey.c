/* A survey made up: its strata are the world's, its witnesses rows whose places are asked of the
 * server. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

static void *must(void *made)
{
    if (!made) {
        fprintf(stderr, "property: out of memory\n");
        exit(2);
    }
    return made;
}

void world_extent(struct world *world, struct bound_world *bound, const struct readers *readers)
{
    size_t count = bound->catalog->table_count;
    bool *is_present = must(ARENA_ARRAY(bound->arena, count + 1, bool));
    bool *is_everything = must(ARENA_ARRAY(bound->arena, count + 1, bool));
    struct error err = {0};

    if (!choose_extent(bound->binding, readers, bound->arena, is_present, is_everything, &err)) {
        fprintf(stderr, "property: extent: %s: %s\n", err.context, err.cause);
        exit(2);
    }
    for (int i = 0; i < world->table_count; i++)
        world->is_everything[i] = is_everything[bound->tables[i]->index];
}

/* A hash of the row that knows nothing of its place. */
static uint64_t row_hash(int table, int n)
{
    uint64_t z = (uint64_t)(table * 1000 + n + 1) * UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    return z ^ (z >> 31);
}

static int witness_compare(const void *left, const void *right)
{
    const struct witness *a = left, *b = right;

    return (a->hash > b->hash) - (a->hash < b->hash);
}

static void stratum_make(const struct world_stratum *from, struct bound_world *bound,
                         const struct place *places, struct stratum *to)
{
    const struct table *table = bound->tables[from->table];

    *to = (struct stratum){.table = &bound->binding->tables[table->index],
                           .kind = "made_up",
                           .describe = "rows that were made up",
                           .rows = (uint64_t)from->count,
                           .is_rare = !from->is_common,
                           .wanted = (unsigned)from->wanted,
                           .weight = 1,
                           .witness_count = (size_t)from->count};
    if (from->is_masked)
        to->masked = &to->table->columns[0];
    if (from->link >= 0) {
        to->edge = bound->edges[from->link];
        to->brings_children = true;
    }
    to->witnesses = must(ARENA_ARRAY(bound->arena, to->witness_count, struct witness));
    for (int i = 0; i < from->count; i++)
        to->witnesses[i] = (struct witness){.hash = row_hash(from->table, from->rows[i]),
                                            .address = places[from->rows[i]].address,
                                            .relation = places[from->rows[i]].relation};
    qsort(to->witnesses, to->witness_count, sizeof(*to->witnesses), witness_compare);
}

struct survey *world_survey(const struct world *world, struct bound_world *bound,
                            struct server *server, struct db *leader)
{
    struct place places[ROWS_MOST];

    struct survey *survey = must(ARENA_NEW(bound->arena, struct survey));

    survey->arena = bound->arena;
    survey->binding = bound->binding;
    survey->rows = 1000000;
    survey->strata = must(ARENA_ARRAY(bound->arena, STRATA_MOST, struct stratum));
    for (int i = 0; i < world->stratum_count; i++)
        if (!world->is_everything[world->strata[i].table]) {
            world_places(world, bound, world->strata[i].table, server, leader, places);
            stratum_make(&world->strata[i], bound, places,
                         &survey->strata[survey->stratum_count++]);
        }
    bound->binding->tails =
        (struct bound_tails){.budget = 1, .per_stratum = 5, .rare = 0.5, .max_children = 1000};
    return survey;
}
