/* Keeps the password from a server without TLS that was to have it. Two of Connector/C's ways of
 * authentication send the password as it is where TLS guards it, and take TLS that was asked for to
 * be there; so a server that has none, or whoever stands before it, would learn the password.
 * Oracle's library looks before. */
#ifndef UNDERSTUDY_DB_MY_GUARD_H
#define UNDERSTUDY_DB_MY_GUARD_H

#include <mysql.h>
#include <stdbool.h>

/* Before the handle connects, when it knows its options; from any thread. False: the library offers
 * no way to do it. */
bool my_guard_set(MYSQL *handle);
/* Of the calling thread: before an attempt to connect, and whether a password was kept from it. */
void my_guard_begin(void);
bool my_guard_held(void);

#endif
