/* One run at a time on a target: a lock of the server under a name made of the schema's, held by
 * the session that later swaps. Locks cannot be listed, so the holder spells its run's id in
 * further locks, one for each digit, whose holders can be asked for by name: nothing is written,
 * and nothing stays when the session ends. */
#include "stage/my_stage.h"

#include "base/clock.h"
#include <string.h>
#include <time.h>

#define LOCK_POLL_MS 200
#define RUN_DIGITS   16

static const char digits[] = "0123456789abcdef";

/* CONCAT('understudy:', ...): at most 64 characters with a digit's suffix. */
static void add_lock_name(struct buf *sql, const char *target, const char *suffix)
{
    my_format(sql, "CONCAT('understudy:', LEFT(SHA2(%t, 256), 32), '%s')", target, suffix);
}

static void add_digit_name(struct buf *sql, const char *target, size_t place, char digit)
{
    char suffix[8] = {':', digits[place % RUN_DIGITS], digit};

    assert(place < RUN_DIGITS);
    add_lock_name(sql, target, suffix);
}

static bool ask_one(struct db *db, struct buf *sql, struct my_result *result, struct error *err)
{
    bool is_done = buf_ok(sql) ? my_query(db, buf_text(sql), result, err) : error_memory(err);

    buf_release(sql);
    return is_done;
}

static bool take_digits(struct my_stage *stage, struct error *err)
{
    const char *run = stage->base.request.run;
    struct my_result result = {.rows = NULL};
    struct buf sql;

    buf_init(&sql, 1 << 16);
    my_format(&sql, "SELECT GET_LOCK(CONCAT('understudy:run:', %t), 0)", run);
    for (size_t i = 0; run[i] && i < RUN_DIGITS; i++) {
        buf_add_text(&sql, ", GET_LOCK(");
        add_digit_name(&sql, stage->base.target.database, i, run[i]);
        buf_add_text(&sql, ", 0)");
    }
    bool is_done = ask_one(stage->admin, &sql, &result, err);
    my_result_release(&result);
    return is_done;
}

static bool try_once(struct my_stage *stage, bool *is_taken, struct error *err)
{
    struct my_result result = {.rows = NULL};
    struct buf sql;

    buf_init(&sql, 1 << 16);
    buf_add_text(&sql, "SELECT GET_LOCK(");
    add_lock_name(&sql, stage->base.target.database, "");
    buf_add_text(&sql, ", 0)");
    if (!ask_one(stage->admin, &sql, &result, err))
        return false;
    *is_taken = my_true(&result, 0, 0);
    my_result_release(&result);
    return !*is_taken || take_digits(stage, err);
}

/* Fills `run` with the holder's id; "" where it cannot be read. */
static bool read_holder(struct my_stage *stage, char run[RUN_DIGITS + 1], struct error *err)
{
    const char *target = stage->base.target.database;
    struct my_result result = {.rows = NULL};
    struct buf sql;

    run[0] = '\0';
    buf_init(&sql, 1 << 20);
    for (size_t place = 0; place < RUN_DIGITS; place++) {
        buf_add_text(&sql, place == 0 ? "SELECT CONCAT(" : ", ");
        for (size_t digit = 0; digit < strlen(digits); digit++) {
            buf_add_text(&sql, digit == 0 ? "CASE WHEN IS_USED_LOCK(" : " WHEN IS_USED_LOCK(");
            add_digit_name(&sql, target, place, digits[digit]);
            my_format(&sql, ") IS NOT NULL THEN '%s'", (char[2]){digits[digit], '\0'});
        }
        buf_add_text(&sql, " END");
    }
    buf_add_text(&sql, ")");
    if (!ask_one(stage->admin, &sql, &result, err))
        return false;
    struct span cell = my_cell(&result, 0, 0);
    if (cell.ptr && cell.len == RUN_DIGITS)
        memcpy(run, cell.ptr, RUN_DIGITS + 1);
    my_result_release(&result);
    return true;
}

static bool held_error(struct my_stage *stage, struct error *err)
{
    const char *name = stage->base.target.database;
    char run[RUN_DIGITS + 1];

    if (!read_holder(stage, run, err))
        return false;
    if (run[0])
        error_set(err, STATUS_TARGET, "run %s holds the target '%s'", run, name);
    else
        error_set(err, STATUS_TARGET, "another run holds the target '%s'", name);
    return error_hint(err, "wait for it with --lock-wait, or stop it");
}

bool my_run_lock_take(struct my_stage *stage, struct error *err)
{
    double deadline =
        clock_monotonic() + (double)stage->base.request.options->lock_wait_us / 1000000.0;
    struct timespec pause = {.tv_nsec = LOCK_POLL_MS * 1000000L};
    bool is_taken = false;

    assert(stage->admin && stage->base.target.database);
    for (;;) {
        if (!try_once(stage, &is_taken, err))
            return false;
        if (is_taken)
            return true;
        if (my_stage_is_cancelled(stage))
            return error_set(err, STATUS_INTERRUPTED, "interrupted while another run was awaited");
        if (clock_monotonic() >= deadline)
            return held_error(stage, err);
        nanosleep(&pause, NULL);
    }
}

/* The lock under the run's id is nobody else's, so its holder is a session of this program. */
static bool end_own_session(struct my_stage *stage, struct error *err)
{
    struct my_result result = {.rows = NULL};
    struct error ignored = {.status = STATUS_OK};

    if (!my_ask(stage->admin, &result, err, "SELECT IS_USED_LOCK(CONCAT('understudy:run:', %t))",
                stage->base.request.run))
        return false;
    const char *session = my_text(&result, 0, 0);
    if (session) /* it may be gone by now */
        my_do(stage->admin, &ignored, "KILL CONNECTION %s", session);
    my_result_release(&result);
    return true;
}

bool my_run_lock_retake(struct my_stage *stage, bool must_end, struct error *err)
{
    bool is_taken = false;

    assert(stage->admin && stage->base.request.run);
    if (!try_once(stage, &is_taken, err))
        return false;
    if (is_taken)
        return true;
    return (!must_end || end_own_session(stage, err)) && held_error(stage, err);
}

bool my_run_lock_is_held(struct my_stage *stage, bool *is_held, struct error *err)
{
    struct my_result result = {.rows = NULL};
    struct buf sql;

    buf_init(&sql, 1 << 16);
    buf_add_text(&sql, "SELECT IS_USED_LOCK(");
    add_lock_name(&sql, stage->base.target.database, "");
    buf_add_text(&sql, ") = CONNECTION_ID()");
    if (!ask_one(stage->admin, &sql, &result, err))
        return false;
    *is_held = my_true(&result, 0, 0);
    my_result_release(&result);
    return true;
}

bool my_run_lock_is_others(struct my_stage *stage, bool *is_others, struct error *err)
{
    struct my_result result = {.rows = NULL};
    struct buf sql;

    buf_init(&sql, 1 << 16);
    buf_add_text(&sql, "SELECT COALESCE(IS_USED_LOCK(");
    add_lock_name(&sql, stage->base.target.database, "");
    buf_add_text(&sql, ") <> CONNECTION_ID(), 0)");
    if (!ask_one(stage->admin, &sql, &result, err))
        return false;
    *is_others = my_true(&result, 0, 0);
    my_result_release(&result);
    return true;
}

bool my_run_lock_is_alive(struct db *db, const char *run, bool *is_alive, struct error *err)
{
    struct my_result result = {.rows = NULL};

    assert(db && run);
    if (!my_ask(db, &result, err, "SELECT IS_USED_LOCK(CONCAT('understudy:run:', %t)) IS NOT NULL",
                run))
        return false;
    *is_alive = my_true(&result, 0, 0);
    my_result_release(&result);
    return true;
}
