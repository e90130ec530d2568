/* What an account may do, from what SHOW GRANTS prints: privileges on all schemas, on those that a
 * pattern matches, on single objects. */
#ifndef UNDERSTUDY_DB_MY_GRANTS_H
#define UNDERSTUDY_DB_MY_GRANTS_H

#include "db/my.h"
#include "db/my_scan.h"

struct my_grant {
    const char *pattern;    /* of schemas, as LIKE reads it; NULL: all */
    bool is_revoked;        /* a partial revoke */
    struct span privileges; /* "SELECT, INSERT (a, b), CREATE VIEW" */
};

struct my_grants {
    size_t count, capacity;
    struct my_grant *grants;
    bool has_patterns; /* false: names of schemas are meant letter for letter */
};

/* One line of SHOW GRANTS, which is copied; those on single tables and routines, and those of
 * roles, are passed over. */
bool my_grants_add(struct my_grants *grants, struct span line, struct arena *arena,
                   struct error *err);

/* Those of the connected user and of its roles that are active, in arena. */
bool my_grants_read(struct db *db, struct arena *arena, struct my_grants *grants,
                    struct error *err);

/* "CREATE VIEW" on that schema; schema NULL: on all of them. */
bool my_grants_allow(const struct my_grants *grants, const char *schema, const char *privilege);

#endif
