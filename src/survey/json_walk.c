/* Walks documents with yajl's events. A parser that takes several values one after another is used
 * for all documents, each followed by a blank, until one of them is malformed. */
#include "survey/json_walk.h"

#include "base/arena.h"
#include "base/fasthash.h"

#include <yajl/yajl_parse.h>

#define PATH_SEED UINT64_C(0x6a736f6e)

struct level {
    bool is_array;
    bool has_text; /* the path so far has */
    uint64_t hash;
    uint32_t len; /* of the path */
};

struct json_walk {
    struct arena *arena; /* owned */
    yajl_handle parser;  /* NULL: to be made */
    json_visit *visit;
    void *context;
    struct error *err;
    bool has_failed; /* *err is set */
    bool is_deep;
    unsigned depth, deepest;
    uint64_t values; /* at the root */
    /* Of the containers that are open, from 1 on, as far as places are told. */
    struct level levels[JSON_PLACES + 2];
    struct level member; /* of the object's key last read */
    char path[JSON_PATH_MAX];
};

struct json_walk *json_walk_new(void)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct json_walk *walk = arena ? ARENA_NEW(arena, struct json_walk) : NULL;

    if (!walk)
        return NULL;
    walk->arena = arena;
    arena = NULL;
    return walk;
}

void json_walk_free(struct json_walk *walk)
{
    if (!walk)
        return;
    if (walk->parser)
        yajl_free(walk->parser);
    arena_free(walk->arena);
}

/* The place one step below `from`: its hash, and its text behind that of `from`. */
static struct level step(struct json_walk *walk, const struct level *from, const char *dot,
                         const char *name, size_t len)
{
    const uint64_t parts[] = {from->hash, fasthash(PATH_SEED, name, len), (uint64_t)*dot};
    const size_t dots = from->len > 0 ? strlen(dot) : 0;
    struct level to = {.hash = fasthash(PATH_SEED, parts, sizeof(parts)),
                       .has_text = from->has_text && from->len + dots + len <= sizeof(walk->path)};

    assert(!from->has_text || from->len <= sizeof(walk->path));
    if (!to.has_text)
        return to;
    memcpy(walk->path + from->len, dot, dots);
    if (len > 0)
        memcpy(walk->path + from->len + dots, name, len);
    to.len = (uint32_t)(from->len + dots + len);
    return to;
}

/* A value begins: it is told, and `here` is its place. */
static bool value_begin(struct json_walk *walk, enum json_type type, struct level *here)
{
    const unsigned level = walk->depth;
    struct json_place place = {.level = level, .type = type};

    assert(walk->visit && !walk->has_failed);
    *here = (struct level){.has_text = false};
    walk->values += level == 0;
    if (level > JSON_PLACES)
        return true;
    if (level == 0) {
        here->has_text = true;
    } else if (walk->levels[level].is_array) {
        *here = step(walk, &walk->levels[level], "", "[*]", 3);
    } else {
        *here = walk->member;
        place.is_member = true;
    }
    place.hash = here->hash;
    if (here->has_text)
        place.path = span_make(walk->path, here->len);
    walk->has_failed = !walk->visit(walk->context, &place, walk->err);
    return !walk->has_failed;
}

static int on_key(void *context, const unsigned char *key, size_t len)
{
    struct json_walk *walk = context;

    if (walk->depth <= JSON_PLACES)
        walk->member = step(walk, &walk->levels[walk->depth], ".", (const char *)key, len);
    return 1;
}

static int leaf(struct json_walk *walk, enum json_type type)
{
    struct level here;

    return value_begin(walk, type, &here);
}

static int open_level(struct json_walk *walk, enum json_type type)
{
    struct level here;

    if (!value_begin(walk, type, &here))
        return 0;
    if (walk->depth == JSON_DEPTH_MAX) {
        walk->is_deep = true;
        return 0;
    }
    if (++walk->depth > walk->deepest)
        walk->deepest = walk->depth;
    if (walk->depth <= JSON_PLACES) {
        here.is_array = type == JSON_ARRAY;
        walk->levels[walk->depth] = here;
    }
    return 1;
}

static int on_end(void *context)
{
    struct json_walk *walk = context;

    assert(walk->depth > 0);
    walk->depth--;
    return 1;
}

static int on_null(void *context)
{
    return leaf(context, JSON_NULL);
}

static int on_boolean(void *context, int truth)
{
    UNUSED(truth);
    return leaf(context, JSON_BOOLEAN);
}

static int on_number(void *context, const char *text, size_t len)
{
    UNUSED(text);
    UNUSED(len);
    return leaf(context, JSON_NUMBER);
}

static int on_text(void *context, const unsigned char *text, size_t len)
{
    UNUSED(text);
    UNUSED(len);
    return leaf(context, JSON_TEXT);
}

static int on_object(void *context)
{
    return open_level(context, JSON_OBJECT);
}

static int on_array(void *context)
{
    return open_level(context, JSON_ARRAY);
}

static const yajl_callbacks callbacks = {.yajl_null = on_null,
                                         .yajl_boolean = on_boolean,
                                         .yajl_number = on_number,
                                         .yajl_string = on_text,
                                         .yajl_start_map = on_object,
                                         .yajl_map_key = on_key,
                                         .yajl_end_map = on_end,
                                         .yajl_start_array = on_array,
                                         .yajl_end_array = on_end};

static bool parse(struct json_walk *walk, struct span text)
{
    return yajl_parse(walk->parser, (const unsigned char *)text.ptr, text.len) == yajl_status_ok &&
           yajl_parse(walk->parser, (const unsigned char *)" ", 1) == yajl_status_ok &&
           walk->depth == 0 && walk->values == 1;
}

bool json_walk_read(struct json_walk *walk, struct span text, json_visit *visit, void *context,
                    struct json_outcome *outcome, struct error *err)
{
    assert(walk && text.ptr && visit);
    if (!walk->parser) {
        walk->parser = yajl_alloc(&callbacks, NULL, walk);
        if (!walk->parser || !yajl_config(walk->parser, yajl_allow_multiple_values, 1))
            return error_memory(err);
    }
    walk->visit = visit;
    walk->context = context;
    walk->err = err;
    walk->has_failed = walk->is_deep = false;
    walk->depth = walk->deepest = 0;
    walk->values = 0;
    outcome->is_parsed = parse(walk, text);
    outcome->is_deep = walk->is_deep;
    outcome->depth = walk->deepest;
    if (!outcome->is_parsed) {
        yajl_free(walk->parser);
        walk->parser = NULL;
    }
    return !walk->has_failed;
}
