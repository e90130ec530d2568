/* What free text gives away, found and replaced. */
#include "transform/text_find.h"

#include "base/utf8.h"
#include "transform/letters.h"
#include "transform/matcher.h"
#include "transform/params.h"
#include "transform/plain.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Each alternative is a group with the name of the rule that its finds go through. Quantifiers are
 * possessive and begin where a word does, so that a long line costs no more than its length. */
static const char expression[] =
    "(?<url>(?i:\\b(?:https?|ftp)://|\\bwww\\.)[^\\s<>\"']++)"
    "|(?<email>(?<![\\p{L}\\p{N}._%+'-])[\\p{L}\\p{N}._%+'-]++@[\\p{L}\\p{N}-]++"
    "(?:\\.[\\p{L}\\p{N}-]++)++)"
    "|(?<iban>\\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b)"
    "|(?<ip>(?<![0-9.])(?:[0-9]{1,3}\\.){3}[0-9]{1,3}(?![0-9])"
    "|(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4}(?![0-9A-Fa-f:]))"
    "|(?<card>(?<![0-9])(?:[0-9][ -]?){12,18}[0-9](?![0-9]))"
    "|(?<phone>(?<![\\p{L}\\p{N}])\\+?\\(?[0-9](?:[ ()/.-]{0,3}[0-9]){6,14}(?![\\p{L}\\p{N}]))";

static const char *const kinds[] = {"url", "email", "iban", "ip", "card", "phone"};

enum { KINDS = COUNT_OF(kinds), KNOWN = KINDS, LEFT = KINDS + 1, KNOWN_MAX = 32, WORD_MIN = 3 };

static const struct type text_type = {
    .schema = "pg_catalog", .name = "text", .kind = KIND_TEXT, .class = TYPE_BASE};

struct known {
    uint32_t position; /* among the companions */
    const struct type *type;
};

struct text_find {
    struct matcher *matcher;
    unsigned groups[KINDS];
    const struct prepared_transform *rules[KINDS];
    struct column column; /* that the rules see: no limits */
    struct known known[KNOWN_MAX];
    size_t known_count;
    uint32_t limit;
};

/* A rule of a later version scrambles what it will rewrite. */
static bool rules_prepare(const struct transform_site *site, struct arena *arena,
                          struct prepared_transform *prepared, struct text_find *made,
                          struct error *err)
{
    made->column = (struct column){.name = site->label, .type = &text_type, .modifier = -1};
    for (size_t i = 0; i < KINDS; i++) {
        const char *name = transform_find(kinds[i]) ? kinds[i] : "scramble";
        struct transform_site part = *site;
        struct prepared_transform *rule;

        part.column = &made->column;
        part.type = &text_type;
        part.domain = kinds[i];
        part.is_unique = part.is_key = part.is_referenced_or_referencing = false;
        part.reference_count = 0;
        part.find_companion = NULL;
        part.depth++;
        if (!transform_prepare(name, &part, NULL, arena, &rule, err))
            return false;
        made->rules[i] = rule;
        made->groups[i] = matcher_group(made->matcher, kinds[i]);
        prepared->needs |= rule->needs;
        assert(made->groups[i] > 0);
    }
    return true;
}

static bool known_add(const struct transform_site *site, const struct yaml_node *node,
                      const char *name, struct text_find *made, struct error *err)
{
    struct known *known = &made->known[made->known_count];

    if (made->known_count == KNOWN_MAX)
        return node ? yaml_error(node, err, "more than %d columns are known", KNOWN_MAX)
                    : error_set(err, STATUS_PROFILE,
                                "more than %d columns of the row identify: "
                                "list those to be sought as 'known'",
                                KNOWN_MAX);
    if (!site_companion(site, node, name, &known->position, &known->type, err))
        return false;
    if (!plain_is_known(known->type->kind))
        return node ? yaml_error(node, err, "column '%s' has no plain text to be sought", name)
                    : error_set(err, STATUS_PROFILE, "column '%s' has no plain text", name);
    made->known_count++;
    return true;
}

static bool known_read(const struct transform_site *site, const struct yaml_node *node,
                       struct text_find *made, struct error *err)
{
    const char *name;

    if (node && node->kind != YAML_SEQUENCE)
        return yaml_error(node, err, "expected a list of columns");
    for (size_t i = 0; node && i < node->count; i++) {
        if (!yaml_read_string(node->items[i], &name, err))
            return false;
        if (site->column && site->column->name && strcmp(site->column->name, name) == 0)
            return yaml_error(node->items[i], err, "a text is not known from itself");
        if (!known_add(site, node->items[i], name, made, err))
            return false;
    }
    for (size_t i = 0; !node && site->find_identifying; i++) {
        name = site->find_identifying(site, i);
        if (!name)
            return true;
        if (!known_add(site, NULL, name, made, err))
            return false;
    }
    return true;
}

bool text_find_read(const struct transform_site *site, const struct yaml_node *params,
                    struct arena *arena, struct prepared_transform *prepared,
                    struct text_find **made, struct error *err)
{
    struct text_find *find = ARENA_NEW(arena, struct text_find);

    if (!find)
        return error_memory(err);
    if (!site->accept_risk) {
        error_set(err, STATUS_POLICY, "what 'mode: find' does not find stays as it is");
        return error_hint(err, "say 'accept_risk: WHY', or leave 'mode' out");
    }
    if (!matcher_new(expression, false, arena, &find->matcher, err) ||
        !rules_prepare(site, arena, prepared, find, err) ||
        !known_read(site, param_find(params, "known"), find, err))
        return false;
    find->limit = site_max_length(site);
    prepared->needs |= find->known_count ? NEED_COMPANIONS : 0;
    prepared->identifies = true;
    *made = find;
    return true;
}

/* A stretch of one value, and what stands for it. */
struct hit {
    uint32_t value, begin, end;
    unsigned kind; /* index of a rule, KNOWN, or LEFT: what an overlap leaves, scrambled */
    struct value to;
};

struct finding {
    const struct text_find *find;
    const struct transform_call *call;
    const struct value *values;
    struct hit *hits;
    size_t count, capacity;
    struct error *err;
};

static bool hit_add(struct finding *finding, struct hit hit)
{
    finding->hits = arena_grow(finding->call->arena, finding->hits, finding->count,
                               &finding->capacity, sizeof(*finding->hits));
    if (!finding->hits)
        return error_memory(finding->err);
    finding->hits[finding->count++] = hit;
    return true;
}

static bool is_word_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80;
}

/* Every place where the word stands by itself, whatever the case of its ASCII letters. */
static bool word_seek(struct finding *finding, uint32_t value, struct span word, struct span to)
{
    const struct span text = finding->values[value].bytes;

    for (uint32_t at = 0; word.len >= WORD_MIN && at + word.len <= text.len; at++) {
        const char *here = text.ptr + at;

        if (strncasecmp(here, word.ptr, word.len) != 0 ||
            (at > 0 && is_word_byte(here[-1]) && is_word_byte(word.ptr[0])) ||
            (at + word.len < text.len && is_word_byte(here[word.len]) &&
             is_word_byte(word.ptr[word.len - 1])))
            continue;
        if (!hit_add(finding, (struct hit){value, at, at + word.len, KNOWN, {.bytes = to}}))
            return false;
    }
    return true;
}

static struct span word_take(struct span *rest)
{
    struct span word;

    while (rest->len > 0 && !is_word_byte(rest->ptr[0]))
        *rest = span_make(rest->ptr + 1, rest->len - 1);
    word = span_make(rest->ptr, 0);
    while (word.len < rest->len && is_word_byte(word.ptr[word.len]))
        word.len++;
    *rest = span_make(rest->ptr + word.len, rest->len - word.len);
    return word;
}

/* The value as a whole, and its words: the n-th becomes the n-th of what stands in the column. */
static bool known_seek(struct finding *finding, uint32_t value, struct span from, struct span to)
{
    struct span rest = from, others = to;

    if (!word_seek(finding, value, from, to))
        return false;
    for (struct span word; (word = word_take(&rest)).len > 0;) {
        struct span other = word_take(&others);

        if (other.len == 0) {
            others = to;
            other = word_take(&others);
        }
        if (word.len < from.len && !word_seek(finding, value, word, other))
            return false;
    }
    return true;
}

static bool plain_copy(const struct type *type, const struct value *value, struct arena *arena,
                       struct span *text, struct error *err)
{
    struct buf plain;
    bool is_ok;

    *text = span_make("", 0);
    if (value->is_null)
        return true;
    buf_init(&plain, BUF_CEILING_MAX);
    plain_add(type, value, &plain);
    is_ok = buf_ok(&plain);
    if (is_ok && plain.len > 0)
        *text = arena_span(arena, buf_span(&plain));
    buf_release(&plain);
    return (is_ok && text->ptr) || error_memory(err);
}

static bool value_find(struct finding *finding, struct matching *matching, uint32_t value)
{
    const struct text_find *find = finding->find;
    const struct transform_call *call = finding->call;
    const struct span text = finding->values[value].bytes;
    size_t at = 0, begin, end;

    for (size_t k = 0; k < find->known_count; k++) {
        const struct known *known = &find->known[k];
        struct span from, to;

        if (!plain_copy(known->type, &call->companion_inputs[known->position][value], call->arena,
                        &from, finding->err) ||
            !plain_copy(known->type, &call->companions[known->position][value], call->arena, &to,
                        finding->err) ||
            !known_seek(finding, value, from, to))
            return false;
    }
    while (at < text.len && matching_find(matching, text, at)) {
        for (unsigned i = 0; i < KINDS; i++)
            if (matching_group(matching, find->groups[i], &begin, &end) && end > begin &&
                !hit_add(finding,
                         (struct hit){value,
                                      (uint32_t)begin,
                                      (uint32_t)end,
                                      i,
                                      {.bytes = span_make(text.ptr + begin, end - begin)}}))
                return false;
        (void)matching_group(matching, 0, &begin, &end);
        at = end > at ? end : at + 1;
    }
    return true;
}

/* By value and place; of those that begin together the longest first, then what is known. */
static int compare_hits(const void *a, const void *b)
{
    const struct hit *one = a, *other = b;

    if (one->value != other->value)
        return one->value < other->value ? -1 : 1;
    if (one->begin != other->begin)
        return one->begin < other->begin ? -1 : 1;
    if (one->end != other->end)
        return one->end > other->end ? -1 : 1;
    return (other->kind == KNOWN) - (one->kind == KNOWN);
}

/* Of overlapping finds the first stays, what is left of the others is scrambled. */
static void hits_part(struct finding *finding)
{
    size_t kept = 0;

    if (finding->count == 0)
        return;
    qsort(finding->hits, finding->count, sizeof(*finding->hits), compare_hits);
    for (size_t i = 1; i < finding->count; i++) {
        const struct hit *last = &finding->hits[kept];
        struct hit hit = finding->hits[i];

        if (hit.value == last->value && hit.end <= last->end)
            continue;
        if (hit.value == last->value && hit.begin < last->end) {
            hit.begin = last->end;
            hit.kind = LEFT;
        }
        finding->hits[++kept] = hit;
    }
    finding->count = kept + 1;
}

/* All finds of one kind through their rule at once. */
static bool kind_apply(struct finding *finding, unsigned kind)
{
    const struct transform_call *call = finding->call;
    struct value *values = ARENA_ARRAY(call->arena, finding->count + 1, struct value);
    uint64_t *subjects = ARENA_ARRAY(call->arena, finding->count + 1, uint64_t);
    uint64_t *identities = ARENA_ARRAY(call->arena, finding->count + 1, uint64_t);
    struct transform_call nested = {.column = &finding->find->column,
                                    .type = &text_type,
                                    .subjects = subjects,
                                    .identities = identities,
                                    .arena = call->arena,
                                    .scrambled = call->scrambled,
                                    .unchanged = call->unchanged};
    uint32_t count = 0;

    if (!values || !subjects || !identities)
        return error_memory(finding->err);
    for (size_t i = 0; i < finding->count; i++) {
        const struct hit *hit = &finding->hits[i];

        if (hit->kind != kind)
            continue;
        subjects[count] = call->subjects ? call->subjects[hit->value] : 0;
        identities[count] = call->identities ? call->identities[hit->value] : 0;
        values[count++] = hit->to;
    }
    if (!transform_apply(finding->find->rules[kind], &nested, values, count, finding->err))
        return false;
    count = 0;
    for (size_t i = 0; i < finding->count; i++)
        if (finding->hits[i].kind == kind)
            finding->hits[i].to = values[count++];
    return true;
}

static bool hit_write(const struct finding *finding, const struct hit *hit, struct buf *out)
{
    const struct sipkey *key = &finding->call->key->sip;
    const struct span from =
        span_make(finding->values[hit->value].bytes.ptr + hit->begin, hit->end - hit->begin);

    if (hit->kind != LEFT) {
        if (!hit->to.is_null && hit->to.bytes.len > 0)
            buf_add(out, hit->to.bytes.ptr, hit->to.bytes.len);
        return true;
    }
    struct stream stream = stream_make(key, siphash(key, from.ptr, from.len));
    char *copy = arena_strndup(finding->call->arena, from.ptr, from.len);

    if (!copy)
        return false;
    (void)letters_scramble(copy, from.len, &stream);
    buf_add(out, copy, from.len);
    return true;
}

static bool values_write(const struct finding *finding, struct value *values, uint32_t count,
                         bool *is_long)
{
    struct buf text;
    bool is_ok = true;
    size_t h = 0;

    buf_init(&text, BUF_CEILING_MAX);
    for (uint32_t i = 0; i < count && is_ok; i++) {
        const struct span from = values[i].is_null ? (struct span){0} : values[i].bytes;
        const size_t first = h;
        uint32_t at = 0;

        buf_reset(&text);
        for (; is_ok && h < finding->count && finding->hits[h].value == i; h++) {
            buf_add(&text, from.ptr + at, finding->hits[h].begin - at);
            at = finding->hits[h].end;
            is_ok = hit_write(finding, &finding->hits[h], &text);
        }
        if (!is_ok || h == first)
            continue;
        buf_add(&text, from.ptr + at, from.len - at);
        is_ok = buf_ok(&text);
        is_long[i] |= is_ok && finding->find->limit &&
                      utf8_length(buf_text(&text), text.len) > finding->find->limit;
        if (is_ok && !is_long[i])
            is_ok = value_set_bytes(&values[i], buf_text(&text), text.len, finding->call->arena,
                                    finding->err);
    }
    buf_release(&text);
    return is_ok || error_memory(finding->err);
}

bool text_find_apply(const struct text_find *find, const struct transform_call *call,
                     struct value *values, uint32_t count, bool *is_long, struct error *err)
{
    struct finding finding = {.find = find, .call = call, .values = values, .err = err};
    AUTO(matching) struct matching matching = {.data = NULL};

    if (!matching_begin(&matching, find->matcher, err))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (values[i].is_null || values[i].bytes.len == 0)
            continue;
        /* What is no UTF-8 cannot be searched. */
        is_long[i] = !utf8_valid(values[i].bytes.ptr, values[i].bytes.len);
        if (!is_long[i] && !value_find(&finding, &matching, i))
            return false;
        is_long[i] |= matching.has_given_up;
    }
    hits_part(&finding);
    for (unsigned i = 0; i < KINDS; i++)
        if (!kind_apply(&finding, i))
            return false;
    return values_write(&finding, values, count, is_long);
}

/* Phone numbers and the like are too many things to be sought elsewhere. */
bool text_find_identifying(const struct text_find *find, struct span text, transform_visit *visit,
                           void *context, struct error *err)
{
    AUTO(matching) struct matching matching = {.data = NULL};
    size_t at = 0, begin, end;

    if (!matching_begin(&matching, find->matcher, err))
        return false;
    while (at < text.len && matching_find(&matching, text, at)) {
        for (unsigned i = 0; i < KINDS; i++) {
            const bool is_sought = strcmp(kinds[i], "email") == 0 ||
                                   strcmp(kinds[i], "iban") == 0 || strcmp(kinds[i], "card") == 0;

            if (is_sought && matching_group(&matching, find->groups[i], &begin, &end) &&
                !visit(context, span_make(text.ptr + begin, end - begin), err))
                return false;
        }
        (void)matching_group(&matching, 0, &begin, &end);
        at = end > at ? end : at + 1;
    }
    return true;
}
