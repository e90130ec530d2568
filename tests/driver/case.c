/* The frame of the driver's cases; see run. */
#include "case.h"
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

struct db *case_open_server(enum db_side side, const char *user)
{
    const struct db_config config = case_config(side, user);
    struct db *db = NULL;
    struct error err = {0};

    case_ok(db_open(&config, arena, &db, &err), &err);
    return db;
}

struct catalog *case_catalog(struct db *db)
{
    struct catalog *catalog = NULL;
    struct error err = {0};

    case_ok(db_read_catalog(db, &catalog, &err), &err);
    return catalog;
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

int64_t case_count(struct db *db, const struct read *read)
{
    int64_t count = 0;
    bool more = true;
    struct batch batch;
    struct error err = {0};

    case_ok(batch_init(&batch, 1000, 1, &err), &err);
    case_ok(db_read_begin(db, read, &err), &err);
    while (more) {
        case_ok(db_read_next(db, &batch, &more, &err), &err);
        count += batch.rows;
    }
    batch_release(&batch);
    return count;
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
