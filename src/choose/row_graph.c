/* Nodes and references in arrays, told apart by two maps. */
#include "choose/row_graph.h"

bool row_graph_new(struct row_graph **graph, struct error *err)
{
    struct arena *arena = arena_new();
    struct row_graph *made = arena ? ARENA_NEW(arena, struct row_graph) : NULL;

    *graph = made;
    if (!made) {
        arena_free(arena);
        return error_memory(err);
    }
    made->arena = arena;
    buf_init(&made->bytes, BUF_CEILING_MAX);
    made->places = map_new();
    made->keys = map_new();
    return (made->places && made->keys) || error_memory(err);
}

void row_graph_free(struct row_graph *graph)
{
    if (!graph)
        return;
    map_free(graph->places);
    map_free(graph->keys);
    buf_release(&graph->bytes);
    arena_free(graph->arena);
}

size_t row_graph_bytes(const struct row_graph *graph)
{
    return arena_bytes(graph->arena) + map_bytes(graph->places) + map_bytes(graph->keys);
}

int row_place_compare(const struct row_place *a, const struct row_place *b)
{
    if (a->table != b->table)
        return a->table < b->table ? -1 : 1;
    if (a->relation != b->relation)
        return a->relation < b->relation ? -1 : 1;
    return (a->address > b->address) - (a->address < b->address);
}

bool row_graph_add(struct row_graph *graph, const struct row_place *place, uint32_t *node,
                   struct error *err)
{
    bool is_new;

    assert(!graph->is_closed && place->padding == 0 && graph->node_count < ROW_NONE);
    uint64_t *slot =
        map_put(graph->places, span_make(place, sizeof(*place)), graph->node_count, &is_new);
    if (!slot)
        return error_memory(err);
    *node = (uint32_t)*slot;
    if (!is_new)
        return true;
    graph->nodes = arena_grow(graph->arena, graph->nodes, graph->node_count, &graph->node_capacity,
                              sizeof(*graph->nodes));
    if (!graph->nodes)
        return error_memory(err);
    graph->nodes[graph->node_count++] = (struct row_node){.place = *place};
    return true;
}

uint32_t row_graph_find(const struct row_graph *graph, const struct row_place *place)
{
    const uint64_t *slot = map_find(graph->places, span_make(place, sizeof(*place)));

    return slot ? (uint32_t)*slot : ROW_NONE;
}

bool row_graph_key(struct row_graph *graph, uint32_t target, const struct key_image *image,
                   uint32_t *key, struct error *err)
{
    bool is_new;

    assert(!graph->is_closed && graph->key_count < ROW_NONE);
    buf_reset(&graph->bytes);
    buf_add(&graph->bytes, &target, sizeof(target));
    buf_add_char(&graph->bytes, image->is_number ? 'n' : 'b');
    if (image->is_number)
        buf_add(&graph->bytes, &image->number, sizeof(image->number));
    else
        buf_add(&graph->bytes, image->bytes.ptr, image->bytes.len);
    if (!buf_ok(&graph->bytes))
        return error_memory(err);
    uint64_t *slot = map_put(graph->keys, buf_span(&graph->bytes), graph->key_count, &is_new);
    if (!slot)
        return error_memory(err);
    *key = (uint32_t)*slot;
    if (!is_new)
        return true;
    graph->owners = arena_grow(graph->arena, graph->owners, graph->key_count, &graph->key_capacity,
                               sizeof(*graph->owners));
    if (!graph->owners)
        return error_memory(err);
    graph->owners[graph->key_count++] = ROW_NONE;
    return true;
}

void row_graph_own(struct row_graph *graph, uint32_t node, uint32_t key)
{
    assert(node < graph->node_count && key < graph->key_count);
    graph->owners[key] = node;
}

bool row_graph_refer(struct row_graph *graph, uint32_t node, uint32_t key, struct error *err)
{
    assert(!graph->is_closed && node < graph->node_count && key < graph->key_count);
    struct row_node *from = &graph->nodes[node];

    graph->references = arena_grow(graph->arena, graph->references, graph->reference_count,
                                   &graph->reference_capacity, sizeof(*graph->references));
    if (!graph->references)
        return error_memory(err);
    if (from->count == 0)
        from->first = (uint32_t)graph->reference_count;
    assert(from->first + from->count == graph->reference_count);
    graph->references[graph->reference_count++] = key;
    from->count++;
    return true;
}

void row_graph_close(struct row_graph *graph)
{
    assert(!graph->is_closed);
    graph->is_closed = true;
    for (size_t i = 0; i < graph->node_count; i++) {
        struct row_node *node = &graph->nodes[i];
        uint32_t kept = 0;

        for (uint32_t r = 0; r < node->count; r++) {
            uint32_t owner = graph->owners[graph->references[node->first + r]];
            if (owner != ROW_NONE && owner != i)
                graph->references[node->first + kept++] = owner;
        }
        node->count = kept;
    }
}
