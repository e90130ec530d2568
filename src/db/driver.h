/* How to talk to a server: the contract that PostgreSQL, MySQL and the scripted fake implement.
 *
 * A connection belongs to one thread at a time; only db_cancel may be called from another. Every
 * function returns false and fills *err on failure, and leaves the connection fit for db_close and
 * nothing else, unless it says otherwise. Text that comes from the server never enters an error;
 * SQLSTATE and the table, column and constraint fields make our own sentence. Failures on a source
 * connection are STATUS_SOURCE, on a target connection STATUS_TARGET, after db_cancel
 * STATUS_INTERRUPTED. */
#ifndef UNDERSTUDY_DB_DRIVER_H
#define UNDERSTUDY_DB_DRIVER_H

#include "base/bitmap.h"
#include "catalog/catalog.h"
#include "config/url.h"
#include "value/codec.h"

struct db;

enum db_side { DB_SOURCE, DB_TARGET };

struct db_config {
    enum db_side side;
    enum engine engine;
    const char *url;
    const char *const *password_command; /* or NULL */
    const char *database;                /* overrides the URL's database; NULL: as the URL says */
    int64_t lock_timeout_us;             /* bound on waiting for locks; 0: 10 s */
    bool may_lock;   /* MySQL: writers may be kept waiting while a snapshot is taken for several */
    bool is_further; /* one more of a run's connections: warnings were said by the first */
};

/* A column to read, or an SQL expression on the row (a discriminator, a JSON path). */
struct field {
    const struct column *column; /* or NULL */
    const char *expression;      /* when column is NULL; profile SQL is put in parentheses */
    const struct type *type;     /* of what comes back; expression: cast to it when not NULL */
};

/* Values of one key to look up: cells[value * column_count + column] in binary form of the
 * columns' types (as a read delivered them); none is NULL. */
struct key_values {
    uint32_t count;
    uint32_t column_count;
    const struct span *cells;
};

enum read_by { READ_ALL, READ_BY_ADDRESS, READ_BY_KEY, READ_BY_RANGE };

struct read {
    const struct table *table;
    const struct relation *relation; /* one of table's; NULL: all (READ_ALL, READ_BY_KEY) */
    size_t field_count;
    const struct field *fields;
    const struct codec *codec; /* binary for everything the program looks at itself */
    enum read_by by;
    /* READ_BY_ADDRESS: ascending, of `relation`; the caller keeps batches near 10,000 */
    const uint64_t *addresses;
    size_t address_count;
    /* READ_BY_KEY: key_columns (or the one key_expression) equal one of the values; `equals` are
     * the edge's operators, NULL: the types' own. With limit > 0: at most that many rows for each
     * value, first by `order` (profile SQL, may be NULL), then by identity. */
    const struct column *const *key_columns;
    const char *key_expression; /* JSON path of a relation: text result; or NULL */
    bool key_is_array;          /* the one column holds an array: any element equals */
    const char *const *equals;
    const struct key_values *keys;
    int64_t limit;
    const char *order;
    /* READ_BY_RANGE: address_low <= address < address_high of `relation` */
    uint64_t address_low, address_high;
    const char *where; /* profile SQL to hold as well, or NULL; runs under the role's search_path */
    int64_t max_rows;  /* stop after that many rows in all; 0: no limit */
    bool with_address; /* deliver (relation, address) of each row */
    bool with_total;   /* limit > 0: deliver for each row how many rows its value has in all */
};

/* A batch of rows as they stand on the wire. Memory is the batch's own and reused by the next
 * read_next; bounded: db_read_next stops at `capacity` rows or about 8 MiB, always at least one
 * row (a 1 GB value passes). */
struct batch {
    uint32_t rows, capacity, columns;
    struct span *row;    /* row[r]: the whole row as the codec's write_row wants it, without the
                            address fields */
    struct span *cells;  /* cells[r * columns + c], raw */
    uint16_t *relations; /* when with_address */
    uint64_t *addresses;
    int64_t *totals;      /* when with_total */
    struct arena *arena;  /* owned; the rows' bytes, emptied by batch_reset */
    struct arena *arrays; /* owned; row, cells and the others, kept while they are large enough */
    size_t cell_capacity;
};

/* `columns` may grow later. After db_read_next the rows stand until the next call with the batch.
 */
bool batch_init(struct batch *batch, uint32_t capacity, uint32_t columns, struct error *err);
void batch_release(struct batch *batch);
void batch_reset(struct batch *batch, uint32_t columns);

struct db_info { /* of a connection, for the report and for refusals */
    enum engine engine;
    int version_number;
    const char *version;                   /* "15.18" */
    const char *database, *user, *address; /* address: host:port or socket directory */
    const char *system;                    /* system identifier */
    uint32_t database_oid;
    const char *tls;    /* "local", "require", "verify-full" ... */
    int64_t started_us; /* server start time */
    bool is_standby;
    bool is_mariadb; /* of ENGINE_MYSQL */
    /* How many further connections can read at this connection's snapshot, once it was exported:
     * UINT_MAX where a snapshot is handed on by name, 0 where this connection alone holds it. */
    unsigned snapshot_readers;
    int64_t lock_us; /* how long taking the snapshot kept writers waiting */
};

/* Connects, with TLS where the server is not local, and sets the session's settings. The source is
 * read-only from the first statement on. */
bool db_open(const struct db_config *config, struct arena *arena, struct db **db,
             struct error *err);
void db_close(struct db *db); /* NULL is fine */
/* From any thread; asks the server to stop, does not block long. No statement begins after it; one
 * that was just on its way may still run: who waits for it cancels again until it has ended. */
void db_cancel(struct db *db);
const struct db_info *db_info(const struct db *db);

/* One snapshot over many connections: the leader takes it, `readers` more will want to read at it;
 * db_info()->snapshot_readers then says how many of them can. `token` is in arena; it names
 * snapshot and instance, so that joining another instance behind a load balancer is detected and
 * said (pg_snapshot_name() has the name that pg_dump takes). A reader may give reads up
 * (db_read_end) and go on reading; a leader has to read them to their end. */
bool db_snapshot_export(struct db *leader, unsigned readers, struct arena *arena,
                        const char **token, struct error *err);
/* One more connection at the leader's snapshot, closed by db_close: a new one that joins it, or one
 * that was opened with it. At most snapshot_readers of them. `config` is the leader's. */
bool db_snapshot_reader(struct db *leader, const struct db_config *config, const char *token,
                        struct arena *arena, struct db **reader, struct error *err);

/* The catalog as the snapshot sees it; members of extensions and system schemas left out. */
bool db_read_catalog(struct db *db, struct catalog **catalog, struct error *err);

/* ACCESS SHARE on every relation of these tables, then compares relfilenode and definition with
 * the catalog: a difference is STATUS_SOURCE. */
bool db_lock_tables(struct db *leader, const struct table *const *tables, size_t count,
                    struct error *err);

/* A right that the connected role lacks, and the statement that grants it. */
struct denial {
    const struct table *table;
    const char *what;  /* "may not read table 'public.orders'", behind the role's name */
    const char *grant; /* "GRANT SELECT ON public.orders TO reader" */
};

struct denial_list {
    size_t count;
    struct denial *items;
    struct arena *arena; /* set by the caller; holds items and texts */
};

/* Every right that reading these tables in full needs and the role lacks: on schemas, on tables
 * and their partitions, past row security. One grant may stand there once for each table that
 * needs it, in a row. */
bool db_find_denials(struct db *db, const struct table *const *tables, size_t count,
                     struct denial_list *denials, struct error *err);

/* Parses and plans an SQL fragment against its table without running it; only a class 42 message
 * of the profile's own SQL is quoted. `kind`: "where", "when" or "order". STATUS_PROFILE, or
 * STATUS_SOURCE where the role lacks a right; after both the connection and its snapshot are as
 * good as before. */
bool db_check_sql(struct db *db, const struct table *table, const char *fragment, const char *kind,
                  struct error *err);

/* Addresses of a relation from `low` to below `high`, and the least step that is worth a read of
 * its own; is_divisible false: READ_BY_RANGE does not serve it. Rows may stand behind `high` by the
 * time they are read: the last range of a whole read ends at UINT64_MAX. */
struct address_range {
    bool is_divisible;
    uint64_t low, high, step;
};
bool db_address_range(struct db *db, const struct table *table, const struct relation *relation,
                      struct address_range *range, struct error *err);
/* Steps between low and high, the last one perhaps cut short. */
uint64_t address_range_steps(const struct address_range *range);
/* Where the step of that number begins; at most high. */
uint64_t address_range_at(const struct address_range *range, uint64_t step);

/* Makes READ_BY_ADDRESS of the rows in `addresses` cheap: where an address alone does not lead to
 * its row, the rows' keys are looked for once. What it learns serves all connections at the
 * snapshot. Not needed for rows that READ_BY_KEY delivered. */
bool db_resolve(struct db *db, const struct table *table, const struct relation *relation,
                const struct bitmap *addresses, struct error *err);
/* Bytes of memory that the snapshot's connections hold for that. */
size_t db_memory(const struct db *db);

bool db_read_begin(struct db *db, const struct read *read, struct error *err);
/* Fills the batch; *more is false when this was the last (the batch may be empty then). */
bool db_read_next(struct db *db, struct batch *batch, bool *more, struct error *err);
/* Gives a running read up. */
bool db_read_end(struct db *db, struct error *err);

/* Exact rows of a table that hold `where` (NULL: all), counting no further than `most` (0: all). */
bool db_count(struct db *db, const struct table *table, const char *where, int64_t most,
              int64_t *count, struct error *err);

/* Loading: rows are bytes that codec->write_row made. Columns in the order of the rows. */
bool db_write_begin(struct db *db, const struct table *table, const struct column *const *columns,
                    size_t count, const struct codec *codec, struct error *err);
bool db_write_rows(struct db *db, struct span rows, struct error *err);
bool db_write_end(struct db *db, int64_t *rows, struct error *err); /* rows the server took */
/* Lets the server gather its statistics of a loaded table, partitions and children included. */
bool db_analyze(struct db *db, const struct table *table, struct error *err);

/* What a survey reads of a value that is too long to be read: its bytes times WIDE_STEP plus
 * what it is. */
enum wide_class {
    WIDE_EMPTY,
    WIDE_ASCII,  /* text */
    WIDE_OTHER,  /* text with other letters */
    WIDE_ODD,    /* text with blanks at its ends */
    WIDE_OBJECT, /* JSON */
    WIDE_LIST,
    WIDE_SCALAR,
    WIDE_BYTES, /* a byte string that is not empty */
    WIDE_COUNT,
    WIDE_STEP = 16
};

/* SQL of the above for a column of texts, JSON or bytes: a whole number of 64 bits, NULL for NULL.
 * In `arena`. */
bool db_wide_expression(const struct db *db, const struct column *column, struct arena *arena,
                        const char **expression, struct error *err);

AUTO_DEFINE(db, struct db, db_close)

/* What an engine implements; wrappers above check states and dispatch. */
struct db_driver {
    const char *name;
    bool (*open)(const struct db_config *config, struct arena *arena, struct db **db,
                 struct error *err);
    void (*close)(struct db *db);
    void (*cancel)(struct db *db);
    bool (*snapshot_export)(struct db *, unsigned readers, struct arena *, const char **token,
                            struct error *);
    bool (*snapshot_reader)(struct db *leader, const struct db_config *, const char *token,
                            struct arena *, struct db **, struct error *);
    bool (*read_catalog)(struct db *, struct catalog **, struct error *);
    bool (*lock_tables)(struct db *, const struct table *const *, size_t, struct error *);
    bool (*find_denials)(struct db *, const struct table *const *, size_t, struct denial_list *,
                         struct error *);
    bool (*check_sql)(struct db *, const struct table *, const char *fragment, const char *kind,
                      struct error *);
    bool (*address_range)(struct db *, const struct table *, const struct relation *,
                          struct address_range *, struct error *);
    bool (*resolve)(struct db *, const struct table *, const struct relation *,
                    const struct bitmap *, struct error *);
    size_t (*memory)(const struct db *); /* NULL: none */
    bool (*read_begin)(struct db *, const struct read *, struct error *);
    bool (*read_next)(struct db *, struct batch *, bool *more, struct error *);
    bool (*read_end)(struct db *, struct error *);
    bool (*count)(struct db *, const struct table *, const char *where, int64_t most,
                  int64_t *count, struct error *);
    bool (*write_begin)(struct db *, const struct table *, const struct column *const *, size_t,
                        const struct codec *, struct error *);
    bool (*write_rows)(struct db *, struct span, struct error *);
    bool (*write_end)(struct db *, int64_t *, struct error *);
    bool (*analyze)(struct db *, const struct table *, struct error *);
    bool (*wide_expression)(const struct column *, struct arena *, const char **expression,
                            struct error *);
};

struct db { /* head of every engine's connection structure */
    const struct db_driver *driver;
    enum db_side side;
    struct db_info info;
};

extern const struct db_driver driver_pg;
extern const struct db_driver driver_my;

#endif
