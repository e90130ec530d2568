/* Names of databases and tables that the program makes from another one's name and a suffix. */
#ifndef UNDERSTUDY_STAGE_NAME_H
#define UNDERSTUDY_STAGE_NAME_H

#include "base/common.h"

#define NAME_BYTES 64 /* PostgreSQL's NAMEDATALEN: 63 bytes and the NUL */

/* `name` and `suffix` in at most 63 bytes: the name is cut, on a UTF-8 boundary, never the suffix
 * (which is shorter than 63 bytes). */
void name_with_suffix(const char *name, const char *suffix, char out[NAME_BYTES]);

/* "__old_20260102T030405" and "__new_<run>". */
void name_of_old(const char *name, int64_t now_us, char out[NAME_BYTES]);
void name_of_new(const char *name, const char *run, char out[NAME_BYTES]);

#endif
