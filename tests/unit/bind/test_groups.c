/* Lines that are rewritten together: what keeps them from adding up is refused. */
#include "support/bind_trial.h"

#include <check.h>

static struct bind_trial trial;

enum { HAS_KEY = 1, HAS_INDEX = 2, HAS_CHECK = 4, HAS_WIDE_CREDIT = 8, HAS_SIGN_CHECK = 16 };

static void begin(void)
{
    bind_begin_shop(&trial);
}

static void end(void)
{
    bind_end(&trial);
}

static void lines_build(unsigned has)
{
    struct builder *b = trial.builder;

    builder_table(b, "public", "postings");
    builder_column(b, "id", "int8", BUILD_NOT_NULL);
    builder_column(b, "order_id", "int8", 0);
    builder_column(b, "debit", "numeric(10,2)", 0);
    builder_column(b, "credit", has & HAS_WIDE_CREDIT ? "numeric(12,2)" : "numeric(10,2)", 0);
    if (has & HAS_KEY)
        builder_primary(b, "id");
    if (has & HAS_INDEX)
        builder_index(b, "order_id");
    if (has & HAS_CHECK)
        builder_check(b, "small", "(debit <= 100)", "debit");
    if (has & HAS_SIGN_CHECK)
        builder_check(b, "sign", "(debit >= 0)", "debit");
    builder_edge(b, "postings", "order_id", "orders", "id");
}

static const struct {
    unsigned has;
    const char *follow, *debit, *credit;
    const char *cause; /* NULL: taken */
} rows[] = {
    {HAS_KEY | HAS_INDEX, "all", "", "", NULL},
    {HAS_KEY | HAS_INDEX | HAS_SIGN_CHECK, "all", "", "", NULL},
    {HAS_KEY, "all", "", "", "cannot be found without an index"},
    {HAS_INDEX, "all", "", "", "have no order"},
    {HAS_KEY | HAS_INDEX, "3", "", "", "would be cut by the sample"},
    {HAS_KEY | HAS_INDEX, "none", "", "", "would be cut by the sample"},
    {HAS_KEY | HAS_INDEX, "all", ", sigma: 1", "", "would get different factors"},
    {HAS_KEY | HAS_INDEX | HAS_WIDE_CREDIT, "all", "", "", "columns of different types"},
    {HAS_KEY | HAS_INDEX | HAS_CHECK, "all", "", "", "a CHECK bounds this column"},
    {HAS_KEY | HAS_INDEX, "all", ", when: 'id > 1'", ", when: 'id > 1'", "where 'when' leaves"},
    {HAS_KEY | HAS_INDEX, "all", ", side: nobody", ", side: nobody", "no column called 'nobody'"},
};

START_TEST(a_group_is_taken_only_where_its_lines_add_up)
{
    lines_build(rows[_i].has);
    bind_try(
        &trial,
        arena_printf(trial.arena,
                     "sample: { start: [ { table: customers, rows: 5 } ], follow: { default: "
                     "all, edges: [ { edge: postings.order_id, take: %s } ] }, fraction: 0.1 }\n"
                     "unclassified: redact\n"
                     "columns: { postings: { debit: { rule: perturb, group: order_id%s }, credit: "
                     "{ rule: perturb, group: order_id%s } } }\n",
                     rows[_i].follow, rows[_i].debit, rows[_i].credit));
    if (!rows[_i].cause) {
        ck_assert_bound(&trial);
        ck_assert_uint_eq(bind_table(&trial, "postings")->lookup_count, 2);
        return;
    }
    ck_assert_ptr_null(trial.binding);
    ck_assert_msg(strstr(trial.err.cause, rows[_i].cause), "%s", trial.err.cause);
}
END_TEST

START_TEST(one_factor_for_a_subject_needs_an_accepted_risk)
{
    static const char *const risks[] = {"", ", accept_risk: agreed"};

    lines_build(HAS_KEY | HAS_INDEX);
    bind_try(&trial, arena_printf(trial.arena,
                                  "sample: { start: [ { table: customers, rows: 5 } ], fraction: "
                                  "0.1 }\nunclassified: redact\nsubjects: [orders]\n"
                                  "columns: { postings: { debit: { rule: perturb, group: "
                                  "order_id%s } } }\n",
                                  risks[_i]));
    if (_i == 1)
        ck_assert_bound(&trial);
    else
        ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:5:", "all those of a subject");
}
END_TEST

START_TEST(columns_of_a_group_take_the_same_factor)
{
    lines_build(HAS_KEY | HAS_INDEX);
    bind_try(&trial, "sample: { start: [ { table: customers, rows: 5 } ], fraction: 0.1 }\n"
                     "unclassified: redact\n"
                     "columns: { postings: { debit: { rule: perturb, group: order_id }, credit: { "
                     "rule: perturb, group: order_id } } }\n");
    ck_assert_bound(&trial);

    const struct bound_table *table = bind_table(&trial, "postings");

    /* The SQL looks at both columns for their limits. */
    for (size_t i = 0; i < table->lookup_count; i++)
        ck_assert(strstr(table->lookups[i], "\"debit\"") &&
                  strstr(table->lookups[i], "\"credit\""));
}
END_TEST

static size_t notes(const char *part)
{
    size_t count = 0;

    for (size_t i = 0; i < trial.binding->note_count; i++)
        count += strstr(trial.binding->notes[i].text, part) != NULL;
    return count;
}

START_TEST(lines_that_may_come_singly_are_a_limit)
{
    lines_build(HAS_KEY | HAS_INDEX);
    bind_try(&trial,
             arena_printf(trial.arena,
                          "sample: { start: [ { table: customers, rows: 5 } ], fraction: "
                          "0.1 }\nunclassified: redact\n%s"
                          "columns: { postings: { debit: { rule: perturb, group: order_id "
                          "} } }\n",
                          _i ? "pins: [ { table: postings, where: 'id = 1', why: x } ]\n" : ""));
    ck_assert_bound(&trial);
    ck_assert_uint_eq(notes("lines of public.postings may come without others"), (size_t)_i);
}
END_TEST

Suite *suite_bind_groups(void);
Suite *suite_bind_groups(void)
{
    Suite *suite = suite_create("bind/groups");
    TCase *tcase = tcase_create("groups");

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_loop_test(tcase, a_group_is_taken_only_where_its_lines_add_up, 0, COUNT_OF(rows));
    tcase_add_loop_test(tcase, one_factor_for_a_subject_needs_an_accepted_risk, 0, 2);
    tcase_add_test(tcase, columns_of_a_group_take_the_same_factor);
    tcase_add_loop_test(tcase, lines_that_may_come_singly_are_a_limit, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
