/* understudy: makes staging databases honest. The public API.
 *
 * One `struct understudy` is one command: made, given its options, run, freed. It is not for two
 * threads at once, except understudy_interrupt(), which may be called from a signal handler. Every
 * function that returns bool leaves, on false, an error to be asked for with understudy_error_*().
 * Nothing here prints, except to the stream it is handed. */
#ifndef UNDERSTUDY_UNDERSTUDY_H
#define UNDERSTUDY_UNDERSTUDY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define UNDERSTUDY_API __attribute__((visibility("default")))

struct understudy;

UNDERSTUDY_API const char *understudy_version(void);

/* NULL: out of memory. Reads UNDERSTUDY_* from the environment. */
UNDERSTUDY_API struct understudy *understudy_new(void);
UNDERSTUDY_API void understudy_free(struct understudy *understudy);

/* The options of `command` ("refresh", "plan" ...), as on a command line, without program and
 * command. */
UNDERSTUDY_API bool understudy_parse(struct understudy *understudy, const char *command, int argc,
                                     char **argv);
/* True when --help stood among the options. */
UNDERSTUDY_API bool understudy_wants_help(const struct understudy *understudy);
UNDERSTUDY_API bool understudy_wants_quiet(const struct understudy *understudy);
UNDERSTUDY_API bool understudy_wants_json_log(const struct understudy *understudy);
/* "auto", "bar", "plain" or "none". */
UNDERSTUDY_API const char *understudy_progress_form(const struct understudy *understudy);

/* The last error: outermost context first (may be ""), the cause, what to do (may be ""). */
UNDERSTUDY_API int understudy_exit_code(const struct understudy *understudy);
UNDERSTUDY_API const char *understudy_error_context(const struct understudy *understudy);
UNDERSTUDY_API const char *understudy_error_cause(const struct understudy *understudy);
UNDERSTUDY_API const char *understudy_error_hint(const struct understudy *understudy);

/* How far a run is. Called about ten times a second from the thread that runs the command. */
struct understudy_progress {
    const char *phase;
    uint64_t rows, bytes;
    uint64_t rows_total; /* 0: unknown */
    double seconds;      /* since the phase began */
    bool is_done;
};
typedef void understudy_progress_callback(void *context,
                                          const struct understudy_progress *progress);
UNDERSTUDY_API void understudy_on_progress(struct understudy *understudy,
                                           understudy_progress_callback *callback, void *context);

/* Asks a running command to clean up and end with exit code 9. Async-signal-safe. */
UNDERSTUDY_API void understudy_interrupt(struct understudy *understudy);

/* Tests only: moves rows in the text form instead of the binary one. */
UNDERSTUDY_API void understudy_use_text_codec(struct understudy *understudy);

/* The commands. Answers go to `out` (init and detect: unless --output names a file). */
UNDERSTUDY_API bool understudy_init(struct understudy *understudy, FILE *out);
UNDERSTUDY_API bool understudy_detect(struct understudy *understudy, FILE *out);
UNDERSTUDY_API bool understudy_check(struct understudy *understudy, FILE *out);
UNDERSTUDY_API bool understudy_plan(struct understudy *understudy, FILE *out);
UNDERSTUDY_API bool understudy_refresh(struct understudy *understudy, FILE *out);
UNDERSTUDY_API bool understudy_why(struct understudy *understudy, FILE *out);
/* `key new FILE` and `key fingerprint FILE`. */
UNDERSTUDY_API bool understudy_key(struct understudy *understudy, FILE *out);

/* Help on a topic or command; NULL: the overview. false: there is no such topic. */
UNDERSTUDY_API bool understudy_help(struct understudy *understudy, const char *const *topic,
                                    size_t words, FILE *out);

#ifdef __cplusplus
}
#endif

#endif
