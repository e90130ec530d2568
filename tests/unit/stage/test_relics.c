/* What is told from the name and the mark of a database beside the target, and what of it goes. */
#include "stage/relics.h"

#include <check.h>
#include <string.h>

#define NAMED   "shop__new_00112233aabbccdd"
#define OLD_ONE "shop__old_20260102T030405"

static struct arena *arena;
static struct stage stage;
static struct profile profile;
static bool alive, empty;
static int asked_empty;
static char dropped[256];

static void setup(void)
{
    arena = arena_new();
    profile = (struct profile){.mode = MODE_SWAP};
    stage = (struct stage){.arena = arena};
    stage.request.run = "ffffffffffffffff";
    stage.request.profile = &profile;
    stage.target.engine = ENGINE_MYSQL;
    stage.target.database = "shop";
    alive = empty = false;
    asked_empty = 0;
    dropped[0] = '\0';
}

static void teardown(void)
{
    arena_free(arena);
}

static bool answer_alive(struct stage *base, const char *run, bool *is_alive, struct error *err)
{
    (void)base;
    (void)err;
    if (run)
        ck_assert_str_eq(run, "00112233aabbccdd");
    *is_alive = alive;
    return true;
}

static bool answer_empty(struct stage *base, const char *name, bool *is_empty, struct error *err)
{
    (void)base;
    (void)err;
    ck_assert(strcmp(name, NAMED) == 0 || strcmp(name, OLD_ONE) == 0);
    asked_empty++;
    *is_empty = empty;
    return true;
}

static const struct relic_questions questions = {answer_alive, answer_empty};

static bool drop(struct stage *base, const char *name, struct error *err)
{
    (void)base;
    (void)err;
    strncat(dropped, name, sizeof(dropped) - strlen(dropped) - 1);
    return true;
}

/* Reads, judges and lets go; false when it is nothing of this target's. */
static bool meet(const char *name, const char *mark, struct relic *relic)
{
    struct relics relics = {.count = 1, .relics = relic};
    struct error err = {.status = STATUS_OK};
    bool is_relic;

    ck_assert(relic_read(&stage, name, mark, relic, &is_relic, &err));
    if (!is_relic)
        return false;
    ck_assert(relic_judge(&stage, relic, &questions, &err));
    ck_assert(relics_drop(&stage, &relics, 1, drop, &err));
    return true;
}

START_TEST(an_empty_one_without_a_mark_goes_when_its_run_is_dead)
{
    struct relic relic;

    empty = true;
    ck_assert(meet(NAMED, NULL, &relic));
    ck_assert_int_eq(relic.kind, RELIC_LEFTOVER);
    ck_assert_str_eq(dropped, NAMED);
}
END_TEST

START_TEST(one_without_a_mark_that_holds_something_stays)
{
    struct relic relic;

    ck_assert(meet(NAMED, NULL, &relic));
    ck_assert_int_eq(relic.kind, RELIC_UNMARKED);
    ck_assert_int_eq(asked_empty, 1);
    ck_assert_str_eq(dropped, "");
}
END_TEST

START_TEST(one_without_a_mark_whose_run_is_alive_stays_unasked)
{
    struct relic relic;

    alive = empty = true;
    ck_assert(meet(NAMED, NULL, &relic));
    ck_assert(relic.is_alive);
    ck_assert_int_eq(asked_empty, 0);
    ck_assert_str_eq(dropped, "");
}
END_TEST

START_TEST(a_name_that_no_run_gives_is_left_alone_though_empty)
{
    static const char *const names[] = {"shop__new_00112233aabbccd", "shop__new_00112233aabbccdde",
                                        "shop__new_00112233aabbccdg", "shop__new_00112233AABBCCDD",
                                        "shop__new_mine"};
    struct relic relic;

    empty = true;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        ck_assert(meet(names[i], NULL, &relic));
        ck_assert_int_eq(relic.kind, RELIC_UNMARKED);
    }
    ck_assert_str_eq(dropped, "");
    ck_assert_int_eq(asked_empty, 0);
    ck_assert(!meet("shop2__new_00112233aabbccdd", NULL, &relic));
}
END_TEST

START_TEST(a_former_one_without_a_mark_goes_when_it_is_empty_and_nobody_swaps)
{
    struct relic relic;

    ck_assert(meet(OLD_ONE, NULL, &relic));
    ck_assert_int_eq(relic.kind, RELIC_UNMARKED);
    ck_assert_int_eq(asked_empty, 1);
    alive = empty = true;
    ck_assert(meet(OLD_ONE, NULL, &relic));
    ck_assert_int_eq(asked_empty, 1);
    ck_assert_str_eq(dropped, "");
    alive = false;
    ck_assert(meet(OLD_ONE, NULL, &relic));
    ck_assert_str_eq(dropped, OLD_ONE);
}
END_TEST

START_TEST(a_former_one_without_a_mark_that_no_swap_made_is_nothing_to_us)
{
    static const char *const names[] = {"shop__old_20260102T03040",   "shop__old_20260231T030405",
                                        "shop__old_20260102T0304056", "shop__old_ 2026102T030405",
                                        "shop2__old_20260102T030405", "shop__old_mine"};
    struct relic relic;

    empty = true;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        ck_assert_msg(!meet(names[i], NULL, &relic), "%s", names[i]);
    ck_assert(!meet(OLD_ONE, "do not touch", &relic));
    stage.target.engine = ENGINE_POSTGRESQL; /* there it is renamed with all it holds */
    ck_assert(!meet(OLD_ONE, NULL, &relic));
    ck_assert_str_eq(dropped, "");
}
END_TEST

START_TEST(somebodys_own_comment_keeps_it_though_empty)
{
    struct relic relic;

    empty = true;
    ck_assert(meet(NAMED, "do not touch", &relic));
    ck_assert_int_eq(relic.kind, RELIC_UNMARKED);
    ck_assert_int_eq(asked_empty, 0);
    ck_assert_str_eq(dropped, "");
}
END_TEST

START_TEST(a_marked_one_goes_unless_its_run_is_alive)
{
    static const char mark[] = "{\"understudy\":1,\"state\":\"new\",\"run\":\"00112233aabbccdd\","
                               "\"target\":\"shop\"}";
    struct relic relic;

    alive = true;
    ck_assert(meet(NAMED, mark, &relic));
    ck_assert_str_eq(dropped, "");
    alive = false;
    ck_assert(meet(NAMED, mark, &relic));
    ck_assert_str_eq(dropped, NAMED);
    ck_assert_int_eq(asked_empty, 0);
}
END_TEST

Suite *suite_stage_relics(void);
Suite *suite_stage_relics(void)
{
    Suite *suite = suite_create("stage/relics");
    TCase *tcase = tcase_create("relics");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, an_empty_one_without_a_mark_goes_when_its_run_is_dead);
    tcase_add_test(tcase, one_without_a_mark_that_holds_something_stays);
    tcase_add_test(tcase, one_without_a_mark_whose_run_is_alive_stays_unasked);
    tcase_add_test(tcase, a_name_that_no_run_gives_is_left_alone_though_empty);
    tcase_add_test(tcase, a_former_one_without_a_mark_goes_when_it_is_empty_and_nobody_swaps);
    tcase_add_test(tcase, a_former_one_without_a_mark_that_no_swap_made_is_nothing_to_us);
    tcase_add_test(tcase, somebodys_own_comment_keeps_it_though_empty);
    tcase_add_test(tcase, a_marked_one_goes_unless_its_run_is_alive);
    suite_add_tcase(suite, tcase);
    return suite;
}
