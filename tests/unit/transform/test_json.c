#include "fixture.h"

#include <check.h>
#include <string.h>
#include <strings.h>

static const char *rewrite(struct fixture *fixture, const char *params, const char *text)
{
    ck_assert_msg(fixture_prepare(fixture, "json", params), "%s: %s", fixture->err.context,
                  fixture->err.cause);
    return fixture_text(fixture, text);
}

START_TEST(kept_documents_come_out_as_they_went_in)
{
    static const char *const same[] = {
        "{\"b\":1,\"a\":2,\"b\":3}",
        "[123456789012345678901234567890.10,1e400,-0,0.50]",
        "{\"odd key!\":{\"x\":null}}",
        "\"lone\"",
        "[\"\\u0000\",\"\\\"\",\"\\\\\",\"ü\"]",
    };
    struct fixture fixture;

    fixture_init(&fixture, KIND_JSON, 1);
    for (size_t i = 0; i < COUNT_OF(same); i++)
        ck_assert_str_eq(rewrite(&fixture, "{ paths: { $: { keep: why } } }", same[i]), same[i]);
    ck_assert_uint_eq(fixture.scrambled, 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(what_no_path_names_is_redacted)
{
    struct fixture fixture;
    const char *out;

    fixture_init(&fixture, KIND_JSON, 1);
    out = rewrite(
        &fixture, "{ paths: { \"$.a.b[*].c\": keep, $.n: keep } }",
        "{\"a\":{\"b\":[{\"c\":\"stays\",\"d\":\"leaks\"},{\"c\":7}]},\"n\":null,\"z\":12345}");
    ck_assert_ptr_nonnull(strstr(out, "{\"a\":{\"b\":[{\"c\":\"stays\",\"d\":\""));
    ck_assert_ptr_nonnull(strstr(out, "{\"c\":7}]},\"n\":null,\"z\":"));
    ck_assert_ptr_null(strstr(out, "leaks"));
    ck_assert_ptr_null(strstr(out, "12345"));
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_path_covers_what_lies_below_it_until_a_deeper_one)
{
    struct fixture fixture;
    const char *out;

    fixture_init(&fixture, KIND_JSON, 1);
    out = rewrite(&fixture, "{ paths: { $.a: keep, $.a.secret: { rule: constant, value: x } } }",
                  "{\"a\":{\"open\":[1,2],\"secret\":\"s\"}}");
    ck_assert_str_eq(out, "{\"a\":{\"open\":[1,2],\"secret\":\"x\"}}");
    fixture_release(&fixture);
}
END_TEST

/* Under the key's own column they become one value, so they must in a document. */
START_TEST(references_equal_ignoring_case_stay_equal)
{
    static const struct type key_type = {
        .schema = "", .name = "varchar", .kind = KIND_TEXT, .is_case_insensitive = true};
    static const struct table parent = {.schema = "s", .name = "parent", .label = "s.parent"};
    static const struct column key = {
        .name = "code", .table = &parent, .type = &key_type, .modifier = -1};
    struct fixture fixture, direct;
    struct value value = value_text("key7");

    fixture_init(&direct, KIND_TEXT, 1);
    direct.type.is_case_insensitive = true;
    direct.site.domain = "parent";
    direct.site.is_key = true;
    ck_assert(fixture_prepare(&direct, "permute", NULL));
    fixture_apply(&direct, &value, 1);
    fixture_init(&fixture, KIND_JSON, 1);
    const struct transform_reference reference = {
        .path = "$.ref", .rule = "permute", .domain = "parent", .column = &key};
    fixture.site.references = &reference;
    fixture.site.reference_count = 1;
    const char *low = rewrite(&fixture, NULL, "{\"ref\":\"key7\"}");
    ck_assert_str_eq(low, arena_printf(fixture.arena, "{\"ref\":\"%.*s\"}", (int)value.bytes.len,
                                       value.bytes.ptr));
    const char *high = rewrite(&fixture, NULL, "{\"ref\":\"KEY7\"}");
    ck_assert_msg(strcasecmp(low, high) == 0, "%s and %s", low, high);
    fixture_release(&fixture);
    fixture_release(&direct);
}
END_TEST

START_TEST(keys_that_are_data_are_scrambled)
{
    struct fixture fixture;
    const char *out;

    fixture_init(&fixture, KIND_JSON, 1);
    out = rewrite(&fixture, NULL, "{\"bob@corp.de\":1,\"field_name\":2}");
    ck_assert_ptr_null(strstr(out, "bob"));
    ck_assert_ptr_nonnull(strchr(out, '@'));
    ck_assert_ptr_nonnull(strstr(out, "\"field_name\":"));
    fixture_release(&fixture);
}
END_TEST

START_TEST(distinct_keys_stay_distinct_and_equal_ones_equal)
{
    struct fixture fixture;
    const char *out;
    bool seen[10] = {false};

    fixture_init(&fixture, KIND_JSON, 1);
    out = rewrite(&fixture, "{ otherwise: { keep: why } , paths: { $.m: redact } }",
                  "{\"m\":{\"0\":1,\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":1,\"6\":1,\"7\":1,"
                  "\"8\":1,\"9\":1}}");
    for (const char *at = out; (at = strstr(at, "\":")) != NULL; at++) {
        if (at[-1] < '0' || at[-1] > '9')
            continue;
        ck_assert_msg(!seen[at[-1] - '0'], "%s", out);
        seen[at[-1] - '0'] = true;
    }
    out = rewrite(&fixture, NULL, "{\"a b\":1,\"c d\":2,\"a b\":3}");
    ck_assert_ptr_ne(strstr(strstr(out, " ") + 1, arena_strndup(fixture.arena, out + 1, 5)), NULL);
    fixture_release(&fixture);
}
END_TEST

START_TEST(rules_nest_and_the_deepest_path_wins)
{
    struct fixture fixture;
    const char *out;

    fixture_init(&fixture, KIND_JSON, 1);
    out = rewrite(
        &fixture,
        "{ otherwise: { keep: why }, paths: { $.inner: { rule: json, otherwise: { keep: "
        "why }, paths: { $.name: { rule: constant, value: X } } }, \"$.list[*].pin\": { rule: "
        "constant, value: Y } } }",
        "{\"inner\":\"{\\\"name\\\":\\\"Bob\\\",\\\"n\\\":1}\",\"list\":[{\"pin\":"
        "\"77\"},{\"pin\":null}]}");
    ck_assert_str_eq(out, "{\"inner\":\"{\\\"name\\\":\\\"X\\\",\\\"n\\\":1}\",\"list\":[{"
                          "\"pin\":\"Y\"},{\"pin\":null}]}");
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_misspelt_parameter_has_its_place)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_JSON, 1);
    ck_assert(!fixture_prepare(&fixture, "json", "{ path: { $.a: keep } }"));
    ck_assert_ptr_nonnull(strstr(fixture.err.context, "test.yaml:1:3"));
    ck_assert(!fixture_prepare(&fixture, "json", "{ paths: [$.a] }"));
    ck_assert_ptr_nonnull(strstr(fixture.err.context, "test.yaml:1:"));
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_semantic_rule_maps_as_in_a_column_of_its_own)
{
    struct fixture json, text;
    const char *out, *want;

    fixture_init(&json, KIND_JSON, 1);
    fixture_init(&text, KIND_TEXT, 1);
    text.site.domain = "email";
    ck_assert(fixture_prepare(&text, "email", NULL));
    want = arena_printf(text.arena, "{\"e\":\"%s\"}", fixture_text(&text, "bob@x.com"));
    out = rewrite(&json, "{ paths: { $.e: email } }", "{\"e\":\"bob@x.com\"}");
    ck_assert_str_eq(out, want);
    fixture_release(&json);
    fixture_release(&text);
}
END_TEST

START_TEST(an_id_in_a_document_maps_as_its_column_does)
{
    struct fixture json, id;
    const char *want;

    fixture_init(&json, KIND_JSON, 1);
    fixture_init(&id, KIND_INTEGER, 1);
    id.site.domain = "public.customers.id";
    ck_assert(fixture_prepare(&id, "permute", NULL));
    want = arena_printf(id.arena, "{\"id\":%lld}", (long long)fixture_integer(&id, 4711));
    ck_assert_str_eq(rewrite(&json,
                             "{ paths: { $.id: { rule: permute, domain: public.customers.id } } }",
                             "{\"id\":4711}"),
                     want);
    fixture_release(&json);
    fixture_release(&id);
}
END_TEST

START_TEST(a_kind_that_the_rule_does_not_take_is_redacted_and_counted)
{
    struct fixture fixture;
    const char *out;

    fixture_init(&fixture, KIND_JSON, 1);
    out = rewrite(&fixture, "{ paths: { $.e: email } }", "{\"e\":4711}");
    ck_assert_ptr_null(strstr(out, "4711"));
    ck_assert_uint_eq(fixture.scrambled, 1);
    out = rewrite(&fixture, "{ otherwise: email }", "{\"e\":4711,\"b\":\"x@y.de\"}");
    ck_assert_ptr_null(strstr(out, "4711"));
    ck_assert_ptr_nonnull(strstr(out, "@mail.example"));
    fixture_release(&fixture);
}
END_TEST

START_TEST(text_that_is_no_json_is_scrambled_and_counted)
{
    struct fixture fixture;
    const char *out;

    fixture_init(&fixture, KIND_TEXT, 1);
    out = rewrite(&fixture, "{ paths: { $.a: keep } }", "{\"a\": secret");
    ck_assert_uint_eq(strlen(out), strlen("{\"a\": secret"));
    ck_assert_ptr_null(strstr(out, "secret"));
    ck_assert_uint_eq(fixture.scrambled, 1);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_document_deeper_than_64_becomes_a_stand_in)
{
    struct fixture fixture;
    char deep[400];
    const char *out;

    memset(deep, '[', 150);
    memcpy(deep + 150, "\"secret\"", 8);
    memset(deep + 158, ']', 150);
    deep[308] = '\0';
    fixture_init(&fixture, KIND_JSON, 1);
    out = rewrite(&fixture, "{ paths: { $: keep } }", deep);
    ck_assert_ptr_null(strstr(out, "secret"));
    ck_assert_int_eq(out[0], '[');
    ck_assert_uint_eq(fixture.scrambled, 1);
    fixture_release(&fixture);
}
END_TEST

START_TEST(documents_of_a_batch_do_not_mix)
{
    struct fixture fixture;
    struct value values[4] = {value_text("{\"a\":\"one\",\"b\":true}"),
                              value_text("{\"a\":\"x"),
                              {.is_null = true},
                              value_text("{\"a\":\"one\",\"b\":[1]}")};
    struct value alone = value_text("{\"a\":\"one\",\"b\":[1]}");

    fixture_init(&fixture, KIND_JSON, 1);
    ck_assert(fixture_prepare(&fixture, "json", NULL));
    fixture_apply(&fixture, values, 4);
    fixture.identities[0] = fixture.identities[3];
    fixture_apply(&fixture, &alone, 1);
    ck_assert(values_equal(KIND_JSON, &values[3], &alone));
    ck_assert(values[2].is_null);
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_json(void);
Suite *suite_transform_json(void)
{
    Suite *suite = suite_create("transform/json");
    TCase *tcase = tcase_create("json");

    tcase_add_test(tcase, kept_documents_come_out_as_they_went_in);
    tcase_add_test(tcase, what_no_path_names_is_redacted);
    tcase_add_test(tcase, references_equal_ignoring_case_stay_equal);
    tcase_add_test(tcase, a_path_covers_what_lies_below_it_until_a_deeper_one);
    tcase_add_test(tcase, keys_that_are_data_are_scrambled);
    tcase_add_test(tcase, distinct_keys_stay_distinct_and_equal_ones_equal);
    tcase_add_test(tcase, rules_nest_and_the_deepest_path_wins);
    tcase_add_test(tcase, a_misspelt_parameter_has_its_place);
    tcase_add_test(tcase, a_semantic_rule_maps_as_in_a_column_of_its_own);
    tcase_add_test(tcase, an_id_in_a_document_maps_as_its_column_does);
    tcase_add_test(tcase, a_kind_that_the_rule_does_not_take_is_redacted_and_counted);
    tcase_add_test(tcase, text_that_is_no_json_is_scrambled_and_counted);
    tcase_add_test(tcase, a_document_deeper_than_64_becomes_a_stand_in);
    tcase_add_test(tcase, documents_of_a_batch_do_not_mix);
    suite_add_tcase(suite, tcase);
    return suite;
}
