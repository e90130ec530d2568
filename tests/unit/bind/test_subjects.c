/* Whose time is shifted: the way up, ways that must be settled, tables that have none. */
#include "support/bind_trial.h"

#include <check.h>

static struct bind_trial trial;

static void begin(void)
{
    struct builder *b;

    bind_begin_shop(&trial);
    b = trial.builder;
    builder_table(b, "public", "messages");
    builder_column(b, "sender_id", "int8", 0);
    builder_column(b, "receiver_id", "int8", 0);
    builder_column(b, "sent_at", "timestamptz", 0);
    builder_column(b, "seen_at", "timestamptz", 0);
    builder_edge(b, "messages", "sender_id", "customers", "id");
    builder_edge(b, "messages", "receiver_id", "customers", "id");
    builder_table(b, "public", "prices");
    builder_column(b, "seen_at", "timestamptz", 0);
}

static void end(void)
{
    bind_end(&trial);
}

/* Columns that nobody names are redacted; the first line of `body` is line 4. */
static void try_lax(const char *body)
{
    bind_try(&trial, arena_printf(trial.arena,
                                  "sample: { start: [ { table: customers, rows: 5 } ] }\n"
                                  "unclassified: redact\n%s",
                                  body));
}

START_TEST(a_shift_needs_a_way_up)
{
    try_lax("subjects: [customers]\ncolumns: { prices: { seen_at: shift } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:5:", "no way up to a subject");
}
END_TEST

START_TEST(a_table_without_a_shift_needs_none)
{
    try_lax("subjects: [customers]\ncolumns: { customers: { created_at: shift } }\n");
    ck_assert_bound(&trial);
    ck_assert_ptr_null(bind_table(&trial, "messages")->subject);
    ck_assert(bind_table(&trial, "customers")->subject->is_subject);
}
END_TEST

START_TEST(two_ways_up_must_be_settled)
{
    try_lax("subjects: [customers]\ncolumns: { messages: { sent_at: shift } }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:5:", "several ways up to a subject");
    ck_assert(strstr(trial.err.cause, "sender_id") && strstr(trial.err.cause, "receiver_id"));
}
END_TEST

START_TEST(a_path_settles_the_way)
{
    try_lax("subjects: { tables: [customers], path: { messages: sender_id } }\n"
            "columns: { messages: { sent_at: shift } }\n");
    const struct subject_path *path = bind_table(&trial, "messages")->subject;

    ck_assert_str_eq(path->first->edges[0]->child_columns[0]->name, "sender_id");
    ck_assert_uint_eq(trial.binding->subject_count, 1);
}
END_TEST

START_TEST(a_path_over_a_column_that_refers_to_nothing_is_refused)
{
    try_lax("subjects: { tables: [customers],\n  path: { messages: sent_at } }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:5:", "refers to nothing");
}
END_TEST

START_TEST(a_path_over_an_unknown_column_is_refused)
{
    try_lax("subjects: { tables: [customers],\n  path: { messages: sendr_id, mesages: x } }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:5:", "no column called 'sendr_id'");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:5:", "no table called 'mesages'");
}
END_TEST

START_TEST(an_unknown_subject_is_refused)
{
    try_lax("subjects: { tables: [customrs],\n  none: [pricess] }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:4:", "no table called 'customrs'");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:5:", "no table called 'pricess'");
}
END_TEST

START_TEST(times_of_nobody_share_a_calendar_and_that_is_said)
{
    try_lax("subjects: { tables: [customers], none: [prices] }\n"
            "columns: { prices: { seen_at: shift } }\n");
    ck_assert(bind_table(&trial, "prices")->is_subject_shared);
    ck_assert_ptr_null(bind_table(&trial, "prices")->subject);
    ck_assert_str_eq(trial.binding->notes[0].topic, "time");
}
END_TEST

START_TEST(none_is_refused_where_an_edge_leads_to_a_subject)
{
    try_lax("subjects: { tables: [customers], none: [messages] }\n"
            "columns: { messages: { sent_at: shift } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:5:", "stands in subjects.none, but an edge");
}
END_TEST

START_TEST(none_is_taken_where_every_shift_accepts_the_risk)
{
    try_lax("subjects: { tables: [customers], none: [messages] }\n"
            "columns: { messages: { sent_at: { rule: shift, accept_risk: \"test data\" } } }\n");
    ck_assert_bound(&trial);
    ck_assert(bind_table(&trial, "messages")->is_subject_shared);
}
END_TEST

START_TEST(one_shift_that_accepts_the_risk_does_not_speak_for_another)
{
    try_lax("subjects: { tables: [customers], none: [messages] }\n"
            "columns: { messages: { sent_at: { rule: shift, accept_risk: \"test data\" },\n"
            "                       seen_at: shift } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:", "stands in subjects.none, but an edge");
}
END_TEST

START_TEST(risk_may_be_accepted_for_a_name_everywhere)
{
    try_lax("subjects: { tables: [customers], none: [messages, prices] }\n"
            "columns: { \"*\": { seen_at: { rule: shift, accept_risk: \"test data\" } } }\n");
    ck_assert_bound(&trial);
}
END_TEST

START_TEST(a_subject_cannot_stand_under_none)
{
    try_lax("subjects: { tables: [customers],\n  none: [public.customers] }\n");
    ck_assert_fault(&trial, STATUS_PROFILE, "t.yaml:5:", "cannot be a subject");
}
END_TEST

Suite *suite_bind_subjects(void);
Suite *suite_bind_subjects(void)
{
    Suite *suite = suite_create("bind/subjects");
    TCase *cases = tcase_create("subjects");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, a_shift_needs_a_way_up);
    tcase_add_test(cases, a_table_without_a_shift_needs_none);
    tcase_add_test(cases, two_ways_up_must_be_settled);
    tcase_add_test(cases, a_path_settles_the_way);
    tcase_add_test(cases, a_path_over_a_column_that_refers_to_nothing_is_refused);
    tcase_add_test(cases, a_path_over_an_unknown_column_is_refused);
    tcase_add_test(cases, an_unknown_subject_is_refused);
    tcase_add_test(cases, times_of_nobody_share_a_calendar_and_that_is_said);
    tcase_add_test(cases, none_is_refused_where_an_edge_leads_to_a_subject);
    tcase_add_test(cases, none_is_taken_where_every_shift_accepts_the_risk);
    tcase_add_test(cases, one_shift_that_accepts_the_risk_does_not_speak_for_another);
    tcase_add_test(cases, risk_may_be_accepted_for_a_name_everywhere);
    tcase_add_test(cases, a_subject_cannot_stand_under_none);
    suite_add_tcase(suite, cases);
    return suite;
}
