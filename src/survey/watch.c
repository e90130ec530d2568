/* The two looks at values of several rows. */
#include "survey/watch.h"

enum {
    CELLS_LEAST = 1 << 14,
    CELLS_MOST = 1 << 20,
    CELLS_PER_ROW = 4,
    CHANCE_MOST = WATCH_FOUND_MOST / 4 * 3, /* values that may come by chance */
    SAMPLED_LEAST = 16,                     /* values of a tag, to judge it by */
    SLOTS_FIRST = 1024,
    AHEAD = 24, /* rows whose cells are asked for before they are counted */
    THRESHOLD_LEAST = 2,
    THRESHOLD_MOST = SKETCH_FULL,
};

#define NEARLY      0.9  /* of the values stand in one row */
#define NEARLY_ROWS 0.25 /* of the rows have such a value */

uint32_t watch_cells(size_t count, double row_estimate)
{
    const double wanted = CELLS_PER_ROW * row_estimate;
    uint32_t cells = CELLS_LEAST;

    assert(count > 0);
    while (cells < CELLS_MOST && (double)cells < wanted &&
           (uint64_t)cells * 2 * SKETCH_LINES * count <= WATCH_BYTES)
        cells *= 2;
    return cells;
}

bool watch_init(struct watch *watch, uint32_t cells, struct arena *arena, struct error *err)
{
    *watch = (struct watch){.cells = cells};
    return value_sample_init(&watch->sample, arena, err);
}

static bool sketch_need(struct watch *watch, struct arena *arena, struct error *err)
{
    return watch->sketch.cells > 0 || sketch_init(&watch->sketch, watch->cells, arena, err);
}

/* Cells lie anywhere in megabytes: each row would wait for its own. */
__attribute__((always_inline)) static inline void look_ahead(const struct watch *watch,
                                                             const struct watch_rows *rows,
                                                             uint32_t row)
{
    if (watch->sketch.cells > 0 && row + AHEAD < rows->batch->rows)
        sketch_prefetch(&watch->sketch, rows->groups[row + AHEAD]);
}

bool watch_count(struct watch *watch, const struct watch_rows *rows, struct arena *arena,
                 struct error *err)
{
    const uint32_t count = rows->batch->rows;
    uint64_t counted = 0;

    for (uint32_t row = 0; row < count; row++) {
        const uint64_t group = rows->groups[row];
        look_ahead(watch, rows, row);
        if (group == 0)
            continue;
        if (watch->sketch.cells == 0 && !sketch_need(watch, arena, err))
            return false;
        sketch_add(&watch->sketch, group);
        value_sample_add(&watch->sample, group, rows->tags ? rows->tags[row] : 0);
        counted++;
    }
    watch->rows += counted;
    return true;
}

bool watch_count_many(struct watch *watch, uint64_t group, uint64_t rows, struct arena *arena,
                      struct error *err)
{
    assert(group != 0);
    if (!sketch_need(watch, arena, err))
        return false;
    sketch_add_many(&watch->sketch, group, rows);
    value_sample_put(&watch->sample, group, 0, rows);
    watch->rows += rows;
    return true;
}

bool watch_merge(struct watch *watch, const struct watch *from, struct arena *arena,
                 struct error *err)
{
    assert(watch->cells == from->cells && watch->threshold == 0);
    assert(watch->sample.slots && from->sample.slots);
    value_sample_merge(&watch->sample, &from->sample);
    watch->rows += from->rows;
    if (from->sketch.cells == 0)
        return true;
    if (!sketch_need(watch, arena, err))
        return false;
    sketch_merge(&watch->sketch, &from->sketch);
    return true;
}

bool watch_is_nearly_unique(const struct watch *watch, uint8_t tag)
{
    uint64_t values = 0, rows = 0, alone = 0;

    for (size_t i = 0; i < SAMPLE_SLOTS; i++) {
        const struct sampled *sampled = &watch->sample.slots[i];
        if (sampled->rows > 0 && sampled->tag == tag) {
            values++;
            rows += sampled->rows;
            alone += sampled->rows == 1;
        }
    }
    return values >= SAMPLED_LEAST && (double)alone >= NEARLY * (double)values &&
           (double)alone >= NEARLY_ROWS * (double)rows;
}

/* About how many values and rows of the tags sought there are, of at least so many rows each. */
static void sampled_above(const struct watch *watch, unsigned least, double *values, double *rows)
{
    const double scale = (double)(UINT64_C(1) << (watch->sample.shift & 63));

    *values = *rows = 0;
    for (size_t i = 0; i < SAMPLE_SLOTS; i++) {
        const struct sampled *sampled = &watch->sample.slots[i];
        if (sampled->rows >= least && sampled->rows > 0 && watch->is_sought[sampled->tag]) {
            *values += scale;
            *rows += scale * sampled->rows;
        }
    }
}

/* About how many values the second look would keep. */
static double found_expect(const struct watch *watch, const struct sketch_below *below,
                           unsigned threshold)
{
    const double all = (double)watch->rows;
    double values, rows, sought;

    sampled_above(watch, 1, &values, &sought);
    sampled_above(watch, threshold, &values, &rows);
    sought = sought < all ? sought : all;
    return values + sketch_chance(below, watch->rows, threshold) * sought / all;
}

void watch_again(struct watch *watch)
{
    struct sketch_below below;

    assert(watch->threshold == 0);
    if (watch->rows == 0 || watch->sketch.cells == 0)
        return;
    sketch_weigh(&watch->sketch, &below);
    watch->threshold = THRESHOLD_LEAST;
    while (watch->threshold < THRESHOLD_MOST &&
           found_expect(watch, &below, watch->threshold) > CHANCE_MOST)
        watch->threshold++;
    if (watch->threshold < THRESHOLD_MOST ||
        found_expect(watch, &below, THRESHOLD_MOST) <= CHANCE_MOST)
        return;
    watch->threshold = 0;
    watch->is_given_up = true;
}

void watch_fork(const struct watch *watch, struct watch *fork)
{
    *fork = (struct watch){.cells = watch->cells,
                           .rows = watch->rows,
                           .sketch = watch->sketch,
                           .sample = watch->sample,
                           .threshold = watch->threshold};
    memcpy(fork->is_sought, watch->is_sought, sizeof(fork->is_sought));
}

static uint32_t *found_slot(const struct watch *watch, uint64_t value)
{
    uint32_t slot = (uint32_t)value & (watch->slot_count - 1);

    while (watch->slots[slot] && watch->found[watch->slots[slot] - 1].value != value)
        slot = (slot + 1) & (watch->slot_count - 1);
    return &watch->slots[slot];
}

static bool slots_make(struct watch *watch, uint32_t slot_count, struct arena *arena,
                       struct error *err)
{
    if (slot_count == watch->slot_count) {
        memset(watch->slots, 0, slot_count * sizeof(*watch->slots));
    } else {
        watch->slots = ARENA_ARRAY(arena, slot_count, uint32_t);
        watch->slot_count = slot_count;
    }
    if (!watch->slots)
        return error_memory(err);
    for (uint32_t i = 0; i < watch->found_count; i++)
        *found_slot(watch, watch->found[i].value) = i + 1;
    return true;
}

/* Halves the slice of the values that are kept. */
static bool found_halve(struct watch *watch, struct witness_pool *pool, struct arena *arena,
                        struct error *err)
{
    uint32_t kept = 0;

    watch->shift++;
    if (!watch->found)
        return true;
    for (uint32_t i = 0; i < watch->found_count; i++) {
        if (slice_has(watch->found[i].group, watch->shift))
            watch->found[kept++] = watch->found[i];
        else if (watch->found[i].witnesses.items)
            witness_lose(pool, &watch->found[i].witnesses);
    }
    watch->found_count = kept;
    return slots_make(watch, watch->slot_count, arena, err);
}

static bool found_grow(struct watch *watch, struct arena *arena, struct error *err)
{
    watch->found = arena_grow(arena, watch->found, watch->found_count, &watch->found_capacity,
                              sizeof(*watch->found));
    if (!watch->found)
        return error_memory(err);
    if (watch->slot_count >= 2 * (watch->found_count + 1))
        return true;
    return slots_make(watch, watch->slot_count ? 2 * watch->slot_count : SLOTS_FIRST, arena, err);
}

/* The entry of the value, new with rows 0; *found NULL: it is not in the slice that is kept. */
static bool found_get(struct watch *watch, const struct found *wanted, struct witness_pool *pool,
                      struct arena *arena, struct found **found, struct error *err)
{
    *found = NULL;
    while (slice_has(wanted->group, watch->shift)) {
        const uint32_t number = watch->slot_count ? *found_slot(watch, wanted->value) : 0;
        if (number) {
            *found = &watch->found[number - 1];
            return true;
        }
        if (watch->found_count == WATCH_FOUND_MOST) {
            if (!found_halve(watch, pool, arena, err))
                return false;
            continue;
        }
        if (!found_grow(watch, arena, err))
            return false;
        *found = &watch->found[watch->found_count++];
        **found =
            (struct found){.value = wanted->value, .group = wanted->group, .tag = wanted->tag};
        *found_slot(watch, wanted->value) = watch->found_count;
        return true;
    }
    return true;
}

/* The rows of `from` into an entry. One row needs no list. */
static bool found_add(struct found *found, const struct found *from, struct witness_pool *pool,
                      struct error *err)
{
    const uint64_t before = found->rows;

    assert(from->rows > 0);
    found->rows += from->rows;
    if (before == 0 && from->rows == 1) {
        found->first = from->first;
        return true;
    }
    if (before == 1 && !witness_offer(pool, &found->witnesses, &found->first, err))
        return false;
    if (from->rows == 1)
        return witness_offer(pool, &found->witnesses, &from->first, err);
    return witness_merge(pool, &found->witnesses, &from->witnesses, err);
}

static bool row_find(struct watch *watch, const struct watch_rows *rows, uint32_t row,
                     struct witness_pool *pool, struct arena *arena, struct error *err)
{
    struct found *found;
    struct found one = {.value = rows->values[row],
                        .group = rows->groups[row],
                        .rows = 1,
                        .tag = rows->tags ? rows->tags[row] : 0};

    if (!watch->is_sought[one.tag] || sketch_estimate(&watch->sketch, one.group) < watch->threshold)
        return true;
    return found_get(watch, &one, pool, arena, &found, err) &&
           (!found || (survey_witness(rows->batch, row, &one.first, err) &&
                       found_add(found, &one, pool, err)));
}

bool watch_find(struct watch *watch, const struct watch_rows *rows, struct witness_pool *pool,
                struct arena *arena, struct error *err)
{
    assert(watch->threshold >= THRESHOLD_LEAST);
    for (uint32_t row = 0; row < rows->batch->rows; row++) {
        look_ahead(watch, rows, row);
        if (rows->groups[row] != 0 && !row_find(watch, rows, row, pool, arena, err))
            return false;
    }
    return true;
}

bool watch_merge_found(struct watch *watch, const struct watch *from, struct witness_pool *pool,
                       struct arena *arena, struct error *err)
{
    while (watch->shift < from->shift)
        if (!found_halve(watch, pool, arena, err))
            return false;
    for (uint32_t i = 0; i < from->found_count; i++) {
        struct found *found;
        if (!found_get(watch, &from->found[i], pool, arena, &found, err) ||
            (found && !found_add(found, &from->found[i], pool, err)))
            return false;
    }
    return true;
}
