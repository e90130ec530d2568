/* SHOW GRANTS as rights on schemas. */
#include "db/my_grants.h"

#include <check.h>

static struct arena *arena;
static struct my_grants grants;

static void setup(void)
{
    arena = arena_new();
    grants = (struct my_grants){.has_patterns = true};
}

static void teardown(void)
{
    arena_free(arena);
}

static void add(const char *line)
{
    struct error err = {.status = STATUS_OK};

    ck_assert(my_grants_add(&grants, span_of(line), arena, &err));
}

START_TEST(a_right_on_all_schemas_counts_everywhere)
{
    add("GRANT SELECT, CREATE VIEW, SUPER ON *.* TO `a`@`%` WITH GRANT OPTION");
    ck_assert(my_grants_allow(&grants, "shop", "CREATE VIEW"));
    ck_assert(my_grants_allow(&grants, NULL, "SUPER"));
    ck_assert(!my_grants_allow(&grants, "shop", "CREATE"));
    ck_assert(!my_grants_allow(&grants, "shop", "VIEW"));
}
END_TEST

START_TEST(a_pattern_matches_as_like_does)
{
    add("GRANT ALL PRIVILEGES ON `st\\_1%`.* TO `a`@`%`");
    ck_assert(my_grants_allow(&grants, "st_1", "DROP"));
    ck_assert(my_grants_allow(&grants, "st_1__new_7", "DROP"));
    ck_assert(!my_grants_allow(&grants, "stx1", "DROP"));
    ck_assert(!my_grants_allow(&grants, NULL, "DROP"));
    add("GRANT DROP ON `a_b`.* TO `a`@`%`");
    ck_assert(my_grants_allow(&grants, "a\303\251b", "DROP"));
    ck_assert(!my_grants_allow(&grants, "ab", "DROP"));
}
END_TEST

START_TEST(with_partial_revokes_names_are_meant_letter_for_letter)
{
    grants.has_patterns = false;
    add("GRANT DROP ON `a%`.* TO `a`@`%`");
    add("GRANT SELECT ON *.* TO `a`@`%`");
    add("REVOKE SELECT ON `secret`.* FROM `a`@`%`");
    ck_assert(my_grants_allow(&grants, "a%", "DROP"));
    ck_assert(!my_grants_allow(&grants, "ab", "DROP"));
    ck_assert(my_grants_allow(&grants, "ab", "SELECT"));
    ck_assert(!my_grants_allow(&grants, "secret", "SELECT"));
}
END_TEST

START_TEST(rights_on_single_objects_and_roles_are_none_on_a_schema)
{
    add("GRANT SELECT, INSERT (`a`, `b`) ON `shop`.`t` TO `a`@`%`");
    add("GRANT EXECUTE ON FUNCTION `shop`.`f` TO `a`@`%`");
    add("GRANT `reader`@`%` TO `a`@`%`");
    add("GRANT SELECT (`a ON `, `b`) ON `shop`.`t` TO `a`@`%`");
    add("GRANT PROXY ON ''@'' TO 'a'@'%' WITH GRANT OPTION");
    add("GRANT USAGE ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*0000'");
    ck_assert(!my_grants_allow(&grants, "shop", "SELECT"));
    ck_assert(!my_grants_allow(&grants, "shop", "EXECUTE"));
}
END_TEST

Suite *suite_db_my_grants(void);
Suite *suite_db_my_grants(void)
{
    Suite *suite = suite_create("db/my_grants");
    TCase *tcase = tcase_create("my_grants");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_right_on_all_schemas_counts_everywhere);
    tcase_add_test(tcase, a_pattern_matches_as_like_does);
    tcase_add_test(tcase, with_partial_revokes_names_are_meant_letter_for_letter);
    tcase_add_test(tcase, rights_on_single_objects_and_roles_are_none_on_a_schema);
    suite_add_tcase(suite, tcase);
    return suite;
}
