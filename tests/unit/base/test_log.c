/* Log lines as they reach stderr. */
#include "base/log.h"
#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char text[1 << 20];
static FILE *file;
static int kept;

static void setup(void)
{
    file = tmpfile();
    ck_assert_ptr_nonnull(file);
    kept = dup(STDERR_FILENO);
    ck_assert_int_ge(dup2(fileno(file), STDERR_FILENO), 0);
    fcntl(STDERR_FILENO, F_SETFL, O_APPEND);
}

static void teardown(void)
{
    fclose(file);
    close(kept);
}

/* What was written to stderr so far; stderr is the terminal's again. */
static const char *captured(void)
{
    dup2(kept, STDERR_FILENO);
    ssize_t len = pread(fileno(file), text, sizeof(text) - 1, 0);
    ck_assert_int_ge(len, 0);
    text[len] = '\0';
    return text;
}

START_TEST(an_event_is_one_line_whatever_its_text)
{
    log_setup(LOG_NOTICE, LOG_TEXT);
    log_write(LOG_WARNING, "table '%s'", "a\nb\x1b[2J");
    log_write(LOG_NOTICE, "done");
    ck_assert_str_eq(captured(), "understudy: warning: table 'a\\x0ab\\x1b[2J'\ndone\n");
}
END_TEST

START_TEST(lines_above_the_level_are_dropped)
{
    log_setup(LOG_WARNING, LOG_TEXT);
    log_write(LOG_NOTICE, "no");
    log_write(LOG_DETAIL, "no");
    log_write(LOG_ERROR, "yes");
    ck_assert_str_eq(captured(), "understudy: yes\n");
}
END_TEST

START_TEST(a_json_line_is_one_object)
{
    log_setup(LOG_DETAIL, LOG_JSON);
    log_write(LOG_DETAIL, "a \"b\"\n\xff");
    const char *line = captured();
    ck_assert_int_eq(strncmp(line, "{\"time\":\"20", 11), 0);
    ck_assert_ptr_nonnull(
        strstr(line, "Z\",\"level\":\"detail\",\"message\":\"a \\\"b\\\"\\n\\\\xff\"}\n"));
    ck_assert_ptr_eq(strchr(line, '\n'), line + strlen(line) - 1);
}
END_TEST

START_TEST(a_very_long_message_is_cut)
{
    static char message[10000];

    memset(message, 1, sizeof(message) - 1);
    log_setup(LOG_NOTICE, LOG_TEXT);
    log_write(LOG_NOTICE, "%s", message);
    ck_assert_uint_eq(strlen(captured()), 1999 * 4 + 1);
    setup();
    log_setup(LOG_NOTICE, LOG_JSON);
    log_write(LOG_NOTICE, "%s", message);
    ck_assert_uint_gt(strlen(captured()), 1999 * 6);
}
END_TEST

static void *write_lines(void *context)
{
    for (int i = 0; i < 500; i++)
        log_write(LOG_NOTICE, "%s %s %s", (const char *)context, (const char *)context,
                  (const char *)context);
    return NULL;
}

START_TEST(lines_of_several_threads_never_mix)
{
    static char names[4][32] = {"aaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbb", "ccccccccccccccc",
                                "ddddddddddddddd"};
    pthread_t threads[4];
    int lines = 0;

    log_setup(LOG_NOTICE, LOG_TEXT);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, write_lines, names[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (const char *line = captured(); *line; line += 48, lines++) {
        ck_assert_int_eq(line[47], '\n');
        ck_assert(memcmp(line, line + 16, 15) == 0 && memcmp(line, line + 32, 15) == 0);
    }
    ck_assert_int_eq(lines, 2000);
}
END_TEST

Suite *suite_base_log(void);
Suite *suite_base_log(void)
{
    Suite *suite = suite_create("base/log");
    TCase *tests = tcase_create("log");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, an_event_is_one_line_whatever_its_text);
    tcase_add_test(tests, lines_above_the_level_are_dropped);
    tcase_add_test(tests, a_json_line_is_one_object);
    tcase_add_test(tests, a_very_long_message_is_cut);
    tcase_add_test(tests, lines_of_several_threads_never_mix);
    suite_add_tcase(suite, tests);
    return suite;
}
