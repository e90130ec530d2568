/* The cases of MySQL and MariaDB alone. */
#ifndef UNDERSTUDY_TESTS_STAGE_MY_CASE_H
#define UNDERSTUDY_TESTS_STAGE_MY_CASE_H

#include "case.h"
#include "db/my.h"

bool case_is_mariadb(void);
/* A session of root; NULL: no default schema. Closed by mysql_close. */
MYSQL *case_session(const char *server, const char *database);
/* Waits until a session of the target waits for a lock with such a statement. */
void case_wait_for(const char *statement);

void case_add_bounds(Suite *suite);

#endif
