/* Interrupts what blocks. */
#include "run/watch.h"

#include <time.h>

static void *watch_run(void *argument)
{
    struct watch *watch = argument;

    pthread_mutex_lock(&watch->mutex);
    while (!watch->is_over) {
        struct timespec at;

        clock_gettime(CLOCK_MONOTONIC, &at);
        at.tv_nsec += 100000000;
        if (at.tv_nsec >= 1000000000) {
            at.tv_nsec -= 1000000000;
            at.tv_sec++;
        }
        pthread_cond_timedwait(&watch->changed, &watch->mutex, &at);
        bool must_cancel = !watch->is_over && control_is_interrupted(watch->control);
        pthread_mutex_unlock(&watch->mutex);
        if (must_cancel)
            watch->cancel(watch->context);
        pthread_mutex_lock(&watch->mutex);
    }
    pthread_mutex_unlock(&watch->mutex);
    return NULL;
}

bool watch_begin(struct watch *watch, struct control *control, void (*cancel)(void *context),
                 void *context, struct error *err)
{
    pthread_condattr_t attributes;

    *watch = (struct watch){.control = control, .cancel = cancel, .context = context};
    pthread_mutex_init(&watch->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&watch->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    watch->is_running = pthread_create(&watch->thread, NULL, watch_run, watch) == 0;
    return watch->is_running || error_set(err, STATUS_LOCAL, "cannot start a thread");
}

void watch_end(struct watch *watch)
{
    if (!watch->is_running)
        return;
    pthread_mutex_lock(&watch->mutex);
    watch->is_over = true;
    pthread_cond_broadcast(&watch->changed);
    pthread_mutex_unlock(&watch->mutex);
    pthread_join(watch->thread, NULL);
    pthread_cond_destroy(&watch->changed);
    pthread_mutex_destroy(&watch->mutex);
    watch->is_running = false;
}
