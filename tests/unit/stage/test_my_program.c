/* Views, triggers, routines and events rewritten as text. */
#include "stage/my_program.h"

#include <check.h>
#include <string.h>

static struct arena *arena;
static struct buf out;

static void setup(void)
{
    arena = arena_new();
    buf_init(&out, 1 << 20);
}

static void teardown(void)
{
    buf_release(&out);
    arena_free(arena);
}

static const char *rewritten(enum my_program_kind kind, const char *sql, const char *definer)
{
    struct my_program program = {.kind = kind, .name = "x", .sql = span_of(sql)};
    struct my_rewrite how = {.schema = "shop", .definer = definer};
    struct error err = {.status = STATUS_OK};

    buf_reset(&out);
    ck_assert_msg(my_program_rewrite(&program, &how, &out, &err), "%s", err.cause);
    return buf_text(&out);
}

START_TEST(a_view_loses_its_schema_and_no_column_of_a_table_that_is_called_like_it)
{
    ck_assert_str_eq(
        rewritten(MY_PROGRAM_VIEW,
                  "CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW"
                  " `shop`.`v` AS select `shop`.`a`.`id` AS `id`,`shop`.`f`(`other`.`o`.`x`) AS"
                  " `shop.y`,'`shop`.`a`' AS `t` from ((`shop`.`a` join `other`.`o`) join"
                  " `shop`.`shop`) where `shop`.`a`.`id` in (select `shop`.`b`.`id` from"
                  " `shop`.`b`)",
                  NULL),
        "CREATE ALGORITHM=UNDEFINED  SQL SECURITY DEFINER VIEW"
        " `v` AS select `a`.`id` AS `id`,`f`(`other`.`o`.`x`) AS"
        " `shop.y`,'`shop`.`a`' AS `t` from ((`a` join `other`.`o`) join"
        " `shop`) where `a`.`id` in (select `b`.`id` from"
        " `b`)");
    ck_assert_str_eq(rewritten(MY_PROGRAM_VIEW,
                               "CREATE VIEW `v` AS select `shop`.`x` AS `x`,`shop`.`y` AS `y` from"
                               " `shop` where `shop`.`x` = 1",
                               NULL),
                     "CREATE VIEW `v` AS select `shop`.`x` AS `x`,`shop`.`y` AS `y` from"
                     " `shop` where `shop`.`x` = 1");
}
END_TEST

START_TEST(a_trigger_stands_on_the_plain_name_and_its_body_stays)
{
    ck_assert_str_eq(rewritten(MY_PROGRAM_TRIGGER,
                               "CREATE DEFINER=`a``b`@`%` TRIGGER shop.`t 1` BEFORE INSERT ON"
                               " `shop`.`order``s` FOR EACH ROW FOLLOWS `shop`.`t 0` BEGIN INSERT"
                               " INTO shop.log VALUES ('DEFINER=`x`'); END",
                               "`app`@`%`"),
                     "CREATE DEFINER=`app`@`%` TRIGGER `t 1` BEFORE INSERT ON"
                     " `order``s` FOR EACH ROW BEGIN INSERT"
                     " INTO shop.log VALUES ('DEFINER=`x`'); END");
}
END_TEST

START_TEST(an_event_is_disabled_wherever_it_was_enabled)
{
    static const char *const states[] = {"ENABLE", "DISABLE", "DISABLE ON SLAVE",
                                         "DISABLE ON REPLICA"};

    for (size_t i = 0; i < COUNT_OF(states); i++)
        ck_assert_str_eq(rewritten(MY_PROGRAM_EVENT,
                                   arena_printf(arena,
                                                "CREATE DEFINER=`r`@`h` EVENT `ENABLE` ON SCHEDULE"
                                                " EVERY 1 DAY STARTS '2026-01-01' ON COMPLETION"
                                                " NOT PRESERVE %s COMMENT 'ENABLE' DO SET @x ="
                                                " 'ENABLE'",
                                                states[i]),
                                   NULL),
                         "CREATE  EVENT `ENABLE` ON SCHEDULE"
                         " EVERY 1 DAY STARTS '2026-01-01' ON COMPLETION"
                         " NOT PRESERVE DISABLE COMMENT 'ENABLE' DO SET @x ="
                         " 'ENABLE'");
}
END_TEST

START_TEST(a_routine_changes_nothing_but_its_definer)
{
    ck_assert_str_eq(rewritten(MY_PROGRAM_PROCEDURE,
                               "CREATE DEFINER='x@y'@'127.0.0.%' PROCEDURE `p`(IN a int)\n"
                               "    COMMENT 'DEFINER=`a`@`b`'\nBEGIN END",
                               NULL),
                     "CREATE  PROCEDURE `p`(IN a int)\n    COMMENT 'DEFINER=`a`@`b`'\nBEGIN END");
    ck_assert_str_eq(rewritten(MY_PROGRAM_FUNCTION,
                               "CREATE FUNCTION `f`() RETURNS int SQL SECURITY DEFINER RETURN 1",
                               "`a`@`b`"),
                     "CREATE FUNCTION `f`() RETURNS int SQL SECURITY DEFINER RETURN 1");
}
END_TEST

START_TEST(the_definer_is_read_with_its_quotes_taken_off)
{
    const char *user, *host;
    struct error err = {.status = STATUS_OK};

    ck_assert(my_program_definer(span_of("CREATE DEFINER=`a``b`@`10.%` VIEW `v` AS select 1"),
                                 arena, &user, &host, &err));
    ck_assert_str_eq(user, "a`b");
    ck_assert_str_eq(host, "10.%");
    ck_assert(my_program_definer(span_of("CREATE DEFINER=`role` PROCEDURE `p`() SELECT 1"), arena,
                                 &user, &host, &err));
    ck_assert_str_eq(user, "role");
    ck_assert_ptr_null(host);
    ck_assert(my_program_definer(span_of("CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET"
                                         " NEW.x = 1"),
                                 arena, &user, &host, &err));
    ck_assert_ptr_null(user);
}
END_TEST

START_TEST(what_is_not_printed_by_the_server_is_refused)
{
    static const struct {
        enum my_program_kind kind;
        const char *sql;
    } rows[] = {{MY_PROGRAM_TRIGGER, "CREATE TRIGGER"},
                {MY_PROGRAM_TRIGGER, "CREATE TRIGGER `t` BEFORE INSERT"},
                {MY_PROGRAM_EVENT, "CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY DO SELECT 1"}};

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct my_program program = {.kind = rows[i].kind, .sql = span_of(rows[i].sql)};
        struct my_rewrite how = {.schema = "shop"};
        struct error err = {.status = STATUS_OK};

        ck_assert(!my_program_rewrite(&program, &how, &out, &err));
        ck_assert_int_eq(err.status, STATUS_LOCAL);
    }
}
END_TEST

Suite *suite_stage_my_program(void);
Suite *suite_stage_my_program(void)
{
    Suite *suite = suite_create("stage/my_program");
    TCase *tcase = tcase_create("my_program");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_view_loses_its_schema_and_no_column_of_a_table_that_is_called_like_it);
    tcase_add_test(tcase, a_trigger_stands_on_the_plain_name_and_its_body_stays);
    tcase_add_test(tcase, an_event_is_disabled_wherever_it_was_enabled);
    tcase_add_test(tcase, a_routine_changes_nothing_but_its_definer);
    tcase_add_test(tcase, the_definer_is_read_with_its_quotes_taken_off);
    tcase_add_test(tcase, what_is_not_printed_by_the_server_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
