/* A foreign key that the database calls valid can still be violated: rows that replication or a
 * restore wrote with triggers off. Where a lookup found such a key missing, the chosen rows that
 * refer to it are read again and counted. Edges that promise nothing have counted as they went;
 * where equal may mean unequal bytes they have counted too many, and the server is asked of each
 * row whether there is a parent for it. */
#include "bind/edge_field.h"
#include "choose/state.h"

#define KEYS_A_LOOKUP 10000u

struct recount {
    struct edge_state *edge;
    bool is_asked;      /* the last field says whether the server finds no parent */
    struct keyset keys; /* of this read: what it finds may have other bytes */
};

static bool is_asked(const struct edge_state *edge)
{
    return !edge->target->is_exact && edge_is_countable(edge->edge);
}

static bool row_recount(const struct recount *recount, struct key_scratch *scratch,
                        const struct span *cells, struct error *err)
{
    struct edge_state *edge = recount->edge;
    struct value is_orphan = {.boolean = true};
    struct key_images images;
    bool applies;

    if (!edge_applies(edge, scratch, cells, &applies, err) ||
        !key_images_read(scratch, &edge->side, cells, &images, err))
        return false;
    if (!applies || images.count == 0 || !keyset_has(&recount->keys, images.items))
        return true;
    if (recount->is_asked &&
        !scratch->codec->decode(&key_boolean_type, cells[edge->child->field_count], scratch->arena,
                                &is_orphan, err))
        return false;
    uint64_t *rows = reference_rows(edge, scratch, images.items, err);
    if (!rows)
        return false;
    if (!recount->is_asked)
        ++*rows;
    else if (!is_orphan.boolean && *rows > 0)
        --*rows;
    return true;
}

static bool orphans_batch(const struct row_sink *sink, struct key_scratch *scratch,
                          const struct batch *batch, struct error *err)
{
    const struct recount *recount = sink->context;

    assert(recount->edge->child == sink->table && recount->edge->references);
    for (uint32_t r = 0; r < batch->rows; r++)
        if (row_is_chosen(sink->table, batch->relations[r], batch->addresses[r]) &&
            !row_recount(recount, scratch, batch->cells + (size_t)r * batch->columns, err))
            return false;
    return true;
}

/* The missing keys of the edge's target in the types of its child. */
static bool keys_turn(struct edge_state *edge, struct key_scratch *scratch, struct wanted *sought,
                      struct error *err)
{
    struct key_list list;
    struct key_image image;
    bool is_possible;

    assert(!edge->expression && !edge->side.is_array); /* the database knows only plain keys */
    struct span *cells = ARENA_ARRAY(scratch->arena, edge->side.count, struct span);

    if (!cells)
        return error_memory(err);
    if (!wanted_list(&edge->target->missing, scratch->arena, &list, err))
        return false;
    for (size_t i = 0; i < list.number_count + list.other_count; i++) {
        if (!key_list_image(&list, i, scratch, &image, err) ||
            !key_cells_convert(scratch, &edge->target->side, &edge->side, &image, cells,
                               &is_possible, err))
            return false;
        if (is_possible && !wanted_add(sought, &image, cells, err))
            return false;
    }
    return true;
}

/* The fields of the child, and behind them what the server says. */
static bool fields_extend(const struct chooser *chooser, const struct edge_state *edge,
                          struct arena *arena, struct read *read, struct error *err)
{
    struct field *fields = ARENA_ARRAY(arena, read->field_count + 1, struct field);
    struct buf sql;

    buf_init(&sql, 1 << 20);
    edge_add_orphan(chooser->binding->catalog->engine, DB_SOURCE, edge->edge, &sql);
    const char *text = buf_ok(&sql) ? arena_strdup(arena, buf_text(&sql)) : NULL;
    buf_release(&sql);
    if (!fields || !text)
        return error_memory(err);
    memcpy(fields, read->fields, read->field_count * sizeof(*fields));
    fields[read->field_count] = (struct field){.expression = text, .type = &key_boolean_type};
    read->fields = fields;
    read->field_count++;
    return true;
}

static bool keys_note(struct recount *recount, const struct key_list *list, size_t from, size_t to,
                      struct key_scratch *scratch, struct error *err)
{
    struct key_image image;
    bool is_new;

    keyset_release(&recount->keys);
    for (size_t i = from; i < to; i++)
        if (!key_list_image(list, i, scratch, &image, err) ||
            !keyset_add(&recount->keys, &image, &is_new, err))
            return false;
    return true;
}

static bool keys_read(struct chooser *chooser, struct recount *recount, const struct wanted *sought,
                      struct key_scratch *scratch, struct error *err)
{
    const struct edge_state *edge = recount->edge;
    struct row_sink sink = {
        .batch = orphans_batch, .chooser = chooser, .table = edge->child, .context = recount};
    struct key_values keys = {.column_count = (uint32_t)edge->side.count};
    struct key_list list;
    struct span *cells = NULL;
    struct read read;

    read_init(edge->child, &read);
    read.by = READ_BY_KEY;
    read.key_columns = edge->side.columns;
    read.equals = edge->edge->is_bytes_equal ? NULL : edge->edge->equals;
    read.keys = &keys;
    if ((recount->is_asked && !fields_extend(chooser, edge, scratch->arena, &read, err)) ||
        !wanted_list(sought, scratch->arena, &list, err))
        return false;
    size_t total = list.number_count + list.other_count;
    for (size_t from = 0; from < total; from += KEYS_A_LOOKUP) {
        size_t to = from + KEYS_A_LOOKUP < total ? from + KEYS_A_LOOKUP : total;
        if (!keys_note(recount, &list, from, to, scratch, err) ||
            !key_list_cells(&list, from, to, &edge->side, scratch, &cells, &keys.count, err))
            return false;
        keys.cells = cells;
        if (keys.count > 0 && !table_read(chooser, chooser->readers->leader, &read, &sink, err))
            return false;
    }
    return true;
}

static bool edge_recount(struct chooser *chooser, struct edge_state *edge, struct error *err)
{
    struct recount recount = {.edge = edge, .is_asked = is_asked(edge)};
    struct key_scratch scratch = {0};
    struct wanted sought;

    if (!edge->references && !(edge->references = map_new()))
        return error_memory(err);
    if (!key_scratch_init(&scratch, chooser->codec, err))
        return false;
    wanted_init(&sought, edge->side.count);
    bool is_done = keys_turn(edge, &scratch, &sought, err) &&
                   keys_read(chooser, &recount, &sought, &scratch, err);
    wanted_release(&sought);
    keyset_release(&recount.keys);
    key_scratch_release(&scratch);
    return is_done;
}

bool orphans_read(struct chooser *chooser, struct error *err)
{
    bool is_done = true;

    for (size_t i = 0; is_done && i < chooser->binding->graph->all.count; i++) {
        struct edge_state *edge = &chooser->edges[i];

        if (!edge->is_used || !edge->pulls || wanted_count(&edge->target->missing) == 0 ||
            (edge->references != NULL) != is_asked(edge))
            continue;
        is_done = edge_recount(chooser, edge, err);
    }
    return is_done;
}
