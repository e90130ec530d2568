/* Masks that protect little, said in the plan. Beside shifted times, two numbers of a row that are
 * both nearly as they were give a ratio (amount to quantity: a price), and a public series of
 * prices gives the time of it back (transforms.md section 6). */
#include "base/words.h"
#include "bind/binder.h"

#define SIGMA_USUAL  0.5
#define SCALES_USUAL 3u /* fewer leave long stretches straight */

static const struct yaml_node *param_of(const struct bound_column *bound, const char *name)
{
    return bound->node && bound->node->kind == YAML_MAPPING ? yaml_find(bound->node, name) : NULL;
}

static bool is_weak_factor(const struct bound_column *bound)
{
    const struct yaml_node *sigma = param_of(bound, "sigma");
    struct error unread = {0};
    double number = SIGMA_USUAL;

    return strcmp(bound->rule, "perturb") == 0 && sigma &&
           yaml_read_real(sigma, 0, SIGMA_USUAL, &number, &unread) && number < SIGMA_USUAL;
}

static bool is_number(const struct bound_column *bound)
{
    const enum kind kind = bound->column->type->kind;

    return kind == KIND_INTEGER || kind == KIND_REAL || kind == KIND_DECIMAL;
}

static bool is_in_key_or_edge(const struct binder *binder, const struct column *column)
{
    const struct table *table = column->table;

    for (size_t i = 0; i < table->key_count; i++)
        for (size_t c = 0; c < table->keys[i]->column_count; c++)
            if (table->keys[i]->columns[c] == column)
                return true;
    return binder->binding->domains->by_column[table->index][column->index]->has_edges;
}

/* As it was, coarser, or hardly moved. */
static bool is_weak_number(const struct binder *binder, const struct bound_column *bound)
{
    if (!bound->is_settled || bound->is_risk_accepted || !is_number(bound) ||
        is_in_key_or_edge(binder, bound->column))
        return false;
    for (size_t i = 0; i < bound->variant_count; i++) {
        const struct prepared_transform *rule = bound->variants[i].rule;

        if (!rule || (rule->preserves & PROPERTY_ORDER))
            return true;
    }
    return is_weak_factor(bound);
}

static bool is_shift(const struct bound_column *bound)
{
    return bound->is_settled && strcmp(bound->rule, "shift") == 0;
}

static bool warn_ratio(struct binder *binder, const struct bound_table *table)
{
    const struct bound_column *shifted = NULL, *first = NULL, *second = NULL;
    size_t count = 0;

    for (size_t i = 0; i < table->column_count; i++) {
        const struct bound_column *bound = &table->columns[i];

        shifted = !shifted && is_shift(bound) ? bound : shifted;
        if (!is_weak_number(binder, bound))
            continue;
        second = count == 1 ? bound : second;
        first = count++ == 0 ? bound : first;
    }
    if (!shifted || count < 2)
        return true;
    return binding_add_warning(
        binder->binding, "amounts",
        "%s: '%s' and '%s'%s are kept or hardly masked beside '%s': their ratio or product may "
        "follow a public series of prices and give the times away; perturb one of them",
        table->table->label, words_printable(binder->arena, first->column->name),
        words_printable(binder->arena, second->column->name), count > 2 ? ", and others," : "",
        words_printable(binder->arena, shifted->column->name));
}

static bool warn_weak(struct binder *binder, const struct bound_table *table,
                      const struct bound_column *bound)
{
    const struct yaml_node *mode = param_of(bound, "mode"), *scales = param_of(bound, "scales");
    const char *name = words_printable(binder->arena, bound->column->name);
    const char *label = table->table->label;

    if (is_weak_factor(bound))
        return binding_add_warning(binder->binding, "amounts",
                                   "%s.%s: a 'sigma' below %.1f leaves amounts near what they were",
                                   label, name, SIGMA_USUAL);
    if (is_shift(bound) && mode && mode->kind == YAML_SCALAR && strcmp(mode->text, "constant") == 0)
        return binding_add_warning(binder->binding, "times",
                                   "%s.%s: a constant shift is undone by whoever knows a few times "
                                   "of a person",
                                   label, name);
    if (is_shift(bound) && scales && scales->kind == YAML_SEQUENCE && scales->count < SCALES_USUAL)
        return binding_add_warning(binder->binding, "times",
                                   "%s.%s: 'scales' of %zu length%s protect less than the four "
                                   "of the default",
                                   label, name, scales->count, scales->count == 1 ? "" : "s");
    return true;
}

bool bind_amounts(struct binder *binder)
{
    for (size_t i = 0; i < binder->catalog->table_count; i++) {
        const struct bound_table *table = &binder->binding->tables[i];

        for (size_t c = 0; c < table->column_count; c++)
            if (table->columns[c].is_settled && !warn_weak(binder, table, &table->columns[c]))
                return false;
        if (!warn_ratio(binder, table))
            return false;
    }
    return !binder->has_memory_failed;
}
