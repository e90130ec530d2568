/* Columns whose frequencies give their values away: an identifying rule that maps equal values to
 * equals keeps how often each stands there, and whoever knows the frequencies (Smith, London) reads
 * them off. Measured on the bounded sample; only said, never refused. */
#include "base/words.h"
#include "bind/sample.h"

#include <stdlib.h>

#define SAMPLE_LEAST   200u  /* values; of fewer nothing can be said */
#define DISTINCT_LEAST 1000u /* fewer distinct values are told apart by their frequencies */
#define SHARE_MOST     0.01  /* of the rows for one value */
#define REPEATS_LEAST  10u   /* below, a share of a small sample is chance */

/* The one value sorted among others. */
struct counted {
    const struct value *value;
    enum kind kind;
};

struct frequency {
    uint32_t values, distinct, once, most;
};

static bool is_alone_in_key(const struct column *column)
{
    const struct table *table = column->table;

    for (size_t i = 0; i < table->key_count; i++)
        if (table->keys[i]->column_count == 1 && table->keys[i]->columns[0] == column)
            return true;
    return false;
}

/* A rule that identifies and neither looks at the row nor parts equal values. */
static bool is_deterministic(const struct bound_column *bound)
{
    for (size_t i = 0; i < bound->variant_count; i++) {
        const struct prepared_transform *rule = bound->variants[i].rule;

        if (rule && rule->identifies && rule->per == PER_VALUE &&
            (rule->preserves & PROPERTY_EQUALITY) && rule->needs == 0)
            return true;
    }
    return false;
}

static bool is_meant(const struct bound_column *bound)
{
    return sample_is_ordered(bound) && is_deterministic(bound) && !is_alone_in_key(bound->column) &&
           !bound->is_risk_accepted;
}

static void frequency_want(const struct bound_table *table, bool *wanted)
{
    for (size_t i = 0; i < table->column_count; i++)
        wanted[i] |= is_meant(&table->columns[i]);
}

static int counted_compare(const void *a, const void *b)
{
    const struct counted *left = a, *right = b;

    return sample_compare(left->kind, left->value, right->value);
}

static struct frequency column_count(const struct table_sample *sample,
                                     const struct sample_column *column, struct counted *room)
{
    struct frequency frequency = {0};
    const enum kind kind = column->bound->column->type->kind;

    for (uint32_t i = 0; i < sample->rows; i++)
        if (!column->values[i].is_null)
            room[frequency.values++] = (struct counted){&column->values[i], kind};
    qsort(room, frequency.values, sizeof(*room), counted_compare);
    for (uint32_t i = 0, end = 0; i < frequency.values; i = end) {
        for (end = i + 1; end < frequency.values && counted_compare(&room[i], &room[end]) == 0;)
            end++;
        frequency.distinct++;
        frequency.once += end - i == 1;
        frequency.most = end - i > frequency.most ? end - i : frequency.most;
    }
    return frequency;
}

/* Distinct values of the whole column (Haas and Stokes' estimator, as PostgreSQL's ANALYZE uses):
 * what is seen once in a sample speaks for more that were not seen. */
static double distinct_estimate(const struct frequency *frequency, double rows)
{
    const double n = frequency->values, once = frequency->once;
    const double all = rows > n ? rows : n;

    return n * frequency->distinct / (n - once + once * n / all);
}

static void column_look(struct binder *binder, const struct table_sample *sample,
                        const struct sample_column *column, struct counted *room)
{
    const struct frequency frequency = column_count(sample, column, room);
    const struct table *table = sample->table->table;
    const char *name = words_printable(binder->arena, column->bound->column->name);
    const bool has_heavy =
        frequency.most >= REPEATS_LEAST && frequency.most > SHARE_MOST * frequency.values;

    if (frequency.values < SAMPLE_LEAST || frequency.distinct == frequency.values)
        return;
    const double distinct = distinct_estimate(&frequency, table->row_estimate);
    if (!has_heavy && (distinct >= DISTINCT_LEAST || frequency.values < DISTINCT_LEAST))
        return;
    binding_add_warning(binder->binding, "frequencies",
                        "%s.%s has about %.0f distinct values, the most frequent in %.1f %% of "
                        "the rows: how often a value stands there gives it away; 'per: subject' or "
                        "'per: row' hides it, where its rule knows them",
                        table->label, name, distinct, 100.0 * frequency.most / frequency.values);
}

static bool frequency_look(struct binder *binder, struct table_sample *sample)
{
    struct counted *room = ARENA_ARRAY(sample->arena, sample->rows + 1u, struct counted);

    if (!room)
        return false;
    for (size_t i = 0; i < sample->column_count; i++)
        if (is_meant(sample->columns[i].bound))
            column_look(binder, sample, &sample->columns[i], room);
    return true;
}

const struct sample_check check_frequency = {frequency_want, frequency_look};
