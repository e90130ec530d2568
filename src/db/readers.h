/* The connections that share a run's snapshot, and how reads are spread over them. */
#ifndef UNDERSTUDY_DB_READERS_H
#define UNDERSTUDY_DB_READERS_H

#include "db/driver.h"

typedef bool reader_work(void *context, size_t item, struct db *reader, struct error *err);

/* `leader` holds the snapshot; `items` are further connections at it (may be none). spread, where
 * it is given, runs work(context, i, reader, err) for each i below `count` on as many threads as
 * there are items, each with a connection of its own; the first failure ends it. */
struct readers {
    struct db *leader;
    size_t count;
    struct db **items;
    bool (*spread)(void *spread_context, size_t count, reader_work *work, void *context,
                   struct error *err);
    void *spread_context;
};

/* Through spread, or one after the other on the leader. */
bool readers_spread(const struct readers *readers, size_t count, reader_work *work, void *context,
                    struct error *err);

/* A relation of a table, or a range of its addresses: one piece of a read of all of it. */
struct scan {
    const struct table *table;
    const struct relation *relation;
    bool is_range;
    uint64_t low, high; /* addresses */
};

struct scan_list {
    size_t count, capacity;
    struct scan *items; /* in the arena that scan_list_add was given */
};

/* Adds what reads the whole table: its relations, large ones in ranges of addresses where
 * several readers can share them. Asks the leader. */
bool scan_list_add(struct scan_list *list, const struct readers *readers, const struct table *table,
                   struct arena *arena, struct error *err);
/* Restricts a read to the scan. */
void scan_restrict(const struct scan *scan, struct read *read);

#endif
