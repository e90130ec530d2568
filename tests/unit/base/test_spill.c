/* Spilled records: round trips, damage, a full disk, nothing readable on disk. */
#include "base/spill.h"
#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define SECRET "a sentence nobody may read on the disk"

static char directory[64];
static struct spill *spill;
static struct error err;

static void setup(void)
{
    memcpy(directory, "/tmp/understudy-test-XXXXXX", 28);
    ck_assert_ptr_nonnull(mkdtemp(directory));
    err = (struct error){0};
    ck_assert_msg(spill_new(directory, &spill, &err), "%s", err.cause);
}

static void teardown(void)
{
    spill_free(spill);
    ck_assert_int_eq(rmdir(directory), 0); /* nothing may be left in it */
}

/* The descriptor of the spill's file: the one that points into the directory. */
static int file_find(void)
{
    char link[64];
    char target[256];

    for (int file = 3; file < 256; file++) {
        snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
        ssize_t len = readlink(link, target, sizeof(target) - 1);
        if (len > 0 && strncmp(target, directory, strlen(directory)) == 0)
            return file;
    }
    ck_abort_msg("no file of the spill is open");
    return -1;
}

static size_t length_of(size_t number)
{
    static const size_t lengths[] = {0, 1, 100, 65535, 65536, 65537, 200000, 4000, 262144, 7};

    return lengths[number % COUNT_OF(lengths)];
}

static void record_fill(char *bytes, size_t len, size_t number)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(number * 131 + i * 7 + (i >> 8));
}

START_TEST(records_come_back_in_any_order)
{
    static char bytes[262144];
    uint64_t positions[60];
    struct buf buf;

    buf_init(&buf, 1 << 20);
    for (size_t i = 0; i < COUNT_OF(positions); i++) {
        record_fill(bytes, length_of(i), i);
        ck_assert(spill_write(spill, span_make(bytes, length_of(i)), &positions[i], &err));
        size_t back = i * 17 % (i + 1);
        record_fill(bytes, length_of(back), back);
        ck_assert_msg(spill_read(spill, positions[back], &buf, &err), "%s", err.cause);
        ck_assert(span_equal(buf_span(&buf), span_make(bytes, length_of(back))));
    }
    for (size_t i = 0; i < COUNT_OF(positions); i++) {
        record_fill(bytes, length_of(i), i);
        ck_assert_msg(spill_read(spill, positions[i], &buf, &err), "%s", err.cause);
        ck_assert(span_equal(buf_span(&buf), span_make(bytes, length_of(i))));
    }
    ck_assert_uint_gt(spill_bytes(spill), 60 * 50000);
    buf_release(&buf);
}
END_TEST

START_TEST(many_small_records_come_back)
{
    static uint64_t positions[30000];
    char text[32];
    struct buf buf;

    buf_init(&buf, 100);
    for (size_t i = 0; i < COUNT_OF(positions); i++) {
        snprintf(text, sizeof(text), "record %zu", i);
        ck_assert(spill_write(spill, span_of(text), &positions[i], &err));
    }
    for (size_t i = 0; i < COUNT_OF(positions); i++) {
        size_t number = i < 15000 ? i : i * 7919 % COUNT_OF(positions);
        snprintf(text, sizeof(text), "record %zu", number);
        ck_assert(spill_read(spill, positions[number], &buf, &err));
        ck_assert_str_eq(buf_text(&buf), text);
    }
    buf_release(&buf);
}
END_TEST

START_TEST(a_damaged_record_is_a_local_error)
{
    uint64_t first, second;
    struct buf buf;
    char byte;

    buf_init(&buf, 1000);
    ck_assert(spill_write(spill, span_of(SECRET), &first, &err));
    ck_assert(spill_write(spill, span_of(SECRET), &second, &err));
    ck_assert(spill_read(spill, second, &buf, &err));
    ck_assert_str_eq(buf_text(&buf), SECRET);
    /* Every byte of the first record in turn: its length, its text, its tag. */
    int file = file_find();
    for (uint64_t at = first; at < second; at++) {
        ck_assert_int_eq(pread(file, &byte, 1, (off_t)at), 1);
        byte = (char)(byte ^ 1);
        ck_assert_int_eq(pwrite(file, &byte, 1, (off_t)at), 1);
        ck_assert(spill_read(spill, second, &buf, &err));
        ck_assert_msg(!spill_read(spill, first, &buf, &err), "byte %d", (int)at);
        ck_assert_int_eq(err.status, STATUS_LOCAL);
        ck_assert_ptr_null(strstr(err.cause, "sentence"));
        ck_assert_uint_eq(buf.len, 0);
        byte = (char)(byte ^ 1);
        ck_assert_int_eq(pwrite(file, &byte, 1, (off_t)at), 1);
    }
    buf_release(&buf);
}
END_TEST

START_TEST(a_record_put_in_the_place_of_another_is_refused)
{
    char bytes[64];
    uint64_t positions[3];
    struct buf buf;

    buf_init(&buf, 1000);
    for (int i = 0; i < 3; i++)
        ck_assert(spill_write(spill, SPAN_LITERAL("same length"), &positions[i], &err));
    ck_assert(spill_read(spill, positions[2], &buf, &err));
    size_t len = (size_t)(positions[1] - positions[0]);
    int file = file_find();
    ck_assert_int_eq(pread(file, bytes, len, (off_t)positions[1]), (int)len);
    ck_assert_int_eq(pwrite(file, bytes, len, (off_t)positions[0]), (int)len);
    ck_assert(!spill_read(spill, positions[0], &buf, &err));
    buf_release(&buf);
}
END_TEST

START_TEST(a_cut_file_is_a_local_error)
{
    uint64_t position;
    struct buf buf;
    static char bytes[200000];

    buf_init(&buf, sizeof(bytes));
    ck_assert(spill_write(spill, span_make(bytes, sizeof(bytes)), &position, &err));
    ck_assert(spill_read(spill, position, &buf, &err));
    ck_assert_int_eq(ftruncate(file_find(), 150000), 0);
    ck_assert(!spill_read(spill, position, &buf, &err));
    ck_assert_int_eq(err.status, STATUS_LOCAL);
    buf_release(&buf);
}
END_TEST

START_TEST(the_disk_holds_nothing_readable_and_no_name)
{
    uint64_t position;
    struct buf buf;
    static char bytes[100000];

    buf_init(&buf, 1000);
    for (int i = 0; i < 1000; i++)
        ck_assert(spill_write(spill, span_of(SECRET), &position, &err));
    ck_assert(spill_read(spill, position, &buf, &err));
    ssize_t len = pread(file_find(), bytes, sizeof(bytes), 0);
    ck_assert_int_gt(len, 50000);
    ck_assert_ptr_null(memmem(bytes, (size_t)len, "sentence", 8));
    buf_release(&buf);
}
END_TEST

START_TEST(a_full_disk_fails_and_stays_failed)
{
    static char bytes[100000];
    struct rlimit limit = {1000000, 1000000};
    uint64_t position;
    struct buf buf;
    int written = 0;

    buf_init(&buf, sizeof(bytes));
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    while (written < 50 && spill_write(spill, span_make(bytes, sizeof(bytes)), &position, &err))
        written++;
    ck_assert_int_ge(written, 9);
    ck_assert_int_lt(written, 15);
    ck_assert_int_eq(err.status, STATUS_LOCAL);
    ck_assert_ptr_nonnull(strstr(err.cause, directory));
    ck_assert_uint_gt(strlen(err.hint), 0);
    ck_assert(!spill_write(spill, SPAN_LITERAL("x"), &position, &err));
    ck_assert(!spill_read(spill, 0, &buf, &err));
    buf_release(&buf);
}
END_TEST

START_TEST(a_directory_that_is_not_there_is_named)
{
    struct spill *none = NULL;

    ck_assert(!spill_new("/nonexistent/folder", &none, &err));
    ck_assert_int_eq(err.status, STATUS_LOCAL);
    ck_assert_ptr_nonnull(strstr(err.cause, "'/nonexistent/folder'"));
    ck_assert_ptr_null(none);
}
END_TEST

Suite *suite_base_spill(void);
Suite *suite_base_spill(void)
{
    Suite *suite = suite_create("base/spill");
    TCase *tests = tcase_create("spill");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, records_come_back_in_any_order);
    tcase_add_test(tests, many_small_records_come_back);
    tcase_add_test(tests, a_damaged_record_is_a_local_error);
    tcase_add_test(tests, a_record_put_in_the_place_of_another_is_refused);
    tcase_add_test(tests, a_cut_file_is_a_local_error);
    tcase_add_test(tests, the_disk_holds_nothing_readable_and_no_name);
    tcase_add_test(tests, a_full_disk_fails_and_stays_failed);
    tcase_add_test(tests, a_directory_that_is_not_there_is_named);
    suite_add_tcase(suite, tests);
    return suite;
}
