/* Rewrites texts word by word with names from the dictionaries.
 *
 * A text is composed, folded and hashed once; the choices for its words come from that one seed.
 * Words that say what something is (titles, particles, "street", "ltd") stay, unless nothing else
 * is there. Words of scripts without a dictionary, initials, and words longer than any name are
 * scrambled in their script. */
#include "transform/names.h"

#include "base/utf8.h"
#include "base/words.h"
#include "transform/letters.h"
#include "transform/names_dictionary.h"
#include "transform/params.h"
#include "value/fold.h"

#include <string.h>

/* One text on its way. */
struct rewriting {
    enum name_style style;
    struct span text;
    struct stream stream;
    struct buf *out;
    struct buf *folded;        /* for comparisons */
    size_t family, family_end; /* NAME_FULL: where the family name stands */
    bool is_folded;            /* word_write */
    bool keeps;                /* something beside the kept words is there to be changed */
    bool has_scrambled;
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

static size_t word_start(const struct rewriting *rewriting, const struct word *word)
{
    return (size_t)(word->bytes.ptr - rewriting->text.ptr);
}

static enum names_list list_of(const struct rewriting *rewriting, const struct word *word)
{
    const size_t start = word_start(rewriting, word);

    switch (rewriting->style) {
    case NAME_FIRST:
        return NAMES_FIRST;
    case NAME_FAMILY:
        return NAMES_FAMILY;
    case NAME_CITY:
        return NAMES_CITY;
    case NAME_STREET:
        return NAMES_STREET;
    case NAME_COMPANY:
        return NAMES_COMPANY;
    case NAME_FULL:
        break;
    }
    return start >= rewriting->family && start < rewriting->family_end ? NAMES_FAMILY : NAMES_FIRST;
}

/* "O" of O'Neill, "d" of d'Arc: a letter before an apostrophe and a name. */
static bool is_elided(const struct rewriting *rewriting, const struct word *word)
{
    const char *at = word->bytes.ptr + word->bytes.len;
    const size_t left = (size_t)(rewriting->text.ptr + rewriting->text.len - at);
    const size_t sign = left > 1 && *at == '\''                          ? 1
                        : left > 3 && memcmp(at, "\xe2\x80\x99", 3) == 0 ? 3
                                                                         : 0;
    struct letter letter;

    if (word->script != SCRIPT_LATIN || word->chars != 1 || sign == 0)
        return false;
    at += sign;
    return letter_find((uint32_t)utf8_next(&at, rewriting->text.ptr + rewriting->text.len),
                       &letter) &&
           letter.kind != LETTER_DIGIT;
}

static bool word_is_kept(const struct rewriting *rewriting, const struct word *word)
{
    return names_keeps(list_of(rewriting, word), word, word_start(rewriting, word) == 0) ||
           is_elided(rewriting, word);
}

/* An ideographic blank counts. */
static const char *blank_find(struct span text)
{
    const char *blank = memchr(text.ptr, ' ', text.len);
    const char *ideographic = memmem(text.ptr, text.len, "\xe3\x80\x80", 3);

    return !ideographic || (blank && blank < ideographic) ? blank : ideographic;
}

/* The family name of a full name: before a comma that more than titles follow; in East Asian
 * scripts before the first blank; else behind the last blank before the last name. */
static void family_find(struct rewriting *rewriting)
{
    const struct span text = rewriting->text;
    const char *comma = memchr(text.ptr, ',', text.len);
    struct word word, first = {.script = SCRIPT_COUNT}, last = {.script = SCRIPT_COUNT};
    size_t position = 0;

    while (word_next(text, &position, &word)) {
        if (names_keeps(NAMES_FAMILY, &word, word.bytes.ptr == text.ptr))
            continue;
        first = first.bytes.ptr ? first : word;
        last = word;
    }
    if (!last.bytes.ptr)
        return;
    if (comma && first.bytes.ptr < comma && last.bytes.ptr > comma) {
        rewriting->family_end = (size_t)(comma - text.ptr);
    } else if (script_is_east_asian(first.script)) {
        const char *blank = blank_find(text);

        rewriting->family_end = blank ? (size_t)(blank - text.ptr) : 0;
    } else {
        const char *blank = memrchr(text.ptr, ' ', (size_t)(last.bytes.ptr - text.ptr));

        if (blank && blank > first.bytes.ptr) {
            rewriting->family = (size_t)(blank - text.ptr);
            rewriting->family_end = text.len;
        }
    }
}

/* Texts that are equal but for case. */
static bool is_same(struct rewriting *rewriting, struct span a, struct span b)
{
    size_t middle;

    buf_reset(rewriting->folded);
    fold_text(a, rewriting->folded);
    middle = rewriting->folded->len;
    fold_text(b, rewriting->folded);
    return buf_ok(rewriting->folded) && rewriting->folded->len == 2 * middle &&
           memcmp(rewriting->folded->ptr, rewriting->folded->ptr + middle, middle) == 0;
}

static void scramble_add(struct rewriting *rewriting, struct span bytes)
{
    char *copy = buf_extend(rewriting->out, bytes.len);

    if (!copy)
        return;
    memcpy(copy, bytes.ptr, bytes.len);
    (void)letters_scramble(copy, bytes.len, &rewriting->stream);
}

/* Another name for the word, never itself. */
static void word_add(struct rewriting *rewriting, enum names_list list, const struct word *word)
{
    struct names_choice choice;
    const size_t start = rewriting->out->len;

    if (!names_choose(list, word, &choice)) {
        rewriting->has_scrambled |= word->chars > 2;
        scramble_add(rewriting, word->bytes);
        return;
    }
    for (size_t index = stream_below(&rewriting->stream, (uint32_t)choice.count);;
         index = (index + 1) % choice.count) {
        word_write(names_at(&choice, index), word, rewriting->is_folded, rewriting->out);
        if (!buf_ok(rewriting->out) ||
            !is_same(rewriting, word->bytes,
                     span_make(rewriting->out->ptr + start, rewriting->out->len - start)))
            return;
        rewriting->out->len = start;
    }
}

/* Family and given name in one word: the longest family name that the dictionary has and that
 * leaves a given name; else one character of up to three, two of more. */
static size_t family_chars(const struct word *word)
{
    for (size_t chars = word->chars > 3 ? 3 : word->chars - 1; chars > 1; chars--)
        if (names_has(NAMES_FAMILY, word->script,
                      span_make(word->bytes.ptr, chars * (word->bytes.len / word->chars))))
            return chars;
    return word->chars > 3 ? 2 : 1;
}

static bool is_joined(const struct rewriting *rewriting, const struct word *word)
{
    return rewriting->style == NAME_FULL && word->bytes.len == rewriting->text.len &&
           (word->script == SCRIPT_HAN || word->script == SCRIPT_HANGUL) && word->chars > 1 &&
           word->chars < 6;
}

static void joined_add(struct rewriting *rewriting, const struct word *word)
{
    const size_t chars = family_chars(word), bytes = chars * (word->bytes.len / word->chars);
    struct word family = *word, given = *word;

    assert(bytes > 0 && bytes < word->bytes.len);
    family.bytes = span_make(word->bytes.ptr, bytes);
    family.chars = (uint32_t)chars;
    given.bytes = span_make(word->bytes.ptr + bytes, word->bytes.len - bytes);
    given.chars = (uint32_t)(word->chars - chars);
    word_add(rewriting, NAMES_FAMILY, &family);
    word_add(rewriting, NAMES_FIRST, &given);
}

/* Numbers keep their length: none begins with a zero that began with none. */
static void gap_add(struct rewriting *rewriting, struct span gap)
{
    const size_t start = rewriting->out->len;

    scramble_add(rewriting, gap);
    if (!buf_ok(rewriting->out))
        return;
    for (size_t i = 0; i < gap.len; i++) {
        const bool is_first = i == 0 || gap.ptr[i - 1] < '0' || gap.ptr[i - 1] > '9';

        if (is_first && gap.ptr[i] > '0' && gap.ptr[i] <= '9' &&
            rewriting->out->ptr[start + i] == '0')
            rewriting->out->ptr[start + i] =
                (char)('1' + (gap.ptr[i] - '0' + (int)stream_below(&rewriting->stream, 8)) % 9);
    }
}

/* Anything to change in the text beside words that are kept. */
static bool has_more_than_kept(const struct rewriting *rewriting)
{
    size_t position = 0;
    struct word word;

    while (word_next(rewriting->text, &position, &word))
        if (!word_is_kept(rewriting, &word))
            return true;
    return false;
}

static void text_rewrite(struct rewriting *rewriting)
{
    const char *done = rewriting->text.ptr, *end = done + rewriting->text.len;
    size_t position = 0;
    struct word word;

    if (rewriting->style == NAME_FULL)
        family_find(rewriting);
    rewriting->keeps = has_more_than_kept(rewriting);
    while (word_next(rewriting->text, &position, &word)) {
        gap_add(rewriting, span_make(done, (size_t)(word.bytes.ptr - done)));
        done = word.bytes.ptr + word.bytes.len;
        if (rewriting->keeps && word_is_kept(rewriting, &word))
            buf_add(rewriting->out, word.bytes.ptr, word.bytes.len);
        else if (is_joined(rewriting, &word))
            joined_add(rewriting, &word);
        else
            word_add(rewriting, list_of(rewriting, &word), &word);
    }
    gap_add(rewriting, span_make(done, (size_t)(end - done)));
}

/* Buffers of one call. */
struct names_room {
    struct seeder seeder;
    struct buf composed, folded, out, parted;
};

static bool text_has_marks(struct span text)
{
    return memchr(text.ptr, 0xcc, text.len) || memchr(text.ptr, 0xcd, text.len);
}

static bool has_letter(struct span text)
{
    const char *next = text.ptr, *end = text.ptr + text.len;
    struct letter letter;

    while (next < end) {
        const int32_t code_point = utf8_next(&next, end);

        if (code_point < 0 || letter_find((uint32_t)code_point, &letter))
            return true;
    }
    return false;
}

static bool name_apply(const struct transform_call *call, struct names_room *room,
                       struct value *value, uint32_t row, enum name_style style)
{
    struct value key = *value;
    struct rewriting rewriting = {.style = style,
                                  .text = value->bytes,
                                  .out = &room->out,
                                  .folded = &room->folded,
                                  .is_folded = call->type->is_case_insensitive};
    size_t apart = 0;

    assert(!value->is_null && value->bytes.len > 0);
    buf_reset(&room->out);
    if (text_has_marks(value->bytes)) {
        buf_reset(&room->composed);
        apart = text_compose(value->bytes, &room->composed);
        rewriting.text = buf_span(&room->composed);
    }
    buf_reset(&room->folded);
    fold_text(rewriting.text, &room->folded);
    if (!buf_ok(&room->composed) || !buf_ok(&room->folded))
        return false;
    key.bytes = buf_span(&room->folded);
    rewriting.stream =
        stream_make(&call->key->sip, seeder_value(&room->seeder, &key, row, (uint64_t)style));
    text_rewrite(&rewriting);
    *call->scrambled += rewriting.has_scrambled;
    *call->unchanged += !has_letter(rewriting.text);
    if (apart == 0 || !buf_ok(&room->out))
        return buf_ok(&room->out);
    buf_reset(&room->parted);
    text_decompose(buf_span(&room->out), apart, &room->parted);
    buf_reset(&room->out);
    buf_add(&room->out, room->parted.ptr, room->parted.len);
    return buf_ok(&room->parted) && buf_ok(&room->out);
}

bool names_apply(const struct transform_call *call, struct value *values, uint32_t count,
                 enum name_style style, struct error *err)
{
    struct names_room room;
    struct buf *const buffers[] = {&room.composed, &room.folded, &room.out, &room.parted};
    bool is_whole = true;

    for (size_t i = 0; i < COUNT_OF(buffers); i++)
        buf_init(buffers[i], BUF_CEILING_MAX);
    seeder_init(&room.seeder, call);
    for (uint32_t i = 0; i < count && is_whole; i++) {
        if (values[i].is_null || values[i].bytes.len == 0)
            continue;
        is_whole = name_apply(call, &room, &values[i], i, style)
                       ? value_set_bytes(&values[i], room.out.ptr, room.out.len, call->arena, err)
                       : error_memory(err);
    }
    is_whole = is_whole && seeder_ok(&room.seeder, err);
    seeder_release(&room.seeder);
    for (size_t i = 0; i < COUNT_OF(buffers); i++)
        buf_release(buffers[i]);
    return is_whole;
}
