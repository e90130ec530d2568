/* Cross tables. Signatures are added table by table: the numbers of the views involved lie in two
 * or three short arrays and the table in cache, so that a cell costs about a nanosecond. Tables are
 * made anew, in a new arena, when a view needs more room or folds; both happen a few times only. */
#include "survey/cross.h"

enum { NO_NUMBER = 0xff };

#define ROWS_MASK ((UINT64_C(1) << 40) - 1)
#define LIST_MASK ((UINT32_C(1) << 24) - 1)

static_assert(CROSS_LISTS_MOST < LIST_MASK, "a cell names its list in 24 bits");

static const uint8_t view_sizes[] = {2, 4, 8, 16, 32, SYMBOL_DISTINCT + 2, SYMBOL_COUNT};

static size_t pair_count(size_t views)
{
    return views * (views - 1) / 2;
}

static void view_reset(struct cross_view *view)
{
    view->count = 0;
    memset(view->number_of, NO_NUMBER, sizeof(view->number_of));
}

/* The symbol as this view counts it. */
static uint8_t cross_symbol(const struct cross_view *view, uint8_t symbol)
{
    if (!view->is_folded || symbol < SYMBOL_FINE)
        return symbol;
    return symbol_coarse(view->column->symbols, symbol);
}

static uint8_t view_number(struct cross_view *view, uint8_t symbol)
{
    uint8_t counted = cross_symbol(view, symbol);

    if (view->number_of[counted] == NO_NUMBER) {
        view->number_of[counted] = view->count;
        view->symbol_of[view->count++] = counted;
    }
    return view->number_of[counted];
}

static bool view_must_fold(const struct cross_view *view)
{
    const struct symbols *symbols = view->column->symbols;

    return symbols &&
           (symbols_have_overflowed(symbols) || symbols_count(symbols) > view->fine_most);
}

static uint8_t size_for(unsigned count)
{
    size_t i = 0;

    while (view_sizes[i] < count)
        i++;
    assert(i < COUNT_OF(view_sizes));
    return view_sizes[i];
}

static void crosses_number(struct cross_set *set)
{
    struct cross *cross = set->crosses;

    for (uint32_t i = 0; i < set->view_count; i++)
        *cross++ = (struct cross){.order = 1, .views = {(uint8_t)i}};
    for (uint32_t i = 0; i < set->view_count; i++)
        for (uint32_t j = i + 1; j < set->view_count; j++)
            *cross++ = (struct cross){.order = 2, .views = {(uint8_t)i, (uint8_t)j}};
    for (uint32_t i = 0; set->order == 3 && i < set->view_count; i++)
        for (uint32_t j = i + 1; j < set->view_count; j++)
            for (uint32_t k = j + 1; k < set->view_count; k++)
                *cross++ =
                    (struct cross){.order = 3, .views = {(uint8_t)i, (uint8_t)j, (uint8_t)k}};
    assert(cross == set->crosses + set->count);
}

bool cross_set_init(struct cross_set *set, unsigned order, struct cross_view *views, size_t count,
                    struct arena *lasting, struct error *err)
{
    size_t crosses = count + pair_count(count);

    assert(count >= order && count <= CROSS_COLUMNS_MOST && (order == 2 || order == 3));
    if (order == 3)
        crosses += count * (count - 1) * (count - 2) / 6;
    set->order = order;
    set->views = views;
    set->view_count = (uint32_t)count;
    set->lasting = lasting;
    set->count = (uint32_t)crosses;
    set->crosses = ARENA_ARRAY(lasting, crosses, struct cross);
    if (!set->crosses)
        return error_memory(err);
    for (size_t i = 0; i < count; i++)
        view_reset(&views[i]);
    crosses_number(set);
    return true;
}

void cross_set_release(struct cross_set *set)
{
    arena_free(set->arena);
    set->arena = NULL;
}

size_t cross_set_bytes(const struct cross_set *set)
{
    return set->arena ? arena_bytes(set->arena) : 0;
}

size_t cross_cell_count(const struct cross_set *set, const struct cross *cross)
{
    size_t count = 1;

    for (unsigned i = 0; i < cross->order; i++)
        count *= set->views[cross->views[i]].size;
    return count;
}

static size_t cell_at(const struct cross_view *views, const struct cross *cross,
                      const uint8_t *numbers)
{
    size_t at = 0;

    for (unsigned i = 0; i < cross->order; i++)
        at = at * views[cross->views[i]].size + numbers[i];
    return at;
}

static void numbers_of(const struct cross_view *views, const struct cross *cross, size_t cell,
                       uint8_t *numbers)
{
    for (unsigned i = cross->order; i-- > 0;) {
        const uint8_t size = views[cross->views[i]].size;
        numbers[i] = (uint8_t)(cell % size);
        cell /= size;
    }
}

void cross_numbers(const struct cross_set *set, const struct cross *cross, size_t cell,
                   uint8_t numbers[CROSS_ORDER_MOST])
{
    numbers_of(set->views, cross, cell, numbers);
}

uint64_t cross_rows(const struct cross_set *set, const uint8_t *views, const uint8_t *numbers,
                    unsigned order)
{
    size_t at = views[0];

    assert(order == 1 || (order == 2 && views[0] < views[1]));
    if (order == 2)
        at = set->view_count + pair_count(set->view_count) -
             pair_count(set->view_count - views[0]) + views[1] - views[0] - 1;
    const struct cross *cross = &set->crosses[at];
    assert(cross->order == order && cross->views[order - 1] == views[order - 1]);
    return cross->cells[cell_at(set->views, cross, numbers)].rows;
}

struct witness_list *cross_witnesses(struct cross_set *set, const struct cross_cell *cell)
{
    return cell->list ? &set->lists[cell->list - 1] : NULL;
}

/* A list for a cell; 0: there are as many as there may be. */
static bool list_take(struct cross_set *set, uint32_t *number, struct error *err)
{
    if (set->free_list) {
        *number = set->free_list;
        set->free_list = set->lists[*number - 1].count;
        set->lists[*number - 1] = (struct witness_list){.count = 0};
        return true;
    }
    *number = 0;
    if (set->list_count == CROSS_LISTS_MOST) {
        set->is_bounded = true;
        return true;
    }
    set->lists = arena_grow(set->lasting, set->lists, set->list_count, &set->list_capacity,
                            sizeof(*set->lists));
    if (!set->lists)
        return error_memory(err);
    set->lists[set->list_count++] = (struct witness_list){.count = 0};
    *number = (uint32_t)set->list_count;
    return true;
}

static void list_give(struct cross_set *set, uint32_t number)
{
    witness_lose(set->pool, &set->lists[number - 1]);
    set->lists[number - 1] = (struct witness_list){.count = set->free_list};
    set->free_list = number;
}

/* The cold half of adding to a cell: it is new, or it has witnesses. */
static bool cell_add_slowly(struct cross_set *set, struct cross_cell *cell, uint64_t rows,
                            const struct witness_list *from, struct error *err)
{
    const bool is_new = cell->rows == 0;
    uint32_t number = (uint32_t)cell->list;

    cell->rows = (cell->rows + rows) & ROWS_MASK;
    if (cell->rows > set->limit || !from || from->is_lost) {
        if (number)
            list_give(set, number);
        cell->list = 0;
        return true;
    }
    if (is_new && !list_take(set, &number, err))
        return false;
    cell->list = number & LIST_MASK;
    return number == 0 || witness_merge(set->pool, &set->lists[number - 1], from, err);
}

static inline bool cell_add(struct cross_set *set, struct cross_cell *cell, uint64_t rows,
                            const struct witness_list *from, struct error *err)
{
    if (cell->rows == 0 || cell->list)
        return cell_add_slowly(set, cell, rows, from, err);
    cell->rows = (cell->rows + rows) & ROWS_MASK;
    return true;
}

/* The tables in the sizes that the views have now. */
static bool tables_make(struct cross_set *set, struct error *err)
{
    set->arena = arena_new();
    for (uint32_t i = 0; set->arena && i < set->count; i++) {
        set->crosses[i].cells =
            ARENA_ARRAY(set->arena, cross_cell_count(set, &set->crosses[i]), struct cross_cell);
        if (!set->crosses[i].cells)
            return error_memory(err);
    }
    return set->arena || error_memory(err);
}

/* Where the cell of numbers of other views lies in the views of the set. */
static size_t cell_mapped(const struct cross_set *set, const struct cross_view *views,
                          const struct cross *cross, size_t cell)
{
    uint8_t numbers[CROSS_ORDER_MOST];

    numbers_of(views, cross, cell, numbers);
    for (unsigned i = 0; i < cross->order; i++) {
        const struct cross_view *to = &set->views[cross->views[i]];
        const uint8_t symbol = views[cross->views[i]].symbol_of[numbers[i]];
        numbers[i] = to->number_of[cross_symbol(to, symbol)];
        assert(numbers[i] < to->count);
    }
    return cell_at(set->views, cross, numbers);
}

static size_t cell_count_of(const struct cross_view *views, const struct cross *cross)
{
    size_t count = 1;

    for (unsigned i = 0; i < cross->order; i++)
        count *= views[cross->views[i]].size;
    return count;
}

/* A cell moves into its new table with its list. */
static bool cell_move(struct cross_set *set, struct cross_cell *to, const struct cross_cell *from,
                      struct error *err)
{
    const uint32_t number = (uint32_t)from->list;

    if (to->rows == 0) {
        *to = *from;
        return true;
    }
    const struct witness_list list =
        number ? set->lists[number - 1] : (struct witness_list){.is_lost = true};
    if (!cell_add(set, to, from->rows, &list, err))
        return false;
    if (number)
        list_give(set, number);
    return true;
}

static bool tables_move(struct cross_set *set, const struct cross_view *before, struct error *err)
{
    struct arena *former = set->arena;
    bool is_done = true;

    for (uint32_t i = 0; former && i < set->count; i++)
        set->crosses[i].former = set->crosses[i].cells;
    if (!tables_make(set, err))
        is_done = false;
    for (uint32_t i = 0; is_done && former && i < set->count; i++) {
        const struct cross *cross = &set->crosses[i];
        const size_t cells = cell_count_of(before, cross);
        for (size_t at = 0; is_done && at < cells; at++)
            if (cross->former[at].rows > 0)
                is_done = cell_move(set, &cross->cells[cell_mapped(set, before, cross, at)],
                                    &cross->former[at], err);
    }
    arena_free(former);
    return is_done;
}

/* Folds the views whose columns have too many values by now. */
static void views_begin(struct cross_set *set, struct cross_view *before)
{
    for (uint32_t i = 0; i < set->view_count; i++) {
        struct cross_view *view = &set->views[i];
        before[i] = *view;
        if (view->is_folded || !view_must_fold(view))
            continue;
        view->is_folded = true;
        view_reset(view);
        for (uint8_t n = 0; n < before[i].count; n++)
            view_number(view, before[i].symbol_of[n]);
    }
}

static bool views_end(struct cross_set *set, const struct cross_view *before, struct error *err)
{
    bool has_changed = !set->arena;

    for (uint32_t i = 0; i < set->view_count; i++) {
        struct cross_view *view = &set->views[i];
        const uint8_t size = size_for(view->count);
        if (size > view->size || view->is_folded != before[i].is_folded)
            view->size = size;
        has_changed |= view->size != before[i].size || view->is_folded != before[i].is_folded;
    }
    return !has_changed || tables_move(set, before, err);
}

static bool cross_add(struct cross_set *set, const struct cross *cross,
                      const struct signatures *signatures, struct error *err)
{
    const uint8_t *numbers[CROSS_ORDER_MOST] = {NULL};
    size_t sizes[CROSS_ORDER_MOST] = {0};

    assert(cross->order >= 1 && cross->order <= CROSS_ORDER_MOST);
    for (unsigned i = 0; i < cross->order; i++) {
        numbers[i] = set->numbers + (size_t)cross->views[i] * SIGNATURES_MOST;
        sizes[i] = set->views[cross->views[i]].size;
    }
    for (uint32_t s = 0; s < signatures->count; s++) {
        const struct signature *signature = &signatures->items[s];
        size_t at = numbers[0][s];
        for (unsigned i = 1; i < cross->order; i++)
            at = at * sizes[i] + numbers[i][s];
        if (!cell_add(set, &cross->cells[at], signature->rows,
                      cross->order == set->order ? &signature->witnesses : NULL, err))
            return false;
    }
    return true;
}

bool cross_set_add(struct cross_set *set, const struct signatures *signatures, struct error *err)
{
    struct cross_view before[CROSS_COLUMNS_MOST];

    if (!set->numbers)
        set->numbers =
            ARENA_ARRAY(set->lasting, (size_t)set->view_count * SIGNATURES_MOST, uint8_t);
    if (!set->numbers)
        return error_memory(err);
    views_begin(set, before);
    for (uint32_t s = 0; s < signatures->count; s++) {
        const uint8_t *key = signatures_key(signatures, s);
        for (uint32_t i = 0; i < set->view_count; i++)
            set->numbers[(size_t)i * SIGNATURES_MOST + s] =
                view_number(&set->views[i], key[set->views[i].position]);
    }
    if (!views_end(set, before, err))
        return false;
    for (uint32_t i = 0; i < set->count; i++)
        if (!cross_add(set, &set->crosses[i], signatures, err))
            return false;
    return true;
}

static bool cross_merge(struct cross_set *set, const struct cross *cross,
                        const struct cross_set *from, const struct cross *other, struct error *err)
{
    const struct witness_list lost = {.is_lost = true};
    const size_t cells = cell_count_of(from->views, other);

    for (size_t i = 0; i < cells; i++) {
        const struct cross_cell *cell = &other->cells[i];
        if (cell->rows > 0 &&
            !cell_add(set, &cross->cells[cell_mapped(set, from->views, cross, i)], cell->rows,
                      cell->list ? &from->lists[cell->list - 1] : &lost, err))
            return false;
    }
    return true;
}

bool cross_set_merge(struct cross_set *set, const struct cross_set *from, struct error *err)
{
    struct cross_view before[CROSS_COLUMNS_MOST];

    assert(set->view_count == from->view_count && set->count == from->count);
    set->is_bounded |= from->is_bounded;
    if (!from->arena)
        return true;
    views_begin(set, before);
    for (uint32_t i = 0; i < set->view_count; i++)
        for (uint8_t n = 0; n < from->views[i].count; n++)
            view_number(&set->views[i], from->views[i].symbol_of[n]);
    if (!views_end(set, before, err))
        return false;
    for (uint32_t i = 0; i < set->count; i++)
        if (!cross_merge(set, &set->crosses[i], from, &from->crosses[i], err))
            return false;
    return true;
}

bool cross_set_finish(struct cross_set *set, struct error *err)
{
    struct cross_view before[CROSS_COLUMNS_MOST];

    views_begin(set, before);
    return views_end(set, before, err);
}
