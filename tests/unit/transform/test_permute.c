#include "fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t starts[] = {0, 1 << 14, 1 << 15, 1 << 30, INT64_C(1) << 31, INT64_C(1) << 53};

static int band_of(int64_t number)
{
    int64_t size = number < 0 ? -1 - number : number;
    int band = 0;

    while (band < 5 && size >= starts[band + 1])
        band++;
    return number < 0 ? -1 - band : band;
}

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void check_distinct(int64_t *numbers, size_t count)
{
    qsort(numbers, count, sizeof(*numbers), compare);
    for (size_t i = 1; i < count; i++)
        ck_assert_int_ne(numbers[i - 1], numbers[i]);
}

START_TEST(every_small_integer_stays_in_its_band_and_none_meet)
{
    static int64_t out[2 * 32768];
    struct fixture fixture;

    fixture_init(&fixture, KIND_INTEGER, 1);
    ck_assert(fixture_prepare(&fixture, "permute", NULL));
    for (int64_t i = -32768; i < 32768; i++) {
        int64_t moved = fixture_integer(&fixture, i);

        ck_assert_int_eq(band_of(moved), band_of(i));
        out[i + 32768] = moved;
    }
    check_distinct(out, COUNT_OF(out));
    ck_assert_int_eq(out[32767], -1);
    ck_assert_int_eq(fixture_integer(&fixture, 0), 0);
    ck_assert_int_eq(fixture_integer(&fixture, -1), -1);
    fixture_release(&fixture);
}
END_TEST

START_TEST(band_edges_and_extremes_stay_in_their_bands)
{
    static int64_t out[6 * 2000 + 2];
    struct fixture fixture;
    size_t count = 0;

    fixture_init(&fixture, KIND_INTEGER, 1);
    ck_assert(fixture_prepare(&fixture, "permute", NULL));
    for (int band = 1; band < 6; band++) {
        for (int64_t i = -1000; i < 1000; i++) {
            int64_t number = (i % 2 ? -1 : 1) * (starts[band] + i);
            int64_t moved = fixture_integer(&fixture, number);

            ck_assert_int_eq(band_of(moved), band_of(number));
            out[count++] = moved;
        }
    }
    out[count++] = fixture_integer(&fixture, INT64_MIN);
    out[count++] = fixture_integer(&fixture, INT64_MAX);
    ck_assert_int_eq(band_of(out[count - 2]), -6);
    ck_assert_int_eq(band_of(out[count - 1]), 5);
    check_distinct(out, count);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_key_maps_alike_in_every_width_and_as_numeric)
{
    struct fixture wide, narrow, decimal;

    fixture_init(&wide, KIND_INTEGER, 1);
    fixture_init(&narrow, KIND_INTEGER, 1);
    fixture_init(&decimal, KIND_DECIMAL, 1);
    narrow.type.width = 2;
    ck_assert(fixture_prepare(&wide, "permute", NULL));
    ck_assert(fixture_prepare(&narrow, "permute", NULL));
    ck_assert(fixture_prepare(&decimal, "permute", NULL));
    for (int64_t i = -40; i < 4000; i++) {
        int64_t moved = fixture_integer(&wide, i);
        char text[32], want[32];

        ck_assert_int_eq(fixture_integer(&narrow, i), moved);
        (void)snprintf(text, sizeof(text), "%lld%s", (long long)i, i % 2 ? ".00" : "");
        (void)snprintf(want, sizeof(want), "%lld%s", (long long)moved, i % 2 ? ".00" : "");
        ck_assert_str_eq(fixture_text(&decimal, text), want);
    }
    fixture_release(&wide);
    fixture_release(&narrow);
    fixture_release(&decimal);
}
END_TEST

START_TEST(a_range_is_permuted_around_its_sentinels)
{
    struct fixture fixture;
    bool seen[51] = {false};

    fixture_init(&fixture, KIND_INTEGER, 1);
    ck_assert(fixture_prepare(&fixture, "permute", "{ range: [-10, 40], sentinels: [7, 0, 99] }"));
    for (int64_t i = -10; i <= 40; i++) {
        int64_t moved = fixture_integer(&fixture, i);

        ck_assert(moved >= -10 && moved <= 40 && !seen[moved + 10]);
        seen[moved + 10] = true;
    }
    ck_assert_int_eq(fixture_integer(&fixture, 7), 7);
    ck_assert_int_eq(fixture_integer(&fixture, 99), 99);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_number_outside_the_range_is_an_error_without_the_number)
{
    struct fixture fixture;
    struct value value = value_integer(4711);
    struct transform_call call;

    fixture_init(&fixture, KIND_INTEGER, 1);
    ck_assert(fixture_prepare(&fixture, "permute", "{ range: [1, 40] }"));
    call = (struct transform_call){.type = &fixture.type,
                                   .arena = fixture.arena,
                                   .scrambled = &fixture.scrambled,
                                   .unchanged = &fixture.unchanged};
    ck_assert(!transform_apply(fixture.prepared, &call, &value, 1, &fixture.err));
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    ck_assert_ptr_null(strstr(fixture.err.cause, "4711"));
    fixture_release(&fixture);
}
END_TEST

/* All texts of one form, each of which must come out once. */
START_TEST(every_text_of_a_small_form_comes_out_once)
{
    static bool seen[26 * 26 * 10];
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "permute", "{ prefix: \"A\" }"));
    memset(seen, 0, sizeof(seen));
    for (int i = 0; i < 26 * 26 * 10; i++) {
        char text[8] = {(char)('A' + i / 260), '-', (char)('a' + i / 10 % 26),
                        (char)('0' + i % 10)};
        const char *moved = fixture_text(&fixture, text);
        int index = (moved[0] - 'A') * 260 + (moved[2] - 'a') * 10 + moved[3] - '0';

        ck_assert_uint_eq(strlen(moved), 4);
        ck_assert_int_eq(moved[1], '-');
        ck_assert_int_eq(moved[0] == 'A', text[0] == 'A');
        ck_assert(index >= 0 && index < 26 * 26 * 10 && !seen[index]);
        seen[index] = true;
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(long_texts_keep_their_form_and_their_prefix)
{
    struct fixture fixture;
    const char *moved;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "permute", "{ prefix: \"cus_\" }"));
    moved = fixture_text(&fixture, "cus_9fK2LmQ8x7wZ1pR4tB6");
    ck_assert_int_eq(strncmp(moved, "cus_", 4), 0);
    ck_assert_str_ne(moved, "cus_9fK2LmQ8x7wZ1pR4tB6");
    for (const char *a = moved + 4, *b = "9fK2LmQ8x7wZ1pR4tB6"; *b; a++, b++) {
        ck_assert_int_eq(*a >= '0' && *a <= '9', *b >= '0' && *b <= '9');
        ck_assert_int_eq(*a >= 'A' && *a <= 'Z', *b >= 'A' && *b <= 'Z');
        ck_assert_int_eq(*a >= 'a' && *a <= 'z', *b >= 'a' && *b <= 'z');
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_uuid_maps_alike_as_text_and_as_uuid)
{
    struct fixture text, uuid;
    struct value value = {.uuid = {0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0x4d, 0xef, 0x81, 0x23, 0x45,
                                   0x67, 0x89, 0xab, 0xcd, 0xef}};
    const char *moved;

    fixture_init(&text, KIND_TEXT, 1);
    fixture_init(&uuid, KIND_UUID, 1);
    ck_assert(fixture_prepare(&text, "permute", NULL));
    ck_assert(fixture_prepare(&uuid, "permute", NULL));
    moved = fixture_text(&text, "12345678-9abc-4def-8123-456789abcdef");
    fixture_apply(&uuid, &value, 1);
    for (int i = 0, at = 0; i < 16; i++, at += 2) {
        char digits[3] = "";

        at += i == 4 || i == 6 || i == 8 || i == 10;
        memcpy(digits, moved + at, 2);
        ck_assert_uint_eq(strtoul(digits, NULL, 16), value.uuid[i]);
    }
    fixture_release(&text);
    fixture_release(&uuid);
}
END_TEST

START_TEST(keys_equal_ignoring_case_or_blanks_stay_equal)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture.type.is_case_insensitive = true;
    ck_assert(fixture_prepare(&fixture, "permute", NULL));
    ck_assert_str_eq(fixture_text(&fixture, "Abc-123"), fixture_text(&fixture, "aBC-123"));
    fixture.type.is_case_insensitive = false;
    fixture.type.is_padded = true;
    ck_assert_str_eq(fixture_text(&fixture, "Abc  "), fixture_text(&fixture, "Abc"));
    ck_assert_str_ne(fixture_text(&fixture, "Abc"), fixture_text(&fixture, "abc"));
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_numeric_key_too_narrow_for_its_band_is_refused)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_DECIMAL, 1);
    fixture.column.precision = 10;
    ck_assert(!fixture_prepare(&fixture, "permute", NULL));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    ck_assert(fixture_prepare(&fixture, "permute", "{ range: [1, 9999999999] }"));
    fixture_release(&fixture);
}
END_TEST

static bool value_is_taken(struct fixture *fixture, struct value *value)
{
    struct transform_call call = {.type = &fixture->type,
                                  .column = &fixture->column,
                                  .arena = fixture->arena,
                                  .scrambled = &fixture->scrambled,
                                  .unchanged = &fixture->unchanged};

    return transform_apply(fixture->prepared, &call, value, 1, &fixture->err);
}

START_TEST(numerics_beyond_64_bits_stay_beyond_them)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_DECIMAL, 1);
    ck_assert(fixture_prepare(&fixture, "permute", NULL));
    for (unsigned i = 0; i < 2000; i++) {
        const char *text = arena_printf(fixture.arena, "1844674407370955%04u", 1616 + i);
        const char *moved = fixture_text(&fixture, text);
        const char *low =
            fixture_text(&fixture, arena_printf(fixture.arena, "-922337203685477%04u", 5809 + i));

        ck_assert_uint_eq(strlen(moved), 20);
        ck_assert_str_gt(moved, "18446744073709551615");
        ck_assert_uint_eq(strlen(low), 20);
        ck_assert_str_gt(low, "-9223372036854775808");
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(numbers_from_2_to_63_on_stay_there_and_below_2_to_64)
{
    struct fixture fixture;
    struct value narrow = value_text("9223372036854775808");

    fixture_init(&fixture, KIND_DECIMAL, 1);
    ck_assert(fixture_prepare(&fixture, "permute", NULL));
    for (unsigned i = 0; i < 1000; i++) {
        const char *low =
            fixture_text(&fixture, arena_printf(fixture.arena, "922337203685477%04u", 5808 + i));
        const char *high = fixture_text(
            &fixture, arena_printf(fixture.arena, "%llu", (unsigned long long)(UINT64_MAX - i)));
        char *end;

        ck_assert_uint_ge(strtoull(low, &end, 10), UINT64_C(1) << 63);
        ck_assert_uint_le(strlen(low), 20);
        ck_assert_uint_ge(strtoull(high, &end, 10), UINT64_C(1) << 63);
        ck_assert_str_ne(low, high);
    }
    fixture.column.precision = 19;
    ck_assert(fixture_prepare(&fixture, "permute", NULL));
    ck_assert(!value_is_taken(&fixture, &narrow));
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_numeric_outside_the_range_is_an_error)
{
    static const char *const texts[] = {"9223372036854775808", "1.5", "101", "-1.0", "NaN"};
    struct fixture fixture;

    fixture_init(&fixture, KIND_DECIMAL, 1);
    ck_assert(fixture_prepare(&fixture, "permute", "{ range: [1, 100], sentinels: [] }"));
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct value value = value_text(texts[i]);

        ck_assert_msg(!value_is_taken(&fixture, &value), "%s", texts[i]);
        ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    }
    fixture_release(&fixture);
}
END_TEST

/* Whole domains, with sentinels in and beside them. */
START_TEST(a_small_range_comes_out_whole_around_its_sentinels)
{
    struct fixture fixture;

    for (int64_t high = 2; high < 80; high++) {
        bool seen[128] = {false};

        fixture_init(&fixture, KIND_INTEGER, (uint8_t)high);
        ck_assert(fixture_prepare(&fixture, "permute",
                                  arena_printf(fixture.arena,
                                               "{ range: [-3, %d], sentinels: [0, 2, %d, 999] }",
                                               (int)high, (int)high)));
        for (int64_t i = -3; i <= high; i++) {
            const int64_t moved = fixture_integer(&fixture, i);

            ck_assert_int_ge(moved, -3);
            ck_assert_int_le(moved, high);
            ck_assert(!seen[moved + 3]);
            seen[moved + 3] = true;
            if (i == 0 || i == 2 || i == high)
                ck_assert_int_eq(moved, i);
        }
        fixture_release(&fixture);
    }
}
END_TEST

START_TEST(versions_with_a_time_stay_only_if_asked)
{
    static const char *const texts[] = {
        "12345678-9abc-1def-8123-456789abcdef", "12345678-9abc-6def-9123-456789abcdef",
        "12345678-9abc-7def-b123-456789abcdef", "12345678-9abc-5def-b123-456789abcdef"};
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        ck_assert(fixture_prepare(&fixture, "permute", NULL));
        ck_assert_int_eq(fixture_text(&fixture, texts[i])[14], i < 3 ? '4' : '5');
        ck_assert(fixture_prepare(&fixture, "permute", "{ keep_version: true }"));
        ck_assert_int_eq(fixture_text(&fixture, texts[i])[14], texts[i][14]);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_range_wider_than_the_column_is_refused)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_INTEGER, 1);
    fixture.type.width = 2;
    ck_assert(!fixture_prepare(&fixture, "permute", "{ range: [1, 40000] }"));
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    ck_assert_ptr_nonnull(strstr(fixture.err.context, "test.yaml:1"));
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_permute(void);
Suite *suite_transform_permute(void)
{
    Suite *suite = suite_create("transform/permute");
    TCase *tcase = tcase_create("permute");

    tcase_add_test(tcase, every_small_integer_stays_in_its_band_and_none_meet);
    tcase_add_test(tcase, band_edges_and_extremes_stay_in_their_bands);
    tcase_add_test(tcase, a_key_maps_alike_in_every_width_and_as_numeric);
    tcase_add_test(tcase, a_range_is_permuted_around_its_sentinels);
    tcase_add_test(tcase, a_number_outside_the_range_is_an_error_without_the_number);
    tcase_add_test(tcase, every_text_of_a_small_form_comes_out_once);
    tcase_add_test(tcase, long_texts_keep_their_form_and_their_prefix);
    tcase_add_test(tcase, a_uuid_maps_alike_as_text_and_as_uuid);
    tcase_add_test(tcase, keys_equal_ignoring_case_or_blanks_stay_equal);
    tcase_add_test(tcase, a_numeric_key_too_narrow_for_its_band_is_refused);
    tcase_add_test(tcase, numerics_beyond_64_bits_stay_beyond_them);
    tcase_add_test(tcase, numbers_from_2_to_63_on_stay_there_and_below_2_to_64);
    tcase_add_test(tcase, a_numeric_outside_the_range_is_an_error);
    tcase_add_test(tcase, a_small_range_comes_out_whole_around_its_sentinels);
    tcase_add_test(tcase, versions_with_a_time_stay_only_if_asked);
    tcase_add_test(tcase, a_range_wider_than_the_column_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
