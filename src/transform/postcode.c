/* postcode: a bijection among the codes of one form that leaves none where it was. */
#include "transform/feistel.h"
#include "transform/form.h"
#include "transform/params.h"

#include "base/utf8.h"

#include <string.h>

/* Longer texts are no postcodes; they are scrambled. */
enum { SYMBOLS_MOST = 12 };

#define RANK_LIMIT (UINT64_C(1) << 62)

/* The letters and digits of one code, those of a country's prefix ("D-80331") apart. */
struct code {
    size_t count;
    struct letter letters[SYMBOLS_MOST];
    uint32_t indices[SYMBOLS_MOST];
    size_t offsets[SYMBOLS_MOST];
    uint64_t n; /* codes of this form */
};

static bool postcode_prepare(const struct transform_site *site, const struct yaml_node *params,
                             struct arena *arena, struct prepared_transform *prepared,
                             struct error *err)
{
    UNUSED(site);
    UNUSED(params);
    UNUSED(arena);
    UNUSED(err);
    buf_add_text(prepared->canonical, "postcode=1;");
    return true;
}

static bool is_ascii_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Bytes of a country's one to three letters and hyphen before a digit. */
static size_t prefix_length(struct span text)
{
    size_t len = 0;

    while (len < text.len && len < 4 && is_ascii_letter(text.ptr[len]))
        len++;
    return len > 0 && len < 4 && len + 1 < text.len && text.ptr[len] == '-' &&
                   text.ptr[len + 1] >= '0' && text.ptr[len + 1] <= '9'
               ? len + 1
               : 0;
}

/* False: no code that can be ranked. */
static bool code_read(struct code *code, struct span text)
{
    const char *next = text.ptr + prefix_length(text), *end = text.ptr + text.len;

    code->count = 0;
    code->n = 1;
    while (next < end) {
        const size_t offset = (size_t)(next - text.ptr);
        const int32_t code_point = utf8_next(&next, end);
        struct letter letter;

        if (code_point < 0)
            return false;
        if (!letter_find((uint32_t)code_point, &letter))
            continue;
        if (code->count == SYMBOLS_MOST || code->n >= RANK_LIMIT / letter.count)
            return false;
        code->n *= letter.count;
        code->letters[code->count] = letter;
        code->indices[code->count] = letter.index;
        code->offsets[code->count++] = offset;
    }
    return code->count > 0;
}

/* One step along a keyed cycle through all codes of the form: as much a bijection as a permutation
 * is, but without a code that stays. Case is no part of it. */
static void code_move(struct code *code, const struct sipkey *key, uint64_t level)
{
    struct feistel feistel;
    uint64_t rank = 0, place;

    assert(code->n > 1);
    for (size_t i = 0; i < code->count; i++)
        rank = rank * code->letters[i].count + code->indices[i];
    feistel_init(&feistel, code->n);
    place = feistel_apply(&feistel, key, level, rank) + 1;
    rank = feistel_invert(&feistel, key, level, place < code->n ? place : 0);
    for (size_t i = code->count; i > 0; i--) {
        code->indices[i - 1] = (uint32_t)(rank % code->letters[i - 1].count);
        rank /= code->letters[i - 1].count;
    }
}

static uint64_t level_of(const struct transform_call *call, uint32_t row)
{
    return call->per == PER_SUBJECT ? call->subjects[row]
           : call->per == PER_ROW   ? call->identities[row]
                                    : 0;
}

static bool code_apply(const struct transform_call *call, struct seeder *seeder,
                       struct value *value, uint32_t row, struct error *err)
{
    char *copy = arena_strndup(call->arena, value->bytes.ptr, value->bytes.len);
    struct code code;

    if (!copy)
        return error_memory(err);
    if (code_read(&code, value->bytes)) {
        code_move(&code, &call->key->sip, level_of(call, row));
        for (size_t i = 0; i < code.count; i++)
            (void)utf8_write(copy + code.offsets[i], letter_at(&code.letters[i], code.indices[i]));
    } else {
        bool is_kept = false;

        /* Distinct ones must stay distinct where the column is unique, and `per` is refused. */
        if (call->per == PER_VALUE) {
            if (!form_permute(&call->key->sip, false, copy, value->bytes.len, call->arena, &is_kept,
                              err))
                return false;
        } else {
            struct stream stream =
                stream_make(&call->key->sip, seeder_value(seeder, value, row, 0));

            is_kept = letters_scramble(copy, value->bytes.len, &stream) == 0;
        }
        ++*(is_kept ? call->unchanged : call->scrambled);
    }
    value->bytes.ptr = copy;
    return true;
}

static bool postcode_apply(const struct transform_call *call, struct value *values, uint32_t count,
                           struct error *err)
{
    struct seeder seeder;
    bool is_whole = true;

    seeder_init(&seeder, call);
    for (uint32_t i = 0; i < count && is_whole; i++)
        if (!values[i].is_null && values[i].bytes.len > 0)
            is_whole = code_apply(call, &seeder, &values[i], i, err);
    is_whole = is_whole && seeder_ok(&seeder, err);
    seeder_release(&seeder);
    return is_whole;
}

const struct transform transform_postcode = {
    .name = "postcode",
    .accepts = KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_PRESERVED,
    .pers = PER_BIT(PER_SUBJECT) | PER_BIT(PER_ROW),
    .preserves =
        PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SCRIPT | PROPERTY_SHAPE,
    .identifies = true,
    .is_dense = true,
    .is_semantic = true,
    .summary = "other postcodes of the same form",
    .example = "zip: postcode",
    .guarantee = "Digits become digits and letters letters, as one step in a keyed cycle through "
                 "all codes of the form: distinct codes stay distinct, none stays itself, and "
                 "neighbors part. A country's prefix (D-, CH-) and separators stay.",
    .prepare = postcode_prepare,
    .apply = postcode_apply,
};
