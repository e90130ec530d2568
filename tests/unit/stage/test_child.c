/* Helper programs: their environment, their password, their end. */
#include "stage/child.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct buf text, messages;

static void setup(void)
{
    buf_init(&text, 1 << 16);
    buf_init(&messages, 1 << 15);
}

static void teardown(void)
{
    buf_release(&text);
    buf_release(&messages);
}

static bool run_shell(struct child *child, const char *script, int *code, struct error *err)
{
    const char *argv[] = {"sh", "-c", script, NULL};

    child->program = "/bin/sh";
    child->argv = argv;
    child->text = &text;
    child->messages = &messages;
    return child_run(child, code, err);
}

START_TEST(nothing_of_pg_reaches_a_child)
{
    struct child child = {.output = -1};
    struct error err = {0};
    int code = -1;

    setenv("PGPASSWORD", "sesame", 1);
    setenv("PGHOST", "elsewhere", 1);
    setenv("LD_PRELOAD", "", 1);
    ck_assert(run_shell(&child, "env", &code, &err));
    ck_assert_int_eq(code, 0);
    ck_assert(strstr(buf_text(&text), "sesame") == NULL);
    ck_assert(strstr(buf_text(&text), "PGHOST") == NULL);
    ck_assert(strstr(buf_text(&text), "LD_PRELOAD") == NULL);
    ck_assert(strstr(buf_text(&text), "PGPASSFILE=/dev/null") != NULL);
}
END_TEST

START_TEST(a_password_is_in_a_file_of_0600_and_nowhere_else)
{
    struct child child = {.output = -1, .password = "se:sa\\me"};
    struct error err = {0};
    int code = -1;

    ck_assert(run_shell(&child, "cat $PGPASSFILE; stat -L -c %a $PGPASSFILE; env | grep -c sesame",
                        &code, &err));
    ck_assert_str_eq(buf_text(&text), "*:*:*:*:se\\:sa\\\\me\n600\n0\n");
}
END_TEST

START_TEST(only_what_is_kept_stays_open)
{
    int kept = memory_file("kept");
    int other = dup(kept); /* not closed on exec */
    struct child child = {.output = -1, .kept = &kept, .kept_count = 1};
    struct error err = {0};
    char script[96];
    int code = -1;

    ck_assert(memory_file_write(kept, "inside", 6));
    snprintf(script, sizeof(script), "cat /proc/self/fd/%d; test -e /proc/self/fd/%d", kept, other);
    ck_assert(run_shell(&child, script, &code, &err));
    ck_assert_str_eq(buf_text(&text), "inside");
    ck_assert_int_eq(code, 1);
    close(kept);
    close(other);
}
END_TEST

START_TEST(the_last_of_many_messages_is_kept)
{
    struct child child = {.output = -1};
    struct error err = {0};
    int code = -1;

    ck_assert(run_shell(&child,
                        "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i + 1)); done"
                        " >&2; echo the end >&2; exit 3",
                        &code, &err));
    ck_assert_int_eq(code, 3);
    ck_assert(buf_ok(&messages));
    ck_assert(strstr(buf_text(&messages), "line 19999\nthe end\n") != NULL);
    ck_assert(strstr(buf_text(&messages), "line 1\n") == NULL);
}
END_TEST

START_TEST(a_cancelled_child_ends_with_its_whole_group)
{
    atomic_bool is_cancelled = true;
    struct child child = {.output = -1, .is_cancelled = &is_cancelled};
    struct error err = {0};
    int code = -1;

    /* The grandchild holds the pipes: if it lived on, this would not return. */
    ck_assert(!run_shell(&child, "sleep 1000 & sleep 1000", &code, &err));
    ck_assert_int_eq(err.status, STATUS_INTERRUPTED);
}
END_TEST

START_TEST(a_program_that_is_not_there_is_an_error_of_ours)
{
    const char *argv[] = {"nothing", NULL};
    struct child child = {.program = "/nonexistent/nothing", .argv = argv, .output = -1};
    struct error err = {0};
    int code = -1;

    ck_assert(!child_run(&child, &code, &err));
    ck_assert_int_eq(err.status, STATUS_LOCAL);
}
END_TEST

Suite *suite_stage_child(void);
Suite *suite_stage_child(void)
{
    Suite *suite = suite_create("stage/child");
    TCase *tcase = tcase_create("child");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, nothing_of_pg_reaches_a_child);
    tcase_add_test(tcase, a_password_is_in_a_file_of_0600_and_nowhere_else);
    tcase_add_test(tcase, only_what_is_kept_stays_open);
    tcase_add_test(tcase, the_last_of_many_messages_is_kept);
    tcase_add_test(tcase, a_cancelled_child_ends_with_its_whole_group);
    tcase_add_test(tcase, a_program_that_is_not_there_is_an_error_of_ours);
    suite_add_tcase(suite, tcase);
    return suite;
}
