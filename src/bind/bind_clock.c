/* Columns that run with time: one that is kept beside a shifted one and grows with it across
 * subjects (serial ids, invoice numbers, versions, other dates) gives the shift away, also where
 * time is hidden in its text, its document or its UUID (bind/clock_reading.h). Measured on a
 * bounded sample spread over the table: Spearman's rank correlation above 0.8 is refused
 * (transforms.md section 5). Nothing of the sample is held beyond its ranks. */
#include "base/words.h"
#include "bind/clock_reading.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLE_LEAST 50u /* below, a correlation means nothing */
#define RANK_LIMIT   0.8

/* A rule that is `per: subject` needs the subject as well, but keeps no order. */
static bool is_shifted(const struct bound_column *bound)
{
    for (size_t i = 0; i < bound->variant_count; i++) {
        const struct prepared_transform *rule = bound->variants[i].rule;

        if (rule && ((rule->needs & NEED_SUBJECT) || strcmp(rule->transform->name, "shift") == 0) &&
            rule->per != PER_SUBJECT)
            return sample_is_ordered(bound);
    }
    return false;
}

/* Some of its rows are copied, or get values in the same order (buckets). */
static bool is_kept(const struct bound_column *bound)
{
    if (bound->is_risk_accepted || !bound->is_settled || !clock_is_readable(bound) ||
        is_shifted(bound))
        return false;
    for (size_t i = 0; i < bound->variant_count; i++) {
        const struct prepared_transform *rule = bound->variants[i].rule;

        if (!rule || (rule->preserves & PROPERTY_ORDER))
            return true;
    }
    return false;
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
    double number;
    uint32_t position;
};

static int ranked_compare(const void *a, const void *b)
{
    const double left = ((const struct ranked *)a)->number;
    const double right = ((const struct ranked *)b)->number;

    return (left > right) - (left < right);
}

/* Room for one comparison. */
struct clock_room {
    uint32_t *rows;
    struct ranked *ranked;
    double *kept, *shifted;           /* ranks */
    double *readings[CLOCK_READINGS]; /* of the kept column */
    double *times[CLOCK_READINGS];    /* of the shifted one: the first alone */
};

/* Ranks of the first `count` rows in room->rows, equal values sharing their mean. */
static void ranks_fill(const double *numbers, const struct clock_room *room, double *ranks,
                       uint32_t count)
{
    struct ranked *ranked = room->ranked;

    for (uint32_t i = 0; i < count; i++)
        ranked[i] = (struct ranked){numbers[room->rows[i]], i};
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

static double numbers_correlate(const double *kept, const double *times, uint32_t rows,
                                const struct clock_room *room)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < rows; i++)
        if (!isnan(kept[i]) && !isnan(times[i]))
            room->rows[count++] = i;
    if (count < SAMPLE_LEAST)
        return 0;
    ranks_fill(kept, room, room->kept, count);
    ranks_fill(times, room, room->shifted, count);
    return ranks_correlate(room->kept, room->shifted, count);
}

static void pair_check(struct binder *binder, const struct table_sample *sample,
                       const struct sample_column *kept, const struct sample_column *shifted,
                       double correlation)
{
    const char *hint = "give it a rule that does not keep order (permute, shift, redact), or say "
                       "accept_risk";

    if (fabs(correlation) <= RANK_LIMIT)
        return;
    binder_fault_at(binder, kept->bound->node, STATUS_POLICY, hint,
                    "column '%s.%s' %s and runs with '%s', which is shifted (rank correlation "
                    "%.2f): it would give the times away",
                    sample->table->table->label,
                    words_printable(binder->arena, kept->bound->column->name),
                    kept->bound->is_copied ? "is kept" : "keeps its order",
                    words_printable(binder->arena, shifted->bound->column->name), correlation);
}

/* The strongest of the ways to read the column decides; the first shifted column it runs with is
 * told. */
static bool column_look(struct binder *binder, struct table_sample *sample,
                        const struct sample_column *kept, struct clock_room *room)
{
    const size_t before = binder->faults->count;
    const size_t count = clock_readings(sample, kept, room->readings);

    for (size_t s = 0; s < sample->column_count && binder->faults->count == before; s++) {
        const struct sample_column *shifted = &sample->columns[s];
        double most = 0;

        if (!is_shifted(shifted->bound))
            continue;
        if (clock_readings(sample, shifted, room->times) == 0)
            return false;
        for (size_t i = 0; i < count; i++) {
            const double found =
                numbers_correlate(room->readings[i], room->times[0], sample->rows, room);

            most = fabs(found) > fabs(most) ? found : most;
        }
        pair_check(binder, sample, kept, shifted, most);
    }
    return count > 0;
}

static bool room_init(const struct table_sample *sample, struct clock_room *room)
{
    bool is_whole = true;

    *room = (struct clock_room){
        .rows = ARENA_ARRAY(sample->arena, sample->rows + 1u, uint32_t),
        .ranked = ARENA_ARRAY(sample->arena, sample->rows + 1u, struct ranked),
        .kept = ARENA_ARRAY(sample->arena, sample->rows + 1u, double),
        .shifted = ARENA_ARRAY(sample->arena, sample->rows + 1u, double),
    };
    for (size_t i = 0; i < CLOCK_READINGS; i++) {
        room->readings[i] = ARENA_ARRAY(sample->arena, sample->rows + 1u, double);
        room->times[i] = i ? NULL : ARENA_ARRAY(sample->arena, sample->rows + 1u, double);
        is_whole = is_whole && room->readings[i];
    }
    return is_whole && room->times[0] && room->rows && room->ranked && room->kept && room->shifted;
}

static bool clock_look(struct binder *binder, struct table_sample *sample)
{
    struct clock_room room;

    if (!room_init(sample, &room))
        return false;
    for (size_t k = 0; k < sample->column_count; k++)
        if (is_kept(sample->columns[k].bound) &&
            !column_look(binder, sample, &sample->columns[k], &room))
            return false;
    return true;
}

const struct sample_check check_clock = {clock_want, clock_look};
