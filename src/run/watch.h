/* A thread that watches over work which blocks in one place (a child program, one statement): when
 * the run is interrupted or its deadline passes it calls `cancel`, again every tenth of a second,
 * until the watch ends. */
#ifndef UNDERSTUDY_RUN_WATCH_H
#define UNDERSTUDY_RUN_WATCH_H

#include "run/control.h"
#include <pthread.h>

struct watch {
    struct control *control;
    void (*cancel)(void *context); /* from the watching thread; must not block long */
    void *context;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards is_over */
    pthread_cond_t changed;
    bool is_over, is_running;
};

bool watch_begin(struct watch *watch, struct control *control, void (*cancel)(void *context),
                 void *context, struct error *err);
void watch_end(struct watch *watch); /* fine when it never began */

#endif
