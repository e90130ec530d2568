/* Columns that run with time: one that is kept beside a shifted one and grows with it across
 * subjects (serial ids, invoice numbers, versions, other dates) gives the shift away. Measured on a
 * bounded sample spread over the table: Spearman's rank correlation above 0.8 is refused
 * (transforms.md section 5). Nothing of the sample is held beyond its ranks. */
#include "base/words.h"
#include "bind/binder.h"

#include <math.h>
#include <stdlib.h>

#define SAMPLE_ROWS   600u
#define SAMPLE_SLICES 20u
#define SAMPLE_LEAST  50u /* below, a correlation means nothing */
#define RANK_LIMIT    0.8

struct clock_column {
    const struct bound_column *bound;
    bool is_shifted;
    struct value *values; /* [SAMPLE_ROWS]; bytes in the sample's arena */
    double *ranks;        /* of one comparison */
};

struct clock_sample {
    struct arena *arena; /* owned */
    const struct bound_table *table;
    size_t column_count;
    struct clock_column *columns;
    struct field *fields;
    uint32_t rows;
};

static bool is_ordered(const struct bound_column *bound)
{
    switch (bound->column->type->kind) {
    case KIND_INTEGER:
    case KIND_TEXT:
    case KIND_UUID:
    case KIND_DATE:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        return true;
    default:
        return false;
    }
}

/* The shifted columns of the table and those that keep their order beside them. */
static bool sample_columns(struct clock_sample *sample)
{
    const struct bound_table *table = sample->table;
    bool has_shift = false, has_kept = false;

    sample->columns = ARENA_ARRAY(sample->arena, table->column_count + 1, struct clock_column);
    sample->fields = ARENA_ARRAY(sample->arena, table->column_count + 1, struct field);
    if (!sample->columns || !sample->fields)
        return false;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct bound_column *bound = &table->columns[i];
        bool is_shifted = (bound->needs & NEED_SUBJECT) != 0;

        if (!is_ordered(bound) || (!is_shifted && (!bound->is_copied || bound->is_risk_accepted)))
            continue;
        has_shift |= is_shifted;
        has_kept |= !is_shifted;
        sample->fields[sample->column_count] =
            (struct field){.column = bound->column, .type = bound->column->type};
        sample->columns[sample->column_count++] = (struct clock_column){
            .bound = bound,
            .is_shifted = is_shifted,
            .values = ARENA_ARRAY(sample->arena, SAMPLE_ROWS, struct value),
            .ranks = ARENA_ARRAY(sample->arena, SAMPLE_ROWS, double),
        };
    }
    if (!has_shift || !has_kept)
        sample->column_count = 0;
    return true;
}

static bool batch_take(struct clock_sample *sample, const struct batch *batch, struct error *err)
{
    for (uint32_t row = 0; row < batch->rows && sample->rows < SAMPLE_ROWS; row++, sample->rows++)
        for (size_t c = 0; c < sample->column_count; c++) {
            struct span cell = batch->cells[(size_t)row * batch->columns + c];
            struct value *value = &sample->columns[c].values[sample->rows];

            value->is_null = !cell.ptr;
            if (cell.len > 256)
                cell.len = 256;
            if (!value->is_null &&
                !codec_pg_binary.decode(sample->fields[c].type, arena_span(sample->arena, cell),
                                        sample->arena, value, err))
                return false;
        }
    return true;
}

static bool slice_read(struct clock_sample *sample, struct db *db, struct read *read,
                       struct batch *batch, struct error *err)
{
    bool has_more = true;

    read->table = sample->table->table;
    read->fields = sample->fields;
    read->field_count = sample->column_count;
    read->codec = &codec_pg_binary;
    if (!db_read_begin(db, read, err))
        return false;
    while (has_more)
        if (!db_read_next(db, batch, &has_more, err) || !batch_take(sample, batch, err))
            return false;
    return true;
}

static bool sample_read(struct clock_sample *sample, struct db *db, bool has_ranges,
                        struct error *err)
{
    const struct table *table = sample->table->table;
    struct batch batch = {0};
    bool is_ok = batch_init(&batch, SAMPLE_ROWS, (uint32_t)sample->column_count, err);

    for (size_t r = 0; is_ok && r < table->relation_count && sample->rows < SAMPLE_ROWS; r++) {
        const struct relation *relation = &table->relations[r];
        uint64_t slices = has_ranges && relation->pages > SAMPLE_SLICES ? SAMPLE_SLICES : 1;
        int64_t share = (int64_t)(SAMPLE_ROWS / (slices * table->relation_count)) + 1;

        for (uint64_t s = 0; is_ok && s < slices; s++) {
            struct read read = {.relation = relation,
                                .by = slices > 1 ? READ_BY_RANGE : READ_ALL,
                                .address_low = (relation->pages * s / slices) << 16,
                                .address_high = (relation->pages * (s + 1) / slices) << 16,
                                .max_rows = share};

            is_ok = slice_read(sample, db, &read, &batch, err);
        }
    }
    batch_release(&batch);
    return is_ok;
}

static int value_compare(enum kind kind, const struct value *a, const struct value *b)
{
    if (kind == KIND_UUID)
        return memcmp(a->uuid, b->uuid, sizeof(a->uuid));
    if (kind == KIND_TEXT) {
        size_t len = a->bytes.len < b->bytes.len ? a->bytes.len : b->bytes.len;
        int order = len ? memcmp(a->bytes.ptr, b->bytes.ptr, len) : 0;

        return order ? order : (a->bytes.len > b->bytes.len) - (a->bytes.len < b->bytes.len);
    }
    return (a->integer > b->integer) - (a->integer < b->integer);
}

struct ranked {
    const struct value *value;
    enum kind kind;
    uint32_t position;
};

static int ranked_compare(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;

    return value_compare(left->kind, left->value, right->value);
}

/* Ranks of the rows in `rows`, equal values sharing their mean. */
static bool ranks_fill(struct clock_sample *sample, struct clock_column *column,
                       const uint32_t *rows, uint32_t count)
{
    struct ranked *ranked = ARENA_ARRAY(sample->arena, count + 1u, struct ranked);
    enum kind kind = column->bound->column->type->kind;

    if (!ranked)
        return false;
    for (uint32_t i = 0; i < count; i++)
        ranked[i] = (struct ranked){&column->values[rows[i]], kind, i};
    qsort(ranked, count, sizeof(*ranked), ranked_compare);
    for (uint32_t i = 0, end = 0; i < count; i = end) {
        for (end = i + 1; end < count && ranked_compare(&ranked[i], &ranked[end]) == 0;)
            end++;
        for (uint32_t j = i; j < end; j++)
            column->ranks[ranked[j].position] = (double)(i + end - 1) / 2;
    }
    return true;
}

static double ranks_correlate(const double *a, const double *b, uint32_t count)
{
    double mean = ((double)count - 1) / 2, ab = 0, aa = 0, bb = 0;

    for (uint32_t i = 0; i < count; i++) {
        ab += (a[i] - mean) * (b[i] - mean);
        aa += (a[i] - mean) * (a[i] - mean);
        bb += (b[i] - mean) * (b[i] - mean);
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

static bool pair_check(struct binder *binder, struct clock_sample *sample,
                       struct clock_column *kept, struct clock_column *shifted)
{
    uint32_t *rows = ARENA_ARRAY(sample->arena, sample->rows + 1u, uint32_t);
    const struct column *column = kept->bound->column;
    uint32_t count = 0;

    if (!rows)
        return false;
    for (uint32_t i = 0; i < sample->rows; i++)
        if (!kept->values[i].is_null && !shifted->values[i].is_null)
            rows[count++] = i;
    if (count < SAMPLE_LEAST)
        return true;
    if (!ranks_fill(sample, kept, rows, count) || !ranks_fill(sample, shifted, rows, count))
        return false;
    double correlation = ranks_correlate(kept->ranks, shifted->ranks, count);
    if (fabs(correlation) <= RANK_LIMIT)
        return true;
    binder_fault_at(binder, kept->bound->node, STATUS_POLICY,
                    "give it a rule that does not keep order (permute, shift, redact), or say "
                    "accept_risk",
                    "column '%s.%s' is kept and runs with '%s', which is shifted (rank correlation "
                    "%.2f): it would give the times away",
                    sample->table->table->label, words_printable(binder->arena, column->name),
                    words_printable(binder->arena, shifted->bound->column->name), correlation);
    return true;
}

static bool pairs_check(struct binder *binder, struct clock_sample *sample)
{
    for (size_t k = 0; k < sample->column_count; k++) {
        size_t before = binder->faults->count;

        for (size_t s = 0; !sample->columns[k].is_shifted && s < sample->column_count; s++)
            if (sample->columns[s].is_shifted && binder->faults->count == before &&
                !pair_check(binder, sample, &sample->columns[k], &sample->columns[s]))
                return false;
    }
    return true;
}

static bool table_check(struct binder *binder, const struct bound_table *table)
{
    struct clock_sample sample = {.arena = arena_new(), .table = table};
    struct error err = {0};
    bool has_ranges = binder->catalog->version_number >= 140000;
    bool is_ok = sample.arena && sample_columns(&sample);

    if (is_ok && sample.column_count) {
        if (sample_read(&sample, binder->source, has_ranges, &err))
            is_ok = pairs_check(binder, &sample);
        else
            binder_fault(binder, &err);
    }
    arena_free(sample.arena);
    return is_ok;
}

/* A failed read leaves the connection unfit, so the first fault of the source ends this. */
bool bind_clock(struct binder *binder)
{
    for (size_t i = 0; binder->source && i < binder->catalog->table_count; i++) {
        size_t faults = binder->faults->count;

        if (!table_check(binder, &binder->binding->tables[i]))
            return false;
        if (binder->faults->count > faults &&
            binder->faults->errors[binder->faults->count - 1].status == STATUS_SOURCE)
            break;
    }
    return !binder->has_memory_failed;
}
