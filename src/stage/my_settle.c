/* A swap that failed halfway, and maybe lost its connection: taken up again as the next start of
 * the program would, with the run's lock held for certain and by what the server holds by then. */
#include "stage/my_stage.h"

#include "base/clock.h"
#include <string.h>
#include <time.h>

#define INSIST_SECONDS 15.0
#define PATIENCE_SECONDS                                                                           \
    6.0                 /* a statement waits for its locks for less, and ends with its session */
#define PAUSE_FIRST 0.1 /* doubled from try to try */
#define PAUSE_MAX   1.0

/* The answer to a statement may be lost and the statement still be at work: its session keeps the
 * lock until it is over. */
static bool hold_lock(struct my_stage *stage, bool must_end, struct error *err)
{
    struct db *admin = NULL;
    bool is_held = false;

    assert(stage->admin);
    if (my_run_lock_is_held(stage, &is_held, err)) {
        if (is_held)
            return true;
    } else {
        if (!my_stage_connect(stage, "", &admin, err))
            return false;
        my_stage_replace_admin(stage, admin);
    }
    return my_run_lock_retake(stage, must_end, err);
}

/* False when the run is to end, which nothing is waited for any more. */
static bool pause_for(const struct my_stage *stage, double seconds)
{
    const struct timespec slice = {.tv_nsec = 50000000};
    double until = clock_monotonic() + seconds;

    while (!my_stage_is_cancelled(stage) && clock_monotonic() < until)
        nanosleep(&slice, NULL);
    return !my_stage_is_cancelled(stage);
}

bool my_swap_insist(struct my_swap *swap, bool (*end)(struct my_swap *swap, struct error *err),
                    struct error *err)
{
    double begun = clock_monotonic(), pause = PAUSE_FIRST;

    assert(swap->journal && atomic_load(&swap->stage->is_committing));
    for (;;) {
        double waited = clock_monotonic() - begun;

        if (hold_lock(swap->stage, waited > PATIENCE_SECONDS, err) && end(swap, err)) {
            *err = (struct error){.status = STATUS_OK};
            return true;
        }
        if (waited > INSIST_SECONDS || !pause_for(swap->stage, pause))
            return false;
        pause = pause * 2 < PAUSE_MAX ? pause * 2 : PAUSE_MAX;
    }
}

/* The journal is gone: another run had the lock meanwhile and ended the swap, one way or the other,
 * or this one did and did not hear so. */
static bool read_end(struct my_swap *swap, struct error *err)
{
    struct stage *base = &swap->stage->base;
    struct mark mark;
    const char *text;

    if (!my_mark_find(swap->stage->admin, swap->target, base->arena, &text, err))
        return false;
    swap->is_over = true;
    swap->is_moved =
        mark_read(text, base->arena, &mark) && strcmp(mark.run, base->request.run) == 0;
    return true;
}

bool my_swap_settle(struct my_swap *swap, struct error *err)
{
    struct my_journal *journal;

    assert(!swap->inside);
    if (!my_journal_read(swap->stage, swap->journal->schema, &journal, err))
        return false;
    if (!journal)
        return read_end(swap, err);
    return my_swap_is_moved(swap, &swap->is_moved, err) &&
           (swap->is_moved || my_swap_take_back(swap, err));
}
