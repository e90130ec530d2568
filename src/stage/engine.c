/* What every engine's stage does the same way: what is listed, what options and profile say of it,
 * the mark it begins with. */
#include "stage/engine.h"

#include "base/words.h"
#include <string.h>

bool stage_skip(struct stage *stage, const char *object, const char *why, struct error *err)
{
    struct binding *binding = stage->request.binding;
    const char *printable = words_printable(stage->arena, object);

    if (printable)
        printable = arena_strdup(stage->arena, printable);
    if (!printable)
        return error_memory(err);
    return !binding || binding_add_skipped(binding, printable, why) || error_memory(err);
}

bool stage_warn(struct stage *stage, const char *topic, const char *text, struct error *err)
{
    struct binding *binding = stage->request.binding;

    return !binding || binding_add_warning(binding, topic, "%s", text) || error_memory(err);
}

bool stage_note(struct stage *stage, const char *topic, const char *text, struct error *err)
{
    struct binding *binding = stage->request.binding;

    return !binding || binding_add_note(binding, topic, "%s", text) || error_memory(err);
}

enum profile_mode stage_mode(const struct stage *stage)
{
    const struct stage_request *request = &stage->request;

    return request->options->has_mode ? request->options->mode : request->profile->mode;
}

int64_t stage_generations(const struct stage *stage)
{
    const struct stage_request *request = &stage->request;

    if (request->options->generations >= 0)
        return request->options->generations;
    return request->profile->generations;
}

void stage_mark_begin(const struct stage *stage, struct mark *mark)
{
    const struct stage_request *request = &stage->request;

    assert(stage->target.database);
    *mark = (struct mark){.state = MARK_NEW,
                          .run = request->run,
                          .target = stage->target.database,
                          .key = request->key_fingerprint,
                          .profile = request->profile->sha256,
                          .source = request->catalog ? request->catalog->identity : NULL,
                          .epoch = request->profile->epoch,
                          .started_us = request->started_us};
}

/* Nobody's bookmarked row is found again after that, which a person should hear from us. */
bool stage_compare_key(struct stage *stage, const struct mark *mark, struct error *err)
{
    const struct stage_request *request = &stage->request;

    if (!mark->key || !request->key_fingerprint)
        return true;
    if (strcmp(mark->key, request->key_fingerprint) != 0)
        return stage_warn(stage, "key",
                          "the staging database was made with another key: every value changes",
                          err);
    return mark->epoch == request->profile->epoch ||
           stage_warn(stage, "key",
                      "the staging database was made in another epoch: every value changes", err);
}
