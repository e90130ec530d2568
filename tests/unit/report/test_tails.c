/* What the reports say of the long tail, over a survey made by hand. */
#include "report/report.h"
#include "support/bind_trial.h"
#include <check.h>
#include <yajl/yajl_tree.h>

enum { STRATA_MOST = 200 };

static struct bind_trial trial;
static struct selection selection;
static struct survey survey;
static struct stratum strata[STRATA_MOST];
static struct selected_stratum outcomes[STRATA_MOST];
static const struct bound_column *columns[2];
static struct survey_gap gaps[2];
static struct report report;
static struct error outcome;
static struct copied copied;
static struct buf out;

static void begin(void)
{
    bind_begin_shop(&trial);
    bind_try(&trial, bind_shop_columns);
    ck_assert_bound(&trial);
    const size_t edges = trial.binding->graph->all.count;

    bind_select(&trial, &selection);
    copied = (struct copied){.bytes = 1};
    copied.nulled = ARENA_ARRAY(trial.arena, edges + 1, uint64_t);
    outcome = (struct error){0};
    report = (struct report){.version = "0.1.0",
                             .command = "plan",
                             .error = &outcome,
                             .options = &trial.options,
                             .profile = trial.profile,
                             .catalog = trial.binding->catalog,
                             .binding = trial.binding,
                             .selection = &selection,
                             .copied = &copied};
    columns[0] = bind_column(&trial, "orders", "note");
    columns[1] = bind_column(&trial, "customers", "created_at");
    survey = (struct survey){
        .binding = trial.binding, .strata = strata, .table_count = 2, .rows = 600000};
    buf_init(&out, BUF_CEILING_MAX);
}

static void end(void)
{
    buf_release(&out);
    bind_end(&trial);
}

/* One more rare stratum of orders. */
static struct stratum *add(const char *describe, uint64_t rows, enum stratum_outcome how)
{
    const size_t index = survey.stratum_count++;

    ck_assert_uint_lt(index, STRATA_MOST);
    strata[index] = (struct stratum){.table = bind_table(&trial, "orders"),
                                     .kind = "rare_value",
                                     .column_count = 1,
                                     .columns = columns,
                                     .describe = describe,
                                     .rows = rows,
                                     .is_rare = how != OUTCOME_COMMON,
                                     .wanted = 5,
                                     .weight = 1};
    outcomes[index] = (struct selected_stratum){.outcome = how,
                                                .kept = how == OUTCOME_COVERED  ? 5
                                                        : how == OUTCOME_PARTLY ? 2
                                                                                : 0};
    if (how == OUTCOME_MASKED_AWAY)
        strata[index].masked = columns[0];
    selection.survey = &survey;
    selection.strata = outcomes;
    selection.tails.rare += how != OUTCOME_COMMON;
    selection.tails.covered += how == OUTCOME_COVERED || how == OUTCOME_PARTLY;
    selection.tails.masked_away += how == OUTCOME_MASKED_AWAY;
    return &strata[index];
}

/* One of each outcome. */
static void add_all(void)
{
    add("note is common", 5000, OUTCOME_COMMON);
    add("note = 'legacy_v1'", 12, OUTCOME_COVERED);
    add("note is empty", 9, OUTCOME_PARTLY);
    add("note is the longest", 1, OUTCOME_BUDGET);
    add("note has most lines", 3, OUTCOME_CAP);
    add("note is shared by few rows", 4, OUTCOME_BOUND)->is_estimated = true;
    add("note holds right-to-left letters", 7, OUTCOME_MASKED_AWAY);
    add("note holds control characters", 2, OUTCOME_MASKED_AWAY);
    selection.tails.budget_rows = 1200;
    selection.tails.spent_rows = 1350;
    selection.tails.over_rows = 150;
    selection.tails.completed_rows = 37;
    gaps[0] = (struct survey_gap){"public.lines", "body", "text_form",
                                  "type 'tsvector' is not known to any detector"};
    gaps[1] = (struct survey_gap){"public.orders", NULL, NULL, "its references go in a circle"};
    survey.gaps = gaps;
    survey.gap_count = 2;
}

static yajl_val parse(void)
{
    char fault[200] = "";

    buf_reset(&out);
    ck_assert(report_json(&report, &out, &outcome));
    yajl_val tree = yajl_tree_parse(buf_text(&out), fault, sizeof(fault));
    ck_assert_msg(tree != NULL, "%s", fault);
    return tree;
}

static yajl_val get(yajl_val tree, const char *first, const char *second)
{
    const char *path[] = {first, second, NULL};
    yajl_val found = yajl_tree_get(tree, path, yajl_t_any);

    ck_assert_msg(found != NULL, "%s %s", first, second ? second : "");
    return found;
}

static const char *plan(void)
{
    buf_reset(&out);
    ck_assert(report_plan_text(&report, &out, &outcome));
    return buf_text(&out);
}

static void check_width(const char *text)
{
    while (*text) {
        const size_t len = strcspn(text, "\n");

        ck_assert_msg(len <= 80, "%zu columns: %.*s", len, (int)len, text);
        ck_assert_msg(len == 0 || text[len - 1] != ' ', "a blank ends: %.*s", (int)len, text);
        text += len + (text[len] == '\n');
    }
}

#define ck_assert_has(text, part)   ck_assert_msg(strstr((text), (part)) != NULL, "%s", (text))
#define ck_assert_lacks(text, part) ck_assert_msg(strstr((text), (part)) == NULL, "%s", (text))

START_TEST(rare_strata_are_listed_with_their_outcomes)
{
    static const char *const words[] = {"covered", "partly",      "budget",     "cap",
                                        "bound",   "masked_away", "masked_away"};

    add_all();
    yajl_val tree = parse(), list = get(tree, "tails", "list");
    ck_assert_uint_eq(list->u.array.len, COUNT_OF(words));
    for (size_t i = 0; i < COUNT_OF(words); i++)
        ck_assert_str_eq(YAJL_GET_STRING(get(list->u.array.values[i], "outcome", NULL)), words[i]);
    yajl_val first = list->u.array.values[0];
    ck_assert_str_eq(YAJL_GET_STRING(get(first, "table", NULL)), "public.orders");
    ck_assert_str_eq(YAJL_GET_STRING(get(first, "kind", NULL)), "rare_value");
    ck_assert_str_eq(YAJL_GET_STRING(get(first, "describe", NULL)), "note = 'legacy_v1'");
    ck_assert_str_eq(YAJL_GET_STRING(get(first, "columns", NULL)->u.array.values[0]), "note");
    ck_assert_int_eq(YAJL_GET_INTEGER(get(first, "source_rows", NULL)), 12);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(first, "kept", NULL)), 5);
    ck_assert(YAJL_IS_NULL(get(first, "masked_by", NULL)));
    yajl_tree_free(tree);
}
END_TEST

START_TEST(coverage_counts_what_is_partly_covered_and_not_what_is_masked_away)
{
    add_all();
    yajl_val tree = parse();
    ck_assert_int_eq(YAJL_GET_INTEGER(get(tree, "tails", "strata")), 8);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(tree, "tails", "rare")), 7);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(tree, "tails", "covered")), 2);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(tree, "tails", "masked_away")), 2);
    ck_assert_double_eq_tol(YAJL_GET_DOUBLE(get(tree, "tails", "coverage")), 2.0 / 7, 1e-4);
    ck_assert(YAJL_IS_TRUE(get(tree, "tails", "surveyed")));
    yajl_val budget = get(tree, "tails", "budget");
    ck_assert_int_eq(YAJL_GET_INTEGER(get(budget, "rows", NULL)), 1200);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(budget, "spent", NULL)), 1350);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(budget, "over", NULL)), 150);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(budget, "completed", NULL)), 37);
    yajl_tree_free(tree);
}
END_TEST

START_TEST(what_is_masked_away_names_column_and_rule)
{
    add_all();
    yajl_val tree = parse(), list = get(tree, "tails", "list");
    yajl_val masked = get(list->u.array.values[5], "masked_by", NULL);
    ck_assert_str_eq(YAJL_GET_STRING(get(masked, "column", NULL)), "public.orders.note");
    ck_assert_str_eq(YAJL_GET_STRING(get(masked, "rule", NULL)), "redact");
    yajl_tree_free(tree);
    /* Two strata of one column are one line of the plan. */
    ck_assert_has(plan(), "public.orders.note, by rule redact: 2 masked away, such as:");
    ck_assert_lacks(plan(), "control characters");
    ck_assert_ptr_null(strstr(strstr(plan(), "by rule redact") + 1, "by rule redact"));
}
END_TEST

START_TEST(a_column_of_another_table_is_named_with_it)
{
    struct stratum *stratum = add("placed before the account was made", 3, OUTCOME_COVERED);

    stratum->column_count = 2;
    stratum->edge = bind_edge(&trial, "public.orders(customer_id) -> public.customers(id)")->edge;
    yajl_val tree = parse(), item = get(tree, "tails", "list")->u.array.values[0];
    ck_assert_str_eq(YAJL_GET_STRING(get(item, "columns", NULL)->u.array.values[1]),
                     "public.customers.created_at");
    ck_assert_str_eq(YAJL_GET_STRING(get(item, "edge", NULL)),
                     "public.orders(customer_id) -> public.customers(id)");
    yajl_tree_free(tree);
}
END_TEST

START_TEST(what_was_not_surveyed_is_listed_with_its_reason)
{
    add_all();
    yajl_val tree = parse(), list = get(tree, "tails", "not_surveyed");
    ck_assert_uint_eq(list->u.array.len, 2);
    ck_assert_str_eq(YAJL_GET_STRING(get(list->u.array.values[0], "columns", NULL)), "body");
    ck_assert(YAJL_IS_NULL(get(list->u.array.values[1], "columns", NULL)));
    yajl_tree_free(tree);
    ck_assert_has(plan(), "public.lines (body), text_form: type 'tsvector' is not known");
    ck_assert_has(plan(), "public.orders: its references go in a circle");
}
END_TEST

START_TEST(a_plan_says_what_is_missing_before_what_came)
{
    add_all();
    const char *text = plan();

    check_width(text);
    ck_assert_has(text, "surveyed: 600,000 rows of 2 tables, 8 strata\n");
    ck_assert_has(text,
                  "coverage: 2 of 7 rare strata (28.6 %), 2 masked away; 40.0 % of the others\n");
    ck_assert_has(text, "budget: 1,200 rows, 1,350 spent, 150 of them beyond it");
    ck_assert_has(text, "37 start rows came as parents");
    ck_assert_has(text, "public.orders: note is the longest: 1 row, none: too many rows");
    ck_assert_has(text, "note is shared by few rows: ~4 rows, none: a sketch was full");
    ck_assert_has(text, "note = 'legacy_v1': 12 rows, 5 kept\n");
    ck_assert_has(text, "    rare_value 2\n");
    ck_assert_lacks(text, "note is common");
    ck_assert(strstr(text, "  not covered\n") < strstr(text, "  covered\n"));
}
END_TEST

START_TEST(a_plan_of_many_strata_stays_short_and_says_how_many_more)
{
    for (size_t i = 0; i < 90; i++)
        add(arena_printf(trial.arena, "missed %zu", i), 1, OUTCOME_BUDGET);
    for (size_t i = 0; i < 90; i++)
        add(arena_printf(trial.arena, "came %zu", i), 100 - i, OUTCOME_COVERED);
    const char *text = plan();

    check_width(text);
    ck_assert_has(text, "missed 29:");
    ck_assert_lacks(text, "missed 30:");
    ck_assert_has(text, "and 60 more (plan --format json lists all)\n");
    /* The rarest of them are shown. */
    ck_assert_has(text, "came 89:");
    ck_assert_has(text, "came 75:");
    ck_assert_lacks(text, "came 74:");
    ck_assert_has(text, "and 75 more (plan --format json lists all)\n");
}
END_TEST

START_TEST(every_kind_that_is_covered_is_shown_before_a_second_of_any)
{
    for (size_t i = 0; i < 40; i++)
        add("a common kind", 1, OUTCOME_COVERED)->weight = 9;
    add("a kind by itself", 100, OUTCOME_COVERED)->kind = "fan_out";
    const char *text = plan();

    ck_assert_has(text, "    rare_value 40, fan_out 1\n");
    ck_assert_has(text, "a kind by itself: 100 rows, 5 kept\n");
}
END_TEST

START_TEST(without_a_survey_the_plan_says_why)
{
    ck_assert_has(plan(), "tails\n  nothing to survey: no table is sampled\n");
    survey.table_count = 0;
    selection.survey = &survey;
    selection.strata = outcomes;
    ck_assert_has(plan(), "tails\n  nothing to survey: no table is sampled\n");
    buf_reset(&out);
    ck_assert(report_refresh_text(&report, &out, &outcome));
    ck_assert_lacks(buf_text(&out), "tails ");
    selection.survey = NULL;
    trial.binding->tails.budget = 0;
    ck_assert_has(plan(), "tails\n  not sought: tails.budget is 0\n");
    yajl_val tree = parse();
    ck_assert(YAJL_IS_FALSE(get(tree, "tails", "surveyed")));
    ck_assert_uint_eq(get(tree, "tails", "list")->u.array.len, 0);
    yajl_tree_free(tree);
    buf_reset(&out);
    ck_assert(report_refresh_text(&report, &out, &outcome));
    ck_assert_lacks(buf_text(&out), "tails ");
    buf_reset(&out);
    ck_assert(report_metrics(&report, &out, &outcome));
    ck_assert_lacks(buf_text(&out), "tails");
}
END_TEST

START_TEST(nothing_rare_is_all_covered)
{
    add("note is common", 5000, OUTCOME_COMMON);
    ck_assert_has(plan(), "coverage: 0 of 0 rare strata (100.0 %)\n");
    yajl_val tree = parse();
    ck_assert_double_eq(YAJL_GET_DOUBLE(get(tree, "tails", "coverage")), 1);
    yajl_tree_free(tree);
    ck_assert_uint_eq(report_limit_count(&report), trial.binding->note_count);
}
END_TEST

START_TEST(what_is_missing_is_a_limit_and_counted)
{
    add_all();
    yajl_val tree = parse();
    ck_assert_uint_eq(get(tree, "limits", NULL)->u.array.len, report_limit_count(&report));
    ck_assert_uint_eq(report_limit_count(&report), trial.binding->note_count + 3);
    yajl_tree_free(tree);
    ck_assert_has(plan(), "tails: of 3 of 7 rare strata no row came");
    ck_assert_has(plan(), "tails: 2 of 7 rare strata are masked away");
    ck_assert_has(plan(), "not sought everywhere: 2 gaps");
}
END_TEST

START_TEST(a_refresh_and_its_metrics_tell_the_coverage)
{
    add_all();
    ck_assert(report_refresh_text(&report, &out, &outcome));
    check_width(buf_text(&out));
    ck_assert_has(buf_text(&out), "tails    2 of 7 rare strata covered (28.6 %), 2 masked away\n");
    buf_reset(&out);
    ck_assert(report_metrics(&report, &out, &outcome));
    ck_assert_has(buf_text(&out), "\nunderstudy_tails_coverage 0.2857\n");
    ck_assert_has(buf_text(&out), "\nunderstudy_tails_strata{of=\"rare\"} 7\n");
    ck_assert_has(buf_text(&out), "\nunderstudy_tails_strata{of=\"covered\"} 2\n");
    ck_assert_has(buf_text(&out), "\nunderstudy_tails_strata{of=\"masked_away\"} 2\n");
}
END_TEST

START_TEST(orphans_of_production_are_those_that_the_survey_counted)
{
    const struct bound_edge *edge =
        bind_edge(&trial, "public.orders(customer_id) -> public.customers(id)");
    struct selected_edge *selected = &selection.edges[edge->edge->index];
    struct stratum *stratum = add("customer_id points nowhere", 12, OUTCOME_COVERED);

    *selected =
        (struct selected_edge){.orphans_kept = 5, .orphans_source = 5, .orphans_estimated = true};
    ck_assert_has(plan(), "5 orphans kept");
    stratum->edge = edge->edge;
    ck_assert_has(plan(), "5 orphans kept");
    stratum->kind = "orphan";
    ck_assert_has(plan(), "; 12 orphans in production, 5 kept");
    yajl_val tree = parse(), edges = get(tree, "edges", NULL);
    yajl_val orphans = get(edges->u.array.values[edge->edge->index], "orphans", NULL);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(orphans, "source", NULL)), 12);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(orphans, "kept", NULL)), 5);
    ck_assert(YAJL_IS_FALSE(get(orphans, "estimated", NULL)));
    yajl_tree_free(tree);
}
END_TEST

START_TEST(names_that_are_not_text_do_not_reach_the_terminal)
{
    struct stratum *stratum = add("a\xff\x1b[31m", 1, OUTCOME_MASKED_AWAY);
    struct column odd = *columns[0]->column;
    struct bound_column bound = *columns[0];

    odd.name = "b\xfe\x1b";
    bound.column = &odd;
    stratum->masked = &bound;
    ck_assert_ptr_null(strchr(plan(), 0x1b));
    yajl_tree_free(parse());
    ck_assert_ptr_null(strchr(buf_text(&out), 0x1b));
}
END_TEST

Suite *suite_report_tails(void);
Suite *suite_report_tails(void)
{
    Suite *suite = suite_create("report/tails");
    TCase *cases = tcase_create("tails");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, rare_strata_are_listed_with_their_outcomes);
    tcase_add_test(cases, coverage_counts_what_is_partly_covered_and_not_what_is_masked_away);
    tcase_add_test(cases, what_is_masked_away_names_column_and_rule);
    tcase_add_test(cases, a_column_of_another_table_is_named_with_it);
    tcase_add_test(cases, what_was_not_surveyed_is_listed_with_its_reason);
    tcase_add_test(cases, a_plan_says_what_is_missing_before_what_came);
    tcase_add_test(cases, a_plan_of_many_strata_stays_short_and_says_how_many_more);
    tcase_add_test(cases, every_kind_that_is_covered_is_shown_before_a_second_of_any);
    tcase_add_test(cases, without_a_survey_the_plan_says_why);
    tcase_add_test(cases, nothing_rare_is_all_covered);
    tcase_add_test(cases, what_is_missing_is_a_limit_and_counted);
    tcase_add_test(cases, a_refresh_and_its_metrics_tell_the_coverage);
    tcase_add_test(cases, orphans_of_production_are_those_that_the_survey_counted);
    tcase_add_test(cases, names_that_are_not_text_do_not_reach_the_terminal);
    suite_add_tcase(suite, cases);
    return suite;
}
