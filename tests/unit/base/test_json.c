/* JSON texts, and what must not become one. */
#include "base/json.h"
#include <check.h>
#include <math.h>

static struct json *json;
static struct buf out;

static void setup(void)
{
    json = json_new(false);
    ck_assert_ptr_nonnull(json);
    buf_init(&out, 1 << 20);
}

static void teardown(void)
{
    json_free(json);
    buf_release(&out);
}

START_TEST(keys_and_values_stand_in_call_order)
{
    json_object(json);
    json_key_text(json, "text", "a \"b\" \n");
    json_key_integer(json, "integer", INT64_MIN);
    json_key_real(json, "real", 0.125, 2);
    json_key_bool(json, "bool", true);
    json_key(json, "array");
    json_array(json);
    json_null(json);
    json_format(json, "%d of %d", 1, 2);
    json_array_end(json);
    json_object_end(json);
    ck_assert(json_finish(json, &out));
    ck_assert_str_eq(buf_text(&out),
                     "{\"text\":\"a \\\"b\\\" \\n\",\"integer\":-9223372036854775808,"
                     "\"real\":0.12,\"bool\":true,\"array\":[null,\"1 of 2\"]}");
}
END_TEST

START_TEST(invalid_text_is_escaped_and_null_text_is_null)
{
    json_array(json);
    json_text(json, "caf\xe9 \xc3\xa9");
    json_text(json, NULL);
    json_array_end(json);
    ck_assert(json_finish(json, &out));
    ck_assert_str_eq(buf_text(&out), "[\"caf\\\\xe9 \xc3\xa9\",null]");
}
END_TEST

START_TEST(what_is_not_finite_is_null)
{
    json_array(json);
    json_real(json, NAN, 2);
    json_real(json, INFINITY, 2);
    json_real(json, -1.0, 0);
    json_array_end(json);
    ck_assert(json_finish(json, &out));
    ck_assert_str_eq(buf_text(&out), "[null,null,-1]");
}
END_TEST

START_TEST(a_value_where_a_key_belongs_is_a_mistake)
{
    json_object(json);
    json_integer(json, 1);
    json_object_end(json);
    ck_assert(!json_finish(json, &out));
}
END_TEST

START_TEST(a_key_without_a_value_is_a_mistake)
{
    json_object(json);
    json_key(json, "a");
    json_object_end(json);
    ck_assert(!json_finish(json, &out));
}
END_TEST

START_TEST(a_key_in_an_array_is_a_mistake)
{
    json_array(json);
    json_key(json, "a");
    json_array_end(json);
    ck_assert(!json_finish(json, &out));
}
END_TEST

START_TEST(an_end_that_fits_no_beginning_is_a_mistake)
{
    json_array(json);
    json_object_end(json);
    ck_assert(!json_finish(json, &out));
}
END_TEST

START_TEST(an_unfinished_text_is_not_given_out)
{
    ck_assert(!json_finish(json, &out));
    json_array(json);
    ck_assert(!json_finish(json, &out));
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

START_TEST(a_second_value_at_the_top_is_a_mistake)
{
    json_integer(json, 1);
    json_integer(json, 2);
    ck_assert(!json_finish(json, &out));
}
END_TEST

START_TEST(too_deep_is_a_mistake_and_not_a_crash)
{
    for (int i = 0; i < 300; i++)
        json_array(json);
    for (int i = 0; i < 300; i++)
        json_array_end(json);
    ck_assert(!json_finish(json, &out));
}
END_TEST

START_TEST(a_pretty_text_has_lines)
{
    struct json *pretty = json_new(true);

    json_object(pretty);
    json_key_integer(pretty, "a", 1);
    json_object_end(pretty);
    ck_assert(json_finish(pretty, &out));
    ck_assert_str_eq(buf_text(&out), "{\n  \"a\": 1\n}\n");
    json_free(pretty);
}
END_TEST

Suite *suite_base_json(void);
Suite *suite_base_json(void)
{
    Suite *suite = suite_create("base/json");
    TCase *tests = tcase_create("json");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, keys_and_values_stand_in_call_order);
    tcase_add_test(tests, invalid_text_is_escaped_and_null_text_is_null);
    tcase_add_test(tests, what_is_not_finite_is_null);
    tcase_add_test(tests, a_value_where_a_key_belongs_is_a_mistake);
    tcase_add_test(tests, a_key_without_a_value_is_a_mistake);
    tcase_add_test(tests, a_key_in_an_array_is_a_mistake);
    tcase_add_test(tests, an_end_that_fits_no_beginning_is_a_mistake);
    tcase_add_test(tests, an_unfinished_text_is_not_given_out);
    tcase_add_test(tests, a_second_value_at_the_top_is_a_mistake);
    tcase_add_test(tests, too_deep_is_a_mistake_and_not_a_crash);
    tcase_add_test(tests, a_pretty_text_has_lines);
    suite_add_tcase(suite, tests);
    return suite;
}
