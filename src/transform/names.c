/* Names from a dictionary of Latin script; other scripts and longer names are scrambled. */
#include "transform/names.h"

#include "base/words.h"
#include "transform/letters.h"
#include "transform/params.h"

#include <string.h>

/* Part of the key's message: another dictionary is another mapping. */
#define NAMES_VERSION "latin-1"

struct name_group {
    uint8_t chars, bytes;
    uint16_t count;
    const char *names; /* count rows of bytes + 1 */
};

#include "transform/names_latin.inc"

/* Fewer names than this of one length would give their bearers away. */
enum { CHOICE_MIN = 10, BYTES_MAX = 32 };

struct dictionary {
    const struct name_group *groups;
    size_t count;
};

static const struct dictionary dictionaries[] = {
    [NAME_FIRST] = {first_groups, COUNT_OF(first_groups)},
    [NAME_FAMILY] = {family_groups, COUNT_OF(family_groups)},
};

bool names_prepare(const struct transform_site *site, const struct yaml_node *params,
                   struct arena *arena, struct prepared_transform *prepared, struct error *err)
{
    UNUSED(site);
    UNUSED(params);
    UNUSED(arena);
    UNUSED(err);
    buf_add_text(prepared->canonical, "names=" NAMES_VERSION ";");
    return true;
}

static bool group_fits(const struct name_group *group, size_t chars, bool is_ascii)
{
    return group->chars == chars && (group->bytes == group->chars) == is_ascii;
}

static size_t names_count(const struct dictionary *dictionary, size_t chars, bool is_ascii)
{
    size_t count = 0;

    for (size_t i = 0; i < dictionary->count; i++) {
        if (group_fits(&dictionary->groups[i], chars, is_ascii))
            count += dictionary->groups[i].count;
    }
    return count;
}

static struct span name_at(const struct dictionary *dictionary, size_t chars, bool is_ascii,
                           size_t index)
{
    for (size_t i = 0; i < dictionary->count; i++) {
        const struct name_group *group = &dictionary->groups[i];

        if (!group_fits(group, chars, is_ascii))
            continue;
        if (index < group->count)
            return span_make(group->names + index * (group->bytes + 1u), group->bytes);
        index -= group->count;
    }
    assert(false);
    return SPAN_LITERAL("");
}

enum name_case { CASE_AS_IT_IS, CASE_LOWER, CASE_UPPER };

static enum name_case case_of(struct span part)
{
    const char *next = part.ptr, *end = part.ptr + part.len;
    size_t upper = 0, lower = 0;
    struct letter letter;

    while (next < end) {
        if (!letter_find((uint32_t)utf8_next(&next, end), &letter))
            continue;
        upper += letter.kind == LETTER_UPPER;
        lower += letter.kind == LETTER_LOWER;
    }
    if (upper > 0 && lower > 0)
        return CASE_AS_IT_IS;
    return upper > 0 ? CASE_UPPER : CASE_LOWER;
}

/* Letters of ASCII and Latin-1 alone, which is all that the dictionary holds. */
static uint32_t case_change(uint32_t c, enum name_case wanted)
{
    const bool is_lower = (c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7);
    const bool is_upper = (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7);

    if (wanted == CASE_UPPER && is_lower)
        return c - 32;
    return wanted == CASE_LOWER && is_upper ? c + 32 : c;
}

static size_t name_write(struct span name, enum name_case wanted, char out[BYTES_MAX])
{
    const char *next = name.ptr, *end = name.ptr + name.len;
    size_t len = 0;

    assert(name.len <= BYTES_MAX);
    while (next < end)
        len += utf8_write(out + len, case_change((uint32_t)utf8_next(&next, end), wanted));
    return len;
}

/* Appends another name for `part`, never the part itself. */
static void part_add(const struct dictionary *dictionary, struct span part, struct stream *stream,
                     struct buf *out)
{
    const size_t chars = utf8_length(part.ptr, part.len);
    bool is_ascii = chars == part.len;
    size_t count = names_count(dictionary, chars, is_ascii), len = 0;
    char name[BYTES_MAX];

    if (count < CHOICE_MIN && !is_ascii) {
        is_ascii = true;
        count = names_count(dictionary, chars, is_ascii);
    }
    if (count < CHOICE_MIN) {
        char *copy = buf_extend(out, part.len);

        if (!copy)
            return;
        memcpy(copy, part.ptr, part.len);
        (void)letters_scramble(copy, part.len, stream);
        return;
    }
    for (size_t index = stream_below(stream, (uint32_t)count);; index = (index + 1) % count) {
        len = name_write(name_at(dictionary, chars, is_ascii, index), case_of(part), name);
        if (!span_equal(span_make(name, len), part))
            break;
    }
    buf_add(out, name, len);
}

/* True when dictionary names can stand for every letter. */
static bool is_latin(struct span text)
{
    const char *next = text.ptr, *end = text.ptr + text.len;
    bool has_letter = false;

    while (next < end) {
        int32_t code_point = utf8_next(&next, end);
        struct letter letter;

        if (code_point < 0)
            return false;
        if (!letter_find((uint32_t)code_point, &letter))
            continue;
        if (letter.kind == LETTER_DIGIT)
            continue;
        if (!letter_is_latin(&letter))
            return false;
        has_letter = true;
    }
    return has_letter;
}

/* Where the family name stands: before a comma, else behind the last blank. */
static void family_place(struct span text, size_t *from, size_t *to)
{
    const char *comma = memchr(text.ptr, ',', text.len);
    const char *blank = memrchr(text.ptr, ' ', text.len);

    *from = comma || !blank ? 0 : (size_t)(blank - text.ptr);
    *to = comma ? (size_t)(comma - text.ptr) : blank ? text.len : 0;
}

static void name_rewrite(struct span text, enum name_style style, struct stream *stream,
                         struct buf *out)
{
    const char *next = text.ptr, *end = text.ptr + text.len, *start = NULL;
    size_t from = 0, to = 0;

    if (style == NAME_FULL)
        family_place(text, &from, &to);
    while (next <= end) {
        const char *at = next;
        struct letter letter = {.kind = LETTER_DIGIT};
        const bool is_end = at == end;
        const bool is_letter = !is_end && letter_find((uint32_t)utf8_next(&next, end), &letter) &&
                               letter.kind != LETTER_DIGIT;

        if (is_letter) {
            start = start ? start : at;
            continue;
        }
        if (start) {
            const size_t offset = (size_t)(start - text.ptr);
            const bool is_family =
                style == NAME_FAMILY || (style == NAME_FULL && offset >= from && offset < to);

            part_add(&dictionaries[is_family ? NAME_FAMILY : NAME_FIRST],
                     span_make(start, (size_t)(at - start)), stream, out);
            start = NULL;
        }
        if (is_end)
            break;

        char *kept = buf_extend(out, (size_t)(next - at));

        if (!kept)
            return;
        memcpy(kept, at, (size_t)(next - at));
        (void)letters_draw(kept, (size_t)(next - at), stream);
    }
}

static bool name_apply(const struct transform_call *call, struct seeder *seeder, struct buf *out,
                       struct value *value, uint32_t row, enum name_style style, struct error *err)
{
    struct stream stream =
        stream_make(&call->key->sip, seeder_value(seeder, value, row, (uint64_t)style));

    assert(!value->is_null && value->bytes.len > 0);
    buf_reset(out);
    if (is_latin(value->bytes)) {
        name_rewrite(value->bytes, style, &stream, out);
    } else {
        buf_add(out, value->bytes.ptr, value->bytes.len);
        if (!buf_ok(out))
            return error_memory(err);
        if (letters_scramble(out->ptr, out->len, &stream) == 0)
            ++*call->unchanged;
        else
            ++*call->scrambled;
    }
    return buf_ok(out) ? value_set_bytes(value, out->ptr, out->len, call->arena, err)
                       : error_memory(err);
}

bool names_apply(const struct transform_call *call, struct value *values, uint32_t count,
                 enum name_style style, struct error *err)
{
    struct seeder seeder;
    struct buf out;
    bool is_whole = true;

    buf_init(&out, BUF_CEILING_MAX);
    seeder_init(&seeder, call);
    seeder.folds_case = true;
    for (uint32_t i = 0; i < count && is_whole; i++) {
        if (!values[i].is_null && values[i].bytes.len > 0)
            is_whole = name_apply(call, &seeder, &out, &values[i], i, style, err);
    }
    is_whole = is_whole && seeder_ok(&seeder, err);
    seeder_release(&seeder);
    buf_release(&out);
    return is_whole;
}
