/* What is made: tables of all shapes of keys, links of all kinds between any two of them, wishes.
 */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

uint64_t world_random(struct world *world, uint64_t below)
{
    uint64_t z = (world->state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return z % below;
}

static bool chance(struct world *world, int percent)
{
    return world_random(world, 100) < (uint64_t)percent;
}

static int pick(struct world *world, int below)
{
    return (int)world_random(world, (uint64_t)below);
}

/* Without drawing: what comes behind is the same in both engines. */
static int variant_of(const struct world *world, int number, enum key_shape shape)
{
    uint64_t z = (world->seed * 16 + (uint64_t)number) * UINT64_C(0x9e3779b97f4a7c15);

    if (world->engine != ENGINE_MYSQL)
        return 0;
    return (int)((z >> 40) % (shape == SHAPE_PAIR ? 3 : 2));
}

static void table_make(struct world *world, struct world_table *table)
{
    table->shape = (enum key_shape)pick(world, SHAPE_COUNT);
    table->variant = variant_of(world, (int)(table - world->tables), table->shape);
    table->rows = chance(world, 10) ? 0 : 1 + pick(world, 40);
    table->is_partitioned =
        (table->shape == SHAPE_INT || table->shape == SHAPE_BIGINT) && chance(world, 25);
    table->role = ROLE_REACHED;
    table->modulus = 1 + pick(world, 8);
    table->rest = pick(world, table->modulus);
}

static void roles_make(struct world *world)
{
    int starts = 1 + pick(world, 2);

    for (int i = 0; i < starts; i++) {
        struct world_table *table = &world->tables[pick(world, world->table_count)];
        table->role = ROLE_START;
        table->is_where = chance(world, 75);
        table->fraction = chance(world, 80) ? 1 : 0;
    }
    for (int i = 0; i < world->table_count; i++) {
        struct world_table *table = &world->tables[i];
        if (table->role != ROLE_REACHED)
            continue;
        int dice = pick(world, 100);
        if (dice < 8)
            table->role = ROLE_FULL;
        else if (dice < 12)
            table->role = ROLE_EMPTY;
        else if (dice < 15)
            table->role = ROLE_EXCLUDED;
        else if (dice < 22) {
            table->role = ROLE_SAMPLE;
            table->fraction = chance(world, 50);
        }
    }
    world->small_table_rows = chance(world, 30) ? 5 : 0;
}

static bool is_gone(const struct world_table *table)
{
    return table->role == ROLE_EMPTY || table->role == ROLE_EXCLUDED;
}

static void take_make(struct world *world, struct world_link *link)
{
    int dice = pick(world, 100);
    const struct world_table *child = &world->tables[link->child];

    link->take = (struct take){.kind = TAKE_ALL};
    if (dice < 25)
        link->take.kind = TAKE_NONE;
    else if (dice < 45) {
        link->take = (struct take){.kind = TAKE_COUNT, .count = 1 + pick(world, 3)};
        link->has_order = child->shape == SHAPE_NONE || chance(world, 50);
        link->is_counted = true;
    }
    link->is_parent_cut = link->is_nullable && chance(world, 15);
    link->is_ignored = is_gone(child) || is_gone(&world->tables[link->parent]);
    if (link->is_ignored)
        link->is_parent_cut = true;
}

/* What MySQL has not becomes what it has. */
static void link_settle(const struct world *world, struct world_link *link)
{
    const struct world_table *child = &world->tables[link->child];
    const struct world_table *parent = &world->tables[link->parent];

    if (world->engine != ENGINE_MYSQL)
        return;
    if (link->shape == LINK_ARRAY)
        link->shape = LINK_JSON;
    /* No foreign key of a partitioned table; no JSON that is compared ignoring case. */
    if ((link->shape == LINK_KEY || link->shape == LINK_NOT_VALID) &&
        (child->is_partitioned || parent->is_partitioned))
        link->shape = LINK_DECLARED;
    if (link->shape == LINK_JSON && parent->shape == SHAPE_TEXT && parent->variant == 1)
        link->shape = LINK_DECLARED;
    if (link->shape != LINK_DECLARED)
        link->is_wide = false;
}

static void link_make(struct world *world, int child, int parent, int number)
{
    struct world_link *link = &world->links[world->link_count++];
    enum key_shape shape = world->tables[parent].shape;
    int dice = pick(world, 100);
    bool is_int = shape == SHAPE_INT || shape == SHAPE_UNIQUE || shape == SHAPE_BIGINT;

    *link = (struct world_link){.child = child, .parent = parent, .number = number};
    link->is_nullable = chance(world, 60) || world->tables[parent].rows == 0 || child == parent ||
                        shape == SHAPE_ALTERNATE;
    link->is_indexed = chance(world, 60);
    link->is_wide = shape == SHAPE_INT && chance(world, 30);
    link->shape = dice < 55 ? LINK_KEY : dice < 70 ? LINK_NOT_VALID : LINK_DECLARED;
    if (dice >= 80 && dice < 90 && is_int) {
        link->shape = LINK_ARRAY;
        link->is_nullable = true;
    }
    if (dice >= 90 && shape != SHAPE_PAIR && shape != SHAPE_NUMERIC) {
        link->shape = LINK_JSON;
        link->is_nullable = true;
    }
    if (world->tables[child].is_partitioned && link->shape == LINK_NOT_VALID)
        link->shape = LINK_KEY;
    link_settle(world, link);
    if (link->shape == LINK_ARRAY || link->shape == LINK_JSON)
        link->is_indexed = link->is_wide = false;
    take_make(world, link);
}

/* Two parents of one column, told apart by the column beside it. */
static void choice_make(struct world *world, int child, int number)
{
    for (int choice = 0; choice < 2; choice++) {
        int parent = pick(world, world->table_count);
        enum key_shape shape = world->tables[parent].shape;
        if (shape != SHAPE_INT && shape != SHAPE_UNIQUE)
            continue;
        struct world_link *link = &world->links[world->link_count++];
        *link = (struct world_link){.shape = LINK_CHOICE,
                                    .child = child,
                                    .parent = parent,
                                    .number = number,
                                    .choice = choice,
                                    .is_nullable = true};
        take_make(world, link);
    }
}

static bool has_row(const struct world_stratum *stratum, int n)
{
    for (int i = 0; i < stratum->count; i++)
        if (stratum->rows[i] == n)
            return true;
    return false;
}

static int child_link_of(struct world *world, int table)
{
    int link = pick(world, world->link_count + 1) - 1;

    return link >= 0 && world->links[link].parent == table && chance(world, 60) ? link : -1;
}

static void strata_make(struct world *world)
{
    int wishes = chance(world, 60) ? pick(world, STRATA_MOST + 1) : 0;

    for (int i = 0; i < wishes; i++) {
        struct world_stratum *stratum = &world->strata[world->stratum_count];
        int table = pick(world, world->table_count), count = 1 + pick(world, WITNESSES_MOST);
        if (world->tables[table].rows < count || is_gone(&world->tables[table]))
            continue;
        *stratum = (struct world_stratum){.table = table, .link = child_link_of(world, table)};
        while (stratum->count < count) {
            int n = pick(world, world->tables[table].rows);
            if (!has_row(stratum, n))
                stratum->rows[stratum->count++] = n;
        }
        stratum->wanted = stratum->count;
        stratum->is_common = chance(world, 10);
        stratum->is_masked = chance(world, 10);
        world->stratum_count++;
    }
}

void world_make(struct world *world, enum engine engine, uint64_t seed)
{
    *world = (struct world){
        .engine = engine, .seed = seed, .state = seed * UINT64_C(0xd1342543de82ef95)};
    world->table_count = 2 + pick(world, TABLES_MOST - 1);
    for (int i = 0; i < world->table_count; i++)
        table_make(world, &world->tables[i]);
    roles_make(world);
    for (int i = 0; i < world->table_count; i++) {
        int links = pick(world, 4);
        for (int k = 0; k < links && world->link_count < LINKS_MOST - 2; k++) {
            int parent = pick(world, world->table_count);
            if (world->tables[parent].shape != SHAPE_NONE)
                link_make(world, i, parent, k);
        }
        if (chance(world, 15) && world->link_count < LINKS_MOST - 2)
            choice_make(world, i, 9);
    }
    world->pin_count = pick(world, PINS_MOST + 1);
    int kept = 0;
    for (int i = 0; i < world->pin_count; i++) {
        struct world_pin pin = {.table = pick(world, world->table_count),
                                .modulus = 5 + pick(world, 10),
                                .takes_children = chance(world, 60)};
        pin.rest = pick(world, pin.modulus);
        if (!is_gone(&world->tables[pin.table]))
            world->pins[kept++] = pin;
    }
    world->pin_count = kept;
    world->is_spread = chance(world, 30);
    strata_make(world);
}

int world_copies(const struct world *world, int t, int n)
{
    const struct world_table *table = &world->tables[t];

    if (world->engine != ENGINE_MYSQL || table->shape != SHAPE_NONE || table->role == ROLE_START)
        return 1;
    for (int i = 0; i < world->link_count; i++)
        if (world->links[i].child == t && world->links[i].is_counted)
            return 1;
    return n % 5 == 3 ? 2 : 1;
}

void world_print(const struct world *world)
{
    static const char *const roles[] = {"reached", "start", "sample",  "full",
                                        "small",   "empty", "excluded"};
    static const char *const takes[] = {"all", "none", "count", "fraction"};
    static const char *const shapes[] = {"key", "not valid", "declared", "choice", "array", "json"};

    for (int i = 0; i < world->table_count; i++) {
        const struct world_table *t = &world->tables[i];
        printf("  t%d shape %d.%d rows %d %s%s", i, (int)t->shape, t->variant, t->rows,
               roles[t->role], t->is_partitioned ? " partitioned" : "");
        if (t->role == ROLE_START && t->is_where)
            printf(" n %% %d = %d", t->modulus, t->rest);
        else if (t->role == ROLE_START || t->role == ROLE_SAMPLE)
            printf(" fraction %g", t->fraction);
        printf("\n");
    }
    for (int i = 0; i < world->link_count; i++) {
        const struct world_link *l = &world->links[i];
        printf("  t%d.f%d -> t%d %s take %s %d%s%s%s%s\n", l->child, l->number, l->parent,
               shapes[l->shape], takes[l->take.kind], (int)l->take.count,
               l->is_nullable ? " nullable" : "", l->is_parent_cut ? " cut" : "",
               l->is_ignored ? " ignored" : "", l->is_indexed ? " indexed" : "");
    }
    for (int i = 0; i < world->pin_count; i++)
        printf("  pin t%d n %% %d = %d%s\n", world->pins[i].table, world->pins[i].modulus,
               world->pins[i].rest, world->pins[i].takes_children ? " with children" : "");
    for (int i = 0; i < world->stratum_count; i++) {
        const struct world_stratum *stratum = &world->strata[i];
        printf("  stratum t%d link %d wants %d%s%s:", stratum->table, stratum->link,
               stratum->wanted, stratum->is_common ? " common" : "",
               stratum->is_masked ? " masked" : "");
        for (int k = 0; k < stratum->count; k++)
            printf(" %d", stratum->rows[k]);
        printf("\n");
    }
    printf("  small %d%s\n", world->small_table_rows, world->is_spread ? ", two readers" : "");
}
