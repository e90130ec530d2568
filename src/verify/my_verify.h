/* What the MySQL files of this folder share. */
#ifndef UNDERSTUDY_VERIFY_MY_VERIFY_H
#define UNDERSTUDY_VERIFY_MY_VERIFY_H

#include "db/my.h"
#include "verify/engine.h"

bool my_read_texts(struct db *target, const char *schema, verify_text *each, void *context,
                   struct error *err);
bool my_read_numbers(struct db *target, const char *sql, const char *path, uint64_t *numbers,
                     size_t count, struct error *err);

#endif
