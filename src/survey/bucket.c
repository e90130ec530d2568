/* Buckets and the states they stand in. */
#include "survey/bucket.h"

bool marker_open(const struct survey_table *table, size_t size, void **state, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct marker *marker = arena ? arena_alloc(arena, size) : NULL;

    assert(table && size >= sizeof(struct marker) && table->per_stratum > 0);
    if (!marker)
        return error_memory(err);
    marker->pool = witness_pool_new(table->per_stratum);
    if (!marker->pool)
        return error_memory(err);
    marker->table = table;
    marker->most = table->per_stratum;
    marker->arena = arena;
    arena = NULL;
    *state = marker;
    return true;
}

void marker_close(void *state)
{
    struct marker *marker = state;

    if (!marker)
        return;
    witness_pool_free(marker->pool);
    arena_free(marker->arena);
}

size_t marker_bytes(const void *state)
{
    const struct marker *marker = state;

    return arena_bytes(marker->arena) + witness_pool_bytes(marker->pool);
}

bool marker_begin(struct marker *marker, const struct survey_batch *batch, struct error *err)
{
    struct witness *rows = ARENA_ARRAY(batch->arena, batch->rows, struct witness);

    assert(batch->rows > 0);
    if (!rows)
        return error_memory(err);
    for (uint32_t row = 0; row < batch->rows; row++)
        if (!survey_witness(batch, row, &rows[row], err))
            return false;
    marker->rows = rows;
    return true;
}

bool bucket_merge(struct marker *marker, struct bucket *bucket, const struct bucket *from,
                  struct error *err)
{
    assert(bucket != from);
    bucket->rows += from->rows;
    return witness_merge(marker->pool, &bucket->list, &from->list, err);
}

bool buckets_merge(struct marker *marker, struct bucket *buckets, const struct bucket *from,
                   size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!bucket_merge(marker, &buckets[i], &from[i], err))
            return false;
    return true;
}

void bucket_drop(struct marker *marker, struct bucket *bucket)
{
    witness_lose(marker->pool, &bucket->list);
    *bucket = (struct bucket){0};
}

static uint64_t least_hash(const struct bucket *bucket)
{
    uint64_t least = UINT64_MAX;

    for (uint32_t i = 0; i < bucket->list.count; i++)
        if (bucket->list.items[i].hash < least)
            least = bucket->list.items[i].hash;
    return least;
}

int bucket_compare(const struct bucket *a, const struct bucket *b)
{
    uint64_t left = a->rows, right = b->rows;

    if (left == right) {
        left = least_hash(a);
        right = least_hash(b);
    }
    return (left > right) - (left < right);
}

struct stratum_draft bucket_draft(struct bucket *bucket, const struct survey_column *column,
                                  unsigned needs)
{
    bool is_key = column->is_reference || column->is_referenced;

    return (struct stratum_draft){.column_count = 1,
                                  .columns = &column->bound,
                                  .rows = bucket->rows,
                                  .needs = is_key ? 0 : needs,
                                  .witnesses = &bucket->list};
}

bool bucket_is_rare(const struct bucket *bucket, const struct strata *strata)
{
    return bucket->rows > 0 && strata_is_rare(strata, bucket->rows);
}

const char *column_title(const struct survey_table *table, const struct survey_column *column)
{
    const char *title = words_printable(table->arena, column->bound->column->name);

    return title ? title : "the column";
}
