/* pg_dump and pg_restore: found, and new enough for both servers and for the fix of CVE-2025-8714
 * (a dump that runs commands of the source's owner at the one who restores it). */
#ifndef UNDERSTUDY_STAGE_PG_TOOLS_H
#define UNDERSTUDY_STAGE_PG_TOOLS_H

#include "base/arena.h"
#include "base/error.h"

struct pg_tools {
    const char *dump, *restore; /* absolute paths, of one version */
    int major, minor;           /* minor -1: a version before its release */
};

/* "pg_dump (PostgreSQL) 15.20 (Debian 15.20-0)" -> 15, 20. */
bool pg_tools_parse_version(const char *text, int *major, int *minor);
/* True when that release has the fixes. */
bool pg_tools_is_fixed(int major, int minor);
/* True when a target of that major version understands what pg_restore of the other one says. From
 * 17 on it sets transaction_timeout, which an older server does not know. */
bool pg_tools_can_restore(int major, int target_major);
/* The pair to use, of those in PATH and where distributions put them: the oldest that is at least
 * as new as the source. Nothing that the source can say is unknown to it, and its dump loads into
 * every later server; a later program may not know what a release of the source's version has put
 * into its catalog since (that of 18.6 dumps a parameter of 15.20's columns that no server of 18
 * takes). STATUS_LOCAL with what was found and what is needed. */
bool pg_tools_find(int source_major, int target_major, struct arena *arena, struct pg_tools *tools,
                   struct error *err);

#endif
