/* Messages as MariaDB 10.11 and MySQL 9.7 wrote them, and what may be taken from them. */
#include "db/my_blame.h"

#include <check.h>
#include <string.h>

#define ODD "we`ird 'c"

static struct column columns[] = {{.name = "n"}, {.name = "v"},   {.name = "c'"}, {.name = ODD},
                                  {.name = "j"}, {.name = "nn"},  {.name = "g"},  {.name = "tm"},
                                  {.name = "f"}, {.name = "x.n"}, {.name = "%s"}};
static struct column *pointers[COUNT_OF(columns)];
static struct check checks[] = {{.name = "od'd ck"}, {.name = "CONSTRAINT_1"}, {.name = "t_chk_1"}};
static struct table table = {.name = "t",
                             .column_count = COUNT_OF(columns),
                             .columns = pointers,
                             .check_count = COUNT_OF(checks),
                             .checks = checks};

static void setup(void)
{
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        pointers[i] = &columns[i];
}

static struct my_blame blame(unsigned number, const char *message)
{
    return my_blame_find(number, span_of(message), "x", &table);
}

struct row {
    unsigned number;
    const char *message;
    const char *kind, *name;
};

static const struct row rows[] = {
    /* both servers */
    {1264, "Out of range value for column 'n' at row 1", "column", "n"},
    {1265, "Data truncated for column 'v' at row 65535", "column", "v"},
    {1406, "Data too long for column 'v' at row 1", "column", "v"},
    {1048, "Column 'nn' cannot be null", "column", "nn"},
    {1263, "Column set to default value; NULL supplied to NOT NULL column 'nn' at row 1", "column",
     "nn"},
    {1364, "Field 'nn' doesn't have a default value", "column", "nn"},
    /* MariaDB */
    {1366, "Incorrect decimal value: 'ab' for column `x`.`t`.`n` at row 1", "column", "n"},
    {1366, "Incorrect string value: '\\xFF\\xFE' for column `x`.`t`.`v` at row 1", "column", "v"},
    {1366, "Incorrect integer value: 'a' for column `x`.`t`.`we`ird 'c` at row 1", "column", ODD},
    {1292, "Incorrect time value: '999:99:99' for column `x`.`t`.`tm` at row 1", "column", "tm"},
    {4025, "CONSTRAINT `CONSTRAINT_1` failed for `x`.`t`", "constraint", "CONSTRAINT_1"},
    {4025, "CONSTRAINT `od'd ck` failed for `x`.`t`", "constraint", "od'd ck"},
    {4025, "CONSTRAINT `t.g` failed for `x`.`t`", "column", "g"},
    /* MySQL */
    {1366, "Incorrect FLOAT value: 'abc' for column 'f' at row 1", "column", "f"},
    {1366, "Incorrect integer value: 'a' for column 'we`ird 'c' at row 1", "column", ODD},
    {1292, "Incorrect datetime value: 'nope' for column 'tm' at row 1", "column", "tm"},
    {3819, "Check constraint 'od'd ck' is violated.", "constraint", "od'd ck"},
    {3819, "Check constraint 't_chk_1' is violated.", "constraint", "t_chk_1"},
};

START_TEST(the_name_in_a_message_is_found)
{
    struct my_blame found = blame(rows[_i].number, rows[_i].message);

    ck_assert_msg(found.name != NULL, "%s", rows[_i].message);
    ck_assert_str_eq(found.kind, rows[_i].kind);
    ck_assert_str_eq(found.name, rows[_i].name);
    ck_assert((found.column != NULL) == (strcmp(found.kind, "column") == 0));
}
END_TEST

START_TEST(a_value_that_is_written_like_a_message_misleads_nobody)
{
    /* the value: x for column 'v' at row 1 */
    struct my_blame found = blame(1366, "Incorrect integer value: 'x for column 'v' at row 1' for "
                                        "column `x`.`t`.`n` at row 1");
    ck_assert_str_eq(found.name, "n");
    found = blame(1366, "Incorrect integer value: 'x' for column 'v' at row 1' for column 'n' at "
                        "row 1");
    ck_assert_str_eq(found.name, "n");
}
END_TEST

static const struct row strange[] = {
    /* no such name, another table or schema, a sentence of another number */
    {1264, "Out of range value for column 'secret' at row 1", NULL, NULL},
    {1366, "Incorrect integer value: 'a' for column `x`.`u`.`n` at row 1", NULL, NULL},
    {1366, "Incorrect integer value: 'a' for column `y`.`t`.`n` at row 1", NULL, NULL},
    {4025, "CONSTRAINT `CONSTRAINT_1` failed for `x`.`u`", NULL, NULL},
    {4025, "CONSTRAINT `secret` failed for `x`.`t`", NULL, NULL},
    {1265, "Data too long for column 'v' at row 1", NULL, NULL},
    {1062, "Duplicate entry 'v' for key 'v'", NULL, NULL},
    /* more, less or other words */
    {1264, "Out of range value for column 'n' at row 1 or so", NULL, NULL},
    {1264, "Out of range value for column 'n' at row ", NULL, NULL},
    {1264, "Out of range value for column 'n'", NULL, NULL},
    {1264, "Out of range value for column 'N' at row 1", NULL, NULL},
    {1264, " at row 1", NULL, NULL},
    {1264, "1", NULL, NULL},
    {1366, "", NULL, NULL},
    {1366, "Incorrect ' for column 'n", NULL, NULL},
    {1366, "Falscher integer-Wert: 'a' for column 'n' at row 1", NULL, NULL},
    {1048, "Feld 'nn' darf nicht NULL sein", NULL, NULL},
};

START_TEST(what_is_no_sentence_about_a_known_name_names_nothing)
{
    struct my_blame found = blame(strange[_i].number, strange[_i].message);

    ck_assert_msg(found.name == NULL, "%s: %s", strange[_i].message, found.name);
    ck_assert(found.column == NULL);
}
END_TEST

START_TEST(where_two_names_fit_none_is_named)
{
    static struct column two[] = {{.name = "c"}, {.name = "v' for column 'c"}};
    struct column *both[] = {&two[0], &two[1]};
    const struct table odd = {.name = "t", .column_count = 2, .columns = both};
    const char *message = "Incorrect integer value: 'a' for column 'v' for column 'c' at row 1";

    ck_assert(my_blame_find(1366, span_of(message), "x", &odd).name == NULL);
}
END_TEST

Suite *suite_db_my_blame(void);
Suite *suite_db_my_blame(void)
{
    Suite *suite = suite_create("db/my_blame");
    TCase *tcase = tcase_create("messages");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_loop_test(tcase, the_name_in_a_message_is_found, 0, (int)COUNT_OF(rows));
    tcase_add_test(tcase, a_value_that_is_written_like_a_message_misleads_nobody);
    tcase_add_loop_test(tcase, what_is_no_sentence_about_a_known_name_names_nothing, 0,
                        (int)COUNT_OF(strange));
    tcase_add_test(tcase, where_two_names_fit_none_is_named);
    suite_add_tcase(suite, tcase);
    return suite;
}
