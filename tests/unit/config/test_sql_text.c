/* The wall before SQL of a profile: what must pass, what must not, and what variables become. */
#include "config/sql_text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const char *const fine[] = {
    "id = 4711",
    "subject_type = 'Order'",
    "name = 'it''s (fine'",
    "\"odd \"\"(name\" = 1",
    "a in (select b from c where (d) = 1)",
    "x = E'a\\'(b'",
    "x = e'\\\\' and y = ')'",
    "x = $$)($$",
    "x = $tag$ ' $$ ) $tag$",
    "a$b$ = 1",
    "a -- ) comment\n = 1",
    "a -- )\r = 1",
    "a /* ) ' $$ */ = 1",
    "a = '--' and b = 1",
    "a::text = '1' and b[1:2] = c",
    "a = -1 - -1",
    "a #>> '{b}' is not null",
    "a @> '{\"x\":1}'::jsonb",
    "name = 'back\\slash'",
    "name = 'two\\\\'",
    "a is distinct from b",
    "a = U&'d\\0061t'",
    "naïve = 1",
};

START_TEST(one_balanced_expression_passes)
{
    struct error err = {0};

    ck_assert_msg(sql_text_check(fine[_i], SQL_CONDITION, &err), "%s: %s", fine[_i], err.cause);
}
END_TEST

static const struct refusal {
    const char *text, *cause;
} hostile[] = {
    {"", "empty"},
    {"  \n ", "empty"},
    {"/* nothing */", "empty"},
    {"a = 1; drop table b", "semicolon"},
    {"a = 1) or (1 = 1", "never opened"},
    {")(", "never opened"},
    {"(a = 1", "not closed"},
    {"(a[1) = 1]", "never opened"},
    {"a = 'open", "string is not closed"},
    {"a = 'open''", "string is not closed"},
    {"a = \"open", "quoted name is not closed"},
    {"a = $$open$", "dollar quoted string is not closed"},
    {"a = $x$open$y$", "dollar quoted string is not closed"},
    {"a = 1 -- swallows", "'--' comment is not ended"},
    {"a = (1 -- )", "'--' comment is not ended"},
    {"a = 1 /* open", "comment is not closed"},
    {"a = 1 /*/", "comment is not closed"},
    {"a = /* /* */ ) */ 1", "comment inside a comment"},
    {"a = 1 /*! or 1=1 */", "execute"},
    {"a = 1 /*M! or 1=1 */", "execute"},
    {"a = '\\' or b = ') or (1=1 --\n'", "backslash before a quote"},
    {"a = '\\\\\\''", "backslash before a quote"},
    {"a = E'x\\", "string is not closed"},
    {"a = E'x\\'", "string is not closed"},
    {"a = E'x'\n'\\') or (1=1'", "follows an E'' string"},
    {"a = E'x' -- c\n '\\') or (1=1'", "follows an E'' string"},
    {"a = `)` or 1", "backtick"},
    {"a = $1", "numbered parameter"},
    {"a = $ 1", "neither a string nor a name"},
    {"a = 1e'\\') or (1=1'", "follows a number"},
    {"a = 1$$)$$", "follows a number"},
    {"a = 1 \\ 2", "backslash stands outside"},
    {"a = \001", "control character"},
};

START_TEST(what_could_leave_its_parentheses_is_refused)
{
    const struct refusal *row = &hostile[_i];
    struct error err = {0};

    ck_assert_msg(!sql_text_check(row->text, SQL_CONDITION, &err), "was taken: %s", row->text);
    ck_assert_int_eq(err.status, STATUS_PROFILE);
    ck_assert_msg(strstr(err.cause, row->cause), "'%s' does not say '%s'", err.cause, row->cause);
}
END_TEST

START_TEST(the_place_of_a_mistake_is_named)
{
    struct error err = {0};

    ck_assert(!sql_text_check("a = 1) or", SQL_CONDITION, &err));
    ck_assert_str_eq(err.cause, "SQL, at character 6: this closes what was never opened");
}
END_TEST

START_TEST(deep_parentheses_are_refused_and_not_followed)
{
    char text[1200] = "";
    struct error err = {0};

    memset(text, '(', 600);
    text[600] = '1';
    memset(text + 601, ')', 598);
    ck_assert(!sql_text_check(text, SQL_CONDITION, &err));
    ck_assert_ptr_nonnull(strstr(err.cause, "too deep"));
}
END_TEST

static const char *const orderings[] = {"created_at desc, id", "lower(name) nulls first",
                                        "(select max(x) from t where y = z limit 1)", "t.offset"};
static const char *const clauses[] = {"a limit 5", "a OFFSET 1", "a for update",
                                      "a /* */ union select 1", "a fetch first row only"};

START_TEST(an_ordering_has_columns_and_directions)
{
    struct error err = {0};

    ck_assert_msg(sql_text_check(orderings[_i], SQL_ORDERING, &err), "%s", err.cause);
}
END_TEST

START_TEST(an_ordering_holds_no_further_clause)
{
    struct error err = {0};

    ck_assert(!sql_text_check(clauses[_i], SQL_ORDERING, &err));
    ck_assert_ptr_nonnull(strstr(err.cause, "no further clause"));
}
END_TEST

static void expect_bound(const char *text, const char *expected)
{
    struct arena *arena = arena_new();
    struct error err = {0};
    const char *bound;

    ck_assert_msg(sql_text_bind(text, SQL_CONDITION, arena, &bound, &err), "%s", err.cause);
    ck_assert_str_eq(bound, expected);
    arena_free(arena);
}

START_TEST(a_variable_becomes_an_escaped_literal)
{
    setenv("UNDERSTUDY_T", "it's) or (1=1 --", 1);
    expect_bound("a = :UNDERSTUDY_T", "a =  'it''s) or (1=1 --'");
    expect_bound("(a=:UNDERSTUDY_T)", "(a= 'it''s) or (1=1 --')");
    setenv("UNDERSTUDY_T", "\\' or (1=1", 1);
    expect_bound("a = :UNDERSTUDY_T", "a =  E'\\\\'' or (1=1'");
    setenv("UNDERSTUDY_T", "", 1);
    expect_bound("a = :UNDERSTUDY_T", "a =  ''");
}
END_TEST

START_TEST(casts_quotes_and_comments_are_left_alone)
{
    static const char *const same[] = {
        "a::UNDERSTUDY_T = 1",
        "a = ':UNDERSTUDY_T'",
        "\":UNDERSTUDY_T\" = 1",
        "a = $$:UNDERSTUDY_T$$",
        "a /* :UNDERSTUDY_T */ = 1",
        "a -- :UNDERSTUDY_T\n = 1",
        "a = E'\\':UNDERSTUDY_T'",
        "b[1:2] = 1",
        "a := 1",
    };

    setenv("UNDERSTUDY_T", "x", 1);
    for (size_t i = 0; i < COUNT_OF(same); i++)
        expect_bound(same[i], same[i]);
    expect_bound("a = :UNDERSTUDY_T::int", "a =  'x'::int");
    expect_bound("a:::UNDERSTUDY_T", "a:: 'x'");
}
END_TEST

static void expect_unbound(const char *text, const char *cause)
{
    struct arena *arena = arena_new();
    struct error err = {0};
    const char *bound;

    ck_assert_msg(!sql_text_bind(text, SQL_CONDITION, arena, &bound, &err), "was taken: %s", text);
    ck_assert_msg(strstr(err.cause, cause), "'%s' does not say '%s'", err.cause, cause);
    arena_free(arena);
}

START_TEST(a_variable_that_is_not_there_is_an_error)
{
    unsetenv("UNDERSTUDY_T");
    expect_unbound("a = :UNDERSTUDY_T", "'UNDERSTUDY_T', which is not set");
    setenv("UNDERSTUDY_T", "\xff", 1);
    expect_unbound("a = :UNDERSTUDY_T", "UTF-8");
    setenv("UNDERSTUDY_T", "x", 1);
    expect_unbound("a = ${UNDERSTUDY_T}", "'${' is not replaced in SQL");
    expect_unbound("a = :UNDERSTUDY_T'b'", "follows a variable directly");
    expect_unbound("a = E'b':UNDERSTUDY_T", "follows an E'' string");
}
END_TEST

Suite *suite_config_sql_text(void);
Suite *suite_config_sql_text(void)
{
    Suite *suite = suite_create("config/sql_text");
    TCase *tests = tcase_create("sql_text");

    tcase_add_loop_test(tests, one_balanced_expression_passes, 0, COUNT_OF(fine));
    tcase_add_loop_test(tests, what_could_leave_its_parentheses_is_refused, 0, COUNT_OF(hostile));
    tcase_add_test(tests, the_place_of_a_mistake_is_named);
    tcase_add_test(tests, deep_parentheses_are_refused_and_not_followed);
    tcase_add_loop_test(tests, an_ordering_has_columns_and_directions, 0, COUNT_OF(orderings));
    tcase_add_loop_test(tests, an_ordering_holds_no_further_clause, 0, COUNT_OF(clauses));
    tcase_add_test(tests, a_variable_becomes_an_escaped_literal);
    tcase_add_test(tests, casts_quotes_and_comments_are_left_alone);
    tcase_add_test(tests, a_variable_that_is_not_there_is_an_error);
    suite_add_tcase(suite, tests);
    return suite;
}
