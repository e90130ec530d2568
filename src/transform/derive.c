/* derive: arithmetic on the row's rewritten columns, so that what was equal stays equal. */
#include "transform/expression.h"
#include "transform/params.h"
#include "value/real.h"

#include <math.h>
#include <string.h>

struct derive_params {
    struct expression expression;
    uint32_t positions[EXPRESSION_STEPS_MAX];
    const struct type *types[EXPRESSION_STEPS_MAX];
    const char *label;
    bool is_real;               /* a binary floating point number takes part */
    bool is_free;               /* numeric without precision */
    unsigned scale;             /* digits behind the point of the result */
    unsigned whole;             /* before it; 0: no limit */
    struct integer_range range; /* integers */
    bool is_single;
};

static bool companions_find(const struct transform_site *site, const struct yaml_node *node,
                            struct derive_params *made, struct error *err)
{
    made->is_real = site->type->kind == KIND_REAL;
    for (size_t i = 0; i < made->expression.column_count; i++) {
        const char *name = made->expression.columns[i];
        const struct type *type;

        if (site->column && site->column->name && strcmp(name, site->column->name) == 0)
            return yaml_error(node, err, "the expression names its own column");
        if (!site_companion(site, node, name, &made->positions[i], &type, err))
            return false;
        if (type->kind != KIND_INTEGER && type->kind != KIND_DECIMAL && type->kind != KIND_REAL)
            return yaml_error(node, err, "column '%s' is no number", name);
        made->types[i] = type;
        made->is_real |= type->kind == KIND_REAL;
    }
    return true;
}

static bool derive_prepare(const struct transform_site *site, const struct yaml_node *params,
                           struct arena *arena, struct prepared_transform *prepared,
                           struct error *err)
{
    const struct yaml_node *node = param_find(params, "expression");
    struct derive_params *made = ARENA_NEW(arena, struct derive_params);
    const struct column *column = site->column;
    const char *text, *fault;

    if (!made)
        return error_memory(err);
    prepared->params = made;
    if (!node) {
        error_set(err, STATUS_PROFILE, "'derive' needs an 'expression'");
        return error_hint(err, "write { rule: derive, expression: net + tax }");
    }
    if (!yaml_read_string(node, &text, err))
        return false;
    fault = expression_read(text, arena, &made->expression);
    if (fault)
        return yaml_error(node, err, "the expression cannot be read: %s", fault);
    made->label = site->label;
    made->is_single = type_width(site->type) == sizeof(float);
    if (site->type->kind == KIND_INTEGER)
        made->range = integer_range(site->type, column);
    made->is_free = site->type->kind == KIND_DECIMAL && (!column || column->precision == 0);
    if (!made->is_free && site->type->kind == KIND_DECIMAL) {
        made->scale = column->scale;
        made->whole = whole_digits(site);
    }
    return companions_find(site, node, made, err);
}

static bool derive_failed(const struct derive_params *params, struct error *err)
{
    error_set(err, STATUS_PROFILE, "the expression's result does not fit column '%s'",
              params->label);
    return error_hint(err, "a division by zero, too many digits, or no number; use another rule");
}

enum operands { OPERANDS_READY, OPERANDS_NULL, OPERANDS_UNFIT };

static bool exact_operand(const struct type *type, const struct value *value, struct exact *number)
{
    if (type->kind == KIND_DECIMAL)
        return exact_read(value->bytes, number);
    *number = (struct exact){integer_wide(type, value->integer), 0};
    return true;
}

static bool real_operand(const struct type *type, const struct value *value, double *number)
{
    if (type->kind == KIND_DECIMAL)
        return real_parse(value->bytes, false, number);
    *number = type->kind == KIND_REAL ? value->real : (double)integer_wide(type, value->integer);
    return true;
}

static enum operands operands_read(const struct transform_call *call, uint32_t row,
                                   struct exact *exact, double *real)
{
    const struct derive_params *params = call->params;

    for (size_t i = 0; i < params->expression.column_count; i++) {
        const struct value *value = &call->companions[params->positions[i]][row];

        if (value->is_null)
            return OPERANDS_NULL;
    }
    for (size_t i = 0; i < params->expression.column_count; i++) {
        const struct value *value = &call->companions[params->positions[i]][row];

        if (params->is_real ? !real_operand(params->types[i], value, &real[i])
                            : !exact_operand(params->types[i], value, &exact[i]))
            return OPERANDS_UNFIT;
    }
    return OPERANDS_READY;
}

static bool integer_store(const struct derive_params *params, struct exact result,
                          struct value *value)
{
    assert(params->range.low < params->range.high);
    if (!exact_round(result, 0, &result) || result.number > params->range.high ||
        result.number < params->range.low)
        return false;
    value->integer = (int64_t)result.number;
    return true;
}

static bool decimal_store(const struct derive_params *params, struct exact result,
                          struct arena *arena, struct value *value, struct error *err)
{
    wide limit = 1;

    if (!params->is_free && !exact_round(result, params->scale, &result))
        return derive_failed(params, err);
    for (unsigned i = 0; i < params->whole + params->scale && i < 38; i++)
        limit *= 10;
    if (!params->is_free && params->whole + params->scale < 38 &&
        (result.number >= limit || result.number <= -limit))
        return derive_failed(params, err);
    value->bytes = exact_write(result, arena);
    return value->bytes.ptr || error_memory(err);
}

/* A floating point result in a column that holds none goes through its shortest decimal. */
static bool real_store(const struct transform_call *call, double result, struct value *value,
                       struct error *err)
{
    const struct derive_params *params = call->params;
    struct exact exact;
    struct buf text;
    bool is_read;

    if (call->type->kind == KIND_REAL) {
        value->real = params->is_single ? (double)(float)result : result;
        return isfinite(value->real) || derive_failed(params, err);
    }
    if (!isfinite(result))
        return derive_failed(params, err);
    buf_init(&text, 4096);
    real_canonical(result, &text);
    is_read = buf_ok(&text) && exact_read(buf_span(&text), &exact);
    buf_release(&text);
    if (!is_read)
        return derive_failed(params, err);
    if (call->type->kind == KIND_INTEGER)
        return integer_store(params, exact, value) || derive_failed(params, err);
    return decimal_store(params, exact, call->arena, value, err);
}

static bool derive_value(const struct transform_call *call, uint32_t row, struct value *value,
                         struct error *err)
{
    const struct derive_params *params = call->params;
    struct exact exact[EXPRESSION_STEPS_MAX] = {{0}}, result;
    double real[EXPRESSION_STEPS_MAX] = {0};
    const enum operands operands = operands_read(call, row, exact, real);

    value->is_null = operands == OPERANDS_NULL;
    if (value->is_null)
        return true;
    if (operands == OPERANDS_UNFIT)
        return derive_failed(params, err);
    if (params->is_real)
        return real_store(call, expression_real(&params->expression, real), value, err);
    if (!expression_exact(&params->expression, exact, params->is_free ? 10 : params->scale,
                          &result))
        return derive_failed(params, err);
    if (call->type->kind == KIND_INTEGER)
        return integer_store(params, result, value) || derive_failed(params, err);
    return decimal_store(params, result, call->arena, value, err);
}

static bool derive_apply(const struct transform_call *call, struct value *values, uint32_t count,
                         struct error *err)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!values[i].is_null && !derive_value(call, i, &values[i], err))
            return false;
    }
    return true;
}

static const struct transform_param params[] = {
    {"expression", "+ - * / ( ) over columns", "computed from the row's rewritten values"},
};

const struct transform transform_derive = {
    .name = "derive",
    .accepts = KIND_BIT(KIND_INTEGER) | KIND_BIT(KIND_REAL) | KIND_BIT(KIND_DECIMAL),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .preserves = PROPERTY_NULLS,
    .needs = NEED_COMPANIONS,
    .summary = "arithmetic on the row's rewritten columns",
    .example = "total: { rule: derive, expression: net + tax }",
    .guarantee = "Decimals are exact and rounded to the column's scale. NULL where the value or an "
                 "operand is NULL. A result that does not fit ends the run.",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = derive_prepare,
    .apply = derive_apply,
};
