/* The cases of MySQL and MariaDB alone. */
#ifndef UNDERSTUDY_TESTS_MY_CASE_H
#define UNDERSTUDY_TESTS_MY_CASE_H

#include "case.h"
#include "db/my.h"

const char *case_url(const char *user);
/* A plain connection beside the driver, as the superuser; mysql_close ends it. */
MYSQL *case_connect(void);
bool case_is_mariadb(void);

void case_add_my_catalog(Suite *suite);
void case_add_my_sessions(Suite *suite);
void case_add_my_reads(Suite *suite);

#endif
