/* The schema of the new database: what comes along, what must not, what is listed. */
#include "pg_case.h"
#include <stdlib.h>

#define ASK(sql) case_ask("target", stage_database(run.stage), sql)

static const char rows[] =
    "INSERT INTO customers OVERRIDING SYSTEM VALUE VALUES (700, 'a'), (3, 'b');"
    "INSERT INTO orders (id, customer_id, total) VALUES (16383, 700, 5), (1, 3, 6);"
    "INSERT INTO payments_2020 VALUES (1, '1999-01-01');"
    "INSERT INTO payments_2021 VALUES (1, '2021-05-05');"
    "INSERT INTO events VALUES (1, '2020-02-02'), (5000, '2020-02-02'), (1, '1970-01-01');";

static void mark_rewritten(struct run *run, const char *table, const char *column)
{
    struct bound_table *bound = run_table(run, table);

    for (size_t i = 0; i < bound->column_count; i++) {
        if (strcmp(bound->columns[i].column->name, column) == 0) {
            bound->columns[i].is_copied = false;
            bound->transformed_count++;
        }
    }
}

static void exclude_vault(struct run *run)
{
    static const char *texts[] = {"vault"};

    run->profile.schema_except = (struct profile_text_list){1, texts, NULL};
    run_table(run, "secrets")->role = ROLE_EXCLUDED;
}

/* Everything up to the mark, on a target of that name. */
static void load(struct run *run, const char *target)
{
    static struct profile_pair roles[] = {{NULL, "app_prod", "app_stg"}};

    run_prepare(run, target);
    run->profile.roles = roles;
    run->profile.role_count = 1;
    exclude_vault(run);
    mark_rewritten(run, "payments_2020", "paid");
    mark_rewritten(run, "payments_2021", "paid");
    run_table(run, "events")->needs_default_partition = true;
    run_schema(run);
    run_rows(run, rows);
    run_rest(run);
}

START_TEST(what_would_act_on_production_is_not_created)
{
    struct run run;

    load(&run, "quiet");
    ck_assert_str_eq(ASK("SELECT count(*) FROM pg_subscription s JOIN pg_database d"
                         " ON d.oid = s.subdbid WHERE d.datname = current_database()"),
                     "0");
    ck_assert_str_eq(ASK("SELECT count(*) FROM pg_publication"), "0");
    ck_assert_str_eq(ASK("SELECT count(*) FROM pg_foreign_server"), "0");
    ck_assert_str_eq(ASK("SELECT count(*) FROM pg_user_mapping"), "0");
    ck_assert_str_eq(ASK("SELECT count(*) FROM pg_event_trigger"), "0");
    ck_assert_str_eq(ASK("SELECT count(*) FROM pg_largeobject_metadata"), "0");
    ck_assert_str_eq(ASK("SELECT count(*) FROM pg_class WHERE relkind = 'f'"), "0");
    run_discard(&run);
}
END_TEST

START_TEST(what_needs_a_foreign_table_falls_with_it_and_is_listed)
{
    struct run run;
    const char *why = "another server";

    load(&run, "fallen");
    ck_assert_str_eq(ASK("SELECT count(*) FROM pg_class WHERE relname ~ '^rates'"), "0");
    ck_assert(run_skipped(&run, "view public.rates", why));
    ck_assert(run_skipped(&run, "view public.rates_twice", why));
    ck_assert(run_skipped(&run, "materialized view public.rates_kept", why));
    ck_assert(run_skipped(&run, "function public.rate_of(public.remote_rates)", why));
    run_discard(&run);
}
END_TEST

START_TEST(an_excluded_schema_takes_views_and_keys_along_and_nothing_else)
{
    struct run run;

    load(&run, "excluded");
    ck_assert_str_eq(ASK("SELECT count(*) FROM pg_namespace WHERE nspname = 'vault'"), "0");
    ck_assert_str_eq(ASK("SELECT count(*) FROM pg_class WHERE relname = 'hints'"), "1");
    ck_assert_str_eq(ASK("SELECT count(*) FROM pg_class WHERE relname = 'secret_hints'"), "0");
    ck_assert(run_skipped(&run, "view public.secret_hints", "excludes"));
    ck_assert(
        run_skipped(&run, "table constraint hints_secret_id_fkey on public.hints", "excludes"));
    run_discard(&run);
}
END_TEST

START_TEST(a_table_that_needs_what_is_excluded_is_refused_before_it_is_made)
{
    struct run run;

    run_prepare(&run, "refused");
    run_table(&run, "payments")->role = ROLE_EXCLUDED;
    run_ok(&run, run_open(&run));
    run_ok(&run, stage_create(run.stage, &run.err));
    ck_assert(!stage_schema_before(run.stage, run.source, run.snapshot, &run.err));
    run_failed(&run, STATUS_PROFILE, "cannot be made", "exclude");
    ck_assert(strstr(run.err.context, "payments_202") != NULL);
    run_discard(&run);
}
END_TEST

START_TEST(odd_names_and_their_comments_come_along)
{
    struct run run;

    load(&run, "odd");
    ck_assert_str_eq(ASK("SELECT obj_description(oid, 'pg_class') FROM pg_class"
                         " WHERE relname = E'Odd \"Name\"\\nx; y'"),
                     "two\nlines; and a semicolon");
    ck_assert_str_eq(ASK("SELECT count(*) FROM \"DATA\".t"), "0");
    ck_assert_str_eq(ASK("SELECT count(*) FROM pg_rewrite WHERE rulename = 'no_delete'"), "1");
    run_discard(&run);
}
END_TEST

START_TEST(owners_and_grants_are_mapped_and_lost_roles_are_listed)
{
    struct run run;

    load(&run, "mapped");
    /* m, MAINTAIN, is an owner's from 17 on */
    ck_assert_str_eq(ASK("SELECT replace(relacl::text, 'tm/', 't/') FROM pg_class"
                         " WHERE relname = 'orders'"),
                     "{postgres=arwdDxt/postgres,app_stg=r/postgres}");
    ck_assert_str_eq(ASK("SELECT attacl::text FROM pg_attribute WHERE attname = 'name'"
                         " AND attrelid = 'customers'::regclass"),
                     "{app_stg=a*r*/shop_owner}");
    ck_assert_str_eq(ASK("SELECT proacl::text FROM pg_proc WHERE proname = 'total_of'"),
                     "{shop_owner=X/shop_owner,app_stg=X/shop_owner}");
    ck_assert_str_eq(ASK("SELECT string_agg(DISTINCT pg_get_userbyid(o), ',') FROM ("
                         "SELECT relowner FROM pg_class WHERE relname IN ('customers',"
                         " 'customers_id_seq', 'customers_pkey') UNION ALL"
                         " SELECT typowner FROM pg_type WHERE typname = 'mood' UNION ALL"
                         " SELECT proowner FROM pg_proc WHERE proname = 'nothing') x(o)"),
                     "shop_owner");
    ck_assert_str_eq(ASK("SELECT string_agg(defaclacl::text, ';' ORDER BY defaclobjtype)"
                         " FROM pg_default_acl"),
                     "{postgres=X/postgres};{app_stg=r/postgres}");
    ck_assert(run_skipped(&run, "role auditor", "does not exist on the target"));
    ck_assert(run_skipped(&run, "role reporting", "does not exist on the target"));
    run_discard(&run);
}
END_TEST

START_TEST(a_policy_never_widens_and_force_comes_last)
{
    struct run run;
    const char *roles = "SELECT array_to_string(roles, ',') || ' ' || cmd || ' ' || qual ||"
                        " coalesce(' ' || with_check, '') FROM pg_policies WHERE policyname = ";

    load(&run, "guarded");
    ck_assert_str_eq(ASK(arena_printf(arena, "%s'seen'", roles)),
                     "app_stg,postgres SELECT (customer_id > 0)");
    ck_assert_str_eq(ASK(arena_printf(arena, "%s'own'", roles)),
                     "postgres ALL true (total < (10)::numeric)");
    ck_assert_str_eq(ASK("SELECT obj_description(oid, 'pg_policy') FROM pg_policy"
                         " WHERE polname = 'seen'"),
                     "policy comment");
    ck_assert_str_eq(ASK("SELECT relrowsecurity AND relforcerowsecurity FROM pg_class"
                         " WHERE relname = 'orders'"),
                     "t");
    ck_assert(run_skipped(&run, "policy own on public.orders", "the owner"));
    run_discard(&run);
}
END_TEST

START_TEST(sequences_stand_above_their_columns)
{
    struct run run;

    load(&run, "sequences");
    ck_assert_str_eq(ASK("SELECT nextval('customers_id_seq')"), "701");
    ck_assert_str_eq(ASK("SELECT nextval('orders_id_seq')"), "16384");
    run_discard(&run);
}
END_TEST

START_TEST(views_are_refreshed_in_order_and_empty_ones_stay_empty)
{
    struct run run;

    load(&run, "views");
    ck_assert_str_eq(ASK("SELECT orders || ',' || customers FROM everything"), "2,2");
    ck_assert_str_eq(ASK("SELECT relispopulated FROM pg_class WHERE relname = 'never_filled'"),
                     "f");
    ck_assert(run_skipped(&run, "materialized view public.never_filled", "NO DATA"));
    run_discard(&run);
}
END_TEST

START_TEST(a_check_that_rewritten_values_break_is_not_valid_and_one_they_keep_is)
{
    struct run run;
    const char *sql = "SELECT convalidated FROM pg_constraint WHERE conname = ";

    load(&run, "checked");
    ck_assert_str_eq(ASK(arena_printf(arena, "%s'in_2020'", sql)), "f");
    ck_assert_str_eq(ASK(arena_printf(arena, "%s'in_2021'", sql)), "t");
    ck_assert(run_skipped(&run, "check in_2020 of public.payments_2020", "NOT VALID"));
    ck_assert(!run_skipped(&run, "check in_2021 of public.payments_2021", ""));
    run_discard(&run);
}
END_TEST

START_TEST(default_partitions_are_added_on_every_level_and_noted)
{
    struct run run;

    load(&run, "partitions");
    ck_assert_str_eq(ASK("SELECT count(*) FROM events_2020__understudy_default"), "1");
    ck_assert_str_eq(ASK("SELECT count(*) FROM events__understudy_default"), "1");
    ck_assert_uint_eq(run.binding.note_count, 2);
    run_discard(&run);
}
END_TEST

START_TEST(a_violated_key_is_not_valid_on_each_leaf_and_others_validate)
{
    struct run run;

    run_prepare(&run, "violated");
    run_schema(&run);
    run_rows(&run, "INSERT INTO lines VALUES (99, 1)");
    struct stage_violations violations = run_violations(&run, "lines");
    run_ok(&run, stage_schema_after(run.stage, &violations, 2, &run.err));
    ck_assert_str_eq(ASK("SELECT string_agg(conrelid::regclass || ':' || convalidated, ','"
                         " ORDER BY conrelid::regclass::text) FROM (SELECT * FROM pg_constraint "
                         "WHERE contype = 'f'"
                         " AND confrelid = 'orders'::regclass"
                         " AND conrelid IN (SELECT relid FROM pg_partition_tree('lines')"
                         "  WHERE isleaf)) c"),
                     "lines_1:false,lines_2:false");
    /* from 18 on the whole table takes it */
    ck_assert(run_skipped(&run,
                          strtol(ASK("SHOW server_version_num"), NULL, 10) >= 180000
                              ? "foreign key lines_order_id_fkey of public.lines"
                              : "foreign key lines_order_id_fkey of public.lines_1",
                          "NOT VALID"));
    run_discard(&run);
}
END_TEST

START_TEST(a_key_that_cannot_hold_is_an_error_that_names_it_and_no_value)
{
    struct run run;
    struct stage_violations none = {0, NULL};

    run_prepare(&run, "broken");
    run_schema(&run);
    run_rows(&run, "INSERT INTO orders (customer_id, total) VALUES (987654, 1)");
    ck_assert(!stage_schema_after(run.stage, &none, 2, &run.err));
    run_failed(&run, STATUS_TARGET, "a reference to a row that is not there", "");
    ck_assert(strstr(run.err.context, "orders_customer_id_fkey") != NULL);
    ck_assert(strstr(run.err.context, "987654") == NULL);
    run_discard(&run);
}
END_TEST

START_TEST(type_numbers_of_the_target_are_known)
{
    struct run run;
    struct oid_map oids = {0, NULL};
    bool is_found = false;

    run_prepare(&run, "types");
    run_schema(&run);
    run_ok(&run, stage_type_numbers(run.stage, &oids, &run.err));
    const char *wanted = ASK("SELECT 'citext'::regtype::oid");
    const char *known = case_ask("source", "shop", "SELECT 'citext'::regtype::oid");
    for (size_t i = 0; i < oids.count; i++) {
        ck_assert(i == 0 || oids.pairs[i - 1].source < oids.pairs[i].source);
        if (oids.pairs[i].source == strtoul(known, NULL, 10))
            is_found = oids.pairs[i].target == strtoul(wanted, NULL, 10);
    }
    ck_assert(is_found);
    run_discard(&run);
}
END_TEST

void case_add_schema(Suite *suite)
{
    TCase *tcase = case_new(suite, "schema");

    tcase_add_test(tcase, what_would_act_on_production_is_not_created);
    tcase_add_test(tcase, what_needs_a_foreign_table_falls_with_it_and_is_listed);
    tcase_add_test(tcase, an_excluded_schema_takes_views_and_keys_along_and_nothing_else);
    tcase_add_test(tcase, a_table_that_needs_what_is_excluded_is_refused_before_it_is_made);
    tcase_add_test(tcase, odd_names_and_their_comments_come_along);
    tcase_add_test(tcase, owners_and_grants_are_mapped_and_lost_roles_are_listed);
    tcase_add_test(tcase, a_policy_never_widens_and_force_comes_last);
    tcase_add_test(tcase, sequences_stand_above_their_columns);
    tcase_add_test(tcase, views_are_refreshed_in_order_and_empty_ones_stay_empty);
    tcase_add_test(tcase, a_check_that_rewritten_values_break_is_not_valid_and_one_they_keep_is);
    tcase_add_test(tcase, default_partitions_are_added_on_every_level_and_noted);
    tcase_add_test(tcase, a_violated_key_is_not_valid_on_each_leaf_and_others_validate);
    tcase_add_test(tcase, a_key_that_cannot_hold_is_an_error_that_names_it_and_no_value);
    tcase_add_test(tcase, type_numbers_of_the_target_are_known);
}
