/* Columns that run with time: one that is kept beside a shifted one and grows with it across
 * subjects (serial ids, invoice numbers, versions, other dates) gives the shift away. Measured on a
 * bounded sample spread over the table: Spearman's rank correlation above 0.8 is refused
 * (transforms.md section 5). Nothing of the sample is held beyond its ranks. */
#include "base/words.h"
#include "bind/sample.h"

#include <math.h>
#include <stdlib.h>

#define SAMPLE_LEAST 50u /* below, a correlation means nothing */
#define RANK_LIMIT   0.8

/* A rule that is `per: subject` needs the subject as well, but keeps no order. */
static bool is_shifted(const struct bound_column *bound)
{
    for (size_t i = 0; i < bound->variant_count; i++) {
        const struct prepared_transform *rule = bound->variants[i].rule;

        if (rule && (rule->needs & NEED_SUBJECT) && rule->per != PER_SUBJECT)
            return sample_is_ordered(bound);
    }
    return false;
}

static bool is_kept(const struct bound_column *bound)
{
    return sample_is_ordered(bound) && bound->is_copied && !bound->is_risk_accepted;
}

/* The shifted columns of the table and those that keep their order beside them. */
static void clock_want(const struct bound_table *table, bool *wanted)
{
    bool has_shifted = false, has_kept = false;

    for (size_t i = 0; i < table->column_count; i++) {
        has_shifted |= is_shifted(&table->columns[i]);
        has_kept |= is_kept(&table->columns[i]);
    }
    for (size_t i = 0; has_shifted && has_kept && i < table->column_count; i++)
        wanted[i] |= is_shifted(&table->columns[i]) || is_kept(&table->columns[i]);
}

struct ranked {
    const struct value *value;
    enum kind kind;
    uint32_t position;
};

static int ranked_compare(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;

    return sample_compare(left->kind, left->value, right->value);
}

/* Room for one comparison. */
struct clock_room {
    uint32_t *rows;
    struct ranked *ranked;
    double *kept, *shifted;
};

/* Ranks of the first `count` rows in room->rows, equal values sharing their mean. */
static void ranks_fill(const struct sample_column *column, const struct clock_room *room,
                       double *ranks, uint32_t count)
{
    struct ranked *ranked = room->ranked;
    enum kind kind = column->bound->column->type->kind;

    for (uint32_t i = 0; i < count; i++)
        ranked[i] = (struct ranked){&column->values[room->rows[i]], kind, i};
    qsort(ranked, count, sizeof(*ranked), ranked_compare);
    for (uint32_t i = 0, end = 0; i < count; i = end) {
        for (end = i + 1; end < count && ranked_compare(&ranked[i], &ranked[end]) == 0;)
            end++;
        for (uint32_t j = i; j < end; j++)
            ranks[ranked[j].position] = (double)(i + end - 1) / 2;
    }
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

static void pair_check(struct binder *binder, const struct table_sample *sample,
                       const struct sample_column *kept, const struct sample_column *shifted,
                       const struct clock_room *room)
{
    const struct column *column = kept->bound->column;
    uint32_t count = 0;

    for (uint32_t i = 0; i < sample->rows; i++)
        if (!kept->values[i].is_null && !shifted->values[i].is_null)
            room->rows[count++] = i;
    if (count < SAMPLE_LEAST)
        return;
    ranks_fill(kept, room, room->kept, count);
    ranks_fill(shifted, room, room->shifted, count);
    double correlation = ranks_correlate(room->kept, room->shifted, count);
    if (fabs(correlation) <= RANK_LIMIT)
        return;
    binder_fault_at(binder, kept->bound->node, STATUS_POLICY,
                    "give it a rule that does not keep order (permute, shift, redact), or say "
                    "accept_risk",
                    "column '%s.%s' is kept and runs with '%s', which is shifted (rank correlation "
                    "%.2f): it would give the times away",
                    sample->table->table->label, words_printable(binder->arena, column->name),
                    words_printable(binder->arena, shifted->bound->column->name), correlation);
}

static bool clock_look(struct binder *binder, struct table_sample *sample)
{
    const struct clock_room room = {
        .rows = ARENA_ARRAY(sample->arena, sample->rows + 1u, uint32_t),
        .ranked = ARENA_ARRAY(sample->arena, sample->rows + 1u, struct ranked),
        .kept = ARENA_ARRAY(sample->arena, sample->rows + 1u, double),
        .shifted = ARENA_ARRAY(sample->arena, sample->rows + 1u, double),
    };

    if (!room.rows || !room.ranked || !room.kept || !room.shifted)
        return false;
    for (size_t k = 0; k < sample->column_count; k++) {
        const struct sample_column *kept = &sample->columns[k];
        size_t before = binder->faults->count;

        for (size_t s = 0; is_kept(kept->bound) && s < sample->column_count; s++)
            if (is_shifted(sample->columns[s].bound) && binder->faults->count == before)
                pair_check(binder, sample, kept, &sample->columns[s], &room);
    }
    return true;
}

const struct sample_check check_clock = {clock_want, clock_look};
