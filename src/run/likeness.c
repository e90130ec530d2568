/* Digests of the chosen rows, by table and part. */
#include "run/likeness.h"

#include "run/copy.h"

#include <pthread.h>

struct like_table {
    size_t count;
    struct like_column *columns;
    struct digest *sampled, *tail; /* by column */
};

struct likeness {
    struct arena *arena; /* owned */
    const struct survey *survey;
    struct like_table *tables; /* by table index */
    const struct like_column **columns;
    const struct like_table **places; /* the table of each distribution */
    pthread_mutex_t mutex;            /* guards the digests and the arena once rows are copied */
};

static const struct bound_table *table_of(const struct binding *binding,
                                          const struct distribution *distribution)
{
    return &binding->tables[distribution->column->column->table->index];
}

/* Hashes are of cells in the form that the survey read: in another one they say nothing. */
static unsigned what_of(const struct distribution *distribution, const struct codec *codec)
{
    return (distribution->has_values && distribution->codec == codec ? DIGEST_VALUES : 0u) |
           (distribution->is_ordered ? DIGEST_ORDER : 0u);
}

static bool digests_new(const struct like_column *columns, size_t count, struct arena *arena,
                        struct digest **digests, struct error *err)
{
    *digests = ARENA_ARRAY(arena, count + 1, struct digest);
    if (!*digests)
        return error_memory(err);
    for (size_t i = 0; i < count; i++)
        if (!digest_init(&(*digests)[i], columns[i].what, arena, err))
            return false;
    return true;
}

static bool columns_place(struct likeness *likeness, const struct binding *binding,
                          const struct codec *codec, struct error *err)
{
    const struct survey *survey = likeness->survey;

    for (uint32_t d = 0; d < survey->distribution_count; d++)
        likeness->tables[table_of(binding, &survey->distributions[d])->table->index].count++;
    for (size_t t = 0; t < binding->catalog->table_count; t++) {
        struct like_table *table = &likeness->tables[t];

        table->columns = ARENA_ARRAY(likeness->arena, table->count + 1, struct like_column);
        if (!table->columns)
            return error_memory(err);
        table->count = 0;
    }
    for (uint32_t d = 0; d < survey->distribution_count; d++) {
        const struct distribution *real = &survey->distributions[d];
        const struct bound_table *bound = table_of(binding, real);
        struct like_table *table = &likeness->tables[bound->table->index];
        struct like_column *made = &table->columns[table->count++];

        assert(real->column >= bound->columns &&
               real->column < bound->columns + bound->column_count);
        *made = (struct like_column){.position = (uint32_t)(real->column - bound->columns),
                                     .what = what_of(real, copy_codec(codec, bound)),
                                     .number = d};
        likeness->columns[d] = made;
        likeness->places[d] = table;
    }
    return true;
}

static bool likeness_fill(struct likeness *made, const struct binding *binding,
                          const struct codec *codec, struct error *err)
{
    const size_t tables = binding->catalog->table_count;
    const size_t count = made->survey->distribution_count;

    made->tables = ARENA_ARRAY(made->arena, tables + 1, struct like_table);
    made->columns = ARENA_ARRAY(made->arena, count + 1, const struct like_column *);
    made->places = ARENA_ARRAY(made->arena, count + 1, const struct like_table *);
    if (!made->tables || !made->columns || !made->places)
        return error_memory(err);
    if (!columns_place(made, binding, codec, err))
        return false;
    for (size_t t = 0; t < tables; t++) {
        struct like_table *table = &made->tables[t];

        if (!digests_new(table->columns, table->count, made->arena, &table->sampled, err) ||
            !digests_new(table->columns, table->count, made->arena, &table->tail, err))
            return false;
    }
    return true;
}

bool likeness_new(const struct selection *selection, const struct codec *codec,
                  struct likeness **likeness, struct error *err)
{
    struct arena *arena;
    struct likeness *made;

    *likeness = NULL;
    if (!selection->survey || selection->survey->distribution_count == 0)
        return true;
    arena = arena_new();
    made = arena ? ARENA_NEW(arena, struct likeness) : NULL;
    if (made) {
        made->arena = arena;
        made->survey = selection->survey;
    }
    if (!made ? !error_memory(err) : !likeness_fill(made, selection->binding, codec, err)) {
        arena_free(arena);
        return false;
    }
    pthread_mutex_init(&made->mutex, NULL);
    *likeness = made;
    return true;
}

void likeness_free(struct likeness *likeness)
{
    if (!likeness)
        return;
    pthread_mutex_destroy(&likeness->mutex);
    arena_free(likeness->arena);
}

bool likeness_part_new(const struct likeness *likeness, const struct table *table,
                       struct likeness_part **part, struct error *err)
{
    const struct like_table *place = &likeness->tables[table->index];
    struct arena *arena;
    struct likeness_part *made;

    *part = NULL;
    if (place->count == 0)
        return true;
    arena = arena_new();
    made = arena ? ARENA_NEW(arena, struct likeness_part) : NULL;
    if (made)
        *made = (struct likeness_part){
            .arena = arena, .table = table, .count = place->count, .columns = place->columns};
    if (!made || !digests_new(place->columns, place->count, arena, &made->sampled, err) ||
        !digests_new(place->columns, place->count, arena, &made->tail, err)) {
        arena_free(arena);
        return error_memory(err);
    }
    *part = made;
    return true;
}

void likeness_part_free(struct likeness_part *part)
{
    if (part)
        arena_free(part->arena);
}

bool likeness_take(struct likeness *likeness, const struct likeness_part *part, struct error *err)
{
    const struct like_table *table = &likeness->tables[part->table->index];
    bool is_ok = true;

    assert(part->columns == table->columns && part->count == table->count);
    pthread_mutex_lock(&likeness->mutex);
    for (size_t i = 0; is_ok && i < part->count; i++)
        is_ok = digest_merge(&table->sampled[i], &part->sampled[i], likeness->arena, err) &&
                digest_merge(&table->tail[i], &part->tail[i], likeness->arena, err);
    pthread_mutex_unlock(&likeness->mutex);
    return is_ok;
}

bool likeness_finish(const struct likeness *likeness, uint32_t number, struct arena *arena,
                     struct distribution *sampled, struct distribution *whole, struct error *err)
{
    AUTO(arena) struct arena *scratch = arena_new();
    const struct like_column *column = likeness->columns[number];
    const struct like_table *table = likeness->places[number];
    const size_t at = (size_t)(column - table->columns);
    struct digest all;

    assert(number < likeness->survey->distribution_count && at < table->count);
    if (!scratch)
        return error_memory(err);
    if (!digest_distribution(&table->sampled[at], arena, sampled, err) ||
        !digest_init(&all, column->what, scratch, err) ||
        !digest_merge(&all, &table->sampled[at], scratch, err) ||
        !digest_merge(&all, &table->tail[at], scratch, err) ||
        !digest_distribution(&all, arena, whole, err))
        return false;
    sampled->column = whole->column = likeness->survey->distributions[number].column;
    return true;
}
