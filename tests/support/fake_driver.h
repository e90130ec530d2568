/* A server that plays from a script: db_driver for tests of what stands on top of db/, without a
 * database. It hands out canned rows, keeps what is written, and fails where it is told. Reads
 * ignore everything but the table and, by key, nothing: a test that depends on SQL needs a server.
 */
#ifndef UNDERSTUDY_TESTS_FAKE_DRIVER_H
#define UNDERSTUDY_TESTS_FAKE_DRIVER_H

#include "db/driver.h"

/* Where a fault can be planted. */
enum fake_call {
    FAKE_SNAPSHOT_EXPORT,
    FAKE_SNAPSHOT_READER,
    FAKE_READ_CATALOG,
    FAKE_LOCK_TABLES,
    FAKE_CHECK_SQL,
    FAKE_READ_BEGIN,
    FAKE_READ_NEXT,
    FAKE_COUNT,
    FAKE_WRITE_BEGIN,
    FAKE_WRITE_ROWS,
    FAKE_WRITE_END,
    FAKE_CALL_COUNT
};

/* Rows of one table as the codec's wire form, each with its address; borrowed. */
struct fake_rows {
    const struct table *table;
    size_t count;
    const struct span *rows;
};

struct fake_fault {
    enum fake_call call;
    unsigned after; /* calls that still succeed */
    enum status status;
};

struct fake_script {
    struct catalog *catalog; /* handed out, not freed; or NULL */
    size_t table_count;
    const struct fake_rows *tables;
    size_t fault_count;
    const struct fake_fault *faults;
};

struct fake_db {
    struct db db; /* give &fake.db to the functions of db/driver.h */
    const struct fake_script *script;
    unsigned calls[FAKE_CALL_COUNT];
    const struct fake_rows *reading;
    size_t position;
    uint32_t columns;
    const struct codec *codec;
    struct buf written; /* all rows of all writes */
    int64_t written_rows;
    bool is_canceled;
};

/* fake_init's caller ends with fake_release; db_close does nothing. */
void fake_init(struct fake_db *fake, enum db_side side, const struct fake_script *script);
void fake_release(struct fake_db *fake);

extern const struct db_driver driver_fake;

#endif
