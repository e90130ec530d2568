/* How progress looks. The program's own files are no library, so they are compiled in here. */
#include "cli/progress.c"
#include <check.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *line(const struct understudy_progress *seen, size_t width)
{
    static char text[PROGRESS_LINE_MAX];

    progress_format(seen, width, text);
    return text;
}

static const struct understudy_progress half = {
    .phase = "copy", .rows = 1234567, .bytes = 45u << 20, .rows_total = 2345678, .seconds = 1.0};

START_TEST(a_known_total_gives_bar_share_and_time_left)
{
    ck_assert_str_eq(line(&half, 79), "copy  [##############--------------]  52 %  1,234,567 rows  "
                                      "45 MiB/s  0:00 left");
}
END_TEST

START_TEST(no_width_makes_a_line_too_long)
{
    struct understudy_progress seen = half;

    for (size_t width = 1; width < 300; width++)
        for (unsigned share = 0; share <= 5; share++) {
            seen.rows = seen.rows_total / 4 * share;
            ck_assert_uint_le(strlen(line(&seen, width)), width);
        }
}
END_TEST

START_TEST(an_unknown_total_gives_neither_bar_nor_share)
{
    struct understudy_progress seen = half;

    seen.rows_total = 0;
    seen.seconds = 3723;
    ck_assert_str_eq(line(&seen, 79), "copy  1,234,567 rows  12 KiB/s  1:02:03");
    seen.rows = seen.bytes = 0;
    ck_assert_str_eq(line(&seen, 79), "copy  1:02:03");
}
END_TEST

START_TEST(more_rows_than_expected_are_not_more_than_everything)
{
    struct understudy_progress seen = half;

    seen.rows = 9999999;
    ck_assert_ptr_nonnull(strstr(line(&seen, 79), "100 %"));
    ck_assert_ptr_null(strstr(line(&seen, 79), "left"));
}
END_TEST

START_TEST(the_end_of_a_phase_says_how_long_it_took)
{
    struct understudy_progress seen = half;

    seen.is_done = true;
    seen.seconds = 27;
    ck_assert_str_eq(line(&seen, 79), "copy  1,234,567 rows  1.7 MiB/s  0:27");
}
END_TEST

START_TEST(a_total_of_nearly_all_is_not_yet_all)
{
    struct understudy_progress seen = half;

    seen.rows = seen.rows_total - 1;
    ck_assert_ptr_nonnull(strstr(line(&seen, 0), "99 %"));
}
END_TEST

/* What a progress of `form` writes for these, into static memory. */
static const char *shown(enum progress_form form, const struct understudy_progress *seen,
                         size_t count)
{
    static char text[4096];
    struct progress progress;
    FILE *out = fmemopen(text, sizeof(text), "w");

    text[0] = '\0';
    progress_start(&progress, form, out);
    for (size_t i = 0; i < count; i++)
        progress_show(&progress, &seen[i]);
    progress_stop(&progress);
    fclose(out);
    return text;
}

START_TEST(plain_lines_come_at_the_end_of_a_phase_and_not_ten_times_a_second)
{
    const struct understudy_progress seen[] = {
        {.phase = "choose", .seconds = 0.1},
        {.phase = "choose", .seconds = 0.2},
        {.phase = "choose", .rows = 1000, .seconds = 0.3, .is_done = true},
        {.phase = "copy", .rows = 5, .seconds = 0.1},
    };

    ck_assert_str_eq(shown(PROGRESS_FORM_PLAIN, seen, COUNT(seen)),
                     "choose  1,000 rows  0:00  done\n");
    ck_assert_str_eq(shown(PROGRESS_FORM_NONE, seen, COUNT(seen)), "");
}
END_TEST

START_TEST(ten_seconds_without_a_line_are_enough)
{
    struct progress progress;
    static char text[4096];
    FILE *out = fmemopen(text, sizeof(text), "w");

    progress_start(&progress, PROGRESS_FORM_PLAIN, out);
    progress.last_line -= PLAIN_SECONDS;
    progress_show(&progress, &half);
    progress_show(&progress, &half);
    fclose(out);
    ck_assert_str_eq(text, "copy  52 %  1,234,567 rows  45 MiB/s  0:00 left\n");
}
END_TEST

START_TEST(json_lines_are_objects)
{
    struct understudy_progress seen = half;

    seen.is_done = true;
    ck_assert_str_eq(shown(PROGRESS_FORM_JSON, &seen, 1),
                     "{\"level\":\"progress\",\"phase\":\"copy\",\"rows\":1234567,\"rows_total\":"
                     "2345678,\"bytes\":47185920,\"seconds\":1.0,\"done\":true}\n");
}
END_TEST

START_TEST(a_bar_is_drawn_below_the_cursor_and_leaves_the_terminal_when_a_command_fails)
{
    ck_assert_str_eq(
        shown(PROGRESS_FORM_BAR, &half, 1),
        "\r\033[J\ncopy  [##############--------------]  52 %  1,234,567 rows  45 MiB/s "
        " 0:00 left\r\033[A\r\033[J");
}
END_TEST

START_TEST(quiet_and_json_win_over_the_form)
{
    FILE *out = tmpfile();

    ck_assert_int_eq(progress_choose("bar", true, true, out), PROGRESS_FORM_NONE);
    ck_assert_int_eq(progress_choose("bar", false, true, out), PROGRESS_FORM_JSON);
    ck_assert_int_eq(progress_choose("none", false, true, out), PROGRESS_FORM_NONE);
    ck_assert_int_eq(progress_choose("bar", false, false, out), PROGRESS_FORM_BAR);
    ck_assert_int_eq(progress_choose("auto", false, false, out), PROGRESS_FORM_PLAIN);
    fclose(out);
}
END_TEST

Suite *suite_cli_progress(void);
Suite *suite_cli_progress(void)
{
    Suite *suite = suite_create("cli/progress");
    TCase *tests = tcase_create("progress");

    tcase_add_test(tests, a_known_total_gives_bar_share_and_time_left);
    tcase_add_test(tests, no_width_makes_a_line_too_long);
    tcase_add_test(tests, an_unknown_total_gives_neither_bar_nor_share);
    tcase_add_test(tests, more_rows_than_expected_are_not_more_than_everything);
    tcase_add_test(tests, the_end_of_a_phase_says_how_long_it_took);
    tcase_add_test(tests, a_total_of_nearly_all_is_not_yet_all);
    tcase_add_test(tests, plain_lines_come_at_the_end_of_a_phase_and_not_ten_times_a_second);
    tcase_add_test(tests, ten_seconds_without_a_line_are_enough);
    tcase_add_test(tests, json_lines_are_objects);
    tcase_add_test(tests,
                   a_bar_is_drawn_below_the_cursor_and_leaves_the_terminal_when_a_command_fails);
    tcase_add_test(tests, quiet_and_json_win_over_the_form);
    suite_add_tcase(suite, tests);
    return suite;
}
