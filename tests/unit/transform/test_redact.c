/* What `redact` says of its stand-ins beside the laws of every rule. */
#include "base/words.h"
#include "fixture.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_tree.h>

static const struct {
    enum kind kind;
    const char *text; /* or NULL: the number */
    int64_t number;
} samples[] = {
    {KIND_TEXT, "a nickname", 0},  {KIND_BYTES, "some bytes", 0},
    {KIND_DECIMAL, "1234.50", 0},  {KIND_JSON, "{\"a\":\"b\"}", 0},
    {KIND_INTEGER, NULL, 123456},  {KIND_DATE, NULL, 19675},
    {KIND_TIME, NULL, 3600000000}, {KIND_INSTANT, NULL, 1700000000000000},
    {KIND_UUID, NULL, 77},         {KIND_ENUM, "red", 0},
};

static struct value sample_value(size_t index)
{
    return samples[index].text ? value_text(samples[index].text)
                               : value_integer(samples[index].number);
}

/* One value in 64 rows of eight subjects: how many stand-ins it has. */
static uint32_t stand_ins(size_t index, const char *params)
{
    struct value values[64];
    struct fixture fixture;
    uint32_t count = 0;

    fixture_init(&fixture, samples[index].kind, 1);
    ck_assert_msg(fixture_prepare(&fixture, "redact", params), "%s", fixture.err.cause);
    for (uint32_t i = 0; i < COUNT_OF(values); i++)
        values[i] = sample_value(index);
    fixture_apply(&fixture, values, COUNT_OF(values));
    for (uint32_t i = 0; i < COUNT_OF(values); i++) {
        uint32_t before = 0;

        while (before < i && !values_equal(samples[index].kind, &values[before], &values[i]))
            before++;
        count += before == i;
    }
    fixture_release(&fixture);
    return count;
}

START_TEST(per_row_and_per_subject_are_obeyed_in_every_kind)
{
    const bool is_enum = samples[_i].kind == KIND_ENUM;

    ck_assert_uint_eq(stand_ins((size_t)_i, NULL), is_enum ? 5 : 1);
    ck_assert_uint_ge(stand_ins((size_t)_i, "{ per: row }"), is_enum ? 5 : 60);
    ck_assert_uint_ge(stand_ins((size_t)_i, "{ per: subject }"), is_enum ? 2 : 8);
    ck_assert_uint_le(stand_ins((size_t)_i, "{ per: subject }"), 8);
}
END_TEST

START_TEST(bytes_of_a_known_file_become_the_smallest_of_its_kind)
{
    static const char *const starts[] = {
        "\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "GIF89a", "%PDF-", "PK\3\4", "\x1f\x8b"};
    struct fixture fixture;

    fixture_init(&fixture, KIND_BYTES, 1);
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        const char *text = arena_printf(fixture.arena, "%s the rest of it", starts[i]);
        struct value value = value_text(text), again;
        /* An empty archive has no first file to begin with. */
        const size_t same = i == 4 ? 2 : strlen(starts[i]);

        fixture.site.is_unique = false;
        ck_assert(fixture_prepare(&fixture, "redact", NULL));
        fixture_apply(&fixture, &value, 1);
        ck_assert_uint_le(value.bytes.len, 300);
        ck_assert_int_eq(memcmp(value.bytes.ptr, starts[i], same), 0);
        ck_assert_uint_eq(fixture.unchanged, i);
        again = value;
        fixture_apply(&fixture, &again, 1);
        ck_assert(values_equal(KIND_BYTES, &again, &value));
        ck_assert_uint_eq(fixture.unchanged, i + 1);

        fixture.site.is_unique = true;
        ck_assert(fixture_prepare(&fixture, "redact", NULL));
        again = value_text(text);
        fixture_apply(&fixture, &again, 1);
        ck_assert_uint_eq(again.bytes.len, strlen(text));
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(unique_json_stays_distinct_and_valid)
{
    static const char *const texts[] = {"{}", "{\"a\":1}", "[]", "[1]", "1", "2", "true", "null"};
    const char *seen[COUNT_OF(texts)];
    struct fixture fixture;

    fixture_init(&fixture, KIND_JSON, 1);
    fixture.site.is_unique = true;
    ck_assert(fixture_prepare(&fixture, "redact", NULL));
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        yajl_val tree;

        seen[i] = fixture_text(&fixture, texts[i]);
        tree = yajl_tree_parse(seen[i], NULL, 0);
        ck_assert_ptr_nonnull(tree);
        yajl_tree_free(tree);
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(seen[i], seen[j]);
    }
    fixture.site.is_key = true;
    ck_assert(!fixture_prepare(&fixture, "redact", NULL));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    fixture_release(&fixture);
}
END_TEST

static void check_set(struct fixture *fixture, struct check *check, const char *expression)
{
    *check = (struct check){.name = "k", .expression = expression};
    fixture->table.checks = check;
    fixture->table.check_count = 1;
}

START_TEST(numbers_stay_inside_a_simple_check_one_to_one)
{
    struct fixture fixture;
    struct check check;
    bool seen[1000] = {false};

    fixture_init(&fixture, KIND_INTEGER, 1);
    check_set(&fixture, &check, "CHECK (((c > 0) AND (c <= 365)))");
    ck_assert(fixture_prepare(&fixture, "redact", NULL));
    for (int64_t i = 1; i < 1000; i++) {
        const int64_t moved = fixture_integer(&fixture, i);

        ck_assert_int_eq(moved > 0 && moved <= 365, i <= 365);
        ck_assert_int_ne(moved, i);
        ck_assert(moved < 1000 && !seen[moved]);
        seen[moved] = true;
    }
    fixture_release(&fixture);
    fixture_init(&fixture, KIND_DECIMAL, 1);
    check_set(&fixture, &check, "CHECK (((c >= (0)::numeric) AND (c <= (100)::numeric)))");
    ck_assert(fixture_prepare(&fixture, "redact", NULL));
    for (unsigned i = 1; i <= 10000; i++) {
        const char *text = arena_printf(fixture.arena, "%u.%02u", i / 100, i % 100);
        const char *moved = fixture_text(&fixture, text);

        ck_assert_msg(strtod(moved, NULL) <= 100, "%s from %s", moved, text);
        ck_assert_str_ne(moved, text);
    }
    fixture_release(&fixture);
    fixture_init(&fixture, KIND_REAL, 1);
    check_set(&fixture, &check, "CHECK ((c <= (1)::double precision))");
    ck_assert(fixture_prepare(&fixture, "redact", NULL));
    for (unsigned i = 0; i < 1000; i++) {
        struct value value = {.real = 1 - i / 1000.0};
        const double before = value.real;

        fixture_apply(&fixture, &value, 1);
        ck_assert(value.real <= 1 && value.real != before);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(texts_keep_to_the_lengths_of_a_simple_check)
{
    static const char *const checks[] = {"CHECK ((length(c) >= 5))",
                                         "CHECK (((length(c) > 4) AND (length(c) < 8)))"};
    struct fixture fixture;
    struct check check;

    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        fixture_init(&fixture, KIND_TEXT, 1);
        check_set(&fixture, &check, checks[i]);
        ck_assert(fixture_prepare(&fixture, "redact", NULL));
        for (unsigned n = 0; n < 500; n++) {
            const char *moved = fixture_text(&fixture, arena_printf(fixture.arena, "abc%03u", n));

            ck_assert_uint_ge(strlen(moved), 5);
            ck_assert_uint_le(strlen(moved), 7);
        }
        fixture_release(&fixture);
    }
}
END_TEST

START_TEST(small_values_never_stand_for_themselves)
{
    struct fixture fixture;

    for (uint8_t key = 1; key < 60; key++) {
        struct value byte = {.bytes = span_make(&key, 1)};
        const char *text;

        fixture_init(&fixture, KIND_TEXT, key);
        ck_assert(fixture_prepare(&fixture, "redact", NULL));
        for (char c = 'a'; c <= 'z'; c++) {
            text = arena_printf(fixture.arena, "%c", c);
            ck_assert_str_ne(fixture_text(&fixture, text), text);
        }
        fixture_release(&fixture);
        fixture_init(&fixture, KIND_BYTES, key);
        ck_assert(fixture_prepare(&fixture, "redact", NULL));
        fixture_apply(&fixture, &byte, 1);
        ck_assert_uint_ne((uint8_t)byte.bytes.ptr[0], key);
        fixture_release(&fixture);
        fixture_init(&fixture, KIND_INTEGER, key);
        ck_assert(fixture_prepare(&fixture, "redact", NULL));
        for (int64_t i = -9; i < 10; i++)
            ck_assert_int_eq(fixture_integer(&fixture, i) == i, i == 0);
        fixture_release(&fixture);
    }
}
END_TEST

Suite *suite_transform_redact(void);
Suite *suite_transform_redact(void)
{
    Suite *suite = suite_create("transform/redact");
    TCase *tcase = tcase_create("redact");

    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, per_row_and_per_subject_are_obeyed_in_every_kind, 0,
                        COUNT_OF(samples));
    tcase_add_test(tcase, bytes_of_a_known_file_become_the_smallest_of_its_kind);
    tcase_add_test(tcase, unique_json_stays_distinct_and_valid);
    tcase_add_test(tcase, numbers_stay_inside_a_simple_check_one_to_one);
    tcase_add_test(tcase, texts_keep_to_the_lengths_of_a_simple_check);
    tcase_add_test(tcase, small_values_never_stand_for_themselves);
    suite_add_tcase(suite, tcase);
    return suite;
}
