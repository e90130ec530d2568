/* The swap of every engine: one step for clients that never stop coming, former databases kept as
 * asked. */
#include "base/clock.h"
#include "case.h"
#include <poll.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLIENTS 8

struct pool { /* shared with the clients */
    atomic_bool is_over;
    atomic_int answers[ANSWER_COUNT];
};

/* Comes back as fast as it can; asks one question a connection. */
static pid_t client_start(struct pool *pool)
{
    pid_t client = fork();

    if (client != 0)
        return client;
    while (!atomic_load(&pool->is_over))
        atomic_fetch_add(&pool->answers[case_answer("busy")], 1);
    _exit(0);
}

static void wait_for(struct pool *pool, enum answer answer, int count)
{
    while (atomic_load(&pool->answers[answer]) < count)
        poll(NULL, 0, 5);
}

START_TEST(clients_that_never_stop_coming_see_the_old_or_the_new)
{
    struct pool *pool =
        mmap(NULL, sizeof(*pool), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t clients[CLIENTS];
    struct run run;

    ck_assert(pool != MAP_FAILED);
    run_whole("busy", "one");
    run_load(&run, "busy", "two");
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = client_start(pool);
    wait_for(pool, ANSWER_OLD, CLIENTS * 4);
    double start = clock_monotonic();
    bool is_swapped = run_swap(&run);
    double seconds = clock_monotonic() - start;
    if (is_swapped)
        wait_for(pool, ANSWER_NEW, atomic_load(&pool->answers[ANSWER_NEW]) + CLIENTS * 4);
    atomic_store(&pool->is_over, true);
    for (int i = 0; i < CLIENTS; i++)
        waitpid(clients[i], NULL, 0);
    run_ok(&run, is_swapped);
    run_close(&run);
    ck_assert_int_eq(atomic_load(&pool->answers[ANSWER_HALF]), 0);
    ck_assert_msg(seconds < case_swap_seconds, "the swap took %.1f s", seconds);
}
END_TEST

static void refresh(const char *name, int64_t generations)
{
    struct run run;

    run_prepare(&run, name);
    run.options.generations = generations;
    run_schema(&run);
    run_rest(&run);
    run_ok(&run, run_swap(&run));
    run_close(&run);
}

START_TEST(as_many_former_ones_stay_as_were_asked_for)
{
    refresh("many", 2);
    refresh("many", 2);
    refresh("many", 2);
    ck_assert_str_eq(case_beside("many"), "2");
    refresh("many", 2);
    ck_assert_str_eq(case_beside("many"), "2");
    refresh("many", 1);
    ck_assert_str_eq(case_beside("many"), "1");
    refresh("many", 0);
    ck_assert_str_eq(case_beside("many"), "0");
}
END_TEST

START_TEST(a_target_taken_away_meanwhile_is_not_replaced)
{
    struct run run;

    run_whole("wandering", "one");
    run_load(&run, "wandering", "two");
    case_take_away("wandering");
    ck_assert(!run_swap(&run));
    run_failed(&run, STATUS_TARGET, "renamed or dropped", "");
    run_discard(&run);
    ck_assert_str_eq(case_beside("wandering"), "0");
}
END_TEST

START_TEST(the_longest_names_are_cut_and_still_found_again)
{
    refresh(case_longest_name, 1);
    refresh(case_longest_name, 1);
    refresh(case_longest_name, 1);
    ck_assert_str_eq(
        case_ask("target", NULL,
                 arena_printf(arena, "SELECT count(*) %s LIKE 'n012345%%'", case_databases)),
        "2");
}
END_TEST

void case_add_contract_swap(Suite *suite)
{
    TCase *tcase = case_new(suite, "contract of swaps");

    tcase_add_test(tcase, clients_that_never_stop_coming_see_the_old_or_the_new);
    tcase_add_test(tcase, as_many_former_ones_stay_as_were_asked_for);
    tcase_add_test(tcase, a_target_taken_away_meanwhile_is_not_replaced);
    tcase_add_test(tcase, the_longest_names_are_cut_and_still_found_again);
}
