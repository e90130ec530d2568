/* Reads slices of a table, a few rows at the head of each, and tallies them column by column. */
#include "detect/sample.h"

#include "base/words.h"

#define SLICES_MAX   16
#define CUTS_MAX     16    /* of a slice again, until rows stand in half of them */
#define HOURS_ROWS   20000 /* whose hours are counted: weekdays then come within about .005 */
#define PAGE_LINES   24    /* rows of one page that are asked for at most ... */
#define PAGE_STRIDE  4     /* ... so far apart, from one of the first on */
#define BATCH_ROWS   1024
#define ADDRESS_PAGE 16 /* bits of a row within its page, in addresses of PostgreSQL */

struct sampler {
    struct db *db;
    const struct codec *codec;
    const struct table *table;
    struct arena *arena;
    size_t field_count;
    struct field *fields;
    struct tally **tallies;
    bool counts_hours; /* of moments, and nothing else */
};

/* Of an array, also under a domain; else the type itself. */
static const struct type *element_type(const struct type *type)
{
    const struct type *ground = type;

    while (ground->class == TYPE_DOMAIN && ground->element)
        ground = ground->element;
    return ground->class == TYPE_ARRAY && ground->element ? ground->element : type;
}

bool sample_reads(const struct column *column)
{
    const struct type *type = column->type;

    if (column->is_generated || !type->has_binary)
        return false;
    type = element_type(type);
    if (type->kind == KIND_OTHER || type->kind == KIND_BYTES || !type->has_binary)
        return false;
    return type->class == TYPE_BASE || type->class == TYPE_ENUM || type->class == TYPE_DOMAIN;
}

static bool add_fields(struct sampler *sampler)
{
    const struct table *table = sampler->table;

    sampler->fields = ARENA_ARRAY(sampler->arena, table->column_count + 1, struct field);
    sampler->tallies = ARENA_ARRAY(sampler->arena, table->column_count + 1, struct tally *);
    if (!sampler->fields || !sampler->tallies)
        return false;
    for (size_t c = 0; c < table->column_count; c++) {
        const struct column *column = table->columns[c];
        if (!sample_reads(column))
            continue;
        struct tally *tally = tally_new(element_type(column->type));
        if (!tally)
            return false;
        sampler->tallies[sampler->field_count] = tally;
        sampler->fields[sampler->field_count++] =
            (struct field){.column = column, .type = column->type};
    }
    return true;
}

static bool count_cell(struct sampler *sampler, size_t field, struct span cell, struct arena *arena,
                       struct error *err)
{
    const struct column *column = sampler->fields[field].column;
    const struct type *type = element_type(column->type);
    struct value value = {.is_null = span_is_null(cell)};

    assert(field < sampler->field_count);
    if (!value.is_null && !sampler->codec->decode(type, cell, arena, &value, err))
        return error_context(err, "column '%s'", column->name);
    return (sampler->counts_hours ? tally_add_hour : tally_add)(sampler->tallies[field], &value,
                                                                err);
}

#define ELEMENTS_MAX 64 /* of one array: one long list must not stand for all rows */

static bool count_array(struct sampler *sampler, size_t field, struct span cell,
                        struct arena *arena, struct error *err)
{
    struct span *elements = NULL;
    uint32_t count = 0;

    if (span_is_null(cell))
        return true;
    if (!sampler->codec->array_split(cell, arena, &elements, &count, err))
        return error_context(err, "column '%s'", sampler->fields[field].column->name);
    for (uint32_t i = 0; i < count && i < ELEMENTS_MAX; i++)
        if (!count_cell(sampler, field, elements[i], arena, err))
            return false;
    return true;
}

static bool is_array(const struct field *field)
{
    return element_type(field->column->type) != field->column->type;
}

static bool count_batch(struct sampler *sampler, const struct batch *batch, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();

    if (!arena)
        return error_memory(err);
    for (uint32_t r = 0; r < batch->rows; r++) {
        for (size_t f = 0; f < sampler->field_count; f++)
            if (!(is_array(&sampler->fields[f]) ? count_array : count_cell)(
                    sampler, f, batch->cells[r * batch->columns + f], arena, err))
                return false;
        arena_reset(arena);
    }
    return true;
}

static bool read_batches(struct sampler *sampler, struct batch *batch, struct error *err)
{
    bool more = true;

    while (more) {
        if (!db_read_next(sampler->db, batch, &more, err) || !count_batch(sampler, batch, err))
            return false;
    }
    return db_read_end(sampler->db, err);
}

static bool read_slice(struct sampler *sampler, const struct read *shape, struct error *err)
{
    struct read read = *shape;
    struct batch batch;

    assert(read.max_rows > 0);
    read.table = sampler->table;
    read.field_count = sampler->field_count;
    read.fields = sampler->fields;
    read.codec = sampler->codec;
    if (!batch_init(&batch, BATCH_ROWS, (uint32_t)sampler->field_count, err))
        return false;
    bool ok = db_read_begin(sampler->db, &read, err) && read_batches(sampler, &batch, err);
    batch_release(&batch);
    return ok;
}

/* Stretches of a relation's addresses. */
struct slices {
    size_t count;
    struct slice {
        uint64_t low, high;
    } list[SLICES_MAX];
};

static bool slice_holds(const struct sampler *sampler, const struct relation *relation,
                        const struct slice *slice, bool *holds, struct error *err)
{
    const struct read read = {.table = sampler->table,
                              .relation = relation,
                              .by = READ_BY_RANGE,
                              .address_low = slice->low,
                              .address_high = slice->high,
                              .max_rows = 1,
                              .field_count = sampler->field_count > 0 ? 1 : 0,
                              .fields = sampler->fields,
                              .codec = sampler->codec};
    struct batch batch;
    bool more = true;

    assert(slice->low < slice->high);
    *holds = false;
    if (!batch_init(&batch, 1, (uint32_t)read.field_count, err))
        return false;
    bool ok = db_read_begin(sampler->db, &read, err);
    while (ok && more) {
        ok = db_read_next(sampler->db, &batch, &more, err);
        *holds = *holds || (ok && batch.rows > 0);
    }
    ok = ok && db_read_end(sampler->db, err);
    batch_release(&batch);
    return ok;
}

/* False: there is nothing to cut. */
static bool slices_cut(struct slices *slices)
{
    const struct slices whole = *slices;
    const uint64_t parts = SLICES_MAX / whole.count;

    assert(whole.count > 0 && parts >= 2);
    slices->count = 0;
    for (size_t i = 0; i < whole.count; i++) {
        const struct slice slice = whole.list[i];
        const uint64_t width = (slice.high - slice.low) / parts;

        for (uint64_t p = 0; p < (width > 0 ? parts : 1); p++)
            slices->list[slices->count++] = (struct slice){
                slice.low + p * width,
                width > 0 && p + 1 < parts ? slice.low + (p + 1) * width : slice.high};
    }
    return slices->count > whole.count;
}

/* Keys may stand in a few heaps far apart: what is empty is left out, what is not is cut again. */
static bool slices_narrow(const struct sampler *sampler, const struct relation *relation,
                          struct slices *slices, struct error *err)
{
    for (unsigned cuts = 0;; cuts++) {
        const size_t before = slices->count;

        slices->count = 0;
        for (size_t i = 0; i < before; i++) {
            bool holds;

            if (!slice_holds(sampler, relation, &slices->list[i], &holds, err))
                return false;
            if (holds)
                slices->list[slices->count++] = slices->list[i];
        }
        if (slices->count == 0 || slices->count > SLICES_MAX / 2 || cuts == CUTS_MAX ||
            !slices_cut(slices))
            return true;
    }
}

/* Ranges of addresses where the relation can be cut; else the first rows have to do. */
static bool read_relation(struct sampler *sampler, const struct relation *relation, uint32_t rows,
                          struct error *err)
{
    struct slices slices = {0};
    struct address_range range;

    assert(rows > 0);
    if (!db_address_range(sampler->db, sampler->table, relation, &range, err))
        return false;

    const uint64_t steps = address_range_steps(&range);
    uint64_t count = steps < SLICES_MAX ? steps : SLICES_MAX;

    count = count > rows ? rows : count;
    if (count < 2 || !range.is_divisible)
        return read_slice(
            sampler, &(struct read){.relation = relation, .by = READ_ALL, .max_rows = rows}, err);
    for (; slices.count < count; slices.count++)
        slices.list[slices.count] =
            (struct slice){address_range_at(&range, steps * slices.count / count),
                           address_range_at(&range, steps * (slices.count + 1) / count)};
    if (relation->address_key && !slices_narrow(sampler, relation, &slices, err))
        return false;
    for (size_t s = 0; s < slices.count; s++) {
        struct read read = {.relation = relation,
                            .by = READ_BY_RANGE,
                            .address_low = slices.list[s].low,
                            .address_high = slices.list[s].high,
                            .max_rows = (int64_t)((rows + slices.count - 1) / slices.count)};
        if (!read_slice(sampler, &read, err))
            return false;
    }
    return true;
}

/* Each relation's share of the rows by its pages, at least one. */
static bool read_relations(struct sampler *sampler, uint32_t rows, struct error *err)
{
    const struct table *table = sampler->table;
    uint64_t pages = 0;

    assert(rows > 0);
    for (size_t i = 0; i < table->relation_count; i++)
        pages += table->relations[i].pages + 1;
    for (size_t i = 0; i < table->relation_count; i++) {
        double share = ((double)table->relations[i].pages + 1) / (double)pages;
        uint32_t wanted = (uint32_t)(share * rows);
        if (!read_relation(sampler, &table->relations[i], wanted > 0 ? wanted : 1, err))
            return false;
    }
    return true;
}

/* A page and a line of it make an address, and both are cheap to go to. */
static bool has_places(const struct db *db)
{
    return db_info(db)->engine == ENGINE_POSTGRESQL && db_info(db)->version_number >= 140000;
}

static bool is_moment(const struct field *field)
{
    return field->type->kind == KIND_TIMESTAMP || field->type->kind == KIND_INSTANT;
}

/* A few rows of pages spread over the whole relation, whatever the order they were written in. */
static bool read_places(struct sampler *sampler, const struct relation *relation, uint64_t rows,
                        struct error *err)
{
    const uint64_t pages = relation->pages < rows ? relation->pages : rows;
    const uint64_t lines = pages == 0 ? 0 : (rows + pages - 1) / pages;
    uint64_t *addresses = ARENA_ARRAY(sampler->arena, pages * PAGE_LINES + 1, uint64_t);
    struct read read = {.relation = relation, .by = READ_BY_ADDRESS, .addresses = addresses};

    if (!addresses)
        return error_memory(err);
    for (uint64_t p = 0; p < pages; p++)
        for (uint64_t line = 0; line < lines && line < PAGE_LINES; line++)
            addresses[read.address_count++] = (relation->pages * p / pages) << ADDRESS_PAGE |
                                              (1 + p % PAGE_STRIDE + line * PAGE_STRIDE);
    read.max_rows = (int64_t)read.address_count;
    return read.address_count == 0 || read_slice(sampler, &read, err);
}

/* The sample has too few moments to tell 168 hours apart, and its slices hold neighbors: hours are
 * counted by themselves in a larger one. */
static bool count_hours(const struct sampler *sampled, uint32_t rows, struct error *err)
{
    struct sampler sampler = *sampled;
    const struct table *table = sampled->table;
    double pages = 0;

    sampler.counts_hours = true;
    sampler.field_count = 0;
    sampler.fields = ARENA_ARRAY(sampled->arena, sampled->field_count + 1, struct field);
    sampler.tallies = ARENA_ARRAY(sampled->arena, sampled->field_count + 1, struct tally *);
    if (!sampler.fields || !sampler.tallies)
        return error_memory(err);
    for (size_t f = 0; f < sampled->field_count; f++) {
        if (!is_moment(&sampled->fields[f]))
            continue;
        sampler.fields[sampler.field_count] = sampled->fields[f];
        sampler.tallies[sampler.field_count++] = sampled->tallies[f];
    }
    for (size_t i = 0; i < table->relation_count; i++)
        pages += (double)table->relations[i].pages + 1;
    if (sampler.field_count == 0 || table->row_estimate < rows || !has_places(sampler.db))
        return true;
    for (size_t i = 0; i < table->relation_count; i++) {
        const double share = ((double)table->relations[i].pages + 1) / pages;

        if (!read_places(&sampler, &table->relations[i], (uint64_t)(share * HOURS_ROWS), err))
            return false;
    }
    return true;
}

static bool finish(struct sampler *sampler, struct arena *arena, struct sample_facts *facts,
                   struct error *err)
{
    for (size_t f = 0; f < sampler->field_count; f++)
        if (!tally_finish(sampler->tallies[f], arena, &facts[sampler->fields[f].column->index],
                          err))
            return false;
    return true;
}

bool sample_table(const struct sample_want *want, const struct table *table,
                  struct sample_facts *facts, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct sampler sampler = {.db = want->db,
                              .codec = codec_of(db_info(want->db)->engine),
                              .table = table,
                              .arena = arena};
    bool ok;

    assert(want->db && want->rows > 0 && want->arena);
    if (!arena)
        return error_memory(err);
    ok = add_fields(&sampler) || error_memory(err);
    if (ok && sampler.field_count > 0 && table->class != TABLE_FOREIGN && !table->is_outside)
        ok = read_relations(&sampler, want->rows, err) && count_hours(&sampler, want->rows, err) &&
             finish(&sampler, want->arena, facts, err);
    for (size_t f = 0; sampler.tallies && f < sampler.field_count; f++)
        tally_free(sampler.tallies[f]);
    return ok || error_context(err, "table '%s'", table->label);
}
