/* Which cells of the cross tables are strata: rare, of values (or pairs) that are common, and far
 * below what independence of the columns lets expect; beside these a few of very few rows, which
 * chance alone may have made. Values and pairs that are rare by themselves are left to those who
 * tell of them. */
#include "survey/combination.h"

#include <stdlib.h>

#define FAR_BELOW 10.0 /* times below the expected rows */

enum {
    FEW_ROWS = 3,   /* so few are told even where no more were to be expected */
    MOST_FAR = 500, /* strata of a table, of pairs, and again of triples */
    MOST_FEW = 100,
};

#define WEIGHT_FEW    0.5 /* of the detector's */
#define WEIGHT_TRIPLE 0.3

struct candidate {
    const struct cross_set *set;
    const struct cross *cross;
    size_t cell;
    uint64_t rows;
    double ratio; /* of the rows that independence lets expect */
};

/* The best of all that are offered. */
struct picks {
    size_t count, most;
    bool is_cut;
    struct candidate *items; /* room for twice as many */
};

static const struct cross_view *candidate_view(const struct candidate *candidate, unsigned i)
{
    return &candidate->set->views[candidate->cross->views[i]];
}

static uint8_t candidate_symbol(const struct candidate *candidate, unsigned i)
{
    uint8_t numbers[CROSS_ORDER_MOST];

    cross_numbers(candidate->set, candidate->cross, candidate->cell, numbers);
    return candidate_view(candidate, i)->symbol_of[numbers[i]];
}

/* What orders values without regard to the order in which they came. */
static uint64_t symbol_order(const struct cross_view *view, uint8_t symbol)
{
    return symbol < SYMBOL_FINE ? symbol : symbol_hash(view->column->symbols, symbol);
}

static int number_compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int candidate_compare(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    int order = (a->ratio > b->ratio) - (a->ratio < b->ratio);

    if (!order)
        order = number_compare(a->rows, b->rows);
    if (!order)
        order = memcmp(a->cross->views, b->cross->views, sizeof(a->cross->views));
    for (unsigned i = 0; !order && i < a->cross->order; i++)
        order = number_compare(symbol_order(candidate_view(a, i), candidate_symbol(a, i)),
                               symbol_order(candidate_view(b, i), candidate_symbol(b, i)));
    return order;
}

static void picks_cut(struct picks *picks)
{
    if (picks->count > 1)
        qsort(picks->items, picks->count, sizeof(*picks->items), candidate_compare);
    if (picks->count > picks->most) {
        picks->count = picks->most;
        picks->is_cut = true;
    }
}

static bool picks_init(struct picks *picks, size_t most, struct arena *arena, struct error *err)
{
    *picks = (struct picks){.most = most, .items = ARENA_ARRAY(arena, 2 * most, struct candidate)};
    return picks->items || error_memory(err);
}

static void picks_add(struct picks *picks, const struct candidate *candidate)
{
    if (picks->count == 2 * picks->most)
        picks_cut(picks);
    picks->items[picks->count++] = *candidate;
}

/* Combinations of NULL and not are told as patterns of NULLs. */
static bool is_null_pattern(const struct candidate *candidate)
{
    for (unsigned i = 0; i < candidate->cross->order; i++)
        if (candidate_symbol(candidate, i) > SYMBOL_SET)
            return false;
    return true;
}

/* The parts of the cell (its values, or its pairs of values) and how many rows are to be expected
 * if one value does not depend on the others; false: some part is rare itself. */
static bool cell_expect(const struct candidate *candidate, const struct strata *strata,
                        double *expected)
{
    const struct cross *cross = candidate->cross;
    const double all = (double)strata_rows(strata);
    uint8_t numbers[CROSS_ORDER_MOST];

    cross_numbers(candidate->set, cross, candidate->cell, numbers);
    *expected = all;
    for (unsigned one = 0; one < cross->order; one++) {
        uint8_t views[CROSS_ORDER_MOST], rest[CROSS_ORDER_MOST];
        unsigned count = 0;
        for (unsigned i = 0; i < cross->order; i++)
            if (i != one) {
                views[count] = cross->views[i];
                rest[count++] = numbers[i];
            }
        const uint64_t others = cross_rows(candidate->set, views, rest, count);
        const uint64_t alone = cross_rows(candidate->set, &cross->views[one], &numbers[one], 1);
        const double rows = (double)others * (double)alone / all;
        if (strata_is_rare(strata, others))
            return false;
        *expected = rows < *expected ? rows : *expected;
    }
    return true;
}

static void cross_pick(struct cross_set *set, const struct cross *cross,
                       const struct strata *strata, struct picks *far, struct picks *few)
{
    const size_t cells = cross_cell_count(set, cross);

    for (size_t i = 0; i < cells; i++) {
        struct candidate candidate = {
            .set = set, .cross = cross, .cell = i, .rows = cross->cells[i].rows};
        double expected;
        if (candidate.rows == 0 || !strata_is_rare(strata, candidate.rows) ||
            is_null_pattern(&candidate) || !cell_expect(&candidate, strata, &expected))
            continue;
        candidate.ratio = (double)candidate.rows / expected;
        if (candidate.ratio * FAR_BELOW <= 1)
            picks_add(far, &candidate);
        else if (candidate.rows <= FEW_ROWS)
            picks_add(few, &candidate);
    }
}

static unsigned symbol_needs(uint8_t symbol)
{
    switch (symbol) {
    case SYMBOL_NULL:
    case SYMBOL_SET:
        return PROPERTY_NULLS;
    case SYMBOL_NEGATIVE:
    case SYMBOL_ZERO:
    case SYMBOL_POSITIVE:
        return PROPERTY_NULLS | PROPERTY_SIGN;
    case SYMBOL_EMPTY:
        return PROPERTY_NULLS | PROPERTY_LENGTH;
    case SYMBOL_PLAIN:
    case SYMBOL_LETTERS:
        return PROPERTY_NULLS | PROPERTY_SCRIPT;
    case SYMBOL_ODD:
        return PROPERTY_NULLS | PROPERTY_SCRIPT | PROPERTY_SHAPE;
    default:
        return PROPERTY_NULLS | NEEDS_VALUES;
    }
}

/* A flag may hold another number. */
static bool is_truth(const struct type *type, const char *value)
{
    return (type->kind == KIND_BOOLEAN || type->is_flag) &&
           (strcmp(value, "true") == 0 || strcmp(value, "false") == 0);
}

/* "tier = silver", "deleted_at is set"; of a value that must not be shown, that there is one. */
static const char *value_describe(const struct cross_view *view, uint8_t symbol,
                                  struct arena *arena, bool *is_shown)
{
    const struct survey_column *column = view->column;
    const char *name = column->bound->column->name;
    const char *value = NULL;

    if (symbol == SYMBOL_SET)
        return arena_printf(arena, "%s is set", name);
    if (symbol < SYMBOL_FINE)
        return arena_printf(arena, "%s is %s", name, symbol_describe(column, symbol, arena));
    value = survey_show_value(column, symbol_cell(column->symbols, symbol), arena);
    if (!value) {
        *is_shown = false;
        return arena_printf(arena, "%s has a certain value", name);
    }
    if (is_truth(column->type, value))
        return arena_printf(arena, "%s is %s", name, value);
    return arena_printf(arena, column->form == FORM_NUMBER ? "%s = %s" : "%s = '%s'", name, value);
}

/* Cases of one cross table that read alike are numbered. */
static const char *candidate_describe(const struct candidate *candidate, size_t number,
                                      struct arena *arena, bool *is_shown)
{
    const char *parts[CROSS_ORDER_MOST] = {NULL};
    const char *text;

    *is_shown = true;
    for (unsigned i = 0; i < candidate->cross->order; i++) {
        parts[i] = value_describe(candidate_view(candidate, i), candidate_symbol(candidate, i),
                                  arena, is_shown);
        if (!parts[i])
            return NULL;
    }
    text = candidate->cross->order == 2
               ? arena_printf(arena, "%s while %s", parts[0], parts[1])
               : arena_printf(arena, "%s and %s while %s", parts[0], parts[1], parts[2]);
    if (!text || *is_shown || number == 0)
        return text;
    return arena_printf(arena, "%s (case %zu)", text, number + 1);
}

static bool candidate_add(struct combination *state, const struct candidate *candidate,
                          double weight, const char *text, struct strata *strata, struct error *err)
{
    const struct cross *cross = candidate->cross;
    struct cross_set *set = cross->order == 2 ? &state->pairs : &state->triples;
    struct witness_list *witnesses = cross_witnesses(set, &cross->cells[candidate->cell]);
    const struct bound_column *columns[CROSS_ORDER_MOST];
    unsigned needs[CROSS_ORDER_MOST];

    for (unsigned i = 0; i < cross->order; i++) {
        columns[i] = candidate_view(candidate, i)->column->bound;
        needs[i] = symbol_needs(candidate_symbol(candidate, i));
    }
    const struct stratum_draft draft = {
        .column_count = cross->order,
        .columns = columns,
        .rows = candidate->rows,
        .is_bounded = !witnesses,
        .column_needs = needs,
        .weight = weight,
        .witnesses = witnesses,
    };
    return strata_add(strata, &draft, err, "%s", text);
}

static bool picks_yield(struct combination *state, struct picks *picks, double weight,
                        struct strata *strata, struct error *err)
{
    picks_cut(picks);
    for (size_t i = 0; i < picks->count; i++) {
        const struct candidate *candidate = &picks->items[i];
        const uint32_t cross = (uint32_t)(candidate->cross - candidate->set->crosses);
        bool is_shown;
        const char *text =
            candidate_describe(candidate, state->hidden[cross], state->marker.arena, &is_shown);
        if (!text)
            return error_memory(err);
        if (!is_shown)
            state->hidden[cross]++;
        if (!candidate_add(state, candidate, weight, text, strata, err))
            return false;
    }
    return true;
}

static bool set_yield(struct combination *state, struct cross_set *set, struct strata *strata,
                      struct error *err)
{
    const double weight = detector_rare_combination.weight * (set->order == 3 ? WEIGHT_TRIPLE : 1);
    struct picks far, few;

    if (!cross_set_finish(set, err) || !picks_init(&far, MOST_FAR, state->marker.arena, err) ||
        !picks_init(&few, MOST_FEW, state->marker.arena, err))
        return false;
    state->hidden = ARENA_ARRAY(state->marker.arena, set->count, uint32_t);
    if (!state->hidden)
        return error_memory(err);
    for (uint32_t i = 0; i < set->count; i++)
        if (set->crosses[i].order == set->order)
            cross_pick(set, &set->crosses[i], strata, &far, &few);
    if (!picks_yield(state, &far, weight, strata, err) ||
        !picks_yield(state, &few, weight * WEIGHT_FEW, strata, err))
        return false;
    if ((far.is_cut || few.is_cut) &&
        !strata_gap(strata, NULL,
                    set->order == 2 ? "there are more rare pairs of values than are kept as strata"
                                    : "there are more rare triples of values than are kept as "
                                      "strata",
                    err))
        return false;
    return !set->is_bounded ||
           strata_gap(strata, NULL, "so many combinations are rare that some have no witnesses",
                      err);
}

bool combination_yield(void *opened, struct strata *strata, struct error *err)
{
    struct combination *state = opened;

    if (strata_rows(strata) == 0)
        return true;
    if (!combination_flush(state, err) || !set_yield(state, &state->pairs, strata, err))
        return false;
    if (state->triples.view_count > 0 && !set_yield(state, &state->triples, strata, err))
        return false;
    return !state->has_more ||
           strata_gap(strata, NULL, "too many columns: the last ones are in no combination", err);
}
