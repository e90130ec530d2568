/* Laws that hold for every world and need no oracle: fractions nest, places do not matter, a budget
 * is kept, every chosen row has a reason that can be told, subjects agree along the way up. */
#ifndef UNDERSTUDY_TESTS_PROPERTY_LAWS_H
#define UNDERSTUDY_TESTS_PROPERTY_LAWS_H

#include "world.h"

struct connections {
    struct arena *arena;
    struct db *leader;
    struct db *readers[2];
    unsigned reader_count; /* 2, or 0 */
};

void connections_open(const char *url, bool is_spread, struct connections *to);
void connections_close(struct connections *from);

struct chosen_rows { /* by table and by n */
    bool has[TABLES_MOST][ROWS_MOST];
    long long count;
};

struct ways { /* to ask where a row is */
    struct server *server;
    struct db *leader;
};

void rows_collect(const struct world *world, const struct bound_world *bound,
                  const struct selection *selection, const struct ways *ways,
                  struct chosen_rows *rows);
int rows_outside(const struct chosen_rows *part, const struct chosen_rows *whole);
/* 1 where `times` is not 0. */
int complain(const char *what, int times);
/* Start and sampled tables by this fraction. */
void fractions_set(struct world *world, double fraction);

bool spread_run(void *context, size_t count, reader_work *work, void *work_context,
                struct error *err);

/* Fills the world's is_everything. */
void world_look(struct world *world, const char *url);

/* laws_tails.c */
int laws_of_tails(struct world *world, const char *url, struct server *server);

/* Number of breaches, printed. */
int laws_check(struct world *world, const char *url, struct server *server);

#endif
