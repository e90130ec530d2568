/* Bottom-k sampling of subjects and of their events. */
#include "run/gather_internal.h"

#include "transform/params.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t entry_count(const struct holder *holder)
{
    return holder->entries->len / sizeof(struct entry);
}

static struct entry *entries_of(const struct holder *holder)
{
    return (struct entry *)(void *)holder->entries->ptr;
}

/* Equal masks: the same stretches, in the same way. */
static bool is_number(const struct bound_column *column)
{
    const enum kind kind = type_ground(column->column->type)->kind;

    return kind == KIND_DECIMAL || kind == KIND_REAL || kind == KIND_INTEGER;
}

static bool is_perturbed(const struct bound_column *column)
{
    return strcmp(column->rule, "perturb") == 0;
}

/* A kept number that is neither a key nor a reference. */
static bool is_kept_number(const struct bound_table *table, const struct bound_column *column,
                           const struct graph *graph)
{
    const struct edge_list *up = &graph->up[table->table->index];

    if (!column->is_copied || !is_number(column) || column_is_in_key(column->column))
        return false;
    for (size_t i = 0; i < up->count; i++)
        for (size_t c = 0; c < up->edges[i]->column_count; c++)
            if (up->edges[i]->child_columns[c] == column->column)
                return false;
    return true;
}

/* The amount: what `perturb` moves, else a kept number with a fraction. The quantity: another one
 * of these, whole numbers included. */
static void numbers_choose(const struct graph *graph, const struct bound_table *table,
                           struct gather_table *made)
{
    made->amount = made->quantity = -1;
    for (size_t pass = 0; pass < 3; pass++)
        for (size_t c = 0; c < table->column_count; c++) {
            const struct bound_column *column = &table->columns[c];
            const bool is_whole = type_ground(column->column->type)->kind == KIND_INTEGER;
            const bool fits = pass == 0   ? is_number(column) && is_perturbed(column)
                              : pass == 1 ? is_kept_number(table, column, graph) && !is_whole
                                          : is_kept_number(table, column, graph) && is_whole;

            if (!fits || (int32_t)c == made->amount)
                continue;
            if (made->amount < 0 && pass < 2)
                made->amount = (int32_t)c;
            else if (made->quantity < 0 && made->amount >= 0)
                made->quantity = (int32_t)c;
        }
}

static int64_t column_unit(const struct bound_column *column)
{
    return type_ground(column->column->type)->kind == KIND_DATE ? DAY_US
                                                                : column_time_unit(column->column);
}

/* Which masks the column's variants are, and how coarse it makes them. */
static bool column_plan(struct gathering *gathering, const struct bound_column *column,
                        int8_t **masks, struct error *err)
{
    const int64_t unit = column_unit(column);
    bool is_any = false;

    *masks = ARENA_ARRAY(gathering->arena, column->variant_count + 1, int8_t);
    if (!*masks)
        return error_memory(err);
    for (size_t v = 0; v < column->variant_count; v++) {
        const struct mask mask = gather_variant_mask(column, v);
        const int found = mask.way < GATHER_OTHER ? gather_mask_find(gathering, &mask) : -1;

        (*masks)[v] = (int8_t)found;
        is_any |= found >= 0;
        if (found >= 0 && mask.way == GATHER_WARP && unit > gathering->masks[found].mask.grain)
            gathering->masks[found].mask.grain = unit;
    }
    if (!is_any)
        *masks = NULL;
    return true;
}

static bool table_plan(struct gathering *gathering, const struct bound_table *table, uint32_t *kind,
                       struct error *err)
{
    struct gather_table *made = &gathering->tables[table->table->index];

    made->is_time = ARENA_ARRAY(gathering->arena, table->column_count + 1, bool);
    made->masks = ARENA_ARRAY(gathering->arena, table->column_count + 1, int8_t *);
    made->kinds = ARENA_ARRAY(gathering->arena, table->column_count + 1, uint32_t);
    if (!made->is_time || !made->masks || !made->kinds)
        return error_memory(err);
    if (!gather_has_subjects(table))
        return true;
    numbers_choose(gathering->binding->graph, table, made);
    for (size_t c = 0; c < table->column_count; c++) {
        if (!column_plan(gathering, &table->columns[c], &made->masks[c], err))
            return false;
        made->is_time[c] = made->masks[c] != NULL;
        if (!made->is_time[c])
            continue;
        made->time_count++;
        made->kinds[c] = *kind;
        gathering->units[*kind / GATHER_MASKS] = column_unit(&table->columns[c]);
        *kind += GATHER_MASKS;
    }
    return true;
}

bool gathering_new(const struct binding *binding, size_t ceiling, struct gathering **gathering,
                   struct error *err)
{
    struct arena *arena = arena_new();
    struct gathering *made = arena ? ARENA_NEW(arena, struct gathering) : NULL;
    uint32_t kind = 0;
    bool is_ok;

    *gathering = NULL;
    if (!made) {
        arena_free(arena);
        return error_memory(err);
    }
    made->arena = arena;
    made->binding = binding;
    made->most_events = ceiling / sizeof(struct entry);
    is_ok = gather_masks_choose(made, err);
    if (!is_ok || made->mask_count == 0) {
        arena_free(arena);
        return is_ok;
    }
    atomic_init(&made->limit, UINT64_MAX);
    made->tables = ARENA_ARRAY(arena, binding->catalog->table_count, struct gather_table);
    made->holders = ARENA_ARRAY(arena, GATHER_SUBJECTS + 1, struct holder);
    is_ok = (made->tables && made->holders) || error_memory(err);
    for (size_t t = 0; is_ok && t < binding->catalog->table_count; t++)
        is_ok = table_plan(made, &binding->tables[t], &kind, err);
    if (!is_ok) {
        arena_free(arena);
        return false;
    }
    pthread_mutex_init(&made->mutex, NULL);
    *gathering = made;
    return true;
}

void gathering_free(struct gathering *gathering)
{
    if (!gathering)
        return;
    for (size_t i = 0; i <= GATHER_SUBJECTS; i++)
        if (gathering->holders[i].entries)
            buf_release(gathering->holders[i].entries);
    pthread_mutex_destroy(&gathering->mutex);
    arena_free(gathering->arena);
}

const struct gather_table *gathering_table(const struct gathering *gathering,
                                           const struct table *table)
{
    return &gathering->tables[table->index];
}

bool gathering_wants(const struct gathering *gathering, uint64_t subject)
{
    return subject < atomic_load_explicit(&gathering->limit, memory_order_relaxed);
}

/* Ascending; ties by what they hold, so that no order of arrival shows. */
static int entry_compare(const struct entry *a, const struct entry *b)
{
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    if (a->event.time != b->event.time)
        return a->event.time < b->event.time ? -1 : 1;
    return (a->event.kind > b->event.kind) - (a->event.kind < b->event.kind);
}

static int entry_order(const void *left, const void *right)
{
    return entry_compare(left, right);
}

static void entry_swap(struct entry *a, struct entry *b)
{
    const struct entry kept = *a;

    *a = *b;
    *b = kept;
}

static void heap_raise(struct entry *entries, size_t at)
{
    while (at > 0 && entry_compare(&entries[(at - 1) / 2], &entries[at]) < 0) {
        entry_swap(&entries[(at - 1) / 2], &entries[at]);
        at = (at - 1) / 2;
    }
}

static void heap_sink(struct entry *entries, size_t count)
{
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;

        if (child >= count)
            return;
        if (child + 1 < count && entry_compare(&entries[child], &entries[child + 1]) < 0)
            child++;
        if (entry_compare(&entries[at], &entries[child]) >= 0)
            return;
        entry_swap(&entries[at], &entries[child]);
        at = child;
    }
}

/* Gives the place of the greatest subject up; no subject from there on comes back. */
static void holder_drop(struct gathering *gathering)
{
    struct holder *last = &gathering->holders[--gathering->count];

    gathering->events -= entry_count(last);
    buf_release(last->entries);
    buf_init(last->entries, BUF_CEILING_MAX);
    gathering->is_cut = true;
    atomic_store_explicit(&gathering->limit, last->subject, memory_order_relaxed);
}

/* The subject's holder, made in its place where it is new; NULL: memory. */
static struct holder *holder_find(struct gathering *gathering, uint64_t subject)
{
    struct holder *holders = gathering->holders;
    size_t low = 0, high = gathering->count;

    while (low < high) {
        const size_t middle = (low + high) / 2;

        if (holders[middle].subject < subject)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < gathering->count && holders[low].subject == subject)
        return &holders[low];
    assert(gathering->count <= GATHER_SUBJECTS);

    struct buf *entries = holders[gathering->count].entries;

    if (!entries) {
        entries = ARENA_NEW(gathering->arena, struct buf);
        if (!entries)
            return NULL;
        buf_init(entries, BUF_CEILING_MAX);
    }
    memmove(&holders[low + 1], &holders[low], (gathering->count - low) * sizeof(*holders));
    holders[low] = (struct holder){subject, entries};
    gathering->count++;
    return &holders[low];
}

static bool event_add(struct gathering *gathering, const struct gathered_event *event,
                      struct error *err)
{
    const struct entry entry = {event->order, event->event};
    struct holder *holder;

    if (!gathering_wants(gathering, event->subject))
        return true;
    holder = holder_find(gathering, event->subject);
    if (!holder)
        return error_memory(err);
    if (entry_count(holder) < GATHER_EVENTS) {
        buf_add(holder->entries, &entry, sizeof(entry));
        if (!buf_ok(holder->entries))
            return error_memory(err);
        heap_raise(entries_of(holder), entry_count(holder) - 1);
        gathering->events++;
    } else if (entry_compare(&entry, entries_of(holder)) < 0) {
        *entries_of(holder) = entry;
        heap_sink(entries_of(holder), entry_count(holder));
    }
    while (gathering->count > GATHER_SUBJECTS || gathering->events > gathering->most_events)
        holder_drop(gathering);
    return true;
}

bool gathering_add(struct gathering *gathering, const struct gathered_event *events, size_t count,
                   struct error *err)
{
    bool is_ok = true;

    pthread_mutex_lock(&gathering->mutex);
    for (size_t i = 0; is_ok && i < count; i++)
        is_ok = event_add(gathering, &events[i], err);
    pthread_mutex_unlock(&gathering->mutex);
    return is_ok;
}

size_t gathering_mask_count(const struct gathering *gathering)
{
    return gathering->mask_count;
}

/* What is coarser by an unknown grain: by as much as it moved at most. */
static void event_take(struct gather_result *gathered, const struct linkage_event *event)
{
    const int64_t moved = event->time > event->masked_time ? event->time - event->masked_time
                                                           : event->masked_time - event->time;

    gathered->has_amounts |= !isnan(event->amount);
    gathered->has_quantities |= !isnan(event->quantity);
    if (gathered->way == GATHER_COARSE && moved > gathered->mask.grain)
        gathered->mask.grain = moved;
}

bool gathering_finish(const struct gathering *gathering, int mask, struct arena *arena,
                      struct gather_result *gathered, struct error *err)
{
    const struct mask *made = &gathering->masks[mask < 0 ? gathering->main : (size_t)mask];
    struct linkage_subject *subjects =
        ARENA_ARRAY(arena, gathering->count + 1, struct linkage_subject);
    struct linkage_event *events = ARENA_ARRAY(arena, gathering->events + 1, struct linkage_event);
    size_t place = 0, count = 0;

    assert(mask == GATHER_ALL || (mask >= 0 && (size_t)mask < gathering->mask_count));
    if (!subjects || !events)
        return error_memory(err);
    *gathered = (struct gather_result){.mask = made->mask,
                                       .units = gathering->units,
                                       .way = made->way,
                                       .column_count = made->column_count,
                                       .other_columns = gathering->other_columns,
                                       .is_cut = gathering->is_cut};
    for (size_t i = 0; i < gathering->count; i++) {
        const struct holder *holder = &gathering->holders[i];
        const size_t first = place;

        if (entry_count(holder))
            qsort(entries_of(holder), entry_count(holder), sizeof(struct entry), entry_order);
        for (size_t e = 0; e < entry_count(holder); e++) {
            const struct linkage_event *event = &entries_of(holder)[e].event;

            if (mask >= 0 && event->kind % GATHER_MASKS != (uint32_t)mask)
                continue;
            event_take(gathered, event);
            events[place++] = *event;
        }
        if (place > first)
            subjects[count++] = (struct linkage_subject){first, place - first};
    }
    assert(place <= gathering->events);
    gathered->population = (struct linkage_population){count, subjects, place, events};
    return true;
}
