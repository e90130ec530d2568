/* Sets of keys: bitmaps of numbers, maps of other keys, and the order in which they are sent. */
#include "choose/keyset.h"

#include <stdlib.h>

void keyset_release(struct keyset *set)
{
    bitmap_free(set->numbers);
    map_free(set->others);
    *set = (struct keyset){0};
}

bool keyset_add(struct keyset *set, const struct key_image *key, bool *is_new, struct error *err)
{
    assert(key->is_number || key->bytes.ptr);
    if (key->is_number) {
        if (!set->numbers && !(set->numbers = bitmap_new()))
            return error_memory(err);
        return bitmap_add(set->numbers, key->number, is_new) || error_memory(err);
    }
    if (!set->others && !(set->others = map_new()))
        return error_memory(err);
    return map_put(set->others, key->bytes, 0, is_new) || error_memory(err);
}

bool keyset_has(const struct keyset *set, const struct key_image *key)
{
    if (key->is_number)
        return set->numbers && bitmap_has(set->numbers, key->number);
    return set->others && map_find(set->others, key->bytes);
}

uint64_t keyset_count(const struct keyset *set)
{
    return (set->numbers ? bitmap_count(set->numbers) : 0) +
           (set->others ? map_count(set->others) : 0);
}

size_t keyset_bytes(const struct keyset *set)
{
    return (set->numbers ? bitmap_bytes(set->numbers) : 0) +
           (set->others ? map_bytes(set->others) : 0);
}

void wanted_init(struct wanted *wanted, size_t columns)
{
    assert(columns > 0);
    *wanted = (struct wanted){.columns = columns};
    buf_init(&wanted->cells, BUF_CEILING_MAX);
}

void wanted_release(struct wanted *wanted)
{
    keyset_release(&wanted->keys);
    buf_release(&wanted->cells);
}

bool wanted_add(struct wanted *wanted, const struct key_image *key, const struct span *cells,
                struct error *err)
{
    bool is_new = false;

    if (!keyset_add(&wanted->keys, key, &is_new, err))
        return false;
    if (key->is_number || !is_new || !cells)
        return true;
    *map_find(wanted->keys.others, key->bytes) = wanted->cells.len;
    for (size_t i = 0; i < wanted->columns; i++) {
        assert(!span_is_null(cells[i]));
        buf_add_u32be(&wanted->cells, cells[i].len);
        buf_add(&wanted->cells, cells[i].ptr, cells[i].len);
    }
    return buf_ok(&wanted->cells) ||
           error_set(err, STATUS_LOCAL, "the keys of one round need more than 2 GiB") ||
           error_hint(err, "choose fewer start rows");
}

size_t wanted_bytes(const struct wanted *wanted)
{
    return keyset_bytes(&wanted->keys) + wanted->cells.capacity;
}

static uint32_t read_u32(const char *bytes)
{
    uint32_t number = 0;

    for (int i = 0; i < 4; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

/* Positions ascend in order of insertion, so a key's cells end where the next key's begin. */
static void places_fill(const struct wanted *wanted, struct key_list *list)
{
    const struct map *map = wanted->keys.others;

    for (size_t i = 0; i < list->other_count; i++) {
        uint64_t from = map_value(map, i);
        uint64_t to = i + 1 < list->other_count ? map_value(map, i + 1) : wanted->cells.len;

        assert(from <= to && to <= wanted->cells.len);
        list->others[i].key = map_key(map, i);
        list->others[i].cells = span_make(buf_text(&wanted->cells) + from, to - from);
    }
}

static int place_compare(const void *left, const void *right)
{
    const struct key_place *a = left, *b = right;
    uint32_t len = a->cells.len < b->cells.len ? a->cells.len : b->cells.len;
    int order = memcmp(a->cells.ptr, b->cells.ptr, len);

    if (order != 0)
        return order;
    return (a->cells.len > b->cells.len) - (a->cells.len < b->cells.len);
}

bool wanted_list(const struct wanted *wanted, struct arena *arena, struct key_list *list,
                 struct error *err)
{
    const struct keyset *keys = &wanted->keys;
    struct bitmap_cursor cursor;

    *list = (struct key_list){.wanted = wanted};
    list->number_count = keys->numbers ? (size_t)bitmap_count(keys->numbers) : 0;
    list->other_count = keys->others ? map_count(keys->others) : 0;
    list->numbers = ARENA_ARRAY(arena, list->number_count + 1, uint64_t);
    list->others = ARENA_ARRAY(arena, list->other_count + 1, struct key_place);
    if (!list->numbers || !list->others)
        return error_memory(err);
    if (list->number_count) {
        bitmap_cursor_init(&cursor, keys->numbers);
        for (size_t at = 0, got; at < list->number_count; at += got) {
            got = bitmap_next(&cursor, list->numbers + at, list->number_count - at);
            assert(got > 0);
        }
    }
    if (list->other_count) {
        places_fill(wanted, list);
        qsort(list->others, list->other_count, sizeof(*list->others), place_compare);
    }
    return true;
}

static void cells_unpack(struct span packed, size_t columns, struct span *cells)
{
    const char *at = packed.ptr;

    for (size_t i = 0; i < columns; i++) {
        uint32_t len = read_u32(at);
        cells[i] = span_make(at + 4, len);
        at += 4 + len;
    }
    assert(at == packed.ptr + packed.len);
}

bool key_list_image(const struct key_list *list, size_t index, struct key_scratch *scratch,
                    struct key_image *image, struct error *err)
{
    size_t columns = list->wanted->columns;

    assert(index < list->number_count + list->other_count);
    *image = (struct key_image){0};
    if (index < list->number_count) {
        image->is_number = true;
        image->number = list->numbers[index];
        return true;
    }
    const struct key_place *place = &list->others[index - list->number_count];
    struct span *cells = ARENA_ARRAY(scratch->arena, columns, struct span);
    if (!cells)
        return error_memory(err);
    cells_unpack(place->cells, columns, cells);
    image->bytes = place->key;
    image->cells = cells;
    return true;
}

bool key_list_cells(const struct key_list *list, size_t from, size_t to,
                    const struct key_side *side, struct key_scratch *scratch, struct span **cells,
                    uint32_t *count, struct error *err)
{
    size_t columns = side->count;
    bool is_possible = true;

    assert(from <= to && to <= list->number_count + list->other_count);
    *count = 0;
    *cells = ARENA_ARRAY(scratch->arena, (to - from) * columns + 1, struct span);
    if (!*cells)
        return error_memory(err);
    for (size_t i = from; i < to; i++) {
        struct span *key = *cells + *count * columns;
        if (i < list->number_count) {
            if (!key_number_encode(scratch, side, list->numbers[i], key, &is_possible, err))
                return false;
            *count += is_possible;
            continue;
        }
        cells_unpack(list->others[i - list->number_count].cells, columns, key);
        *count += 1;
    }
    return true;
}
