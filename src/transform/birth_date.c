/* birth_date: another day of the same year, or of the same five years of age. */
#include "transform/params.h"

enum { BAND_YEARS = 5 };

struct birth_params {
    int years; /* of a band */
};

static bool birth_date_prepare(const struct transform_site *site, const struct yaml_node *params,
                               struct arena *arena, struct prepared_transform *prepared,
                               struct error *err)
{
    static const char *const words[] = {"year", "age_band"};
    const struct yaml_node *node = param_find(params, "keep");
    struct birth_params *made = ARENA_NEW(arena, struct birth_params);
    size_t index = 0;

    UNUSED(site);
    if (!made)
        return error_memory(err);
    prepared->params = made;
    if (!param_word(node, words, COUNT_OF(words), &index, err))
        return false;
    made->years = index == 0 ? 1 : BAND_YEARS;
    buf_add_format(prepared->canonical, "keep=%s;", words[index]);
    return true;
}

/* Another day of the same years, as far as the type has them. */
static int64_t day_move(const struct type *type, int64_t days, int years, uint64_t hash)
{
    const struct day_range range = day_range(type, days);
    int year, month, day;

    date_from_days(days, &year, &month, &day);

    assert(years > 0);

    const int first = (int)floor_to(year, years);
    int64_t start = date_to_days(first, 1, 1), end = date_to_days(first + years, 1, 1), moved;

    start = start < range.first ? range.first : start;
    end = end > range.end ? range.end : end;
    if (end - start < 2)
        return days;
    moved = start + (int64_t)siphash_below(hash, (uint64_t)(end - start - 1));
    return moved + (moved >= days);
}

static bool birth_date_apply(const struct transform_call *call, struct value *values,
                             uint32_t count, struct error *err)
{
    const struct birth_params *params = call->params;
    const bool is_date = call->type->kind == KIND_DATE;
    struct seeder seeder;
    bool is_whole;

    seeder_init(&seeder, call);
    for (uint32_t i = 0; i < count; i++) {
        int64_t *time = &values[i].integer;

        if (values[i].is_null)
            continue;
        if (time_is_sentinel(call->type->kind, *time)) {
            ++*call->unchanged;
            continue;
        }
        *time = day_move(call->type, is_date ? *time : floor_div(*time, DAY_US), params->years,
                         seeder_value(&seeder, &values[i], i, 0));
        *time *= is_date ? 1 : DAY_US;
    }
    is_whole = seeder_ok(&seeder, err);
    seeder_release(&seeder);
    return is_whole;
}

static const struct transform_param params[] = {
    {"keep", "year | age_band", "the calendar year (default), or five years"},
};

const struct transform transform_birth_date = {
    .name = "birth_date",
    .accepts = KIND_BIT(KIND_DATE) | KIND_BIT(KIND_TIMESTAMP) | KIND_BIT(KIND_INSTANT),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY,
    .identifies = true,
    .is_dense = true,
    .summary = "another day of the same year, or of the same five years",
    .example = "born_on: { rule: birth_date, keep: age_band }",
    .guarantee = "Ages stay right to a year (keep: year) or to five. A birth in the current year "
                 "may come to lie later in it.",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = birth_date_prepare,
    .apply = birth_date_apply,
};
