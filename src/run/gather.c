/* Bottom-k sampling of subjects and of their events. */
#include "run/gather.h"

#include "transform/params.h"
#include "transform/warp.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct entry { /* one event of a subject, in a heap with the greatest order on top */
    uint64_t order;
    struct linkage_event event;
};

struct holder {
    uint64_t subject;
    struct buf *entries; /* of struct entry */
};

struct gathering {
    struct arena *arena; /* owned */
    const struct binding *binding;
    struct gather_table *tables; /* by table index */
    struct linkage_mask mask;
    double week[LINKAGE_HOURS + 1]; /* of the mask */
    const struct warp *warp;
    bool is_constant;
    size_t column_count, other_columns;
    size_t most_events;
    pthread_mutex_t mutex;      /* guards what follows but for `limit`, which is read without it */
    atomic_uint_fast64_t limit; /* subjects from here on have no place */
    bool is_cut;
    size_t count, events;
    struct holder *holders; /* ascending by subject, room for GATHER_SUBJECTS + 1 */
};

static size_t entry_count(const struct holder *holder)
{
    return holder->entries->len / sizeof(struct entry);
}

static struct entry *entries_of(const struct holder *holder)
{
    return (struct entry *)(void *)holder->entries->ptr;
}

/* Equal masks: the same stretches, in the same way. */
static bool mask_equal(const struct warp *a, const struct warp *b)
{
    return a->scale_count == b->scale_count && a->back_low == b->back_low &&
           a->back_high == b->back_high && a->week == b->week &&
           memcmp(a->scales, b->scales, a->scale_count * sizeof(a->scales[0])) == 0;
}

bool gathering_is_mask(const struct gathering *gathering, const struct prepared_transform *rule)
{
    const struct warp *warp;
    bool is_constant;

    return rule && shift_describe(rule, &warp, &is_constant) &&
           is_constant == gathering->is_constant && mask_equal(warp, gathering->warp);
}

static bool table_has_subjects(const struct bound_table *table)
{
    return table->subject && !table->is_subject_shared && table->role != ROLE_EXCLUDED &&
           table->role != ROLE_EMPTY;
}

/* Times alone, not what holds times. */
static bool is_time(const struct bound_column *column)
{
    const enum kind kind = column->column->type->kind;

    return kind == KIND_DATE || kind == KIND_TIMESTAMP || kind == KIND_INSTANT;
}

/* The first rule of a column that moves times; NULL: none. */
static const struct prepared_transform *column_shift(const struct bound_column *column)
{
    const struct warp *warp;
    bool is_constant;

    for (size_t v = 0; is_time(column) && v < column->variant_count; v++)
        if (column->variants[v].rule &&
            shift_describe(column->variants[v].rule, &warp, &is_constant))
            return column->variants[v].rule;
    return NULL;
}

/* Counts the columns under the mask of `rule`, or, where it is NULL, those under any. */
static size_t mask_columns(struct gathering *gathering, const struct prepared_transform *rule)
{
    const struct binding *binding = gathering->binding;
    size_t count = 0;

    if (rule)
        (void)shift_describe(rule, &gathering->warp, &gathering->is_constant);
    for (size_t t = 0; t < binding->catalog->table_count; t++)
        for (size_t c = 0;
             table_has_subjects(&binding->tables[t]) && c < binding->tables[t].column_count; c++) {
            const struct prepared_transform *other = column_shift(&binding->tables[t].columns[c]);

            count += other && (!rule || gathering_is_mask(gathering, other));
        }
    return count;
}

/* The mask of most columns; of several the one that stands first. */
static void mask_choose(struct gathering *gathering)
{
    const struct binding *binding = gathering->binding;
    const struct prepared_transform *best = NULL;
    size_t most = 0, all = mask_columns(gathering, NULL);

    for (size_t t = 0; t < binding->catalog->table_count; t++)
        for (size_t c = 0;
             table_has_subjects(&binding->tables[t]) && c < binding->tables[t].column_count; c++) {
            const struct prepared_transform *rule = column_shift(&binding->tables[t].columns[c]);

            if (!rule || (best && gathering_is_mask(gathering, rule)))
                continue;
            size_t count = mask_columns(gathering, rule);
            if (count > most) {
                most = count;
                best = rule;
            }
            (void)mask_columns(gathering, best);
        }
    gathering->column_count = most;
    gathering->other_columns = all - most;
}

static void mask_fill(struct gathering *gathering)
{
    struct linkage_mask *mask = &gathering->mask;

    mask->time = gathering->is_constant ? LINKAGE_TIME_CONSTANT : LINKAGE_TIME_WARP;
    mask->back_low = gathering->warp->back_low;
    mask->back_high = gathering->warp->back_high;
    mask->scale_count = gathering->warp->scale_count;
    assert(mask->scale_count <= LINKAGE_SCALES_MAX);
    memcpy(mask->scales, gathering->warp->scales, mask->scale_count * sizeof(mask->scales[0]));

    const struct week *week = gathering->warp->week;

    if (!week)
        return;
    for (size_t hour = 0; hour <= LINKAGE_HOURS; hour++)
        gathering->week[hour] = (double)week->starts[hour] / (double)week->starts[LINKAGE_HOURS];
    mask->week = gathering->week;
}

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

static bool table_plan(struct gathering *gathering, const struct bound_table *table, uint32_t *kind,
                       struct error *err)
{
    struct gather_table *made = &gathering->tables[table->table->index];

    made->is_time = ARENA_ARRAY(gathering->arena, table->column_count + 1, bool);
    made->kinds = ARENA_ARRAY(gathering->arena, table->column_count + 1, uint32_t);
    if (!made->is_time || !made->kinds)
        return error_memory(err);
    if (!table_has_subjects(table))
        return true;
    numbers_choose(gathering->binding->graph, table, made);
    for (size_t c = 0; c < table->column_count; c++) {
        const struct prepared_transform *rule = column_shift(&table->columns[c]);
        const struct column *column = table->columns[c].column;

        made->is_time[c] = rule && gathering_is_mask(gathering, rule);
        if (!made->is_time[c])
            continue;
        made->time_count++;
        made->kinds[c] = (*kind)++;
        const int64_t unit =
            type_ground(column->type)->kind == KIND_DATE ? DAY_US : column_time_unit(column);
        if (!gathering->is_constant && unit > gathering->mask.grain)
            gathering->mask.grain = unit;
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
    mask_choose(made);
    if (made->column_count == 0) {
        arena_free(arena);
        return true;
    }
    mask_fill(made);
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

bool gathering_finish(const struct gathering *gathering, struct arena *arena,
                      struct gather_result *gathered, struct error *err)
{
    struct linkage_subject *subjects =
        ARENA_ARRAY(arena, gathering->count + 1, struct linkage_subject);
    struct linkage_event *events = ARENA_ARRAY(arena, gathering->events + 1, struct linkage_event);
    size_t place = 0;

    if (!subjects || !events)
        return error_memory(err);
    *gathered = (struct gather_result){.mask = &gathering->mask,
                                       .column_count = gathering->column_count,
                                       .other_columns = gathering->other_columns,
                                       .is_cut = gathering->is_cut};
    for (size_t i = 0; i < gathering->count; i++) {
        const struct holder *holder = &gathering->holders[i];

        subjects[i] = (struct linkage_subject){place, entry_count(holder)};
        if (entry_count(holder))
            qsort(entries_of(holder), entry_count(holder), sizeof(struct entry), entry_order);
        for (size_t e = 0; e < entry_count(holder); e++) {
            events[place] = entries_of(holder)[e].event;
            gathered->has_amounts |= !isnan(events[place].amount);
            gathered->has_quantities |= !isnan(events[place].quantity);
            place++;
        }
    }
    assert(place == gathering->events);
    gathered->population = (struct linkage_population){gathering->count, subjects, place, events};
    return true;
}
