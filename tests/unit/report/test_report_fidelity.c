/* How far staging is from production, as the report and the terminal have it. */
#include "report/report_fidelity.h"

#include "support/bind_trial.h"

#include <check.h>
#include <math.h>
#include <yajl/yajl_tree.h>

Suite *suite_report_report_fidelity(void);

static struct bind_trial trial;
static struct survey survey;
static struct selection selection;
static struct copied copied;
static struct distribution real[3];
static struct fan_out fan_out, unfollowed;
static struct column_fidelity columns[3];
static struct edge_fidelity edge[2];
static struct fidelity fidelity;
static struct report report;
static struct buf out;

static void begin(void)
{
    static const struct column_scores none = {100, NAN, 1, NAN, NAN, NAN, NAN};
    static const struct column_scores better = {100, NAN, 1, 0.99, NAN, NAN, NAN};
    static const struct column_scores scores = {100, 12.4, 0.99, 0.8764, 0.5, 1, 0.25};

    bind_begin_shop(&trial);
    bind_try(&trial, bind_shop_columns);
    ck_assert_bound(&trial);
    survey = (struct survey){.binding = trial.binding};
    selection = (struct selection){.binding = trial.binding, .survey = &survey};
    real[0] = (struct distribution){.column = bind_column(&trial, "orders", "total"),
                                    .comparable = COMPARABLE_VALUES,
                                    .rows = 12345,
                                    .has_values = true,
                                    .distinct = 99.6};
    real[1] = (struct distribution){.column = bind_column(&trial, "orders", "note"),
                                    .comparable = COMPARABLE_NULLS};
    real[2] = (struct distribution){.column = bind_column(&trial, "orders", "placed_at"),
                                    .comparable = COMPARABLE_VALUES};
    columns[0] = (struct column_fidelity){&real[2], better, better};
    columns[1] = (struct column_fidelity){&real[0], scores, scores};
    columns[2] = (struct column_fidelity){&real[1], none, none};
    fan_out = (struct fan_out){
        .edge = bind_edge(&trial, "public.orders(customer_id) -> public.customers(id)")->edge,
        .is_known = true};
    unfollowed.edge = bind_edge(&trial, "public.lines(order_id) -> public.orders(id)")->edge;
    edge[0] = (struct edge_fidelity){&fan_out, true, false, {7, 0.7111}, {9, 0.4}};
    edge[1] = (struct edge_fidelity){&unfollowed, false, false, {7, 0.01}, {9, 0.01}};
    fidelity = (struct fidelity){.column_count = 3,
                                 .columns = columns,
                                 .edge_count = 2,
                                 .edges = edge,
                                 .sampled = {0.8764, 0.7111},
                                 .whole = {0.8764, 0.4}};
    report = (struct report){.binding = trial.binding,
                             .selection = &selection,
                             .copied = &copied,
                             .fidelity = &fidelity};
    buf_init(&out, BUF_CEILING_MAX);
}

static void end(void)
{
    buf_release(&out);
    bind_end(&trial);
}

static yajl_val parse(void)
{
    AUTO(json) struct json *json = json_new(true);
    char fault[200] = "";

    json_object(json);
    report_fidelity_write(json, &report);
    json_object_end(json);
    buf_reset(&out);
    ck_assert(json_finish(json, &out));
    yajl_val tree = yajl_tree_parse(buf_text(&out), fault, sizeof(fault));
    ck_assert_msg(tree != NULL, "%s", fault);
    return tree;
}

static yajl_val get(yajl_val tree, const char *key, yajl_type type)
{
    const char *path[] = {key, NULL};
    yajl_val found = yajl_tree_get(tree, path, type);

    ck_assert_msg(found != NULL, "%s", key);
    return found;
}

START_TEST(scores_have_the_names_of_sdmetrics)
{
    yajl_val tree = parse(), all = get(tree, "fidelity", yajl_t_object);
    yajl_val column = get(all, "columns", yajl_t_array)->u.array.values[1];
    yajl_val sampled = get(column, "sampled", yajl_t_object);

    ck_assert(YAJL_IS_TRUE(get(all, "measured", yajl_t_any)));
    ck_assert_str_eq(YAJL_GET_STRING(get(column, "column", yajl_t_string)), "public.orders.total");
    ck_assert_str_eq(YAJL_GET_STRING(get(column, "compared", yajl_t_string)), "values");
    ck_assert_double_eq_tol(YAJL_GET_DOUBLE(get(sampled, "KSComplement", yajl_t_number)), 0.8764,
                            1e-9);
    ck_assert_double_eq_tol(YAJL_GET_DOUBLE(get(sampled, "TVComplement", yajl_t_number)), 0.5,
                            1e-9);
    get(sampled, "MissingValueSimilarity", yajl_t_number);
    get(sampled, "CategoryCoverage", yajl_t_number);
    get(sampled, "RangeCoverage", yajl_t_number);
    ck_assert_int_eq(YAJL_GET_INTEGER(get(sampled, "distinct", yajl_t_number)), 12);
    column = get(all, "columns", yajl_t_array)->u.array.values[2];
    ck_assert(YAJL_IS_NULL(get(get(column, "whole", yajl_t_object), "KSComplement", yajl_t_any)));
    yajl_val edges = get(all, "edges", yajl_t_array);
    get(get(edges->u.array.values[0], "whole", yajl_t_object), "CardinalityShapeSimilarity",
        yajl_t_number);
    yajl_tree_free(tree);
}
END_TEST

static void check_reason(const char *reason)
{
    yajl_val tree = parse(), all = get(tree, "fidelity", yajl_t_object);

    ck_assert(YAJL_IS_FALSE(get(all, "measured", yajl_t_any)));
    ck_assert(YAJL_IS_NULL(get(all, "overall", yajl_t_any)));
    ck_assert_str_eq(YAJL_GET_STRING(get(all, "why_not", yajl_t_string)), reason);
    yajl_tree_free(tree);
    buf_reset(&out);
    report_fidelity_text(&report, &out);
    ck_assert_str_eq(buf_text(&out), "");
}

START_TEST(what_was_not_measured_has_a_reason)
{
    fidelity.column_count = fidelity.edge_count = 0;
    check_reason("no table was surveyed: every one came as it is, or was left out");
    report.fidelity = NULL;
    selection.survey = NULL;
    check_reason("there was no survey");
    report.copied = NULL;
    check_reason("only what was copied is compared");
    report.selection = NULL;
    check_reason("only what was copied is compared");
}
END_TEST

START_TEST(the_terminal_hears_the_averages_and_what_is_least_alike)
{
    report_fidelity_text(&report, &out);
    ck_assert_str_eq(buf_text(&out),
                     "likeness columns 0.876 (with tails 0.876), fan-out 0.711 (with tails 0.400)\n"
                     "         least  public.orders.total 0.876\n"
                     "         least  public.orders(customer_id) -> public.customers(id) 0.711\n");
}
END_TEST

START_TEST(lines_stay_within_80_columns)
{
    struct edge long_edge = *fan_out.edge;
    const char *line;

    long_edge.name =
        "public.a_table_with_a_name(a_column) -> public.another_table_of_that_kind(id)";
    fan_out.edge = &long_edge;
    fidelity.sampled.column_shapes = fidelity.sampled.cardinality = NAN;
    report_fidelity_text(&report, &out);
    for (line = buf_text(&out); *line; line += strcspn(line, "\n") + 1)
        ck_assert_uint_le(strcspn(line, "\n"), 80);
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "public.another_table_of_that_kind(id) 0.711"));
}
END_TEST

Suite *suite_report_report_fidelity(void)
{
    Suite *suite = suite_create("report/report_fidelity");
    TCase *tests = tcase_create("report_fidelity");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, scores_have_the_names_of_sdmetrics);
    tcase_add_test(tests, what_was_not_measured_has_a_reason);
    tcase_add_test(tests, the_terminal_hears_the_averages_and_what_is_least_alike);
    tcase_add_test(tests, lines_stay_within_80_columns);
    suite_add_tcase(suite, tests);
    return suite;
}
