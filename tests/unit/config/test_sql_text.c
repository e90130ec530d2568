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

    ck_assert_msg(sql_text_check(ENGINE_POSTGRESQL, fine[_i], SQL_CONDITION, &err), "%s: %s",
                  fine[_i], err.cause);
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

    ck_assert_msg(!sql_text_check(ENGINE_POSTGRESQL, row->text, SQL_CONDITION, &err),
                  "was taken: %s", row->text);
    ck_assert_int_eq(err.status, STATUS_PROFILE);
    ck_assert_msg(strstr(err.cause, row->cause), "'%s' does not say '%s'", err.cause, row->cause);
}
END_TEST

START_TEST(the_place_of_a_mistake_is_named)
{
    struct error err = {0};

    ck_assert(!sql_text_check(ENGINE_POSTGRESQL, "a = 1) or", SQL_CONDITION, &err));
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
    ck_assert(!sql_text_check(ENGINE_POSTGRESQL, text, SQL_CONDITION, &err));
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

    ck_assert_msg(sql_text_check(ENGINE_POSTGRESQL, orderings[_i], SQL_ORDERING, &err), "%s",
                  err.cause);
}
END_TEST

START_TEST(an_ordering_holds_no_further_clause)
{
    struct error err = {0};

    ck_assert(!sql_text_check(ENGINE_POSTGRESQL, clauses[_i], SQL_ORDERING, &err));
    ck_assert_ptr_nonnull(strstr(err.cause, "no further clause"));
}
END_TEST

static void expect_bound(const char *text, const char *expected)
{
    struct arena *arena = arena_new();
    struct error err = {0};
    const char *bound;
    const struct sql_reading reading = {ENGINE_POSTGRESQL, SQL_CONDITION, arena};

    ck_assert_msg(sql_text_bind(&reading, text, &bound, &err), "%s", err.cause);
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
    const struct sql_reading reading = {ENGINE_POSTGRESQL, SQL_CONDITION, arena};

    ck_assert_msg(!sql_text_bind(&reading, text, &bound, &err), "was taken: %s", text);
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

static const char *const my_fine[] = {
    "`odd ``(name` = 1",
    "a = \"it's (fine\"",
    "a = 'back\\'(slash'",
    "a = \"x\\\"(\" and b = 'y''('",
    "a = 1 -- ) comment\n or b = 2",
    "a = 1 # ) ' comment\n or b = 2",
    "a = 1 /* ) ' ` */",
    "a = 1 - - 1",
    "1st = 1e5 and `2nd` = 0x1F",
    "a <=> b and c & 1",
    "a = _latin1'x' collate latin1_bin",
    "a = x'41' or b = b'01'",
    "d->>'$.a' = '('",
    "a$b = 1",
};
static const struct refusal my_hostile[] = {
    {"a = `open", "quoted name is not closed"},
    {"a = `a``", "quoted name is not closed"},
    {"a = 'open\\'", "string is not closed"},
    {"a = \"open\\\"", "string is not closed"},
    {"a = '\\", "string is not closed"},
    {"a = '\\\\') or (1=1", "never opened"},
    {"a = \"b') or (1=1 -- \"'\n", "string is not closed"},
    {"a = 1 # swallows", "'#' comment is not ended"},
    {"a = 1 -- swallows\r", "'--' comment is not ended"},
    {"a = 1 --", "'--' comment is not ended"},
    {"a = 1--1", "two signs for others"},
    {"a = 1 /*! or 1=1 */", "execute"},
    {"a = 1 /*M! or 1=1 */", "execute"},
    {"a = (select /*+ SET_VAR(sql_mode='') */ 1)", "tells the server"},
    {"a = 1; drop table b", "semicolon"},
    {"a = $$)$$", "a name for some"},
    {"a = $1", "a name for some"},
    {"a = \\N", "backslash stands outside"},
};

START_TEST(mysql_reads_backticks_backslashes_and_hashes)
{
    struct error err = {0};

    ck_assert_msg(sql_text_check(ENGINE_MYSQL, my_fine[_i], SQL_CONDITION, &err), "%s: %s",
                  my_fine[_i], err.cause);
}
END_TEST

START_TEST(what_could_leave_its_parentheses_on_mysql_is_refused)
{
    const struct refusal *row = &my_hostile[_i];
    struct error err = {0};

    ck_assert_msg(!sql_text_check(ENGINE_MYSQL, row->text, SQL_CONDITION, &err), "was taken: %s",
                  row->text);
    ck_assert_int_eq(err.status, STATUS_PROFILE);
    ck_assert_msg(strstr(err.cause, row->cause), "'%s' does not say '%s'", err.cause, row->cause);
}
END_TEST

START_TEST(a_variable_becomes_a_literal_of_mysql)
{
    struct arena *arena = arena_new();
    const struct sql_reading reading = {ENGINE_MYSQL, SQL_CONDITION, arena};
    struct error err = {0};
    const char *bound;

    setenv("UNDERSTUDY_T", "\\') or (1=1 -- ", 1);
    ck_assert_msg(sql_text_bind(&reading, "`:a` = :UNDERSTUDY_T", &bound, &err), "%s", err.cause);
    ck_assert_str_eq(bound, "`:a` =  '\\\\'') or (1=1 -- '");
    ck_assert(!sql_text_bind(&reading, "a = :UNDERSTUDY_T\"x\"", &bound, &err));
    arena_free(arena);
}
END_TEST

static const struct body {
    const char *text;
    bool is_statement;
} bodies[] = {
    {"update t set a = 1", true},
    {"update t set a = 1; delete from t", false},
    {"create trigger x before insert on t for each row begin set new.a = 1; set new.b = 2; end",
     true},
    {"create procedure p() begin if a then select 1; end if; while b do select 2; end while; "
     "case c when 1 then select 3; end case; select case when d then 1 end; end",
     true},
    {"create procedure p() begin select 1; end; drop table t", false},
    {"create procedure p() begin begin select 1; end; drop table t", false},
    {"create procedure p() if a then select 1; end if", false},
    {"create trigger x before insert on t for each row set new.a = case when b then 1 end", true},
    {"create table event (a int); drop table t", false},
    {"begin not atomic select 1; select 2; end", true},
    {"begin; drop table t", false},
    {"select t.begin; drop table t", false},
    {"delimiter $$", false},
    {"create definer = `a`@`b` event e on schedule every 1 day do begin select 1; end", true},
};

START_TEST(semicolons_of_a_body_end_no_statement_on_mysql)
{
    struct error err = {0};

    ck_assert_msg(sql_text_check(ENGINE_MYSQL, bodies[_i].text, SQL_STATEMENT, &err) ==
                      bodies[_i].is_statement,
                  "%s: %s", bodies[_i].text, err.cause);
    ck_assert(!bodies[_i].is_statement || !strchr(bodies[_i].text, ';') ||
              !sql_text_check(ENGINE_MYSQL, bodies[_i].text, SQL_CONDITION, &err));
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
    tcase_add_loop_test(tests, mysql_reads_backticks_backslashes_and_hashes, 0, COUNT_OF(my_fine));
    tcase_add_loop_test(tests, what_could_leave_its_parentheses_on_mysql_is_refused, 0,
                        COUNT_OF(my_hostile));
    tcase_add_test(tests, a_variable_becomes_a_literal_of_mysql);
    tcase_add_loop_test(tests, semicolons_of_a_body_end_no_statement_on_mysql, 0, COUNT_OF(bodies));
    suite_add_tcase(suite, tests);
    return suite;
}
