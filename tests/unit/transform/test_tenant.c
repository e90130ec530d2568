#include "fixture.h"

#include <check.h>
#include <string.h>

enum { ROWS = 1000 };

/* Ids 1 to ROWS of tenants a[i]; the same ids in every tenant. */
static void ids_rewrite(struct fixture *fixture, const char *params, struct value *tenants,
                        struct value *values)
{
    ck_assert_msg(fixture_prepare(fixture, "permute", params), "%s", fixture->err.cause);
    fixture->companions[0] = fixture->companion_inputs[0] = tenants;
    for (uint32_t i = 0; i < ROWS; i++)
        values[i] = value_integer(1 + i / 2);
    fixture_apply(fixture, values, ROWS);
}

START_TEST(mappings_of_tenants_differ_and_each_is_one_to_one)
{
    static struct value tenants[ROWS], values[ROWS];
    static bool seen[2][16384];
    struct fixture fixture;
    uint32_t equal = 0;

    fixture_init(&fixture, KIND_INTEGER, 1);
    for (uint32_t i = 0; i < ROWS; i++)
        tenants[i] = value_integer(i % 2 ? 7 : 8);
    ids_rewrite(&fixture, "{ tenant: a }", tenants, values);
    for (uint32_t i = 0; i < ROWS; i++) {
        ck_assert_int_gt(values[i].integer, 0);
        ck_assert_int_lt(values[i].integer, 16384);
        ck_assert(!seen[i % 2][values[i].integer]);
        seen[i % 2][values[i].integer] = true;
        equal += i % 2 && values[i].integer == values[i - 1].integer;
    }
    ck_assert_uint_lt(equal, 10);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_tenant_maps_alike_alone_and_among_others)
{
    static struct value tenants[ROWS], values[ROWS];
    struct fixture fixture;
    int64_t alone;

    fixture_init(&fixture, KIND_INTEGER, 1);
    for (uint32_t i = 0; i < ROWS; i++)
        tenants[i] = value_integer(i / 2);
    tenants[501] = (struct value){.is_null = true};
    ids_rewrite(&fixture, "{ tenant: a }", tenants, values);
    for (uint32_t i = 499; i < 503; i++) {
        fixture.companion_inputs[0] = &tenants[i];
        alone = fixture_integer(&fixture, 1 + i / 2);
        ck_assert_int_eq(alone, values[i].integer);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(the_tenants_column_counts_by_value_and_not_by_name)
{
    struct fixture fixture;
    struct value tenant = value_integer(5), other = value_integer(6);
    int64_t by_a, by_b;

    fixture_init(&fixture, KIND_INTEGER, 1);
    fixture.companion_inputs[0] = fixture.companion_inputs[1] = &tenant;
    fixture.companions[0] = fixture.companions[1] = &other;
    ck_assert(fixture_prepare(&fixture, "permute", "{ tenant: a }"));
    by_a = fixture_integer(&fixture, 12);
    ck_assert(fixture_prepare(&fixture, "permute", "{ tenant: b }"));
    by_b = fixture_integer(&fixture, 12);
    ck_assert_int_eq(by_a, by_b);
    fixture.companion_inputs[1] = &other;
    ck_assert_int_ne(by_a, fixture_integer(&fixture, 12));
    fixture_release(&fixture);
}
END_TEST

START_TEST(texts_and_redacted_numbers_differ_too)
{
    static const struct {
        const char *rule;
        enum kind kind;
    } cases[] = {{"email", KIND_TEXT}, {"scramble", KIND_TEXT}, {"redact", KIND_INTEGER},
                 {"phone", KIND_TEXT}, {"permute", KIND_TEXT},  {"redact", KIND_TEXT}};

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture;
        struct value tenants[2] = {value_text("one"), value_text("two")}, values[2];

        fixture_init(&fixture, cases[i].kind, 1);
        fixture.other_type.kind = KIND_TEXT;
        fixture.companions[0] = fixture.companion_inputs[0] = tenants;
        ck_assert_msg(fixture_prepare(&fixture, cases[i].rule, "{ tenant: a }"), "%s",
                      fixture.err.cause);
        for (int k = 0; k < 2; k++)
            values[k] = cases[i].kind == KIND_TEXT ? value_text("+49 170 1234567 x@y.example")
                                                   : value_integer(123456789);
        fixture_apply(&fixture, values, 2);
        ck_assert_msg(!values_equal(cases[i].kind, &values[0], &values[1]), "%s", cases[i].rule);
        fixture_release(&fixture);
    }
}
END_TEST

struct bad_tenant {
    const char *rule, *params;
    bool is_unique, is_nested;
    enum status status;
    const char *says;
};

static const struct bad_tenant bad[] = {
    {"permute", "{ tenant: nope }", false, false, STATUS_POLICY, "no column 'nope'"},
    {"permute", "{ tenant: c }", false, false, STATUS_PROFILE, "its own tenant"},
    {"permute", "{ tenant: a }", true, false, STATUS_POLICY, "unique by itself"},
    {"permute", "{ tenant: a }", false, true, STATUS_POLICY, "part of a value"},
    {"permute", "{ tenant: [a] }", false, false, STATUS_PROFILE, NULL},
    {"keep", "{ tenant: a }", false, false, STATUS_PROFILE, "knows no 'tenant'"},
    {"bucket", "{ width: 5, tenant: a }", false, false, STATUS_PROFILE, "knows no 'tenant'"},
};

START_TEST(a_tenant_that_cannot_be_is_refused_with_its_place)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_INTEGER, 1);
    fixture.site.is_unique = bad[_i].is_unique;
    if (bad[_i].is_nested)
        fixture.site.find_companion = NULL;
    ck_assert(!fixture_prepare(&fixture, bad[_i].rule, bad[_i].params));
    ck_assert_int_eq(fixture.err.status, bad[_i].status);
    if (bad[_i].says)
        ck_assert_msg(strstr(fixture.err.cause, bad[_i].says) != NULL, "%s", fixture.err.cause);
    ck_assert_ptr_nonnull(strstr(fixture.err.context, "test.yaml:1:"));
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_tenant(void);
Suite *suite_transform_tenant(void)
{
    Suite *suite = suite_create("transform/tenant");
    TCase *tcase = tcase_create("tenant");

    tcase_add_test(tcase, mappings_of_tenants_differ_and_each_is_one_to_one);
    tcase_add_test(tcase, a_tenant_maps_alike_alone_and_among_others);
    tcase_add_test(tcase, the_tenants_column_counts_by_value_and_not_by_name);
    tcase_add_test(tcase, texts_and_redacted_numbers_differ_too);
    tcase_add_loop_test(tcase, a_tenant_that_cannot_be_is_refused_with_its_place, 0, COUNT_OF(bad));
    suite_add_tcase(suite, tcase);
    return suite;
}
