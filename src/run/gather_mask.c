/* The ways in which the times of subjects are hidden: which are attacked, and what cannot be. */
#include "run/gather_internal.h"

#include "transform/params.h"

#include <string.h>

const char *gather_way_name(enum gather_way way)
{
    static const char *const names[] = {"none", "coarse", "constant", "warp"};

    assert(way < COUNT_OF(names));
    return names[way];
}

static bool warp_equal(const struct warp *a, const struct warp *b)
{
    return a->scale_count == b->scale_count && a->back_low == b->back_low &&
           a->back_high == b->back_high && a->week == b->week &&
           memcmp(a->scales, b->scales, a->scale_count * sizeof(a->scales[0])) == 0;
}

static bool mask_equal(const struct mask *a, const struct mask *b)
{
    return a->way == b->way && (!a->warp || warp_equal(a->warp, b->warp));
}

static bool table_is_filled(const struct bound_table *table)
{
    return table->role != ROLE_EXCLUDED && table->role != ROLE_EMPTY;
}

bool gather_has_subjects(const struct bound_table *table)
{
    return table->subject && !table->is_subject_shared && table_is_filled(table);
}

static bool kind_is_time(enum kind kind)
{
    return kind == KIND_DATE || kind == KIND_TIMESTAMP || kind == KIND_INSTANT;
}

/* What one variant of a column does to its times. Birth dates under their own rule are no events;
 * what holds times instead of being one is hidden, not attacked. */
struct mask gather_variant_mask(const struct bound_column *column, size_t variant)
{
    const struct prepared_transform *rule = column->variants[variant].rule;
    struct mask mask = {.way = GATHER_NONE};
    bool is_constant;

    if (!kind_is_time(column->column->type->kind))
        return mask;
    if (!rule)
        mask.way = GATHER_EXACT;
    else if (shift_describe(rule, &mask.warp, &is_constant))
        mask.way = is_constant ? GATHER_CONSTANT : GATHER_WARP;
    else if (strcmp(rule->transform->name, "shift") == 0)
        mask.way = GATHER_OTHER;
    else if (rule->preserves & PROPERTY_ORDER)
        mask.way = GATHER_COARSE;
    return mask;
}

static double warp_reach(const struct warp *warp)
{
    double sum = 0;

    for (size_t i = 0; warp && i < warp->scale_count; i++)
        sum += (double)warp->scales[i];
    return sum;
}

/* Below 0: `a` hides less than `b`. */
static int mask_compare(const struct mask *a, const struct mask *b)
{
    if (a->way != b->way)
        return a->way < b->way ? -1 : 1;
    if (a->way == GATHER_WARP && a->warp->scale_count != b->warp->scale_count)
        return a->warp->scale_count < b->warp->scale_count ? -1 : 1;
    return (warp_reach(a->warp) > warp_reach(b->warp)) -
           (warp_reach(a->warp) < warp_reach(b->warp));
}

int gather_mask_find(const struct gathering *gathering, const struct mask *mask)
{
    for (size_t i = 0; i < gathering->mask_count; i++)
        if (mask_equal(&gathering->masks[i], mask))
            return (int)i;
    return -1;
}

/* Keeps the masks in order, equals as they come. */
static void mask_insert(struct gathering *gathering, const struct mask *mask)
{
    size_t place = gathering->mask_count++;

    for (; place > 0 && mask_compare(mask, &gathering->masks[place - 1]) < 0; place--)
        gathering->masks[place] = gathering->masks[place - 1];
    gathering->masks[place] = *mask;
}

static void column_count_masks(struct gathering *gathering, const struct bound_column *column)
{
    for (size_t v = 0; v < column->variant_count; v++) {
        const struct mask mask = gather_variant_mask(column, v);
        bool is_new = true;

        for (size_t other = 0; other < v; other++) {
            const struct mask before = gather_variant_mask(column, other);

            is_new &= !mask_equal(&before, &mask);
        }
        if (mask.way >= GATHER_OTHER || !is_new)
            continue;
        if (gather_mask_find(gathering, &mask) < 0)
            mask_insert(gathering, &mask);
        gathering->masks[gather_mask_find(gathering, &mask)].column_count++;
    }
}

/* Leaves the weakest and the one of most columns. */
static void masks_cut(struct gathering *gathering)
{
    size_t all = 0, kept = 0;

    gathering->main = 0;
    for (size_t i = 0; i < gathering->mask_count; i++) {
        all += gathering->masks[i].column_count;
        if (gathering->masks[i].column_count > gathering->masks[gathering->main].column_count)
            gathering->main = i;
    }
    if (gathering->mask_count > GATHER_MASKS) {
        if (gathering->main >= GATHER_MASKS) {
            gathering->masks[GATHER_MASKS - 1] = gathering->masks[gathering->main];
            gathering->main = GATHER_MASKS - 1;
        }
        gathering->mask_count = GATHER_MASKS;
    }
    for (size_t i = 0; i < gathering->mask_count; i++)
        kept += gathering->masks[i].column_count;
    gathering->other_columns = all - kept;
}

static void mask_fill(struct mask *made)
{
    struct linkage_mask *mask = &made->mask;
    const struct week *week = made->warp ? made->warp->week : NULL;

    mask->time = made->way == GATHER_WARP       ? LINKAGE_TIME_WARP
                 : made->way == GATHER_CONSTANT ? LINKAGE_TIME_CONSTANT
                                                : LINKAGE_TIME_NONE;
    if (!made->warp)
        return;
    mask->back_low = made->warp->back_low;
    mask->back_high = made->warp->back_high;
    mask->scale_count = made->warp->scale_count;
    assert(mask->scale_count <= LINKAGE_SCALES_MAX);
    memcpy(mask->scales, made->warp->scales, mask->scale_count * sizeof(mask->scales[0]));
    if (!week)
        return;
    for (size_t hour = 0; hour <= LINKAGE_HOURS; hour++)
        made->week[hour] = (double)week->starts[hour] / (double)week->starts[LINKAGE_HOURS];
    mask->week = made->week;
}

bool gather_masks_choose(struct gathering *gathering, struct error *err)
{
    const struct binding *binding = gathering->binding;
    size_t most = 1;

    for (size_t t = 0; t < binding->catalog->table_count; t++)
        for (size_t c = 0; c < binding->tables[t].column_count; c++)
            most += binding->tables[t].columns[c].variant_count;
    gathering->masks = ARENA_ARRAY(gathering->arena, most, struct mask);
    gathering->units = ARENA_ARRAY(gathering->arena, most, int64_t);
    if (!gathering->masks || !gathering->units)
        return error_memory(err);
    for (size_t t = 0; t < binding->catalog->table_count; t++)
        for (size_t c = 0;
             gather_has_subjects(&binding->tables[t]) && c < binding->tables[t].column_count; c++)
            column_count_masks(gathering, &binding->tables[t].columns[c]);
    masks_cut(gathering);
    for (size_t i = 0; i < gathering->mask_count; i++)
        mask_fill(&gathering->masks[i]);
    return true;
}

/* An array or a range of times that some rows keep as it was. */
static bool is_hidden(const struct bound_column *column)
{
    const struct type *type = type_ground(column->column->type);

    while (type->element && type->class != TYPE_BASE)
        type = type_ground(type->element);
    if (type == type_ground(column->column->type) || !kind_is_time(type->kind))
        return false;
    for (size_t v = 0; v < column->variant_count; v++)
        if (!column->variants[v].rule)
            return true;
    return false;
}

static bool column_has(const struct bound_column *column, enum gather_way way)
{
    for (size_t v = 0; v < column->variant_count; v++)
        if (gather_variant_mask(column, v).way == way)
            return true;
    return false;
}

void gathering_survey(const struct selection *selection, struct gather_survey *survey)
{
    const struct binding *binding = selection->binding;

    *survey = (struct gather_survey){0};
    for (size_t t = 0; t < binding->catalog->table_count; t++) {
        const struct bound_table *table = &binding->tables[t];
        const bool is_owned = gather_has_subjects(table);

        if (!table_is_filled(table) || table->is_subject_none ||
            selection->tables[t].row_count == 0)
            continue;
        for (size_t c = 0; c < table->column_count; c++) {
            const struct bound_column *column = &table->columns[c];
            const bool is_exact =
                column_has(column, GATHER_EXACT) || column_has(column, GATHER_COARSE);

            survey->ownerless += binding->subject_count == 0 && is_exact;
            survey->ambiguous += table->is_subject_ambiguous && is_exact;
            survey->hidden += is_owned && is_hidden(column);
            survey->other += is_owned && column_has(column, GATHER_OTHER);
        }
    }
}
