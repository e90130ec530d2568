/* A load under way, for my_write.c, my_load.c and my_insert.c. */
#ifndef UNDERSTUDY_DB_MY_WRITE_H
#define UNDERSTUDY_DB_MY_WRITE_H

#include "db/my_conn.h"
#include "db/my_serve.h"

/* Lines of LOAD DATA text wait in `lines` until a statement's worth of them is there. */
struct my_write {
    const struct table *table;
    struct arena *arena; /* owned; of the table in hand */
    size_t column_count;
    const struct column **columns;
    bool *is_converted;   /* the server would not take these bytes for what they are */
    struct span *watched; /* the cell that is the value 0 of an enum and costs a warning; or none */
    size_t watched_count; /* columns with one */
    struct buf lines;
    size_t partial_count; /* columns whose character set UTF-8 does not hold in whole */
    uint64_t line_count, empty_count, opaque_count; /* in lines; cells that cost a warning, that are
                                                       stored bytes */
    int64_t taken;
    struct buf target, statement; /* "INTO TABLE ... SET ..."; what is sent */
    struct my_serving serving;
    bool by_insert; /* the server takes no LOAD DATA LOCAL, found out once a connection; or these
                       lines hold what it cannot say */
};

/* Each sends the lines and checks that the server took all of them as they are. *is_refused: this
 * server, or its client library, takes no LOAD DATA LOCAL, and nothing was sent. */
bool my_load_lines(struct my_db *my, bool *is_refused, struct error *err);
bool my_insert_lines(struct my_db *my, struct error *err);

/* After a statement that ran: as many rows as lines, and no warning but those of empty enums. */
bool my_write_check(struct my_db *my, uint64_t lines, uint64_t empties, struct error *err);
/* After one that did not: the server's error, with the column or constraint that it names. */
bool my_write_failed(struct my_db *my, struct error *err);
/* Whether the cell of that column costs a warning. */
static inline bool my_cell_warns(const struct my_write *write, size_t column, struct span cell)
{
    return span_equal(cell, write->watched[column]);
}
/* The end of the cell at `ptr`: a tab or a line feed. */
const char *my_cell_end(const char *ptr);

#endif
