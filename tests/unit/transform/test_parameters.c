#include "fixture.h"

#include <check.h>
#include <string.h>

/* Parameters that would be read and then do nothing, and where they stand. */
static const struct {
    const char *rule, *params, *place;
    enum kind kind;
} idle[] = {
    {"permute", "{ prefix: cus_ }", "test.yaml:1:11", KIND_INTEGER},
    {"permute", "{ prefix: cus_ }", "test.yaml:1:11", KIND_UUID},
    {"permute", "{ range: [1, 9] }", "test.yaml:1:10", KIND_TEXT},
    {"permute", "{ sentinels: [7] }", "test.yaml:1:14", KIND_UUID},
    {"permute", "{ keep_version: true }", "test.yaml:1:17", KIND_DECIMAL},
    {"perturb", "{ mode: decade, sigma: 1 }", "test.yaml:1:24", KIND_DECIMAL},
    {"perturb", "{ side: a }", "test.yaml:1:9", KIND_DECIMAL},
    {"shift", "{ unique: true, scales: [1d] }", "test.yaml:1:25", KIND_DATE},
    {"text", "{ known: [a] }", "test.yaml:1:10", KIND_TEXT},
    {"truncate", "{ length: 3 }", "test.yaml:1:11", KIND_INTEGER},
    {"json", "{ paths: { $.a: { rule: phone, when: x } } }", "test.yaml:1:38", KIND_JSON},
    {"hstore", "{ paths: { a: { rule: phone, with: x } } }", "test.yaml:1:36", KIND_HSTORE},
    {"pattern", "{ match: '(?<g>x)', groups: { g: { rule: phone, when: x } } }", "test.yaml:1:55",
     KIND_TEXT},
};

START_TEST(a_parameter_without_effect_is_an_error_with_its_place)
{
    struct fixture fixture;

    fixture_init(&fixture, idle[_i].kind, 1);
    ck_assert(!fixture_prepare(&fixture, idle[_i].rule, idle[_i].params));
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    ck_assert_msg(strstr(fixture.err.context, idle[_i].place) != NULL, "%s: %s: %s",
                  idle[_i].params, fixture.err.context, fixture.err.cause);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_time_that_moves_with_another_is_not_one_to_one)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_INSTANT, 1);
    fixture.site.with = "a";
    ck_assert(!fixture_prepare(&fixture, "shift", "{ with: a, unique: true }"));
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    ck_assert_ptr_nonnull(strstr(fixture.err.context, "test.yaml:1:20"));
    fixture_release(&fixture);
}
END_TEST

/* What a rule asks for before it reads the parameter at hand. */
static const char *beside(const char *rule, const char *name)
{
    if (strcmp(rule, "national_id") == 0 && strcmp(name, "kind") != 0)
        return ", kind: us_ssn";
    if (strcmp(rule, "pattern") == 0)
        return strcmp(name, "match") == 0 ? ", groups: { g: scramble }" : ", match: '(?<g>x)'";
    if (strcmp(rule, "template") == 0 && strcmp(name, "text") != 0)
        return ", text: x";
    if (strcmp(rule, "geo") == 0 && strcmp(name, "radius") == 0)
        return ", lon: a";
    return "";
}

/* No parameter of any rule takes lists in lists, or a mapping of them. */
START_TEST(what_no_parameter_can_be_has_its_place)
{
    static const char *const shapes[] = {"[[[1]]]", "{ a: [[1]] }"};
    size_t count;
    const struct transform *transform = transform_rows(&count)[_i];

    for (size_t i = 0; i < transform->param_count * COUNT_OF(shapes) * KIND_COUNT; i++) {
        const enum kind kind = (enum kind)(i % KIND_COUNT);
        const char *shape = shapes[i / KIND_COUNT % COUNT_OF(shapes)];
        const char *name = transform->params[i / KIND_COUNT / COUNT_OF(shapes)].name;
        struct fixture fixture;

        /* The profile reads `with` and the reason of `keep`. */
        if (!(transform->accepts & KIND_BIT(kind)) || strcmp(name, "with") == 0 ||
            strcmp(transform->name, "keep") == 0)
            continue;
        fixture_init(&fixture, kind, 1);
        fixture.site.accept_risk = "a test";

        const char *params =
            arena_printf(fixture.arena, "{ %s: %s%s }", name, shape, beside(transform->name, name));

        ck_assert_msg(!fixture_prepare(&fixture, transform->name, params), "%s %s on %s",
                      transform->name, params, kind_word(kind));
        ck_assert_msg(strstr(fixture.err.context, "test.yaml:1:") != NULL, "%s %s on %s: %s",
                      transform->name, params, kind_word(kind), fixture.err.cause);
        ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
        fixture_release(&fixture);
    }
}
END_TEST

enum {
    RULES = 0
#define TRANSFORM(name) +1
#include "transform/transforms.def"
#undef TRANSFORM
};

Suite *suite_transform_parameters(void);
Suite *suite_transform_parameters(void)
{
    Suite *suite = suite_create("transform/parameters");
    TCase *tcase = tcase_create("parameters");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_parameter_without_effect_is_an_error_with_its_place, 0,
                        COUNT_OF(idle));
    tcase_add_test(tcase, a_time_that_moves_with_another_is_not_one_to_one);
    tcase_add_loop_test(tcase, what_no_parameter_can_be_has_its_place, 0, RULES);
    suite_add_tcase(suite, tcase);
    return suite;
}
