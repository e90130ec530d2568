/* Quoting for MySQL, sentences for its errors, and what a server gets that asks for a file: no
 * server needed. */
#include "db/my_client.h"
#include "db/my_conn.h"
#include "db/my_serve.h"

#include <check.h>

static struct buf out;

static void begin(void)
{
    buf_init(&out, 4096);
}

static void end(void)
{
    buf_release(&out);
}

START_TEST(backticks_in_names_are_doubled)
{
    my_quote_table(&out, "a`b", "c d");
    ck_assert_str_eq(buf_text(&out), "`a``b`.`c d`");
}
END_TEST

START_TEST(a_literal_keeps_quotes_backslashes_and_nul)
{
    my_quote_literal(&out, SPAN_LITERAL("it's \\ \0 \xc3\xa4\n"));
    ck_assert_str_eq(buf_text(&out), "'it\\'s \\\\ \\0 \xc3\xa4\n'");
}
END_TEST

START_TEST(bytes_are_written_as_hex_digits)
{
    my_quote_bytes(&out, SPAN_LITERAL("\x00\xff\x1a"));
    my_quote_bytes(&out, SPAN_LITERAL(""));
    ck_assert_str_eq(buf_text(&out), "X'00FF1A'X''");
}
END_TEST

START_TEST(a_known_number_becomes_our_words)
{
    struct error err = {0};

    ck_assert(!my_error_number(STATUS_TARGET, 1062, "23000", &err));
    ck_assert_int_eq(err.status, STATUS_TARGET);
    ck_assert_str_eq(err.cause,
                     "a unique key would hold a value twice (error 1062, SQLSTATE 23000)");
    ck_assert(!my_error_number(STATUS_TARGET, 1062, "", &err));
    ck_assert_str_eq(err.cause, "a unique key would hold a value twice (error 1062)");
}
END_TEST

START_TEST(an_unknown_number_is_said_as_it_is)
{
    struct error err = {0};

    ck_assert(!my_error_number(STATUS_SOURCE, 9999, "HY000", &err));
    ck_assert_str_eq(err.cause, "the server refused (error 9999, SQLSTATE HY000)");
    ck_assert(!my_error_number(STATUS_SOURCE, 0, "", &err));
    ck_assert_str_eq(err.cause, "the connection was lost");
}
END_TEST

START_TEST(after_a_cancel_nothing_but_the_interruption_is_said)
{
    struct error err = {0};

    ck_assert(!my_error_number(STATUS_INTERRUPTED, 1317, "70100", &err));
    ck_assert_str_eq(err.cause, "interrupted");
}
END_TEST

START_TEST(denials_and_losses_are_told_from_other_failures)
{
    ck_assert(my_number_is_denial(1142) && my_number_is_denial(1227));
    ck_assert(!my_number_is_denial(1064) && !my_number_is_denial(0));
    ck_assert(my_number_is_loss(2013) && my_number_is_loss(0));
    ck_assert(!my_number_is_loss(1062));
}
END_TEST

/* What the library would do when a server asks for a file. */
static int ask(MYSQL *handle, const char *name, char *bytes, unsigned capacity)
{
    void *state = NULL;
    int len = -2;

    if (handle->options.local_infile_init(&state, name, handle->options.local_infile_userdata) == 0)
        len = handle->options.local_infile_read(state, bytes, capacity);
    handle->options.local_infile_end(state);
    return len;
}

START_TEST(a_server_gets_the_rows_in_hand_once_and_nothing_else)
{
    MYSQL *handle = my_client_new();
    struct my_serving serving;
    char name[sizeof(serving.name)], bytes[16];

    ck_assert_ptr_nonnull(handle);
    my_serve_nothing(handle);
    ck_assert_int_eq(ask(handle, "/etc/passwd", bytes, sizeof(bytes)), -2);
    my_serve_rows(handle, &serving, SPAN_LITERAL("1\t2\n"));
    memcpy(name, serving.name, sizeof(name));
    ck_assert_int_eq(ask(handle, "/etc/passwd", bytes, sizeof(bytes)), -2);
    ck_assert_int_eq(ask(handle, "understudy:", bytes, sizeof(bytes)), -2);
    ck_assert_int_eq(ask(handle, name, bytes, sizeof(bytes)), 4);
    ck_assert(memcmp(bytes, "1\t2\n", 4) == 0);
    ck_assert_int_eq(ask(handle, name, bytes, sizeof(bytes)), -2);
    ck_assert_int_eq(ask(handle, "", bytes, sizeof(bytes)), -2);
    mysql_close(handle);
}
END_TEST

Suite *suite_db_my_text(void);
Suite *suite_db_my_text(void)
{
    Suite *suite = suite_create("db/my_text");
    TCase *tests = tcase_create("my_text");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, backticks_in_names_are_doubled);
    tcase_add_test(tests, a_literal_keeps_quotes_backslashes_and_nul);
    tcase_add_test(tests, bytes_are_written_as_hex_digits);
    tcase_add_test(tests, a_known_number_becomes_our_words);
    tcase_add_test(tests, an_unknown_number_is_said_as_it_is);
    tcase_add_test(tests, after_a_cancel_nothing_but_the_interruption_is_said);
    tcase_add_test(tests, denials_and_losses_are_told_from_other_failures);
    tcase_add_test(tests, a_server_gets_the_rows_in_hand_once_and_nothing_else);
    suite_add_tcase(suite, tests);
    return suite;
}
