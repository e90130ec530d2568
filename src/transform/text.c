/* text: free text becomes words of nothing, with the same skeleton of words and lines. */
#include "base/words.h"
#include "transform/letters.h"
#include "transform/params.h"
#include "transform/text_find.h"

static const char vowels[] = "aeiou", consonants[] = "bcdfghklmnprstvw";

/* Latin letters take turns as consonants and vowels, so that words look like words. */
static char letter_draw(struct stream *stream, char old, size_t place)
{
    const bool is_vowel = place % 2 == 1;
    const char *set = is_vowel ? vowels : consonants;
    const uint32_t count = is_vowel ? sizeof(vowels) - 1 : sizeof(consonants) - 1;
    const bool is_upper = old >= 'A' && old <= 'Z';
    const char letter = set[stream_below(stream, count)];

    return is_upper ? (char)(letter - 'a' + 'A') : letter;
}

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Rewrites `text` in place, each letter and digit drawn anew. */
static struct drawn words_draw(char *text, size_t len, struct stream *stream)
{
    struct drawn drawn = {0, 0};
    size_t place = 0, at = 0;

    assert(text && len > 0);
    while (at < len) {
        const char *next = text + at;

        if (is_ascii_letter(text[at])) {
            if (place == 0)
                place = stream_below(stream, 2);

            const char letter = letter_draw(stream, text[at], place++);

            drawn.found++;
            drawn.changed += letter != text[at];
            text[at++] = letter;
            continue;
        }
        place = 0;
        (void)utf8_next(&next, text + len);

        assert(next > text + at);
        const size_t size = (size_t)(next - (text + at));

        const struct drawn other = letters_draw(text + at, size, stream);

        drawn.found += other.found;
        drawn.changed += other.changed;
        at += size;
    }
    return drawn;
}

/* The whole text differs from what it was; 0: nothing in it could. */
static size_t words_rewrite(char *text, size_t len, struct stream *stream)
{
    struct drawn drawn = words_draw(text, len, stream);

    while (drawn.found > 0 && drawn.changed == 0)
        drawn = words_draw(text, len, stream);
    return drawn.found;
}

/* All values, or those that `is_chosen` says. */
static bool words_apply(const struct transform_call *call, struct value *values, uint32_t count,
                        const bool *is_chosen, struct error *err)
{
    struct seeder seeder;
    bool is_whole = true;

    seeder_init(&seeder, call);
    for (uint32_t i = 0; i < count && is_whole; i++) {
        if (values[i].is_null || values[i].bytes.len == 0 || (is_chosen && !is_chosen[i]))
            continue;
        *call->scrambled += is_chosen != NULL;

        struct stream stream =
            stream_make(&call->key->sip, seeder_value(&seeder, &values[i], i, 0));
        char *copy = arena_strndup(call->arena, values[i].bytes.ptr, values[i].bytes.len);

        is_whole = copy || error_memory(err);
        if (!is_whole)
            break;
        if (words_rewrite(copy, values[i].bytes.len, &stream) == 0)
            ++*call->unchanged;
        values[i].bytes.ptr = copy;
    }
    is_whole = is_whole && seeder_ok(&seeder, err);
    seeder_release(&seeder);
    return is_whole;
}

static bool text_prepare(const struct transform_site *site, const struct yaml_node *params,
                         struct arena *arena, struct prepared_transform *prepared,
                         struct error *err)
{
    static const char *const words[] = {"words", "find"};
    const struct yaml_node *mode = param_find(params, "mode");
    const struct yaml_node *known = param_find(params, "known");
    struct text_find *find = NULL;
    size_t index = 0;

    prepared->params = NULL;
    if (!param_word(mode, words, COUNT_OF(words), &index, err))
        return false;
    if (index == 0)
        return !known || yaml_error(known, err, "'known' belongs to 'mode: find'");
    if (param_find(params, "tenant"))
        return yaml_error(param_find(params, "tenant"), err, "'mode: find' knows no 'tenant'");
    if (!text_find_read(site, params, arena, prepared, &find, err))
        return false;
    prepared->params = find;
    prepared->preserves = PROPERTY_NULLS;
    buf_add_text(prepared->canonical, "mode=find;");
    return true;
}

/* What cannot be searched, or would outgrow the column, becomes words. */
static bool text_apply(const struct transform_call *call, struct value *values, uint32_t count,
                       struct error *err)
{
    bool *is_left;

    if (!call->params)
        return words_apply(call, values, count, NULL, err);
    is_left = ARENA_ARRAY(call->arena, count, bool);
    if (!is_left)
        return error_memory(err);
    return text_find_apply(call->params, call, values, count, is_left, err) &&
           words_apply(call, values, count, is_left, err);
}

static bool text_visit(const struct prepared_transform *prepared, const struct value *value,
                       struct arena *arena, transform_visit *visit, void *context,
                       struct error *err)
{
    UNUSED(arena);
    assert(prepared->params);
    return text_find_identifying(prepared->params, value->bytes, visit, context, err);
}

static const struct transform_param params[] = {
    {"mode", "words | find",
     "words (default); find replaces what it finds, keeps the rest, needs accept_risk"},
    {"known", "list of columns",
     "mode find: whose values are sought; unless said, all that identify"},
};

const struct transform transform_text = {
    .name = "text",
    .accepts = KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .preserves =
        PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SCRIPT | PROPERTY_SHAPE,
    .summary = "words without meaning in place of free text, with the same skeleton",
    .example = "comment: text",
    .guarantee =
        "Lengths of words, lines, case, punctuation and script stay; each letter and "
        "digit is drawn anew. With 'mode: find' e-mails, phones, cards, IBANs, IPs, URLs and the "
        "row's own known values are replaced, and all else stays.",
    .risk = "'mode: find', which lets through what it does not find",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = text_prepare,
    .find_identifying = text_visit,
    .apply = text_apply,
};
