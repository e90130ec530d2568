/* Each attack on small populations where the answer is known. */
#include "linkage/linkage.h"

#include "transform/params.h"
#include "transform/warp.h"

#include <check.h>
#include <math.h>

Suite *suite_linkage_attacks(void);

enum { PEOPLE = 120, EVENTS = 20 };

/* A population of PEOPLE with EVENTS each over two years. */
struct world {
    struct arena *arena;
    struct linkage_subject subjects[PEOPLE];
    struct linkage_event events[PEOPLE * EVENTS];
    struct linkage_setup setup;
};

static const struct sipkey numbers = {11, 12}, secret = {21, 22};

static uint64_t number(uint64_t person, uint64_t event, uint64_t what)
{
    const uint64_t words[3] = {person, event, what};

    return siphash_words(&numbers, words, 3);
}

static struct world *world_new(void)
{
    struct arena *arena = arena_new();
    struct world *world = ARENA_NEW(arena, struct world);

    world->arena = arena;
    for (size_t p = 0; p < PEOPLE; p++) {
        world->subjects[p] = (struct linkage_subject){p * EVENTS, EVENTS};
        for (size_t e = 0; e < EVENTS; e++) {
            struct linkage_event *event = &world->events[p * EVENTS + e];

            event->time =
                1600000000000000 + (int64_t)siphash_below(number(p, e, 1), 730 * 86400) * 1000000;
            event->amount = (double)siphash_below(number(p, e, 2), 10000000) / 100;
            event->quantity = NAN;
            event->masked_time = event->time;
            event->masked_amount = event->amount;
            event->masked_quantity = NAN;
        }
    }
    world->setup = (struct linkage_setup){
        .population = {PEOPLE, world->subjects, PEOPLE * EVENTS, world->events},
        .picks = {31, 32},
    };
    return world;
}

static struct linkage *world_linkage(struct world *world)
{
    struct linkage *linkage = NULL;
    struct error err = {0};

    ck_assert_msg(linkage_new(&world->setup, world->arena, &linkage, &err), "%s", err.cause);
    return linkage;
}

static struct linkage_result attack(struct world *world, enum linkage_attack kind, size_t known)
{
    const struct linkage_question question = {kind, known};
    struct linkage_result result;
    struct error err = {0};

    ck_assert_msg(linkage_run(world_linkage(world), &question, PEOPLE, 0, &result, &err), "%s",
                  err.cause);
    ck_assert_uint_eq(result.targets, PEOPLE);
    ck_assert_uint_eq(result.candidates, PEOPLE);
    return result;
}

static void mask_constant(struct world *world)
{
    struct linkage_mask *mask = &world->setup.mask;

    mask->time = LINKAGE_TIME_CONSTANT;
    mask->back_low = 7;
    mask->back_high = 58;
    for (size_t p = 0; p < PEOPLE; p++)
        for (size_t e = 0; e < EVENTS; e++)
            world->events[p * EVENTS + e].masked_time -=
                (int64_t)(7 + siphash_below(number(p, 0, 3), 52)) * WEEK_US;
}

static void mask_warp(struct world *world)
{
    struct linkage_mask *mask = &world->setup.mask;
    struct warp warp = {
        .scale_count = 4,
        .scales = {91 * DAY_US, 7 * DAY_US, DAY_US, DAY_US / 12},
        .back_low = 7,
        .back_high = 58,
    };

    mask->time = LINKAGE_TIME_WARP;
    mask->back_low = warp.back_low;
    mask->back_high = warp.back_high;
    mask->scale_count = warp.scale_count;
    memcpy(mask->scales, warp.scales, sizeof(warp.scales));
    for (size_t p = 0; p < PEOPLE; p++) {
        struct warp_memory memory = {0};

        for (size_t e = 0; e < EVENTS; e++) {
            struct linkage_event *event = &world->events[p * EVENTS + e];

            event->masked_time = warp_apply(&warp, &secret, &memory, number(p, 0, 4), event->time);
        }
    }
}

/* Everybody's masked events become another person's, who has nothing to do with them. */
static void mask_with_strangers(struct world *world)
{
    for (size_t p = 0; p < PEOPLE; p++)
        for (size_t e = 0; e < EVENTS; e++)
            world->events[p * EVENTS + e].masked_time =
                1600000000000000 + (int64_t)siphash_below(number(p, e, 5), 730 * 86400) * 1000000;
}

START_TEST(without_a_mask_every_attack_finds_everybody)
{
    struct world *world = world_new();

    for (int kind = 0; kind < LINKAGE_ATTACKS; kind++) {
        struct linkage_result result = attack(world, (enum linkage_attack)kind, 4);

        ck_assert_double_ge(result.found, 0.999);
        ck_assert_double_ge(result.top_ten, 0.999);
        ck_assert_double_le(result.median_rank, 1);
    }
    arena_free(world->arena);
}
END_TEST

START_TEST(the_control_finds_everybody_whatever_the_mask)
{
    struct world *world = world_new();

    mask_warp(world);
    world->setup.is_control = true;
    ck_assert_double_ge(attack(world, LINKAGE_CALENDAR, 4).found, 0.999);
    ck_assert_double_ge(attack(world, LINKAGE_BAYES, 2).found, 0.999);
    arena_free(world->arena);
}
END_TEST

START_TEST(a_constant_shift_defeats_the_calendar_but_not_interval_and_bayes)
{
    struct world *world = world_new();

    mask_constant(world);
    ck_assert_double_le(attack(world, LINKAGE_CALENDAR, 4).found, 0.1);
    ck_assert_double_ge(attack(world, LINKAGE_INTERVAL, 4).found, 0.999);
    ck_assert_double_ge(attack(world, LINKAGE_BAYES, 4).found, 0.999);
    arena_free(world->arena);
}
END_TEST

START_TEST(the_warp_defeats_calendar_and_interval_and_bayes_learns_with_each_known_event)
{
    struct world *world = world_new();
    double two, eight;

    mask_warp(world);
    ck_assert_double_le(attack(world, LINKAGE_CALENDAR, 4).found, 0.1);
    ck_assert_double_le(attack(world, LINKAGE_INTERVAL, 4).found, 0.2);
    two = attack(world, LINKAGE_BAYES, 2).found;
    eight = attack(world, LINKAGE_BAYES, 8).found;
    ck_assert_double_le(two, 0.3);
    ck_assert_double_ge(eight, two + 0.1);
    arena_free(world->arena);
}
END_TEST

START_TEST(whole_weeks_are_whole_weeks_in_activity_time_too)
{
    struct world *world = world_new();
    double week[LINKAGE_HOURS + 1];

    /* Nights and weekends do not exist: all activity between 8:00 and 18:00 on work days. */
    for (int hour = 0; hour <= LINKAGE_HOURS; hour++) {
        const int day = hour / 24, clock = hour % 24;
        const int gone = day >= 5 ? 50 : day * 10 + (clock < 8 ? 0 : clock > 18 ? 10 : clock - 8);

        week[hour] = 0.98 * gone / 50 + 0.02 * hour / LINKAGE_HOURS;
    }
    mask_constant(world);
    world->setup.mask.week = week;
    ck_assert_double_ge(attack(world, LINKAGE_BAYES, 4).found, 0.999);
    arena_free(world->arena);
}
END_TEST

START_TEST(unrelated_masked_times_are_found_no_better_than_by_guessing)
{
    struct world *world = world_new();

    mask_warp(world);
    mask_with_strangers(world);
    for (int kind = 0; kind <= LINKAGE_BAYES; kind++) {
        struct linkage_result result = attack(world, (enum linkage_attack)kind, 4);

        ck_assert_double_le(result.found, 0.06);
        ck_assert_double_ge(result.median_rank, 30);
        ck_assert_double_eq_tol(result.guess, 1.0 / PEOPLE, 1e-12);
    }
    arena_free(world->arena);
}
END_TEST

START_TEST(subjects_that_are_alike_share_the_first_place)
{
    struct world *world = world_new();
    struct linkage_result result;

    /* Four by four have the same events, true and masked. */
    for (size_t p = 0; p < PEOPLE; p++)
        memcpy(&world->events[p * EVENTS], &world->events[p / 4 * 4 * EVENTS],
               EVENTS * sizeof(world->events[0]));
    for (int kind = 0; kind < LINKAGE_ATTACKS; kind++) {
        result = attack(world, (enum linkage_attack)kind, 4);
        ck_assert_double_eq_tol(result.found, 0.25, 1e-9);
        ck_assert_double_eq_tol(result.top_ten, 1, 1e-9);
        ck_assert_double_eq_tol(result.median_rank, 2.5, 1e-9);
    }
    arena_free(world->arena);
}
END_TEST

static void events_turn(struct world *world)
{
    for (size_t p = 0; p < PEOPLE; p++)
        for (size_t e = 0; e < EVENTS / 2; e++) {
            struct linkage_event *left = &world->events[p * EVENTS + e];
            struct linkage_event *right = &world->events[p * EVENTS + EVENTS - 1 - e], kept = *left;

            *left = *right;
            *right = kept;
        }
}

START_TEST(results_are_the_same_for_a_seed_and_for_any_order_of_events)
{
    struct world *world = world_new();
    struct linkage_result first, second, other;

    mask_warp(world);
    first = attack(world, LINKAGE_BAYES, 4);
    events_turn(world);
    second = attack(world, LINKAGE_BAYES, 4);
    ck_assert_mem_eq(&first, &second, sizeof(first));
    world->setup.picks.k0++;
    other = attack(world, LINKAGE_BAYES, 4);
    ck_assert_uint_ne(first.operations, other.operations);
    arena_free(world->arena);
}
END_TEST

START_TEST(fewer_targets_are_a_prefix_of_more_and_have_enough_times)
{
    struct world *world = world_new();
    struct linkage *linkage;
    size_t *few, *many, few_count, many_count;
    struct error err = {0};

    world->subjects[5].count = 5;
    for (size_t e = 0; e < EVENTS; e++) /* many events, one time */
        world->events[7 * EVENTS + e].time = 1600000000000000;
    linkage = world_linkage(world);
    ck_assert(linkage_targets(linkage, 4, 10, world->arena, &few, &few_count, &err));
    ck_assert(linkage_targets(linkage, 4, PEOPLE, world->arena, &many, &many_count, &err));
    ck_assert_uint_eq(few_count, 10);
    ck_assert_uint_eq(many_count, PEOPLE - 2);
    ck_assert_mem_eq(few, many, few_count * sizeof(*few));
    for (size_t i = 0; i < many_count; i++)
        ck_assert(many[i] != 5 && many[i] != 7);
    arena_free(world->arena);
}
END_TEST

START_TEST(known_amounts_help_unless_they_were_moved)
{
    struct world *world = world_new();
    double blind, seeing;

    mask_warp(world);
    blind = attack(world, LINKAGE_BAYES, 2).found;
    seeing = attack(world, LINKAGE_BAYES_AMOUNTS, 2).found;
    ck_assert_double_ge(seeing, 0.95);
    ck_assert_double_le(blind, 0.3);
    arena_free(world->arena);
}
END_TEST

START_TEST(the_kind_of_an_event_narrows_where_it_can_be)
{
    struct world *world = world_new();
    double alike, kinds;

    mask_warp(world);
    alike = attack(world, LINKAGE_BAYES, 4).found;
    for (size_t i = 0; i < PEOPLE * EVENTS; i++)
        world->events[i].kind = (uint32_t)(number(i, 0, 6) % 10);
    kinds = attack(world, LINKAGE_BAYES, 4).found;
    ck_assert_double_ge(kinds, alike + 0.1);
    arena_free(world->arena);
}
END_TEST

static bool always(void *context)
{
    UNUSED(context);
    return true;
}

START_TEST(a_deadline_leaves_a_target_undone)
{
    struct world *world = world_new();
    struct linkage_outcome outcomes[1];
    struct linkage_result result;
    const struct linkage_question question = {LINKAGE_BAYES, 4};
    struct error err = {0};

    struct linkage *linkage = world_linkage(world);
    const struct linkage_stop stop = {always, NULL};

    ck_assert(linkage_attack_target(linkage, &question, 0, &stop, outcomes, &err));
    ck_assert(!outcomes[0].is_done);
    ck_assert(linkage_sum(linkage, outcomes, 1, &result, &err));
    ck_assert_uint_eq(result.targets, 0);
    arena_free(world->arena);
}
END_TEST

START_TEST(a_budget_ends_a_run_after_the_target_that_exceeds_it)
{
    struct world *world = world_new();
    const struct linkage_question question = {LINKAGE_CALENDAR, 4};
    struct linkage_result result;
    struct error err = {0};

    ck_assert(linkage_run(world_linkage(world), &question, PEOPLE, 1, &result, &err));
    ck_assert_uint_eq(result.targets, 1);
    arena_free(world->arena);
}
END_TEST

START_TEST(nobody_to_attack_is_no_error)
{
    struct world *world = world_new();
    struct linkage_result result;
    struct linkage_tape tape;
    const struct linkage_question question = {LINKAGE_BAYES, 4};
    struct error err = {0};

    world->setup.population = (struct linkage_population){0};
    ck_assert(linkage_run(world_linkage(world), &question, 300, 0, &result, &err));
    ck_assert_uint_eq(result.targets, 0);
    ck_assert_uint_eq(result.candidates, 0);
    ck_assert(linkage_tape(world_linkage(world), &tape, &err));
    ck_assert_uint_eq(tape.rows, 0);
    arena_free(world->arena);
}
END_TEST

START_TEST(a_mask_that_makes_no_sense_is_a_bug)
{
    struct world *world = world_new();
    struct linkage *linkage;
    struct error err = {0};

    world->setup.mask.time = LINKAGE_TIME_WARP;
    world->setup.mask.back_low = 9;
    world->setup.mask.back_high = 8;
    ck_assert(!linkage_new(&world->setup, world->arena, &linkage, &err));
    ck_assert_int_eq(err.status, STATUS_BUG);
    arena_free(world->arena);
}
END_TEST

START_TEST(the_tape_links_kept_amounts_and_shares_equal_ones)
{
    struct world *world = world_new();
    struct linkage_tape tape;
    struct error err = {0};

    ck_assert(linkage_tape(world_linkage(world), &tape, &err));
    ck_assert_uint_eq(tape.rows, PEOPLE * EVENTS);
    ck_assert_double_ge(tape.by_amount, 0.99);
    ck_assert_double_ge(tape.by_amount_and_minute, 0.999);
    mask_constant(world);
    ck_assert(linkage_tape(world_linkage(world), &tape, &err));
    ck_assert_double_le(tape.by_amount_and_minute, 0.001);
    for (size_t i = 0; i < PEOPLE * EVENTS; i++)
        world->events[i].amount = world->events[i].masked_amount = (double)(i % 10);
    ck_assert(linkage_tape(world_linkage(world), &tape, &err));
    ck_assert_double_eq_tol(tape.by_amount, 10.0 / (PEOPLE * EVENTS), 1e-9);
    for (size_t i = 0; i < PEOPLE * EVENTS; i++)
        world->events[i].masked_amount = world->events[i].amount * 1.5 + 0.25;
    ck_assert(linkage_tape(world_linkage(world), &tape, &err));
    ck_assert_double_eq_tol(tape.by_amount, 0, 1e-12);
    arena_free(world->arena);
}
END_TEST

/* A price that wanders, and quantities that have nothing to do with it. */
static void prices_make(struct world *world)
{
    double price = 100, prices[731];

    for (uint64_t day = 0; day < COUNT_OF(prices); day++)
        prices[day] = price *=
            1 + ((double)siphash_below(number(day, 0, 7), 2001) - 1000) / 1000 * 0.05;
    for (size_t i = 0; i < PEOPLE * EVENTS; i++) {
        struct linkage_event *event = &world->events[i];
        const int64_t day = (event->time - 1600000000000000) / DAY_US;

        event->quantity = event->masked_quantity =
            (double)(1 + siphash_below(number(i, 0, 8), 1000)) / 10;
        event->amount = event->masked_amount = prices[day] * event->quantity;
    }
}

static struct linkage_prices prices_attack(struct world *world)
{
    struct linkage *linkage = world_linkage(world);
    struct linkage_series series;
    struct linkage_prices prices;
    struct error err = {0};

    ck_assert(linkage_series_of(linkage, world->arena, &series, &err));
    ck_assert(linkage_prices(linkage, &series, PEOPLE, 2 * DAY_US, NULL, &prices, &err));
    return prices;
}

START_TEST(prices_do_not_depend_on_the_order_of_events)
{
    struct world *world = world_new();
    struct linkage_prices first, second;

    prices_make(world);
    mask_constant(world);
    for (size_t i = 0; i < PEOPLE * EVENTS; i++)
        world->events[i].masked_amount *=
            exp((double)siphash_below(number(i, 0, 9), 2001) / 10000 - 0.1);
    first = prices_attack(world);
    events_turn(world);
    second = prices_attack(world);
    ck_assert_double_eq_tol(first.recovered, second.recovered, 1e-12);
    ck_assert_double_eq_tol(first.floor, second.floor, 1e-12);
    arena_free(world->arena);
}
END_TEST

START_TEST(kept_ratios_betray_the_way_back_and_moved_amounts_do_not)
{
    struct world *world = world_new();
    struct linkage_prices prices;

    ck_assert_uint_eq(prices_attack(world).targets, 0);
    prices_make(world);
    mask_constant(world);
    prices = prices_attack(world);
    ck_assert_uint_eq(prices.targets, PEOPLE);
    ck_assert_double_ge(prices.recovered, 0.9);
    ck_assert_double_le(prices.floor, 0.1);
    for (size_t i = 0; i < PEOPLE * EVENTS; i++)
        world->events[i].masked_amount *=
            exp((double)siphash_below(number(i, 0, 9), 2001) / 1000 - 1);
    ck_assert_double_le(prices_attack(world).recovered, 0.2);
    arena_free(world->arena);
}
END_TEST

Suite *suite_linkage_attacks(void)
{
    Suite *suite = suite_create("linkage/attacks");
    TCase *tcase = tcase_create("attacks");

    tcase_add_test(tcase, without_a_mask_every_attack_finds_everybody);
    tcase_add_test(tcase, the_control_finds_everybody_whatever_the_mask);
    tcase_add_test(tcase, a_constant_shift_defeats_the_calendar_but_not_interval_and_bayes);
    tcase_add_test(tcase,
                   the_warp_defeats_calendar_and_interval_and_bayes_learns_with_each_known_event);
    tcase_add_test(tcase, whole_weeks_are_whole_weeks_in_activity_time_too);
    tcase_add_test(tcase, unrelated_masked_times_are_found_no_better_than_by_guessing);
    tcase_add_test(tcase, subjects_that_are_alike_share_the_first_place);
    tcase_add_test(tcase, results_are_the_same_for_a_seed_and_for_any_order_of_events);
    tcase_add_test(tcase, fewer_targets_are_a_prefix_of_more_and_have_enough_times);
    tcase_add_test(tcase, known_amounts_help_unless_they_were_moved);
    tcase_add_test(tcase, the_kind_of_an_event_narrows_where_it_can_be);
    tcase_add_test(tcase, a_deadline_leaves_a_target_undone);
    tcase_add_test(tcase, a_budget_ends_a_run_after_the_target_that_exceeds_it);
    tcase_add_test(tcase, nobody_to_attack_is_no_error);
    tcase_add_test(tcase, a_mask_that_makes_no_sense_is_a_bug);
    tcase_add_test(tcase, the_tape_links_kept_amounts_and_shares_equal_ones);
    tcase_add_test(tcase, prices_do_not_depend_on_the_order_of_events);
    tcase_add_test(tcase, kept_ratios_betray_the_way_back_and_moved_amounts_do_not);
    suite_add_tcase(suite, tcase);
    return suite;
}
