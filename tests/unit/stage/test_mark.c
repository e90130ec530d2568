/* The mark that says a database is ours. */
#include "stage/mark.h"

#include <check.h>
#include <string.h>

START_TEST(a_mark_reads_back_as_it_was_written)
{
    struct arena *arena = arena_new();
    struct mark mark = {.state = MARK_OLD,
                        .run = "0123456789abcdef",
                        .target = "o'dd \"name\"\\ \303\251",
                        .key = "ffee",
                        .source = "7300/16384",
                        .epoch = 3,
                        .started_us = 1,
                        .finished_us = INT64_C(1767323045000000),
                        .retired_us = 2,
                        .is_adopted = true};
    struct mark read;
    struct buf text;

    buf_init(&text, 4096);
    ck_assert(mark_write(&mark, &text));
    ck_assert(strchr(buf_text(&text), '\n') == NULL);
    ck_assert(mark_read(buf_text(&text), arena, &read));
    ck_assert_int_eq(read.state, MARK_OLD);
    ck_assert_str_eq(read.target, mark.target);
    ck_assert_str_eq(read.run, mark.run);
    ck_assert(read.profile == NULL);
    ck_assert_int_eq(read.finished_us, mark.finished_us);
    ck_assert_int_eq(read.retired_us, 2);
    ck_assert_int_eq(read.epoch, 3);
    ck_assert(read.is_adopted);
    buf_release(&text);
    arena_free(arena);
}
END_TEST

START_TEST(whatever_is_not_exactly_ours_is_no_mark)
{
    static const char *const others[] = {
        NULL,
        "",
        "staging of the shop",
        "{}",
        "{\"understudy\": 2, \"state\": \"new\", \"run\": \"a\", \"target\": \"b\"}",
        "{\"understudy\": \"1\", \"state\": \"new\", \"run\": \"a\", \"target\": \"b\"}",
        "{\"understudy\": 1, \"state\": \"none\", \"run\": \"a\", \"target\": \"b\"}",
        "{\"understudy\": 1, \"state\": 7, \"run\": \"a\", \"target\": \"b\"}",
        "{\"understudy\": 1, \"state\": \"new\", \"run\": \"a\"}",
        "{\"understudy\": 1, \"state\": \"new\", \"run\": \"a\", \"target\": \"b\"",
        "[{\"understudy\": 1}]"};
    struct arena *arena = arena_new();
    struct mark mark;

    for (size_t i = 0; i < COUNT_OF(others); i++)
        ck_assert_msg(!mark_read(others[i], arena, &mark), "%s", others[i]);
    ck_assert(mark_read("{\"understudy\": 1, \"state\": \"new\", \"run\": \"a\","
                        " \"target\": \"b\", \"later\": [1]}",
                        arena, &mark));
    arena_free(arena);
}
END_TEST

Suite *suite_stage_mark(void);
Suite *suite_stage_mark(void)
{
    Suite *suite = suite_create("stage/mark");
    TCase *tcase = tcase_create("mark");

    tcase_add_test(tcase, a_mark_reads_back_as_it_was_written);
    tcase_add_test(tcase, whatever_is_not_exactly_ours_is_no_mark);
    suite_add_tcase(suite, tcase);
    return suite;
}
