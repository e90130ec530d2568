/* Errors: what is kept, what is cut, and where. */
#include "base/error.h"

#include "base/utf8.h"
#include <check.h>
#include <errno.h>
#include <string.h>

START_TEST(setting_an_error_replaces_what_was_there)
{
    struct error err = {0};

    error_set(&err, STATUS_PROFILE, "first");
    error_context(&err, "table '%s'", "orders");
    error_hint(&err, "do this");
    ck_assert(!error_set(&err, STATUS_SOURCE, "second %d", 2));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    ck_assert_str_eq(err.cause, "second 2");
    ck_assert_str_eq(err.context, "");
    ck_assert_str_eq(err.hint, "");
}
END_TEST

START_TEST(contexts_stand_outermost_first)
{
    struct error err = {0};

    error_set(&err, STATUS_PROFILE, "no transform is called 'emial'");
    ck_assert(!error_context(&err, "column '%s'", "email"));
    ck_assert(!error_context(&err, "table '%s'", "customer"));
    ck_assert_str_eq(err.context, "table 'customer': column 'email'");
}
END_TEST

START_TEST(a_deep_path_never_pushes_out_the_cause)
{
    struct error err = {0};
    char name[101];

    memset(name, 'n', sizeof(name) - 1);
    name[100] = '\0';
    error_set(&err, STATUS_BUG, "disk full");
    for (int depth = 0; depth < 5; depth++)
        error_context(&err, "%d %s", depth, name);
    ck_assert_str_eq(err.cause, "disk full");
    ck_assert_int_eq(strncmp(err.context, "4 nnn", 5), 0);
    ck_assert_uint_lt(strlen(err.context), sizeof(err.context));
}
END_TEST

START_TEST(a_cut_text_ends_between_characters)
{
    char text[1201] = "";

    for (size_t shift = 0; shift < 4; shift++) {
        struct error err = {0};
        memset(text, 'x', shift);
        for (size_t at = shift; at + 4 < sizeof(text); at += 4)
            memcpy(text + at, "\xf0\x9f\x90\x98", 5);
        error_set(&err, STATUS_BUG, "%s", text);
        error_context(&err, "%s", text);
        error_context(&err, "%s", "\xc3\xa9");
        error_hint(&err, "%s", text);
        ck_assert(utf8_valid(err.cause, strlen(err.cause)));
        ck_assert(utf8_valid(err.context, strlen(err.context)));
        ck_assert(utf8_valid(err.hint, strlen(err.hint)));
        ck_assert_uint_ge(strlen(err.cause), sizeof(err.cause) - 4);
        ck_assert_uint_ge(strlen(err.hint), sizeof(err.hint) - 4);
    }
}
END_TEST

START_TEST(the_reason_of_errno_survives_a_long_cause)
{
    struct error err = {0};
    char path[600];

    memset(path, 'p', sizeof(path) - 1);
    path[599] = '\0';
    errno = ENOSPC;
    ck_assert(!error_set_errno(&err, STATUS_LOCAL, "cannot write '%s'", path));
    ck_assert_ptr_nonnull(strstr(err.cause, ": No space left on device"));
    errno = ENOENT;
    error_set_errno(&err, STATUS_LOCAL, "cannot open '%s'", "a");
    ck_assert_str_eq(err.cause, "cannot open 'a': No such file or directory");
}
END_TEST

START_TEST(an_error_may_quote_its_own_cause)
{
    struct error err = {0};

    error_set(&err, STATUS_SOURCE, "inner");
    error_set(&err, STATUS_TARGET, "outer (%s)", err.cause);
    ck_assert_str_eq(err.cause, "outer (inner)");
}
END_TEST

START_TEST(memory_is_a_local_error)
{
    struct error err = {0};

    ck_assert(!error_memory(&err));
    ck_assert_int_eq(err.status, STATUS_LOCAL);
    ck_assert_str_eq(err.cause, "out of memory");
}
END_TEST

START_TEST(every_status_has_an_exit_code_of_its_own)
{
    ck_assert_int_eq(status_exit_code(STATUS_OK), 0);
    ck_assert_int_eq(status_exit_code(STATUS_BUG), 70);
    ck_assert_str_eq(status_label(STATUS_PROFILE), "profile");
    for (int a = 0; a < STATUS_COUNT; a++) {
        ck_assert_uint_gt(strlen(status_text((enum status)a)), 0);
        for (int b = 0; b < a; b++) {
            ck_assert_int_ne(status_exit_code((enum status)a), status_exit_code((enum status)b));
            ck_assert_str_ne(status_label((enum status)a), status_label((enum status)b));
        }
    }
}
END_TEST

Suite *suite_base_error(void);
Suite *suite_base_error(void)
{
    Suite *suite = suite_create("base/error");
    TCase *tests = tcase_create("error");

    tcase_add_test(tests, setting_an_error_replaces_what_was_there);
    tcase_add_test(tests, contexts_stand_outermost_first);
    tcase_add_test(tests, a_deep_path_never_pushes_out_the_cause);
    tcase_add_test(tests, a_cut_text_ends_between_characters);
    tcase_add_test(tests, the_reason_of_errno_survives_a_long_cause);
    tcase_add_test(tests, an_error_may_quote_its_own_cause);
    tcase_add_test(tests, memory_is_a_local_error);
    tcase_add_test(tests, every_status_has_an_exit_code_of_its_own);
    suite_add_tcase(suite, tests);
    return suite;
}
