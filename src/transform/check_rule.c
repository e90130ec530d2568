/* Takes CHECK expressions apart and compares each part with what a rule promises. */
#include "transform/check_rule.h"

#include "transform/check_form.h"

#include <ctype.h>
#include <string.h>

#define PART_MAX   2048
#define DEPTH_MAX  8
#define DIGITS_MAX 9

/* Behind a '...' or "..." that begins at `at`; the end where it is not closed. */
static size_t skip_quoted(struct span text, size_t at)
{
    char quote = text.ptr[at++];

    while (at < text.len && text.ptr[at] != quote)
        at++;
    return at < text.len ? at + 1 : at;
}

static struct span trim(struct span text)
{
    while (text.len > 0 && text.ptr[0] == ' ')
        text = span_make(text.ptr + 1, text.len - 1);
    while (text.len > 0 && text.ptr[text.len - 1] == ' ')
        text.len--;
    return text;
}

/* Where the parenthesis at the start is closed; the length where it is not. */
static size_t find_close(struct span text)
{
    size_t depth = 0;

    assert(text.ptr);
    for (size_t at = 0; at < text.len;) {
        char byte = text.ptr[at];
        if (byte == '\'' || byte == '"') {
            at = skip_quoted(text, at);
            continue;
        }
        depth += byte == '(';
        if (byte == ')' && depth > 0 && --depth == 0)
            return at;
        at++;
    }
    return text.len;
}

static struct span strip(struct span text)
{
    text = trim(text);
    while (text.len >= 2 && text.ptr[0] == '(' && find_close(text) == text.len - 1)
        text = trim(span_make(text.ptr + 1, text.len - 2));
    return text;
}

/* The next " AND " or " OR " outside of parentheses and quotes: where it begins and ends. */
static bool find_joint(struct span text, size_t *begins, size_t *ends)
{
    size_t depth = 0;

    for (size_t at = 0; at < text.len;) {
        char byte = text.ptr[at];
        if (byte == '\'' || byte == '"') {
            at = skip_quoted(text, at);
            continue;
        }
        depth += byte == '(';
        depth -= byte == ')' && depth > 0;
        size_t rest = text.len - at;
        size_t len = rest > 5 && memcmp(text.ptr + at, " AND ", 5) == 0  ? 5
                     : rest > 4 && memcmp(text.ptr + at, " OR ", 4) == 0 ? 4
                                                                         : 0;
        if (depth == 0 && len > 0) {
            *begins = at;
            *ends = at + len;
            return true;
        }
        at++;
    }
    return false;
}

/* The upper bound in length(x) <= 50 or length(x) < 51; 0: the part says something else. */
static uint32_t length_bound(const char *part)
{
    static const char *const functions[] = {"length(", "char_length(", "character_length("};
    struct span text = span_of(part);
    size_t start = 0;

    for (size_t i = 0; i < COUNT_OF(functions) && start == 0; i++)
        if (strncmp(part, functions[i], strlen(functions[i])) == 0)
            start = strlen(functions[i]) - 1;
    if (start == 0)
        return 0;
    assert(start < text.len);
    size_t close = start + find_close(span_make(text.ptr + start, text.len - start));
    if (close >= text.len)
        return 0;
    const char *at = part + close + 1;
    bool is_below = strncmp(at, " < ", 3) == 0, is_at_most = strncmp(at, " <= ", 4) == 0;
    at += is_below ? 3 : is_at_most ? 4 : 0;
    size_t digits = strspn(at, "0123456789");
    if ((!is_below && !is_at_most) || digits == 0 || digits > DIGITS_MAX || at[digits] != '\0')
        return 0;
    uint32_t bound = 0;
    for (size_t i = 0; i < digits; i++)
        bound = bound * 10 + (uint32_t)(at[i] - '0');
    return is_below && bound > 0 ? bound - 1 : bound;
}

static bool is_word_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_' || (byte & 0x80);
}

/* Functions and words whose answer depends on nothing but length, case and class of letters. */
static bool is_known_word(struct span word)
{
    static const char *const words[] = {"length", "char_length", "character_length",
                                        "lower",  "upper",       "btrim",
                                        "ltrim",  "rtrim",       "text",
                                        "bpchar", "NOT",         "varchar",
                                        "IS",     "character",   "varying",
                                        "citext", "NULL",        "similar_to_escape"};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (span_equal(word, span_of(words[i])))
            return true;
    return false;
}

/* Nothing is called or cast to but what is known; names of the column stand where no parenthesis
 * follows. */
static bool has_known_words(const char *part)
{
    struct span text = span_of(part);

    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        if (part[at] == '\'' || part[at] == '"') {
            at = skip_quoted(text, at);
            if (part[start] == '"' && at < text.len && part[at] == '(')
                return false;
            continue;
        }
        while (at < text.len && is_word_byte(part[at]))
            at++;
        if (at == start) {
            at++;
            continue;
        }
        struct span word = span_make(part + start, at - start);
        bool is_call = at < text.len && part[at] == '(';
        bool is_cast = start > 0 && part[start - 1] == ':';
        if ((is_call || is_cast) && !is_known_word(word))
            return false;
    }
    return true;
}

static bool part_survives(const struct prepared_transform *prepared, const char *part)
{
    const char *rule = prepared->transform->name;
    unsigned form = PROPERTY_LENGTH | PROPERTY_SHAPE;
    bool is_negated = strncmp(part, "NOT ", 4) == 0;

    if (!is_negated && (check_is_about_emptiness(part) || length_bound(part) > 0))
        return true;
    size_t len = strlen(part);
    if (!is_negated && len > 8 && strcmp(part + len - 8, " IS NULL") == 0)
        return has_known_words(part);
    if (!is_negated && strcmp(rule, "email") == 0 && check_takes_address(part))
        return true;
    return (prepared->preserves & form) == form && has_known_words(part) && check_keeps_form(part);
}

/* Parts that are true before and after, each for itself, are so together, by AND as by OR. */
static bool parts_survive(const struct prepared_transform *prepared, struct span text,
                          unsigned depth)
{
    char part[PART_MAX] = "";
    size_t begins = 0, ends = 0;

    text = strip(text);
    if (text.len == 0 || text.len >= sizeof(part) || depth > DEPTH_MAX)
        return false;
    if (find_joint(text, &begins, &ends))
        return parts_survive(prepared, span_make(text.ptr, begins), depth + 1) &&
               parts_survive(prepared, span_make(text.ptr + ends, text.len - ends), depth + 1);
    memcpy(part, text.ptr, text.len);
    part[text.len] = '\0';
    return part_survives(prepared, part);
}

/* NULL makes a CHECK neither true nor false, and it holds; but not where it asks for NULL. */
static bool writes_of_null(const char *expression)
{
    static const char *const words[] = {"NOT NULL", "NOT (", "coalesce", "DISTINCT"};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasestr(expression, words[i]))
            return true;
    return false;
}

bool check_survives(const struct prepared_transform *prepared, const char *expression)
{
    assert(prepared && prepared->transform && expression);
    if (strcmp(prepared->transform->name, "keep") == 0)
        return true;
    if (strcmp(prepared->transform->name, "null") == 0)
        return !writes_of_null(expression);
    return parts_survive(prepared, span_of(expression), 0);
}

static void limit_by(uint32_t *limit, const char *expression)
{
    char part[PART_MAX] = "";
    struct span text = strip(span_of(expression));
    size_t begins = 0, ends = 0;

    for (bool has_more = true; has_more;) {
        has_more = find_joint(text, &begins, &ends);
        if (has_more && text.ptr[begins + 1] == 'O')
            return; /* of several cases one is enough */
        struct span first = strip(has_more ? span_make(text.ptr, begins) : text);
        if (first.len < sizeof(part)) {
            memcpy(part, first.ptr, first.len);
            part[first.len] = '\0';
            uint32_t bound = length_bound(part);
            if (bound > 0 && (*limit == 0 || bound < *limit))
                *limit = bound;
        }
        if (has_more)
            text = span_make(text.ptr + ends, text.len - ends);
    }
}

uint32_t check_text_limit(const struct column *column)
{
    const struct table *table = column->table;
    uint32_t limit = column->max_length;

    if (column->type->kind != KIND_TEXT)
        return limit;
    for (size_t i = 0; table && i < table->check_count; i++)
        if (table->checks[i].column_count == 1 && table->checks[i].columns[0] == column)
            limit_by(&limit, table->checks[i].expression);
    for (const struct type *type = column->type; type && type->class == TYPE_DOMAIN;
         type = type->element)
        for (size_t i = 0; i < type->check_count; i++)
            limit_by(&limit, type->checks[i]);
    return limit;
}
