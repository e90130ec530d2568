#include "my_case.h"

START_TEST(an_absent_target_is_created)
{
    run_whole("fresh", "one");
    ck_assert_str_eq(case_ask("target", "fresh", "SELECT name FROM customers"), "one");
    run_whole("fresh", "two");
    ck_assert_str_eq(case_ask("target", "fresh", "SELECT name FROM customers"), "two");
}
END_TEST
void case_add_swap(Suite *suite)
{
    TCase *tcase = case_new(suite, "swap");
    tcase_add_test(tcase, an_absent_target_is_created);
}
