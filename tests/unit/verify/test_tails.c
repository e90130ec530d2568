/* Whether the witnesses that were planned are among the chosen rows. */
#include "support/bind_trial.h"
#include "verify/verify_internal.h"

#include <check.h>

static struct bind_trial trial;
static struct selection selection;
static struct survey survey;
static struct stratum strata[2];
static struct selected_stratum planned[2];
static struct witness witnesses[3] = {{1, 100, 0}, {2, 200, 0}, {3, 300, 0}};
static struct selected_relation relation;
static struct verify_config config;
static struct verify_run run;
static struct check_result result;
static struct error err;

static void begin(void)
{
    bool is_new;

    bind_begin_shop(&trial);
    bind_try(&trial, bind_shop_columns);
    ck_assert_bound(&trial);
    const size_t orders = bind_table(&trial, "orders")->table->index;

    relation = (struct selected_relation){.rows = bitmap_new()};
    ck_assert(bitmap_add(relation.rows, 100, &is_new) && bitmap_add(relation.rows, 300, &is_new));
    bind_select(&trial, &selection);
    selection.survey = &survey;
    selection.strata = planned;
    selection.tables[orders].relations = &relation;
    selection.tables[orders].relation_count = 1;
    strata[0] = (struct stratum){.table = bind_table(&trial, "orders"),
                                 .kind = "rare_value",
                                 .is_rare = true,
                                 .wanted = 2,
                                 .witness_count = 3,
                                 .witnesses = witnesses};
    strata[1] = strata[0];
    strata[1].is_rare = false;
    planned[0] = (struct selected_stratum){OUTCOME_COVERED, 2};
    planned[1] = (struct selected_stratum){OUTCOME_COMMON, 0};
    survey = (struct survey){.stratum_count = 2, .strata = strata};
    config = (struct verify_config){.selection = &selection};
    run = (struct verify_run){.config = &config, .arena = trial.arena};
    result = (struct check_result){0};
}

static void end(void)
{
    bitmap_free(relation.rows);
    bind_end(&trial);
}

static bool verify(void)
{
    ck_assert(verify_tails(&run, &result, &err));
    return result.is_ok;
}

START_TEST(witnesses_among_the_chosen_rows_are_as_planned)
{
    ck_assert(verify());
    ck_assert_str_eq(result.detail, "1 rare strata as planned, 2 witnesses");
}
END_TEST

START_TEST(a_witness_that_is_gone_is_found)
{
    ck_assert(bitmap_remove(relation.rows, 300));
    ck_assert(!verify());
    ck_assert_str_eq(result.detail, "a stratum of public.orders (rare_value) was planned with 2 "
                                    "witnesses and has 1");
}
END_TEST

START_TEST(a_stratum_that_is_called_covered_has_all_its_witnesses)
{
    strata[0].wanted = 3;
    ck_assert(!verify());
    planned[0].outcome = OUTCOME_PARTLY;
    ck_assert(verify());
    planned[0] = (struct selected_stratum){OUTCOME_BUDGET, 0};
    ck_assert(!verify());
}
END_TEST

START_TEST(a_relation_that_comes_as_everything_holds_every_witness)
{
    relation.is_everything = true;
    planned[0].kept = 3;
    ck_assert(verify());
}
END_TEST

START_TEST(without_a_survey_nothing_was_sought)
{
    selection.survey = NULL;
    ck_assert(verify());
    ck_assert_str_eq(result.detail, "no rare rows were sought");
}
END_TEST

Suite *suite_verify_tails(void);
Suite *suite_verify_tails(void)
{
    Suite *suite = suite_create("verify/tails");
    TCase *tcase = tcase_create("tails");

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, witnesses_among_the_chosen_rows_are_as_planned);
    tcase_add_test(tcase, a_witness_that_is_gone_is_found);
    tcase_add_test(tcase, a_stratum_that_is_called_covered_has_all_its_witnesses);
    tcase_add_test(tcase, a_relation_that_comes_as_everything_holds_every_witness);
    tcase_add_test(tcase, without_a_survey_nothing_was_sought);
    suite_add_tcase(suite, tcase);
    return suite;
}
