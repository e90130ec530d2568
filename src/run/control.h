/* What may end a run early, and how far it is: the interrupt flag that a signal handler sets, the
 * deadline, the counters that workers add to and the progress callback that one thread calls. */
#ifndef UNDERSTUDY_RUN_CONTROL_H
#define UNDERSTUDY_RUN_CONTROL_H

#include "base/error.h"
#include <stdatomic.h>
#include <string.h>

struct control_progress { /* one look at a running phase */
    const char *phase;    /* "choose", "copy", "verify" ... */
    uint64_t rows, bytes;
    uint64_t rows_total; /* 0: unknown */
    double seconds;      /* since the phase began */
    bool is_done;
};

struct control_phase { /* a finished phase, for the report */
    const char *name;
    double seconds;
    uint64_t rows;
};

#define CONTROL_PHASES_MAX 24

struct control {
    atomic_int interrupts;  /* raised by control_interrupt */
    atomic_bool is_stopped; /* interrupted, or the deadline was seen to have passed */
    double deadline;        /* monotonic seconds; 0: none */
    atomic_uint_fast64_t rows, bytes;
    const char *phase;
    double phase_started;
    uint64_t rows_total;
    size_t phase_count;
    struct control_phase phases[CONTROL_PHASES_MAX];
    void (*progress)(void *context, const struct control_progress *progress);
    void *progress_context;
};

void control_init(struct control *control);
/* Async-signal-safe. */
void control_interrupt(struct control *control);
bool control_is_interrupted(struct control *control); /* signal or deadline; any thread */
/* Sets STATUS_INTERRUPTED saying which of the two; returns false. */
bool control_error(struct control *control, struct error *err);

/* From the orchestrating thread only. Beginning a phase ends the one before. */
void control_phase(struct control *control, const char *name, uint64_t rows_total);
void control_phase_end(struct control *control);
void control_add(struct control *control, uint64_t rows, uint64_t bytes); /* any thread */
void control_show(struct control *control, bool is_done);

#endif
