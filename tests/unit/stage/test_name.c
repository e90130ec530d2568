/* Names made of a name and a suffix. */
#include "stage/name.h"

#include "base/utf8.h"
#include <check.h>
#include <string.h>

START_TEST(a_short_name_keeps_all_of_itself)
{
    char out[NAME_BYTES];

    name_of_new(ENGINE_POSTGRESQL, "shop", "0123456789abcdef", out);
    ck_assert_str_eq(out, "shop__new_0123456789abcdef");
    name_of_old(ENGINE_POSTGRESQL, "shop", INT64_C(1767323045000000), out);
    ck_assert_str_eq(out, "shop__old_20260102T030405");
}
END_TEST

START_TEST(a_long_name_is_cut_and_the_suffix_never)
{
    char name[NAME_BYTES];
    char out[NAME_BYTES];

    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    name_of_new(ENGINE_POSTGRESQL, name, "0123456789abcdef", out);
    ck_assert_uint_eq(strlen(out), 63);
    ck_assert(strstr(out, "x__new_0123456789abcdef") != NULL);
}
END_TEST

START_TEST(the_cut_splits_no_character)
{
    char name[NAME_BYTES] = "";
    char out[NAME_BYTES];

    for (int i = 0; i < 31; i++)
        strncat(name, "\303\251", sizeof(name) - strlen(name) - 1);
    for (size_t skip = 0; skip < 4; skip++) {
        char suffix[8] = "__abc";

        suffix[2 + skip % 3] = '\0';
        name_with_suffix(ENGINE_POSTGRESQL, name, suffix, out);
        ck_assert(utf8_valid(out, strlen(out)));
        ck_assert_uint_le(strlen(out), 63);
        ck_assert_uint_ge(strlen(out), 62);
    }
}
END_TEST

START_TEST(mysql_counts_characters_not_bytes)
{
    char name[NAME_BYTES] = "";
    char out[NAME_BYTES];

    for (int i = 0; i < 64; i++)
        strncat(name, "\342\202\254", sizeof(name) - strlen(name) - 1);
    name_of_new(ENGINE_MYSQL, name, "0123456789abcdef", out);
    ck_assert_uint_eq(utf8_length(out, strlen(out)), 64);
    ck_assert(strstr(out, "\342\202\254__new_0123456789abcdef") != NULL);
    name_of_old(ENGINE_MYSQL, "shop", 0, out);
    ck_assert_str_eq(out, "shop__old_19700101T000000");
}
END_TEST

START_TEST(a_former_name_tells_its_second_and_no_other_name_does)
{
    int64_t then_us = 0;
    char out[NAME_BYTES], longer[61];

    name_of_old(ENGINE_MYSQL, "shop", INT64_C(1767323045000000), out);
    ck_assert(name_read_old(ENGINE_MYSQL, "shop", out, &then_us));
    ck_assert_int_eq(then_us, INT64_C(1767323045000000));
    ck_assert(!name_read_old(ENGINE_MYSQL, "sho", out, &then_us));
    ck_assert(!name_read_old(ENGINE_MYSQL, "shop", "shop__old_20260102T030460", &then_us));
    ck_assert(!name_read_old(ENGINE_MYSQL, "shop", "shop__old_20261302T030405", &then_us));
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    name_of_old(ENGINE_MYSQL, longer, INT64_C(1767323045000000), out);
    ck_assert(!name_read_old(ENGINE_MYSQL, longer, out, &then_us));
}
END_TEST

Suite *suite_stage_name(void);
Suite *suite_stage_name(void)
{
    Suite *suite = suite_create("stage/name");
    TCase *tcase = tcase_create("name");

    tcase_add_test(tcase, a_short_name_keeps_all_of_itself);
    tcase_add_test(tcase, a_long_name_is_cut_and_the_suffix_never);
    tcase_add_test(tcase, the_cut_splits_no_character);
    tcase_add_test(tcase, mysql_counts_characters_not_bytes);
    tcase_add_test(tcase, a_former_name_tells_its_second_and_no_other_name_does);
    suite_add_tcase(suite, tcase);
    return suite;
}
