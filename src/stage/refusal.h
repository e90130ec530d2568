/* May this database be replaced? One decision from plain facts, the same for every engine, so that
 * it can be tested as a table. */
#ifndef UNDERSTUDY_STAGE_REFUSAL_H
#define UNDERSTUDY_STAGE_REFUSAL_H

#include "config/options.h"
#include "db/driver.h"

struct target_facts {
    const struct db_info *source;
    const struct db_info *server; /* the target's; database and database_oid: the target, oid 0 when
                                     it does not exist */
    bool exists;
    bool is_empty;  /* no object of a user */
    bool is_marked; /* carries our mark */
    enum profile_mode mode;
    const char *adopt;                /* --adopt NAME, or NULL */
    const char *same_server;          /* reason, or NULL */
    const char *restored_from_source; /* reason, or NULL */
};

/* True when source and target are databases of one running server or of one cluster. */
bool target_is_same_server(const struct target_facts *facts);

/* False with STATUS_POLICY (the source, its server, not staging), STATUS_PROFILE (another engine)
 * or STATUS_TARGET (older, absent or filled with --mode empty). */
bool target_allow(const struct target_facts *facts, struct error *err);

#endif
