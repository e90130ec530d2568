/* The server that a world is written into and that the oracle asks, of either engine: statements in
 * its own SQL and small answers. Nothing here is taken from the program under test. */
#ifndef UNDERSTUDY_TESTS_PROPERTY_SERVER_H
#define UNDERSTUDY_TESTS_PROPERTY_SERVER_H

#include "base/buf.h"
#include "config/url.h"

struct server;

/* Exits when it cannot be reached, as all below do when a statement fails. */
struct server *server_open(const char *url);
void server_close(struct server *server);
enum engine server_engine(const struct server *server);

/* One statement, or several of which none answers. The rows that the last one changed. */
long long server_run(struct server *server, const char *sql);
/* The first cell of the answer; 0 for NULL. */
long long server_number(struct server *server, const char *sql);

struct answer {
    size_t rows;
    unsigned columns;
    char **cells; /* NULL for SQL NULL */
};

/* Released by answer_release. */
void server_ask(struct server *server, const char *sql, struct answer *answer);
void answer_release(struct answer *answer);
/* "" for NULL. */
const char *answer_text(const struct answer *answer, size_t row, unsigned column);
long long answer_number(const struct answer *answer, size_t row, unsigned column);

#endif
