/* Durations, sizes and counts as people write them. */
#include "base/clock.h"
#include <check.h>

START_TEST(durations_are_read_in_their_units)
{
    static const struct {
        const char *text;
        int64_t us;
    } cases[] = {
        {"0", 0},
        {"7us", 7},
        {"250ms", 250000},
        {"90s", 90000000},
        {"5m", 300000000},
        {"2h", INT64_C(7200000000)},
        {"30d", INT64_C(2592000000000)},
        {"2w", INT64_C(1209600000000)},
        {"9223372036854775807us", INT64_MAX},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t us = -1;
        ck_assert_msg(clock_parse_duration(cases[i].text, &us), "%s", cases[i].text);
        ck_assert_int_eq(us, cases[i].us);
    }
}
END_TEST

START_TEST(what_is_no_duration_is_refused)
{
    static const char *const texts[] = {
        "",
        "5",
        "s",
        "-5s",
        "+5s",
        "5 s",
        " 5s",
        "5s ",
        "1.5h",
        "5S",
        "5sm",
        "0x5s",
        "5month",
        "00",
        "9223372036854775808us",
        "18446744073709551616us",
        "99999999999999999999999s",
        "15250284452472w",
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        int64_t us = 42;
        ck_assert_msg(!clock_parse_duration(texts[i], &us), "%s", texts[i]);
        ck_assert_int_eq(us, 42);
    }
}
END_TEST

START_TEST(sizes_are_read_in_their_units)
{
    static const struct {
        const char *text;
        uint64_t bytes;
    } cases[] = {
        {"0", 0},
        {"4096", 4096},
        {"12B", 12},
        {"500kB", 500000},
        {"64MiB", UINT64_C(64) << 20},
        {"1GiB", UINT64_C(1) << 30},
        {"3GB", UINT64_C(3000000000)},
        {"2TiB", UINT64_C(2) << 40},
        {"18446744073709551615", UINT64_MAX},
        {"16777215TiB", UINT64_C(16777215) << 40},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint64_t bytes = 1;
        ck_assert_msg(size_parse(cases[i].text, &bytes), "%s", cases[i].text);
        ck_assert_uint_eq(bytes, cases[i].bytes);
    }
}
END_TEST

START_TEST(what_is_no_size_is_refused)
{
    static const char *const texts[] = {
        "",
        "B",
        "-1",
        "1 GiB",
        "1gib",
        "1G",
        "1.5GiB",
        "1GiBs",
        "18446744073709551616",
        "16777216TiB",
        "99999999999999999999999GiB",
    };
    uint64_t bytes = 42;

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        ck_assert_msg(!size_parse(texts[i], &bytes), "%s", texts[i]);
        ck_assert_uint_eq(bytes, 42);
    }
}
END_TEST

START_TEST(sizes_are_shown_with_one_digit)
{
    static const struct {
        uint64_t bytes;
        const char *text;
    } cases[] = {
        {0, "0 B"},
        {1023, "1023 B"},
        {1024, "1.0 KiB"},
        {1536, "1.5 KiB"},
        {1048575, "1.0 MiB"},
        {UINT64_C(5) << 30, "5.0 GiB"},
        {UINT64_MAX, "16.0 EiB"},
    };
    char text[16];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_format(cases[i].bytes, text, sizeof(text));
        ck_assert_str_eq(text, cases[i].text);
    }
}
END_TEST

START_TEST(counts_are_grouped_by_three)
{
    static const struct {
        uint64_t count;
        const char *text;
    } cases[] = {
        {0, "0"},
        {999, "999"},
        {1000, "1,000"},
        {1234567, "1,234,567"},
        {UINT64_MAX, "18,446,744,073,709,551,615"},
    };
    char text[32];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        count_format(cases[i].count, text, sizeof(text));
        ck_assert_str_eq(text, cases[i].text);
    }
}
END_TEST

START_TEST(times_are_shown_in_utc)
{
    char text[21];

    clock_format_utc(INT64_C(1767323045) * 1000000 + 999999, text, sizeof(text));
    ck_assert_str_eq(text, "2026-01-02T03:04:05Z");
    clock_format_utc(-1, text, sizeof(text));
    ck_assert_str_eq(text, "1969-12-31T23:59:59Z");
}
END_TEST

START_TEST(the_clocks_move_forward)
{
    double before = clock_monotonic();

    ck_assert_int_gt(clock_now_us(), INT64_C(1700000000) * 1000000);
    ck_assert(clock_monotonic() >= before);
}
END_TEST

Suite *suite_base_clock(void);
Suite *suite_base_clock(void)
{
    Suite *suite = suite_create("base/clock");
    TCase *tests = tcase_create("clock");

    tcase_add_test(tests, durations_are_read_in_their_units);
    tcase_add_test(tests, what_is_no_duration_is_refused);
    tcase_add_test(tests, sizes_are_read_in_their_units);
    tcase_add_test(tests, what_is_no_size_is_refused);
    tcase_add_test(tests, sizes_are_shown_with_one_digit);
    tcase_add_test(tests, counts_are_grouped_by_three);
    tcase_add_test(tests, times_are_shown_in_utc);
    tcase_add_test(tests, the_clocks_move_forward);
    suite_add_tcase(suite, tests);
    return suite;
}
