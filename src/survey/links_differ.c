/* Differences across an edge: times and amounts of a child less those of its parent, in buckets
 * that double, and the rows where they are greatest and least. */
#include "survey/links_state.h"

#include <math.h>

#define MINUTES_A_DAY 1440
#define DAY_BUCKETS   24 /* less than a day, 1, 2, 4 ... days */
#define RATIO_REACH   12 /* powers of two on either side */

enum {
    TIME_SAME,
    TIME_AFTER,
    TIME_BEFORE = TIME_AFTER + DAY_BUCKETS,
    TIME_BUCKETS = TIME_BEFORE + DAY_BUCKETS
};
enum {
    AMOUNT_EQUAL,
    AMOUNT_ZERO,
    AMOUNT_NOT_ZERO,
    AMOUNT_OPPOSITE,
    AMOUNT_RATIO,
    AMOUNT_BUCKETS = AMOUNT_RATIO + 2 * RATIO_REACH
};

static bool is_time(const struct column *column)
{
    const struct type *type = key_base_type(column->type);

    return type->class == TYPE_BASE &&
           (type->kind == KIND_DATE || type->kind == KIND_TIMESTAMP || type->kind == KIND_INSTANT);
}

static bool is_number(const struct column *column)
{
    const struct type *type = key_base_type(column->type);

    return type->class == TYPE_BASE &&
           (type->kind == KIND_DECIMAL || type->kind == KIND_REAL || type->kind == KIND_INTEGER);
}

/* Whole numbers count, number and refer; of them only those that the profile names. */
static bool is_amount(const struct column *column)
{
    return is_number(column) && key_base_type(column->type)->kind != KIND_INTEGER &&
           !column_is_in_key(column);
}

struct pair {
    const struct bound_column *child, *parent;
};

static bool is_listed(const struct links *links, const struct pair *pair)
{
    const struct bound_tails *tails = &links->binding->tails;

    for (size_t i = 0; i < tails->difference_count; i++) {
        const struct bound_difference *listed = &tails->differences[i];
        if ((listed->minuend == pair->child && listed->subtrahend == pair->parent) ||
            (listed->minuend == pair->parent && listed->subtrahend == pair->child))
            return true;
    }
    return false;
}

static bool pair_is_listed(const struct links *links, const struct pair *pair)
{
    return ((is_time(pair->child->column) && is_time(pair->parent->column)) ||
            (is_number(pair->child->column) && is_number(pair->parent->column))) &&
           is_listed(links, pair);
}

static bool pair_is_time(const struct links *links, const struct pair *pair)
{
    return is_time(pair->child->column) && is_time(pair->parent->column) && !is_listed(links, pair);
}

static bool pair_is_amount(const struct links *links, const struct pair *pair)
{
    return is_amount(pair->child->column) && is_amount(pair->parent->column) &&
           !is_listed(links, pair);
}

static bool difference_add(struct links *links, struct link *link, const struct pair *pair,
                           bool *is_full, struct error *err)
{
    bool of_time = is_time(pair->child->column);
    struct attribute wanted = {.kind = of_time ? ATTRIBUTE_TIME : ATTRIBUTE_AMOUNT,
                               .column = pair->parent};
    int value = link->difference_count < LINK_DIFFERENCES_MAX ? link_value(link, &wanted) : -1;

    if (value < 0) {
        *is_full = true;
        return true;
    }
    struct difference *difference = &link->differences[link->difference_count++];

    *difference = (struct difference){.is_time = of_time,
                                      .child = pair->child,
                                      .parent = pair->parent,
                                      .value = (unsigned)value,
                                      .bucket_count = of_time ? TIME_BUCKETS : AMOUNT_BUCKETS};
    difference->buckets = ARENA_ARRAY(links->arena, difference->bucket_count, struct tally);
    link_need(links, pair->child->column);
    link_need(links, pair->parent->column);
    return difference->buckets || error_memory(err);
}

typedef bool pair_filter(const struct links *links, const struct pair *pair);

static bool pairs_add(struct links *links, struct link *link, pair_filter *filter, bool *is_full,
                      struct error *err)
{
    const struct bound_table *child = link->child->bound;
    const struct bound_table *parent = &links->binding->tables[link->edge->parent->index];

    for (size_t p = 0; p < parent->column_count; p++)
        for (size_t c = 0; c < child->column_count; c++) {
            struct pair pair = {&child->columns[c], &parent->columns[p]};
            if (pair.child->is_tail_ignored || pair.parent->is_tail_ignored ||
                !filter(links, &pair))
                continue;
            if (!difference_add(links, link, &pair, is_full, err))
                return false;
        }
    return true;
}

bool differences_plan(struct links *links, struct link *link, struct error *err)
{
    bool is_full = false;

    if (link->is_self || link->edge->is_array)
        return true;
    link->differences = ARENA_ARRAY(links->arena, LINK_DIFFERENCES_MAX, struct difference);
    if (!link->differences)
        return error_memory(err);
    if (!pairs_add(links, link, pair_is_listed, &is_full, err) ||
        !pairs_add(links, link, pair_is_time, &is_full, err) ||
        !pairs_add(links, link, pair_is_amount, &is_full, err))
        return false;
    return !is_full ||
           link_gap_add(links, link->child, &links_difference,
                        "edge '%s' joins more pairs of columns than are compared; "
                        "tails.difference names those that come first",
                        link->edge->name) ||
           error_memory(err);
}

static unsigned time_bucket(int64_t minutes)
{
    uint64_t days = (uint64_t)(minutes < 0 ? -minutes : minutes) / MINUTES_A_DAY;
    unsigned bucket = days ? 64u - (unsigned)__builtin_clzll(days) : 0;

    assert(bucket < DAY_BUCKETS);
    if (minutes == 0)
        return TIME_SAME;
    return (minutes < 0 ? (unsigned)TIME_BEFORE : (unsigned)TIME_AFTER) + bucket;
}

static unsigned amount_bucket(double child, double parent)
{
    int power;

    if (child == parent)
        return AMOUNT_EQUAL;
    if (child == 0)
        return AMOUNT_ZERO;
    if (parent == 0)
        return AMOUNT_NOT_ZERO;
    if ((child < 0) != (parent < 0))
        return AMOUNT_OPPOSITE;
    power = ilogb(child / parent);
    if (power < -RATIO_REACH)
        power = -RATIO_REACH;
    if (power >= RATIO_REACH)
        power = RATIO_REACH - 1;
    return (unsigned)(AMOUNT_RATIO + RATIO_REACH + power);
}

/* A difference of one row. */
struct measured {
    uint32_t row;
    unsigned bucket;
    double value;
};

static bool extreme_offer(struct link_batch *batch, struct extreme *extreme,
                          const struct measured *measured, struct error *err)
{
    double value = measured->value;

    if (extreme->is_set && value < extreme->value)
        return true;
    if (!extreme->is_set || value > extreme->value) {
        extreme->is_set = true;
        extreme->value = value;
        extreme->bucket = measured->bucket;
        extreme->tally.rows = 0;
        extreme->tally.witnesses.count = 0;
        extreme->tally.witnesses.is_lost = false;
    }
    return link_tally_add(batch, &extreme->tally, measured->row, err);
}

static bool row_observe(struct link_batch *batch, struct difference *difference, uint32_t row,
                        uint32_t parent, struct error *err)
{
    const struct survey_cells *cells = &batch->batch->columns[difference->source];
    uint32_t child =
        difference->is_time ? link_time(cells->times[row]) : link_amount(cells->numbers[row]);
    struct measured measured = {.row = row};

    if (child == LINK_NO_VALUE)
        return true;
    if (difference->is_time) {
        int64_t minutes = (int64_t)child - (int64_t)parent;
        measured.bucket = time_bucket(minutes);
        measured.value = (double)minutes;
    } else {
        measured.bucket = amount_bucket(link_amount_of(child), link_amount_of(parent));
        measured.value = link_amount_of(child) - link_amount_of(parent);
    }
    if (!link_tally_add(batch, &difference->buckets[measured.bucket], row, err) ||
        !extreme_offer(batch, &difference->greatest, &measured, err))
        return false;
    measured.value = -measured.value;
    return extreme_offer(batch, &difference->least, &measured, err);
}

bool differences_observe(struct link_batch *batch, size_t index, struct error *err)
{
    const struct link *link = batch->table->links[index];
    uint32_t rows = batch->batch->rows;

    for (size_t d = 0; link->is_direct && d < link->difference_count; d++) {
        struct difference *difference = &link->differences[d];
        const struct survey_cells *cells = &batch->batch->columns[difference->source];
        const uint32_t *parents = batch->values[index] + (size_t)difference->value * rows;
        for (uint32_t row = 0; row < rows; row++)
            if (parents[row] != LINK_NO_VALUE && !cells->is_null[row] &&
                !row_observe(batch, difference, row, parents[row], err))
                return false;
    }
    return true;
}

static const char *time_sentence(unsigned bucket, struct arena *arena)
{
    bool is_before = bucket >= TIME_BEFORE;
    unsigned power = bucket - (is_before ? (unsigned)TIME_BEFORE : (unsigned)TIME_AFTER);
    const char *side = is_before ? "before" : "after";

    if (bucket == TIME_SAME)
        return "is in the minute of";
    if (power == 0)
        return is_before ? "is less than a day before" : "is less than a day after";
    return arena_printf(arena, "is %u to %u days %s", 1u << (power - 1), 1u << power, side);
}

static const char *amount_sentence(unsigned bucket, struct arena *arena)
{
    int power = (int)bucket - AMOUNT_RATIO - RATIO_REACH;

    switch (bucket) {
    case AMOUNT_EQUAL:
        return "is equal to";
    case AMOUNT_ZERO:
        return "is zero, unlike";
    case AMOUNT_NOT_ZERO:
        return "is not zero, unlike";
    case AMOUNT_OPPOSITE:
        return "is of the other sign than";
    default:
        break;
    }
    if (power == -RATIO_REACH)
        return arena_printf(arena, "is less than 1/%u of", 1u << (RATIO_REACH - 1));
    if (power == RATIO_REACH - 1)
        return arena_printf(arena, "is more than %u times", 1u << power);
    if (power == -1)
        return "is between a half and all of";
    if (power < 0)
        return arena_printf(arena, "is between 1/%u and 1/%u of", 1u << -power, 1u << (-power - 1));
    return power == 0 ? "is up to twice"
                      : arena_printf(arena, "is %u to %u times", 1u << power, 2u << power);
}

/* How a difference usually is, to tell what is odd from what is only a narrow bucket: where rows
 * lie evenly over years, few of them are within a day of zero, and nobody would miss those. */
struct usual {
    uint64_t compared;
    uint64_t limit; /* of rows that are few */
    double a_day;   /* rows a day where most of them are */
};

#define MOST_OF     0.9 /* of the rows are where they usually are */
#define ODD_DENSITY 8   /* that many times fewer rows a day than there */

static double bucket_days(unsigned bucket)
{
    unsigned power =
        bucket < TIME_BEFORE ? bucket - (unsigned)TIME_AFTER : bucket - (unsigned)TIME_BEFORE;

    if (bucket == TIME_SAME)
        return 1.0 / MINUTES_A_DAY;
    return power < 2 ? 1 : ldexp(1, (int)power - 1);
}

/* The fewest buckets that hold most of the rows, the fullest first. */
static double mass_density(const struct difference *difference, uint64_t compared)
{
    bool is_in[TIME_BUCKETS] = {false};
    double rows = 0, days = 0;

    while (rows < MOST_OF * (double)compared) {
        unsigned fullest = TIME_BUCKETS;
        for (unsigned b = 0; b < TIME_BUCKETS; b++)
            if (!is_in[b] && (fullest == TIME_BUCKETS ||
                              difference->buckets[b].rows > difference->buckets[fullest].rows))
                fullest = b;
        assert(fullest < TIME_BUCKETS);
        is_in[fullest] = true;
        rows += (double)difference->buckets[fullest].rows;
        days += bucket_days(fullest);
    }
    return days > 0 ? rows / days : 0;
}

static struct usual usual_of(const struct links *links, const struct difference *difference)
{
    struct usual usual = {0};

    for (unsigned b = 0; b < difference->bucket_count; b++)
        usual.compared += difference->buckets[b].rows;
    usual.limit = (uint64_t)floor(links->binding->tails.rare * (double)usual.compared);
    if (usual.limit < 1)
        usual.limit = 1;
    if (difference->is_time)
        usual.a_day = mass_density(difference, usual.compared);
    return usual;
}

static bool is_odd(const struct difference *difference, const struct usual *usual, unsigned bucket)
{
    uint64_t rows = difference->buckets[bucket].rows;

    if (rows == 0 || rows > usual->limit)
        return false;
    return !difference->is_time || (double)rows * ODD_DENSITY < usual->a_day * bucket_days(bucket);
}

struct naming {
    struct links *links;
    const struct link *link;
    size_t index;
    const struct difference *difference; /* link->differences[index] */
    struct strata *strata;
};

/* `relation` stands between the two columns; NULL: memory ended. `end` behind them, or "". */
static bool stratum_add(const struct naming *naming, struct tally *tally, const char *relation,
                        const char *end, struct error *err)
{
    const struct link *link = naming->link;
    const struct difference *difference = naming->difference;
    const struct bound_column *columns[] = {difference->child, difference->parent};
    struct stratum_draft draft = {
        .column_count = 2,
        .columns = columns,
        .edge = link->edge,
        .rows = link_scale(link->target, tally->rows),
        .is_estimated = store_slice(link->target->store) > 0,
        .is_bounded = tally->witnesses.is_lost || store_slice(link->target->store) > 0,
        .needs = difference->is_time
                     ? (unsigned)(NEEDS_COMPARED | PROPERTY_ORDER)
                     : (unsigned)(NEEDS_COMPARED | PROPERTY_MAGNITUDE | PROPERTY_ORDER),
        .witnesses = &tally->witnesses};

    if (!relation)
        return error_memory(err);
    return strata_add(naming->strata, &draft, err, "%s.%s %s %s.%s%s (%s)", link->edge->child->name,
                      difference->child->column->name, relation, link->edge->parent->name,
                      difference->parent->column->name, end,
                      link_label(link->edge, naming->links->survey->arena));
}

/* An extreme where few rows are; it needs no stratum of its own where its bucket says it. */
static bool extreme_add(const struct naming *naming, const struct usual *usual,
                        struct extreme *extreme, const char *end, struct error *err)
{
    const struct difference *difference = naming->difference;
    unsigned bucket = extreme->bucket;

    if (!extreme->is_set || !is_odd(difference, usual, bucket) ||
        extreme->tally.rows == difference->buckets[bucket].rows)
        return true;
    return stratum_add(naming, &extreme->tally, "less", end, err);
}

static bool difference_yield(const struct naming *naming, struct error *err)
{
    struct difference *difference = &naming->link->differences[naming->index];
    const struct usual usual = usual_of(naming->links, difference);
    struct arena *arena = naming->links->survey->arena;
    bool of_time = difference->is_time;

    for (unsigned b = 0; b < difference->bucket_count; b++)
        if (is_odd(difference, &usual, b) &&
            !stratum_add(naming, &difference->buckets[b],
                         of_time ? time_sentence(b, arena) : amount_sentence(b, arena), "", err))
            return false;
    return extreme_add(naming, &usual, &difference->greatest, " is greatest", err) &&
           extreme_add(naming, &usual, &difference->least, " is least", err);
}

bool differences_yield(struct links *links, struct link *link, struct strata *strata,
                       struct error *err)
{
    strata_begin(strata, &links_difference);
    for (size_t d = 0; d < link->difference_count; d++) {
        struct naming naming = {links, link, d, &link->differences[d], strata};
        if (!difference_yield(&naming, err))
            return false;
    }
    return true;
}
