/* Versions of pg_dump. */
#include "stage/pg_tools.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const programs[] = {"pg_dump", "pg_restore"};

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

    ck_assert(!pg_tools_find(39, 39, arena, &tools, &err));
    ck_assert_int_eq(err.status, STATUS_LOCAL);
    arena_free(arena);
}
END_TEST

START_TEST(a_restore_of_17_and_later_is_not_for_servers_before)
{
    static const struct {
        int major, target;
        bool can_restore;
    } rows[] = {{15, 15, true},  {16, 15, true}, {15, 18, true}, {17, 16, false},
                {18, 15, false}, {18, 17, true}, {18, 18, true}, {19, 18, true}};

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        ck_assert_msg(pg_tools_can_restore(rows[i].major, rows[i].target) == rows[i].can_restore,
                      "%d into %d", rows[i].major, rows[i].target);
}
END_TEST

/* Programs that say a version and no more, of majors that no machine has yet. */
static const char *fake_programs(struct arena *arena, const int *majors, size_t count)
{
    const char *path = "";

    for (size_t i = 0; i < count; i++) {
        char *directory = arena_strdup(arena, "/tmp/understudy-tools-XXXXXX");

        ck_assert_ptr_nonnull(mkdtemp(directory));
        for (int p = 0; p < 2; p++) {
            const char *name = arena_printf(arena, "%s/%s", directory, programs[p]);
            FILE *file = fopen(name, "w");

            ck_assert_ptr_nonnull(file);
            fprintf(file, "#!/bin/sh\necho '%s (PostgreSQL) %d.1'\n", programs[p], majors[i]);
            ck_assert_int_eq(fclose(file), 0);
            ck_assert_int_eq(chmod(name, 0700), 0);
        }
        path = arena_printf(arena, "%s:%s", directory, path);
    }
    return arena_printf(arena, "%s%s", path, getenv("PATH"));
}

static void remove_programs(const char *path, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *end = strchr(path, ':');
        char name[128];

        for (int p = 0; p < 2; p++) {
            snprintf(name, sizeof(name), "%.*s/%s", (int)(end - path), path, programs[p]);
            unlink(name);
        }
        snprintf(name, sizeof(name), "%.*s", (int)(end - path), path);
        rmdir(name);
        path = end + 1;
    }
}

START_TEST(the_oldest_pair_that_knows_the_source_is_taken)
{
    static const int majors[] = {33, 36, 31, 35, 32};
    static const struct {
        int source, target, taken;
    } rows[] = {{31, 33, 31}, {30, 30, 31}, {34, 34, 35}, {33, 40, 33}, {36, 38, 36}};
    struct arena *arena = arena_new();
    const char *path = fake_programs(arena, majors, COUNT_OF(majors));
    struct pg_tools tools;
    struct error err = {0};

    setenv("PATH", path, 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        ck_assert(pg_tools_find(rows[i].source, rows[i].target, arena, &tools, &err));
        ck_assert_msg(tools.major == rows[i].taken, "%d to %d takes %d", rows[i].source,
                      rows[i].target, tools.major);
    }
    remove_programs(path, COUNT_OF(majors));
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
    tcase_add_test(tcase, a_restore_of_17_and_later_is_not_for_servers_before);
    tcase_add_test(tcase, the_oldest_pair_that_knows_the_source_is_taken);
    suite_add_tcase(suite, tcase);
    return suite;
}
