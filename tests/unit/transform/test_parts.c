/* Rules on values that hold values. */
#include "fixture.h"

#include "transform/bits.h"
#include "transform/identifying.h"
#include "value/network.h"

#include <check.h>

static struct fixture fixture;

static void fixture_drop(void)
{
    fixture_release(&fixture);
}

static void prepare(const char *rule, const char *params)
{
    ck_assert_msg(fixture_prepare(&fixture, rule, params), "%s", fixture.err.cause);
}

static struct value *parts_of(struct value *value)
{
    fixture_apply(&fixture, value, 1);
    return value->parts->values;
}

/* ---- composite */

START_TEST(a_field_goes_by_the_rule_of_its_path_and_the_rest_by_otherwise)
{
    fixture_init(&fixture, KIND_COMPOSITE, 1);
    struct value value = value_pair(fixture.arena, "ann@shop.test", 7);

    prepare("composite", "{ paths: { word: email }, otherwise: { keep: \"a number\" } }");
    const struct value *fields = parts_of(&value);
    ck_assert_ptr_nonnull(memmem(fields[0].bytes.ptr, fields[0].bytes.len, ".example", 8));
    ck_assert_int_eq(fields[1].integer, 7);
}
END_TEST

START_TEST(what_is_given_to_a_rule_stays_as_it_was)
{
    fixture_init(&fixture, KIND_COMPOSITE, 1);
    struct value value = value_pair(fixture.arena, "Ann", 7);
    const struct value before = value;

    prepare("composite", NULL);
    parts_of(&value);
    ck_assert(span_equal(before.parts->values[0].bytes, SPAN_LITERAL("Ann")));
}
END_TEST

START_TEST(a_field_that_otherwise_does_not_take_is_redacted)
{
    fixture_init(&fixture, KIND_COMPOSITE, 1);
    struct value value = value_pair(fixture.arena, "Ann Smith", 123456);

    prepare("composite", "{ otherwise: scramble }");
    const struct value *fields = parts_of(&value);
    ck_assert_uint_eq(fields[0].bytes.len, 9);
    ck_assert_int_eq(fields[0].bytes.ptr[3], ' ');
    ck_assert_int_ne(fields[1].integer, 123456);
}
END_TEST

START_TEST(a_path_without_a_field_is_refused)
{
    fixture_init(&fixture, KIND_COMPOSITE, 1);
    ck_assert(!fixture_prepare(&fixture, "composite", "{ paths: { wrd: scramble } }"));
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    ck_assert_ptr_nonnull(strstr(fixture.err.hint, "word"));
}
END_TEST

START_TEST(a_path_below_a_field_without_fields_is_refused)
{
    fixture_init(&fixture, KIND_COMPOSITE, 1);
    ck_assert(!fixture_prepare(&fixture, "composite", "{ paths: { word.deep: scramble } }"));
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
}
END_TEST

START_TEST(redact_redacts_each_field)
{
    fixture_init(&fixture, KIND_COMPOSITE, 1);
    struct value value = value_pair(fixture.arena, NULL, 123456);

    prepare("redact", NULL);
    const struct value *fields = parts_of(&value);
    ck_assert(fields[0].is_null);
    ck_assert_int_ne(fields[1].integer, 123456);
}
END_TEST

static bool text_note(void *context, struct span text, struct error *err)
{
    struct buf *out = context;

    UNUSED(err);
    buf_add(out, text.ptr, text.len);
    buf_add_char(out, ';');
    return true;
}

static const char *identifying(const struct value *value)
{
    struct buf out;
    const char *text;

    buf_init(&out, 1000);
    ck_assert(identifying_visit(fixture.prepared, &fixture.type, value, fixture.arena, text_note,
                                &out, &fixture.err));
    text = arena_strdup(fixture.arena, buf_text(&out));
    buf_release(&out);
    return text;
}

START_TEST(identifying_texts_are_found_in_fields)
{
    fixture_init(&fixture, KIND_COMPOSITE, 1);
    struct value value = value_pair(fixture.arena, "ann@shop.test", 123456789);

    prepare("composite", "{ paths: { word: email } }");
    ck_assert(fixture.prepared->identifies);
    ck_assert_str_eq(identifying(&value), "ann@shop.test;");
}
END_TEST

/* ---- hstore */

static const char *const words[] = {"a", "ann@shop.test", "b", NULL, "7 7",
                                    "x", "8 8",           "y", "c",  ""};

START_TEST(a_value_goes_by_the_rule_of_its_key)
{
    fixture_init(&fixture, KIND_HSTORE, 1);
    struct value value = value_words(fixture.arena, words, 6);

    prepare("hstore", "{ paths: { a: email, b: email }, otherwise: scramble }");
    ck_assert_str_eq(identifying(&value), "ann@shop.test;");
    const struct value *pairs = parts_of(&value);
    ck_assert(span_equal(pairs[0].bytes, SPAN_LITERAL("a")));
    ck_assert_ptr_nonnull(memmem(pairs[1].bytes.ptr, pairs[1].bytes.len, ".example", 8));
    ck_assert(span_equal(pairs[2].bytes, SPAN_LITERAL("b")));
    ck_assert(pairs[3].is_null);
    ck_assert(!span_equal(pairs[4].bytes, SPAN_LITERAL("7 7")));
    ck_assert_uint_eq(pairs[4].bytes.len, 3);
}
END_TEST

START_TEST(a_key_with_a_path_and_keys_under_a_kept_rest_stay)
{
    fixture_init(&fixture, KIND_HSTORE, 1);
    struct value value = value_words(fixture.arena, words, 8);

    prepare("hstore", "{ paths: { \"7 7\": scramble } }");
    const struct value *pairs = parts_of(&value);
    ck_assert(span_equal(pairs[4].bytes, SPAN_LITERAL("7 7")) ||
              span_equal(pairs[6].bytes, SPAN_LITERAL("7 7")));
    value = value_words(fixture.arena, words, 8);
    prepare("hstore", "{ otherwise: { keep: \"no data\" } }");
    ck_assert(values_equal(KIND_HSTORE, &value, &(struct value){.parts = value.parts}));
    pairs = parts_of(&value);
    ck_assert(span_equal(pairs[6].bytes, SPAN_LITERAL("8 8")));
}
END_TEST

/* Ten keys of one digit become ten keys of one digit: some of them meet, all come apart again. */
START_TEST(keys_that_are_scrambled_to_one_come_apart_and_are_sorted)
{
    const char *digits[20];

    fixture_init(&fixture, KIND_HSTORE, 1);
    for (int i = 0; i < 10; i++) {
        digits[2 * i] = arena_printf(fixture.arena, "%d", i);
        digits[2 * i + 1] = "v";
    }
    struct value value = value_words(fixture.arena, digits, 12);

    prepare("hstore", NULL);
    const struct value *pairs = parts_of(&value);
    ck_assert_uint_eq(value.parts->count, 12);
    for (uint32_t i = 2; i < value.parts->count; i += 2)
        ck_assert_int_lt(pairs[i - 2].bytes.ptr[0], pairs[i].bytes.ptr[0]);
}
END_TEST

/* ---- arrays and ranges */

static struct type list, range, lists;

static void list_make(void)
{
    fixture_init(&fixture, KIND_INTEGER, 1);
    range = (struct type){.class = TYPE_RANGE, .element = &fixture.type, .step = RANGE_DISCRETE};
    list = (struct type){.class = TYPE_ARRAY, .kind = KIND_OTHER, .element = &range};
    lists = (struct type){.class = TYPE_ARRAY, .kind = KIND_OTHER, .element = &fixture.type};
}

static struct value range_of(int64_t lower, int64_t upper)
{
    struct parts *parts = ARENA_NEW(fixture.arena, struct parts);

    parts->count = 2;
    parts->flags = RANGE_LOWER_INCLUDED;
    parts->values = ARENA_ARRAY(fixture.arena, 2, struct value);
    parts->values[0].integer = lower;
    parts->values[1].integer = upper;
    return (struct value){.parts = parts};
}

static void apply_to(const struct type *type, struct value *value)
{
    struct transform_call call = {.type = type,
                                  .column = &fixture.column,
                                  .subjects = fixture.subjects,
                                  .identities = fixture.identities,
                                  .arena = fixture.arena,
                                  .scrambled = &fixture.scrambled,
                                  .unchanged = &fixture.unchanged};

    ck_assert(transform_apply(fixture.prepared, &call, value, 1, &fixture.err));
}

START_TEST(ranges_in_arrays_stay_ranges_under_a_rule_that_keeps_no_order)
{
    list_make();
    fixture.site.type = &list;
    prepare("redact", NULL);
    for (int64_t i = 1; i < 200; i++) {
        struct parts parts = {.count = 2};
        struct value items[2] = {range_of(i * 37, i * 41), {.is_null = true}};
        struct value value = {.parts = &parts};

        parts.values = items;
        apply_to(&list, &value);
        const struct parts *first = value.parts->values[0].parts;

        ck_assert(value.parts->values[1].is_null);
        ck_assert_int_lt(first->values[0].integer, first->values[1].integer);
        ck_assert_uint_eq(first->flags, RANGE_LOWER_INCLUDED);
        ck_assert_int_eq(items[0].parts->values[0].integer, i * 37);
    }
}
END_TEST

START_TEST(a_unique_range_is_refused)
{
    list_make();
    fixture.site.type = &range;
    fixture.site.is_unique = true;
    ck_assert(!fixture_prepare(&fixture, "redact", NULL));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    fixture.site.type = &lists;
    prepare("redact", NULL);
}
END_TEST

START_TEST(null_and_keep_take_an_array_as_a_whole)
{
    list_make();
    fixture.site.type = &lists;
    struct parts parts = {.count = 1};
    struct value items[1] = {{.integer = 5}}, value = {.parts = &parts};

    parts.values = items;
    prepare("keep", NULL);
    apply_to(&lists, &value);
    ck_assert_ptr_eq(value.parts, &parts);
    prepare("null", NULL);
    apply_to(&lists, &value);
    ck_assert(value.is_null);
}
END_TEST

/* ---- addresses */

START_TEST(all_strings_of_few_bits_change_places)
{
    const struct sipkey key = {1, 2};

    for (unsigned count = 0; count <= 10; count++) {
        bool is_seen[1024] = {false};

        for (unsigned value = 0; value < 1u << count; value++) {
            uint8_t bytes[2] = {(uint8_t)(value >> 8), (uint8_t)value};

            bits_permute(&key, 7, 16 - count, count, bytes);
            const unsigned out = (unsigned)bytes[0] << 8 | bytes[1];

            ck_assert_uint_lt(out, 1u << count);
            ck_assert(!is_seen[out]);
            is_seen[out] = true;
        }
    }
}
END_TEST

START_TEST(an_inet_goes_with_the_cidr_it_equals)
{
    const struct sipkey key = {3, 4};
    char host[] = "\2\30\12\1\2\5", network[] = "\2\30\12\1\2\0";

    ck_assert(inet_permute(&key, host));
    ck_assert(inet_permute(&key, network));
    ck_assert_mem_eq(host, network, 5);
    ck_assert_int_eq(network[5], 0);
    ck_assert_int_ne(host[5], 0);
}
END_TEST

START_TEST(a_macaddr8_goes_with_the_macaddr_it_equals)
{
    const struct sipkey key = {3, 4};
    char narrow[] = "\10\0\53\1\2\3", wide[] = "\10\0\53\xff\xfe\1\2\3", again[8];

    mac_permute(&key, narrow, 6);
    mac_permute(&key, wide, 8);
    mac_widen(span_make(narrow, 6), again);
    ck_assert_mem_eq(wide, again, 8);
}
END_TEST

START_TEST(a_key_under_a_collation_of_its_own_is_refused_by_every_rule)
{
    static const char *const rules[] = {"email", "phone", "permute", "redact", "scramble"};

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture.column.is_nondeterministic = true;
    fixture.site.is_key = true;
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        ck_assert_msg(!fixture_prepare(&fixture, rules[i], NULL), "%s", rules[i]);
        ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
        ck_assert_ptr_nonnull(strstr(fixture.err.cause, "collation"));
    }
    prepare("keep", NULL);
}
END_TEST

Suite *suite_transform_parts(void);

Suite *suite_transform_parts(void)
{
    Suite *suite = suite_create("transform/parts");
    TCase *cases = tcase_create("parts"), *plain = tcase_create("addresses");

    tcase_add_checked_fixture(cases, NULL, fixture_drop);
    tcase_add_test(cases, a_field_goes_by_the_rule_of_its_path_and_the_rest_by_otherwise);
    tcase_add_test(cases, what_is_given_to_a_rule_stays_as_it_was);
    tcase_add_test(cases, a_field_that_otherwise_does_not_take_is_redacted);
    tcase_add_test(cases, a_path_without_a_field_is_refused);
    tcase_add_test(cases, a_path_below_a_field_without_fields_is_refused);
    tcase_add_test(cases, redact_redacts_each_field);
    tcase_add_test(cases, identifying_texts_are_found_in_fields);
    tcase_add_test(cases, a_value_goes_by_the_rule_of_its_key);
    tcase_add_test(cases, a_key_with_a_path_and_keys_under_a_kept_rest_stay);
    tcase_add_test(cases, keys_that_are_scrambled_to_one_come_apart_and_are_sorted);
    tcase_add_test(cases, ranges_in_arrays_stay_ranges_under_a_rule_that_keeps_no_order);
    tcase_add_test(cases, a_unique_range_is_refused);
    tcase_add_test(cases, null_and_keep_take_an_array_as_a_whole);
    tcase_add_test(cases, a_key_under_a_collation_of_its_own_is_refused_by_every_rule);
    tcase_add_test(plain, all_strings_of_few_bits_change_places);
    tcase_add_test(plain, an_inet_goes_with_the_cidr_it_equals);
    tcase_add_test(plain, a_macaddr8_goes_with_the_macaddr_it_equals);
    suite_add_tcase(suite, cases);
    suite_add_tcase(suite, plain);
    return suite;
}
