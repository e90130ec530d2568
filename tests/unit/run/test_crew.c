/* Work shared among threads: each item once, the first failure, interrupt and deadline. */
#include "base/clock.h"
#include "run/crew.h"
#include "support/fake_driver.h"
#include <check.h>
#include <sched.h>

enum { ITEMS = 500, MEMBERS = 4 };

static struct control control;
static struct arena *arena;
static struct crew *crew;

static void begin(void)
{
    struct error err = {0};

    control_init(&control);
    arena = arena_new();
    ck_assert(crew_new(NULL, MEMBERS, &control, arena, &crew, &err));
}

static void end(void)
{
    crew_free(crew);
    arena_free(arena);
}

struct tally {
    atomic_uint done[ITEMS];
    atomic_uint total, concurrent;
    atomic_bool is_busy[MEMBERS];
    size_t fails_at, interrupts_at;
};

static bool tally_work(void *context, size_t item, struct crew_member *member, struct error *err)
{
    struct tally *tally = context;

    /* A member is one thread's alone. */
    ck_assert(!atomic_exchange(&tally->is_busy[member->number], true));
    atomic_fetch_add(&tally->done[item], 1);
    atomic_fetch_add(&tally->total, 1);
    if (item == tally->interrupts_at)
        control_interrupt(&control);
    atomic_store(&tally->is_busy[member->number], false);
    if (item >= tally->fails_at)
        return error_set(err, STATUS_TARGET, "item %zu", item);
    return true;
}

START_TEST(every_item_is_done_once)
{
    struct tally tally = {.fails_at = SIZE_MAX, .interrupts_at = SIZE_MAX};
    struct error err = {0};

    ck_assert_uint_eq(crew_count(crew), MEMBERS);
    ck_assert(crew_spread(crew, ITEMS, tally_work, &tally, &err));
    for (size_t i = 0; i < ITEMS; i++)
        ck_assert_uint_eq(atomic_load(&tally.done[i]), 1);
}
END_TEST

START_TEST(no_items_are_no_work)
{
    struct tally tally = {.fails_at = 0};
    struct error err = {0};

    ck_assert(crew_spread(crew, 0, tally_work, &tally, &err));
    ck_assert_uint_eq(atomic_load(&tally.total), 0);
}
END_TEST

START_TEST(the_first_failure_is_the_error_and_ends_the_work)
{
    struct tally tally = {.fails_at = 0, .interrupts_at = SIZE_MAX};
    struct error err = {0};

    ck_assert(!crew_spread(crew, ITEMS, tally_work, &tally, &err));
    ck_assert_int_eq(err.status, STATUS_TARGET);
    /* Every member may have taken one item before it learned of the failure. */
    ck_assert_uint_le(atomic_load(&tally.total), MEMBERS);
}
END_TEST

START_TEST(a_crew_works_again_after_a_failure)
{
    struct tally bad = {.fails_at = 3, .interrupts_at = SIZE_MAX};
    struct tally good = {.fails_at = SIZE_MAX, .interrupts_at = SIZE_MAX};
    struct error err = {0};

    ck_assert(!crew_spread(crew, ITEMS, tally_work, &bad, &err));
    ck_assert(crew_spread(crew, ITEMS, tally_work, &good, &err));
    ck_assert_uint_eq(atomic_load(&good.total), ITEMS);
}
END_TEST

START_TEST(an_interrupt_ends_the_work)
{
    struct tally tally = {.fails_at = SIZE_MAX, .interrupts_at = 5};
    struct error err = {0};

    ck_assert(!crew_spread(crew, ITEMS, tally_work, &tally, &err));
    ck_assert_int_eq(err.status, STATUS_INTERRUPTED);
    ck_assert_uint_lt(atomic_load(&tally.total), ITEMS);
}
END_TEST

START_TEST(an_interrupt_in_the_last_item_counts_as_well)
{
    struct tally tally = {.fails_at = SIZE_MAX, .interrupts_at = 0};
    struct error err = {0};

    ck_assert(!crew_spread(crew, 1, tally_work, &tally, &err));
    ck_assert_int_eq(err.status, STATUS_INTERRUPTED);
}
END_TEST

START_TEST(a_deadline_that_has_passed_hands_nothing_out)
{
    struct tally tally = {.fails_at = SIZE_MAX, .interrupts_at = SIZE_MAX};
    struct error err = {0};

    control.deadline = clock_monotonic();
    ck_assert(!crew_spread(crew, ITEMS, tally_work, &tally, &err));
    ck_assert_int_eq(err.status, STATUS_INTERRUPTED);
    ck_assert_ptr_nonnull(strstr(err.cause, "deadline"));
    ck_assert_uint_eq(atomic_load(&tally.total), 0);
}
END_TEST

/* A server that hangs until somebody cancels: what a blocked COPY looks like from here. */
static struct {
    struct db_driver driver;
    struct fake_db fake;
    atomic_uint connected;
    atomic_bool is_hanging, is_canceled;
} server;

static void server_cancel(struct db *db)
{
    ck_assert_ptr_eq(db, &server.fake.db);
    atomic_store(&server.is_canceled, true);
}

/* Every member gets the connection: none takes a second item before all have one. */
static bool connect_work(void *context, size_t item, struct crew_member *member, struct error *err)
{
    UNUSED(context);
    UNUSED(item);
    UNUSED(err);
    member->source = &server.fake.db;
    atomic_fetch_add(&server.connected, 1);
    while (atomic_load(&server.connected) < MEMBERS)
        sched_yield();
    return true;
}

/* Item 0 waits until another one hangs. */
static void hang(size_t item)
{
    if (item > 0)
        atomic_store(&server.is_hanging, true);
    while (!atomic_load(item > 0 ? &server.is_canceled : &server.is_hanging))
        sched_yield();
}

static bool interrupted_work(void *context, size_t item, struct crew_member *member,
                             struct error *err)
{
    UNUSED(context);
    UNUSED(member);
    hang(item);
    if (item > 0)
        return error_set(err, STATUS_SOURCE, "canceled");
    control_interrupt(&control);
    return true;
}

static bool failing_work(void *context, size_t item, struct crew_member *member, struct error *err)
{
    UNUSED(context);
    UNUSED(member);
    hang(item);
    return item > 0 ? error_set(err, STATUS_SOURCE, "canceled")
                    : error_set(err, STATUS_TARGET, "disk full");
}

static void hang_up(crew_work *work, struct error *err)
{
    static const struct fake_script script = {0};

    memset(&server, 0, sizeof(server));
    server.driver = driver_fake;
    server.driver.cancel = server_cancel;
    fake_init(&server.fake, DB_SOURCE, &script);
    server.fake.db.driver = &server.driver;
    ck_assert(crew_spread(crew, MEMBERS, connect_work, NULL, err));
    ck_assert(!crew_spread(crew, 2, work, NULL, err));
    ck_assert(atomic_load(&server.is_canceled));
    fake_release(&server.fake);
}

START_TEST(an_interrupt_cancels_what_hangs)
{
    struct error err = {0};

    hang_up(interrupted_work, &err);
    ck_assert_int_eq(err.status, STATUS_INTERRUPTED);
}
END_TEST

START_TEST(a_failure_cancels_what_hangs_and_stays_the_cause)
{
    struct error err = {0};

    hang_up(failing_work, &err);
    ck_assert_int_eq(err.status, STATUS_TARGET);
    ck_assert_str_eq(err.cause, "disk full");
}
END_TEST

Suite *suite_run_crew(void);
Suite *suite_run_crew(void)
{
    Suite *suite = suite_create("run/crew");
    TCase *cases = tcase_create("crew");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_set_timeout(cases, 30);
    tcase_add_test(cases, every_item_is_done_once);
    tcase_add_test(cases, no_items_are_no_work);
    tcase_add_test(cases, the_first_failure_is_the_error_and_ends_the_work);
    tcase_add_test(cases, a_crew_works_again_after_a_failure);
    tcase_add_test(cases, an_interrupt_ends_the_work);
    tcase_add_test(cases, an_interrupt_in_the_last_item_counts_as_well);
    tcase_add_test(cases, a_deadline_that_has_passed_hands_nothing_out);
    tcase_add_test(cases, an_interrupt_cancels_what_hangs);
    tcase_add_test(cases, a_failure_cancels_what_hangs_and_stays_the_cause);
    suite_add_tcase(suite, cases);
    return suite;
}
