/* Ranges and multiranges as the server would store them. */
#include "value/range.h"

#include "value/decimal.h"
#include "value/type.h"

#include <math.h>
#include <stdlib.h>

static bool kind_is_ordered(enum kind kind)
{
    switch (kind) {
    case KIND_INTEGER:
    case KIND_REAL:
    case KIND_DECIMAL:
    case KIND_DATE:
    case KIND_TIME:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        return true;
    default:
        return false;
    }
}

bool range_is_known(const struct type *range)
{
    if (range->class == TYPE_MULTIRANGE)
        range = type_base(range->element);
    assert(range->class == TYPE_RANGE);
    if (range->step == RANGE_UNKNOWN)
        return false;
    const struct type *bound = type_base(range->element);

    return bound->class == TYPE_BASE && kind_is_ordered(bound->kind);
}

static int order_of(bool is_greater, bool is_less)
{
    return is_greater - is_less;
}

/* NaN is above all and equal to itself, as in the server. */
static int real_compare(double a, double b)
{
    if (isnan(a) || isnan(b))
        return order_of(isnan(a) && !isnan(b), !isnan(a));
    return order_of(a > b, a < b);
}

static int digits_compare(struct span a, struct span b)
{
    const uint32_t shared = a.len < b.len ? a.len : b.len;
    const int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;

    return order ? order : order_of(a.len > b.len, a.len < b.len);
}

/* Zeros at the end of a fraction do not count, and no more does the sign of zero. */
static struct decimal decimal_trim(struct span text)
{
    struct decimal decimal = decimal_read(text);

    assert(decimal.class != DECIMAL_INVALID);
    while (decimal.fraction.len > 0 && decimal.fraction.ptr[decimal.fraction.len - 1] == '0')
        decimal.fraction.len--;
    decimal.is_negative = decimal.is_negative && decimal.whole.len + decimal.fraction.len > 0;
    return decimal;
}

/* -Infinity, the numbers, Infinity, NaN. */
static int class_rank(enum decimal_class class)
{
    return class == DECIMAL_NAN                 ? 3
           : class == DECIMAL_INFINITY          ? 2
           : class == DECIMAL_NEGATIVE_INFINITY ? 0
                                                : 1;
}

static int decimal_compare(struct span left, struct span right)
{
    const struct decimal a = decimal_trim(left), b = decimal_trim(right);
    const int ranks = class_rank(a.class) - class_rank(b.class);
    int order;

    if (ranks || a.class != DECIMAL_FINITE)
        return ranks;
    if (a.is_negative != b.is_negative)
        return order_of(b.is_negative, a.is_negative);
    order = order_of(a.whole.len > b.whole.len, a.whole.len < b.whole.len);
    if (!order)
        order = digits_compare(a.whole, b.whole);
    if (!order)
        order = digits_compare(a.fraction, b.fraction);
    return a.is_negative ? -order : order;
}

static int value_compare(enum kind kind, const struct value *a, const struct value *b)
{
    assert(!a->is_null && !b->is_null);
    if (kind == KIND_REAL)
        return real_compare(a->real, b->real);
    if (kind == KIND_DECIMAL)
        return decimal_compare(a->bytes, b->bytes);
    const int64_t left = a->integer, right = b->integer;

    return order_of(left > right, left < right);
}

/* The brackets of a discrete range say nothing of its bounds: they are always the same. */
static void bounds_exchange(const struct type *range, struct parts *parts)
{
    const struct value lower = parts->values[0];
    const bool is_lower_in = parts->flags & RANGE_LOWER_INCLUDED;
    const bool is_upper_in = parts->flags & RANGE_UPPER_INCLUDED;

    parts->values[0] = parts->values[1];
    parts->values[1] = lower;
    if (range->step == RANGE_DISCRETE)
        return;
    parts->flags =
        (is_upper_in ? RANGE_LOWER_INCLUDED : 0) | (is_lower_in ? RANGE_UPPER_INCLUDED : 0);
}

/* The greatest value of a discrete type that another one follows; ±infinity has no neighbors. */
static bool has_next(const struct type *bound, int64_t number)
{
    if (bound->kind == KIND_DATE)
        return number != TIME_MIN && number != TIME_MAX && time_fits(bound, number + 1);
    return number != INT64_MAX && integer_fits(bound, number + 1);
}

/* What the canonical functions of the server do: [a,b). */
static void discrete_settle(const struct type *bound, struct parts *parts)
{
    struct value *lower = &parts->values[0], *upper = &parts->values[1];

    if (!lower->is_null && !(parts->flags & RANGE_LOWER_INCLUDED) &&
        has_next(bound, lower->integer)) {
        lower->integer++;
        parts->flags |= RANGE_LOWER_INCLUDED;
    }
    if (!upper->is_null && (parts->flags & RANGE_UPPER_INCLUDED) &&
        has_next(bound, upper->integer)) {
        upper->integer++;
        parts->flags &= ~RANGE_UPPER_INCLUDED;
    }
    if (lower->is_null || upper->is_null || lower->integer < upper->integer ||
        (parts->flags & RANGE_UPPER_INCLUDED))
        return;
    parts->flags |= RANGE_LOWER_INCLUDED;
    if (has_next(bound, lower->integer))
        upper->integer = lower->integer + 1;
    else if (bound->kind == KIND_DATE && (lower->integer == TIME_MIN || lower->integer == TIME_MAX))
        parts->flags |= RANGE_UPPER_INCLUDED;
    else
        lower->integer--;
}

void range_settle(const struct type *range, struct parts *parts)
{
    const struct type *bound = type_base(range->element);
    const struct value *lower = &parts->values[0], *upper = &parts->values[1];

    assert(parts->count == 2 && range_is_known(range));
    if (parts->flags & RANGE_EMPTY)
        return;
    if (!lower->is_null && !upper->is_null) {
        const int order = value_compare(bound->kind, lower, upper);

        if (order > 0)
            bounds_exchange(range, parts);
        if (order == 0 && range->step == RANGE_CONTINUOUS)
            parts->flags |= RANGE_LOWER_INCLUDED | RANGE_UPPER_INCLUDED;
    }
    if (range->step == RANGE_DISCRETE)
        discrete_settle(bound, parts);
}

/* Where a bound stands among others: infinite ones outside, then by value, then by bracket. */
static int bound_compare(enum kind kind, const struct parts *a, int side_a, const struct parts *b,
                         int side_b)
{
    const struct value *left = &a->values[side_a], *right = &b->values[side_b];
    static const unsigned included[] = {RANGE_LOWER_INCLUDED, RANGE_UPPER_INCLUDED};
    const int left_end = left->is_null ? (side_a ? 1 : -1) : 0;
    const int right_end = right->is_null ? (side_b ? 1 : -1) : 0;

    if (left_end || right_end)
        return order_of(left_end > right_end, left_end < right_end);
    const int order = value_compare(kind, left, right);

    if (order)
        return order;
    /* Without its value a lower bound begins behind it, and an upper one ends before it. */
    const int left_edge = a->flags & included[side_a] ? 0 : side_a ? -1 : 1;
    const int right_edge = b->flags & included[side_b] ? 0 : side_b ? -1 : 1;

    return order_of(left_edge > right_edge, left_edge < right_edge);
}

/* `next` begins within `range` or right behind it: nothing lies between them. */
static bool ranges_touch(enum kind kind, const struct parts *range, const struct parts *next)
{
    const struct value *upper = &range->values[1], *lower = &next->values[0];

    if (bound_compare(kind, range, 1, next, 0) >= 0)
        return true;
    return !upper->is_null && !lower->is_null && value_compare(kind, upper, lower) == 0 &&
           ((range->flags & RANGE_UPPER_INCLUDED) || (next->flags & RANGE_LOWER_INCLUDED));
}

static int ranges_compare(const void *left, const void *right, void *context)
{
    const struct parts *a = ((const struct value *)left)->parts;
    const struct parts *b = ((const struct value *)right)->parts;
    const enum kind kind = *(const enum kind *)context;
    const int order = bound_compare(kind, a, 0, b, 0);

    return order ? order : bound_compare(kind, a, 1, b, 1);
}

void multirange_settle(const struct type *range, struct parts *parts)
{
    enum kind kind = type_base(range->element)->kind;
    uint32_t count = 0;

    for (uint32_t i = 0; i < parts->count; i++) {
        assert(!parts->values[i].is_null);
        range_settle(range, parts->values[i].parts);
    }
    if (parts->count > 1)
        qsort_r(parts->values, parts->count, sizeof(*parts->values), ranges_compare, &kind);
    for (uint32_t i = 0; i < parts->count; i++) {
        struct parts *next = parts->values[i].parts;
        struct parts *last = count > 0 ? parts->values[count - 1].parts : NULL;

        if (next->flags & RANGE_EMPTY)
            continue;
        if (!last || !ranges_touch(kind, last, next)) {
            parts->values[count++] = parts->values[i];
            continue;
        }
        if (bound_compare(kind, last, 1, next, 1) >= 0)
            continue;
        const unsigned upper = RANGE_UPPER_INCLUDED | RANGE_UPPER_INFINITE;

        last->values[1] = next->values[1];
        last->flags = (last->flags & ~upper) | (next->flags & upper);
    }
    parts->count = count;
}
