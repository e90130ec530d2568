/* Walks documents with yajl and tallies the texts at each path. */
#include "detect/documents.h"

#include "detect/sample.h"

#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#define DEPTH_MAX     16
#define PATHS_MAX     64
#define NAME_MAX_LEN  64
#define PATH_MAX_LEN  400
#define DOCUMENTS_MIN 3 /* that must have a path: a name that only one has may be data */

struct place {
    char *path; /* in the documents' arena */
    char *name;
    struct tally *tally;
    uint32_t documents, last; /* how many have it; the last one that was counted */
};

struct documents {
    struct arena *arena; /* owned */
    size_t count;
    struct place places[PATHS_MAX];
    uint32_t number; /* of the document that is walked, from 1 */
    /* the walk */
    char path[PATH_MAX_LEN];
    size_t len; /* of the path as far as it is open */
    size_t lengths[DEPTH_MAX + 1];
    bool is_array[DEPTH_MAX + 1];
    char name[NAME_MAX_LEN + 1]; /* of the member last begun */
    unsigned depth;
    bool is_off; /* the member's name is data: what is below it is not looked at */
    unsigned off_depth;
    bool has_memory;
};

static const struct type text_type = {.schema = "pg_catalog", .name = "text", .kind = KIND_TEXT};

struct documents *documents_new(void)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct documents *documents = arena ? ARENA_NEW(arena, struct documents) : NULL;

    if (!documents)
        return NULL;
    documents->has_memory = true;
    documents->arena = arena;
    arena = NULL;
    return documents;
}

void documents_free(struct documents *documents)
{
    if (!documents)
        return;
    for (size_t i = 0; i < documents->count; i++)
        tally_free(documents->places[i].tally);
    arena_free(documents->arena);
}

static bool is_identifier(const char *name, size_t len)
{
    if (len == 0 || len > NAME_MAX_LEN || (name[0] >= '0' && name[0] <= '9'))
        return false;
    for (size_t i = 0; i < len; i++) {
        char byte = name[i];
        if (!(byte >= '0' && byte <= '9') && !(byte >= 'A' && byte <= 'Z') &&
            !(byte >= 'a' && byte <= 'z') && byte != '_')
            return false;
    }
    return true;
}

static bool push(struct documents *documents, const char *text, size_t len)
{
    if (documents->len + len + 1 > PATH_MAX_LEN)
        return false;
    memcpy(documents->path + documents->len, text, len);
    documents->len += len;
    documents->path[documents->len] = '\0';
    return true;
}

/* Where the value that now begins stands; an element of an array adds its mark. */
static bool enter_value(struct documents *documents)
{
    if (documents->is_off)
        return false;
    if (documents->depth > 0 && documents->is_array[documents->depth]) {
        documents->len = documents->lengths[documents->depth];
        return push(documents, "[*]", 3);
    }
    return true;
}

static int on_key(void *context, const unsigned char *key, size_t len)
{
    struct documents *documents = context;

    if (documents->is_off && documents->off_depth < documents->depth)
        return 1;
    documents->is_off = false;
    documents->len = documents->lengths[documents->depth];
    if (!is_identifier((const char *)key, len) || !push(documents, ".", 1) ||
        !push(documents, (const char *)key, len)) {
        documents->is_off = true;
        documents->off_depth = documents->depth;
        return 1;
    }
    memcpy(documents->name, key, len);
    documents->name[len] = '\0';
    return 1;
}

static int open_level(struct documents *documents, bool is_array)
{
    bool is_seen = enter_value(documents);

    if (documents->depth == DEPTH_MAX)
        return 0;
    if (!is_seen && !documents->is_off) {
        documents->is_off = true;
        documents->off_depth = documents->depth;
    }
    documents->depth++;
    documents->lengths[documents->depth] = documents->len;
    documents->is_array[documents->depth] = is_array;
    return 1;
}

static int close_level(struct documents *documents)
{
    assert(documents->depth > 0);
    documents->depth--;
    if (documents->is_off && documents->off_depth == documents->depth &&
        documents->is_array[documents->depth])
        documents->is_off = false;
    return 1;
}

static int on_map(void *context)
{
    return open_level(context, false);
}

static int on_array(void *context)
{
    return open_level(context, true);
}

static int on_end(void *context)
{
    return close_level(context);
}

static struct place *find_place(struct documents *documents)
{
    struct place *place;

    for (size_t i = 0; i < documents->count; i++)
        if (strcmp(documents->places[i].path, documents->path) == 0)
            return &documents->places[i];
    if (documents->count == PATHS_MAX)
        return NULL;
    place = &documents->places[documents->count];
    place->path = arena_strdup(documents->arena, documents->path);
    place->name = arena_strdup(documents->arena, documents->name);
    place->tally = tally_new_inside(&text_type);
    documents->has_memory = place->path && place->name && place->tally;
    documents->count += place->tally != NULL;
    return documents->has_memory ? place : NULL;
}

static int on_text(void *context, const unsigned char *text, size_t len)
{
    struct documents *documents = context;
    struct error err = {0};
    struct value value = {.bytes = span_make(text, len)};

    if (!enter_value(documents) || documents->depth == 0)
        return 1;
    struct place *place = find_place(documents);
    if (!place)
        return documents->has_memory;
    place->documents += place->last != documents->number;
    place->last = documents->number;
    documents->has_memory = tally_add(place->tally, &value, &err);
    return documents->has_memory;
}

bool documents_add(struct documents *documents, struct span text)
{
    static const yajl_callbacks callbacks = {.yajl_string = on_text,
                                             .yajl_start_map = on_map,
                                             .yajl_map_key = on_key,
                                             .yajl_end_map = on_end,
                                             .yajl_start_array = on_array,
                                             .yajl_end_array = on_end};
    yajl_handle handle = yajl_alloc(&callbacks, NULL, documents);

    if (!handle)
        return false;
    documents->number++;
    documents->depth = 0;
    documents->len = 0;
    documents->lengths[0] = 1;
    documents->is_off = false;
    documents->is_array[0] = false;
    (void)push(documents, "$", 1);
    if (yajl_parse(handle, (const unsigned char *)text.ptr, text.len) == yajl_status_ok)
        (void)yajl_complete_parse(handle);
    yajl_free(handle);
    return documents->has_memory;
}

static int compare_paths(const void *a, const void *b)
{
    const struct path_facts *left = a, *right = b;

    return strcmp(left->path, right->path);
}

bool documents_finish(struct documents *documents, struct arena *arena, struct sample_facts *facts,
                      struct error *err)
{
    struct path_facts *paths = ARENA_ARRAY(arena, documents->count + 1, struct path_facts);
    size_t count = 0;

    if (!paths)
        return error_memory(err);
    for (size_t i = 0; i < documents->count; i++) {
        const struct place *place = &documents->places[i];
        if (place->documents < DOCUMENTS_MIN || place->documents < documents->number / 50)
            continue;
        struct path_facts *path = &paths[count++];
        path->path = arena_strdup(arena, place->path);
        path->name = arena_strdup(arena, place->name);
        if (!path->path || !path->name)
            return error_memory(err);
        if (!tally_finish(place->tally, arena, &path->facts, err))
            return false;
    }
    qsort(paths, count, sizeof(*paths), compare_paths);
    facts->paths = paths;
    facts->path_count = count;
    return true;
}
