/* digits: numbers and codes over an alphabet, exchanged one to one among those of their length. */
#include "transform/exchange.h"
#include "transform/params.h"

#include "base/utf8.h"
#include "base/words.h"

#include <string.h>

enum { NO_SYMBOL = 0xff };

struct digits_params {
    unsigned radix;
    char symbols[EXCHANGE_RADIX_MAX];
    uint8_t ranks[EXCHANGE_RADIX_MAX]; /* of each ASCII character; NO_SYMBOL: none */
    struct span prefix, suffix;
};

#define DIGITS "0123456789"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static const struct {
    const char *name, *symbols;
} alphabets[] = {
    {"digits", DIGITS},
    {"hex", DIGITS "abcdef"},
    {"upper_hex", DIGITS "ABCDEF"},
    {"base32", UPPER "234567"},
    {"base58", "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"},
    {"alnum", DIGITS UPPER LOWER},
    {"lower_alnum", DIGITS LOWER},
    {"upper_alnum", DIGITS UPPER},
    {"lower", LOWER},
    {"upper", UPPER},
    {"letters", UPPER LOWER},
};

/* The symbols of a named alphabet, else the text itself; NULL: a misspelled name. */
static const char *alphabet_find(const struct yaml_node *node, const char *text, struct error *err)
{
    const char *names[COUNT_OF(alphabets)], *nearest;

    for (size_t i = 0; i < COUNT_OF(alphabets); i++) {
        names[i] = alphabets[i].name;
        if (strcmp(text, names[i]) == 0)
            return alphabets[i].symbols;
    }
    nearest = words_nearest(text, names, COUNT_OF(names));
    if (!nearest && !node->is_plain)
        return text;
    (void)yaml_error(node, err, "no alphabet is called '%s'", text);
    if (nearest)
        error_hint(err, "did you mean '%s'?", nearest);
    else
        error_hint(err, "write the characters of an alphabet of your own in quotes");
    return NULL;
}

/* On types that ignore case, letters count in lower case. */
static bool alphabet_add(struct digits_params *made, const char *symbols, bool folds)
{
    memset(made->ranks, NO_SYMBOL, sizeof(made->ranks));
    for (; *symbols; symbols++) {
        char c = *symbols;

        if (folds && c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c <= ' ' || c == 0x7f)
            return false;
        if (made->ranks[(unsigned char)c] != NO_SYMBOL) {
            if (!folds)
                return false;
            continue;
        }
        made->ranks[(unsigned char)c] = (uint8_t)made->radix;
        made->symbols[made->radix++] = c;
    }
    return made->radix >= 2;
}

static bool alphabet_read(const struct transform_site *site, const struct yaml_node *node,
                          struct digits_params *made, struct error *err)
{
    const char *text = "digits", *symbols = DIGITS;

    if (node) {
        if (!yaml_read_string(node, &text, err))
            return false;
        symbols = alphabet_find(node, text, err);
        if (!symbols)
            return false;
    }
    if (alphabet_add(made, symbols, site->type->is_case_insensitive))
        return true;
    return yaml_error(node, err,
                      "an alphabet is two or more different characters of ASCII, none of them "
                      "blank");
}

static bool affix_read(const struct yaml_node *node, struct span *affix, struct error *err)
{
    const char *text = "";

    if (node && !yaml_read_string(node, &text, err))
        return false;
    *affix = span_of(text);
    return true;
}

static bool digits_prepare(const struct transform_site *site, const struct yaml_node *params,
                           struct arena *arena, struct prepared_transform *prepared,
                           struct error *err)
{
    struct digits_params *made = ARENA_NEW(arena, struct digits_params);

    if (!made)
        return error_memory(err);
    prepared->params = made;
    if (!alphabet_read(site, param_find(params, "alphabet"), made, err) ||
        !affix_read(param_find(params, "prefix"), &made->prefix, err) ||
        !affix_read(param_find(params, "suffix"), &made->suffix, err))
        return false;
    if (site->column && site->column->is_nondeterministic) {
        error_set(err, STATUS_POLICY,
                  "values that are equal in this collation without being equal bytes cannot be "
                  "exchanged one to one");
        return error_hint(err, "use 'redact'");
    }
    buf_add_format(prepared->canonical, "alphabet=%.*s;prefix=%s;suffix=%s;", (int)made->radix,
                   made->symbols, made->prefix.ptr, made->suffix.ptr);
    return true;
}

/* The part between prefix and suffix; false: they are not there. */
static bool middle_find(const struct digits_params *params, struct span text, struct span *middle)
{
    const struct span prefix = params->prefix, suffix = params->suffix;

    if (text.len < prefix.len + suffix.len || memcmp(text.ptr, prefix.ptr, prefix.len) != 0 ||
        memcmp(text.ptr + text.len - suffix.len, suffix.ptr, suffix.len) != 0)
        return false;
    *middle = span_make(text.ptr + prefix.len, text.len - prefix.len - suffix.len);
    return true;
}

static uint8_t symbol_rank(const struct digits_params *params, char c)
{
    return (unsigned char)c < EXCHANGE_RADIX_MAX ? params->ranks[(unsigned char)c] : NO_SYMBOL;
}

/* The symbols of a text, if all its letters and digits are such; `symbols` NULL: only counts. */
static bool symbols_read(const struct digits_params *params, struct span text, uint8_t *symbols,
                         uint32_t *count)
{
    const char *next = text.ptr, *end = text.ptr + text.len;

    *count = 0;
    while (next < end) {
        const uint8_t rank = symbol_rank(params, *next);
        struct letter letter;

        if (rank != NO_SYMBOL) {
            if (symbols)
                symbols[*count] = rank;
            ++*count;
            next++;
            continue;
        }
        const int32_t code_point = utf8_next(&next, end);

        if (code_point < 0 || letter_find((uint32_t)code_point, &letter))
            return false;
    }
    return *count > 0;
}

static bool is_readable(const void *context, struct span text)
{
    struct span middle;
    uint32_t count;

    return middle_find(context, text, &middle) && symbols_read(context, middle, NULL, &count);
}

static void symbols_write(const struct digits_params *params, const struct exchange_string *string,
                          char *text, size_t len)
{
    uint32_t at = 0;

    for (size_t i = 0; i < len; i++) {
        if (symbol_rank(params, text[i]) != NO_SYMBOL)
            text[i] = params->symbols[string->symbols[at++]];
    }
    assert(at == string->length);
}

/* The text as the rule maps it, copied, and its symbols; string->length 0: it was scrambled. */
static bool value_read(const struct transform_call *call, struct seeder *seeder,
                       struct value *value, struct exchange_string *string, struct error *err)
{
    const struct digits_params *params = call->params;
    const struct span bytes = seeder_canonical(seeder, value);
    struct span middle;

    memset(string, 0, sizeof(*string));
    if (!seeder_ok(seeder, err))
        return false;
    if (bytes.len == 0)
        return true;
    string->symbols = arena_alloc(call->arena, bytes.len);
    if (!string->symbols)
        return error_memory(err);
    if (middle_find(params, bytes, &middle) &&
        symbols_read(params, middle, string->symbols, &string->length))
        return value_set_bytes(value, bytes.ptr, bytes.len, call->arena, err);
    string->length = 0;
    return value_scramble(call, value, is_readable, params, err);
}

static bool values_move(const struct transform_call *call, const struct exchange *exchange,
                        struct seeder *seeder, struct value *values, uint32_t count,
                        struct error *err)
{
    const struct digits_params *params = call->params;
    struct exchange_string *strings = ARENA_ARRAY(call->arena, count, struct exchange_string);

    if (!strings)
        return error_memory(err);
    for (uint32_t i = 0; i < count; i++) {
        if (!values[i].is_null && !value_read(call, seeder, &values[i], &strings[i], err))
            return false;
    }
    if (!exchange_strings(exchange, params->radix, strings, count, err))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (strings[i].length == 0)
            continue;
        char *text = arena_strndup(call->arena, values[i].bytes.ptr, values[i].bytes.len);

        if (!text)
            return error_memory(err);
        symbols_write(params, &strings[i], text + params->prefix.len,
                      values[i].bytes.len - params->prefix.len - params->suffix.len);
        values[i].bytes.ptr = text;
    }
    return true;
}

static bool digits_apply(const struct transform_call *call, struct value *values, uint32_t count,
                         struct error *err)
{
    struct exchange exchange;
    struct seeder seeder;
    bool is_whole;

    if (!exchange_init(&exchange, call->key, call->arena, err))
        return false;
    seeder_init(&seeder, call);
    is_whole = values_move(call, &exchange, &seeder, values, count, err);
    seeder_release(&seeder);
    exchange_release(&exchange);
    return is_whole;
}

static const struct transform_param params[] = {
    {"alphabet", "name | \"characters\"",
     "digits (default), hex, upper_hex, base32, base58, alnum, lower_alnum, upper_alnum, lower, "
     "upper, letters, or characters of your own in quotes"},
    {"prefix", "text", "what every value begins with and keeps"},
    {"suffix", "text", "what every value ends with and keeps"},
};

const struct transform transform_digits = {
    .name = "digits",
    .accepts = KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_PRESERVED,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SHAPE,
    .identifies = true,
    .is_dense = true,
    .summary = "numbers and codes, each to another of its length and alphabet",
    .example = "account_number: { rule: digits, prefix: AC- }",
    .guarantee = "One to one within a length (FF1 from a million strings on), no value to itself. "
                 "Separators, prefix and suffix stay where they are. A value with other letters or "
                 "digits, or without prefix and suffix, is scrambled.",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = digits_prepare,
    .apply = digits_apply,
};
