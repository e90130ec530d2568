#include "fixture.h"

#include "transform/pattern_scan.h"
#include <check.h>
#include <stdio.h>
#include <string.h>

/* What "t.id" and "t.key" stand for. */
static struct type id_type = {
    .schema = "pg_catalog", .name = "int4", .kind = KIND_INTEGER, .width = 4};
static struct column id_column = {.name = "id", .type = &id_type, .modifier = -1};
static struct type key_type = {.schema = "pg_catalog", .name = "uuid", .kind = KIND_UUID};
static struct column key_column = {.name = "key", .type = &key_type, .modifier = -1};
static struct type day_type = {.schema = "pg_catalog", .name = "date", .kind = KIND_DATE};
static struct column day_column = {.name = "day", .type = &day_type, .modifier = -1};

static bool find_like(const struct transform_site *site, const struct yaml_node *node,
                      struct transform_reference *reference, struct error *err)
{
    UNUSED(site);
    if (strcmp(node->text, "t.day") == 0)
        *reference = (struct transform_reference){.rule = "shift", .column = &day_column};
    else if (strcmp(node->text, "t.id") == 0)
        *reference = (struct transform_reference){.rule = "permute", .column = &id_column};
    else if (strcmp(node->text, "t.key") == 0)
        *reference = (struct transform_reference){.rule = "permute", .column = &key_column};
    else
        return yaml_error(node, err, "there is no such column");
    reference->domain = node->text;
    return true;
}

static void pattern_init(struct fixture *fixture)
{
    fixture_init(fixture, KIND_TEXT, 1);
    fixture->site.find_like = find_like;
}

static void prepare(struct fixture *fixture, const char *params)
{
    ck_assert_msg(fixture_prepare(fixture, "pattern", params), "%s: %s", fixture->err.context,
                  fixture->err.cause);
}

/* What the column "t.id" becomes. */
static long long id_of(int64_t id)
{
    struct fixture fixture;
    int64_t out;

    fixture_init(&fixture, KIND_INTEGER, 1);
    fixture.site.domain = "t.id";
    ck_assert(fixture_prepare(&fixture, "permute", NULL));
    out = fixture_integer(&fixture, id);
    fixture_release(&fixture);
    return out;
}

#define PATH "{ match: 'tenant-(?<t>\\d+)/(?<f>.+)', groups: { t: { like: t.id }, f: scramble } }"

START_TEST(an_id_inside_a_text_maps_as_its_column_does)
{
    struct fixture fixture;
    char want[60];
    const char *out;

    pattern_init(&fixture);
    prepare(&fixture, PATH);
    out = fixture_text(&fixture, "tenant-4711/report.pdf");
    (void)snprintf(want, sizeof(want), "tenant-%lld/", id_of(4711));
    ck_assert_msg(strncmp(out, want, strlen(want)) == 0, "%s, not %s", out, want);
    ck_assert_ptr_null(strstr(out, "report"));
    ck_assert_uint_eq(fixture.scrambled, 0);
    (void)snprintf(want, sizeof(want), "tenant-%08lld/", id_of(12));
    out = fixture_text(&fixture, "tenant-00000012/x");
    ck_assert_msg(strncmp(out, want, strlen(want)) == 0, "%s, not %s", out, want);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_uuid_keeps_the_case_it_was_written_in)
{
    struct fixture fixture;
    char low[60], high[60];

    pattern_init(&fixture);
    prepare(&fixture, "{ match: '(?<k>.+)', groups: { k: { like: t.key } } }");
    (void)snprintf(low, sizeof(low), "%s",
                   fixture_text(&fixture, "a2345678-9abc-4def-8123-456789abcdef"));
    (void)snprintf(high, sizeof(high), "%s",
                   fixture_text(&fixture, "A2345678-9ABC-4DEF-8123-456789ABCDEF"));
    ck_assert_str_ne(low, high);
    ck_assert_int_eq(strcasecmp(low, high), 0);
    ck_assert_uint_eq(fixture.scrambled, 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(what_does_not_match_is_scrambled_and_counted)
{
    struct fixture fixture;
    const char *out;

    pattern_init(&fixture);
    prepare(&fixture, PATH);
    out = fixture_text(&fixture, "owner Anna Smith");
    ck_assert_ptr_null(strstr(out, "Anna"));
    ck_assert_uint_eq(fixture.scrambled, 1);
    out = fixture_text(&fixture, "tenant-5/a\nsecond line");
    ck_assert_ptr_null(strstr(out, "second"));
    ck_assert_uint_eq(fixture.scrambled, 2);
    out = fixture_text(&fixture, "tenant-99999999999999999999/x");
    ck_assert_ptr_null(strstr(out, "99999"));
    ck_assert_uint_eq(fixture.scrambled, 3);
    out = fixture_text(&fixture, "tenant-5/\xff\xfe");
    ck_assert_ptr_null(strstr(out, "tenant"));
    ck_assert_uint_eq(fixture.scrambled, 4);
    fixture_release(&fixture);
}
END_TEST

START_TEST(what_would_outgrow_the_column_is_scrambled)
{
    struct fixture fixture;

    pattern_init(&fixture);
    fixture.column.max_length = 8;
    prepare(&fixture, "{ match: 'user-(?<t>\\d+)', groups: { t: { like: t.id } } }");
    for (int id = 1; id < 200; id++) {
        const char *out = fixture_text(&fixture, arena_printf(fixture.arena, "user-%d", id));

        ck_assert_uint_le(strlen(out), 8);
    }
    ck_assert_uint_gt(fixture.scrambled, 10);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_hostile_expression_ends)
{
    struct fixture fixture;
    char *text;

    pattern_init(&fixture);
    prepare(&fixture, "{ match: '(?<x>(a+)+(a+)+(a+)+b)', groups: { x: scramble } }");
    text = arena_alloc(fixture.arena, 20001);
    memset(text, 'a', 20000);
    ck_assert_uint_eq(strlen(fixture_text(&fixture, text)), 20000);
    ck_assert_uint_eq(fixture.scrambled, 1);
    fixture_release(&fixture);
}
END_TEST

struct visited {
    char text[200];
};

static bool visit(void *context, struct span text, struct error *err)
{
    struct visited *visited = context;
    size_t used = strlen(visited->text);

    UNUSED(err);
    (void)snprintf(visited->text + used, sizeof(visited->text) - used, "[%.*s]", (int)text.len,
                   text.ptr);
    return true;
}

START_TEST(groups_that_identify_are_sought_and_others_are_not)
{
    struct fixture fixture;
    struct visited visited = {""};
    struct value value = value_text("mail bob@x.org about 17");

    pattern_init(&fixture);
    prepare(&fixture, "{ match: 'mail (?<e>\\S+) about (?<n>\\d+)', groups: { e: email, n: "
                      "scramble } }");
    ck_assert(fixture.prepared->identifies);
    ck_assert(transform_find("pattern")->find_identifying(fixture.prepared, &value, fixture.arena,
                                                          visit, &visited, &fixture.err));
    ck_assert_str_eq(visited.text, "[bob@x.org]");
    value = value_text("else");
    ck_assert(transform_find("pattern")->find_identifying(fixture.prepared, &value, fixture.arena,
                                                          visit, &visited, &fixture.err));
    ck_assert_str_eq(visited.text, "[bob@x.org][else]");
    fixture_release(&fixture);
}
END_TEST

struct bad_pattern {
    const char *match, *groups;
    enum status status;
    const char *says;
};

static const struct bad_pattern bad[] = {
    {"(?<a>x", "{ a: text }", STATUS_PROFILE, "cannot be read"},
    {"(?<a>x)", "{ b: text }", STATUS_PROFILE, "no group called 'b'"},
    {"(?<a>x)(?<b>y)", "{ a: text }", STATUS_PROFILE, "'b' has no rule"},
    {"(?<a>x)", "{ }", STATUS_PROFILE, "one to 32"},
    {"(?<a>x)", "{ a: { like: nope.id } }", STATUS_PROFILE, "no such column"},
    {"(?<a>x)", "{ a: { like: t.day } }", STATUS_PROFILE, "not date"},
    {"(?<a>x)", "{ a: { like: t.id, rule: text } }", STATUS_PROFILE, "rule"},
    {"(?<a>x)", "{ a: perturb }", STATUS_POLICY, "does not work"},
    {"(?<a>x)", "{ a: emial }", STATUS_PROFILE, "emial"},
    {"(?<a>x(?<b>y))", "{ a: text, b: text }", STATUS_PROFILE, "in another"},
    {"(?<a>x)+", "{ a: text }", STATUS_PROFILE, "repeats"},
    {"(?:(?<a>x),){2}", "{ a: text }", STATUS_PROFILE, "repeats"},
    {"(?<a>x)\\\\1", "{ a: text }", STATUS_PROFILE, "reference back"},
    {"(?<a>x)(?P=a)", "{ a: text }", STATUS_PROFILE, "kind of group"},
    {"(?<a>x)(?&a)", "{ a: text }", STATUS_PROFILE, "kind of group"},
    {"(?=(?<a>x))x", "{ a: text }", STATUS_PROFILE, "look-around"},
    {"(*LIMIT_MATCH=1)(?<a>x)", "{ a: text }", STATUS_PROFILE, "verbs"},
    {"(?<a>x)\\\\Kb", "{ a: text }", STATUS_PROFILE, "\\K"},
    {".*(?<a>x)", "{ a: text }", STATUS_POLICY, "outside of its named groups"},
    {"\\\\d+(?<a>x)", "{ a: text }", STATUS_POLICY, "outside of its named groups"},
    {"[a-z](?<a>x)", "{ a: text }", STATUS_POLICY, "outside of its named groups"},
};

START_TEST(an_expression_that_would_let_data_through_is_refused)
{
    struct fixture fixture;
    char params[200];

    pattern_init(&fixture);
    (void)snprintf(params, sizeof(params), "{ match: \"%s\", groups: %s }", bad[_i].match,
                   bad[_i].groups);
    ck_assert(!fixture_prepare(&fixture, "pattern", params));
    ck_assert_msg(strstr(fixture.err.cause, bad[_i].says) != NULL, "%s: %s", bad[_i].match,
                  fixture.err.cause);
    ck_assert_int_eq(fixture.err.status, bad[_i].status);
    ck_assert_msg(strstr(fixture.err.context, "test.yaml:1:") != NULL, "%s", fixture.err.context);
    fixture_release(&fixture);
}
END_TEST

static const char *const fine[] = {
    "x(?<a>[^]/]+[[:alpha:]\\]]?)y",
    "(?:a|b(?<a>.*))",
    "(?i)ID=(?<a>\\d+)?",
    "\\((?<a>.)\\)",
    "(?P<a>.)",
    "(?'a'.)",
    "(?>x(?<a>.))",
};

START_TEST(what_named_groups_hold_is_apart_and_the_rest_are_letters)
{
    struct pattern_scan scan;

    pattern_scan(fine[_i], &scan);
    ck_assert_msg(!scan.problem, "%s: %s", fine[_i], scan.problem);
    ck_assert(!scan.lets_through);
}
END_TEST

START_TEST(both_parameters_are_needed)
{
    struct fixture fixture;

    pattern_init(&fixture);
    ck_assert(!fixture_prepare(&fixture, "pattern", "{ match: a }"));
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    ck_assert(!fixture_prepare(&fixture, "pattern", "{ match: a, group: { a: text } }"));
    ck_assert_ptr_nonnull(strstr(fixture.err.hint, "groups"));
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_pattern(void);
Suite *suite_transform_pattern(void)
{
    Suite *suite = suite_create("transform/pattern");
    TCase *tcase = tcase_create("pattern");

    tcase_add_test(tcase, an_id_inside_a_text_maps_as_its_column_does);
    tcase_add_test(tcase, a_uuid_keeps_the_case_it_was_written_in);
    tcase_add_test(tcase, what_does_not_match_is_scrambled_and_counted);
    tcase_add_test(tcase, what_would_outgrow_the_column_is_scrambled);
    tcase_add_test(tcase, a_hostile_expression_ends);
    tcase_add_test(tcase, groups_that_identify_are_sought_and_others_are_not);
    tcase_add_loop_test(tcase, an_expression_that_would_let_data_through_is_refused, 0,
                        COUNT_OF(bad));
    tcase_add_loop_test(tcase, what_named_groups_hold_is_apart_and_the_rest_are_letters, 0,
                        COUNT_OF(fine));
    tcase_add_test(tcase, both_parameters_are_needed);
    suite_add_tcase(suite, tcase);
    return suite;
}
