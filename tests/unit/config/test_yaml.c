/* What the YAML reader takes, what it refuses, and where it says so. */
#include "config/yaml.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena *arena;
static struct yaml_node *root;
static struct error err;

static void setup(void)
{
    arena = arena_new();
    memset(&err, 0, sizeof(err));
}

static void teardown(void)
{
    arena_free(arena);
}

static bool read_text(const char *text)
{
    return yaml_read_text("f.yaml", span_of(text), arena, &root, &err);
}

static void expect_refusal(const char *text, const char *place, const char *cause)
{
    setup();
    ck_assert_msg(!read_text(text), "was taken: %s", text);
    ck_assert_int_eq(err.status, STATUS_PROFILE);
    ck_assert_str_eq(err.context, place);
    ck_assert_msg(strstr(err.cause, cause), "'%s' does not say '%s'", err.cause, cause);
    teardown();
}

START_TEST(a_tree_remembers_where_everything_stood)
{
    const struct yaml_node *b;

    setup();
    ck_assert(read_text("a: 1\nb:\n  - x\n  - \"y\"\n"));
    ck_assert_int_eq(root->kind, YAML_MAPPING);
    ck_assert_uint_eq(root->count, 2);
    b = yaml_find(root, "b");
    ck_assert_uint_eq(b->items[1]->line, 4);
    ck_assert_uint_eq(b->items[1]->column, 5);
    ck_assert(b->items[0]->is_plain && !b->items[1]->is_plain);
    ck_assert_str_eq(b->items[1]->file, "f.yaml");
    ck_assert_ptr_null(yaml_find(root, "c"));
    teardown();
}
END_TEST

START_TEST(null_is_what_stands_plain)
{
    setup();
    ck_assert(read_text("[~, null, 'null', \"\", Null, x]"));
    ck_assert(root->items[0]->is_null && root->items[1]->is_null);
    for (size_t i = 2; i < root->count; i++)
        ck_assert(!root->items[i]->is_null);
    teardown();
}
END_TEST

static const struct refusal {
    const char *text, *place, *cause;
} refusals[] = {
    {"", "f.yaml:1:1", "nothing is written"},
    {"# only a comment\n", "f.yaml:1:1", "nothing is written"},
    {"a: &x 1\n", "f.yaml:1:4", "anchor"},
    {"a: &x [1]\n", "f.yaml:1:4", "anchor"},
    {"a: &x {b: 1}\n", "f.yaml:1:4", "anchor"},
    {"a: *x\n", "f.yaml:1:4", "alias"},
    {"a: !t 1\n", "f.yaml:1:4", "tag"},
    {"a: !!str 1\n", "f.yaml:1:4", "tag"},
    {"a: ! 1\n", "f.yaml:1:4", "tag"},
    {"a: !!map {b: 1}\n", "f.yaml:1:4", "tag"},
    {"a: 1\n---\nb: 1\n", "f.yaml:2:1", "second document"},
    {"a: 1\n...\n---\nb: 1\n", "f.yaml:3:1", "second document"},
    {"a: 1\nb: 2\na: 3\n", "f.yaml:3:1", "'a' stands here a second time; first in line 1"},
    {"a: {b: 1, \"b\": 2}\n", "f.yaml:1:11", "'b' stands here a second time"},
    {"? [a]\n: 1\n", "f.yaml:1:3", "a key must be text"},
    {"~: 1\n", "f.yaml:1:1", "a key may not be empty"},
    {"<<: {a: 1}\n", "f.yaml:1:1", "merge key"},
    {"a: \"x\\0y\"\n", "f.yaml:1:4", "NUL"},
    {"a: [1\nb: 2\n", "f.yaml:2:2", "expected ',' or ']'"},
    {"a: b: c\n", "f.yaml:1:5", "mapping values"},
    {"a: \xff\n", "f.yaml:1:4", "UTF-8"},
    {"# é\nb: é\xe9\n", "f.yaml:2:5", "UTF-8"},
};

START_TEST(what_is_refused_is_refused_at_its_place)
{
    const struct refusal *row = &refusals[_i];

    expect_refusal(row->text, row->place, row->cause);
}
END_TEST

START_TEST(depth_64_is_read_and_65_is_not)
{
    char text[YAML_DEPTH_MAX * 2 + 3] = "";

    memset(text, '[', YAML_DEPTH_MAX);
    memset(text + YAML_DEPTH_MAX, ']', YAML_DEPTH_MAX);
    setup();
    ck_assert(read_text(text));
    teardown();
    memset(text, '[', YAML_DEPTH_MAX + 1);
    memset(text + YAML_DEPTH_MAX + 1, ']', YAML_DEPTH_MAX + 1);
    expect_refusal(text, "f.yaml:1:65", "nested deeper than 64");
}
END_TEST

START_TEST(a_text_above_the_limit_is_refused_unread)
{
    char *text = malloc(YAML_SIZE_MAX + 2);

    memset(text, '#', YAML_SIZE_MAX + 1);
    text[YAML_SIZE_MAX + 1] = '\0';
    expect_refusal(text, "f.yaml:1:1", "larger than 16 MiB");
    free(text);
}
END_TEST

START_TEST(many_keys_are_no_way_to_keep_it_busy)
{
    size_t size = (size_t)2 << 20;
    char *text = malloc(size);
    size_t length = 0;

    for (int i = 0; length < size - 64; i++)
        length += (size_t)snprintf(text + length, 32, "k%d: 1\n", i);
    setup();
    ck_assert(read_text(text));
    teardown();
    snprintf(text + length, 32, "k7: 1\n");
    setup();
    ck_assert(!read_text(text));
    ck_assert_ptr_nonnull(strstr(err.cause, "'k7' stands here a second time; first in line 8"));
    teardown();
    free(text);
}
END_TEST

START_TEST(a_missing_file_is_an_error_with_its_name)
{
    setup();
    ck_assert(!yaml_read_file("/nonexistent/x.yaml", arena, &root, &err));
    ck_assert_int_eq(err.status, STATUS_PROFILE);
    ck_assert_str_eq(err.cause, "cannot open '/nonexistent/x.yaml': No such file or directory");
    teardown();
}
END_TEST

START_TEST(a_folder_is_no_file)
{
    setup();
    ck_assert(!yaml_read_file("/tmp", arena, &root, &err));
    ck_assert_ptr_nonnull(strstr(err.cause, "cannot read '/tmp'"));
    teardown();
}
END_TEST

START_TEST(numbers_are_written_plainly_and_within_bounds)
{
    int64_t whole;
    double real;

    setup();
    ck_assert(read_text("[12, -3, '4', 1.5, 0x1F, 99999999999999999999, nan, 1e-2, 1_000, inf]"));
    ck_assert(yaml_read_integer(root->items[0], 0, 12, &whole, &err) && whole == 12);
    ck_assert(yaml_read_integer(root->items[1], -3, 0, &whole, &err) && whole == -3);
    ck_assert(!yaml_read_integer(root->items[0], 0, 11, &whole, &err));
    ck_assert_str_eq(err.cause, "a whole number from 0 to 11 is expected here");
    for (size_t i = 2; i < root->count; i++)
        ck_assert(!yaml_read_integer(root->items[i], INT64_MIN, INT64_MAX, &whole, &err));
    ck_assert(yaml_read_real(root->items[3], 0, 2, &real, &err) && real == 1.5);
    ck_assert(yaml_read_real(root->items[7], 0, 1, &real, &err) && real == 0.01);
    ck_assert(!yaml_read_real(root->items[4], 0, 99, &real, &err));
    ck_assert(!yaml_read_real(root->items[6], 0, 99, &real, &err));
    ck_assert(!yaml_read_real(root->items[9], 0, 99, &real, &err));
    teardown();
}
END_TEST

START_TEST(an_unknown_key_is_shown_in_printable_form)
{
    static const char *const known[] = {"source"};

    setup();
    ck_assert(read_text("\"so\\e[2Jrce\": 1\n"));
    ck_assert(!yaml_check_keys(root, known, 1, &err));
    ck_assert_ptr_null(strchr(err.cause, '\033'));
    teardown();
}
END_TEST

START_TEST(the_nearest_known_word_is_the_hint)
{
    static const char *const known[] = {"source", "target"};

    setup();
    ck_assert(read_text("target: 1\nsuorce: 1\n"));
    ck_assert(!yaml_check_keys(root, known, 2, &err));
    ck_assert_str_eq(err.context, "f.yaml:2:1");
    ck_assert_str_eq(err.cause, "no key is called 'suorce' here");
    ck_assert_str_eq(err.hint, "did you mean 'source'?");
    teardown();
}
END_TEST

Suite *suite_config_yaml(void);
Suite *suite_config_yaml(void)
{
    Suite *suite = suite_create("config/yaml");
    TCase *tests = tcase_create("yaml");

    tcase_add_test(tests, a_tree_remembers_where_everything_stood);
    tcase_add_test(tests, null_is_what_stands_plain);
    tcase_add_loop_test(tests, what_is_refused_is_refused_at_its_place, 0, COUNT_OF(refusals));
    tcase_add_test(tests, depth_64_is_read_and_65_is_not);
    tcase_add_test(tests, a_text_above_the_limit_is_refused_unread);
    tcase_add_test(tests, many_keys_are_no_way_to_keep_it_busy);
    tcase_add_test(tests, a_missing_file_is_an_error_with_its_name);
    tcase_add_test(tests, a_folder_is_no_file);
    tcase_add_test(tests, numbers_are_written_plainly_and_within_bounds);
    tcase_add_test(tests, an_unknown_key_is_shown_in_printable_form);
    tcase_add_test(tests, the_nearest_known_word_is_the_hint);
    suite_add_tcase(suite, tests);
    return suite;
}
