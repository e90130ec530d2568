/* The scripted server keeps the driver's contract, and batches keep theirs. */
#include "support/fake_driver.h"
#include <check.h>

static struct table table = {.schema = "public", .name = "t", .label = "public.t"};
static const struct field fields[2] = {{.expression = "a"}, {.expression = "b"}};
static const struct span lines[3] = {SPAN_LITERAL("1\tx\n"), SPAN_LITERAL("2\t\\N\n"),
                                     SPAN_LITERAL("3\tz\n")};
static const struct fake_rows rows = {.table = &table, .count = 3, .rows = lines};

static struct read read_all(void)
{
    return (struct read){
        .table = &table, .fields = fields, .field_count = 2, .codec = &codec_pg_text};
}

START_TEST(rows_come_in_batches_of_the_capacity)
{
    struct fake_script script = {.table_count = 1, .tables = &rows};
    struct read read = read_all();
    struct fake_db fake;
    struct batch batch;
    struct error err = {0};
    bool more;

    fake_init(&fake, DB_SOURCE, &script);
    ck_assert(batch_init(&batch, 2, 1, &err));
    ck_assert(db_read_begin(&fake.db, &read, &err));
    ck_assert(db_read_next(&fake.db, &batch, &more, &err));
    ck_assert(more);
    ck_assert_uint_eq(batch.rows, 2);
    ck_assert(span_equal(batch.cells[0], SPAN_LITERAL("1")));
    ck_assert(span_is_null(batch.cells[3]));
    ck_assert(db_read_next(&fake.db, &batch, &more, &err));
    ck_assert(!more);
    ck_assert_uint_eq(batch.rows, 1);
    ck_assert(db_read_end(&fake.db, &err));
    batch_release(&batch);
    fake_release(&fake);
}
END_TEST

START_TEST(a_planted_fault_comes_when_it_is_due)
{
    struct fake_fault fault = {.call = FAKE_READ_NEXT, .after = 1, .status = STATUS_SOURCE};
    struct fake_script script = {
        .table_count = 1, .tables = &rows, .fault_count = 1, .faults = &fault};
    struct read read = read_all();
    struct fake_db fake;
    struct batch batch;
    struct error err = {0};
    bool more;

    fake_init(&fake, DB_SOURCE, &script);
    ck_assert(batch_init(&batch, 1, 2, &err));
    ck_assert(db_read_begin(&fake.db, &read, &err));
    ck_assert(db_read_next(&fake.db, &batch, &more, &err));
    ck_assert(!db_read_next(&fake.db, &batch, &more, &err));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    batch_release(&batch);
    fake_release(&fake);
}
END_TEST

START_TEST(a_canceled_connection_is_interrupted)
{
    struct fake_script script = {.table_count = 0};
    struct fake_db fake;
    struct error err = {0};
    int64_t count;

    fake_init(&fake, DB_SOURCE, &script);
    db_cancel(&fake.db);
    ck_assert(!db_count(&fake.db, &table, NULL, 0, &count, &err));
    ck_assert_int_eq(err.status, STATUS_INTERRUPTED);
    fake_release(&fake);
}
END_TEST

START_TEST(a_batch_grows_to_more_columns_and_keeps_its_arrays)
{
    struct batch batch;
    struct error err = {0};

    ck_assert(batch_init(&batch, 100, 2, &err));
    struct span *cells = batch.cells;
    batch_reset(&batch, 1);
    ck_assert_ptr_eq(batch.cells, cells);
    batch_reset(&batch, 50);
    ck_assert_ptr_nonnull(batch.cells);
    batch.cells[100 * 50 - 1] = SPAN_LITERAL("last");
    ck_assert_uint_eq(batch.columns, 50);
    batch_release(&batch);
}
END_TEST

Suite *suite_db_fake(void);
Suite *suite_db_fake(void)
{
    Suite *suite = suite_create("db/fake");
    TCase *tcase = tcase_create("fake");

    tcase_add_test(tcase, rows_come_in_batches_of_the_capacity);
    tcase_add_test(tcase, a_planted_fault_comes_when_it_is_due);
    tcase_add_test(tcase, a_canceled_connection_is_interrupted);
    tcase_add_test(tcase, a_batch_grows_to_more_columns_and_keeps_its_arrays);
    suite_add_tcase(suite, tcase);
    return suite;
}
