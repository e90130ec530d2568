/* Detector: values that several rows share in a column where nearly every row has its own (47
 * accounts, one address), also when case and blanks are ignored. Found in two looks: watch.h. */
#include "survey/trait.h"
#include "survey/watch.h"

#include "base/fasthash.h"
#include <inttypes.h>

enum {
    COLUMNS_MOST = 16,
    GREATEST = 8, /* values of a column that are told one by one */
    FOLD_STACK = 512,
};

#define FOLD_SEED UINT64_C(0xf01dedf01dedf01d)

struct shared_column {
    const struct survey_column *column;
    struct watch watch;
    /* Rows of the values that have symbols, which most rows of a column of few values are. */
    uint64_t fine_rows[SYMBOL_DISTINCT];
    uint64_t fine_groups[SYMBOL_DISTINCT];
};

struct shared_state {
    struct marker marker;
    bool is_second, has_more;
    size_t count;
    struct shared_column *columns;
};

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HIGH_BITS       EACH_BYTE(0x80u)

/* Capital letters of ASCII made small, in eight bytes at a time. */
static uint64_t word_lower(uint64_t word)
{
    const uint64_t low = word & ~HIGH_BITS;
    const uint64_t from_a = low + EACH_BYTE(0x80u - 'A');
    const uint64_t beyond_z = low + EACH_BYTE(0x7fu - 'Z');

    return word | ((~word & HIGH_BITS & (from_a ^ beyond_z)) >> 2);
}

/* True where one of the bytes may be a blank or a control character. */
static bool word_may_have_blank(uint64_t word)
{
    return ((word - EACH_BYTE(0x21u)) & ~word & HIGH_BITS) != 0;
}

/* The text without blanks and control characters, in small letters; `out` has room for it. */
static size_t text_fold(struct span text, char *out)
{
    size_t len = 0, at = 0;
    uint64_t word;

    for (; at + sizeof(word) <= text.len; at += sizeof(word)) {
        memcpy(&word, text.ptr + at, sizeof(word));
        if (word_may_have_blank(word)) {
            for (size_t i = at; i < at + sizeof(word); i++)
                if ((unsigned char)text.ptr[i] > ' ')
                    out[len++] = (char)(unsigned char)word_lower((unsigned char)text.ptr[i]);
            continue;
        }
        word = word_lower(word);
        memcpy(out + len, &word, sizeof(word));
        len += sizeof(word);
    }
    for (; at < text.len; at++)
        if ((unsigned char)text.ptr[at] > ' ')
            out[len++] = (char)(unsigned char)word_lower((unsigned char)text.ptr[at]);
    return len;
}

/* 0 where nothing but blanks is left. */
static bool text_group(struct span text, struct arena *arena, uint64_t *group, struct error *err)
{
    char room[FOLD_STACK];
    char *out = text.len <= sizeof(room) ? room : arena_alloc(arena, text.len);

    if (!out)
        return error_memory(err);
    const size_t len = text_fold(text, out);
    *group = len > 0 ? value_hash(fasthash(FOLD_SEED, out, len)) : 0;
    return true;
}

static bool row_group(const struct survey_column *column, const struct survey_batch *batch,
                      uint32_t row, uint64_t *group, struct error *err)
{
    const struct survey_cells *cells = &batch->columns[column->index];

    if (column->form == FORM_TEXT)
        return text_group(cells->texts[row], batch->arena, group, err);
    *group = value_hash(cells->hashes[row]);
    return true;
}

/* Groups and values of all rows of a batch; rows of values that have symbols are counted at once.
 */
static bool column_rows(struct shared_column *shared, const struct survey_batch *batch,
                        struct watch_rows *rows, struct error *err)
{
    const struct survey_cells *cells = &batch->columns[shared->column->index];
    uint64_t *groups = ARENA_ARRAY(batch->arena, batch->rows, uint64_t);

    if (!groups)
        return error_memory(err);
    for (uint32_t row = 0; row < batch->rows; row++) {
        const uint8_t symbol = cells->symbols ? cells->symbols[row] : SYMBOL_SET;
        if (cells->is_null[row])
            continue;
        if (symbol < SYMBOL_FINE) {
            if (!row_group(shared->column, batch, row, &groups[row], err))
                return false;
            continue;
        }
        uint64_t *group = &shared->fine_groups[symbol - SYMBOL_FINE];
        if (shared->fine_rows[symbol - SYMBOL_FINE]++ == 0 &&
            !row_group(shared->column, batch, row, group, err))
            return false;
    }
    *rows = (struct watch_rows){.batch = batch, .groups = groups, .values = cells->hashes};
    return true;
}

/* The smaller the more worth it; -1: values of it are not watched. */
static int column_rank(const struct survey_column *column)
{
    const struct column *catalog = column->bound->column;

    if (column->is_ignored || column->is_reference || column->is_referenced)
        return -1;
    if (column->form == FORM_TEXT)
        return 0;
    if (column->is_unique)
        return -1;
    if (column->form == FORM_CODE)
        return column->type->kind == KIND_BOOLEAN || column->type->class == TYPE_ENUM ? -1 : 1;
    if (column->form != FORM_NUMBER)
        return -1;
    return column->type->kind == KIND_INTEGER || (column->type->kind == KIND_DECIMAL &&
                                                  catalog->precision > 0 && catalog->scale == 0)
               ? 2
               : -1;
}

static bool columns_choose(struct shared_state *state, struct error *err)
{
    const struct survey_table *table = state->marker.table;

    state->columns = ARENA_ARRAY(state->marker.arena, COLUMNS_MOST, struct shared_column);
    if (!state->columns)
        return error_memory(err);
    for (int rank = 0; rank <= 2; rank++)
        for (size_t i = 0; i < table->column_count; i++) {
            if (column_rank(&table->columns[i]) != rank)
                continue;
            if (state->count == COLUMNS_MOST)
                state->has_more = true;
            else
                state->columns[state->count++].column = &table->columns[i];
        }
    const uint32_t cells = watch_cells(state->count + 1, table->row_estimate);
    for (size_t i = 0; i < state->count; i++)
        if (!watch_init(&state->columns[i].watch, cells, state->marker.arena, err))
            return false;
    return true;
}

static bool shared_open(const struct survey_table *table, void **opened, struct error *err)
{
    void *made;

    *opened = NULL;
    if (!marker_open_lists(table, sizeof(struct shared_state), WATCH_WITNESSES, &made, err))
        return false;
    struct shared_state *state = made;
    if (!columns_choose(state, err)) {
        marker_close(state);
        return false;
    }
    if (state->count == 0)
        marker_close(state);
    else
        *opened = state;
    return true;
}

static bool shared_observe(void *opened, const struct survey_batch *batch, struct error *err)
{
    struct shared_state *state = opened;

    for (size_t i = 0; i < state->count; i++) {
        struct shared_column *shared = &state->columns[i];
        struct watch_rows rows;
        if (state->is_second && shared->watch.threshold == 0)
            continue;
        if (!column_rows(shared, batch, &rows, err))
            return false;
        if (state->is_second
                ? !watch_find(&shared->watch, &rows, state->marker.pool, state->marker.arena, err)
                : !watch_count(&shared->watch, &rows, state->marker.arena, err))
            return false;
    }
    return true;
}

static bool column_merge(struct shared_state *state, struct shared_column *shared,
                         const struct shared_column *from, struct error *err)
{
    if (state->is_second)
        return shared->watch.threshold == 0 ||
               watch_merge_found(&shared->watch, &from->watch, state->marker.pool,
                                 state->marker.arena, err);
    for (unsigned i = 0; i < SYMBOL_DISTINCT; i++) {
        if (from->fine_rows[i] > 0)
            shared->fine_groups[i] = from->fine_groups[i];
        shared->fine_rows[i] += from->fine_rows[i];
    }
    return watch_merge(&shared->watch, &from->watch, state->marker.arena, err);
}

static bool shared_merge(void *opened, void *other, struct error *err)
{
    struct shared_state *state = opened;
    const struct shared_state *from = other;

    assert(state->count == from->count && state->is_second == from->is_second);
    for (size_t i = 0; i < state->count; i++)
        if (!column_merge(state, &state->columns[i], &from->columns[i], err))
            return false;
    return true;
}

/* Columns of few values are done with; of the others nearly all values must stand in one row. */
static bool column_again(struct shared_state *state, struct shared_column *shared,
                         struct error *err)
{
    const struct symbols *symbols = shared->column->symbols;

    if (symbols && !symbols_have_overflowed(symbols))
        return true;
    for (unsigned i = 0; i < SYMBOL_DISTINCT; i++)
        if (shared->fine_rows[i] > 0 && shared->fine_groups[i] != 0 &&
            !watch_count_many(&shared->watch, shared->fine_groups[i], shared->fine_rows[i],
                              state->marker.arena, err))
            return false;
    if (!watch_is_nearly_unique(&shared->watch, 0))
        return true;
    shared->watch.is_sought[0] = true;
    watch_again(&shared->watch);
    return true;
}

static bool shared_again(void *opened, bool *columns, struct error *err)
{
    struct shared_state *state = opened;

    assert(!state->is_second);
    state->is_second = true;
    for (size_t i = 0; i < state->count; i++) {
        if (!column_again(state, &state->columns[i], err))
            return false;
        columns[state->columns[i].column->index] |= state->columns[i].watch.threshold > 0;
    }
    return true;
}

static bool shared_fork(void *opened, void **part, struct error *err)
{
    const struct shared_state *state = opened;
    void *made;

    *part = NULL;
    if (!marker_open_lists(state->marker.table, sizeof(*state), WATCH_WITNESSES, &made, err))
        return false;
    struct shared_state *fork = made;
    fork->is_second = true;
    fork->count = state->count;
    fork->columns = ARENA_ARRAY(fork->marker.arena, state->count, struct shared_column);
    if (!fork->columns) {
        marker_close(fork);
        return error_memory(err);
    }
    for (size_t i = 0; i < state->count; i++) {
        fork->columns[i].column = state->columns[i].column;
        watch_fork(&state->columns[i].watch, &fork->columns[i].watch);
    }
    *part = fork;
    return true;
}

/* In which words the value is told. */
static const char *shared_describe(const struct shared *shared, const char *column,
                                   struct arena *arena)
{
    const uint64_t most = shared_class_most(shared);

    if (shared->is_greatest)
        return shared->rank == 1
                   ? arena_printf(arena, "the value of %s that most rows share", column)
                   : arena_printf(arena, "number %u of the values of %s that several rows share",
                                  shared->rank, column);
    if (most == 2)
        return arena_printf(arena, "a value of %s that 2 rows share", column);
    return arena_printf(arena, "a value of %s that %" PRIu64 " to %" PRIu64 " rows share", column,
                        most / 2 + 1, most);
}

static bool rows_tell(struct shared_state *state, const struct shared *shared,
                      const struct shared_column *of, const char *text, unsigned needs,
                      struct strata *strata, struct error *err)
{
    struct stratum_draft draft;

    if (!text)
        return error_memory(err);
    if (!shared_draft(shared, &state->marker, &draft, err))
        return false;
    draft.column_count = 1;
    draft.columns = &of->column->bound;
    draft.needs = needs;
    return strata_add(strata, &draft, err, "%s", text);
}

/* A group of one value; or of several that differ in case or blanks, and of these the one that most
 * rows have, if it is shared itself. */
static bool shared_tell(struct shared_state *state, const struct shared *shared,
                        const struct shared_column *of, struct strata *strata, struct error *err)
{
    const char *name = of->column->bound->column->name;
    struct shared exact = *shared;

    for (uint32_t i = 0; i < shared->value_count; i++)
        if (i == 0 || shared->values[i].rows > exact.rows) {
            exact.rows = shared->values[i].rows;
            exact.values = &shared->values[i];
        }
    exact.value_count = 1;
    if (exact.rows > 1 &&
        !rows_tell(state, &exact, of, shared_describe(shared, name, state->marker.arena),
                   NEEDS_VALUES, strata, err))
        return false;
    if (shared->value_count == 1)
        return true;
    return rows_tell(state, shared, of,
                     arena_printf(state->marker.arena, "%s but for differences in case or blanks",
                                  shared_describe(shared, name, state->marker.arena)),
                     NEEDS_VALUES | PROPERTY_SHAPE, strata, err);
}

static bool column_yield(struct shared_state *state, struct shared_column *of,
                         struct strata *strata, struct error *err)
{
    struct shared *shared;
    size_t count;

    if (of->watch.threshold == 0)
        return watch_say_gaps(&of->watch, of->column, strata, err);
    if (!watch_shared(&of->watch, GREATEST, state->marker.arena, &shared, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!shared_tell(state, &shared[i], of, strata, err))
            return false;
    return watch_say_gaps(&of->watch, of->column, strata, err);
}

static bool shared_yield(void *opened, struct strata *strata, struct error *err)
{
    struct shared_state *state = opened;

    for (size_t i = 0; i < state->count; i++)
        if (!column_yield(state, &state->columns[i], strata, err))
            return false;
    return !state->has_more ||
           strata_gap(strata, NULL,
                      "too many columns: shared values of the last ones are not sought", err);
}

const struct detector detector_shared_value = {
    .kind = "shared_value",
    .help = "values that several rows share where nearly every row has its own",
    .weight = 8,
    .open = shared_open,
    .observe = shared_observe,
    .merge = shared_merge,
    .again = shared_again,
    .fork = shared_fork,
    .yield = shared_yield,
    .close = marker_close,
    .bytes = marker_bytes,
};
