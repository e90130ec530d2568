/* The cases of PostgreSQL alone. */
#ifndef UNDERSTUDY_TESTS_STAGE_PG_CASE_H
#define UNDERSTUDY_TESTS_STAGE_PG_CASE_H

#include "case.h"
#include "db/pg.h"

/* A session of the superuser, closed by PQfinish. */
PGconn *case_session(const char *server, const char *database);

#endif
