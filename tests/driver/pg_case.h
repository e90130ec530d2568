/* The cases of PostgreSQL alone. */
#ifndef UNDERSTUDY_TESTS_PG_CASE_H
#define UNDERSTUDY_TESTS_PG_CASE_H

#include "case.h"
#include "db/pg.h"

const char *case_url(const char *user);

void case_add_catalog(Suite *suite);
void case_add_reads(Suite *suite);
void case_add_sessions(Suite *suite);

#endif
