/* shift: times of a subject move together, by weeks and by stretches, and never change order. */
#include "transform/feistel.h"
#include "transform/params.h"
#include "transform/warp.h"

#include <string.h>

enum shift_mode { SHIFT_WARP, SHIFT_CONSTANT, SHIFT_UNIQUE };

struct shift_params {
    struct warp warp;
    enum shift_mode mode;
    enum kind kind;
    int64_t unit; /* of the column, microseconds; a day for dates */
    bool has_companion;
    uint32_t companion;
    enum kind companion_kind;
};

enum { BLOCK_DAYS = 28, WEEKS_LOW = 7, WEEKS_HIGH = 58 };

static const int64_t default_scales[] = {91 * DAY_US, 7 * DAY_US, DAY_US, DAY_US / 12};

static bool scales_read(const struct yaml_node *node, struct warp *warp, struct error *err)
{
    if (!node) {
        warp->scale_count = COUNT_OF(default_scales);
        memcpy(warp->scales, default_scales, sizeof(default_scales));
        return true;
    }
    if (node->kind != YAML_SEQUENCE || node->count == 0 || node->count > WARP_SCALES_MAX)
        return yaml_error(node, err, "expected one to %d durations, the longest first",
                          WARP_SCALES_MAX);
    for (size_t i = 0; i < node->count; i++) {
        if (!yaml_read_duration(node->items[i], &warp->scales[i], err))
            return false;
        if (warp->scales[i] < DAY_US / 24 || warp->scales[i] > 730 * DAY_US)
            return yaml_error(node->items[i], err, "a scale lies between 1h and 730d");
        if (i > 0 && warp->scales[i] >= warp->scales[i - 1])
            return yaml_error(node->items[i], err, "each scale is shorter than the one before");
    }
    warp->scale_count = node->count;
    return true;
}

static bool back_read(const struct yaml_node *node, struct warp *warp, struct error *err)
{
    int64_t low = WEEKS_LOW * WEEK_US, high = WEEKS_HIGH * WEEK_US;

    if (node) {
        if (node->kind != YAML_SEQUENCE || node->count != 2)
            return yaml_error(node, err, "expected two durations: [least, most]");
        if (!yaml_read_duration(node->items[0], &low, err) ||
            !yaml_read_duration(node->items[1], &high, err))
            return false;
        if (low % WEEK_US != 0 || high % WEEK_US != 0 || low <= 0 || high < low ||
            high > 5200 * WEEK_US)
            return yaml_error(node, err, "'back' counts whole weeks, the least first");
    }
    warp->back_low = low / WEEK_US;
    warp->back_high = high / WEEK_US;
    return true;
}

/* Displacements add up to 0.45 of the scales; a shorter way back would reach the future. */
static bool back_suffices(const struct warp *warp, const struct yaml_node *node, struct error *err)
{
    int64_t sum = 0;

    assert(warp->scale_count > 0);
    for (size_t i = 0; i < warp->scale_count; i++)
        sum += warp->scales[i];
    if (warp->back_low * WEEK_US * 100 > sum * 45)
        return true;
    if (node)
        (void)yaml_error(node, err,
                         "the least 'back' does not exceed 0.45 of the scales' sum, so "
                         "times would move into the future");
    else
        error_set(err, STATUS_PROFILE,
                  "the least 'back' does not exceed 0.45 of the scales' sum, "
                  "so times would move into the future");
    sum = sum * 45 / 100 / WEEK_US + 1;
    return error_hint(err, "go back at least %lld weeks, or use shorter 'scales'", (long long)sum);
}

static bool mode_read(const struct transform_site *site, const struct yaml_node *params,
                      enum shift_mode *mode, struct error *err)
{
    static const char *const words[] = {"warp", "constant"};
    const struct yaml_node *node = param_find(params, "mode");
    const struct yaml_node *unique = param_find(params, "unique");
    const struct yaml_node *scales = param_find(params, "scales");
    size_t index = 0;
    bool is_unique = false;

    if (!param_word(node, words, COUNT_OF(words), &index, err))
        return false;
    if (unique && !yaml_read_bool(unique, &is_unique, err))
        return false;
    if (index == 1 && is_unique)
        return yaml_error(node, err, "'mode: constant' and 'unique: true' exclude one another");
    if (index == 1 && !site->accept_risk) {
        error_set(err, STATUS_POLICY,
                  "a constant shift is no protection against somebody who "
                  "knows a few times of a person");
        return error_hint(err, "leave 'mode' out, or say 'accept_risk: WHY'");
    }
    *mode = is_unique ? SHIFT_UNIQUE : index == 1 ? SHIFT_CONSTANT : SHIFT_WARP;
    if (scales && *mode != SHIFT_WARP)
        return yaml_error(scales, err, "'scales' belongs to 'mode: warp'");
    /* Times that move with others may meet: whatever is one to one is so alone. */
    if (is_unique && site->with)
        return yaml_error(unique, err, "'with' and 'unique: true' exclude one another");
    return true;
}

static bool companion_read(const struct transform_site *site, struct prepared_transform *prepared,
                           struct shift_params *made, struct error *err)
{
    const struct type *type;

    if (!site->with)
        return true;
    if (!site_companion(site, NULL, site->with, &made->companion, &type, err))
        return false;
    if (type->kind != KIND_DATE && type->kind != KIND_TIMESTAMP && type->kind != KIND_INSTANT)
        return error_set(err, STATUS_PROFILE, "'with' names '%s', which holds no time", site->with);
    made->has_companion = true;
    made->companion_kind = type->kind;
    prepared->needs |= NEED_COMPANIONS;
    return true;
}

static void canonical_add(const struct shift_params *made, struct buf *canonical)
{
    buf_add_format(canonical, "mode=%d;back=%lld,%lld;scales=", made->mode,
                   (long long)made->warp.back_low, (long long)made->warp.back_high);
    for (size_t i = 0; i < made->warp.scale_count; i++)
        buf_add_format(canonical, "%lld,", (long long)made->warp.scales[i]);
    if (!made->warp.week)
        return;
    buf_add_format(canonical, ";week=");
    for (size_t i = 0; i < WEEK_HOURS; i++)
        buf_add_format(canonical, "%lld,", (long long)made->warp.week->counts[i]);
}

static bool shift_prepare(const struct transform_site *site, const struct yaml_node *params,
                          struct arena *arena, struct prepared_transform *prepared,
                          struct error *err)
{
    struct shift_params *made = ARENA_NEW(arena, struct shift_params);
    const struct yaml_node *back = param_find(params, "back");

    if (!made)
        return error_memory(err);
    prepared->params = made;
    made->kind = site->type->kind;
    made->unit = made->kind == KIND_DATE ? DAY_US : column_time_unit(site->column);
    if (!scales_read(param_find(params, "scales"), &made->warp, err) ||
        !back_read(back, &made->warp, err) || !mode_read(site, params, &made->mode, err))
        return false;
    made->warp.week = made->mode == SHIFT_WARP ? site->week : NULL;
    if (made->mode == SHIFT_WARP && !back_suffices(&made->warp, back, err))
        return false;
    if (made->mode == SHIFT_UNIQUE) {
        prepared->uniqueness = UNIQUENESS_PRESERVED;
        prepared->needs &= ~(unsigned)NEED_SUBJECT;
        prepared->preserves &= ~(unsigned)PROPERTY_ORDER;
    }
    canonical_add(made, prepared->canonical);
    return companion_read(site, prepared, made, err);
}

/* The whole column moves by the same weeks; days change places inside blocks of 28, and moments
 * inside their day. Not keyed by subject, for distinct values of two subjects stay distinct too. */
static int64_t unique_apply(const struct transform_call *call, int64_t time)
{
    const struct shift_params *params = call->params;
    const int64_t back = warp_weeks(&params->warp, &call->key->sip, 0) * 7;
    const int64_t day = floor_div(time, DAY_US), block = floor_div(day, BLOCK_DAYS);
    struct feistel days, moments;
    int64_t moved, place;

    assert(params->unit > 0 && DAY_US % params->unit == 0);
    feistel_init(&days, BLOCK_DAYS);
    moved =
        block * BLOCK_DAYS + (int64_t)feistel_apply(&days, &call->key->sip, (uint64_t)block << 1,
                                                    (uint64_t)(day - block * BLOCK_DAYS));
    if (params->unit == DAY_US)
        return (moved - back) * DAY_US;
    feistel_init(&moments, (uint64_t)(DAY_US / params->unit));
    place = (int64_t)feistel_apply(&moments, &call->key->sip, (uint64_t)day << 1 | 1,
                                   (uint64_t)((time - day * DAY_US) / params->unit));
    return (moved - back) * DAY_US + place * params->unit;
}

static int64_t time_us(enum kind kind, int64_t time)
{
    return kind == KIND_DATE ? time * DAY_US + DAY_US / 2 : time;
}

/* How far the companion of this row moved, unless it stayed or is NULL. */
static bool companion_moved(const struct transform_call *call, uint32_t row, int64_t *moved)
{
    const struct shift_params *params = call->params;
    const struct value *before, *after;

    if (!params->has_companion)
        return false;
    before = &call->companion_inputs[params->companion][row];
    after = &call->companions[params->companion][row];
    if (before->is_null || after->is_null || before->integer == after->integer ||
        time_is_sentinel(params->companion_kind, before->integer) ||
        time_is_partial(params->companion_kind, before->integer) ||
        time_is_partial(params->companion_kind, after->integer))
        return false;
    *moved =
        (after->integer - before->integer) * (params->companion_kind == KIND_DATE ? DAY_US : 1);
    return true;
}

/* Dates so late that their microseconds need more than 64 bits go back by weeks alone. */
#define DAYS_LIMIT (INT64_MAX / DAY_US - 1000000)

static int64_t time_shift(const struct transform_call *call, struct warp_memory *memory,
                          uint32_t row, int64_t time)
{
    const struct shift_params *params = call->params;
    const uint64_t subject = call->subjects ? call->subjects[row] : 0;
    const uint64_t calendar = params->mode == SHIFT_UNIQUE ? 0 : subject;
    int64_t moved, us;

    if (params->kind == KIND_DATE && time > DAYS_LIMIT)
        return time - 7 * warp_weeks(&params->warp, &call->key->sip, calendar);
    assert(params->mode != SHIFT_WARP || call->subjects);
    us = time_us(params->kind, time);
    if (companion_moved(call, row, &moved))
        us += moved;
    else if (params->mode == SHIFT_UNIQUE)
        us = unique_apply(call, us);
    else if (params->mode == SHIFT_CONSTANT)
        us -= warp_weeks(&params->warp, &call->key->sip, calendar) * WEEK_US;
    else
        us = warp_apply(&params->warp, &call->key->sip, memory, subject, us);
    if (us < FIRST_DAY * DAY_US)
        us = FIRST_DAY * DAY_US;
    us = floor_div(us, params->unit);
    return params->kind == KIND_DATE ? us : us * params->unit;
}

static bool shift_apply(const struct transform_call *call, struct value *values, uint32_t count,
                        struct error *err)
{
    const struct shift_params *params = call->params;
    struct warp_memory memory = {0};

    UNUSED(err);
    for (uint32_t i = 0; i < count; i++) {
        if (values[i].is_null)
            continue;
        if (time_is_sentinel(params->kind, values[i].integer))
            ++*call->unchanged;
        else
            values[i].integer = time_shift(call, &memory, i, values[i].integer);
    }
    return true;
}

static const struct transform_param params[] = {
    {"back", "[weeks, weeks]", "how far everything goes back at least and at most; [7w, 58w]"},
    {"scales", "list of durations", "distances of the knots; [91d, 7d, 1d, 2h]"},
    {"mode", "warp | constant",
     "warp (default); constant keeps all intervals and needs accept_risk"},
    {"unique", "true | false", "one to one, for unique columns; the order is lost"},
    {"with", "column", "moves together with another time of its row"},
};

const struct transform transform_shift = {
    .name = "shift",
    .accepts = KIND_BIT(KIND_DATE) | KIND_BIT(KIND_TIMESTAMP) | KIND_BIT(KIND_INSTANT),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_ORDER | PROPERTY_CALENDAR,
    .is_semantic = true, /* one calendar for all of a subject's columns */
    .needs = NEED_SUBJECT,
    .summary = "times moved back and stretched, together for each subject",
    .example = "created_at: shift",
    .guarantee = "Order within a subject is never reversed, nothing moves into the future, and "
                 "infinities, 1970-01-01 and 9999-12-31 stay. Lengths of intervals change.",
    .uniqueness_here =
        "distinct values may become equal: refused on unique columns and keys, unless "
        "'unique: true'",
    .risk = "'mode: constant', and a table of subjects.none that refers to a subject",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = shift_prepare,
    .apply = shift_apply,
};

bool shift_describe(const struct prepared_transform *rule, const struct warp **warp,
                    bool *is_constant)
{
    const struct shift_params *made = rule->params;

    if (rule->transform != &transform_shift || made->mode == SHIFT_UNIQUE)
        return false;
    *warp = &made->warp;
    *is_constant = made->mode == SHIFT_CONSTANT;
    return true;
}
