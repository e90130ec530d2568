/* Texts of the new database's schema: comments, defaults, labels, bounds, bodies. They came along
 * as they were, and may quote a person. */
#include "base/words.h"
#include "verify/engine.h"

struct search {
    struct verify_run *run;
    size_t count;
    const char *object; /* the first whose text holds an identifying value */
};

/* The text, its tokens, and each of its quoted literals: a name of two words is found only whole.
 */
static bool text_leaks(const struct leak_set *leaks, struct span text)
{
    if (leak_find(leaks, text))
        return true;
    for (uint32_t begin = 0; begin < text.len; begin++) {
        uint32_t end = begin + 1;

        if (text.ptr[begin] != '\'')
            continue;
        while (end < text.len && text.ptr[end] != '\'')
            end++;
        if (leak_find(leaks, span_make(text.ptr + begin + 1, end - begin - 1)))
            return true;
        begin = end;
    }
    return false;
}

/* A leak ends the reading: false with an error that is not set. */
static bool text_search(void *context, const char *object, struct span text, struct error *err)
{
    struct search *search = context;

    UNUSED(err);
    search->count++;
    if (!text_leaks(search->run->config->copied->leaks, text))
        return true;
    search->object = words_printable(search->run->arena, object);
    if (!search->object)
        search->object = "?";
    return false;
}

bool verify_schema_text(struct verify_run *run, struct check_result *result, struct error *err)
{
    struct db *target = run->config->target;
    struct search search = {.run = run};

    if (!run->config->copied->leaks)
        return verify_say(run, result, true, "nothing identifying was written");
    if (!verify_engine(db_info(target)->engine)
             ->read_texts(target, run->config->selection->binding->catalog->default_schema,
                          text_search, &search, err) &&
        !search.object)
        return false;
    if (search.object)
        return verify_say(run, result, false,
                          "the definition of %s, or its comment, holds an identifying value of "
                          "production",
                          search.object);
    return verify_say(run, result, true, "%zu texts of the schema hold no identifying value",
                      search.count);
}
