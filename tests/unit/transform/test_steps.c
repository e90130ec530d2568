#include "fixture.h"

#include <check.h>
#include <string.h>

struct step_case {
    const char *rule, *params, *in, *out;
};

static const struct step_case decimals[] = {
    {"round", "{ to: 100 }", "149.99", "100.00"},
    {"round", "{ to: 100 }", "150", "200"},
    {"round", "{ to: 100 }", "-150", "-200"},
    {"round", "{ to: 0.25 }", "1.60", "1.50"},
    {"round", "{ places: 1 }", "0.05", "0.10"},
    {"round", "{ places: -3 }", "1499", "1000"},
    {"round", "{ to: 10 }", "NaN", "NaN"},
    {"round", "{ to: 10 }", "-Infinity", "-Infinity"},
    {"truncate", "{ to: 100 }", "199.99", "100.00"},
    {"truncate", "{ to: 100 }", "-199.99", "-100.00"},
    {"truncate", "{ places: 0 }", "0.99", "0.00"},
    {"round", "{ to: 10 }", "1234567890123456789012345678901234567890",
     "1000000000000000000000000000000000000000"},
};

START_TEST(decimals_go_to_their_step)
{
    const struct step_case *step = &decimals[_i];
    struct fixture fixture;

    fixture_init(&fixture, KIND_DECIMAL, 1);
    ck_assert_msg(fixture_prepare(&fixture, step->rule, step->params), "%s", fixture.err.cause);
    ck_assert_str_eq(fixture_text(&fixture, step->in), step->out);
    fixture_release(&fixture);
}
END_TEST

START_TEST(no_step_leads_out_of_the_column)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_INTEGER, 1);
    fixture.type.width = 2;
    ck_assert(fixture_prepare(&fixture, "round", "{ to: 10 }"));
    ck_assert_int_eq(fixture_integer(&fixture, 32767), 32760);
    ck_assert_int_eq(fixture_integer(&fixture, -32768), -32760);
    ck_assert_int_eq(fixture_integer(&fixture, 32755), 32760);
    fixture_release(&fixture);
    fixture_init(&fixture, KIND_DECIMAL, 1);
    fixture.column.precision = 5;
    fixture.column.scale = 2;
    ck_assert(fixture_prepare(&fixture, "round", "{ to: 10 }"));
    ck_assert_str_eq(fixture_text(&fixture, "999.99"), "990.00");
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_check_is_kept_by_the_other_side)
{
    struct fixture fixture;
    struct check check = {.name = "c", .expression = "(c > 0)"};
    const struct column *columns[1];

    fixture_init(&fixture, KIND_INTEGER, 1);
    columns[0] = &fixture.column;
    check.columns = columns;
    check.column_count = 1;
    fixture.table.checks = &check;
    fixture.table.check_count = 1;
    ck_assert(fixture_prepare(&fixture, "truncate", "{ to: 10 }"));
    ck_assert_int_eq(fixture_integer(&fixture, 7), 10);
    ck_assert_int_eq(fixture_integer(&fixture, 17), 10);
    fixture_release(&fixture);
}
END_TEST

struct time_case {
    const char *rule, *params;
    enum kind kind;
    int64_t in, out;
};

#define DAYS(n)  ((int64_t)(n)*86400000000)
#define HOURS(n) ((int64_t)(n)*3600000000)

static const struct time_case times[] = {
    {"truncate", "{ to: month }", KIND_DATE, 19782, 19754},
    {"truncate", "{ to: quarter }", KIND_DATE, 19782, 19723},
    {"round", "{ to: month }", KIND_DATE, 19782, 19783},
    {"round", "{ to: year }", KIND_TIMESTAMP, DAYS(19782), DAYS(19723)},
    {"truncate", "{ to: 7d }", KIND_DATE, 13, 7},
    {"round", "{ to: 1h }", KIND_TIMESTAMP, HOURS(5) + 1800000000, HOURS(6)},
    {"truncate", "{ to: 1h }", KIND_INSTANT, -1, -HOURS(1)},
    {"round", "{ to: 1h }", KIND_TIME, HOURS(23) + 1900000000, HOURS(24)},
    {"round", "{ to: 1h }", KIND_TIMESTAMP, TIME_MAX, TIME_MAX},
    {"round", "{ to: year }", KIND_DATE, TIME_MIN, TIME_MIN},
};

START_TEST(times_go_to_their_step)
{
    const struct time_case *step = &times[_i];
    struct fixture fixture;

    fixture_init(&fixture, step->kind, 1);
    ck_assert_msg(fixture_prepare(&fixture, step->rule, step->params), "%s", fixture.err.cause);
    ck_assert_int_eq(fixture_integer(&fixture, step->in), step->out);
    fixture_release(&fixture);
}
END_TEST

START_TEST(reals_round_to_the_nearest_tenth_exactly)
{
    struct fixture fixture;
    struct value value = {.real = 0.26};

    fixture_init(&fixture, KIND_REAL, 1);
    ck_assert(fixture_prepare(&fixture, "round", "{ places: 1 }"));
    fixture_apply(&fixture, &value, 1);
    ck_assert(value.real == 0.3);
    value.real = -1e308;
    fixture_apply(&fixture, &value, 1);
    ck_assert(value.real == -1e308 || value.real == 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_text_keeps_its_first_characters)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "truncate", "{ length: 2, accept_risk: areas }"));
    ck_assert_str_eq(fixture_text(&fixture, "\xc3\xbc"
                                            "ber"),
                     "\xc3\xbc"
                     "b");
    ck_assert_uint_eq(fixture.unchanged, 0);
    ck_assert_str_eq(fixture_text(&fixture, "x"), "x");
    ck_assert_uint_eq(fixture.unchanged, 1);
    fixture_release(&fixture);
}
END_TEST

struct bad_case {
    const char *rule, *params;
    enum kind kind;
    enum status status;
    const char *says;
};

static const struct bad_case bad[] = {
    {"round", NULL, KIND_INTEGER, STATUS_PROFILE, "'to' or 'places'"},
    {"round", "{ to: 5, places: 1 }", KIND_DECIMAL, STATUS_PROFILE, "'to' or 'places'"},
    {"round", "{ to: 0 }", KIND_DECIMAL, STATUS_PROFILE, "greater than zero"},
    {"round", "{ to: -5 }", KIND_DECIMAL, STATUS_PROFILE, "greater than zero"},
    {"round", "{ to: 2.5 }", KIND_INTEGER, STATUS_PROFILE, "whole number"},
    {"round", "{ to: 1 }", KIND_INTEGER, STATUS_PROFILE, "nothing would change"},
    {"round", "{ places: 31 }", KIND_DECIMAL, STATUS_PROFILE, NULL},
    {"round", "{ places: 2 }", KIND_DATE, STATUS_PROFILE, "no 'places'"},
    {"round", "{ to: 12h }", KIND_DATE, STATUS_PROFILE, "nothing would change"},
    {"round", "{ to: 36h }", KIND_DATE, STATUS_PROFILE, "whole days"},
    {"round", "{ to: 7h }", KIND_TIME, STATUS_PROFILE, "divide"},
    {"round", "{ to: month }", KIND_TIME, STATUS_PROFILE, "divide"},
    {"round", "{ to: fortnight }", KIND_DATE, STATUS_PROFILE, NULL},
    {"truncate", NULL, KIND_TEXT, STATUS_PROFILE, "'length'"},
    {"truncate", "{ length: 0 }", KIND_TEXT, STATUS_PROFILE, NULL},
    {"truncate", "{ to: 5 }", KIND_TEXT, STATUS_PROFILE, "'length'"},
    {"truncate", "{ length: 5 }", KIND_INTEGER, STATUS_PROFILE, "for texts"},
    {"truncate", "{ lenght: 5 }", KIND_TEXT, STATUS_PROFILE, "lenght"},
};

START_TEST(a_step_that_cannot_be_is_refused_with_its_place)
{
    const struct bad_case *step = &bad[_i];
    struct fixture fixture;

    fixture_init(&fixture, step->kind, 1);
    ck_assert(!fixture_prepare(&fixture, step->rule, step->params));
    ck_assert_int_eq(fixture.err.status, step->status);
    if (step->says)
        ck_assert_msg(strstr(fixture.err.cause, step->says) != NULL, "%s", fixture.err.cause);
    fixture_release(&fixture);
}
END_TEST

START_TEST(the_beginning_of_a_text_needs_an_accepted_risk)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(!fixture_prepare(&fixture, "truncate", "{ length: 2 }"));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    fixture.site.accept_risk = "areas";
    fixture.column.max_length = 2;
    ck_assert(!fixture_prepare(&fixture, "truncate", "{ length: 2 }"));
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    ck_assert(fixture_prepare(&fixture, "truncate", "{ length: 1 }"));
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_steps(void);
Suite *suite_transform_steps(void)
{
    Suite *suite = suite_create("transform/steps");
    TCase *tcase = tcase_create("steps");

    tcase_add_loop_test(tcase, decimals_go_to_their_step, 0, COUNT_OF(decimals));
    tcase_add_test(tcase, no_step_leads_out_of_the_column);
    tcase_add_test(tcase, a_check_is_kept_by_the_other_side);
    tcase_add_loop_test(tcase, times_go_to_their_step, 0, COUNT_OF(times));
    tcase_add_test(tcase, reals_round_to_the_nearest_tenth_exactly);
    tcase_add_test(tcase, a_text_keeps_its_first_characters);
    tcase_add_loop_test(tcase, a_step_that_cannot_be_is_refused_with_its_place, 0, COUNT_OF(bad));
    tcase_add_test(tcase, the_beginning_of_a_text_needs_an_accepted_risk);
    suite_add_tcase(suite, tcase);
    return suite;
}
