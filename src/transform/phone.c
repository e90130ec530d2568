/* phone: another number of the same country and format that no network connects. The national
 * digits go through FF1, and digits that make the number invalid take the place of the first ones.
 * No bijection can do so: in nearly all countries more than half of the numbers of a length are in
 * use or begin as those do. So where numbers must stay distinct, the rule is refused unless
 * `length: grow` puts the invalid digits in front instead. */
#include "transform/exchange.h"
#include "transform/feistel.h"
#include "transform/params.h"

#include <string.h>

enum {
    DIGITS_MIN = 3,
    DIGITS_MAX = 17, /* 15 of E.164 behind 00 */
    GROW_LENGTH = 20 /* 15 digits, 00 and three digits more */
};

struct phone_params {
    bool grows;
    uint32_t max_length;
};

/* One value taken apart. */
struct number {
    uint8_t digits[DIGITS_MAX];
    uint8_t count;    /* of digits */
    uint8_t country;  /* how many of them name the country, with 00 where written */
    const char *lead; /* digits that no national number begins with */
};

static bool phone_prepare(const struct transform_site *site, const struct yaml_node *params,
                          struct arena *arena, struct prepared_transform *prepared,
                          struct error *err)
{
    static const char *const words[] = {"keep", "grow"};
    const struct yaml_node *node = param_find(params, "length");
    const uint32_t max_length = site_max_length(site);
    struct phone_params *made = ARENA_NEW(arena, struct phone_params);
    size_t index = 0;

    if (!made)
        return error_memory(err);
    prepared->params = made;
    if (!param_word(node, words, COUNT_OF(words), &index, err))
        return false;
    made->grows = index == 1;
    made->max_length = max_length;
    if (made->grows && max_length && max_length < GROW_LENGTH) {
        error_set(err, STATUS_POLICY,
                  "numbers that stay distinct without being in use need %d "
                  "characters, the column holds %u",
                  GROW_LENGTH, max_length);
        return error_hint(err, "use 'permute', whose numbers may be in use");
    }
    if (!made->grows && site_is_unique(site)) {
        error_set(err, STATUS_POLICY,
                  "more than half of all numbers of a length are in use or begin as those do, so "
                  "numbers of this column, which must stay distinct, cannot all become such as are "
                  "not");
        return error_hint(err, "say 'length: grow' (one to three digits more), or use 'digits' or "
                               "'permute', whose numbers may be somebody's");
    }
    if (!made->grows)
        prepared->uniqueness = UNIQUENESS_NOT_GUARANTEED;
    else
        buf_add_text(prepared->canonical, "length=grow;");
    return true;
}

/* Length of the country calling code (ITU-T E.164) at the head of `digits`. */
static unsigned country_length(const uint8_t *digits, unsigned count)
{
    static const char two[] =
        "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 "
        "56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ";

    if (count > 0 && (digits[0] == 1 || digits[0] == 7))
        return 1;
    for (size_t i = 0; count > 1 && i < sizeof(two) - 1; i += 3) {
        if (two[i] - '0' == digits[0] && two[i + 1] - '0' == digits[1])
            return 2;
    }
    return count < 3 ? count : 3;
}

/* No numbering plan knows a national number that begins with 0, but for the few that keep it. */
static const char *country_lead(const uint8_t *digits, unsigned length)
{
    static const struct {
        uint8_t length, digits[3];
        const char *lead;
    } odd[] = {{2, {3, 9}, "2"}, {3, {3, 7, 8}, "2"}, {3, {2, 2, 5}, "9"}, {3, {2, 4, 2}, "9"}};

    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        if (odd[i].length == length && memcmp(odd[i].digits, digits, length) == 0)
            return odd[i].lead;
    }
    return "0";
}

static bool is_separator(char c)
{
    return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/';
}

static bool digits_collect(struct span text, struct number *number)
{
    for (uint32_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];

        if (c >= '0' && c <= '9') {
            if (number->count == DIGITS_MAX)
                return false;
            number->digits[number->count++] = (uint8_t)(c - '0');
        } else if (!is_separator(c) && (c != '+' || i > 0)) {
            return false;
        }
    }
    return number->count >= DIGITS_MIN;
}

static bool number_read(struct span text, struct number *number)
{
    unsigned access = 0;

    memset(number, 0, sizeof(*number));
    if (!digits_collect(text, number))
        return false;
    if (text.ptr[0] != '+' && number->digits[0] == 0 && number->digits[1] == 0)
        access = 2;
    /* Without a country no digit alone is invalid everywhere, but 000 is: an international number
     * of the country 0, or an operator's call. */
    number->lead = "000";
    if (text.ptr[0] != '+' && access == 0)
        return true;

    const uint8_t *digits = number->digits + access;
    const unsigned country = country_length(digits, number->count - access);

    /* No country begins with 0, and too short a number has no room for one. */
    if (digits[0] == 0 || access + country + 2 > number->count)
        return true;
    assert(country >= 1 && country <= 3);
    number->country = (uint8_t)(access + country);
    number->lead = country_lead(digits, country);
    return true;
}

/* Equal numbers have equal digits whether 00 or + stands before them. */
static void tweak_set(const struct number *number, struct ff1_value *value)
{
    const unsigned access = number->country > 2 && number->digits[0] == 0 ? 2 : 0;

    for (unsigned i = access; i < number->country; i++)
        value->tweak[value->tweak_length++] = number->digits[i];
}

static void short_permute(const struct transform_call *call, struct ff1_value *value)
{
    struct feistel feistel;
    uint64_t n = 1, x = 0, level = value->length;

    for (unsigned i = 0; i < value->tweak_length; i++)
        level = level << 8 | value->tweak[i];
    for (unsigned i = 0; i < value->length; i++) {
        n *= 10;
        x = x * 10 + value->symbols[i];
    }
    feistel_init(&feistel, n);
    x = feistel_apply(&feistel, &call->key->table, level, x);
    for (unsigned i = value->length; i > 0; i--, x /= 10)
        value->symbols[i - 1] = (uint8_t)(x % 10);
}

/* How many separators must go so that the longer number fits. */
static uint32_t separators_over(const struct phone_params *params, struct span text, size_t more)
{
    const size_t len = text.len + more;

    return params->max_length && len > params->max_length ? (uint32_t)(len - params->max_length)
                                                          : 0;
}

/* A number that cannot be dialed may come out as itself: its last digit goes on by one. One that is
 * all lead has no other, and is counted. */
static void number_differ(const struct transform_call *call, const struct number *number,
                          struct span text, char *out)
{
    if (memcmp(out, text.ptr, text.len) != 0)
        return;
    if ((size_t)(number->count - number->country) <= strlen(number->lead)) {
        ++*call->unchanged;
        return;
    }
    for (size_t i = text.len; i > 0; i--) {
        if (out[i - 1] >= '0' && out[i - 1] <= '9') {
            out[i - 1] = out[i - 1] == '9' ? '0' : (char)(out[i - 1] + 1);
            return;
        }
    }
}

/* The written form again, digit for digit. */
static bool number_write(const struct transform_call *call, const struct number *number,
                         const struct ff1_value *moved, struct value *value, struct error *err)
{
    const struct phone_params *params = call->params;
    const size_t lead = strlen(number->lead), more = params->grows ? lead : 0;
    const struct span text = value->bytes;
    uint32_t drop = separators_over(params, text, more);
    char *out = arena_alloc(call->arena, text.len + more);
    size_t len = 0, digit = 0;

    if (!out)
        return error_memory(err);
    for (uint32_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        const size_t at = digit - number->country;

        if (c < '0' || c > '9') {
            if (drop > 0 && is_separator(c))
                drop--;
            else
                out[len++] = c;
            continue;
        }
        if (digit++ < number->country) {
            out[len++] = c;
            continue;
        }
        if (at == 0 && params->grows) {
            memcpy(out + len, number->lead, lead);
            len += lead;
        }
        out[len++] =
            !params->grows && at < lead ? number->lead[at] : (char)('0' + moved->symbols[at]);
    }
    assert(len <= text.len + more);
    if (!params->grows)
        number_differ(call, number, text, out);
    value->bytes = span_make(out, len);
    return true;
}

/* Numbers of one chunk, gathered so that FF1 runs over them at once. */
enum { CHUNK = 256 };

struct chunk {
    struct number numbers[CHUNK];
    struct ff1_value moved[CHUNK];
    struct ff1_value batch[CHUNK];
    uint32_t rows[CHUNK];
    uint32_t count;
};

static bool chunk_encrypt(const struct transform_call *call, const struct ff1 *ff1,
                          struct chunk *chunk, struct error *err)
{
    uint32_t used = 0, back = 0;

    for (uint32_t i = 0; i < chunk->count; i++) {
        if (ff1_accepts(10, chunk->moved[i].length))
            chunk->batch[used++] = chunk->moved[i];
        else
            short_permute(call, &chunk->moved[i]);
    }
    if (!ff1_encrypt(ff1, 10, chunk->batch, used, err))
        return false;
    for (uint32_t i = 0; i < chunk->count; i++) {
        if (ff1_accepts(10, chunk->moved[i].length))
            chunk->moved[i] = chunk->batch[back++];
    }
    return true;
}

static bool chunk_apply(const struct transform_call *call, const struct ff1 *ff1,
                        struct chunk *chunk, struct value *values, struct error *err)
{
    for (uint32_t i = 0; i < chunk->count; i++) {
        struct number *number = &chunk->numbers[i];
        struct ff1_value *value = &chunk->moved[i];

        assert(number->country < number->count && number->count <= DIGITS_MAX);
        memset(value, 0, sizeof(*value));
        value->length = (uint8_t)(number->count - number->country);
        memcpy(value->symbols, number->digits + number->country, value->length);
        tweak_set(number, value);
    }
    if (!chunk_encrypt(call, ff1, chunk, err))
        return false;
    for (uint32_t i = 0; i < chunk->count; i++) {
        if (!number_write(call, &chunk->numbers[i], &chunk->moved[i], &values[chunk->rows[i]], err))
            return false;
    }
    chunk->count = 0;
    return true;
}

static bool phone_values(const struct transform_call *call, const struct ff1 *ff1,
                         struct value *values, uint32_t count, struct error *err)
{
    const struct phone_params *params = call->params;
    struct chunk *chunk = ARENA_NEW(call->arena, struct chunk);

    if (!chunk)
        return error_memory(err);
    for (uint32_t i = 0; i < count; i++) {
        struct number *number = &chunk->numbers[chunk->count];

        if (values[i].is_null || values[i].bytes.len == 0)
            continue;
        if (!number_read(values[i].bytes, number) ||
            (params->grows && params->max_length && number->count + 4u > params->max_length)) {
            if (!value_scramble(call, &values[i], NULL, NULL, err))
                return false;
            continue;
        }
        chunk->rows[chunk->count++] = i;
        if (chunk->count == CHUNK && !chunk_apply(call, ff1, chunk, values, err))
            return false;
    }
    return chunk_apply(call, ff1, chunk, values, err);
}

static bool phone_apply(const struct transform_call *call, struct value *values, uint32_t count,
                        struct error *err)
{
    struct ff1 ff1;
    bool is_whole;

    if (!ff1_init(&ff1, call->key->aes, sizeof(call->key->aes), err))
        return false;
    is_whole = phone_values(call, &ff1, values, count, err);
    ff1_release(&ff1);
    return is_whole;
}

static const struct transform_param params[] = {
    {"length", "keep | grow",
     "keep (default), or one to three digits more so that numbers stay distinct"},
};

const struct transform transform_phone = {
    .name = "phone",
    .accepts = KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_PRESERVED,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SHAPE,
    .identifies = true,
    .is_dense = true,
    .is_semantic = true,
    .summary = "another number of the same country and format that cannot be dialed",
    .example = "phone: phone",
    .guarantee = "Country code, length and separators stay, and the number begins as no number in "
                 "use does; a few distinct numbers may meet. With 'length: grow' none do, and the "
                 "number grows by the digits that make it invalid: nothing else stays one to one "
                 "without being dialable. What is no number is scrambled.",
    .uniqueness_here = "distinct values stay distinct with 'length: grow'; without it refused on "
                       "unique columns and keys",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = phone_prepare,
    .apply = phone_apply,
};
