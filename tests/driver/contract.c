/* What the contract says of a driver that only hands out rows and takes them: scripted or a server.
 */
#include "case.h"

static struct db *db;
static struct catalog *catalog;
static const char *const id_only[] = {"id", NULL};
static const char *const id_and_name[] = {"id", "name", NULL};

static void open_reader(void)
{
    struct error err = {0};

    case_database = "contract";
    db = case_open(DB_SOURCE, "reader");
    case_ok(db_read_catalog(db, &catalog, &err), &err);
}

static void close_reader(void)
{
    db_close(db);
}

static struct read read_people(void)
{
    return case_read(case_table(catalog, "people"), id_and_name);
}

START_TEST(every_row_comes_once_in_batches_of_any_capacity)
{
    const uint32_t capacities[] = {1, 3, 7, 1000, 10000};
    struct read read = read_people();
    struct error err = {0};
    int64_t rows;

    case_ok(db_count(db, read.table, NULL, 0, &rows, &err), &err);
    ck_assert_int_gt(rows, 3);
    for (size_t i = 0; i < COUNT_OF(capacities); i++) {
        struct bitmap *seen = bitmap_new();
        struct batch batch;
        bool more = true;

        case_ok(batch_init(&batch, capacities[i], 1, &err), &err);
        case_ok(db_read_begin(db, &read, &err), &err);
        while (more) {
            case_ok(db_read_next(db, &batch, &more, &err), &err);
            ck_assert_uint_le(batch.rows, capacities[i]);
            ck_assert(batch.rows > 0 || !more);
            for (uint32_t r = 0; r < batch.rows; r++) {
                struct span id = batch.cells[r * 2];
                uint64_t number = 0;
                bool is_new;

                for (uint32_t at = 0; at < id.len; at++)
                    number = number * 10 + (uint64_t)(id.ptr[at] - '0');
                ck_assert(bitmap_add(seen, number, &is_new) && is_new);
            }
        }
        case_ok(db_read_end(db, &err), &err);
        ck_assert_int_eq((int64_t)bitmap_count(seen), rows);
        batch_release(&batch);
        bitmap_free(seen);
    }
}
END_TEST

START_TEST(null_and_the_empty_text_are_told_apart)
{
    struct read read = read_people();
    struct batch batch;
    struct error err = {0};
    unsigned nulls = 0, empty = 0;
    bool more = true;

    case_ok(batch_init(&batch, 100, 2, &err), &err);
    case_ok(db_read_begin(db, &read, &err), &err);
    while (more) {
        case_ok(db_read_next(db, &batch, &more, &err), &err);
        for (uint32_t r = 0; r < batch.rows; r++) {
            struct span name = batch.cells[r * 2 + 1];

            nulls += span_is_null(name);
            empty += !span_is_null(name) && name.len == 0;
        }
    }
    ck_assert_uint_gt(nulls, 0);
    ck_assert_uint_eq(nulls, empty);
    batch_release(&batch);
}
END_TEST

START_TEST(after_a_read_given_up_the_next_one_begins_anew)
{
    struct read read = read_people();
    struct batch batch;
    struct error err = {0};
    int64_t rows;
    bool more;

    case_ok(batch_init(&batch, 2, 1, &err), &err);
    case_ok(db_read_begin(db, &read, &err), &err);
    case_ok(db_read_next(db, &batch, &more, &err), &err);
    ck_assert(more);
    case_ok(db_read_end(db, &err), &err);
    case_ok(db_count(db, read.table, NULL, 0, &rows, &err), &err);
    ck_assert_int_eq(case_count(db, &read), rows);
    batch_release(&batch);
}
END_TEST

START_TEST(a_count_stops_where_it_is_told)
{
    const struct table *people = case_table(catalog, "people");
    struct error err = {0};
    int64_t all, count;

    case_ok(db_count(db, people, NULL, 0, &all, &err), &err);
    case_ok(db_count(db, people, NULL, 3, &count, &err), &err);
    ck_assert_int_eq(count, 3);
    case_ok(db_count(db, people, NULL, all + 1, &count, &err), &err);
    ck_assert_int_eq(count, all);
}
END_TEST

START_TEST(the_snapshot_of_a_leader_is_read_by_as_many_as_it_says)
{
    const struct db_config config = case_config(DB_SOURCE, "reader");
    struct read read = read_people();
    struct error err = {0};
    const char *token;

    case_ok(db_snapshot_export(db, 2, arena, &token, &err), &err);
    int64_t rows = case_count(db, &read);
    for (unsigned i = 0; i < 2 && i < db_info(db)->snapshot_readers; i++) {
        struct db *reader;

        case_ok(db_snapshot_reader(db, &config, token, arena, &reader, &err), &err);
        ck_assert_int_eq(case_count(reader, &read), rows);
        db_close(reader);
    }
}
END_TEST

START_TEST(a_cancel_from_another_thread_interrupts)
{
    case_cancel(db, case_read(case_table(catalog, "slow"), id_only));
}
END_TEST

void case_add_contract(Suite *suite)
{
    TCase *tcase = case_new(suite, "contract");

    tcase_add_checked_fixture(tcase, open_reader, close_reader);
    tcase_add_test(tcase, every_row_comes_once_in_batches_of_any_capacity);
    tcase_add_test(tcase, null_and_the_empty_text_are_told_apart);
    tcase_add_test(tcase, after_a_read_given_up_the_next_one_begins_anew);
    tcase_add_test(tcase, a_count_stops_where_it_is_told);
    tcase_add_test(tcase, the_snapshot_of_a_leader_is_read_by_as_many_as_it_says);
    tcase_add_test(tcase, a_cancel_from_another_thread_interrupts);
}
