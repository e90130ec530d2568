/* The threads of a run: N members, each with a source connection at the shared snapshot and, once
 * there is a database to fill, a target connection. A member belongs to one thread while
 * crew_spread runs. Locks: crew.mutex guards next, running, failed and error. */
#ifndef UNDERSTUDY_RUN_CREW_H
#define UNDERSTUDY_RUN_CREW_H

#include "choose/choose.h"
#include "run/control.h"

struct crew_member {
    struct db *source;   /* owned, unless it is the leader */
    struct db *target;   /* owned; NULL until crew_open_targets */
    struct arena *arena; /* owned; memory of both connections */
    unsigned number;     /* from 0 */
};

struct crew;

/* Where a run's rows are read: the connection that holds the snapshot, and what further ones join
 * it by. */
struct crew_source {
    struct db *leader;
    const struct db_config *config;
    const char *token;
};

/* `count` members with a connection each at the leader's snapshot, fewer where it has no more
 * readers; where it has none, one member that reads by the leader itself. `source` NULL: members
 * without connections, for work that needs none. */
bool crew_new(const struct crew_source *source, unsigned count, struct control *control,
              struct arena *arena, struct crew **crew, struct error *err);
/* Gives each member a connection to the database being filled. */
bool crew_open_targets(struct crew *crew, const struct db_config *target, struct error *err);
void crew_close_targets(struct crew *crew);
void crew_free(struct crew *crew); /* closes all; NULL is fine */
unsigned crew_count(const struct crew *crew);
struct db *crew_reader(const struct crew *crew, unsigned number);

typedef bool crew_work(void *context, size_t item, struct crew_member *member, struct error *err);

/* Runs work(context, item, ...) for every item in [0, count), each once, items handed out in
 * order. The calling thread watches: it shows progress, and on a failure, an interrupt or the
 * deadline it cancels what runs on all connections. The first failure is the error; after an
 * interrupt no item is handed out, and the answer is STATUS_INTERRUPTED even if all were done. */
bool crew_spread(struct crew *crew, size_t count, crew_work *work, void *context,
                 struct error *err);

/* For readers.spread: `spread_context` is the crew. */
bool crew_spread_readers(void *spread_context, size_t count,
                         bool (*work)(void *context, size_t item, struct db *reader,
                                      struct error *err),
                         void *context, struct error *err);

AUTO_DEFINE(crew, struct crew, crew_free)

#endif
