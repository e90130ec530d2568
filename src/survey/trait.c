/* Traits and the states they stand in. */
#include "survey/trait.h"

bool marker_open(const struct survey_table *table, size_t size, void **state, struct error *err)
{
    return marker_open_lists(table, size, table->per_stratum, state, err);
}

bool marker_open_lists(const struct survey_table *table, size_t size, unsigned witnesses,
                       void **state, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct marker *marker = arena ? arena_alloc(arena, size) : NULL;

    assert(table && size >= sizeof(struct marker) && witnesses > 0);
    if (!marker)
        return error_memory(err);
    marker->pool = witness_pool_new(witnesses);
    if (!marker->pool)
        return error_memory(err);
    marker->table = table;
    marker->arena = arena;
    arena = NULL;
    *state = marker;
    return true;
}

bool marker_open_columns(const struct survey_table *table,
                         bool (*is_wanted)(const struct survey_column *column), size_t size,
                         struct picked *picked, void **state, struct error *err)
{
    *picked = (struct picked){.count = 0};
    *state = NULL;
    for (size_t i = 0; i < table->column_count; i++)
        picked->count += is_wanted(&table->columns[i]);
    if (picked->count == 0)
        return true;
    if (!marker_open(table, size, state, err))
        return false;
    struct marker *marker = *state;
    picked->columns = ARENA_ARRAY(marker->arena, picked->count, const struct survey_column *);
    if (!picked->columns)
        return error_memory(err);
    for (size_t i = 0, at = 0; i < table->column_count; i++)
        if (is_wanted(&table->columns[i]))
            picked->columns[at++] = &table->columns[i];
    return true;
}

void marker_close(void *state)
{
    struct marker *marker = state;

    witness_pool_free(marker->pool);
    arena_free(marker->arena);
}

size_t marker_bytes(const void *state)
{
    const struct marker *marker = state;

    return arena_bytes(marker->arena) + witness_pool_bytes(marker->pool);
}

bool trait_offer(struct marker *marker, struct trait *trait, uint32_t row, struct error *err)
{
    struct witness witness;

    assert(marker->batch && row < marker->batch->rows);
    if (trait->rows > marker->table->rare_most) {
        witness_lose(marker->pool, &trait->list);
        return true;
    }
    return survey_witness(marker->batch, row, &witness, err) &&
           witness_offer(marker->pool, &trait->list, &witness, err);
}

bool trait_merge(struct marker *marker, struct trait *trait, const struct trait *from,
                 struct error *err)
{
    assert(trait != from);
    trait->rows += from->rows;
    return witness_merge(marker->pool, &trait->list, &from->list, err);
}

bool traits_merge(struct marker *marker, struct trait *traits, const struct trait *from,
                  size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!trait_merge(marker, &traits[i], &from[i], err))
            return false;
    return true;
}

void trait_drop(struct marker *marker, struct trait *trait)
{
    witness_lose(marker->pool, &trait->list);
    *trait = (struct trait){0};
}

static uint64_t least_hash(const struct trait *trait)
{
    uint64_t least = UINT64_MAX;

    for (uint32_t i = 0; i < trait->list.count; i++)
        if (trait->list.items[i].hash < least)
            least = trait->list.items[i].hash;
    return least;
}

int trait_compare(const struct trait *a, const struct trait *b)
{
    uint64_t left = a->rows, right = b->rows;

    if (left == right) {
        left = least_hash(a);
        right = least_hash(b);
    }
    return (left > right) - (left < right);
}

struct stratum_draft trait_draft(struct trait *trait, const struct survey_column *column,
                                 unsigned needs)
{
    bool is_key = column->is_reference || column->is_referenced;

    return (struct stratum_draft){.column_count = 1,
                                  .columns = &column->bound,
                                  .rows = trait->rows,
                                  .needs = is_key ? 0 : needs,
                                  .witnesses = &trait->list};
}

bool trait_is_rare(const struct trait *trait, const struct strata *strata)
{
    return trait->rows > 0 && strata_is_rare(strata, trait->rows);
}

const char *column_title(const struct survey_table *table, const struct survey_column *column)
{
    const char *title = words_printable(table->arena, column->bound->column->name);

    return title ? title : "the column";
}
