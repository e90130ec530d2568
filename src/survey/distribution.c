/* What production's columns hold, for the report to compare the subset with. Yields no strata. */
#include "survey/detector.h"
#include "survey/digest.h"
#include "survey/symbols.h"

/* Columns of one table, and of all tables together in a share of the memory that is allowed: a
 * distribution takes 20 KiB for the rest of the run, and twice as much for each part of the subset
 * that is compared with it. */
enum { COLUMNS_MAX = 256, DISTRIBUTION_BYTES = 20 << 10, MEMORY_SHARE = 64 };

struct watched {
    const struct survey_column *column;
    enum comparable comparable;
    struct digest digest;
    uint64_t *counts; /* by fine symbol: rows that are not in the digest yet */
    double *numbers;  /* by fine symbol: what its value amounts to */
};

struct state {
    struct arena *arena; /* owned, with the state itself */
    const struct survey_table *table;
    bool is_cut;
    size_t count;
    struct watched *columns;
};

static unsigned what_of(const struct survey_column *column, enum comparable comparable)
{
    const bool is_whole = column->form != FORM_WIDE && comparable >= COMPARABLE_EQUALITY;
    const bool is_ordered = column->form == FORM_NUMBER || column->form == FORM_TIME;

    return (is_whole ? DIGEST_VALUES : 0u) |
           (is_ordered && comparable == COMPARABLE_VALUES ? DIGEST_ORDER : 0u);
}

static bool column_watch(struct state *state, const struct survey_column *column, struct error *err)
{
    const enum comparable comparable =
        comparable_of(state->table->binding, state->table->bound, column->bound);
    struct watched *watched = &state->columns[state->count];

    if (comparable == COMPARABLE_NOTHING)
        return true;
    state->is_cut |= state->count == COLUMNS_MAX;
    if (state->is_cut)
        return true;
    watched->column = column;
    watched->comparable = comparable;
    state->count++;
    if (column->symbols) {
        watched->counts = ARENA_ARRAY(state->arena, SYMBOL_COUNT, uint64_t);
        watched->numbers = ARENA_ARRAY(state->arena, SYMBOL_COUNT, double);
        if (!watched->counts || !watched->numbers)
            return error_memory(err);
    }
    return digest_init(&watched->digest, what_of(column, comparable), state->arena, err);
}

static void distribution_close(void *opened)
{
    struct state *state = opened;

    arena_free(state->arena);
}

static bool distribution_open(const struct survey_table *table, void **opened, struct error *err)
{
    struct arena *arena = arena_new();
    struct state *state = arena ? ARENA_NEW(arena, struct state) : NULL;
    bool is_ok;

    *opened = NULL;
    if (state) {
        state->arena = arena;
        state->table = table;
        state->columns = ARENA_ARRAY(arena, COLUMNS_MAX + 1, struct watched);
    }
    is_ok = (state && state->columns) || error_memory(err);
    for (size_t i = 0; is_ok && i < table->column_count; i++)
        is_ok = column_watch(state, &table->columns[i], err);
    if (!is_ok || state->count == 0) {
        arena_free(arena);
        return is_ok;
    }
    *opened = state;
    return true;
}

/* A value that has a symbol of its own is only counted: what it is, is asked once, at the end. */
static bool cells_watch(struct watched *watched, const struct survey_batch *batch,
                        struct arena *arena, struct error *err)
{
    const struct survey_cells *cells = &batch->columns[watched->column->index];
    struct digest *digest = &watched->digest;
    const bool is_ordered = digest->what & DIGEST_ORDER;
    const bool has_values = digest->what & DIGEST_VALUES;

    assert((!is_ordered || cells->numbers) && (!watched->counts || cells->symbols));
    for (uint32_t row = 0; row < batch->rows; row++) {
        if (cells->is_null[row]) {
            digest_add_nulls(digest, 1);
            continue;
        }
        if (watched->counts && cells->symbols[row] >= SYMBOL_FINE) {
            watched->counts[cells->symbols[row]]++;
            watched->numbers[cells->symbols[row]] = is_ordered ? cells->numbers[row] : 0;
            continue;
        }
        if (!digest_add(digest, has_values ? cells->hashes[row] : 0,
                        is_ordered ? cells->numbers[row] : 0, 1, arena, err))
            return false;
    }
    return true;
}

static bool distribution_observe(void *observing, const struct survey_batch *batch,
                                 struct error *err)
{
    struct state *state = observing;

    for (size_t i = 0; i < state->count; i++)
        if (!cells_watch(&state->columns[i], batch, state->arena, err))
            return false;
    return true;
}

/* Rows that were counted by symbol. */
static bool counts_settle(struct watched *watched, struct arena *arena, struct error *err)
{
    const struct symbols *symbols = watched->column->symbols;

    for (unsigned symbol = SYMBOL_FINE; watched->counts && symbol < SYMBOL_COUNT; symbol++) {
        if (watched->counts[symbol] &&
            !digest_add(&watched->digest, symbol_hash(symbols, (uint8_t)symbol),
                        watched->numbers[symbol], watched->counts[symbol], arena, err))
            return false;
        watched->counts[symbol] = 0;
    }
    return true;
}

static bool distribution_merge(void *into, void *from, struct error *err)
{
    struct state *state = into, *other = from;

    assert(state->count == other->count);
    for (size_t i = 0; i < state->count; i++)
        if (!counts_settle(&other->columns[i], other->arena, err) ||
            !digest_merge(&state->columns[i].digest, &other->columns[i].digest, state->arena, err))
            return false;
    return true;
}

static bool distribution_add(struct watched *watched, const struct survey_table *table,
                             struct strata *strata, struct error *err)
{
    const struct survey *survey = strata_survey(strata);
    const uint64_t most = (uint64_t)table->binding->options->memory / MEMORY_SHARE;
    struct distribution *made;

    if (most && (survey->distribution_count + 1) * DISTRIBUTION_BYTES > most)
        return strata_gap(strata, watched->column,
                          "columns are too many for all to be compared with the subset: --memory "
                          "allows more",
                          err);
    made = strata_add_distribution(strata);
    if (!made)
        return error_memory(err);
    if (!digest_distribution(&watched->digest, survey->arena, made, err))
        return false;
    made->column = watched->column->bound;
    made->comparable = watched->comparable;
    made->codec = table->codec;
    return true;
}

static bool distribution_yield(void *yielding, struct strata *strata, struct error *err)
{
    struct state *state = yielding;

    for (size_t i = 0; i < state->count; i++)
        if (!counts_settle(&state->columns[i], state->arena, err) ||
            !distribution_add(&state->columns[i], state->table, strata, err))
            return false;
    return !state->is_cut ||
           strata_gap(strata, NULL, "only the first 256 columns are compared with the subset", err);
}

static size_t distribution_bytes(const void *state)
{
    return arena_bytes(((const struct state *)state)->arena);
}

const struct detector detector_distribution = {
    .kind = "distribution",
    .help = "no strata: what columns hold, to say how far the subset is from production",
    .open = distribution_open,
    .observe = distribution_observe,
    .merge = distribution_merge,
    .yield = distribution_yield,
    .close = distribution_close,
    .bytes = distribution_bytes,
};
