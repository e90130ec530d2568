/* How packs come into a profile, and what happens when they disagree. */
#include "config/profile.h"
#include "unit/config/trial.h"

#include <check.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *folder;

static void setup(void)
{
    folder = folder_make();
}

static void teardown(void)
{
    folder_remove(folder);
}

/* A profile with up to two packs, a.yaml and b.yaml. */
static struct trial read_with(const char *body, const char *a, const char *b)
{
    struct trial trial;
    char *path;
    char *text;

    free(folder_write(folder, "a.yaml", a, 0600));
    if (b)
        free(folder_write(folder, "b.yaml", b, 0600));
    ck_assert(asprintf(&text, "version: 1\ninclude: [a.yaml%s]\n%s", b ? ", b.yaml" : "", body) >
              0);
    path = folder_write(folder, "p.yaml", text, 0600);
    trial = trial_read_file(path);
    free(text);
    free(path);
    return trial;
}

static void expect_conflict(const char *a, const char *b, const char *cause)
{
    struct trial trial = read_with("", a, b);

    ck_assert_ptr_null(trial.profile);
    ck_assert_int_eq(trial.err.status, STATUS_PROFILE);
    ck_assert_msg(strstr(trial.err.context, "/b.yaml:"), "%s", trial.err.context);
    ck_assert_msg(strstr(trial.err.cause, cause), "%s", trial.err.cause);
    ck_assert_ptr_nonnull(strstr(trial.err.cause, "/a.yaml', line "));
    trial_finish(&trial);
}

START_TEST(what_stands_nearer_wins)
{
    struct trial trial = read_with(
        "columns: { t: { a: email }, '*': { z: shift } }\n",
        "columns: { t: { a: redact, b: phone }, u: { c: card }, '*': { z: redact, y: url } }\n",
        NULL);
    const struct profile_table *table;

    ck_assert_msg(trial.profile != NULL, "%s: %s", trial.err.context, trial.err.cause);
    ck_assert_uint_eq(trial.profile->table_count, 2);
    table = &trial.profile->tables[0];
    ck_assert_uint_eq(table->rule_count, 2);
    ck_assert_str_eq(table->rules[0].name, "email");
    ck_assert(!table->rules[0].is_from_pack);
    ck_assert_str_eq(table->rules[1].name, "phone");
    ck_assert(table->rules[1].is_from_pack);
    ck_assert_str_eq(trial.profile->tables[1].name.table, "u");
    ck_assert_uint_eq(trial.profile->everywhere_count, 2);
    ck_assert_str_eq(trial.profile->everywhere[0].name, "shift");
    ck_assert_str_eq(trial.profile->everywhere[1].name, "url");
    trial_finish(&trial);
}
END_TEST

START_TEST(packs_may_agree_and_may_not_contradict)
{
    struct trial trial = read_with("", "columns: { t: { a: { rule: email, domain: d } } }\n",
                                   "columns: { t: { a: { rule: email, domain: d }, b: url } }\n");

    ck_assert_msg(trial.profile != NULL, "%s", trial.err.cause);
    ck_assert_uint_eq(trial.profile->tables[0].rule_count, 2);
    trial_finish(&trial);
    expect_conflict("columns: { t: { a: email } }\n", "columns: { '\"t\"': { a: phone } }\n",
                    "the rule here contradicts");
    expect_conflict("columns: { '*': { a: email } }\n", "columns: { '*': { a: phone } }\n",
                    "the rule here contradicts");
    expect_conflict("relations: [ { from: a.b, to: c.d } ]\n",
                    "relations: [ { from: a.b, to: e.f } ]\n", "the relation here contradicts");
    expect_conflict("subjects: [a]\n", "subjects: { none: [a] }\n", "the subject here contradicts");
    expect_conflict("subjects: { path: { a: b } }\n", "subjects: { path: { a: c } }\n",
                    "the path here contradicts");
}
END_TEST

START_TEST(the_profile_settles_what_packs_contradict)
{
    struct trial trial =
        read_with("columns: { t: { a: url } }\nrelations: [ { from: a.b, to: g.h } ]\n"
                  "subjects: { tables: [a], path: { a: d } }\n",
                  "columns: { t: { a: email } }\nrelations: [ { from: a.b, to: c.d }, { from: x.y, "
                  "to: z.z } ]\n"
                  "subjects: { tables: [q], path: { a: b } }\n",
                  "columns: { t: { a: phone } }\nrelations: [ { from: a.b, to: e.f } ]\n"
                  "subjects: { none: [a], path: { a: c } }\n");
    const struct profile *profile = trial.profile;

    ck_assert_msg(profile != NULL, "%s: %s", trial.err.context, trial.err.cause);
    ck_assert_str_eq(profile->tables[0].rules[0].name, "url");
    ck_assert_uint_eq(profile->relation_count, 2);
    ck_assert_str_eq(profile->relations[0].to.table.table, "g");
    ck_assert_str_eq(profile->relations[1].to.table.table, "z");
    ck_assert_uint_eq(profile->subject_tables.count, 2);
    ck_assert_uint_eq(profile->subject_none.count, 0);
    ck_assert_uint_eq(profile->subject_path_count, 1);
    ck_assert_str_eq(profile->subject_paths[0].column, "d");
    trial_finish(&trial);
}
END_TEST

static const struct {
    const char *text, *cause;
} no_packs[] = {
    {"version: 1\n", "'version' may not stand in an included file"},
    {"source: service=x\n", "'source' may not stand in an included file"},
    {"include: [b.yaml]\n", "'include' may not stand in an included file"},
    {"unclassified: redact\n", "'unclassified' may not stand in an included file"},
    {"colums: {}\n", "no key is called 'colums'"},
    {"columns: { '*': { a: keep } }\n", "needs a reason"},
    {"[]\n", "a mapping is expected"},
};

START_TEST(a_pack_holds_columns_relations_and_subjects_only)
{
    struct trial trial = read_with("", no_packs[_i].text, NULL);

    ck_assert_ptr_null(trial.profile);
    ck_assert_msg(strstr(trial.err.context, "/a.yaml:1:"), "%s", trial.err.context);
    ck_assert_msg(strstr(trial.err.cause, no_packs[_i].cause), "%s", trial.err.cause);
    trial_finish(&trial);
}
END_TEST

START_TEST(a_pack_that_is_missing_is_named_where_it_is_included)
{
    char *path = folder_write(folder, "p.yaml", "version: 1\ninclude: [gone.yaml]\n", 0600);
    struct trial trial = trial_read_file(path);

    ck_assert_ptr_null(trial.profile);
    ck_assert_ptr_nonnull(strstr(trial.err.context, "/p.yaml:2:11"));
    ck_assert_ptr_nonnull(strstr(trial.err.cause, "/gone.yaml': No such file"));
    trial_finish(&trial);
    free(path);
}
END_TEST

START_TEST(the_checksum_covers_what_is_included)
{
    static const char both[] = "version: 1\ninclude: [a.yaml]\ncolumns: { t: { a: url } }\n";
    unsigned char hash[crypto_hash_sha256_BYTES];
    char digits[65];
    struct trial trial = read_with("", "columns: { t: { a: url } }\n", NULL);

    crypto_hash_sha256(hash, (const unsigned char *)both, sizeof(both) - 1);
    sodium_bin2hex(digits, sizeof(digits), hash, sizeof(hash));
    ck_assert_str_eq(trial.profile->sha256, digits);
    trial_finish(&trial);
}
END_TEST

Suite *suite_config_include(void);
Suite *suite_config_include(void)
{
    Suite *suite = suite_create("config/include");
    TCase *tests = tcase_create("include");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, what_stands_nearer_wins);
    tcase_add_test(tests, packs_may_agree_and_may_not_contradict);
    tcase_add_test(tests, the_profile_settles_what_packs_contradict);
    tcase_add_loop_test(tests, a_pack_holds_columns_relations_and_subjects_only, 0,
                        COUNT_OF(no_packs));
    tcase_add_test(tests, a_pack_that_is_missing_is_named_where_it_is_included);
    tcase_add_test(tests, the_checksum_covers_what_is_included);
    suite_add_tcase(suite, tests);
    return suite;
}
