/* json: documents with a key that few have, with a type at a key that few have there, with a set of
 * keys that few have (so that a missing one shows), nested deeper than others, or that cannot be
 * parsed. */
#include "survey/groups.h"
#include "survey/json_walk.h"

enum {
    PATHS_MAX = 512, /* of a column; with more, keys are data */
    SETS_MAX = 512,
    DEPTHS = 17 /* the last: deeper still */
};

/* What belongs to the group of a path. */
struct path {
    uint64_t last; /* number of the document that has it, of those this state saw */
    unsigned last_types;
    struct trait types[JSON_TYPE_COUNT];
};

struct documents {
    const struct survey_column *column;
    struct groups paths, sets;
    struct trait depths[DEPTHS];
    struct trait malformed;
};

struct json_form {
    struct marker marker; /* first */
    struct json_walk *walk;
    uint64_t number; /* of the document that is walked, from 1 */
    size_t count;
    struct documents *documents;
};

/* What a visit needs. */
struct visitor {
    struct json_form *form;
    struct documents *documents;
    uint32_t row;
    uint64_t set; /* sum over the keys at the root: their order does not count */
};

static bool is_wanted(const struct survey_column *column)
{
    return column->form == FORM_JSON && !column->is_ignored;
}

static bool json_open(const struct survey_table *table, void **opened, struct error *err)
{
    struct picked picked;

    if (!marker_open_columns(table, is_wanted, sizeof(struct json_form), &picked, opened, err))
        return false;
    struct json_form *form = *opened;
    if (!form)
        return true;
    form->walk = json_walk_new();
    form->documents = ARENA_ARRAY(form->marker.arena, picked.count, struct documents);
    if (!form->walk || !form->documents)
        return error_memory(err);
    for (; form->count < picked.count; form->count++) {
        struct documents *documents = &form->documents[form->count];
        documents->column = picked.columns[form->count];
        groups_init(&documents->paths, PATHS_MAX);
        groups_init(&documents->sets, SETS_MAX);
    }
    return true;
}

static struct path *path_of(struct group *group, struct marker *marker)
{
    if (!group->more)
        group->more = ARENA_NEW(marker->arena, struct path);
    return group->more;
}

/* A document counts once for each path, and once for each type that stands there. */
static bool place_visit(void *context, const struct json_place *place, struct error *err)
{
    struct visitor *visitor = context;
    struct marker *marker = &visitor->form->marker;
    const unsigned type = 1u << place->type;
    struct group *group;
    struct path *path;

    assert(place->type < JSON_TYPE_COUNT && visitor->form->number > 0);

    if (place->level == 1 && place->is_member)
        visitor->set += place->hash;
    if (!groups_put(&visitor->documents->paths, marker, place->hash, place->path, &group, err))
        return false;
    if (!group)
        return true;
    path = path_of(group, marker);
    if (!path)
        return error_memory(err);
    if (path->last != visitor->form->number) {
        path->last = visitor->form->number;
        path->last_types = 0;
        if (!trait_add(marker, &group->trait, visitor->row, err))
            return false;
    }
    if (path->last_types & type)
        return true;
    path->last_types |= type;
    return trait_add(marker, &path->types[place->type], visitor->row, err);
}

static bool document_observe(struct visitor *visitor, struct span text, struct error *err)
{
    struct marker *marker = &visitor->form->marker;
    struct documents *documents = visitor->documents;
    struct json_outcome outcome;
    struct group *group;

    assert(text.ptr);
    visitor->form->number++;
    visitor->set = 0;
    if (!json_walk_read(visitor->form->walk, text, place_visit, visitor, &outcome, err))
        return false;
    if (!outcome.is_parsed && !outcome.is_deep)
        return trait_add(marker, &documents->malformed, visitor->row, err);
    if (!trait_add(marker, &documents->depths[outcome.depth < DEPTHS ? outcome.depth : DEPTHS - 1],
                   visitor->row, err) ||
        !groups_put(&documents->sets, marker, visitor->set, (struct span){NULL, 0}, &group, err))
        return false;
    return !group || trait_add(marker, &group->trait, visitor->row, err);
}

static bool json_observe(void *state, const struct survey_batch *batch, struct error *err)
{
    struct json_form *form = state;

    form->marker.batch = batch;
    for (size_t i = 0; i < form->count; i++) {
        struct visitor visitor = {.form = form, .documents = &form->documents[i]};
        const struct survey_cells *cells = &batch->columns[visitor.documents->column->index];

        for (visitor.row = 0; visitor.row < batch->rows; visitor.row++)
            if (!cells->is_null[visitor.row] &&
                !document_observe(&visitor, cells->texts[visitor.row], err))
                return false;
    }
    return true;
}

/* groups_merge knows nothing of types. */
static bool paths_merge(struct groups *paths, struct marker *marker, const struct groups *from,
                        struct error *err)
{
    if (!groups_merge(paths, marker, from, err))
        return false;
    for (uint32_t i = 0; i < from->count && !paths->is_full; i++) {
        struct group *group = groups_find(paths, from->items[i].key);
        const struct path *other = from->items[i].more;
        struct path *path;

        assert(group && other);
        path = path_of(group, marker);
        if (!path)
            return error_memory(err);
        if (!traits_merge(marker, path->types, other->types, JSON_TYPE_COUNT, err))
            return false;
    }
    return true;
}

static bool json_merge(void *state, void *from, struct error *err)
{
    struct json_form *form = state, *other = from;
    struct marker *marker = &form->marker;

    assert(form->count == other->count);
    for (size_t i = 0; i < form->count; i++) {
        struct documents *documents = &form->documents[i];
        const struct documents *more = &other->documents[i];

        if (!paths_merge(&documents->paths, marker, &more->paths, err) ||
            !groups_merge(&documents->sets, marker, &more->sets, err) ||
            !traits_merge(marker, documents->depths, more->depths, DEPTHS, err) ||
            !trait_merge(marker, &documents->malformed, &more->malformed, err))
            return false;
    }
    return true;
}

/* Everything about one column. */
struct telling {
    struct json_form *form;
    struct documents *documents;
    struct strata *strata;
    const char *title;
};

static bool tell(const struct telling *telling, struct trait *trait, const char *text,
                 struct error *err)
{
    struct stratum_draft draft = trait_draft(trait, telling->documents->column, PROPERTY_SHAPE);

    return !trait_is_rare(trait, telling->strata) ||
           strata_add(telling->strata, &draft, err, "%s %s", telling->title, text);
}

/* Keys may be data: only of a kept column, and only what looks like names. NULL: not to be shown.
 */
static const char *path_text(const struct telling *telling, const struct group *group,
                             struct arena *arena)
{
    static const char names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_.-[*]";

    if (!telling->documents->column->bound->is_copied || !group->name.ptr || group->name.len > 40)
        return NULL;
    for (uint32_t i = 0; i < group->name.len; i++)
        if (!memchr(names, group->name.ptr[i], sizeof(names) - 1))
            return NULL;
    return group->name.len == 0 ? arena_strdup(arena, "the document")
                                : arena_strndup(arena, group->name.ptr, group->name.len);
}

static bool tell_types(const struct telling *telling, uint32_t at, struct error *err)
{
    static const char *const words[JSON_TYPE_COUNT] = {"null",   "a boolean", "a number",
                                                       "a text", "an object", "an array"};
    struct group *group = &telling->documents->paths.items[at];
    struct path *path = group->more;
    struct arena *arena = telling->form->marker.table->arena;

    assert(path);
    for (size_t type = 0; type < JSON_TYPE_COUNT; type++) {
        const char *name = path_text(telling, group, arena);
        const char *text = name
                               ? arena_printf(arena, "has %s at %s, unlike most", words[type], name)
                               : arena_printf(arena, "has %s at a key where most have none (%u)",
                                              words[type], at + 1);

        if (!text)
            return error_memory(err);
        if (!tell(telling, &path->types[type], text, err))
            return false;
    }
    return true;
}

static bool tell_paths(const struct telling *telling, struct error *err)
{
    struct groups *paths = &telling->documents->paths;
    struct arena *arena = telling->form->marker.table->arena;
    struct trait single = {0};
    uint32_t told;

    if (paths->is_full)
        return strata_gap(telling->strata, telling->documents->column,
                          "its documents have more than 512 keys", err);
    groups_sort(paths);
    told = groups_told(paths, telling->strata);
    for (uint32_t i = 0; i < paths->count; i++) {
        const char *name = path_text(telling, &paths->items[i], arena);
        const char *text = name ? arena_printf(arena, "has the rare key %s", name)
                                : arena_printf(arena, "has a key that few have (%u)", i + 1);

        if (!text)
            return error_memory(err);
        if (i < told && !tell(telling, &paths->items[i].trait, text, err))
            return false;
        if (!trait_is_rare(&paths->items[i].trait, telling->strata) && !tell_types(telling, i, err))
            return false;
    }
    if (told > 0 || paths->count <= GROUPS_EXACT)
        return true;
    return groups_single(paths, &telling->form->marker, telling->strata, &single, err) &&
           tell(telling, &single, "has a key that no other has", err);
}

static bool tell_sets(const struct telling *telling, struct error *err)
{
    struct groups *sets = &telling->documents->sets;
    uint32_t told;

    if (sets->is_full)
        return strata_gap(telling->strata, telling->documents->column,
                          "its documents have more than 512 sets of keys", err);
    groups_sort(sets);
    told = groups_told(sets, telling->strata);
    for (uint32_t i = 0; i < told; i++) {
        const char *text = arena_printf(telling->form->marker.table->arena,
                                        "has a set of keys that few have (%u)", i + 1);
        if (!text)
            return error_memory(err);
        if (!tell(telling, &sets->items[i].trait, text, err))
            return false;
    }
    return true;
}

static bool tell_depths(const struct telling *telling, struct error *err)
{
    for (size_t depth = 0; depth < DEPTHS; depth++) {
        const char *text = arena_printf(
            telling->form->marker.table->arena,
            depth == DEPTHS - 1 ? "is %zu levels deep or deeper" : "is %zu levels deep", depth);
        if (!text)
            return error_memory(err);
        if (!tell(telling, &telling->documents->depths[depth], text, err))
            return false;
    }
    return tell(telling, &telling->documents->malformed, "cannot be parsed", err);
}

static bool json_yield(void *state, struct strata *strata, struct error *err)
{
    struct json_form *form = state;

    for (size_t i = 0; i < form->count; i++) {
        struct documents *documents = &form->documents[i];
        const struct telling telling = {form, documents, strata,
                                        column_title(form->marker.table, documents->column)};

        if (!tell_paths(&telling, err) || !tell_sets(&telling, err) || !tell_depths(&telling, err))
            return false;
    }
    return true;
}

static void json_close(void *state)
{
    struct json_form *form = state;

    for (size_t i = 0; i < form->count; i++) {
        groups_release(&form->documents[i].paths);
        groups_release(&form->documents[i].sets);
    }
    json_walk_free(form->walk);
    marker_close(form);
}

static size_t json_bytes(const void *state)
{
    const struct json_form *form = state;
    size_t bytes = marker_bytes(state);

    for (size_t i = 0; i < form->count; i++)
        bytes += groups_bytes(&form->documents[i].paths) + groups_bytes(&form->documents[i].sets);
    return bytes;
}

const struct detector detector_json = {
    .kind = "json",
    .help = "documents with rare keys, rare types at a key, rare sets of keys or rare depth, and "
            "what cannot be parsed",
    .weight = 6,
    .open = json_open,
    .observe = json_observe,
    .merge = json_merge,
    .yield = json_yield,
    .close = json_close,
    .bytes = json_bytes,
};
