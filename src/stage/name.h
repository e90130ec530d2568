/* Names of databases and tables that the program makes from another one's name and a suffix. */
#ifndef UNDERSTUDY_STAGE_NAME_H
#define UNDERSTUDY_STAGE_NAME_H

#include "config/url.h"

#define NAME_BYTES 260 /* MySQL's 64 characters of four bytes are the most */

/* `name` and `suffix` in what the engine takes (PostgreSQL: 63 bytes, MySQL: 64 characters): the
 * name is cut between characters, never the suffix, which is ASCII and much shorter. */
void name_with_suffix(enum engine engine, const char *name, const char *suffix,
                      char out[NAME_BYTES]);

/* "__old_20260102T030405" and "__new_<run>". */
void name_of_old(enum engine engine, const char *name, int64_t now_us, char out[NAME_BYTES]);
/* Is it what name_of_old gives for some second, uncut (a cut one may be another target's)? Then
 * *then_us is that second. */
bool name_read_old(enum engine engine, const char *target, const char *name, int64_t *then_us);
void name_of_new(enum engine engine, const char *name, const char *run, char out[NAME_BYTES]);

#endif
