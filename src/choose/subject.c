/* Whose a row is. The subject of a row is the keyed hash of the subject table's name and key. A row
 * that refers to a subject by its identity needs nothing more. Of the tables on the way
 *
 *     messages -> accounts -> customers        (customers is the subject table)
 *
 * accounts keeps, for each chosen row, the hash of the key that messages refer to it by and the
 * subject it leads to: 16 bytes and the map around them. While choosing, the second is a link to
 * the next table on the way, since rows come in any order; links are resolved at the end.
 *
 * A way that is NULL ends at the row itself (its own identity), one that dangles at the value it
 * refers to, so that rows that dangle alike stay together. */
#include "choose/state.h"

struct subject_state {
    bool is_subject;
    size_t way_count, way_capacity;
    const struct edge **ways; /* their parent columns: by which keys others refer to this table */
    struct map *links;        /* hash of such a key -> number of an entry */
    struct buf entries;
};

/* A row to find the way of: where its cells are, and which discriminators hold. */
struct subject_row {
    const struct bound_table *bound;
    const struct span *cells;
    const uint32_t *positions; /* by column index; NULL: cells stand as bound->columns do */
    const bool *truths;
};

struct subject_way {
    const struct edge *edge; /* NULL: none, or NULL */
    bool is_direct;          /* the reference is the subject's identity */
    uint64_t subject;        /* of the reference's value */
    uint64_t link;           /* unless is_direct */
};

static bool is_subject_table(const struct binding *binding, const struct table *table)
{
    for (size_t i = 0; i < binding->subject_count; i++)
        if (binding->subjects[i] == table)
            return true;
    return false;
}

/* The reference is the subject's identity, column by column. */
static bool is_direct(const struct binding *binding, const struct edge *edge)
{
    const struct bound_table *parent = &binding->tables[edge->parent->index];

    if (!is_subject_table(binding, edge->parent) || parent->identity_count != edge->column_count)
        return false;
    for (size_t i = 0; i < edge->column_count; i++)
        if (parent->identity_columns[i] != edge->parent_columns[i])
            return false;
    return true;
}

static bool has_way(const struct bound_table *bound)
{
    return bound->subject && !bound->is_subject_shared && !bound->subject->is_subject &&
           bound->subject->first;
}

static bool is_walkable(const struct edge *edge)
{
    return !edge->json_path && !edge->is_array;
}

static bool way_add(struct chooser *chooser, struct table_state *parent, const struct edge *edge,
                    bool *is_new, struct error *err)
{
    struct subject_state *state = parent->subject;

    *is_new = !state;
    if (!state) {
        state = parent->subject = ARENA_NEW(chooser->arena, struct subject_state);
        if (!state || !(state->links = map_new()))
            return error_memory(err);
        buf_init(&state->entries, BUF_CEILING_MAX);
        state->is_subject = is_subject_table(chooser->binding, parent->table);
    }
    state->ways = arena_grow(chooser->arena, state->ways, state->way_count, &state->way_capacity,
                             sizeof(*state->ways));
    if (!state->ways)
        return error_memory(err);
    state->ways[state->way_count++] = edge;
    return true;
}

static bool is_way_known(const struct table_state *parent, const struct edge *edge)
{
    const struct subject_state *state = parent->subject;

    for (size_t i = 0; state && i < state->way_count; i++) {
        const struct edge *known = state->ways[i];
        bool is_same = known->column_count == edge->column_count;
        for (size_t c = 0; is_same && c < edge->column_count; c++)
            is_same = known->parent_columns[c] == edge->parent_columns[c];
        if (is_same)
            return true;
    }
    return false;
}

/* The tables above `table` keep links; their own way up is walked once, when they first do. */
static bool table_walk(struct chooser *chooser, struct table_state *table, struct error *err)
{
    const struct binding *binding = chooser->binding;
    bool is_new;

    if (!table->is_present || !has_way(table->bound))
        return true;
    const struct subject_step *step = table->bound->subject->first;
    for (size_t i = 0; i < step->edge_count; i++) {
        const struct edge *edge = step->edges[i];
        struct table_state *parent = &chooser->tables[edge->parent->index];
        bool leads_on = is_subject_table(binding, edge->parent) || has_way(parent->bound);

        if (!is_walkable(edge) || is_direct(binding, edge) || !parent->is_present || !leads_on ||
            is_way_known(parent, edge))
            continue;
        if (!way_add(chooser, parent, edge, &is_new, err))
            return false;
        if (is_new && !table_walk(chooser, parent, err))
            return false;
    }
    return true;
}

bool subjects_prepare(struct chooser *chooser, struct error *err)
{
    for (size_t i = 0; i < chooser->binding->catalog->table_count; i++)
        if (!table_walk(chooser, &chooser->tables[i], err))
            return false;
    return true;
}

/* A way that may be NULL is counted, and that takes the rows. */
bool subject_needs_rows(const struct chooser *chooser, const struct table_state *table)
{
    if (table->subject || subject_rows_wanted(chooser, table))
        return true;
    if (!has_way(table->bound))
        return false;
    const struct subject_step *step = table->bound->subject->first;
    for (size_t i = 0; i < step->edge_count; i++)
        if (step->edges[i]->is_nullable || step->edges[i]->when)
            return true;
    return false;
}

static uint32_t column_position(const struct subject_row *row, const struct column *column)
{
    const struct bound_table *bound = row->bound;

    if (row->positions)
        return row->positions[column->index];
    /* Bound columns keep the table's order, so a column stands at its index or before. */
    size_t at = column->index < bound->column_count ? column->index + 1u : bound->column_count;
    while (at-- > 0)
        if (bound->columns[at].column == column)
            return (uint32_t)at;
    return UINT32_MAX;
}

/* The table's name and the canonical key into scratch->bytes. */
static bool key_spell(const struct subject_row *row, const struct table *named,
                      const struct column *const *columns, size_t count,
                      struct key_scratch *scratch, bool *has_null, struct error *err)
{
    *has_null = false;
    buf_reset(&scratch->bytes);
    identity_name_add(named, &scratch->bytes);
    const size_t start = scratch->bytes.len;
    for (size_t i = 0; i < count; i++) {
        uint32_t position = column_position(row, columns[i]);
        if (position == UINT32_MAX) {
            *has_null = true;
            return true;
        }
        const struct type *type = columns[i]->type;
        if (!key_bytes_add(scratch, &type, &row->cells[position], 1, has_null, err))
            return false;
    }
    key_bytes_settle(scratch, start);
    return true;
}

/* The hash by which entries are found: of the key and of the columns it is a key of. */
static uint64_t link_hash(const struct binding *binding, const struct edge *edge,
                          struct key_scratch *scratch)
{
    for (size_t i = 0; i < edge->column_count; i++)
        buf_add_u16be(&scratch->bytes, edge->parent_columns[i]->number);
    return siphash(&binding->subject_key, buf_text(&scratch->bytes), scratch->bytes.len);
}

static uint64_t bytes_hash(const struct binding *binding, const struct key_scratch *scratch)
{
    return siphash(&binding->subject_key, buf_text(&scratch->bytes), scratch->bytes.len);
}

/* The row as its own subject. */
static bool own_subject(const struct binding *binding, const struct subject_row *row,
                        struct key_scratch *scratch, uint64_t *subject, struct error *err)
{
    const struct bound_table *bound = row->bound;
    bool has_null;

    if (!key_spell(row, bound->table, bound->identity_columns, bound->identity_count, scratch,
                   &has_null, err))
        return false;
    *subject = bytes_hash(binding, scratch);
    return true;
}

static bool edge_holds(const struct binding *binding, const struct subject_row *row,
                       const struct edge *edge)
{
    int32_t when = binding->edges[edge->index].when;

    return when < 0 || (row->truths && row->truths[when]);
}

static bool way_read(const struct binding *binding, const struct subject_row *row,
                     struct key_scratch *scratch, struct subject_way *way, struct error *err)
{
    const struct subject_step *step = row->bound->subject->first;
    bool has_null;

    *way = (struct subject_way){0};
    for (size_t i = 0; i < step->edge_count; i++) {
        const struct edge *edge = step->edges[i];
        if (!is_walkable(edge) || !edge_holds(binding, row, edge))
            continue;
        if (!key_spell(row, edge->parent, edge->child_columns, edge->column_count, scratch,
                       &has_null, err))
            return false;
        if (has_null)
            continue;
        way->edge = edge;
        way->subject = bytes_hash(binding, scratch);
        way->is_direct = is_direct(binding, edge);
        if (!way->is_direct)
            way->link = link_hash(binding, edge, scratch);
        return buf_ok(&scratch->bytes) || error_memory(err);
    }
    return true;
}

static bool truths_read(const struct table_state *table, struct key_scratch *scratch,
                        const struct span *cells, bool **truths, struct error *err)
{
    size_t count = table->bound->discriminator_count;
    struct value value;

    *truths = ARENA_ARRAY(scratch->arena, count + 1, bool);
    if (!*truths)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        uint32_t position = table->discriminators[i];
        if (position == UINT32_MAX || span_is_null(cells[position]))
            continue;
        if (!scratch->codec->decode(&key_boolean_type, cells[position], scratch->arena, &value,
                                    err))
            return false;
        (*truths)[i] = value.boolean;
    }
    return true;
}

static bool entries_add(struct chooser *chooser, struct subject_state *state,
                        const struct subject_row *row, const struct subject_entry *entry,
                        struct key_scratch *scratch, struct error *err)
{
    for (size_t i = 0; i < state->way_count; i++) {
        const struct edge *way = state->ways[i];
        bool has_null, is_new;

        if (!key_spell(row, way->parent, way->parent_columns, way->column_count, scratch, &has_null,
                       err))
            return false;
        if (has_null)
            continue;
        uint64_t link = link_hash(chooser->binding, way, scratch);
        uint64_t number = state->entries.len / sizeof(*entry);
        if (!map_put(state->links, span_make(&link, sizeof(link)), number, &is_new))
            return error_memory(err);
        if (is_new)
            buf_add(&state->entries, entry, sizeof(*entry));
    }
    return buf_ok(&state->entries) || error_memory(err);
}

bool subject_record(struct chooser *chooser, struct table_state *table, struct key_scratch *scratch,
                    const struct span *cells, struct error *err)
{
    const struct binding *binding = chooser->binding;
    struct subject_row row = {.bound = table->bound, .cells = cells, .positions = table->positions};
    struct subject_entry entry = {0};
    struct subject_way way = {0};
    bool is_counted = subject_rows_wanted(chooser, table);
    bool *truths;

    if (!table->subject && !is_counted && !has_way(table->bound))
        return true;
    if (!truths_read(table, scratch, cells, &truths, err))
        return false;
    row.truths = truths;
    if (has_way(table->bound)) {
        if (!way_read(binding, &row, scratch, &way, err))
            return false;
        chooser->subjects_by_identity += way.edge == NULL;
    }
    if (!table->subject && !is_counted)
        return true;
    if (way.edge) {
        bool is_end = way.is_direct || !chooser->tables[way.edge->parent->index].subject;
        entry.subject = way.subject;
        entry.link = way.link;
        entry.next = is_end ? 0 : way.edge->parent->index + 1;
    } else if (!own_subject(binding, &row, scratch, &entry.subject, err)) {
        return false;
    }
    return (!is_counted || subject_rows_add(chooser, &entry, err)) &&
           (!table->subject || entries_add(chooser, table->subject, &row, &entry, scratch, err));
}

static struct subject_entry entry_at(const struct subject_state *state, uint64_t number)
{
    struct subject_entry entry;

    assert((number + 1) * sizeof(entry) <= state->entries.len);
    memcpy(&entry, state->entries.ptr + number * sizeof(entry), sizeof(entry));
    return entry;
}

/* A way does not come back to a table. */
uint64_t subject_resolve(const struct chooser *chooser, struct subject_entry entry)
{
    for (size_t step = 0; entry.next && step < chooser->binding->catalog->table_count; step++) {
        const struct subject_state *next = chooser->tables[entry.next - 1].subject;
        uint64_t *number =
            next ? map_find(next->links, span_make(&entry.link, sizeof(entry.link))) : NULL;
        if (!number)
            break;
        entry = entry_at(next, *number);
    }
    return entry.subject;
}

bool subjects_resolve(struct chooser *chooser, struct selection *selection, struct error *err)
{
    bool is_new;

    selection->subjects_by_identity = chooser->subjects_by_identity;
    for (size_t i = 0; i < chooser->binding->catalog->table_count; i++) {
        const struct subject_state *state = chooser->tables[i].subject;
        if (!state)
            continue;
        struct map *up = selection->tables[i].up = map_new();
        if (!up)
            return error_memory(err);
        for (size_t k = 0; k < map_count(state->links); k++) {
            struct subject_entry entry = entry_at(state, map_value(state->links, k));
            if (!map_put(up, map_key(state->links, k), subject_resolve(chooser, entry), &is_new))
                return error_memory(err);
        }
    }
    return true;
}

size_t subject_bytes(const struct table_state *table)
{
    return table->subject ? map_bytes(table->subject->links) + table->subject->entries.capacity : 0;
}

void subject_release(struct table_state *table)
{
    if (!table->subject)
        return;
    map_free(table->subject->links);
    buf_release(&table->subject->entries);
}

bool selection_subject(const struct selection *selection, const struct bound_table *table,
                       struct key_scratch *scratch, const struct span *cells,
                       const bool *discriminators, uint64_t *subject, struct error *err)
{
    const struct binding *binding = selection->binding;
    struct subject_row row = {.bound = table, .cells = cells, .truths = discriminators};
    struct subject_way way = {0};

    assert(scratch && cells && subject);
    if (has_way(table) && !way_read(binding, &row, scratch, &way, err))
        return false;
    if (!way.edge)
        return own_subject(binding, &row, scratch, subject, err);
    const struct map *up = selection->tables[way.edge->parent->index].up;
    const uint64_t *found =
        up && !way.is_direct ? map_find(up, span_make(&way.link, sizeof(way.link))) : NULL;
    *subject = found ? *found : way.subject;
    return true;
}
