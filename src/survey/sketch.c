/* Sketches of values: count-min lines, and the sample by slices. */
#include "survey/sketch.h"

#include <string.h>

bool sketch_init(struct sketch *sketch, uint32_t cells, struct arena *arena, struct error *err)
{
    assert(cells >= 2 && (cells & (cells - 1)) == 0 && cells <= (1u << 24));
    for (unsigned line = 0; line < SKETCH_LINES; line++) {
        sketch->lines[line] = ARENA_ARRAY(arena, cells, uint8_t);
        if (!sketch->lines[line])
            return error_memory(err);
    }
    sketch->cells = cells;
    return true;
}

static uint8_t cell_sum(uint8_t a, uint64_t b)
{
    return b < SKETCH_FULL - (uint64_t)a ? (uint8_t)(a + b) : (uint8_t)SKETCH_FULL;
}

void sketch_merge(struct sketch *sketch, const struct sketch *from)
{
    assert(sketch->cells == from->cells);
    for (unsigned line = 0; line < SKETCH_LINES; line++)
        for (uint32_t i = 0; i < sketch->cells; i++)
            sketch->lines[line][i] = cell_sum(sketch->lines[line][i], from->lines[line][i]);
}

void sketch_add_many(struct sketch *sketch, uint64_t hash, uint64_t rows)
{
    for (unsigned line = 0; line < SKETCH_LINES; line++) {
        uint8_t *cell = &sketch->lines[line][sketch_cell(sketch, line, hash)];
        *cell = cell_sum(*cell, rows);
    }
}

void sketch_weigh(const struct sketch *sketch, struct sketch_below *below)
{
    for (unsigned line = 0; line < SKETCH_LINES; line++) {
        uint32_t cells[SKETCH_FULL + 1] = {0};
        uint64_t *rows = below->rows[line];

        for (uint32_t i = 0; i < sketch->cells; i++)
            cells[sketch->lines[line][i]]++;
        rows[0] = 0;
        for (unsigned least = 1; least <= SKETCH_FULL; least++)
            rows[least] = rows[least - 1] + (uint64_t)cells[least - 1] * (least - 1);
    }
}

double sketch_chance(const struct sketch_below *below, uint64_t rows, unsigned least)
{
    double chance = (double)rows;

    assert(rows > 0 && least <= SKETCH_FULL);
    for (unsigned line = 0; line < SKETCH_LINES; line++)
        chance *= 1 - (double)below->rows[line][least] / (double)rows;
    return chance;
}

bool value_sample_init(struct value_sample *sample, struct arena *arena, struct error *err)
{
    *sample = (struct value_sample){.slots = ARENA_ARRAY(arena, SAMPLE_SLOTS, struct sampled)};
    return sample->slots || error_memory(err);
}

static struct sampled *slot_find(const struct value_sample *sample, uint64_t hash)
{
    size_t slot = (size_t)(hash >> 16) & (SAMPLE_SLOTS - 1);

    while (sample->slots[slot].rows > 0 && sample->slots[slot].hash != hash)
        slot = (slot + 1) & (SAMPLE_SLOTS - 1);
    return &sample->slots[slot];
}

static void sample_halve(struct value_sample *sample)
{
    struct sampled kept[SAMPLE_MOST];
    uint32_t count = 0;

    sample->shift++;
    for (size_t i = 0; i < SAMPLE_SLOTS; i++)
        if (sample->slots[i].rows > 0 && slice_has(sample->slots[i].hash, sample->shift))
            kept[count++] = sample->slots[i];
    memset(sample->slots, 0, SAMPLE_SLOTS * sizeof(*sample->slots));
    for (uint32_t i = 0; i < count; i++)
        *slot_find(sample, kept[i].hash) = kept[i];
    sample->count = count;
}

void value_sample_put(struct value_sample *sample, uint64_t hash, uint8_t tag, uint64_t rows)
{
    struct sampled *slot;

    assert(hash != 0 && rows > 0);
    while (slice_has(hash, sample->shift)) {
        slot = slot_find(sample, hash);
        if (slot->rows == 0 && sample->count == SAMPLE_MOST) {
            sample_halve(sample);
            continue;
        }
        sample->count += slot->rows == 0;
        *slot = (struct sampled){
            .hash = hash,
            .rows = rows < UINT32_MAX - slot->rows ? slot->rows + (uint32_t)rows : UINT32_MAX,
            .tag = tag};
        return;
    }
}

void value_sample_merge(struct value_sample *sample, const struct value_sample *from)
{
    while (sample->shift < from->shift)
        sample_halve(sample);
    for (size_t i = 0; i < SAMPLE_SLOTS; i++)
        if (from->slots[i].rows > 0)
            value_sample_put(sample, from->slots[i].hash, from->slots[i].tag, from->slots[i].rows);
}
