/* Random databases and random wishes for the property tests of choosing: what is made, how it is
 * written into a real server, how it is bound, and what an oracle in SQL says of it. Every row has
 * a column n that numbers it within its table and that nothing under test knows of.
 *
 * A seed gives the same world in both engines, but for what MySQL lacks: arrays are documents
 * there, partitioned tables have no foreign keys, keys that are not checked are loaded with checks
 * off. */
#ifndef UNDERSTUDY_TESTS_PROPERTY_WORLD_H
#define UNDERSTUDY_TESTS_PROPERTY_WORLD_H

#include "choose/choose.h"
#include "server.h"

#define TABLES_MOST    12
#define LINKS_MOST     30
#define PINS_MOST      3
#define STRATA_MOST    10
#define WITNESSES_MOST 8

enum key_shape {
    SHAPE_INT, /* id int primary key */
    SHAPE_BIGINT,
    SHAPE_TEXT,
    SHAPE_UUID,
    SHAPE_NUMERIC,
    SHAPE_PAIR,      /* (a int, b text) primary key */
    SHAPE_UNIQUE,    /* no primary key; id int NOT NULL UNIQUE */
    SHAPE_ALTERNATE, /* other int primary key; id text UNIQUE, nullable: the target */
    SHAPE_NONE,      /* no key: nobody refers to it */
    SHAPE_COUNT
};

enum link_shape { LINK_KEY, LINK_NOT_VALID, LINK_DECLARED, LINK_CHOICE, LINK_ARRAY, LINK_JSON };

struct world_table {
    enum key_shape shape;
    /* MySQL: 1 is a bigint unsigned above 2^63, a text that is equal ignoring case and accents, a
     * UUID as text, a pair packed into 48 bits; 2 a pair of 128 bits. 0: as everywhere. */
    int variant;
    bool is_partitioned;
    int rows;
    enum table_role role;
    bool is_where; /* start: rows with n % modulus = rest */
    int modulus, rest;
    double fraction; /* start, sample without where: 0 or 1 */
    int start_rows;  /* start: above 0, so many instead */
};

struct world_link { /* an edge */
    enum link_shape shape;
    int child, parent;
    int number; /* its column is f<number> (f<number>a, f<number>b for a pair) */
    int choice; /* LINK_CHOICE: the discriminator's value; shares its column */
    bool is_nullable, is_wide, is_indexed;
    struct take take;
    bool has_order, is_parent_cut, is_ignored;
    bool is_counted; /* its take was a count when the world was made */
};

struct world_pin {
    int table, modulus, rest;
    bool takes_children;
};

struct world_stratum { /* rare rows that a survey would have found */
    int table, link;   /* link: whose children come with its witnesses; -1: none */
    int count;
    int rows[WITNESSES_MOST]; /* by n */
    int wanted;
    bool is_common, is_masked;
};

struct world {
    enum engine engine;
    uint64_t seed, state;
    int table_count, link_count, pin_count, stratum_count;
    struct world_stratum strata[STRATA_MOST];
    bool is_everything[TABLES_MOST]; /* as choose_extent says: nothing is surveyed there */
    struct world_table tables[TABLES_MOST];
    struct world_link links[LINKS_MOST];
    struct world_pin pins[PINS_MOST];
    int small_table_rows;
    bool is_spread; /* two readers */
};

struct bound_world {
    struct arena *arena;
    struct catalog *catalog;
    struct binding *binding;
    const struct edge *edges[LINKS_MOST]; /* by link */
    const struct table *tables[TABLES_MOST];
};

uint64_t world_random(struct world *world, uint64_t below);
void world_make(struct world *world, enum engine engine, uint64_t seed);
void world_print(const struct world *world);
/* How often row n stands in the table: on MySQL rows of a table without a key may be equal. They
 * stand or fall together, so there are none where a take counts them one by one. */
int world_copies(const struct world *world, int t, int n);
/* Writes schema and rows as schema w; exits when the server refuses. */
void world_write(struct world *world, struct server *server);
/* Moves every row to another place. */
void world_move(const struct world *world, struct server *server);
/* SQL condition that child row c refers to parent row p over the link, discriminator included. */
void link_match(const struct world *world, const struct world_link *link, struct buf *sql);
/* The discriminator as the profile says it, "true" where there is none. */
const char *link_when(const struct world_link *link, char *text, size_t size);

void bound_world_make(struct world *world, struct db *leader, struct bound_world *bound);
void bound_world_free(struct bound_world *bound);

/* Fills is_everything. */
void world_extent(struct world *world, struct bound_world *bound, const struct readers *readers);
/* A survey that found the world's strata; in the arena of `bound`. */
struct survey *world_survey(const struct world *world, struct bound_world *bound,
                            struct server *server, struct db *leader);

/* Fills table s(t, n, w, r) with the closure; r is the reason. */
void oracle_run(const struct world *world, struct server *server);
/* Number of differences, printed. */
int oracle_compare(const struct world *world, const struct bound_world *bound,
                   const struct selection *selection, struct server *server, struct db *leader);

#define ROWS_MOST 64

/* Where row n of a table is: its relation and its address. */
struct place {
    bool is_there;
    uint16_t relation;
    uint64_t address;
};

void world_places(const struct world *world, const struct bound_world *bound, int t,
                  struct server *server, struct db *leader, struct place *places);
/* Whether the row at the place is chosen. */
bool selection_has(const struct selected_table *table, const struct place *place);
/* The number that a cell of column n holds. */
int cell_number(enum engine engine, struct span cell);

#endif
