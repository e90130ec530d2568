/* What a profile may not say: each refusal with its place, its cause and its hint. Every text
 * stands behind a first line "version: 1". */
#include "unit/config/trial.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATER "is not in this version"

static const struct refusal {
    const char *text, *place, *cause, *hint;
} refusals[] = {
    /* words */
    {"suorce: x\n", "2:1", "no key is called 'suorce'", "'source'"},
    {"target: { ulr: x }\n", "2:11", "no key is called 'ulr'", "'url'"},
    {"sample: { start: [ { tabel: a, rows: 1 } ] }\n", "2:22", "'tabel'", "'table'"},
    {"sample: { follow: { edges: [ { edge: a.b, tak: 1 } ] } }\n", "2:43", "'tak'", "'take'"},
    {"epoch: 1\nepoch: 2\n", "3:1", "'epoch' stands here a second time; first in line 2", ""},
    {"version: 2\n", "2:1", "'version' stands here a second time", ""},
    /* types */
    {"epoch: x\n", "2:8", "whole number of at least 0", ""},
    {"epoch: -1\n", "2:8", "whole number of at least 0", ""},
    {"epoch: '1'\n", "2:8", "whole number", ""},
    {"sample: []\n", "2:9", "a mapping is expected here, not a list", ""},
    {"sample:\n", "2:8", "a mapping is expected here, not nothing", ""},
    {"pins: {}\n", "2:7", "a list is expected here, not a mapping", ""},
    {"unclassified: keep\n", "2:15", "'keep' is none of the words", "'refuse' or 'redact'"},
    {"unclassified: redcat\n", "2:15", "'redcat'", "did you mean 'redact'?"},
    {"target: { mode: swpa }\n", "2:17", "'swpa'", "did you mean 'swap'?"},
    {"target: { generations: -1 }\n", "2:24", "whole number of at least 0", ""},
    {"target: { owner: [a] }\n", "2:18", "text is expected", ""},
    {"target: { owner: '' }\n", "2:18", "it is empty", ""},
    {"target: { extensions: { skip: pg_cron } }\n", "2:31", "a list is expected", ""},
    {"source: { url: 'service=x', password_command: [] }\n", "2:47", "a program", ""},
    {"source: { url: sqlite }\n", "2:16", "no connection string", "postgresql://"},
    /* key */
    {"key: {}\n", "2:6", "exactly one of", ""},
    {"key: { file: a, env: B }\n", "2:6", "exactly one of", ""},
    /* schema */
    {"schema: { only: [a], except: [b] }\n", "2:30", "exclude each other", ""},
    {"schema: { except: [a, a] }\n", "2:23", "'a' stands here a second time", ""},
    {"schema: { exclude: [a.b.c] }\n", "2:21", "this is no table", "double quotes"},
    /* sample */
    {"sample: { fraction: 0 }\n", "2:21", "a fraction above 0, at most 1", ""},
    {"sample: { fraction: 1.5 }\n", "2:21", "a fraction above 0, at most 1", ""},
    {"sample: { fraction: nan }\n", "2:21", "a fraction above 0, at most 1", ""},
    {"sample: { start: [ { table: a } ] }\n", "2:20", "exactly one of 'fraction'", ""},
    {"sample: { start: [ { table: a, rows: 1, fraction: 1 } ] }\n", "2:20", "exactly one", ""},
    {"sample: { start: [ { rows: 1 } ] }\n", "2:20", "'table' is missing here", ""},
    {"sample: { start: [ { table: a, rows: 0 } ] }\n", "2:38", "at least 1", ""},
    {"sample: { follow: { default: some } }\n", "2:30", "all, none, a count or a fraction", ""},
    {"sample: { follow: { default: 1.5 } }\n", "2:30", "all, none, a count or a fraction", ""},
    {"sample: { follow: { default: -1 } }\n", "2:30", "all, none, a count or a fraction", ""},
    {"sample: { follow: { edges: [ { take: 1 } ] } }\n", "2:30", "'edge' or 'constraint'", ""},
    {"sample: { follow: { edges: [ { edge: a.b } ] } }\n", "2:30", "'take' or 'parent'", ""},
    {"sample: { follow: { edges: [ { edge: a, take: 1 } ] } }\n", "2:38", "this is no column", ""},
    {"sample: { follow: { edges: [ { edge: a.b, parent: keep } ] } }\n", "2:51", "'keep'", "'cut'"},
    {"sample: { follow: { edges: [ { edge: a.b, take: all, order: c } ] } }\n", "2:61",
     "an order chooses nothing", ""},
    {"sample: { full_tables: [a, '\"a\"'] }\n", "2:28", "'a' stands here a second time", ""},
    {"sample: { full_tables: [a], empty_tables: [a] }\n", "2:44", "stays empty here", ""},
    {"sample: { start: [ { table: a, rows: 1 } ], empty_tables: [a] }\n", "2:60", "stays empty",
     ""},
    {"sample: { budget: { rows: 0 } }\n", "2:27", "at least 1", ""},
    {"sample: { small_table_rows: -1 }\n", "2:29", "at least 0", ""},
    {"sample: { keys: { a: [] } }\n", "2:22", "at least one column", ""},
    /* pins, relations, subjects */
    {"pins: [ { table: a, where: 'b = 1' } ]\n", "2:9", "'why' is missing here", ""},
    {"pins: [ { table: a, where: 'b = 1', why: c, children: some } ]\n", "2:55", "'some'", ""},
    {"relations: [ { from: a.b } ]\n", "2:14", "'to' is missing here", ""},
    {"relations: [ { from: \"a(b, c)\", to: d.e } ]\n", "2:14",
     "'from' has 2 columns and 'to' has 1", ""},
    {"relations: [ { from: a.b, to: \"d.e[]\" } ]\n", "2:31", "must be plain columns", ""},
    {"relations: [ { from: a.b, to: d.e }, { from: a.b, to: d.e } ]\n", "2:38", "a second time",
     ""},
    {"relations: [ { from: \"a.b -> x\", to: d.e } ]\n", "2:22", "this is no column", ""},
    {"subjects: customers\n", "2:11", "a mapping is expected", ""},
    {"subjects: { tables: [a], none: [a] }\n", "2:33", "in 'tables' and in 'none'", ""},
    /* tails */
    {"tails: []\n", "2:8", "a mapping is expected here, not a list", ""},
    {"tails: { bugdet: 0 }\n", "2:10", "no key is called 'bugdet'", "'budget'"},
    {"tails: { budget: 2 }\n", "2:18", "a number from 0 to 1", ""},
    {"tails: { budget: -0.1 }\n", "2:18", "a number from 0 to 1", ""},
    {"tails: { budget: all }\n", "2:18", "a number from 0 to 1", ""},
    {"tails: { per_stratum: 0 }\n", "2:23", "whole number from 1 to 100", ""},
    {"tails: { per_stratum: 101 }\n", "2:23", "whole number from 1 to 100", ""},
    {"tails: { rare: 1.5 }\n", "2:16", "a number from 0 to 1", ""},
    {"tails: { max_children: -1 }\n", "2:24", "whole number of at least 0", ""},
    {"tails: { ignore: a.b }\n", "2:18", "a list is expected", ""},
    {"tails: { ignore: [a.b, a.b] }\n", "2:24", "'a.b' stands here a second time", ""},
    {"tails: { ignore: [a.b.c.d] }\n", "2:19", "this is no column and no table", "double quotes"},
    {"tails: { ignore: [\"a(b, c)\"] }\n", "2:19", "this is no column and no table", ""},
    {"tails: { ignore: [\"a.b[]\"] }\n", "2:19", "this is no column and no table", ""},
    {"tails: { ignore: [\"a.b -> $.c\"] }\n", "2:19", "this is no column and no table", ""},
    {"tails: { difference: [a.b] }\n", "2:23", "a list is expected", ""},
    {"tails: { difference: [[a.b]] }\n", "2:23", "two columns, and 1 stand here", ""},
    {"tails: { difference: [[a.b, c.d, e.f]] }\n", "2:23", "two columns, and 3", ""},
    {"tails: { difference: [[a.b, c]] }\n", "2:29", "this is no column", ""},
    {"tails: { difference: [[a.b, \"c.d[]\"]] }\n", "2:29", "plain columns", ""},
    {"tails: { difference: [[a.b, a.b]] }\n", "2:29", "'a.b' stands on both sides", ""},
    {"tails: { difference: [[a.b, a.c], [a.c, a.b]] }\n", "2:35", "a second time", ""},
    /* columns */
    {"columns: { a: keep }\n", "2:15", "a mapping is expected", ""},
    {"columns: { a: { b: } }\n", "2:20", "a rule is expected here", ""},
    {"columns: { a: { b: ~ } }\n", "2:20", "a rule is expected here", ""},
    {"columns: { a: { b: [keep] } }\n", "2:20", "a rule's name or a mapping", ""},
    {"columns: { a: { b: { review: x } } }\n", "2:20", "'rule' is missing here", "{ rule: NAME"},
    {"columns: { a: { b: { keep: } } }\n", "2:28", "text is expected", ""},
    {"columns: { a: { b: { keep: x, reviw: y } } }\n", "2:31", "'reviw'", "'review'"},
    {"columns: { a: { '*': keep } }\n", "2:17", "'*' is no column's name", ""},
    {"columns: { '*': { b: keep } }\n", "2:22", "needs a reason", "{ keep: REASON }"},
    {"columns: { a: { b: keep, '\"b\"': keep } }\n", "2:26", "'b' stands here a second time", ""},
    {"columns: { a: { b: keep }, '\"a\"': { c: keep } }\n", "2:28", "'a' stands here a second", ""},
    {"columns: { a: { b.c: keep } }\n", "2:17", "this is no column's name", "double quotes"},
    {"privacy: { accept_leaks: [ { column: a, why: b } ] }\n", "2:38", "this is no column", ""},
    {"after_load: 'UPDATE a'\n", "2:13", "a list is expected", ""},
    {"after_load: [\"UPDATE a; DROP TABLE b\"]\n", "2:14", "a semicolon ends", ""},
    {"after_load: ['\\! ls']\n", "2:14", "a backslash stands outside", ""},
    {"after_load: [[a]]\n", "2:14", "expected SQL", ""},
    {"after_load: [{ fiel: a }]\n", "2:16", "'fiel'", "'file'"},
    {"after_load: [{ file: /nonexistent/a.sql }]\n", "2:22", "cannot open", ""},
    {"after_load: [\"SELECT '${HOME}'\"]\n", "2:14", "not replaced in SQL", ":NAME"},
    {"after_load: ['']\n", "2:14", "it is empty", ""},
    {"privacy: { max_reidentified: 20 }\n", "2:30", "a number from 0 to 1", ""},
    {"privacy: { max_reidentified: most }\n", "2:30", "a number from 0 to 1", ""},
    {"week: [1, 2]\n", "2:7", "a week has 168 hours, and 2 numbers stand here", "Monday 00:00"},
    {"week: 168\n", "2:7", "a list is expected", ""},
    {"week: []\n", "2:7", "and 0 numbers", ""},
    /* not in this version */
    {"drift: []\n", "2:1", "'drift' " LATER, ""},
    {"archive: { expires: 30d }\n", "2:1", "'archive' " LATER, ""},
    {"privacy: { scan: everything }\n", "2:18", "'everything'", ""},
    {"columns: { a: { b: { keep: why, tenant: c } } }\n", "2:33", "'tenant'", ""},
    /* variables */
    {"target: { owner: '${UNDERSTUDY_T_NONE}' }\n", "2:18",
     "environment variable 'UNDERSTUDY_T_NONE' is not set", "${UNDERSTUDY_T_NONE:-DEFAULT}"},
    {"target: { owner: '${UNDERSTUDY_T_NONE:?say who}' }\n", "2:18", "is not set: say who", ""},
    {"target: { owner: '${UNDERSTUDY_T_EMPTY:?say who}' }\n", "2:18", "is not set: say who", ""},
    {"target: { owner: '${}' }\n", "2:18", "begins no variable", "${NAME}"},
    {"target: { owner: '${A' }\n", "2:18", "begins no variable", ""},
    {"target: { owner: '${1A}' }\n", "2:18", "begins no variable", ""},
    {"target: { owner: '${A-b}' }\n", "2:18", "begins no variable", ""},
    {"target: { owner: '${A:-${B}}' }\n", "2:18", "begins no variable", ""},
    {"target: { owner: '${UNDERSTUDY_T_BYTES}' }\n", "2:18", "does not hold UTF-8", ""},
    /* SQL */
    {"pins: [ { table: a, where: 'b = 1; drop', why: c } ]\n", "2:28", "a semicolon", ""},
    {"pins: [ { table: a, where: 'b = 1) or (1=1', why: c } ]\n", "2:28", "never opened", ""},
    {"pins: [ { table: a, where: 'b = 1 --', why: c } ]\n", "2:28", "'--' comment", ""},
    {"pins: [ { table: a, where: 'b = :UNDERSTUDY_T_NONE', why: c } ]\n", "2:28", "is not set", ""},
    {"pins: [ { table: a, where: 'b = ${HOME}', why: c } ]\n", "2:28", "is not replaced in SQL",
     ""},
    {"sample: { start: [ { table: a, where: 'b)(' } ] }\n", "2:39", "never opened", ""},
    {"sample: { follow: { edges: [ { edge: a.b, take: 1, order: c limit 1 } ] } }\n", "2:59",
     "no further clause", ""},
    {"relations: [ { from: a.b, to: c.d, when: '(' } ]\n", "2:42", "not closed", ""},
    {"columns: { a: { b: { rule: email, when: ')' } } }\n", "2:41", "never opened", ""},
    {"columns: { a: { b: { keep: x, when: ')' } } }\n", "2:37", "never opened", ""},
    {"include: [a.yaml]\n", "2:10", "cannot include files", ""},
    {"include: a.yaml\n", "2:10", "a list is expected", ""},
};

START_TEST(what_is_refused_says_where_and_why)
{
    const struct refusal *row = &refusals[_i];
    struct trial trial;

    unsetenv("UNDERSTUDY_T_NONE");
    setenv("UNDERSTUDY_T_EMPTY", "", 1);
    setenv("UNDERSTUDY_T_BYTES", "\xff\xfe", 1);
    trial = trial_read_body(row->text);
    ck_assert_msg(!trial.profile, "was taken: %s", row->text);
    ck_assert_int_eq(trial.err.status, STATUS_PROFILE);
    ck_assert_msg(strncmp(trial.err.context, "t.yaml:", 7) == 0 &&
                      strcmp(trial.err.context + 7, row->place) == 0,
                  "%s stands at %s: %s", row->text, trial.err.context, trial.err.cause);
    ck_assert_msg(strstr(trial.err.cause, row->cause), "%s: %s", row->text, trial.err.cause);
    ck_assert_msg(strstr(trial.err.hint, row->hint), "%s: %s", row->text, trial.err.hint);
    trial_finish(&trial);
}
END_TEST

static const char *const passwords[] = {
    "postgresql://ann:secret@host/db",
    "POSTGRES://ann:secret@host/db",
    "'host=h password=secret'",
    "'host=h password = ''s x'''",
    "postgresql://host/db?password=secret",
    "postgresql://host/db?pass%77ord=secret",
    "postgresql://host/db?sslpassword=secret",
    "mysql://ann:secret@host/db",
    "mysql://host/db?password=secret",
    "${UNDERSTUDY_T_NONE:-postgresql://ann:secret@host/db}",
    "postgresql://ann:${UNDERSTUDY_T_SET}x@host/db",
    "${UNDERSTUDY_T_SET}?password=secret",
    "'${UNDERSTUDY_T_SET} password=secret'",
    "postgresql://ann:${UNDERSTUDY_T_NONE:-secret}@host/db",
};

START_TEST(a_password_in_a_profile_is_refused_and_not_shown)
{
    char *text;
    struct trial trial;

    unsetenv("UNDERSTUDY_T_NONE");
    setenv("UNDERSTUDY_T_SET", "service=x", 1);
    ck_assert(asprintf(&text, "source:\n  url: %s\n", passwords[_i]) > 0);
    trial = trial_read_body(text);
    ck_assert_msg(!trial.profile, "was taken: %s", passwords[_i]);
    ck_assert_msg(trial.err.status == STATUS_POLICY, "%s: %s", passwords[_i], trial.err.cause);
    ck_assert_str_eq(trial.err.context, "t.yaml:3:8");
    ck_assert_str_eq(trial.err.cause, "a password may not stand in the profile");
    ck_assert_ptr_nonnull(strstr(trial.err.hint, "password_command"));
    ck_assert_ptr_null(strstr(trial.err.hint, "secret"));
    trial_finish(&trial);
    free(text);
}
END_TEST

START_TEST(a_profile_without_version_is_refused)
{
    struct trial none = trial_read("epoch: 1\n");
    struct trial other = trial_read("version: 2\n");

    ck_assert_str_eq(none.err.cause, "'version' is missing here");
    ck_assert_str_eq(other.err.context, "t.yaml:1:10");
    ck_assert_str_eq(other.err.cause, "a profile of version 1 is expected");
    trial_finish(&none);
    trial_finish(&other);
}
END_TEST

Suite *suite_config_refusals(void);
Suite *suite_config_refusals(void)
{
    Suite *suite = suite_create("config/refusals");
    TCase *tests = tcase_create("refusals");

    tcase_add_loop_test(tests, what_is_refused_says_where_and_why, 0, COUNT_OF(refusals));
    tcase_add_loop_test(tests, a_password_in_a_profile_is_refused_and_not_shown, 0,
                        COUNT_OF(passwords));
    tcase_add_test(tests, a_profile_without_version_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
