/* The schema of the new database: what comes along, what must not, what is listed. */
#include "my_case.h"
#include <string.h>

#define ASK(sql) case_ask("target", stage_database(run.stage), sql)

static const char rows[] =
    "INSERT INTO customers VALUES (700, 'a', NULL), (3, 'b', NULL);"
    "INSERT INTO orders (id, customer_id, total, placed) VALUES (16383, 700, 5, 0), (1, 3, 6, 0);"
    "INSERT INTO counted VALUES (1, 5), (2, 9);"
    "INSERT INTO events VALUES (1, 1970, 'low'), (2, 5000, 'high');"
    "INSERT INTO months VALUES (1, 9999, 'ZZ');";

/* Everything up to the mark, on a target of that name. */
static void load(struct run *run, const char *target)
{
    static struct profile_pair roles[] = {{NULL, "root@localhost", "app"}};

    run_prepare(run, target);
    run->profile.roles = roles;
    run->profile.role_count = 1;
    run_table(run, "secrets")->role = ROLE_EXCLUDED;
    run_table(run, "events")->needs_default_partition = true;
    run_table(run, "months")->needs_default_partition = true;
    run_schema(run);
    run_rows(run, rows);
    run_rest(run);
}

START_TEST(the_schema_is_of_the_sources_character_set)
{
    struct run run;

    load(&run, "letters");
    ck_assert_str_eq(ASK("SELECT @@collation_database"), "latin1_german1_ci");
    ck_assert_str_eq(ASK("SELECT collation_name FROM information_schema.columns WHERE"
                         " table_schema = DATABASE() AND table_name = 'customers' AND"
                         " column_name = 'name'"),
                     case_ask("source", NULL,
                              "SELECT collation_name FROM information_schema.columns WHERE"
                              " table_schema = 'shop' AND table_name = 'customers' AND"
                              " column_name = 'name'"));
    run_discard(&run);
    /* of a schema that stood there with another one too */
    case_run("target", NULL, "CREATE DATABASE filled");
    run_prepare(&run, "filled");
    run.profile.mode = MODE_EMPTY;
    run_schema(&run);
    run_rest(&run);
    run_close(&run);
    ck_assert_str_eq(case_ask("target", "filled", "SELECT @@collation_database"),
                     "latin1_german1_ci");
}
END_TEST

/* All tables as they are in production, but for counters and what was excluded. */
START_TEST(every_definition_is_productions)
{
    struct run run;
    static const char list[] = "SELECT group_concat(DISTINCT replace(table_name, '`', '``') ORDER"
                               " BY table_name SEPARATOR '|') FROM information_schema.tables"
                               " WHERE table_schema = DATABASE() AND table_type <> 'VIEW' AND"
                               " table_name NOT IN ('secrets', 'hints', 'events', 'months',"
                               " 'numbered', 'understudy_mark')";

    load(&run, "same");
    char *names = arena_strdup(arena, case_ask("source", "shop", list));
    ck_assert_str_eq(ASK(list), names);
    for (char *next, *name = names; name; name = next) {
        next = strchr(name, '|');
        if (next)
            *next++ = '\0';
        struct db_config source = {
            .side = DB_SOURCE, .engine = ENGINE_MYSQL, .url = case_url("source", "shop")};
        struct db_config target = {.side = DB_TARGET,
                                   .engine = ENGINE_MYSQL,
                                   .url = case_url("target", stage_database(run.stage))};
        const char *sql = arena_printf(arena, "SHOW CREATE TABLE `%s`", name);
        const char *texts[2];
        for (int side = 0; side < 2; side++) {
            struct my_result result = {.rows = NULL};
            struct db *db;

            run_ok(&run, db_open(side ? &target : &source, arena, &db, &run.err));
            run_ok(&run, my_query(db, sql, &result, &run.err));
            char *text = arena_strdup(arena, my_text(&result, 0, 1));
            char *options = strstr(text, "\n) ");
            char *counter = options ? strstr(options, " AUTO_INCREMENT=") : NULL;
            if (counter)
                memmove(counter, counter + 16 + strspn(counter + 16, "0123456789"),
                        strlen(counter + 16 + strspn(counter + 16, "0123456789")) + 1);
            /* MySQL says once more what the collation says, from the second time on */
            for (char *set = text; (set = strstr(set, " CHARACTER SET latin1"));)
                memmove(set, set + 21, strlen(set + 21) + 1);
            /* nor does it keep in which character set a letter of ASCII was written */
            for (char *set = text; (set = strstr(set, "_utf8mb4'"));)
                memmove(set, set + 8, strlen(set + 8) + 1);
            for (char *set = text; (set = strstr(set, "_latin1'"));)
                memmove(set, set + 7, strlen(set + 7) + 1);
            texts[side] = text;
            my_result_release(&result);
            db_close(db);
        }
        ck_assert_str_eq(texts[0], texts[1]);
    }
    run_discard(&run);
}
END_TEST

START_TEST(keys_come_behind_the_rows_but_for_what_counts)
{
    struct run run;

    run_prepare(&run, "later");
    run_schema(&run);
    ck_assert_str_eq(ASK("SELECT group_concat(DISTINCT index_name ORDER BY 1) FROM"
                         " information_schema.statistics WHERE table_schema = DATABASE() AND"
                         " table_name IN ('orders', 'customers')"),
                     "counts,PRIMARY");
    ck_assert_str_eq(ASK("SELECT count(*) FROM information_schema.referential_constraints WHERE"
                         " constraint_schema = DATABASE()"),
                     "0");
    run_rest(&run);
    ck_assert_str_eq(ASK("SELECT group_concat(DISTINCT index_name ORDER BY 1) FROM"
                         " information_schema.statistics WHERE table_schema = DATABASE() AND"
                         " table_name IN ('orders', 'customers')"),
                     "by_total,counts,mail,PRIMARY,words");
    ck_assert_str_eq(ASK("SELECT unique_constraint_schema = DATABASE() AND referenced_table_name"
                         " = 'customers' AND delete_rule = 'CASCADE' FROM"
                         " information_schema.referential_constraints WHERE constraint_schema ="
                         " DATABASE() AND constraint_name = 'orders_customer'"),
                     "1");
    run_discard(&run);
}
END_TEST

START_TEST(what_is_excluded_takes_keys_and_views_along_and_nothing_else)
{
    struct run run;
    const char *why = "what staging does not get";

    load(&run, "excluded");
    ck_assert_str_eq(ASK("SELECT count(*) FROM information_schema.tables WHERE table_schema ="
                         " DATABASE() AND table_name IN ('secrets', 'of_secrets', 'over_secrets',"
                         " 'of_rates')"),
                     "0");
    ck_assert_str_eq(ASK("SELECT count(*) FROM hints"), "0");
    ck_assert(run_skipped(&run, "foreign key to_secret of shop.hints", why));
    ck_assert(run_skipped(&run, "foreign key to_rate of shop.hints", why));
    ck_assert(run_skipped(&run, "view of_secrets", why));
    ck_assert(run_skipped(&run, "view over_secrets", why));
    ck_assert(run_skipped(&run, "view of_rates", "names another schema"));
    ck_assert(run_skipped(&run, "view of_gone", "at the source too"));
    ck_assert(!run_skipped(&run, "view alpha", ""));
    run_discard(&run);
}
END_TEST

START_TEST(views_over_views_name_the_new_tables)
{
    struct run run;

    load(&run, "views");
    run_rows(&run, "INSERT INTO shop VALUES (1, 77)");
    ck_assert_str_eq(ASK("SELECT x FROM alpha"), "77");
    ck_assert_str_eq(ASK("SELECT taxed FROM zeta WHERE id = 1"), "7.20");
    ck_assert_str_eq(ASK("SELECT count(*) FROM information_schema.views WHERE table_schema ="
                         " DATABASE() AND view_definition LIKE '%`shop`.`orders`%'"),
                     "0");
    run_discard(&run);
}
END_TEST

START_TEST(triggers_keep_their_order_and_did_not_fire)
{
    struct run run;

    load(&run, "fired");
    ck_assert_str_eq(ASK("SELECT total FROM orders WHERE id = 1"), "6.00");
    run_rows(&run, "INSERT INTO orders (customer_id, total, placed) VALUES (3, 1, 0)");
    /* ((1 + 1) + 10) * 2 */
    ck_assert_str_eq(ASK("SELECT total FROM orders ORDER BY id DESC LIMIT 1"), "24.00");
    run_discard(&run);
}
END_TEST

START_TEST(programs_keep_the_session_they_were_written_in)
{
    struct run run;

    load(&run, "programs");
    run_rows(&run, "SET @who = 'Ann'; CALL greet(@who); INSERT INTO customers (id, name) VALUES"
                   " (9, @who)");
    ck_assert_str_eq(ASK("SELECT name FROM customers WHERE id = 9"), "Gr\303\274\303\237e, Ann");
    ck_assert_str_eq(ASK("SELECT routine_comment FROM information_schema.routines WHERE"
                         " routine_schema = DATABASE() AND routine_name = 'greet'"),
                     "DEFINER=`x`@`y`");
    ck_assert_str_eq(ASK("SELECT character_set_client FROM information_schema.triggers WHERE"
                         " trigger_schema = DATABASE() AND trigger_name = 'first_one'"),
                     "latin1");
    run_discard(&run);
}
END_TEST

START_TEST(events_are_disabled_and_listed)
{
    struct run run;

    load(&run, "events");
    ck_assert_str_eq(ASK("SELECT group_concat(event_name, ' ', status, ' ', time_zone ORDER BY"
                         " event_name) FROM information_schema.events WHERE event_schema ="
                         " DATABASE()"),
                     "copied DISABLED SYSTEM,nightly DISABLED +05:00");
    ck_assert_str_eq(ASK("SELECT event_comment FROM information_schema.events WHERE event_schema ="
                         " DATABASE() AND event_name = 'nightly'"),
                     "ENABLE DO");
    ck_assert(run_skipped(&run, "event nightly", "DISABLED"));
    ck_assert(run_skipped(&run, "event zoned", "does not know its time zone"));
    run_discard(&run);
}
END_TEST

static const char definers[] =
    "SELECT group_concat(DISTINCT definer) FROM ("
    "SELECT definer FROM information_schema.triggers WHERE trigger_schema = DATABASE() UNION"
    " SELECT definer FROM information_schema.routines WHERE routine_schema = DATABASE() UNION"
    " SELECT definer FROM information_schema.events WHERE event_schema = DATABASE() UNION"
    " SELECT definer FROM information_schema.views WHERE table_schema = DATABASE()) d";

START_TEST(definers_are_mapped_and_others_become_the_target_user)
{
    struct run run;

    load(&run, "definers");
    ck_assert(!run_warned(&run, "become those of"));
    run_ok(&run, run_swap(&run));
    run_close(&run);
    ck_assert_str_eq(case_ask("target", "definers", definers), "app@localhost");
    run_prepare(&run, "definers");
    run_schema(&run);
    ck_assert(run_warned(&run, "of the views, triggers, routines and events become those of"));
    run_discard(&run);
    run_whole("definers", "one");
    ck_assert_str_eq(case_ask("target", "definers", definers), "root@127.0.0.1");
}
END_TEST

START_TEST(what_a_definer_without_rights_breaks_is_said_and_stops_no_swap)
{
    static struct profile_pair roles[] = {{NULL, "root", "nobody"}};
    struct run run;

    run_prepare(&run, "rightless");
    run.profile.roles = roles;
    run.profile.role_count = 1;
    run_schema(&run);
    run_rest(&run);
    run_ok(&run, run_swap(&run));
    ck_assert(run_warned(&run, "view 'zeta' could not be made"));
    ck_assert(!run_warned(&run, "of_rates"));
    run_close(&run);
}
END_TEST

START_TEST(a_body_that_names_the_source_is_warned_of)
{
    struct run run;

    load(&run, "bodies");
    ck_assert(run_warned(&run, "function 'names_it' names the schema 'shop'"));
    ck_assert(!run_warned(&run, "'taxed'"));
    ck_assert(!run_warned(&run, "'alpha'"));
    run_discard(&run);
}
END_TEST

START_TEST(counters_stand_above_their_columns)
{
    struct run run;

    load(&run, "counters");
    static const char sql[] = "SELECT auto_increment FROM information_schema.tables WHERE"
                              " table_schema = DATABASE() AND table_name = ";
    ck_assert_str_eq(ASK(arena_printf(arena, "%s'customers'", sql)), "701");
    ck_assert_str_eq(ASK(arena_printf(arena, "%s'orders'", sql)), "16384");
    run_discard(&run);
}
END_TEST

START_TEST(a_counter_at_its_end_is_listed)
{
    struct run run;

    run_prepare(&run, "ends");
    run_schema(&run);
    run_rows(&run, "INSERT INTO customers (id, name) VALUES (2147483647, 'x');"
                   "INSERT INTO orders (id, customer_id) VALUES (18446744073709551614, 1)");
    run_rest(&run);
    ck_assert(run_skipped(&run, "position of AUTO_INCREMENT of shop.customers", "at its end"));
    ck_assert(!run_skipped(&run, "position of AUTO_INCREMENT of shop.orders", ""));
    run_discard(&run);
}
END_TEST

START_TEST(a_range_that_takes_the_rest_is_added_and_noted)
{
    struct run run;

    load(&run, "ranges");
    ck_assert_str_eq(ASK("SELECT group_concat(DISTINCT table_name ORDER BY 1) FROM"
                         " information_schema.partitions WHERE table_schema = DATABASE() AND"
                         " partition_name = 'understudy_rest'"),
                     "events,months");
    ck_assert_uint_eq(run.binding.note_count, 2);
    run_discard(&run);
}
END_TEST

START_TEST(a_violated_key_stands_unchecked_and_is_listed)
{
    struct run run;

    run_prepare(&run, "violated");
    run_schema(&run);
    run_rows(&run, "INSERT INTO selves VALUES (1, 99)");
    struct stage_violations violations = run_violations(&run, "selves");
    run_ok(&run, stage_schema_after(run.stage, &violations, 4, &run.err));
    ck_assert_str_eq(ASK("SELECT count(*) FROM information_schema.referential_constraints WHERE"
                         " constraint_schema = DATABASE() AND constraint_name = 'up'"),
                     "1");
    ck_assert(run_skipped(&run, "foreign key up of shop.selves", "not checked"));
    run_discard(&run);
}
END_TEST

START_TEST(equal_values_in_a_unique_key_are_an_error_that_names_the_table_and_no_value)
{
    struct run run;
    struct stage_violations none = {0, NULL};

    run_prepare(&run, "broken");
    run_schema(&run);
    run_rows(&run, "INSERT INTO customers (id, name, mail) VALUES (1, 'x', 'sesame'), (2, 'y',"
                   " 'sesame')");
    ck_assert(!stage_schema_after(run.stage, &none, 2, &run.err));
    run_failed(&run, STATUS_TARGET, "unique key would hold a value twice", "");
    ck_assert(strstr(run.err.context, "shop.customers") != NULL);
    ck_assert(strstr(run.err.cause, "sesame") == NULL);
    run_discard(&run);
}
END_TEST

START_TEST(sequences_of_mariadb_come_along_and_stand_above_their_columns)
{
    struct run run;

    if (!case_is_mariadb())
        return;
    run_prepare(&run, "numbers");
    run_schema(&run);
    run_rows(&run, "INSERT INTO numbered (id, low) VALUES (1000, -50), (7, -3)");
    run_rest(&run);
    run_ok(&run, run_swap(&run));
    run_close(&run);
    case_run("target", "numbers", "INSERT INTO numbered (u) VALUES (NULL)");
    ck_assert_str_eq(case_ask("target", "numbers",
                              "SELECT concat(id, ' ', low) FROM numbered"
                              " WHERE u IS NULL ORDER BY id DESC LIMIT 1"),
                     "1005 -51");
    ck_assert_str_eq(case_ask("target", "numbers",
                              "SELECT column_default FROM"
                              " information_schema.columns WHERE table_schema"
                              " = 'numbers' AND table_name = 'numbered' AND"
                              " column_name = 'id'"),
                     "nextval(`numbers`.`numbers`)");
}
END_TEST

START_TEST(after_load_runs_as_written_and_says_where_it_fails)
{
    static struct profile_statement statements[] = {
        {"p.yaml:7", "UPDATE customers SET name = 'later' WHERE id = 3"}, {"p.yaml:8", "SELEC 1"}};
    struct run run;

    load(&run, "after");
    run.profile.after_load = statements;
    run.profile.after_load_count = 1;
    run_ok(&run, stage_after_load(run.stage, &run.err));
    ck_assert_str_eq(ASK("SELECT name FROM customers WHERE id = 3"), "later");
    run.profile.after_load_count = 2;
    ck_assert(!stage_after_load(run.stage, &run.err));
    run_failed(&run, STATUS_TARGET, "SELEC", "");
    ck_assert(strstr(run.err.context, "p.yaml:8") != NULL);
    statements[1].sql = "INSERT INTO customers (id, name) VALUES (3, 'sesame')";
    ck_assert(!stage_after_load(run.stage, &run.err));
    ck_assert(strstr(run.err.cause, "sesame") == NULL);
    statements[1].sql = "START TRANSACTION";
    ck_assert(!stage_after_load(run.stage, &run.err));
    run_failed(&run, STATUS_TARGET, "leaves a transaction open", "");
    run_discard(&run);
}
END_TEST

START_TEST(what_after_load_made_changed_or_dropped_comes_along)
{
    static struct profile_statement statements[] = {
        {"1", "CREATE FUNCTION twice (i int) RETURNS int DETERMINISTIC RETURN i * 2"},
        {"2", "CREATE VIEW able AS SELECT twice(x) AS y FROM shop"},
        {"3", "DROP PROCEDURE greet"},
        {"4", "CREATE EVENT tick ON SCHEDULE EVERY 1 DAY DO SELECT 1"},
        {"5", "CREATE OR REPLACE VIEW alpha AS SELECT 4711 AS x"}};
    struct run run;

    load(&run, "changed");
    run.profile.after_load = statements;
    run.profile.after_load_count = COUNT_OF(statements);
    run_ok(&run, stage_after_load(run.stage, &run.err));
    run_ok(&run, run_swap(&run));
    run_close(&run);
    case_run("target", "changed", "INSERT INTO shop VALUES (1, 21)");
    ck_assert_str_eq(case_ask("target", "changed", "SELECT y FROM able"), "42");
    ck_assert_str_eq(case_ask("target", "changed", "SELECT x FROM alpha"), "4711");
    ck_assert_str_eq(case_ask("target", "changed",
                              "SELECT count(*) FROM information_schema.routines WHERE"
                              " routine_schema = DATABASE() AND routine_name = 'greet'"),
                     "0");
    ck_assert_str_eq(case_ask("target", "changed",
                              "SELECT status FROM information_schema.events WHERE event_schema ="
                              " DATABASE() AND event_name = 'tick'"),
                     "ENABLED");
}
END_TEST

void case_add_schema(Suite *suite)
{
    TCase *tcase = case_new(suite, "schema");

    tcase_add_test(tcase, the_schema_is_of_the_sources_character_set);
    tcase_add_test(tcase, every_definition_is_productions);
    tcase_add_test(tcase, keys_come_behind_the_rows_but_for_what_counts);
    tcase_add_test(tcase, what_is_excluded_takes_keys_and_views_along_and_nothing_else);
    tcase_add_test(tcase, views_over_views_name_the_new_tables);
    tcase_add_test(tcase, triggers_keep_their_order_and_did_not_fire);
    tcase_add_test(tcase, programs_keep_the_session_they_were_written_in);
    tcase_add_test(tcase, events_are_disabled_and_listed);
    tcase_add_test(tcase, definers_are_mapped_and_others_become_the_target_user);
    tcase_add_test(tcase, what_a_definer_without_rights_breaks_is_said_and_stops_no_swap);
    tcase_add_test(tcase, a_body_that_names_the_source_is_warned_of);
    tcase_add_test(tcase, counters_stand_above_their_columns);
    tcase_add_test(tcase, a_counter_at_its_end_is_listed);
    tcase_add_test(tcase, a_range_that_takes_the_rest_is_added_and_noted);
    tcase_add_test(tcase, a_violated_key_stands_unchecked_and_is_listed);
    tcase_add_test(tcase,
                   equal_values_in_a_unique_key_are_an_error_that_names_the_table_and_no_value);
    tcase_add_test(tcase, sequences_of_mariadb_come_along_and_stand_above_their_columns);
    tcase_add_test(tcase, what_after_load_made_changed_or_dropped_comes_along);
    tcase_add_test(tcase, after_load_runs_as_written_and_says_where_it_fails);
}
