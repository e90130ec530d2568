/* Reads typed values from a tree of yaml.h, and says where one is wrong. */
#include "config/yaml.h"

#include "base/clock.h"
#include "base/words.h"
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Long enough for error.cause twice over: what is longer is cut there anyway. */
#define MESSAGE_SIZE 800

bool yaml_error_place(const struct yaml_node *node, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();
    const char *file = arena ? words_printable(arena, node->file) : NULL;

    return error_context(err, "%s:%u:%u", file ? file : "?", node->line, node->column);
}

/* Keys and words of a profile are shown, and may hold anything: all of it is made printable. */
bool yaml_error(const struct yaml_node *node, struct error *err, const char *format, ...)
{
    AUTO(arena) struct arena *arena = arena_new();
    char message[MESSAGE_SIZE];
    const char *shown;
    va_list args;

    assert(node && node->file && err);
    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    shown = arena ? words_printable(arena, message) : NULL;
    error_set(err, STATUS_PROFILE, "%s", shown ? shown : "out of memory");
    return yaml_error_place(node, err);
}

const struct yaml_node *yaml_find(const struct yaml_node *node, const char *key)
{
    assert(node->kind == YAML_MAPPING);
    for (size_t i = 0; i < node->count; i++)
        if (strcmp(node->keys[i]->text, key) == 0)
            return node->items[i];
    return NULL;
}

bool yaml_equal(const struct yaml_node *a, const struct yaml_node *b)
{
    if (a->kind != b->kind || a->count != b->count)
        return false;
    if (a->kind == YAML_SCALAR)
        return a->is_null == b->is_null && strcmp(a->text, b->text) == 0;
    for (size_t i = 0; i < a->count; i++) {
        if (a->kind == YAML_MAPPING && strcmp(a->keys[i]->text, b->keys[i]->text) != 0)
            return false;
        if (!yaml_equal(a->items[i], b->items[i]))
            return false;
    }
    return true;
}

bool yaml_expect(const struct yaml_node *node, enum yaml_kind kind, struct error *err)
{
    static const char *const kinds[] = {
        [YAML_SCALAR] = "one value", [YAML_SEQUENCE] = "a list", [YAML_MAPPING] = "a mapping"};

    if (node->kind == kind)
        return true;
    if (node->kind == YAML_SCALAR && node->is_null)
        return yaml_error(node, err, "%s is expected here, not nothing", kinds[kind]);
    return yaml_error(node, err, "%s is expected here, not %s", kinds[kind], kinds[node->kind]);
}

bool yaml_read_string(const struct yaml_node *node, const char **text, struct error *err)
{
    if (node->kind != YAML_SCALAR || node->is_null)
        return yaml_error(node, err, "text is expected here");
    if (node->text[0] == '\0')
        return yaml_error(node, err, "text is expected here, and it is empty");
    *text = node->text;
    return true;
}

bool yaml_read_bool(const struct yaml_node *node, bool *truth, struct error *err)
{
    bool is_true = node->kind == YAML_SCALAR && strcmp(node->text, "true") == 0;
    bool is_false = node->kind == YAML_SCALAR && strcmp(node->text, "false") == 0;

    if (!node->is_plain || (!is_true && !is_false))
        return yaml_error(node, err, "true or false is expected here");
    *truth = is_true;
    return true;
}

static bool parse_integer(const char *text, int64_t *number)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    char *end;

    if (digits[0] == '\0' || digits[strspn(digits, "0123456789")] != '\0')
        return false;
    errno = 0;
    *number = strtoll(text, &end, 10);
    return errno == 0 && *end == '\0';
}

bool yaml_read_integer(const struct yaml_node *node, int64_t low, int64_t high, int64_t *number,
                       struct error *err)
{
    assert(low <= high);
    if (node->kind == YAML_SCALAR && node->is_plain && parse_integer(node->text, number) &&
        *number >= low && *number <= high)
        return true;
    if (high == INT64_MAX)
        return yaml_error(node, err, "a whole number of at least %" PRId64 " is expected here",
                          low);
    return yaml_error(node, err, "a whole number from %" PRId64 " to %" PRId64 " is expected here",
                      low, high);
}

/* The decimal point is a point, whatever the locale of the process that uses us. */
static bool parse_real(const char *text, double *number)
{
    locale_t plain;
    char *end;

    if (text[0] == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0')
        return false;
    plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain)
        return false;
    *number = strtod_l(text, &end, plain);
    freelocale(plain);
    return end != text && *end == '\0' && isfinite(*number);
}

bool yaml_read_real(const struct yaml_node *node, double low, double high, double *number,
                    struct error *err)
{
    assert(low <= high);
    if (node->kind == YAML_SCALAR && node->is_plain && parse_real(node->text, number) &&
        *number >= low && *number <= high)
        return true;
    return yaml_error(node, err, "a number from %g to %g is expected here", low, high);
}

bool yaml_read_duration(const struct yaml_node *node, int64_t *us, struct error *err)
{
    if (node->kind == YAML_SCALAR && clock_parse_duration(node->text, us))
        return true;
    yaml_error(node, err, "a duration is expected here");
    return error_hint(err, "write a number with a unit: 90s, 5m, 2h, 30d, 2w");
}

bool yaml_check_keys(const struct yaml_node *node, const char *const *known, size_t count,
                     struct error *err)
{
    if (!yaml_expect(node, YAML_MAPPING, err))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *key = node->keys[i];
        const char *nearest;
        bool is_known = false;

        for (size_t k = 0; k < count && !is_known; k++)
            is_known = strcmp(key->text, known[k]) == 0;
        if (is_known)
            continue;
        yaml_error(key, err, "no key is called '%s' here", key->text);
        nearest = words_nearest(key->text, known, count);
        if (nearest)
            error_hint(err, "did you mean '%s'?", nearest);
        return false;
    }
    return true;
}
