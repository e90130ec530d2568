/* Versions of pg_dump. */
#include "stage/pg_tools.h"

#include <check.h>

START_TEST(versions_are_read_as_distributions_print_them)
{
    int major, minor;

    ck_assert(pg_tools_parse_version("pg_dump (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n",
                                     &major, &minor));
    ck_assert_int_eq(major, 15);
    ck_assert_int_eq(minor, 20);
    ck_assert(pg_tools_parse_version("pg_dump (PostgreSQL) 19beta1", &major, &minor));
    ck_assert_int_eq(major, 19);
    ck_assert_int_eq(minor, -1);
    ck_assert(!pg_tools_parse_version("pg_dump: not found", &major, &minor));
    ck_assert(!pg_tools_parse_version("pg_dump (PostgreSQL) ", &major, &minor));
}
END_TEST

START_TEST(releases_before_the_fix_are_known)
{
    static const struct {
        int major, minor;
        bool is_fixed;
    } rows[] = {{12, 99, false}, {13, 21, false}, {13, 22, true}, {14, 18, false}, {14, 19, true},
                {15, 13, false}, {15, 14, true},  {16, 9, false}, {16, 10, true},  {17, 5, false},
                {17, 6, true},   {17, -1, false}, {18, 0, true},  {19, -1, true}};

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        ck_assert_msg(pg_tools_is_fixed(rows[i].major, rows[i].minor) == rows[i].is_fixed, "%d.%d",
                      rows[i].major, rows[i].minor);
}
END_TEST

START_TEST(a_source_newer_than_every_program_is_refused_with_what_is_needed)
{
    struct arena *arena = arena_new();
    struct pg_tools tools;
    struct error err = {0};

    ck_assert(!pg_tools_find(39, arena, &tools, &err));
    ck_assert_int_eq(err.status, STATUS_LOCAL);
    arena_free(arena);
}
END_TEST

Suite *suite_stage_pg_tools(void);
Suite *suite_stage_pg_tools(void)
{
    Suite *suite = suite_create("stage/pg_tools");
    TCase *tcase = tcase_create("tools");

    tcase_add_test(tcase, versions_are_read_as_distributions_print_them);
    tcase_add_test(tcase, releases_before_the_fix_are_known);
    tcase_add_test(tcase, a_source_newer_than_every_program_is_refused_with_what_is_needed);
    suite_add_tcase(suite, tcase);
    return suite;
}
