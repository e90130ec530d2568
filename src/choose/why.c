/* Why a row is in the subset: choosing runs once more and notes for each row in which round it
 * came and by which edge; then the way back is read, one row at a time. A row that came as a child
 * leads to the whole parent whose key it holds; one that came as a parent, to a chosen row that
 * refers to it and came in an earlier round. Rounds fall with each step, so the way ends. */
#include "choose/tails.h"

struct came {
    uint32_t round;
    uint32_t edge; /* index + 1; 0: a seed, or a parent */
    enum chosen_reason reason;
};

struct row_name { /* the bytes under which the map keeps a row */
    uint32_t table;
    uint16_t relation;
    uint16_t is_whole; /* how it became whole, or how it came */
    uint64_t address;
};

bool provenance_add(struct chooser *chooser, const struct arrival *arrival,
                    enum chosen_reason first, bool is_new, bool is_newly_whole, struct error *err)
{
    assert(chooser->provenance && (is_new || is_newly_whole));
    struct row_name name = {.table = arrival->table->table->index,
                            .relation = arrival->relation,
                            .address = arrival->address};
    uint64_t round = (uint64_t)chooser->rounds << 40;
    uint64_t edge = arrival->edge ? arrival->edge->edge->index + 1u : 0;
    uint64_t value = round | edge << 8 | (uint64_t)arrival->reason;
    /* A seed that came earlier by an edge needs no way back. */
    uint64_t came = first == arrival->reason ? value : round | (uint64_t)first;
    bool ignored;

    assert(edge < (UINT64_C(1) << 32) && chooser->rounds < (1u << 24));
    if (is_new && !map_put(chooser->provenance, span_make(&name, sizeof(name)), came, &ignored))
        return error_memory(err);
    name.is_whole = 1;
    if (is_newly_whole &&
        !map_put(chooser->provenance, span_make(&name, sizeof(name)), value, &ignored))
        return error_memory(err);
    return true;
}

/* A row of the chain, with what its link columns hold. */
struct found_row {
    struct table_state *table;
    uint16_t relation;
    uint64_t address;
    struct span *cells; /* in the arena of the walk */
    struct came came;
};

struct why {
    struct chooser *chooser;
    struct arena *arena; /* of the caller: steps */
    struct key_scratch scratch;
    struct why_chain *chain;
    size_t step_capacity;
    /* the row sought by a read: the one that came first, before `before` */
    bool needs_whole, has_found;
    uint32_t before;
    struct found_row found;
};

/* How the row came, or became whole; false: it is not chosen, or not whole. */
static bool came_find(const struct why *why, const struct table_state *table, uint16_t relation,
                      uint64_t address, bool needs_whole, struct came *came)
{
    struct row_name name = {.table = table->table->index, .relation = relation, .address = address};

    *came = (struct came){.reason = table->reason};
    if (!table->is_present)
        return false;
    if (table->is_everything && (!needs_whole || table->is_all_whole))
        return true;
    name.is_whole = needs_whole;
    const uint64_t *value = map_find(why->chooser->provenance, span_make(&name, sizeof(name)));
    if (!value)
        return false;
    came->round = (uint32_t)(*value >> 40);
    came->edge = (uint32_t)(*value >> 8);
    came->reason = (enum chosen_reason)(*value & 0xff);
    return true;
}

static bool cells_keep(struct why *why, const struct span *cells, size_t count, struct error *err)
{
    why->found.cells = ARENA_ARRAY(why->arena, count + 1, struct span);
    if (!why->found.cells)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        if (span_is_null(cells[i]))
            continue;
        why->found.cells[i] = arena_span(why->arena, cells[i]);
        if (!why->found.cells[i].ptr)
            return error_memory(err);
    }
    return true;
}

/* Keeps the earliest row. Which of several equally early ones comes is of no weight. */
static bool why_batch(const struct row_sink *sink, struct key_scratch *scratch,
                      const struct batch *batch, struct error *err)
{
    struct why *const *handle = sink->context;
    struct why *why = *handle;
    struct came came;

    UNUSED(scratch);
    for (uint32_t r = 0; r < batch->rows; r++) {
        bool is_chosen = came_find(why, sink->table, batch->relations[r], batch->addresses[r],
                                   why->needs_whole, &came);
        if (why->before != 0 && (!is_chosen || came.round >= why->before))
            continue;
        if (why->has_found && came.round >= why->found.came.round)
            continue;
        why->has_found = true;
        why->found.table = sink->table;
        why->found.relation = batch->relations[r];
        why->found.address = batch->addresses[r];
        why->found.came = came;
        if (!cells_keep(why, batch->cells + (size_t)r * batch->columns, batch->columns, err))
            return false;
    }
    return true;
}

static bool why_lookup(struct why *why, struct table_state *table, const struct read *read,
                       struct error *err)
{
    struct row_sink sink = {
        .batch = why_batch, .chooser = why->chooser, .table = table, .context = &why};

    why->has_found = false;
    return table_read(why->chooser, why->chooser->readers->leader, read, &sink, err);
}

/* Which stratum the row came for. */
static void step_tell(struct why_step *step, const struct tails *tails)
{
    struct row_place place = {
        .table = step->table->index, .relation = step->relation, .address = step->address};
    const struct tail_seed *seed = tails_find(tails, &place);

    assert(seed);
    step->stratum = &tails->survey->strata[seed->stratum];
    step->is_witness = seed->is_witness;
}

static bool step_add(struct why *why, const struct found_row *row, bool is_whole, struct error *err)
{
    struct why_chain *chain = why->chain;

    chain->steps = arena_grow(why->arena, chain->steps, chain->step_count, &why->step_capacity,
                              sizeof(*chain->steps));
    if (!chain->steps)
        return error_memory(err);
    chain->steps[chain->step_count++] = (struct why_step){
        .table = row->table->table,
        .relation = row->relation,
        .address = row->address,
        .reason = row->came.reason,
        .edge = row->came.edge ? why->chooser->edges[row->came.edge - 1].edge : NULL,
        .is_whole = is_whole};
    if (row->came.reason == CHOSEN_TAIL && why->chooser->tails)
        step_tell(&chain->steps[chain->step_count - 1], why->chooser->tails);
    return true;
}

/* One lookup of `image`, read from side `from`, on side `to`. */
static bool key_seek(struct why *why, struct table_state *table, const struct key_side *from,
                     const struct key_side *to, const struct key_image *image, struct read *read,
                     struct error *err)
{
    struct span *cells = ARENA_ARRAY(why->arena, to->count, struct span);
    struct key_values keys = {.count = 1, .column_count = (uint32_t)to->count, .cells = cells};
    bool is_possible;

    why->has_found = false;
    if (!cells)
        return error_memory(err);
    if (!key_cells_convert(&why->scratch, from, to, image, cells, &is_possible, err))
        return false;
    if (!is_possible)
        return true;
    read->by = READ_BY_KEY;
    read->keys = &keys;
    read->key_columns = to->columns;
    return why_lookup(why, table, read, err);
}

/* From a child to the whole parent it came with. */
static bool parent_seek(struct why *why, const struct found_row *row, struct error *err)
{
    struct edge_state *edge = &why->chooser->edges[row->came.edge - 1];
    struct key_images images;
    struct found_row best = {0};
    struct read read;

    why->needs_whole = true;
    why->before = row->came.round;
    if (!key_images_read(&why->scratch, &edge->side, row->cells, &images, err))
        return false;
    for (size_t i = 0; i < images.count && !best.table; i++) {
        read_init(edge->parent, &read);
        read.equals = edge->edge->is_bytes_equal ? NULL : edge->edge->equals;
        if (!key_seek(why, edge->parent, &edge->side, &edge->target->side, &images.items[i], &read,
                      err))
            return false;
        if (why->has_found)
            best = why->found;
    }
    why->has_found = best.table != NULL;
    why->found = best;
    return true;
}

/* From a parent to a row that refers to it, by whichever edge. */
static bool child_seek_by(struct why *why, const struct found_row *row, struct edge_state *edge,
                          struct error *err)
{
    struct key_images images;
    struct read read;

    why->has_found = false;
    if (!key_images_read(&why->scratch, &edge->target->side, row->cells, &images, err))
        return false;
    if (images.count == 0)
        return true;
    read_init(edge->child, &read);
    read.equals = edge->edge->is_bytes_equal ? NULL : edge->edge->equals;
    read.key_expression = edge->expression;
    read.key_is_array = edge->side.is_array;
    read.where = edge->edge->when;
    return key_seek(why, edge->child, &edge->target->side, &edge->side, images.items, &read, err);
}

static bool child_seek(struct why *why, struct found_row *row, struct error *err)
{
    struct found_row best = {0};
    uint32_t by = 0;

    why->needs_whole = false;
    why->before = row->came.round;
    for (size_t i = 0; i < row->table->down_count; i++) {
        struct edge_state *edge = row->table->down[i];
        if (!edge->is_used || !edge->pulls)
            continue;
        if (!child_seek_by(why, row, edge, err))
            return false;
        if (!why->has_found || (best.table && best.came.round <= why->found.came.round))
            continue;
        best = why->found;
        by = edge->edge->index + 1;
    }
    row->came.edge = by;
    why->has_found = best.table != NULL;
    why->found = best;
    return true;
}

static bool chain_walk(struct why *why, struct error *err)
{
    struct found_row row = why->found;
    bool is_whole = false;

    for (;;) {
        bool is_child = row.came.reason == CHOSEN_CHILD && row.came.edge != 0;
        bool is_parent = row.came.reason == CHOSEN_PARENT;
        if (is_child ? !parent_seek(why, &row, err) : is_parent && !child_seek(why, &row, err))
            return false;
        if (!step_add(why, &row, is_whole || is_child, err))
            return false;
        if (!is_child && !is_parent)
            return true;
        if (!why->has_found)
            return error_set(err, STATUS_BUG, "a row of table '%s' was chosen for no reason",
                             row.table->table->label);
        assert(why->found.came.round < row.came.round);
        row = why->found;
        is_whole = is_child;
        arena_reset(why->scratch.arena);
    }
}

/* The text of a key as COPY would deliver it: the decoder takes backslashes for escapes. */
static struct span text_escape(struct arena *arena, const char *text)
{
    struct buf escaped;

    buf_init(&escaped, 1 << 20);
    for (; *text; text++) {
        if (*text == '\\')
            buf_add_char(&escaped, '\\');
        buf_add_char(&escaped, *text);
    }
    struct span copy = buf_ok(&escaped)
                           ? arena_span(arena, span_make(buf_text(&escaped), escaped.len))
                           : (struct span){0};
    buf_release(&escaped);
    return copy;
}

/* A UUID is written as one, whatever the server keeps it in. */
static const struct type written_uuid = {.schema = "", .name = "uuid", .kind = KIND_UUID};

static bool key_encode(struct why *why, const struct bound_table *table, const char *const *key,
                       struct span *cells, struct error *err)
{
    const struct codec *codec = codec_text_beside(why->chooser->codec);
    struct value value;
    struct error ignored = {0};

    for (size_t i = 0; i < table->identity_count; i++) {
        const struct column *column = table->identity_columns[i];
        struct span text = codec == &codec_pg_text ? text_escape(why->arena, key[i])
                                                   : span_make(key[i], (uint32_t)strlen(key[i]));
        if (!text.ptr)
            return error_memory(err);
        value = (struct value){0};
        const struct type *type = column->type->kind == KIND_UUID ? &written_uuid : column->type;
        if (!codec->decode(type, text, why->arena, &value, &ignored) ||
            !why->chooser->codec->encode(column, column->type, &value, why->arena, &cells[i],
                                         &ignored)) {
            error_set(err, STATUS_USAGE, "the key given is no value of column '%s' of table '%s'",
                      column->name, table->table->label);
            return false;
        }
    }
    return true;
}

static bool row_seek(struct why *why, const struct bound_table *table, const char *const *key,
                     size_t key_count, struct error *err)
{
    struct table_state *state = &why->chooser->tables[table->table->index];
    struct span *cells = ARENA_ARRAY(why->arena, table->identity_count + 1, struct span);
    struct key_values keys = {.count = 1, .cells = cells};
    struct read read;

    if (!cells)
        return error_memory(err);
    if (key_count != table->identity_count) {
        error_set(err, STATUS_USAGE, "rows of table '%s' are told apart by %zu columns, not by %zu",
                  table->table->label, table->identity_count, key_count);
        return error_hint(err, "give one value for each column of its key; sample.keys declares "
                               "one where the database does not");
    }
    if (!key_encode(why, table, key, cells, err))
        return false;
    keys.column_count = (uint32_t)key_count;
    read_init(state, &read);
    read.by = READ_BY_KEY;
    read.keys = &keys;
    read.key_columns = table->identity_columns;
    why->before = 0;
    return why_lookup(why, state, &read, err);
}

static const char *absence_of(const struct bound_table *table, bool exists)
{
    if (table->role == ROLE_EXCLUDED)
        return "the table is left out of staging";
    if (table->role == ROLE_EMPTY)
        return "the table stays empty in staging";
    if (!exists)
        return "production has no such row";
    if (table->role == ROLE_START)
        return "it is not among the start rows, and no edge leads to it from a chosen row";
    if (table->role == ROLE_SAMPLE)
        return "its keyed hash is not below the fraction of its table, and no edge leads to it "
               "from a chosen row";
    return "no edge leads to it from a chosen row: it is not followed, left out by a take, or what "
           "it hangs on was not chosen";
}

static bool why_find(struct why *why, const struct why_request *request, size_t number,
                     struct error *err)
{
    const struct bound_table *table = request->table;
    const struct table_state *state = &why->chooser->tables[table->table->index];

    why->has_found = false;
    why->step_capacity = 0;
    if (state->is_present && !row_seek(why, table, request->keys[number], request->parts, err))
        return false;
    why->chain->is_chosen =
        why->has_found && row_is_chosen(state, why->found.relation, why->found.address);
    if (why->chain->is_chosen)
        return chain_walk(why, err);
    why->chain->absence = absence_of(table, why->has_found);
    return true;
}

static bool why_answer(struct chooser *chooser, const struct why_request *request,
                       struct arena *arena, struct why_chain *chains, struct error *err)
{
    struct why why = {.chooser = chooser, .arena = arena};
    bool is_done = key_scratch_init(&why.scratch, chooser->codec, err);

    for (size_t i = 0; is_done && i < request->count; i++) {
        chains[i] = (struct why_chain){0};
        why.chain = &chains[i];
        is_done = why_find(&why, request, i, err);
        arena_reset(why.scratch.arena);
    }
    key_scratch_release(&why.scratch);
    return is_done;
}

bool choose_why(const struct binding *binding, const struct readers *readers,
                const struct survey *survey, const struct why_request *request, struct arena *arena,
                struct why_chain *chains, struct error *err)
{
    struct chooser_request wish = {
        .binding = binding, .readers = readers, .with_provenance = true, .scale = 1};
    AUTO(arena) struct arena *own = arena_new();
    AUTO(tails) struct tails *tails = NULL;
    AUTO(chooser) struct chooser *chooser = NULL;

    assert(request->table && request->keys && chains);
    if (!own)
        return error_memory(err);
    if (!extent_new(binding, own, &wish.extent, err) || !tails_new(&wish, survey, &tails, err))
        return false;
    wish.tails = tails;
    return budget_choose(&wish, &chooser, err) && why_answer(chooser, request, arena, chains, err);
}
