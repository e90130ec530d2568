/* length: what is empty, one character long, as long as its column lets it be, of a length class
 * that few have, or longer or shorter than nearly all others where those are equally long; of wide
 * values also what the source said they are. */
#include "survey/symbols.h"
#include "survey/trait.h"

enum {
    EXACT_COUNT = 64, /* lengths below it are counted one by one */
    CLASS_COUNT = 32, /* powers of two: 0 and 1, 2 to 3, 4 to 7, ... */
    FIRST_CLASS = 6,  /* the class that EXACT_COUNT begins */
    SAME_SHARE = 10   /* of so many rows at most one has another length: then each is odd */
};

struct lengths {
    const struct survey_column *column;
    uint32_t limit; /* characters; 0: none */
    struct trait exact[EXACT_COUNT], classes[CLASS_COUNT];
    struct trait at_limit;
    struct trait kinds[SYMBOL_FINE]; /* FORM_WIDE: by what the source said */
};

struct length_state {
    struct marker marker; /* first */
    size_t count;
    struct lengths *lengths;
};

static bool is_wanted(const struct survey_column *column)
{
    return !column->is_ignored && !column->is_reference &&
           (column->form == FORM_TEXT || column->form == FORM_JSON || column->form == FORM_BYTES ||
            column->form == FORM_ARRAY || column->form == FORM_WIDE);
}

static bool length_open(const struct survey_table *table, void **opened, struct error *err)
{
    struct picked picked;

    if (!marker_open_columns(table, is_wanted, sizeof(struct length_state), &picked, opened, err))
        return false;
    struct length_state *state = *opened;
    if (!state)
        return true;
    state->lengths = ARENA_ARRAY(state->marker.arena, picked.count, struct lengths);
    if (!state->lengths)
        return error_memory(err);
    for (; state->count < picked.count; state->count++) {
        const struct survey_column *column = picked.columns[state->count];
        struct lengths *lengths = &state->lengths[state->count];
        lengths->column = column;
        if (column->form == FORM_TEXT && !column->type->is_padded)
            lengths->limit = column->bound->column->max_length;
    }
    return true;
}

static size_t class_of(double length)
{
    uint64_t whole = (uint64_t)length;
    size_t class;

    assert(length >= EXACT_COUNT);
    class = (size_t)(63 - __builtin_clzll(whole));
    return class < CLASS_COUNT ? class : CLASS_COUNT - 1;
}

static bool is_at_limit(const struct lengths *lengths, struct span text)
{
    return text.len >= lengths->limit && utf8_length(text.ptr, text.len) == lengths->limit;
}

static bool lengths_observe(struct lengths *lengths, struct marker *marker,
                            const struct survey_batch *batch, struct error *err)
{
    const struct survey_cells *cells = &batch->columns[lengths->column->index];

    for (uint32_t row = 0; row < batch->rows; row++) {
        const double length = cells->numbers[row];
        struct trait *trait;

        assert(length >= 0.0);
        if (cells->is_null[row])
            continue;
        trait = length < EXACT_COUNT ? &lengths->exact[(size_t)length]
                                     : &lengths->classes[class_of(length)];
        if (!trait_add(marker, trait, row, err))
            return false;
        if (lengths->limit > 0 && is_at_limit(lengths, cells->texts[row]) &&
            !trait_add(marker, &lengths->at_limit, row, err))
            return false;
        if (cells->classes && cells->classes[row] < SYMBOL_FINE &&
            !trait_add(marker, &lengths->kinds[cells->classes[row]], row, err))
            return false;
    }
    return true;
}

static bool length_observe(void *opaque, const struct survey_batch *batch, struct error *err)
{
    struct length_state *state = opaque;

    state->marker.batch = batch;
    for (size_t i = 0; i < state->count; i++)
        if (!lengths_observe(&state->lengths[i], &state->marker, batch, err))
            return false;
    return true;
}

static bool length_merge(void *opaque, void *from, struct error *err)
{
    struct length_state *state = opaque, *other = from;
    struct marker *marker = &state->marker;

    assert(state->count == other->count);
    for (size_t i = 0; i < state->count; i++) {
        struct lengths *lengths = &state->lengths[i];
        const struct lengths *more = &other->lengths[i];

        if (!traits_merge(marker, lengths->exact, more->exact, EXACT_COUNT, err) ||
            !traits_merge(marker, lengths->classes, more->classes, CLASS_COUNT, err) ||
            !traits_merge(marker, lengths->kinds, more->kinds, SYMBOL_FINE, err) ||
            !trait_merge(marker, &lengths->at_limit, &more->at_limit, err))
            return false;
    }
    return true;
}

/* Rules on the elements of an array take none away and add none; the keys of a document stay. */
static unsigned needs_of(const struct survey_column *column)
{
    return column->form == FORM_ARRAY  ? PROPERTY_NULLS
           : column->form == FORM_JSON ? PROPERTY_SHAPE
                                       : PROPERTY_LENGTH;
}

static const char *unit_of(const struct survey_column *column)
{
    return column->form == FORM_ARRAY ? "elements" : "bytes";
}

struct telling {
    struct length_state *state;
    struct lengths *lengths;
    struct strata *strata;
    const char *title;
};

static bool tell_range(const struct telling *telling, struct trait *trait, uint64_t low,
                       uint64_t high, struct error *err)
{
    const struct survey_column *column = telling->lengths->column;
    struct stratum_draft draft = trait_draft(trait, column, needs_of(column));

    assert(low <= high);
    if (!trait_is_rare(trait, telling->strata))
        return true;
    if (high == 0)
        return strata_add(telling->strata, &draft, err, "%s is empty", telling->title);
    if (low == high && low == 1)
        return strata_add(telling->strata, &draft, err, "%s has one %s", telling->title,
                          column->form == FORM_ARRAY ? "element" : "byte");
    if (low == high)
        return strata_add(telling->strata, &draft, err, "%s has %llu %s, unlike nearly all others",
                          telling->title, (unsigned long long)low, unit_of(column));
    return strata_add(telling->strata, &draft, err, "%s has %llu to %llu %s", telling->title,
                      (unsigned long long)low, (unsigned long long)high, unit_of(column));
}

/* True when nearly all values have one length. */
static bool have_one_length(const struct lengths *lengths)
{
    uint64_t rows = 0, most = 0;

    for (size_t i = 0; i < EXACT_COUNT; i++) {
        rows += lengths->exact[i].rows;
        if (lengths->exact[i].rows > most)
            most = lengths->exact[i].rows;
    }
    for (size_t i = 0; i < CLASS_COUNT; i++)
        rows += lengths->classes[i].rows;
    assert(most <= rows);
    return (rows - most) * SAME_SHARE <= rows;
}

/* Lengths below EXACT_COUNT: one by one where they are odd, else in their classes. */
static bool tell_short(const struct telling *telling, struct error *err)
{
    struct lengths *lengths = telling->lengths;

    if (!tell_range(telling, &lengths->exact[0], 0, 0, err) ||
        !tell_range(telling, &lengths->exact[1], 1, 1, err))
        return false;
    if (have_one_length(lengths)) {
        for (size_t i = 2; i < EXACT_COUNT; i++)
            if (!tell_range(telling, &lengths->exact[i], i, i, err))
                return false;
        return true;
    }
    for (size_t class = 1; class < FIRST_CLASS; class ++) {
        struct trait whole = {0};

        for (size_t i = (size_t)1 << class; i < (size_t)2 << class; i++)
            if (!trait_merge(&telling->state->marker, &whole, &lengths->exact[i], err))
                return false;
        if (!tell_range(telling, &whole, UINT64_C(1) << class, (UINT64_C(2) << class) - 1, err))
            return false;
    }
    return true;
}

static bool tell_kinds(const struct telling *telling, struct error *err)
{
    const struct survey_column *column = telling->lengths->column;

    for (unsigned kind = SYMBOL_EMPTY + 1; kind < SYMBOL_FINE; kind++) {
        struct trait *trait = &telling->lengths->kinds[kind];
        struct stratum_draft draft =
            trait_draft(trait, column, kind < SYMBOL_OBJECT ? PROPERTY_SCRIPT : PROPERTY_SHAPE);
        const char *text;

        if (!trait_is_rare(trait, telling->strata))
            continue;
        text = symbol_describe(column, (uint8_t)kind, telling->state->marker.table->arena);
        if (!text)
            return error_memory(err);
        if (!strata_add(telling->strata, &draft, err, "%s is %s", telling->title, text))
            return false;
    }
    return true;
}

static bool length_yield(void *opaque, struct strata *strata, struct error *err)
{
    struct length_state *state = opaque;

    for (size_t i = 0; i < state->count; i++) {
        struct lengths *lengths = &state->lengths[i];
        const struct telling telling = {state, lengths, strata,
                                        column_title(state->marker.table, lengths->column)};
        struct stratum_draft draft =
            trait_draft(&lengths->at_limit, lengths->column, PROPERTY_LENGTH);

        if (!tell_short(&telling, err))
            return false;
        for (size_t class = FIRST_CLASS; class < CLASS_COUNT; class ++)
            if (!tell_range(&telling, &lengths->classes[class], UINT64_C(1) << class,
                            (UINT64_C(2) << class) - 1, err))
                return false;
        if (trait_is_rare(&lengths->at_limit, strata) &&
            !strata_add(strata, &draft, err, "%s is as long as the column lets it be",
                        telling.title))
            return false;
        if (!tell_kinds(&telling, err))
            return false;
    }
    return true;
}

const struct detector detector_length = {
    .kind = "length",
    .help = "texts, documents, byte strings and arrays that are empty, at the limit of their "
            "column, or of a length that few have",
    .weight = 4,
    .open = length_open,
    .observe = length_observe,
    .merge = length_merge,
    .yield = length_yield,
    .close = marker_close,
    .bytes = marker_bytes,
};
