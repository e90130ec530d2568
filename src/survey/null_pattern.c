/* Rare combinations of NULLs: a row is the set of its columns that are NULL, as bits. Tables have
 * few such sets, so all of them are counted; where there are more than PATTERNS no combination says
 * anything, and the pairs of columns say what is left to say (rare_combination). */
#include "survey/trait.h"

#include "base/buf.h"
#include "base/words.h"

#define PATTERNS     1024u
#define SLOTS        (4 * PATTERNS)
#define NAMED        6u /* columns in a sentence */
#define BITS_A_WORD  64u
#define TEXT_CEILING ((size_t)4096)

/* One combination: its words stand in null_pattern.masks. */
struct pattern {
    uint64_t rows;
    struct witness_list witnesses;
};

struct null_pattern {
    struct marker marker;
    size_t column_count, words;
    const struct survey_column **columns; /* that can be NULL; bit i is columns[i] */
    bool is_full;                         /* given up */
    size_t count;
    struct pattern *patterns;
    uint64_t *masks;  /* [pattern][word] */
    uint16_t *slots;  /* pattern + 1 by hash of its mask; 0: free */
    uint64_t *rows;   /* masks of the batch in hand: [row][word] */
    size_t row_words; /* room in rows */
};

static bool can_be_null(const struct survey_column *column)
{
    return !column->bound->column->is_not_null && !column->is_ignored;
}

static bool columns_find(struct null_pattern *state)
{
    const struct survey_table *table = state->marker.table;

    state->columns =
        ARENA_ARRAY(state->marker.arena, table->column_count, const struct survey_column *);
    for (size_t i = 0; state->columns && i < table->column_count; i++)
        if (can_be_null(&table->columns[i]))
            state->columns[state->column_count++] = &table->columns[i];
    state->words = (state->column_count + BITS_A_WORD - 1) / BITS_A_WORD;
    return state->columns != NULL;
}

static bool arrays_make(struct null_pattern *state)
{
    state->patterns = ARENA_ARRAY(state->marker.arena, PATTERNS, struct pattern);
    state->masks = ARENA_ARRAY(state->marker.arena, PATTERNS * state->words, uint64_t);
    state->slots = ARENA_ARRAY(state->marker.arena, SLOTS, uint16_t);
    return state->patterns && state->masks && state->slots;
}

static bool has_nullable(const struct survey_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (can_be_null(&table->columns[i]))
            return true;
    return false;
}

static bool null_pattern_open(const struct survey_table *table, void **opaque, struct error *err)
{
    *opaque = NULL;
    if (!has_nullable(table))
        return true;
    if (!marker_open(table, sizeof(struct null_pattern), opaque, err))
        return false;
    struct null_pattern *state = *opaque;
    return (columns_find(state) && arrays_make(state)) || error_memory(err);
}

/* The pattern of this mask, made where it is new; NULL: there are too many. */
static struct pattern *pattern_find(struct null_pattern *state, const uint64_t *mask)
{
    const size_t bytes = state->words * sizeof(*mask);
    size_t slot = survey_cell_hash(span_make(mask, bytes)) & (SLOTS - 1);

    for (; state->slots[slot]; slot = (slot + 1) & (SLOTS - 1)) {
        size_t at = state->slots[slot] - 1u;
        if (memcmp(state->masks + at * state->words, mask, bytes) == 0)
            return &state->patterns[at];
    }
    if (state->count == PATTERNS)
        return NULL;
    memcpy(state->masks + state->count * state->words, mask, bytes);
    state->slots[slot] = (uint16_t)++state->count;
    return &state->patterns[state->count - 1];
}

static bool masks_make(struct null_pattern *state, const struct survey_batch *batch)
{
    const size_t needed = (size_t)batch->rows * state->words;

    if (needed > state->row_words) {
        state->rows = ARENA_ARRAY(state->marker.arena, needed, uint64_t);
        state->row_words = state->rows ? needed : 0;
        if (!state->rows)
            return false;
    }
    memset(state->rows, 0, needed * sizeof(*state->rows));
    for (size_t i = 0; i < state->column_count; i++) {
        const bool *is_null = batch->columns[state->columns[i]->index].is_null;
        uint64_t *word = state->rows + i / BITS_A_WORD;
        for (uint32_t row = 0; row < batch->rows; row++, word += state->words)
            *word |= (uint64_t)is_null[row] << i % BITS_A_WORD;
    }
    return true;
}

static bool pattern_count(struct null_pattern *state, struct pattern *pattern,
                          const struct survey_batch *batch, uint32_t row, struct error *err)
{
    struct witness witness;

    if (++pattern->rows > state->marker.table->rare_most && !pattern->witnesses.is_lost)
        witness_lose(state->marker.pool, &pattern->witnesses);
    if (pattern->witnesses.is_lost)
        return true;
    return survey_witness(batch, row, &witness, err) &&
           witness_offer(state->marker.pool, &pattern->witnesses, &witness, err);
}

static bool null_pattern_observe(void *opaque, const struct survey_batch *batch, struct error *err)
{
    struct null_pattern *state = opaque;
    const uint64_t *mask, *last = NULL;
    struct pattern *pattern = NULL;

    if (state->is_full)
        return true;
    if (!masks_make(state, batch))
        return error_memory(err);
    mask = state->rows;
    for (uint32_t row = 0; row < batch->rows; row++, last = mask, mask += state->words) {
        if (!last || memcmp(last, mask, state->words * sizeof(*mask)) != 0)
            pattern = pattern_find(state, mask);
        if (!pattern) {
            state->is_full = true;
            return true;
        }
        if (!pattern_count(state, pattern, batch, row, err))
            return false;
    }
    return true;
}

static bool null_pattern_merge(void *opaque, void *other, struct error *err)
{
    struct null_pattern *state = opaque, *from = other;

    state->is_full |= from->is_full;
    for (size_t i = 0; i < from->count && !state->is_full; i++) {
        struct pattern *pattern = pattern_find(state, from->masks + i * from->words);
        if (!pattern) {
            state->is_full = true;
            return true;
        }
        pattern->rows += from->patterns[i].rows;
        if (!witness_merge(state->marker.pool, &pattern->witnesses, &from->patterns[i].witnesses,
                           err))
            return false;
        if (pattern->rows > state->marker.table->rare_most)
            witness_lose(state->marker.pool, &pattern->witnesses);
    }
    return true;
}

/* What most rows look like; of several equally frequent the one of least mask. */
static const uint64_t *usual_mask(const struct null_pattern *state)
{
    size_t usual = 0;

    for (size_t i = 1; i < state->count; i++) {
        const uint64_t rows = state->patterns[i].rows, most = state->patterns[usual].rows;
        if (rows > most || (rows == most && memcmp(state->masks + i * state->words,
                                                   state->masks + usual * state->words,
                                                   state->words * sizeof(*state->masks)) < 0))
            usual = i;
    }
    return state->masks + usual * state->words;
}

static bool bit_of(const uint64_t *mask, size_t column)
{
    return mask[column / BITS_A_WORD] >> column % BITS_A_WORD & 1;
}

static void column_say(struct buf *text, const struct bound_column *column, bool is_null,
                       size_t before)
{
    if (before == NAMED)
        buf_add_text(text, " and more columns like it");
    if (before >= NAMED)
        return;
    buf_add_text(text, before ? ", " : "");
    words_add_printable(text, column->column->name, strlen(column->column->name));
    buf_add_text(text, is_null ? " is NULL" : " is set");
}

/* A pattern is told by the columns in which it differs from the usual one. */
static bool pattern_yield(struct null_pattern *state, size_t at, const uint64_t *usual,
                          struct strata *strata, struct error *err)
{
    const uint64_t *mask = state->masks + at * state->words;
    const struct bound_column **columns =
        ARENA_ARRAY(state->marker.table->arena, state->column_count, const struct bound_column *);
    struct stratum_draft draft = {.columns = columns,
                                  .rows = state->patterns[at].rows,
                                  .needs = PROPERTY_NULLS,
                                  .witnesses = &state->patterns[at].witnesses};
    struct buf text;

    if (!columns)
        return error_memory(err);
    buf_init(&text, TEXT_CEILING);
    for (size_t i = 0; i < state->column_count; i++) {
        if (bit_of(mask, i) == bit_of(usual, i))
            continue;
        column_say(&text, state->columns[i]->bound, bit_of(mask, i), draft.column_count);
        columns[draft.column_count++] = state->columns[i]->bound;
    }
    bool is_added =
        buf_ok(&text) ? strata_add(strata, &draft, err, "%s, unlike in most rows", buf_text(&text))
                      : error_memory(err);
    buf_release(&text);
    return is_added;
}

static bool null_pattern_yield(void *opaque, struct strata *strata, struct error *err)
{
    struct null_pattern *state = opaque;

    if (state->is_full)
        return strata_gap(strata, NULL, "more combinations of NULLs than are counted", err);
    const uint64_t *usual = state->count ? usual_mask(state) : NULL;
    for (size_t i = 0; i < state->count; i++)
        if (state->masks + i * state->words != usual &&
            !pattern_yield(state, i, usual, strata, err))
            return false;
    return true;
}

const struct detector detector_null_pattern = {
    .kind = "null_pattern",
    .help = "combinations of NULLs that few rows have",
    .weight = 1,
    .open = null_pattern_open,
    .observe = null_pattern_observe,
    .merge = null_pattern_merge,
    .yield = null_pattern_yield,
    .close = marker_close,
    .bytes = marker_bytes,
};
