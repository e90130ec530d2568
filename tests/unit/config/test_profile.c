/* A whole profile, read into its struct. */
#include "config/profile.h"
#include "unit/config/trial.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char full[] =
    "version: 1\n"
    "source: ${UNDERSTUDY_T_SOURCE:?set it}\n"
    "target:\n"
    "  url: ${UNDERSTUDY_T_TARGET:-postgresql:///stage}\n"
    "  mode: empty\n"
    "  generations: 2\n"
    "  owner: staging\n"
    "  maintenance_db: postgres\n"
    "  roles: { app_prod: app_stg, order: '${UNDERSTUDY_T_ROLE}' }\n"
    "  extensions: { skip: [pg_cron] }\n"
    "  same_server: \"a test\"\n"
    "key: { file: shop.key }\n"
    "epoch: 7\n"
    "schema: { except: [archive], exclude: [vault.secrets] }\n"
    "sample:\n"
    "  fraction: 0.01\n"
    "  start:\n"
    "    - { table: customers, fraction: 0.25 }\n"
    "    - { table: core.people, rows: 5000 }\n"
    "    - { table: shops, where: \"name = :UNDERSTUDY_T_NAME\" }\n"
    "  follow:\n"
    "    edges:\n"
    "      - { edge: audit_log.customer_id, take: none }\n"
    "      - { edge: orders.customer_id, take: 50, order: created_at desc }\n"
    "      - { edge: customers.referred_by, parent: cut }\n"
    "      - { constraint: orders_fk, take: 0.5 }\n"
    "    default: all\n"
    "  full_tables: [countries, currencies]\n"
    "  empty_tables: [sessions]\n"
    "  small_table_rows: 0\n"
    "  budget: { rows: 2000000 }\n"
    "  keys: { events: [stream, number] }\n"
    "tails: { budget: 0.005, per_stratum: 7, rare: 0.01, max_children: 0,\n"
    "  ignore: [audit_log.payload, core.logs, notes],\n"
    "  difference: [[orders.delivered_at, orders.created_at], [core.a.b, 'a.\"c.d\"']] }\n"
    "pins:\n"
    "  - { table: customers, where: \"id = 4711\", why: \"INC-1234\" }\n"
    "  - { table: orders, where: \"id = 1\", why: x, children: none }\n"
    "relations:\n"
    "  - { from: audit_log.subject_id, to: orders.id, when: \"subject_type = 'Order'\" }\n"
    "  - { from: \"invoices(region, number)\", to: \"bills(region, number)\" }\n"
    "  - { from: \"documents.body -> $.customer_id\", to: customers.id }\n"
    "  - { from: \"posts.tag_ids[]\", to: tags.id }\n"
    "subjects:\n"
    "  tables: [customers]\n"
    "  path: { accounts: owner_id, messages: sender_id }\n"
    "  none: [prices]\n"
    "columns:\n"
    "  customers:\n"
    "    id: permute\n"
    "    email: email\n"
    "    status: { keep: \"five values, none personal\" }\n"
    "    nickname: { rule: redact, review: \"free text?\" }\n"
    "    preferences: { rule: json, paths: { \"$.phone\": phone } }\n"
    "    note: null\n"
    "    when: { rule: shift, with: created_at, when: \"a = :UNDERSTUDY_T_NAME\" }\n"
    "    order: keep\n"
    "  '\"Odd.\"\"Name\"': { 'a b': redact }\n"
    "  \"*\": { updated_at: shift }\n"
    "unclassified: redact\n"
    "privacy: { scan: selected, accept_leaks: [ { column: plans.name, why: public } ] }\n";

static struct trial read_full(void)
{
    struct trial trial;

    setenv("UNDERSTUDY_T_SOURCE", "service=shop", 1);
    setenv("UNDERSTUDY_T_NAME", "O'Hara", 1);
    setenv("UNDERSTUDY_T_ROLE", "someone", 1);
    unsetenv("UNDERSTUDY_T_TARGET");
    trial = trial_read(full);
    ck_assert_msg(trial.profile != NULL, "%s: %s", trial.err.context, trial.err.cause);
    return trial;
}

START_TEST(servers_key_and_schema_are_read)
{
    struct trial trial = read_full();
    const struct profile *profile = trial.profile;

    ck_assert_str_eq(profile->file, "t.yaml");
    ck_assert_str_eq(profile->source.url, "service=shop");
    ck_assert_str_eq(profile->target.url, "postgresql:///stage");
    ck_assert_int_eq(profile->mode, MODE_EMPTY);
    ck_assert_int_eq(profile->generations, 2);
    ck_assert_str_eq(profile->owner, "staging");
    ck_assert_str_eq(profile->maintenance_db, "postgres");
    ck_assert_uint_eq(profile->role_count, 2);
    ck_assert_str_eq(profile->roles[0].from, "app_prod");
    ck_assert_str_eq(profile->roles[0].to, "app_stg");
    ck_assert_str_eq(profile->roles[1].to, "someone");
    ck_assert_str_eq(profile->extensions_skip.texts[0], "pg_cron");
    ck_assert_str_eq(profile->same_server, "a test");
    ck_assert_ptr_null(profile->restored_from_source);
    ck_assert_int_eq(profile->key_source, KEY_FILE);
    ck_assert_str_eq(profile->key_place, "shop.key");
    ck_assert_int_eq(profile->epoch, 7);
    ck_assert(!profile->has_schema_only);
    ck_assert_str_eq(profile->schema_except.texts[0], "archive");
    ck_assert_str_eq(profile->schema_exclude.names[0].schema, "vault");
    trial_finish(&trial);
}
END_TEST

START_TEST(the_sample_is_read)
{
    struct trial trial = read_full();
    const struct profile *profile = trial.profile;

    ck_assert(profile->sample_fraction == 0.01);
    ck_assert_uint_eq(profile->start_count, 3);
    ck_assert(profile->starts[0].fraction == 0.25 && profile->starts[0].rows == 0);
    ck_assert_str_eq(profile->starts[1].table.schema, "core");
    ck_assert_int_eq(profile->starts[1].rows, 5000);
    ck_assert_str_eq(profile->starts[2].where, "name =  'O''Hara'");
    ck_assert_int_eq(profile->follow_default.kind, TAKE_ALL);
    ck_assert_uint_eq(profile->edge_count, 4);
    ck_assert_int_eq(profile->edges[0].take.kind, TAKE_NONE);
    ck_assert_str_eq(profile->edges[1].order, "created_at desc");
    ck_assert_int_eq(profile->edges[1].take.count, 50);
    ck_assert(profile->edges[2].is_parent_cut && !profile->edges[2].has_take);
    ck_assert_str_eq(profile->edges[3].constraint, "orders_fk");
    ck_assert(profile->edges[3].take.fraction == 0.5);
    ck_assert_uint_eq(profile->full_tables.count, 2);
    ck_assert_str_eq(profile->empty_tables.names[0].table, "sessions");
    ck_assert_int_eq(profile->small_table_rows, 0);
    ck_assert_int_eq(profile->budget_rows, 2000000);
    ck_assert_str_eq(profile->keys[0].columns.texts[1], "number");
    trial_finish(&trial);
}
END_TEST

START_TEST(tails_are_read)
{
    struct trial trial = read_full();
    const struct profile *profile = trial.profile;

    ck_assert(profile->tails_budget == 0.005 && profile->tails_rare == 0.01);
    ck_assert_int_eq(profile->tails_per_stratum, 7);
    ck_assert_int_eq(profile->tails_max_children, 0);
    ck_assert_uint_eq(profile->tails_ignore.count, 3);
    ck_assert_str_eq(profile->tails_ignore.texts[1], "core.logs");
    ck_assert_uint_eq(profile->tails_difference_count, 2);
    ck_assert_str_eq(profile->tails_differences[0].minuend.columns[0], "delivered_at");
    ck_assert_str_eq(profile->tails_differences[0].subtrahend.columns[0], "created_at");
    ck_assert_str_eq(profile->tails_differences[1].minuend.table.schema, "core");
    ck_assert_str_eq(profile->tails_differences[1].subtrahend.columns[0], "c.d");
    trial_finish(&trial);
}
END_TEST

START_TEST(pins_relations_and_subjects_are_read)
{
    struct trial trial = read_full();
    const struct profile *profile = trial.profile;

    ck_assert_uint_eq(profile->pin_count, 2);
    ck_assert(profile->pins[0].takes_children && !profile->pins[1].takes_children);
    ck_assert_str_eq(profile->pins[0].why, "INC-1234");
    ck_assert_uint_eq(profile->relation_count, 4);
    ck_assert_str_eq(profile->relations[0].when, "subject_type = 'Order'");
    ck_assert_uint_eq(profile->relations[1].from.column_count, 2);
    ck_assert_str_eq(profile->relations[1].to.columns[1], "number");
    ck_assert_str_eq(profile->relations[2].from.json_path, "$.customer_id");
    ck_assert(profile->relations[3].from.is_array);
    ck_assert_str_eq(profile->relations[3].from.columns[0], "tag_ids");
    ck_assert_str_eq(profile->subject_tables.names[0].table, "customers");
    ck_assert_str_eq(profile->subject_paths[1].column, "sender_id");
    ck_assert_str_eq(profile->subject_none.names[0].table, "prices");
    trial_finish(&trial);
}
END_TEST

START_TEST(rules_are_read_in_short_and_long_form)
{
    struct trial trial = read_full();
    const struct profile *profile = trial.profile;
    const struct profile_rule *rules = profile->tables[0].rules;

    ck_assert_uint_eq(profile->table_count, 2);
    ck_assert_uint_eq(profile->tables[0].rule_count, 8);
    ck_assert_str_eq(rules[0].name, "permute");
    ck_assert_ptr_null(rules[0].params);
    ck_assert_str_eq(rules[2].name, "keep");
    ck_assert_str_eq(rules[2].reason, "five values, none personal");
    ck_assert_str_eq(rules[3].review, "free text?");
    ck_assert_str_eq(rules[4].name, "json");
    ck_assert_ptr_nonnull(yaml_find(rules[4].params, "paths"));
    ck_assert_str_eq(rules[5].name, "null");
    ck_assert_str_eq(rules[6].column, "when");
    ck_assert_str_eq(rules[6].with, "created_at");
    ck_assert_str_eq(rules[6].when, "a =  'O''Hara'");
    ck_assert_str_eq(rules[7].name, "keep");
    ck_assert_str_eq(profile->tables[1].name.table, "Odd.\"Name");
    ck_assert_str_eq(profile->tables[1].rules[0].column, "a b");
    ck_assert_uint_eq(profile->everywhere_count, 1);
    ck_assert_int_eq(profile->unclassified, UNCLASSIFIED_REDACT);
    ck_assert_str_eq(profile->accept_leaks[0].from, "plans.name");
    ck_assert_str_eq(profile->accept_leaks[0].to, "public");
    trial_finish(&trial);
}
END_TEST

START_TEST(what_is_not_written_has_the_stated_defaults)
{
    struct trial trial = trial_read("version: 1");
    const struct profile *profile = trial.profile;

    ck_assert_int_eq(profile->mode, MODE_SWAP);
    ck_assert_int_eq(profile->generations, 1);
    ck_assert_int_eq(profile->epoch, 1);
    ck_assert(profile->sample_fraction < 0 && profile->max_reidentified < 0);
    ck_assert_int_eq(profile->follow_default.kind, TAKE_ALL);
    ck_assert_int_eq(profile->small_table_rows, 1000);
    ck_assert_int_eq(profile->key_source, KEY_NONE);
    ck_assert_int_eq(profile->unclassified, UNCLASSIFIED_REFUSE);
    ck_assert_str_eq(profile->privacy_scan, "selected");
    ck_assert(profile->tails_budget == 0.002 && profile->tails_rare == 0.001);
    ck_assert_int_eq(profile->tails_per_stratum, 5);
    ck_assert_int_eq(profile->tails_max_children, 10000);
    ck_assert_uint_eq(profile->tails_ignore.count + profile->tails_difference_count, 0);
    ck_assert_ptr_null(profile->source.url);
    trial_finish(&trial);
}
END_TEST

START_TEST(the_checksum_is_that_of_the_bytes)
{
    struct trial trial = trial_read("version: 1\n");

    ck_assert_str_eq(trial.profile->sha256,
                     "09bfcc6a14b83e2192b8673677725c84883ee9cd0c70e45c9ec09daa8f2b2847");
    trial_finish(&trial);
}
END_TEST

START_TEST(subjects_may_be_a_plain_list)
{
    struct trial trial = trial_read_body("subjects: [customers, core.staff]\n");

    ck_assert_uint_eq(trial.profile->subject_tables.count, 2);
    ck_assert_str_eq(trial.profile->subject_tables.names[1].schema, "core");
    trial_finish(&trial);
}
END_TEST

START_TEST(a_password_command_is_an_argument_list)
{
    struct trial trial =
        trial_read_body("source: { url: 'service=x', password_command: [vault, get, ''] }\n");

    ck_assert_str_eq(trial.profile->source.password_command[1], "get");
    ck_assert_str_eq(trial.profile->source.password_command[2], "");
    ck_assert_ptr_null(trial.profile->source.password_command[3]);
    trial_finish(&trial);
}
END_TEST

START_TEST(the_lock_and_the_tables_without_transactions_are_of_mysql)
{
    static const char *const urls[] = {"mysql://h/d", "service=x"};

    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        struct error err = {0};
        enum engine engine;
        char *text;

        ck_assert(asprintf(&text,
                           "source: { url: '%s', lock: allow,\n"
                           "  accept_non_transactional: [a, b.c] }\n",
                           urls[i]) > 0);
        struct trial trial = trial_read_body(text);
        const struct profile *profile = trial.profile;
        free(text);
        ck_assert(profile->source_may_lock);
        ck_assert_uint_eq(profile->accept_non_transactional.count, 2);
        ck_assert_str_eq(profile->accept_non_transactional.names[1].schema, "b");
        ck_assert(url_engine(urls[i], &engine, &err));
        ck_assert(profile_check_source(profile, engine, &err) == (engine == ENGINE_MYSQL));
        if (engine != ENGINE_MYSQL) {
            ck_assert_int_eq(err.status, STATUS_PROFILE);
            ck_assert_ptr_nonnull(strstr(err.cause, "'lock' is of MySQL"));
            ck_assert_ptr_nonnull(strstr(err.context, ":2:"));
        }
        trial_finish(&trial);
    }
}
END_TEST

START_TEST(a_key_may_come_from_a_command_or_a_variable)
{
    struct trial command = trial_read_body("key: { command: [pass, show] }\n");
    struct trial variable = trial_read_body("key: { env: SHOP_KEY }\n");

    ck_assert_int_eq(command.profile->key_source, KEY_COMMAND);
    ck_assert_str_eq(command.profile->key_command[0], "pass");
    ck_assert_int_eq(variable.profile->key_source, KEY_ENV);
    ck_assert_str_eq(variable.profile->key_place, "SHOP_KEY");
    trial_finish(&command);
    trial_finish(&variable);
}
END_TEST

START_TEST(a_key_file_stands_beside_the_profile)
{
    char *folder = folder_make();
    char *path = folder_write(folder, "p.yaml", "version: 1\nkey: { file: a.key }\n", 0600);
    struct trial trial = trial_read_file(path);
    char *expected;

    ck_assert(asprintf(&expected, "%s/a.key", folder) > 0);
    ck_assert_str_eq(trial.profile->key_place, expected);
    trial_finish(&trial);
    free(expected);
    free(path);
    folder_remove(folder);
}
END_TEST

START_TEST(a_password_that_a_variable_brings_is_not_literal)
{
    static const char *const urls[] = {
        "${UNDERSTUDY_T_URL}",
        "postgresql://ann:${UNDERSTUDY_T_PW}@host/db",
        "'host=h password=${UNDERSTUDY_T_PW}'",
        "'host=h password=${UNDERSTUDY_T_PW:?is needed} dbname=x'",
        "postgresql://h/db?password=${UNDERSTUDY_T_PW}",
    };

    setenv("UNDERSTUDY_T_URL", "postgresql://ann:secret@host/db", 1);
    setenv("UNDERSTUDY_T_PW", "secret", 1);
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        char *text;
        struct trial trial;

        ck_assert(asprintf(&text, "source: %s\n", urls[i]) > 0);
        trial = trial_read_body(text);
        ck_assert_msg(trial.profile != NULL, "%s: %s", urls[i], trial.err.cause);
        trial_finish(&trial);
        free(text);
    }
}
END_TEST

/* 168 times `first` but for the last, which is `last`. */
static struct trial week_read(const char *first, const char *last)
{
    char text[4096] = "week: [";
    struct trial trial;

    for (int i = 0; i < PROFILE_WEEK_HOURS; i++) {
        size_t used = strlen(text);

        (void)snprintf(text + used, sizeof(text) - used, "%s%s", i ? ", " : "",
                       i + 1 < PROFILE_WEEK_HOURS ? first : last);
    }
    (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "]\n");
    trial = trial_read_body(text);
    return trial;
}

START_TEST(a_week_is_168_counts_and_one_is_above_0)
{
    static const char *const wrong[][2] = {
        {"1", "-1"}, {"0", "0"}, {"1", "1.5"}, {"1", "many"}, {"1", "1000000001"}, {"1", "[1]"},
    };
    struct trial trial = week_read("0", "1000000000");

    ck_assert_msg(trial.profile != NULL, "%s", trial.err.cause);
    ck_assert_int_eq(trial.profile->week[0], 0);
    ck_assert_int_eq(trial.profile->week[PROFILE_WEEK_HOURS - 1], 1000000000);
    trial_finish(&trial);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        trial = week_read(wrong[i][0], wrong[i][1]);
        ck_assert_msg(!trial.profile, "%s was taken", wrong[i][1]);
        ck_assert_int_eq(trial.err.status, STATUS_PROFILE);
        trial_finish(&trial);
    }
    trial = trial_read_body("epoch: 1\n");
    ck_assert_ptr_null(trial.profile->week);
    trial_finish(&trial);
}
END_TEST

Suite *suite_config_profile(void);
Suite *suite_config_profile(void)
{
    Suite *suite = suite_create("config/profile");
    TCase *tests = tcase_create("profile");

    tcase_add_test(tests, servers_key_and_schema_are_read);
    tcase_add_test(tests, the_sample_is_read);
    tcase_add_test(tests, tails_are_read);
    tcase_add_test(tests, pins_relations_and_subjects_are_read);
    tcase_add_test(tests, a_week_is_168_counts_and_one_is_above_0);
    tcase_add_test(tests, rules_are_read_in_short_and_long_form);
    tcase_add_test(tests, what_is_not_written_has_the_stated_defaults);
    tcase_add_test(tests, the_checksum_is_that_of_the_bytes);
    tcase_add_test(tests, subjects_may_be_a_plain_list);
    tcase_add_test(tests, a_password_command_is_an_argument_list);
    tcase_add_test(tests, the_lock_and_the_tables_without_transactions_are_of_mysql);
    tcase_add_test(tests, a_key_may_come_from_a_command_or_a_variable);
    tcase_add_test(tests, a_key_file_stands_beside_the_profile);
    tcase_add_test(tests, a_password_that_a_variable_brings_is_not_literal);
    suite_add_tcase(suite, tests);
    return suite;
}
