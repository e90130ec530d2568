/* Decimals and reals inside bounds, by walks along keyed cycles. */
#include "transform/redact_number.h"

#include "transform/form.h"
#include "transform/numbers.h"
#include "transform/params.h"
#include "value/real.h"

#include <math.h>
#include <string.h>

enum { TRIES = 256, TRIES_EXACT = 1 << 16 };

enum walk { WALK_DONE, WALK_KEPT, WALK_LOST };

static bool is_inside(const struct number_exchange *exchange, const struct value *value)
{
    double number = value->real;

    if (exchange->call->type->kind == KIND_DECIMAL && !real_parse(value->bytes, false, &number))
        return true;
    return bounds_hold(exchange->bounds, number);
}

static bool number_step(const struct number_exchange *exchange, struct value *value, bool *is_kept,
                        struct error *err)
{
    const struct transform_call *call = exchange->call;
    struct span moved;

    if (call->type->kind == KIND_REAL) {
        *is_kept = value->real == 0 || !isfinite(value->real);
        value->real = real_redact(exchange->key, value->real, type_width(call->type));
        return true;
    }
    assert(call->type->kind == KIND_DECIMAL);
    if (!decimal_permute(exchange->key, value->bytes, call->arena, &moved, is_kept, err))
        return false;
    value->bytes = moved;
    return true;
}

/* Steps until the value is on the side of the bounds where it began: one to one, for all of a cycle
 * that lie there are exchanged among themselves. */
static bool number_walk(const struct number_exchange *exchange, unsigned tries, struct value *value,
                        enum walk *walk, struct error *err)
{
    const bool was_inside = is_inside(exchange, value);
    bool is_kept = false;

    *walk = WALK_LOST;
    for (unsigned i = 0; i < tries && *walk == WALK_LOST; i++) {
        if (!number_step(exchange, value, &is_kept, err))
            return false;
        if (is_kept)
            *walk = WALK_KEPT;
        else if (is_inside(exchange, value) == was_inside)
            *walk = WALK_DONE;
    }
    return true;
}

/* Half of a real; a decimal without the digit behind its first, or with 0 before the point. */
static bool number_shrink(const struct transform_call *call, struct value *value, struct error *err)
{
    char *text;
    size_t at;

    if (call->type->kind == KIND_REAL) {
        value->real /= 2;
        if (type_width(call->type) == 4)
            value->real = (double)(float)value->real;
        return true;
    }
    text = arena_strndup(call->arena, value->bytes.ptr, value->bytes.len);
    if (!text)
        return error_memory(err);
    at = text[0] == '-';
    if (value->bytes.len > at + 1 && text[at + 1] != '.') {
        memmove(text + at + 1, text + at + 2, value->bytes.len - at - 2);
        value->bytes.len--;
    } else {
        text[at] = '0';
    }
    value->bytes.ptr = text;
    return true;
}

bool number_redact(const struct number_exchange *exchange, struct value *value, struct error *err)
{
    const struct value before = *value;
    const bool was_inside = is_inside(exchange, value);
    enum walk walk;

    if (!number_walk(exchange, exchange->is_exact ? TRIES_EXACT : TRIES, value, &walk, err))
        return false;
    if (walk == WALK_LOST && exchange->is_exact)
        return error_set(err, STATUS_POLICY, "the bounds of a unique number leave no stand-in");
    if (walk == WALK_LOST) {
        *value = before;
        if (!number_shrink(exchange->call, value, err) ||
            !number_walk(exchange, TRIES, value, &walk, err))
            return false;
        if (walk != WALK_DONE || is_inside(exchange, value) != was_inside) {
            *value = before;
            walk = WALK_KEPT;
        }
    }
    *exchange->call->unchanged += walk == WALK_KEPT;
    return true;
}
