/* What the PostgreSQL files of this folder share. */
#ifndef UNDERSTUDY_VERIFY_PG_VERIFY_H
#define UNDERSTUDY_VERIFY_PG_VERIFY_H

#include "verify/engine.h"

bool pg_read_texts(struct db *target, const char *schema, verify_text *each, void *context,
                   struct error *err);

#endif
