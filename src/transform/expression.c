/* Arithmetic over other columns: a recursive descent into reverse Polish steps, and two walks over
 * them, one exact and one in binary floating point. */
#include "transform/expression.h"

#include <string.h>

enum { DEPTH_MAX = 32 };

struct parser {
    const char *at;
    struct expression *expression;
    struct arena *arena;
    const char *fault;
    unsigned depth;
};

static void parse_sum(struct parser *parser);

static void fault_set(struct parser *parser, const char *fault)
{
    if (!parser->fault)
        parser->fault = fault;
}

static void blanks_skip(struct parser *parser)
{
    while (*parser->at == ' ' || *parser->at == '\t' || *parser->at == '\n')
        parser->at++;
}

static struct step *step_add(struct parser *parser, char operation)
{
    struct expression *expression = parser->expression;
    struct step *step;

    if (expression->step_count == EXPRESSION_STEPS_MAX) {
        fault_set(parser, "it is too long");
        return &expression->steps[EXPRESSION_STEPS_MAX - 1];
    }
    assert(expression->step_count < EXPRESSION_STEPS_MAX);
    step = &expression->steps[expression->step_count++];
    *step = (struct step){.operation = operation};
    return step;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

static void column_add(struct parser *parser, const char *name)
{
    struct expression *expression = parser->expression;
    uint32_t index = 0;

    if (!name) {
        fault_set(parser, "there is no memory for it");
        return;
    }
    while (index < expression->column_count && strcmp(expression->columns[index], name) != 0)
        index++;
    /* There are no more columns than steps. */
    step_add(parser, 'c')->column = index;
    if (index == expression->column_count && !parser->fault)
        expression->columns[expression->column_count++] = name;
}

static void parse_quoted(struct parser *parser)
{
    const char *at = parser->at + 1;
    char *name = arena_alloc(parser->arena, strlen(at) + 1);
    size_t len = 0;

    while (*at && (*at != '"' || at[1] == '"')) {
        at += *at == '"';
        if (name)
            name[len++] = *at;
        at++;
    }
    if (*at != '"' || (name && len == 0)) {
        fault_set(parser, "a quoted name does not end");
        return;
    }
    parser->at = at + 1;
    column_add(parser, name);
}

static void parse_number(struct parser *parser)
{
    const char *start = parser->at;
    struct exact number;

    while ((*parser->at >= '0' && *parser->at <= '9') || *parser->at == '.')
        parser->at++;
    if (is_name_byte(*parser->at) ||
        !exact_read(span_make(start, (size_t)(parser->at - start)), &number))
        fault_set(parser, "a number cannot be read");
    else
        step_add(parser, 'n')->number = number;
}

static void parse_operand(struct parser *parser)
{
    blanks_skip(parser);
    if (parser->fault || ++parser->depth > DEPTH_MAX) {
        fault_set(parser, "it is nested too deeply");
        return;
    }
    if (*parser->at == '-') {
        parser->at++;
        parse_operand(parser);
        (void)step_add(parser, '~');
    } else if (*parser->at == '(') {
        parser->at++;
        parse_sum(parser);
        if (*parser->at == ')')
            parser->at++;
        else
            fault_set(parser, "a parenthesis is not closed");
    } else if (*parser->at == '"') {
        parse_quoted(parser);
    } else if (*parser->at >= '0' && *parser->at <= '9') {
        parse_number(parser);
    } else if (is_name_byte(*parser->at)) {
        const char *start = parser->at;

        while (is_name_byte(*parser->at))
            parser->at++;
        column_add(parser, arena_strndup(parser->arena, start, (size_t)(parser->at - start)));
    } else {
        fault_set(parser, "a column or number is missing");
    }
    parser->depth--;
    blanks_skip(parser);
}

static void parse_product(struct parser *parser)
{
    parse_operand(parser);
    while (!parser->fault && (*parser->at == '*' || *parser->at == '/')) {
        const char operation = *parser->at++;

        parse_operand(parser);
        (void)step_add(parser, operation);
    }
}

static void parse_sum(struct parser *parser)
{
    parse_product(parser);
    while (!parser->fault && (*parser->at == '+' || *parser->at == '-')) {
        const char operation = *parser->at++;

        parse_product(parser);
        (void)step_add(parser, operation);
    }
}

const char *expression_read(const char *text, struct arena *arena, struct expression *expression)
{
    struct parser parser = {.at = text, .expression = expression, .arena = arena};

    expression->step_count = 0;
    expression->column_count = 0;
    parse_sum(&parser);
    if (!parser.fault && *parser.at != '\0')
        fault_set(&parser, "something stands where + - * / or the end is due");
    if (!parser.fault && expression->column_count == 0)
        fault_set(&parser, "it names no column");
    return parser.fault;
}

static bool exact_step(char operation, struct exact a, struct exact b, unsigned scale,
                       struct exact *result)
{
    switch (operation) {
    case '-':
        b.number = -b.number;
        return exact_add(a, b, result);
    case '+':
        return exact_add(a, b, result);
    case '*':
        return exact_multiply(a, b, result);
    default:
        assert(operation == '/');
        if (b.number == 0)
            return false;
        /* Six digits more than the column shows, so that what is computed on does not suffer. */
        return exact_divide(a, b, scale + 6, result) || exact_divide(a, b, scale, result);
    }
}

bool expression_exact(const struct expression *expression, const struct exact *values,
                      unsigned scale, struct exact *result)
{
    struct exact stack[EXPRESSION_STEPS_MAX] = {{0}};
    size_t depth = 0;

    for (size_t i = 0; i < expression->step_count; i++) {
        const struct step *step = &expression->steps[i];

        if (step->operation == 'n') {
            stack[depth++] = step->number;
        } else if (step->operation == 'c') {
            assert(step->column < expression->column_count);
            stack[depth++] = values[step->column];
        } else if (step->operation == '~') {
            stack[depth - 1].number = -stack[depth - 1].number;
        } else {
            assert(depth >= 2);
            depth--;
            if (!exact_step(step->operation, stack[depth - 1], stack[depth], scale,
                            &stack[depth - 1]))
                return false;
        }
    }
    assert(depth == 1);
    *result = stack[0];
    return true;
}

static double real_step(char operation, double a, double b)
{
    switch (operation) {
    case '+':
        return a + b;
    case '-':
        return a - b;
    case '*':
        return a * b;
    default:
        return a / b;
    }
}

static double exact_real(struct exact number)
{
    double power = 1;

    for (unsigned i = 0; i < number.scale; i++)
        power *= 10;
    return (double)number.number / power;
}

double expression_real(const struct expression *expression, const double *values)
{
    double stack[EXPRESSION_STEPS_MAX] = {0};
    size_t depth = 0;

    for (size_t i = 0; i < expression->step_count; i++) {
        const struct step *step = &expression->steps[i];

        if (step->operation == 'n') {
            stack[depth++] = exact_real(step->number);
        } else if (step->operation == 'c') {
            assert(step->column < expression->column_count);
            stack[depth++] = values[step->column];
        } else if (step->operation == '~') {
            stack[depth - 1] = -stack[depth - 1];
        } else {
            assert(depth >= 2);
            depth--;
            stack[depth - 1] = real_step(step->operation, stack[depth - 1], stack[depth]);
        }
    }
    assert(depth == 1);
    return stack[0];
}
