/* Reads the string literals of CHECK expressions as patterns. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "transform/check_form.h"

#include <pcre2.h>
#include <string.h>

#define LITERAL_MAX 1024

/* Copies the next '...' literal without its quotes; false: there is none, or it is too long. */
static bool next_literal(const char **at, char literal[LITERAL_MAX], bool *has_failed)
{
    const char *start = strchr(*at, '\'');
    size_t len = 0;

    if (!start)
        return false;
    for (start++; *start && (*start != '\'' || start[1] == '\''); start++) {
        start += *start == '\'';
        if (len + 1 == LITERAL_MAX) {
            *has_failed = true;
            return false;
        }
        literal[len++] = *start;
    }
    literal[len] = '\0';
    *has_failed = *start == '\0';
    *at = *start ? start + 1 : start;
    return !*has_failed;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* A set in brackets holds all digits or none, all small letters or none ... NULL: not so. */
static const char *skip_set(const char *at)
{
    static const char *const whole[] = {"a-z", "A-Z", "0-9", "\\d", "\\w", "\\s"};

    at += at[1] == '^' ? 2 : 1;
    while (*at && *at != ']') {
        size_t len = 0;
        if (strncmp(at, "[:", 2) == 0) {
            const char *end = strstr(at, ":]");
            if (!end)
                return NULL;
            at = end + 2;
            continue;
        }
        for (size_t i = 0; i < COUNT_OF(whole) && len == 0; i++)
            len = strncmp(at, whole[i], strlen(whole[i])) == 0 ? strlen(whole[i]) : 0;
        if (len == 0 && (is_letter(*at) || is_digit(*at)))
            return NULL;
        if (len == 0)
            len = *at == '\\' && at[1] ? 2 : 1;
        at += len;
    }
    return *at ? at + 1 : NULL;
}

static bool is_closed(const char *pattern)
{
    for (const char *at = pattern; *at;) {
        if (*at == '[') {
            at = skip_set(at);
            if (!at)
                return false;
        } else if (*at == '{') {
            at += strcspn(at, "}");
        } else if (*at == '\\' && at[1]) {
            if (is_digit(at[1]) || (is_letter(at[1]) && !strchr("dDwWsSAZmMyY", at[1])))
                return false;
            at += 2;
        } else if (is_letter(*at) || is_digit(*at)) {
            return false;
        } else {
            at++;
        }
    }
    return true;
}

bool check_keeps_form(const char *expression)
{
    char literal[LITERAL_MAX];
    bool has_failed = false;

    while (next_literal(&expression, literal, &has_failed))
        if (!is_closed(literal))
            return false;
    return !has_failed;
}

static bool has_pattern(const char *expression)
{
    static const char *const words[] = {"~",     "LIKE",     "SIMILAR",   "regexp",
                                        "ANY",   "position", "substring", "substr",
                                        "left(", "right(",   "IN ("};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasestr(expression, words[i]))
            return true;
    return false;
}

bool check_is_about_emptiness(const char *expression)
{
    char literal[LITERAL_MAX];
    bool has_failed = false;
    const char *at = expression;

    if (has_pattern(expression))
        return false;
    while (next_literal(&at, literal, &has_failed))
        if (literal[0] != '\0')
            return false;
    if (has_failed)
        return false;
    for (at = expression; *at; at++) /* of numbers only 0 and 1 */
        if (is_digit(*at) && (at == expression || strchr(" (=>", at[-1])) &&
            (*at > '1' || is_digit(at[1])))
            return false;
    return strstr(expression, "<>") || strchr(expression, '>') || strstr(expression, "NOT NULL");
}

static bool matches(const char *pattern, uint32_t options, const char *text)
{
    int code = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code *compiled =
        pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &code, &offset, NULL);
    pcre2_match_data *data = compiled ? pcre2_match_data_create(1, NULL) : NULL;
    bool is_match =
        data && pcre2_match(compiled, (PCRE2_SPTR)text, strlen(text), 0, 0, data, NULL) >= 0;

    pcre2_match_data_free(data);
    pcre2_code_free(compiled);
    return is_match;
}

/* '%@%.%': what stands between the signs of LIKE must stand in the text, in this order. */
static bool is_like(const char *pattern, const char *text)
{
    char part[LITERAL_MAX];

    for (; *pattern; pattern += strspn(pattern, "%_")) {
        size_t len = strcspn(pattern, "%_");
        assert(len < sizeof(part));
        memcpy(part, pattern, len);
        part[len] = '\0';
        const char *found = strstr(text, part);
        if (len > 0 && !found)
            return false;
        text = found ? found + len : text;
        pattern += len;
    }
    return true;
}

bool check_takes_address(const char *expression)
{
    static const char *const addresses[] = {"q7x2k4m9bztc3w8e5r6ynhg2vd@mail.example",
                                            "abcd@x.example"};
    bool is_like_form = strstr(expression, "~~") || strcasestr(expression, "LIKE");
    uint32_t options = strstr(expression, "~*") ? PCRE2_CASELESS : 0;
    char literal[LITERAL_MAX];
    bool has_failed = false, has_sign = strchr(expression, '@') != NULL;

    if (strchr(expression, '!') || strcasestr(expression, "ANY") || !has_sign)
        return false;
    while (next_literal(&expression, literal, &has_failed))
        for (size_t i = 0; i < COUNT_OF(addresses); i++)
            if (is_like_form ? !is_like(literal, addresses[i])
                             : !matches(literal, options, addresses[i]))
                return false;
    return !has_failed;
}
