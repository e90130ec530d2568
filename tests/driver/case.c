/* The frame of the driver's cases; see run. */
#include "case.h"
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

struct arena *arena;
const char *case_database;

static void setup(void)
{
    arena = arena_new();
    case_database = NULL;
}

static void teardown(void)
{
    arena_free(arena);
}

TCase *case_new(Suite *suite, const char *name)
{
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    return tcase;
}

void case_ok(bool is_fine, const struct error *err)
{
    ck_assert_msg(is_fine, "%s: %s", err->context, err->cause);
}

bool case_says(const struct error *err, const char *text)
{
    return strstr(err->cause, text) || strstr(err->context, text);
}

void case_run(const char *sql)
{
    case_ask(sql);
}

const char *case_url_of(const char *variable, const char *user)
{
    const char *base = getenv(variable);

    ck_assert_msg(base != NULL, "%s is not set", variable);
    const char *at = strchr(base, '@'), *slash = strrchr(base, '/');
    return arena_printf(arena, "%.*s://%s%.*s/%s", (int)strcspn(base, ":"), base, user,
                        (int)(slash - at), at, case_database ? case_database : slash + 1);
}

struct db *case_open_server(enum db_side side, const char *user)
{
    const struct db_config config = case_config(side, user);
    struct db *db = NULL;
    struct error err = {0};

    case_ok(db_open(&config, arena, &db, &err), &err);
    return db;
}

bool case_open_fails(const char *url, struct error *err)
{
    struct db_config config = {.side = DB_SOURCE, .engine = case_engine, .url = url};
    struct db *db = NULL;

    *err = (struct error){0};
    return !db_open(&config, arena, &db, err) && !db;
}

struct catalog *case_catalog(struct db *db)
{
    struct catalog *catalog = NULL;
    struct error err = {0};

    case_ok(db_read_catalog(db, &catalog, &err), &err);
    return catalog;
}

struct catalog *case_export(struct db *leader, unsigned readers, const char **token)
{
    struct error err = {0};

    case_ok(db_snapshot_export(leader, readers, arena, token, &err), &err);
    return case_catalog(leader);
}

const struct table *case_table(const struct catalog *catalog, const char *name)
{
    bool is_ambiguous;
    const struct table *table = catalog_find_table(catalog, NULL, name, &is_ambiguous);

    ck_assert_msg(table != NULL, "no table %s", name);
    return table;
}

const struct edge *case_edge(const struct catalog *catalog, const char *constraint)
{
    const struct edge *found = NULL;

    for (size_t i = 0; i < catalog->edge_count; i++) {
        if (strcmp(catalog->edges[i]->constraint, constraint) == 0) {
            ck_assert_msg(!found, "two edges of constraint %s", constraint);
            found = catalog->edges[i];
        }
    }
    return found;
}

struct read case_read(const struct table *table, const char *const *columns)
{
    struct field *fields = arena_alloc(arena, 64 * sizeof(*fields));
    struct read read = {.table = table, .fields = fields, .codec = codec_text_of(case_engine)};

    for (; *columns; columns++) {
        fields[read.field_count].column = table_find_column(table, *columns);
        ck_assert_msg(fields[read.field_count].column != NULL, "no column %s", *columns);
        fields[read.field_count].type = fields[read.field_count].column->type;
        read.field_count++;
    }
    return read;
}

static int line_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *case_rows(struct db *db, const struct read *read)
{
    const char *lines[4000];
    size_t count = 0;
    bool more = true;
    struct batch batch;
    struct error err = {0};
    struct buf all;

    case_ok(batch_init(&batch, 7, 1, &err), &err);
    case_ok(db_read_begin(db, read, &err), &err);
    while (more) {
        case_ok(db_read_next(db, &batch, &more, &err), &err);
        for (uint32_t r = 0; r < batch.rows; r++) {
            struct buf line;

            buf_init(&line, 1 << 20);
            for (uint32_t c = 0; c < batch.columns; c++) {
                struct span cell = batch.cells[r * batch.columns + c];

                buf_add_text(&line, c ? "|" : "");
                if (cell.ptr)
                    buf_add(&line, cell.ptr, cell.len);
                else
                    buf_add_text(&line, "-");
            }
            if (read->with_total)
                buf_add_format(&line, "|of %lld", (long long)batch.totals[r]);
            ck_assert(count < COUNT_OF(lines));
            lines[count++] = arena_strdup(arena, buf_text(&line));
            buf_release(&line);
        }
    }
    case_ok(db_read_end(db, &err), &err);
    batch_release(&batch);
    qsort(lines, count, sizeof(lines[0]), line_compare);
    buf_init(&all, 1 << 24);
    for (size_t i = 0; i < count; i++)
        buf_add_format(&all, "%s%s", i ? " " : "", lines[i]);
    char *text = arena_strdup(arena, buf_text(&all));
    buf_release(&all);
    return text;
}

bool case_read_rest(struct db *db, uint32_t capacity, struct tally *tally, struct error *err)
{
    struct batch batch;
    bool more = true, is_fine = true;

    *tally = (struct tally){0};
    case_ok(batch_init(&batch, capacity, 1, err), err);
    while (is_fine && more) {
        is_fine = db_read_next(db, &batch, &more, err);
        tally->rows += is_fine ? batch.rows : 0;
        tally->most = is_fine && batch.rows > tally->most ? batch.rows : tally->most;
    }
    batch_release(&batch);
    return is_fine;
}

int64_t case_count(struct db *db, const struct read *read)
{
    struct tally tally;
    struct error err = {0};

    case_ok(db_read_begin(db, read, &err), &err);
    case_ok(case_read_rest(db, 1000, &tally, &err), &err);
    return tally.rows;
}

static void *cancel_at_once(void *db)
{
    db_cancel(db);
    return NULL;
}

void case_cancel(struct db *db, struct read read)
{
    struct tally tally;
    struct error err = {0};
    pthread_t thread;

    read.where = case_slow;
    case_ok(db_read_begin(db, &read, &err), &err);
    ck_assert_int_eq(pthread_create(&thread, NULL, cancel_at_once, db), 0);
    bool is_fine = case_read_rest(db, 1, &tally, &err);
    pthread_join(thread, NULL);
    ck_assert(!is_fine);
    ck_assert_int_eq(err.status, STATUS_INTERRUPTED);
}

void case_read_wide(struct db *db, const struct table *wide)
{
    struct read read = case_read(wide, (const char *[]){"id", "body", NULL});
    struct tally tally;
    struct error err = {0};

    read.codec = codec_of(case_engine);
    case_ok(db_read_begin(db, &read, &err), &err);
    case_ok(case_read_rest(db, 1000, &tally, &err), &err);
    ck_assert_int_eq(tally.rows, 6);
    ck_assert_uint_le(tally.most, 3);
}

void case_refuse_sql(struct db *db, const struct table *table)
{
    const char *wrong[] = {"no_such = 1", "true) OR (true",
                           arena_printf(arena, "1; DROP TABLE %s", table->name), "id ="};
    struct error err = {0};

    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        ck_assert_msg(!db_check_sql(db, table, wrong[i], "where", &err), "%s", wrong[i]);
        ck_assert_int_eq(err.status, STATUS_PROFILE);
        err = (struct error){0};
    }
    ck_assert(!db_check_sql(db, table, "no_such = 1", "where", &err));
    ck_assert(case_says(&err, "no_such"));
    ck_assert(!db_check_sql(db, table, "id LIMIT 1", "order", &err));
}

void case_encode(struct db *db, const struct read *read, struct buf *rows)
{
    const struct span *nothing[8] = {NULL};
    struct batch batch;
    struct error err = {0};
    bool more = true;

    ck_assert_uint_le(read->field_count, COUNT_OF(nothing));
    case_ok(batch_init(&batch, 1000, 1, &err), &err);
    case_ok(db_read_begin(db, read, &err), &err);
    while (more) {
        case_ok(db_read_next(db, &batch, &more, &err), &err);
        for (uint32_t r = 0; r < batch.rows; r++)
            read->codec->write_row(batch.row[r], &batch.cells[r * batch.columns], nothing,
                                   batch.columns, rows);
    }
    case_ok(db_read_end(db, &err), &err);
    batch_release(&batch);
}

struct key_values case_keys(struct db *db, const struct table *table, const char *const *columns,
                            const char *where)
{
    struct read read = case_read(table, columns);
    struct span *cells = arena_alloc(arena, 4096 * sizeof(*cells));
    struct key_values keys = {.column_count = (uint32_t)read.field_count, .cells = cells};
    struct batch batch;
    struct error err = {0};
    bool more = true;

    read.codec = codec_of(case_engine);
    read.where = where;
    case_ok(batch_init(&batch, 100, 1, &err), &err);
    case_ok(db_read_begin(db, &read, &err), &err);
    while (more) {
        case_ok(db_read_next(db, &batch, &more, &err), &err);
        for (uint32_t i = 0; i < batch.rows * batch.columns; i++)
            cells[keys.count * keys.column_count + i] = arena_span(arena, batch.cells[i]);
        keys.count += batch.rows;
    }
    case_ok(db_read_end(db, &err), &err);
    batch_release(&batch);
    return keys;
}

struct read case_read_children(const struct edge *edge, const struct key_values *keys,
                               const char *const *columns)
{
    struct read read = case_read(edge->child, columns);

    read.by = READ_BY_KEY;
    read.key_columns = edge->child_columns;
    read.keys = keys;
    read.equals = edge->equals;
    return read;
}

void case_limit_children(struct db *db, const struct edge *edge, const struct key_values *keys,
                         const char *const *columns)
{
    struct read read = case_read_children(edge, keys, columns);
    const struct codec *text = read.codec;

    ck_assert_uint_eq(keys->count, 3);
    read.equals = NULL;
    read.limit = 2;
    read.order = "placed desc";
    read.with_total = true;
    read.with_address = true;
    ck_assert_str_eq(case_rows(db, &read), "5|1804|of 20 5|1904|of 20 6|1805|of 20 6|1905|of 20");
    read.codec = codec_of(case_engine);
    ck_assert_int_eq(case_count(db, &read), 4);
    read.order = NULL;
    read.codec = text;
    ck_assert_str_eq(case_rows(db, &read), "5|104|of 20 5|4|of 20 6|105|of 20 6|5|of 20");
    read.where = "placed > 1000";
    ck_assert_str_eq(case_rows(db, &read), "5|1004|of 10 5|1104|of 10 6|1005|of 10 6|1105|of 10");
    read.max_rows = 3;
    ck_assert_int_eq(case_count(db, &read), 3);
}

struct key_values case_twice(const struct key_values *keys)
{
    size_t count = keys->count * keys->column_count;
    struct span *cells = arena_alloc(arena, 2 * count * sizeof(*cells));

    for (size_t i = 0; i < 2 * count; i++)
        cells[i] = keys->cells[i % count];
    return (struct key_values){
        .count = 2 * keys->count, .column_count = keys->column_count, .cells = cells};
}

void case_find_by_each(struct db *db, const struct table *table, const char *const *names)
{
    for (; *names; names++) {
        const char *columns[] = {*names, NULL}, *id[] = {"id", NULL};
        struct key_values keys = case_keys(db, table, columns, "id = 1");
        const struct column *column = table_find_column(table, *names);
        struct read read = case_read(table, id);

        read.by = READ_BY_KEY;
        read.key_columns = &column;
        read.keys = &keys;
        ck_assert_int_eq(keys.count, 1);
        ck_assert_msg(!strcmp(case_rows(db, &read), "1"), "%s: %s", *names, case_rows(db, &read));
    }
}

int case_main(Suite *suite)
{
    if (sodium_init() < 0)
        return 1;

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int run = srunner_ntests_run(runner);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    printf("%d passed, %d failed, 0 skipped\n", run - failed, failed);
    return failed ? 1 : 0;
}
