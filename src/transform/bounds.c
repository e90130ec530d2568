/* Reads simple CHECK expressions as PostgreSQL prints them: "((price > (0)::numeric) AND ...)". */
#include "transform/bounds.h"

#include "value/real.h"

#include <math.h>
#include <string.h>

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_OPERATOR, TOKEN_AND, TOKEN_OTHER };

struct token {
    enum token_kind kind;
    struct span text;
};

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || (unsigned char)c >= 0x80;
}

/* Skips blanks, parentheses and casts, none of which change a comparison with a constant. */
static const char *skip_noise(const char *at)
{
    while (*at == ' ' || *at == '(' || *at == ')' || strncmp(at, "::", 2) == 0) {
        if (*at != ':') {
            at++;
            continue;
        }
        at += 2;
        while (is_name_byte(*at) || *at == '"')
            at++;
        if (strncmp(at, " precision", 10) == 0)
            at += 10;
    }
    return at;
}

static struct token token_of(enum token_kind kind, const char *from, const char *to)
{
    return (struct token){kind, span_make(from, (size_t)(to - from))};
}

static struct token token_next(const char **text)
{
    const char *at = skip_noise(*text), *start = at;
    struct token token = {.kind = TOKEN_OTHER};

    if (*at == '\0') {
        token.kind = TOKEN_END;
    } else if (*at == '"' || *at == '\'') {
        const char quote = *at++;

        while (*at && *at != quote)
            at++;
        token = token_of(quote == '"' ? TOKEN_NAME : TOKEN_NUMBER, start + 1, at);
        at += *at == quote;
    } else if (strchr("<>=", *at)) {
        at += strspn(at, "<>=");
        token = token_of(TOKEN_OPERATOR, start, at);
    } else if (*at == '-' || (*at >= '0' && *at <= '9')) {
        at++;
        while (is_name_byte(*at))
            at++;
        token = token_of(TOKEN_NUMBER, start, at);
    } else if (is_name_byte(*at)) {
        while (is_name_byte(*at))
            at++;
        token = token_of(TOKEN_NAME, start, at);
        if (span_equal(token.text, SPAN_LITERAL("AND")))
            token.kind = TOKEN_AND;
    } else {
        at++;
    }
    *text = at;
    return token;
}

static void bound_add(struct bounds *bounds, char side, bool is_open, double number)
{
    if (side == '>' && (number > bounds->low || (number == bounds->low && is_open))) {
        bounds->low = number;
        bounds->low_is_open = is_open;
    }
    if (side == '<' && (number < bounds->high || (number == bounds->high && is_open))) {
        bounds->high = number;
        bounds->high_is_open = is_open;
    }
}

/* "name op number" or "number op name"; false: something else. */
static bool comparison_add(struct bounds *bounds, const char *name, const struct token tokens[3])
{
    const bool is_turned = tokens[0].kind == TOKEN_NUMBER;
    const struct token *number = &tokens[is_turned ? 0 : 2], *column = &tokens[is_turned ? 2 : 0];
    const struct span sign = tokens[1].text;
    double constant;
    char side;

    if (column->kind != TOKEN_NAME || number->kind != TOKEN_NUMBER ||
        tokens[1].kind != TOKEN_OPERATOR || !span_equal(column->text, span_of(name)) ||
        !real_parse(number->text, false, &constant))
        return false;
    if (span_equal(sign, SPAN_LITERAL("<>")))
        return true;
    side = sign.ptr[0];
    if (side == '=')
        return false;
    if (is_turned)
        side = side == '<' ? '>' : '<';
    bound_add(bounds, side, sign.len == 1, constant);
    return true;
}

static bool is_length_word(const struct token *token)
{
    static const char *const words[] = {"length", "char_length", "character_length"};

    for (size_t i = 0; i < COUNT_OF(words) && token->kind == TOKEN_NAME; i++) {
        if (span_equal(token->text, span_of(words[i])))
            return true;
    }
    return false;
}

/* What a comparison is about. */
struct subject {
    const char *name;
    bool is_length;
};

/* Reads three tokens, and before or between them the name of the function where lengths are
 * compared; false: it is about something else. */
static bool comparison_read(const char **at, const struct subject *subject, struct token tokens[3])
{
    bool has_function = false;

    for (int i = 0; i < 3; i++) {
        tokens[i] = token_next(at);
        if (subject->is_length && !has_function && is_length_word(&tokens[i])) {
            has_function = true;
            tokens[i] = token_next(at);
        }
    }
    return has_function == subject->is_length;
}

static void expression_read(struct bounds *bounds, const struct subject *subject, const char *text)
{
    const char *at = strncmp(text, "CHECK", 5) == 0 ? text + 5 : text;
    struct bounds found = *bounds;

    for (;;) {
        struct token tokens[3];

        if (!comparison_read(&at, subject, tokens) ||
            !comparison_add(&found, subject->name, tokens))
            return;

        const struct token joint = token_next(&at);

        if (joint.kind == TOKEN_END)
            break;
        if (joint.kind != TOKEN_AND)
            return;
    }
    *bounds = found;
}

static void site_read(const struct transform_site *site, bool is_length, struct bounds *bounds)
{
    const struct table *table = site->column ? site->column->table : NULL;
    const struct subject value = {"VALUE", is_length};

    *bounds = (struct bounds){.low = -INFINITY, .high = INFINITY};
    for (const struct type *type = site->type; type; type = type->element) {
        for (size_t i = 0; i < type->check_count; i++)
            expression_read(bounds, &value, type->checks[i]);
        if (type->class != TYPE_DOMAIN)
            break;
    }
    for (size_t i = 0; table && i < table->check_count; i++) {
        const struct subject column = {site->column->name, is_length};

        expression_read(bounds, &column, table->checks[i].expression);
    }
}

void bounds_read(const struct transform_site *site, struct bounds *bounds)
{
    site_read(site, false, bounds);
}

void bounds_read_length(const struct transform_site *site, struct bounds *bounds)
{
    site_read(site, true, bounds);
}
