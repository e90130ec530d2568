/* Reads slices of a table, a few rows at the head of each, and tallies them column by column. */
#include "detect/sample.h"

#include "base/words.h"
#include "detect/sample_slices.h"

#define HOURS_ROWS   20000 /* whose hours are counted: weekdays then come within about .005 */
#define STRIP_ROWS   20    /* of them that stand side by side where keys lead to rows */
#define VALUES_MIN   50    /* of a column: fewer are no evidence ... */
#define WIDER        10 /* ... so of one that is mostly NULL, that many times the rows are read */
#define PAGE_LINES   24 /* rows of one page that are asked for at most ... */
#define PAGE_STRIDE  4  /* ... so far apart, from one of the first on */
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
    if (!codec_opaque(sampler->codec, type, cell, &value.bytes) && !value.is_null &&
        !sampler->codec->decode(type, cell, arena, &value, err))
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

static bool read_slice(struct sampler *sampler, const struct read *read, struct error *err)
{
    struct batch batch;

    assert(read->max_rows > 0);
    if (!batch_init(&batch, BATCH_ROWS, (uint32_t)sampler->field_count, err))
        return false;
    bool ok = db_read_begin(sampler->db, read, err) && read_batches(sampler, &batch, err);
    batch_release(&batch);
    return ok;
}

static struct read read_shape(const struct sampler *sampler, const struct relation *relation)
{
    return (struct read){.table = sampler->table,
                         .relation = relation,
                         .field_count = sampler->field_count,
                         .fields = sampler->fields,
                         .codec = sampler->codec};
}

/* The heads of slices; where the relation cannot be cut, the first rows have to do. */
static bool read_relation(struct sampler *sampler, const struct relation *relation, uint32_t rows,
                          struct error *err)
{
    struct read read = read_shape(sampler, relation);
    struct slices slices;

    assert(rows > 0);
    if (!slices_find(sampler->db, &read, rows, &slices, err))
        return false;
    if (slices.count == 0) {
        read.max_rows = rows;
        return read_slice(sampler, &read, err);
    }
    read.by = READ_BY_RANGE;
    read.max_rows = (int64_t)((rows + slices.count - 1) / slices.count);
    for (size_t s = 0; s < slices.count; s++) {
        read.address_low = slices.list[s].low;
        read.address_high = slices.list[s].high;
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

static bool is_moment(const struct field *field, const struct tally *tally)
{
    (void)tally;
    return field->type->kind == KIND_TIMESTAMP || field->type->kind == KIND_INSTANT;
}

/* A few rows of pages spread over the whole relation, whatever the order they were written in. */
static bool read_places(struct sampler *sampler, const struct relation *relation, uint64_t rows,
                        struct error *err)
{
    const uint64_t pages = relation->pages < rows ? relation->pages : rows;
    const uint64_t lines = pages == 0 ? 0 : (rows + pages - 1) / pages;
    uint64_t *addresses = ARENA_ARRAY(sampler->arena, pages * PAGE_LINES + 1, uint64_t);
    struct read read = read_shape(sampler, relation);

    if (!addresses)
        return error_memory(err);
    read.by = READ_BY_ADDRESS;
    read.addresses = addresses;
    for (uint64_t p = 0; p < pages; p++)
        for (uint64_t line = 0; line < lines && line < PAGE_LINES; line++)
            addresses[read.address_count++] = (relation->pages * p / pages) << ADDRESS_PAGE |
                                              (1 + p % PAGE_STRIDE + line * PAGE_STRIDE);
    read.max_rows = (int64_t)read.address_count;
    return read.address_count == 0 || read_slice(sampler, &read, err);
}

/* Side by side, a few at the head of each of many strips; no more is known of where keys stand. */
static bool read_strips(struct sampler *sampler, const struct relation *relation, uint64_t rows,
                        struct error *err)
{
    const uint64_t strips = rows / STRIP_ROWS + 1;
    struct read read = read_shape(sampler, relation);
    struct slices slices;

    if (!slices_find(sampler->db, &read, (uint32_t)strips, &slices, err))
        return false;
    if (slices.count == 0) {
        read.max_rows = (int64_t)rows + 1;
        return read_slice(sampler, &read, err);
    }
    read.by = READ_BY_RANGE;
    read.max_rows = STRIP_ROWS;
    for (size_t s = 0; s < slices.count; s++) {
        const struct slice slice = slices.list[s];
        const uint64_t step = (slice.high - slice.low) / (strips / slices.count) + 1;

        for (uint64_t low = slice.low; low < slice.high; low += step) {
            read.address_low = low;
            read.address_high = slice.high - low < step ? slice.high : low + step;
            if (!read_slice(sampler, &read, err))
                return false;
            if (slice.high - low < step)
                break;
        }
    }
    return true;
}

/* Rows for their hours, from all over the relation, where such are cheap to go to. */
static bool read_spread(struct sampler *sampler, const struct relation *relation, uint64_t rows,
                        struct error *err)
{
    const struct db_info *info = db_info(sampler->db);

    if (info->engine != ENGINE_POSTGRESQL)
        return read_strips(sampler, relation, rows, err);
    return info->version_number < 140000 || read_places(sampler, relation, rows, err);
}

/* The sampler of some of the fields: those of `is_wanted`. */
static bool sampler_narrow(const struct sampler *whole,
                           bool (*is_wanted)(const struct field *, const struct tally *),
                           struct sampler *part)
{
    *part = *whole;
    part->field_count = 0;
    part->fields = ARENA_ARRAY(whole->arena, whole->field_count + 1, struct field);
    part->tallies = ARENA_ARRAY(whole->arena, whole->field_count + 1, struct tally *);
    if (!part->fields || !part->tallies)
        return false;
    for (size_t f = 0; f < whole->field_count; f++) {
        if (!is_wanted(&whole->fields[f], whole->tallies[f]))
            continue;
        part->fields[part->field_count] = whole->fields[f];
        part->tallies[part->field_count++] = whole->tallies[f];
    }
    return true;
}

/* The sample has too few moments to tell 168 hours apart, and its slices hold neighbors: hours are
 * counted by themselves in a larger one. */
static bool count_hours(const struct sampler *sampled, uint32_t rows, struct error *err)
{
    const struct table *table = sampled->table;
    struct sampler sampler;
    double pages = 0;

    if (!sampler_narrow(sampled, is_moment, &sampler))
        return error_memory(err);
    sampler.counts_hours = true;
    for (size_t i = 0; i < table->relation_count; i++)
        pages += (double)table->relations[i].pages + 1;
    if (sampler.field_count == 0 || table->row_estimate < rows)
        return true;
    for (size_t i = 0; i < table->relation_count; i++) {
        const double share = ((double)table->relations[i].pages + 1) / pages;

        if (!read_spread(&sampler, &table->relations[i], (uint64_t)(share * HOURS_ROWS), err))
            return false;
    }
    return true;
}

static bool is_new(const struct field *field, const struct tally *tally)
{
    (void)field;
    return tally_facts(tally)->rows == 0;
}

/* False: out of memory. */
static bool renew_rare(const struct sampler *sampler)
{
    for (size_t f = 0; f < sampler->field_count; f++) {
        const struct sample_facts *facts = tally_facts(sampler->tallies[f]);
        struct tally *tally;

        if (facts->rows - facts->nulls >= VALUES_MIN)
            continue;
        tally = tally_new(element_type(sampler->fields[f].type));
        if (!tally)
            return false;
        tally_free(sampler->tallies[f]);
        sampler->tallies[f] = tally;
    }
    return true;
}

/* Whether a column that is mostly NULL shows enough values must not hang on which rows were read.
 */
static bool count_rare(const struct sampler *sampled, uint32_t rows, struct error *err)
{
    struct sampler sampler;

    if (sampled->table->row_estimate < rows)
        return true;
    if (!renew_rare(sampled) || !sampler_narrow(sampled, is_new, &sampler))
        return error_memory(err);
    return sampler.field_count == 0 || read_relations(&sampler, WIDER * rows, err);
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
        ok = read_relations(&sampler, want->rows, err) && count_rare(&sampler, want->rows, err) &&
             count_hours(&sampler, want->rows, err) && finish(&sampler, want->arena, facts, err);
    for (size_t f = 0; sampler.tallies && f < sampler.field_count; f++)
        tally_free(sampler.tallies[f]);
    return ok || error_context(err, "table '%s'", table->label);
}
