#include "fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(choices_come_in_proportion_to_their_weights)
{
    static struct value values[FIXTURE_ROWS];
    struct fixture fixture;
    size_t gold = 0;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "lookup", "{ values: { gold: 10, tin: 90 } }"));
    for (uint32_t i = 0; i < FIXTURE_ROWS; i++)
        values[i] = value_text(arena_printf(fixture.arena, "customer %u", i));
    fixture_apply(&fixture, values, FIXTURE_ROWS);
    for (uint32_t i = 0; i < FIXTURE_ROWS; i++)
        gold += values[i].bytes.len == 4;
    ck_assert_uint_gt(gold, FIXTURE_ROWS / 10 - 80);
    ck_assert_uint_lt(gold, FIXTURE_ROWS / 10 + 80);
    fixture_release(&fixture);
}
END_TEST

START_TEST(per_subject_makes_equal_values_differ)
{
    struct fixture fixture;
    struct value values[64];
    size_t first = 0;

    fixture_init(&fixture, KIND_TEXT, 1);
    for (int is_per = 0; is_per < 2; is_per++) {
        ck_assert(
            fixture_prepare(&fixture, "lookup",
                            is_per ? "{ values: [a, b], per: subject }" : "{ values: [a, b] }"));
        for (uint32_t i = 0; i < 64; i++)
            values[i] = value_text("same");
        fixture_apply(&fixture, values, 64);
        first = 0;
        for (uint32_t i = 0; i < 64; i++)
            first += values[i].bytes.ptr[0] == 'a';
        ck_assert_int_eq(first % 64 != 0, is_per);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(another_list_is_another_mapping)
{
    struct fixture fixture;
    size_t same = 0;
    char first[64];

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "lookup", "{ values: { a: 5, b: 5 } }"));
    for (int i = 0; i < 64; i++)
        first[i] = fixture_text(&fixture, arena_printf(fixture.arena, "v%d", i))[0];
    ck_assert(fixture_prepare(&fixture, "lookup", "{ values: { a: 6, b: 6 } }"));
    for (int i = 0; i < 64; i++)
        same += first[i] == fixture_text(&fixture, arena_printf(fixture.arena, "v%d", i))[0];
    ck_assert_uint_lt(same, 60);
    fixture_release(&fixture);
}
END_TEST

START_TEST(what_is_chosen_is_of_the_columns_type)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_INTEGER, 1);
    ck_assert(fixture_prepare(&fixture, "lookup", "{ values: [-7] }"));
    ck_assert_int_eq(fixture_integer(&fixture, 5), -7);
    fixture_release(&fixture);
}
END_TEST

/* A profile's folder with one list in it. */
struct folder {
    char path[40], list[60], profile[60];
};

static void folder_make(struct folder *folder, const void *bytes, size_t len)
{
    FILE *file;

    (void)snprintf(folder->path, sizeof(folder->path), "/tmp/understudy-lookup-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder->path));
    (void)snprintf(folder->list, sizeof(folder->list), "%s/list", folder->path);
    (void)snprintf(folder->profile, sizeof(folder->profile), "%s/p.yaml", folder->path);
    file = fopen(folder->list, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
    ck_assert_int_eq(fclose(file), 0);
}

static void folder_drop(const struct folder *folder)
{
    (void)unlink(folder->list);
    (void)rmdir(folder->path);
}

static bool folder_prepare(const struct folder *folder, struct fixture *fixture, const char *params)
{
    struct yaml_node *root;

    ck_assert(
        yaml_read_text(folder->profile, span_of(params), fixture->arena, &root, &fixture->err));
    fixture->err = (struct error){0};
    return transform_prepare("lookup", &fixture->site, root, fixture->arena, &fixture->prepared,
                             &fixture->err);
}

START_TEST(a_file_holds_one_value_a_line_beside_the_profile)
{
    static const char lines[] = "one\r\ntwo words\nthree";
    struct folder folder;
    struct fixture fixture;
    bool has_met[3] = {false};

    folder_make(&folder, lines, sizeof(lines) - 1);
    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert_msg(folder_prepare(&folder, &fixture, "{ file: list }"), "%s", fixture.err.cause);
    for (int i = 0; i < 60; i++) {
        const char *out = fixture_text(&fixture, arena_printf(fixture.arena, "%d", i));

        has_met[0] |= strcmp(out, "one") == 0;
        has_met[1] |= strcmp(out, "two words") == 0;
        has_met[2] |= strcmp(out, "three") == 0;
    }
    ck_assert(has_met[0] && has_met[1] && has_met[2]);
    fixture_release(&fixture);
    folder_drop(&folder);
}
END_TEST

START_TEST(a_line_that_does_not_fit_is_named_and_never_quoted)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *place;
    } cases[] = {
        {"12\nsecret\n", 10, "list:2:1"},
        {"12\n\n13\n", 7, "list:2:1"},
        {"1\n\xff\xfe\n", 5, "list:2:1"},
        {"1\n2\0\n", 5, "list:2:1"},
        {"", 0, "p.yaml:1:9"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct folder folder;
        struct fixture fixture;

        folder_make(&folder, cases[i].bytes, cases[i].len);
        fixture_init(&fixture, KIND_INTEGER, 1);
        ck_assert(!folder_prepare(&folder, &fixture, "{ file: list }"));
        ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
        ck_assert_msg(strstr(fixture.err.context, cases[i].place) != NULL, "%s",
                      fixture.err.context);
        ck_assert_ptr_null(strstr(fixture.err.cause, "secret"));
        fixture_release(&fixture);
        folder_drop(&folder);
    }
}
END_TEST

START_TEST(only_a_regular_file_is_read)
{
    struct folder folder;
    struct fixture fixture;

    folder_make(&folder, "x\n", 2);
    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert_int_eq(unlink(folder.list), 0);
    ck_assert(!folder_prepare(&folder, &fixture, "{ file: list }"));
    ck_assert_int_eq(mkfifo(folder.list, 0600), 0);
    ck_assert(!folder_prepare(&folder, &fixture, "{ file: list }"));
    ck_assert_ptr_nonnull(strstr(fixture.err.cause, "no regular file"));
    ck_assert(!folder_prepare(&folder, &fixture, "{ file: . }"));
    fixture_release(&fixture);
    folder_drop(&folder);
}
END_TEST

struct bad_lookup {
    const char *params;
    enum kind kind;
    enum status status;
    const char *says;
};

static const struct bad_lookup bad[] = {
    {NULL, KIND_TEXT, STATUS_PROFILE, "needs one of"},
    {"{ values: [a], file: b }", KIND_TEXT, STATUS_PROFILE, "needs one of"},
    {"{ values: [] }", KIND_TEXT, STATUS_PROFILE, "expected a list"},
    {"{ values: a }", KIND_TEXT, STATUS_PROFILE, "expected a list"},
    {"{ values: [[a]] }", KIND_TEXT, STATUS_PROFILE, NULL},
    {"{ values: { a: 0 } }", KIND_TEXT, STATUS_PROFILE, NULL},
    {"{ values: { a: -1 } }", KIND_TEXT, STATUS_PROFILE, NULL},
    {"{ values: { a: 99999999999999 } }", KIND_TEXT, STATUS_PROFILE, NULL},
    {"{ values: [1, x] }", KIND_INTEGER, STATUS_PROFILE, "integer"},
    {"{ values: [mauve] }", KIND_ENUM, STATUS_PROFILE, "can hold"},
    {"{ values: [a], weight: 5 }", KIND_TEXT, STATUS_PROFILE, "weight"},
    {"{ distribution: [a] }", KIND_TEXT, STATUS_PROFILE, "expected a mapping"},
    {"{ distribution: { a: 500 } }", KIND_TEXT, STATUS_POLICY, "values of production"},
    {"{ distribution: { a: 500, b: 19 }, accept_risk: x }", KIND_TEXT, STATUS_POLICY,
     "fewer than 20"},
};

START_TEST(a_list_that_cannot_be_is_refused)
{
    struct fixture fixture;

    fixture_init(&fixture, bad[_i].kind, 1);
    ck_assert(!fixture_prepare(&fixture, "lookup", bad[_i].params));
    ck_assert_int_eq(fixture.err.status, bad[_i].status);
    if (bad[_i].says)
        ck_assert_msg(strstr(fixture.err.cause, bad[_i].says) != NULL, "%s", fixture.err.cause);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_distribution_of_many_is_taken_where_the_risk_is_accepted)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "lookup",
                              "{ distribution: { DE: 500, FR: 20 }, accept_risk: countries }"));
    fixture_release(&fixture);
    fixture_init(&fixture, KIND_ENUM, 1);
    ck_assert(fixture_prepare(&fixture, "lookup", "{ distribution: { red: 500, blue: 20 } }"));
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_lookup(void);
Suite *suite_transform_lookup(void)
{
    Suite *suite = suite_create("transform/lookup");
    TCase *tcase = tcase_create("lookup");

    tcase_add_test(tcase, choices_come_in_proportion_to_their_weights);
    tcase_add_test(tcase, per_subject_makes_equal_values_differ);
    tcase_add_test(tcase, another_list_is_another_mapping);
    tcase_add_test(tcase, what_is_chosen_is_of_the_columns_type);
    tcase_add_test(tcase, a_file_holds_one_value_a_line_beside_the_profile);
    tcase_add_test(tcase, a_line_that_does_not_fit_is_named_and_never_quoted);
    tcase_add_test(tcase, only_a_regular_file_is_read);
    tcase_add_loop_test(tcase, a_list_that_cannot_be_is_refused, 0, COUNT_OF(bad));
    tcase_add_test(tcase, a_distribution_of_many_is_taken_where_the_risk_is_accepted);
    suite_add_tcase(suite, tcase);
    return suite;
}
