/* Writes and reads the mark; whatever is not exactly one of ours is no mark. */
#include "stage/mark.h"

#include "base/json.h"
#include <string.h>
#include <yajl/yajl_tree.h>

#define MARK_VERSION   1
#define MARK_BYTES_MAX 16384

static const char *const states[] = {
    [MARK_NEW] = "new", [MARK_CURRENT] = "current", [MARK_OLD] = "old"};

bool mark_write(const struct mark *mark, struct buf *out)
{
    AUTO(json) struct json *json = json_new(false);

    assert(mark->run && mark->target);
    assert(mark->state <= MARK_OLD);
    if (!json)
        return false;
    json_object(json);
    json_key_integer(json, "understudy", MARK_VERSION);
    json_key_text(json, "state", states[mark->state]);
    json_key_text(json, "run", mark->run);
    json_key_text(json, "target", mark->target);
    json_key_text(json, "key", mark->key);
    json_key_integer(json, "epoch", mark->epoch);
    json_key_text(json, "profile", mark->profile);
    json_key_text(json, "source", mark->source);
    json_key_integer(json, "started_us", mark->started_us);
    json_key_integer(json, "finished_us", mark->finished_us);
    json_key_integer(json, "retired_us", mark->retired_us);
    json_key_bool(json, "adopted", mark->is_adopted);
    json_object_end(json);
    return json_finish(json, out);
}

static yajl_val field(yajl_val tree, const char *key, yajl_type type)
{
    const char *path[] = {key, NULL};

    return yajl_tree_get(tree, path, type);
}

static const char *field_text(yajl_val tree, const char *key, struct arena *arena)
{
    yajl_val value = field(tree, key, yajl_t_string);

    return value ? arena_strdup(arena, YAJL_GET_STRING(value)) : NULL;
}

static int64_t field_integer(yajl_val tree, const char *key)
{
    yajl_val value = field(tree, key, yajl_t_number);

    return value && YAJL_IS_INTEGER(value) ? YAJL_GET_INTEGER(value) : 0;
}

static bool field_state(yajl_val tree, enum mark_state *state)
{
    yajl_val value = field(tree, "state", yajl_t_string);
    const char *word = value ? YAJL_GET_STRING(value) : NULL;

    for (size_t i = 0; word && i < COUNT_OF(states); i++) {
        if (strcmp(word, states[i]) == 0) {
            *state = (enum mark_state)i;
            return true;
        }
    }
    return false;
}

static bool tree_read(yajl_val tree, struct arena *arena, struct mark *mark)
{
    yajl_val adopted = field(tree, "adopted", yajl_t_any);

    *mark = (struct mark){0};
    if (!YAJL_IS_OBJECT(tree) || field_integer(tree, "understudy") != MARK_VERSION)
        return false;
    if (!field_state(tree, &mark->state))
        return false;
    mark->run = field_text(tree, "run", arena);
    mark->target = field_text(tree, "target", arena);
    mark->key = field_text(tree, "key", arena);
    mark->profile = field_text(tree, "profile", arena);
    mark->source = field_text(tree, "source", arena);
    mark->epoch = field_integer(tree, "epoch");
    mark->started_us = field_integer(tree, "started_us");
    mark->finished_us = field_integer(tree, "finished_us");
    mark->retired_us = field_integer(tree, "retired_us");
    mark->is_adopted = adopted && YAJL_IS_TRUE(adopted);
    return mark->run && mark->target;
}

bool mark_read(const char *comment, struct arena *arena, struct mark *mark)
{
    assert(arena && mark);
    if (!comment || comment[0] != '{' || strlen(comment) > MARK_BYTES_MAX)
        return false;
    yajl_val tree = yajl_tree_parse(comment, NULL, 0);
    bool is_ours = tree && tree_read(tree, arena, mark);
    yajl_tree_free(tree);
    return is_ours;
}
