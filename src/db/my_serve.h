/* What a server gets when it asks this client for a file, as the protocol lets it at any time:
 * nothing, or the rows in hand, once, under the name that was sent with them. No file is ever
 * opened. */
#ifndef UNDERSTUDY_DB_MY_SERVE_H
#define UNDERSTUDY_DB_MY_SERVE_H

#include "base/span.h"
#include <mysql.h>

struct my_serving {
    char name[48]; /* "understudy:" and a random number; "": nothing is to be had */
    struct span rows;
    size_t at;
};

void my_serve_nothing(MYSQL *handle);
/* Gives the serving a new name and makes it what the handle serves, until the next call of either.
 * It must stand as long. */
void my_serve_rows(MYSQL *handle, struct my_serving *serving, struct span rows);

#endif
