/* Lists chunks, the stripes they are drawn from, and the relations to look through first. */
#include "run/copy_tasks.h"

#include <stdlib.h>

struct listing {
    const struct selection *selection;
    struct db *source; /* asked where relations can be cut */
    struct arena *arena;
    struct copy_task_list *tasks;
};

static bool task_add(struct listing *listing, struct copy_task task, struct error *err)
{
    struct copy_task_list *tasks = listing->tasks;
    struct copy_task *grown =
        arena_grow(listing->arena, tasks->items, tasks->count, &tasks->capacity, sizeof(*grown));

    if (!grown)
        return error_memory(err);
    tasks->items = grown;
    tasks->items[tasks->count++] = task;
    return true;
}

/* As many chunks as hold COPY_CHUNK_ROWS rows each, of about COPY_CHUNK_STRIPES stripes. A stripe
 * is some steps of the relation's range. */
static bool tasks_of_relation(struct listing *listing, struct copy_task task, struct error *err)
{
    const struct table *table = task.table->table->table;
    const struct selected_relation *selected = task.relation;
    const uint64_t rows = selected->row_count;
    uint64_t chunks = rows / COPY_CHUNK_ROWS ? rows / COPY_CHUNK_ROWS : 1;
    struct address_range range;

    if (!db_address_range(listing->source, table, selected->relation, &range, err))
        return false;

    const uint64_t steps = address_range_steps(&range);
    uint64_t steps_a_stripe = steps / (chunks * COPY_CHUNK_STRIPES);
    task.is_filtered = !selected->is_everything && selected->relation->address_class == ADDRESS_ROW;
    task.by = selected->is_everything ? READ_BY_RANGE : READ_BY_ADDRESS;
    if (task.is_filtered ||
        (selected->is_everything && (chunks == 1 || steps < chunks || !range.is_divisible))) {
        task.by = READ_ALL;
        chunks = 1;
    }
    steps_a_stripe = steps_a_stripe ? steps_a_stripe : 1;
    task.low = range.low;
    task.span = steps_a_stripe * range.step;
    task.stripes = (steps + steps_a_stripe - 1) / steps_a_stripe;
    task.step = chunks;
    task.weight = rows / chunks;
    for (task.first = 0; task.first < chunks; task.first++)
        if (!task_add(listing, task, err))
            return false;
    return true;
}

uint64_t copy_stripe_of(const struct copy_task *task, uint64_t address)
{
    return address < task->low ? 0 : (address - task->low) / task->span;
}

uint64_t copy_stripe_begin(const struct copy_task *task, uint64_t stripe)
{
    if (stripe == 0)
        return 0;
    return stripe > (UINT64_MAX - task->low) / task->span ? UINT64_MAX
                                                          : task->low + stripe * task->span;
}

static int task_compare(const void *a, const void *b)
{
    const struct copy_task *left = a, *right = b;

    if (left->weight != right->weight)
        return left->weight > right->weight ? -1 : 1;
    if (left->table != right->table)
        return left->table < right->table ? -1 : 1;
    if (left->relation != right->relation)
        return left->relation < right->relation ? -1 : 1;
    return left->first < right->first ? -1 : left->first > right->first;
}

static bool tasks_list(struct listing *listing, struct error *err)
{
    const struct selection *selection = listing->selection;

    for (size_t t = 0; t < selection->binding->catalog->table_count; t++) {
        const struct selected_table *table = &selection->tables[t];

        for (size_t r = 0; r < table->relation_count; r++) {
            struct copy_task task = {.table = table, .relation = &table->relations[r]};

            if (task.relation->row_count == 0)
                continue;
            if (!tasks_of_relation(listing, task, err))
                return false;
        }
    }
    if (listing->tasks->count)
        qsort(listing->tasks->items, listing->tasks->count, sizeof(*listing->tasks->items),
              task_compare);
    return true;
}

/* Relations whose rows are found by keys that no read has brought yet: each looked through once. */
struct resolving {
    size_t count, capacity;
    const struct copy_task **tasks;
};

static bool resolve_relation(void *context, size_t item, struct crew_member *member,
                             struct error *err)
{
    const struct resolving *resolving = context;
    const struct copy_task *task = resolving->tasks[item];

    return db_resolve(member->source, task->table->table->table, task->relation->relation,
                      task->relation->rows, err);
}

static bool addresses_resolve(struct listing *listing, struct crew *crew, struct error *err)
{
    struct resolving resolving = {.count = 0};

    for (size_t i = 0; i < listing->tasks->count; i++) {
        const struct copy_task *task = &listing->tasks->items[i];

        if (task->by != READ_BY_ADDRESS || task->first > 0 ||
            task->relation->relation->address_class != ADDRESS_KEY)
            continue;
        resolving.tasks = arena_grow(listing->arena, (void *)resolving.tasks, resolving.count,
                                     &resolving.capacity, sizeof(const struct copy_task *));
        if (!resolving.tasks)
            return error_memory(err);
        resolving.tasks[resolving.count++] = task;
    }
    return resolving.count == 0 ||
           crew_spread(crew, resolving.count, resolve_relation, &resolving, err);
}

bool copy_tasks_list(const struct selection *selection, struct crew *crew, struct arena *arena,
                     struct copy_task_list *tasks, struct error *err)
{
    struct listing listing = {
        .selection = selection, .source = crew_reader(crew, 0), .arena = arena, .tasks = tasks};

    assert(selection && crew && tasks->count == 0);
    return tasks_list(&listing, err) && addresses_resolve(&listing, crew, err);
}
