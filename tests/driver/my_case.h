/* The cases of MySQL and MariaDB alone. */
#ifndef UNDERSTUDY_TESTS_MY_CASE_H
#define UNDERSTUDY_TESTS_MY_CASE_H

#include "case.h"
#include "db/my.h"

/* The variable whose URL is the server at hand. */
extern const char *case_server;
const char *case_url(const char *user);
/* A plain connection beside the driver, as the superuser; mysql_close ends it. */
MYSQL *case_connect(void);
bool case_is_mariadb(void);

/* A catalog read as this user, and the connection it came by. */
struct catalog *case_catalog_of(const char *database, const char *user, struct db **db);
void case_catalog_close(struct catalog *catalog, struct db *db);
bool case_is_skipped(const struct catalog *catalog, const char *object);

void case_add_my_catalog(Suite *suite);
void case_add_my_rights(Suite *suite);
void case_add_my_sessions(Suite *suite);
void case_add_my_tls(Suite *suite);
void case_add_my_replica(Suite *suite);
void case_add_my_reads(Suite *suite);

#endif
