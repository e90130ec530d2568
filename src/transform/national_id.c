/* national_id: identity numbers of one kind, exchanged one to one inside their form. Numbers that
 * could be issued and numbers that could not stay apart, and a check is as far off as it was. */
#include "transform/exchange.h"
#include "transform/national.h"
#include "transform/params.h"

#include "base/words.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 64 };

struct national_params {
    const struct national *kind;
    bool unissued; /* results that are never issued; distinct numbers may meet */
};

static bool kind_read(const struct yaml_node *node, struct national_params *made, struct error *err)
{
    const char *names[32], *text, *nearest;
    char list[400] = "";

    assert(national_count <= COUNT_OF(names));
    for (size_t i = 0; i < national_count; i++) {
        const size_t used = strlen(list);

        names[i] = nationals[i].name;
        (void)snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "", names[i]);
    }
    if (!node) {
        error_set(err, STATUS_PROFILE, "'national_id' needs a 'kind'");
        return error_hint(err, "one of: %s", list);
    }
    if (!yaml_read_string(node, &text, err))
        return false;
    for (size_t i = 0; i < national_count; i++) {
        if (strcmp(text, names[i]) == 0)
            made->kind = &nationals[i];
    }
    if (made->kind)
        return true;
    (void)yaml_error(node, err, "no kind of identity number is called '%s'", text);
    nearest = words_nearest(text, names, national_count);
    return nearest ? error_hint(err, "did you mean '%s'?", nearest)
                   : error_hint(err, "one of: %s", list);
}

static bool national_prepare(const struct transform_site *site, const struct yaml_node *params,
                             struct arena *arena, struct prepared_transform *prepared,
                             struct error *err)
{
    static const char *const words[] = {"unissued", "issued"};
    const struct yaml_node *node = param_find(params, "numbers");
    struct national_params *made = ARENA_NEW(arena, struct national_params);
    size_t index = 0;

    if (!made)
        return error_memory(err);
    prepared->params = made;
    if (!kind_read(param_find(params, "kind"), made, err) ||
        !param_word(node, words, COUNT_OF(words), &index, err))
        return false;
    made->unissued = made->kind->has_unissued && index == 0;
    if (node && index == 0 && !made->unissued)
        return yaml_error(node, err, "no range of '%s' is set apart as never issued",
                          made->kind->name);
    if (made->unissued && site_is_unique(site)) {
        error_set(err, STATUS_POLICY,
                  "the numbers of '%s' that are never issued are too few to keep distinct values "
                  "distinct, but this column must",
                  made->kind->name);
        return error_hint(err, "say 'numbers: issued', which may be somebody's, or use 'redact'");
    }
    if (made->unissued)
        prepared->uniqueness = UNIQUENESS_NOT_GUARANTEED;
    buf_add_format(prepared->canonical, "kind=%s;unissued=%d;forms=1;", made->kind->name,
                   made->unissued);
    return true;
}

/* One number taken apart: characters in capitals, symbols that move, and how far its check is
 * off. */
struct number {
    char chars[NATIONAL_CHARS_MAX + 1];
    size_t count, form;
    uint32_t radices[NATIONAL_CHARS_MAX], indices[NATIONAL_CHARS_MAX];
    size_t symbols;
    unsigned offsets[NATIONAL_CHARS_MAX];
    bool is_valid;
};

static const char month_letters[] = "ABCDEHLMPRST";

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

static bool chars_collect(struct span text, struct number *number)
{
    number->count = 0;
    for (uint32_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (c == ' ' || c == '-' || c == '.' || c == '/' || c == '+')
            continue;
        if (!is_alnum(c) || number->count == NATIONAL_CHARS_MAX)
            return false;
        number->chars[number->count++] = c;
    }
    return number->count > 0;
}

/* The letters that a class of one character stands for; NULL: it is none. */
static const char *class_letters(const struct national *kind, char class)
{
    switch (class) {
    case '9':
    case 'C':
        return "0123456789";
    case 'n':
        return "123456789";
    case 'A':
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    case 'T':
        return month_letters;
    case 'S':
        return "ABCD";
    case 'X':
        return "XYZ";
    case 'B':
        return "AB";
    case 'L':
        return kind->letters ? kind->letters : "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    default:
        return NULL;
    }
}

/* How a class of two digits counts: from 1 to `radix`, plus multiples of `step` that stay. */
static bool class_pair(char class, unsigned *radix, unsigned *step)
{
    *radix = class == 'K' ? 97 : class == 'm' || class == 'P' ? 12 : 31;
    *step = class == 'P' ? 20 : class == 'D' ? 40 : 100;
    return class == 'm' || class == 'd' || class == 'P' || class == 'D' || class == 'K';
}

static bool pair_read(const char *chars, unsigned radix, unsigned step, unsigned *value)
{
    if (chars[0] < '0' || chars[0] > '9' || chars[1] < '0' || chars[1] > '9')
        return false;
    *value = (unsigned)((chars[0] - '0') * 10 + chars[1] - '0') % step;
    return *value >= 1 && *value <= radix && (step != 40 || chars[0] < '8');
}

static void pair_write(char *chars, unsigned step, unsigned value)
{
    const unsigned all = (unsigned)((chars[0] - '0') * 10 + chars[1] - '0');
    const unsigned pair = all - all % step + value;

    chars[0] = (char)('0' + pair / 10);
    chars[1] = (char)('0' + pair % 10);
}

/* Walks over a form: reads the symbols of the number, or writes them back. */
static bool form_walk(const struct national *kind, struct number *number, bool writes)
{
    const char *form = kind->forms[number->form];
    size_t symbols = 0;

    for (size_t i = 0; i < number->count; i++) {
        const char class = form[i], *letters = class_letters(kind, class), *at;
        char *c = &number->chars[i];
        unsigned radix, step, value = 1;

        if (class_pair(class, &radix, &step)) {
            if (writes && class != 'K')
                pair_write(c, step, number->indices[symbols] + 1);
            else if (!writes && !pair_read(c, radix, step, &value))
                return false;
            number->radices[symbols] = radix;
            number->indices[symbols] = writes ? number->indices[symbols] : value - 1;
            symbols += class != 'K';
            i++;
        } else if (letters) {
            at = strchr(letters, *c);
            if (!at)
                return false;
            number->radices[symbols] = (uint32_t)strlen(letters);
            if (writes && class != 'C' && class != 'L')
                *c = letters[number->indices[symbols]];
            else if (!writes)
                number->indices[symbols] = (uint32_t)(at - letters);
            symbols += class != 'C' && class != 'L';
        } else if (class == '=' ? *c > '9' : class != *c) {
            return false;
        }
    }
    number->symbols = symbols;
    return true;
}

/* Check characters against the right ones: how far off (reads), or written so far off. */
static void checks_walk(const struct national *kind, struct number *number, bool writes)
{
    const char *form = kind->forms[number->form];
    char right[NATIONAL_CHARS_MAX] = {0};

    memset(right, '0', sizeof(right));
    number->is_valid = (!kind->check || kind->check(number->chars, number->count, right)) &&
                       (!kind->is_valid || kind->is_valid(number->chars, number->count));
    for (size_t i = 0; i < number->count; i++) {
        const char class = form[i], *letters = class_letters(kind, class);
        char *c = &number->chars[i];

        if (class == 'C' || class == 'L') {
            const unsigned radix = (unsigned)strlen(letters);
            const char *expected = strchr(letters, right[i]);
            const unsigned rank = expected ? (unsigned)(expected - letters) : 0;

            if (writes)
                *c = letters[(rank + number->offsets[i]) % radix];
            else
                number->offsets[i] =
                    ((unsigned)(strchr(letters, *c) - letters) + radix - rank) % radix;
        } else if (class == 'K') {
            const unsigned rank = (unsigned)((right[i] - '0') * 10 + right[i + 1] - '0') - 1;
            const unsigned own = (unsigned)((c[0] - '0') * 10 + c[1] - '0') - 1;

            if (writes)
                pair_write(c, 100, (rank + number->offsets[i]) % 97 + 1);
            else
                number->offsets[i] = (own + 97 - rank) % 97;
            i++;
        }
    }
}

static bool number_read(const struct national *kind, struct span text, struct number *number)
{
    memset(number, 0, sizeof(*number));
    if (text.len > TEXT_MAX || !chars_collect(text, number))
        return false;
    for (size_t form = 0; form < NATIONAL_FORMS_MAX && kind->forms[form]; form++) {
        number->form = form;
        if (strlen(kind->forms[form]) == number->count && form_walk(kind, number, false)) {
            checks_walk(kind, number, false);
            return true;
        }
    }
    return false;
}

static bool is_number(const void *context, struct span text)
{
    const struct national_params *params = context;
    struct number number;

    return number_read(params->kind, text, &number);
}

/* Everything that stays is part of the level: the form, kept characters, how far checks are off. */
static uint64_t number_level(const struct sipkey *key, const struct national *kind,
                             const struct number *number)
{
    const char *form = kind->forms[number->form];
    uint64_t level = number->form;

    for (size_t i = 0; i < number->count; i++) {
        unsigned radix, step;
        uint64_t kept = form[i] == '=' ? (uint64_t)number->chars[i] : 0;

        if (class_pair(form[i], &radix, &step) && form[i] == form[i + 1] && step < 100)
            kept =
                ((uint64_t)(number->chars[i] - '0') * 10 + (uint64_t)number->chars[i + 1] - '0') /
                step;
        const uint64_t words[4] = {PURPOSE_FORM, level, kept, number->offsets[i]};

        if (kept || number->offsets[i])
            level = siphash_words(key, words, COUNT_OF(words)) ^ i;
    }
    return level;
}

static void number_move(const struct sipkey *key, const struct national *kind,
                        struct number *number)
{
    uint32_t scratch[2 * NATIONAL_CHARS_MAX + 8];
    const uint64_t level = number_level(key, kind, number);
    const bool was_valid = number->is_valid;

    do {
        symbols_move(key, level, number->radices, number->indices, number->symbols, scratch);
        (void)form_walk(kind, number, true);
        checks_walk(kind, number, true);
    } while (number->is_valid != was_valid);
}

/* US: areas 900 to 999 with groups 01 to 49, which no taxpayer's number has either. */
static void number_unissued(const struct transform_call *call, struct number *number)
{
    const struct sipkey *key = &call->key->sip;
    uint64_t words[5] = {PURPOSE_VALUE, number->count};

    assert(number->count == 9);
    memcpy(words + 2, number->chars, number->count);
    struct stream stream = stream_make(key, siphash_words(key, words, COUNT_OF(words)));
    char text[10];

    do {
        const unsigned area = stream_below(&stream, 100), group = 1 + stream_below(&stream, 49);

        (void)snprintf(text, sizeof(text), "9%02u%02u%04u", area, group,
                       1 + stream_below(&stream, 9999));
    } while (memcmp(text, number->chars, number->count) == 0);
    memcpy(number->chars, text, number->count);
}

static bool number_write(const struct transform_call *call, const struct number *number,
                         struct value *value, struct error *err)
{
    char *text = arena_strndup(call->arena, value->bytes.ptr, value->bytes.len);
    size_t at = 0;

    if (!text)
        return error_memory(err);
    for (uint32_t i = 0; i < value->bytes.len && at < number->count; i++) {
        const bool is_small = text[i] >= 'a' && text[i] <= 'z';

        if (!is_small && !is_alnum(text[i]))
            continue;
        text[i] = number->chars[at++];
        if (is_small && text[i] >= 'A')
            text[i] = (char)(text[i] - 'A' + 'a');
    }
    assert(at == number->count);
    value->bytes.ptr = text;
    return true;
}

static bool national_apply(const struct transform_call *call, struct value *values, uint32_t count,
                           struct error *err)
{
    const struct national_params *params = call->params;

    for (uint32_t i = 0; i < count; i++) {
        struct number number;

        if (values[i].is_null || values[i].bytes.len == 0)
            continue;
        if (!number_read(params->kind, values[i].bytes, &number)) {
            if (!value_scramble(call, &values[i], is_number, params, err))
                return false;
            continue;
        }
        if (params->unissued)
            number_unissued(call, &number);
        else
            number_move(&call->key->sip, params->kind, &number);
        if (!number_write(call, &number, &values[i], err))
            return false;
    }
    return true;
}

static const struct transform_param params[] = {
    {"kind", "name",
     "us_ssn, de_tax_id, fr_nir, es_dni, it_codice_fiscale, nl_bsn, br_cpf, pl_pesel, "
     "se_personnummer, uk_nino, in_aadhaar, ca_sin or ch_ahv; there is no default"},
    {"numbers", "unissued | issued",
     "us_ssn: numbers that are never issued (default), where distinct ones may meet, or such as "
     "are, one to one"},
};

const struct transform transform_national_id = {
    .name = "national_id",
    .accepts = KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_PRESERVED,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SHAPE,
    .identifies = true,
    .is_dense = true,
    .is_semantic = true,
    .summary = "identity numbers of one kind, their check digits kept right",
    .example = "ssn: { rule: national_id, kind: us_ssn }",
    .guarantee = "One to one inside a kind's form, dates of birth included; sex and century stay. "
                 "A right check stays right, a wrong one as far off. The result may be somebody's "
                 "number, but for us_ssn, whose results are never issued and may meet. What has "
                 "not the kind's form is scrambled.",
    .uniqueness_here = "distinct values stay distinct: fit for unique columns and keys, but for "
                       "us_ssn without 'numbers: issued'",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = national_prepare,
    .apply = national_apply,
};
