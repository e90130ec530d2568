/* PCRE2 behind matcher.h. */
#include "transform/matcher.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

enum {
    LENGTH_MAX = 4096,
    NEST_MAX = 50,
    STEPS_MAX = 200000,
    DEPTH_MAX = 5000,
    HEAP_MAX = 16384 /* KiB */
};

struct matcher {
    pcre2_code *code;
    pcre2_match_context *limits;
    uint32_t name_count, name_size;
    const unsigned char *names; /* entries of name_size bytes: number, name */
};

static void matcher_end(void *object)
{
    struct matcher *matcher = object;

    pcre2_code_free(matcher->code);
    pcre2_match_context_free(matcher->limits);
}

static bool code_compile(struct matcher *matcher, const char *expression, uint32_t options,
                         struct error *err)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    PCRE2_SIZE place = 0;
    int fault = 0;

    if (!context)
        return error_memory(err);
    (void)pcre2_set_max_pattern_length(context, LENGTH_MAX);
    (void)pcre2_set_parens_nest_limit(context, NEST_MAX);
    matcher->code = pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED, options, &fault,
                                  &place, context);
    pcre2_compile_context_free(context);
    if (matcher->code)
        return true;
    if (fault == PCRE2_ERROR_NOMEMORY)
        return error_memory(err);
    unsigned char words[120];

    if (pcre2_get_error_message(fault, words, sizeof(words)) < 0)
        words[0] = '\0';
    return error_set(err, STATUS_PROFILE, "the expression cannot be read, at character %zu: %s",
                     (size_t)place + 1, (const char *)words);
}

bool matcher_new(const char *expression, bool is_whole, struct arena *arena, struct matcher **out,
                 struct error *err)
{
    const uint32_t whole = PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    struct matcher *matcher = ARENA_NEW(arena, struct matcher);

    assert(expression && out);
    if (!matcher || !arena_at_end(arena, matcher_end, matcher))
        return error_memory(err);
    if (!code_compile(matcher, expression,
                      PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY |
                          (is_whole ? whole : 0),
                      err))
        return false;
    matcher->limits = pcre2_match_context_create(NULL);
    if (!matcher->limits)
        return error_memory(err);
    (void)pcre2_set_match_limit(matcher->limits, STEPS_MAX);
    (void)pcre2_set_depth_limit(matcher->limits, DEPTH_MAX);
    (void)pcre2_set_heap_limit(matcher->limits, HEAP_MAX);
    /* Where the machine has no JIT the interpreter finds the same. */
    (void)pcre2_jit_compile(matcher->code, PCRE2_JIT_COMPLETE);
    (void)pcre2_pattern_info(matcher->code, PCRE2_INFO_NAMECOUNT, &matcher->name_count);
    (void)pcre2_pattern_info(matcher->code, PCRE2_INFO_NAMEENTRYSIZE, &matcher->name_size);
    (void)pcre2_pattern_info(matcher->code, PCRE2_INFO_NAMETABLE, &matcher->names);
    *out = matcher;
    return true;
}

size_t matcher_name_count(const struct matcher *matcher)
{
    return matcher->name_count;
}

const char *matcher_name(const struct matcher *matcher, size_t index)
{
    assert(index < matcher->name_count);
    return (const char *)matcher->names + index * matcher->name_size + 2;
}

unsigned matcher_group(const struct matcher *matcher, const char *name)
{
    for (size_t i = 0; i < matcher->name_count; i++) {
        const unsigned char *entry = matcher->names + i * matcher->name_size;

        if (strcmp((const char *)entry + 2, name) == 0)
            return (unsigned)entry[0] << 8 | entry[1];
    }
    return 0;
}

bool matching_begin(struct matching *matching, const struct matcher *matcher, struct error *err)
{
    matching->matcher = matcher;
    matching->has_given_up = false;
    matching->data = pcre2_match_data_create_from_pattern(matcher->code, NULL);
    return matching->data || error_memory(err);
}

void matching_end(struct matching *matching)
{
    if (matching->data)
        pcre2_match_data_free(matching->data);
    matching->data = NULL;
}

bool matching_find(struct matching *matching, struct span text, size_t from)
{
    assert(matching->data && from <= text.len);
    const int found =
        pcre2_match(matching->matcher->code, (PCRE2_SPTR)text.ptr, text.len, from,
                    from > 0 ? PCRE2_NO_UTF_CHECK : 0, matching->data, matching->matcher->limits);

    matching->has_given_up = found < 0 && found != PCRE2_ERROR_NOMATCH;
    return found > 0;
}

bool matching_group(const struct matching *matching, unsigned group, size_t *begin, size_t *end)
{
    const PCRE2_SIZE *bounds = pcre2_get_ovector_pointer(matching->data);

    assert(group < pcre2_get_ovector_count(matching->data));
    if (bounds[2 * group] == PCRE2_UNSET || bounds[2 * group] > bounds[2 * group + 1])
        return false;
    *begin = bounds[2 * group];
    *end = bounds[2 * group + 1];
    return true;
}
