/* Interruption, deadline and progress of a run. */
#include "run/control.h"

#include "base/clock.h"

void control_init(struct control *control)
{
    memset(control, 0, sizeof(*control));
}

void control_interrupt(struct control *control)
{
    atomic_fetch_add(&control->interrupts, 1);
    atomic_store(&control->is_stopped, true);
}

bool control_is_interrupted(struct control *control)
{
    if (!atomic_load(&control->is_stopped) && control->deadline > 0 &&
        clock_monotonic() >= control->deadline)
        atomic_store(&control->is_stopped, true);
    return atomic_load(&control->is_stopped);
}

bool control_error(struct control *control, struct error *err)
{
    if (atomic_load(&control->interrupts) > 0)
        return error_set(err, STATUS_INTERRUPTED, "interrupted by a signal; nothing was swapped");
    return error_set(err, STATUS_INTERRUPTED, "the deadline has passed; nothing was swapped");
}

void control_show(struct control *control, bool is_done)
{
    struct control_progress progress = {
        .phase = control->phase,
        .rows = atomic_load(&control->rows),
        .bytes = atomic_load(&control->bytes),
        .rows_total = control->rows_total,
        .seconds = clock_monotonic() - control->phase_started,
        .is_done = is_done,
    };

    if (control->progress && control->phase)
        control->progress(control->progress_context, &progress);
}

void control_phase_end(struct control *control)
{
    if (!control->phase)
        return;
    control_show(control, true);
    if (control->phase_count < CONTROL_PHASES_MAX)
        control->phases[control->phase_count++] =
            (struct control_phase){control->phase, clock_monotonic() - control->phase_started,
                                   atomic_load(&control->rows)};
    control->phase = NULL;
}

void control_phase(struct control *control, const char *name, uint64_t rows_total)
{
    assert(name);
    control_phase_end(control);
    control->phase = name;
    control->phase_started = clock_monotonic();
    control->rows_total = rows_total;
    atomic_store(&control->rows, 0);
    atomic_store(&control->bytes, 0);
    control_show(control, false);
}

void control_add(struct control *control, uint64_t rows, uint64_t bytes)
{
    atomic_fetch_add(&control->rows, rows);
    atomic_fetch_add(&control->bytes, bytes);
}
