/* Keeps writers of the source waiting for the moment in which several connections take one
 * snapshot. */
#ifndef UNDERSTUDY_DB_MY_LOCK_H
#define UNDERSTUDY_DB_MY_LOCK_H

#include "db/my_conn.h"

/* Why there is no lock, for the warning; NULL while there may be one. */
struct my_lock {
    struct my_db *leader; /* whose info.lock_us grows, and whose cancel ends the waiting */
    struct db *holder;    /* a session of its own: its end gives the lock back */
    double since;         /* monotonic seconds */
    const char *refusal, *hint;
};

/* Takes the lock on `holder`: global, or on the source's tables where the user lacks that right.
 * True with refusal set: there is none, and one connection must do. lock_us counts all time for
 * which writers may have been kept waiting, by attempts that failed too. */
bool my_lock_take(struct my_lock *lock, struct my_db *leader, struct db *holder, struct error *err);
/* Sets refusal where that would fail as things are, for want of a right or because a statement
 * runs; nobody waits for it. */
bool my_lock_foresee(struct my_lock *lock, struct db *db, struct arena *arena, struct error *err);
bool my_lock_release(struct my_lock *lock, struct error *err);

#endif
