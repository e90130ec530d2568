/* The values of a document that stand under identifying rules, for whoever looks for them later. */
#include "transform/json_rules.h"

#include <yajl/yajl_parse.h>

enum { DEPTH_MAX = 64 };

struct place {
    const struct path_node *node; /* NULL: off every path */
    int rule;
    bool is_array;
};

struct search {
    const struct json_params *params;
    struct place places[DEPTH_MAX + 1], member;
    unsigned depth;
    transform_visit *visit;
    void *context;
    struct error *err;
    bool has_failed; /* the visitor said so */
};

static struct place place_below(const struct place *above, struct span name)
{
    struct place place = {path_step(above->node, name), above->rule, false};

    if (place.node && place.node->rule >= 0)
        place.rule = place.node->rule;
    return place;
}

static struct place place_here(const struct search *search)
{
    const struct path_node *root = &search->params->root;

    if (search->depth == 0)
        return (struct place){root, root->rule < 0 ? 0 : root->rule, false};
    const struct place *above = &search->places[search->depth];
    return above->is_array ? place_below(above, (struct span){0}) : search->member;
}

static int leaf_visit(struct search *search, enum leaf_kind kind, const void *text, size_t len)
{
    const struct place place = place_here(search);
    const struct prepared_transform *rule = search->params->rules[place.rule].variants[kind];

    if (!rule || !rule->identifies)
        return 1;
    search->has_failed =
        !search->visit(search->context, span_make(len ? text : "", len), search->err);
    return !search->has_failed;
}

static int on_string(void *context, const unsigned char *text, size_t len)
{
    return leaf_visit(context, LEAF_TEXT, text, len);
}

static int on_number(void *context, const char *text, size_t len)
{
    return leaf_visit(context, LEAF_NUMBER, text, len);
}

static int container_open(struct search *search, bool is_array)
{
    struct place place = place_here(search);

    if (search->depth == DEPTH_MAX)
        return 0;
    place.is_array = is_array;
    search->places[++search->depth] = place;
    return 1;
}

static int on_map_open(void *context)
{
    return container_open(context, false);
}

static int on_array_open(void *context)
{
    return container_open(context, true);
}

static int on_close(void *context)
{
    struct search *search = context;

    assert(search->depth > 0);
    search->depth--;
    return 1;
}

static int on_key(void *context, const unsigned char *key, size_t len)
{
    struct search *search = context;

    search->member = place_below(&search->places[search->depth], span_make(key, len));
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_map_open,
    .yajl_map_key = on_key,
    .yajl_end_map = on_close,
    .yajl_start_array = on_array_open,
    .yajl_end_array = on_close,
};

/* A document that cannot be read to its end is rewritten as a whole: all of it is sought. */
bool json_find_identifying(const struct prepared_transform *prepared, const struct value *value,
                           struct arena *arena, transform_visit *visit, void *context,
                           struct error *err)
{
    struct search search = {
        .params = prepared->params, .visit = visit, .context = context, .err = err};
    yajl_handle handle = yajl_alloc(&callbacks, NULL, &search);

    UNUSED(arena);
    assert(!value->is_null);
    if (!handle)
        return error_memory(err);
    bool is_whole = yajl_parse(handle, (const unsigned char *)value->bytes.ptr, value->bytes.len) ==
                        yajl_status_ok &&
                    yajl_complete_parse(handle) == yajl_status_ok;
    yajl_free(handle);
    if (search.has_failed)
        return false;
    return is_whole || visit(context, value->bytes, err);
}
