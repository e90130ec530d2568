/* Errors travel as values; only main speaks. An error is a status, a context that grows from
 * the inside out, one cause and an optional hint. It never holds a cell value. */
#ifndef UNDERSTUDY_BASE_ERROR_H
#define UNDERSTUDY_BASE_ERROR_H

#include "base/common.h"
#include "base/status.h"

struct error {
    enum status status;
    char context[240]; /* "table 'orders': column 'email'", outermost first */
    char cause[400];
    char hint[300];
};

/* Each returns false, so that a failing function can `return error_set(...)`. error_set
 * replaces what was there; error_context puts a text in front, dropping the oldest context
 * rather than the cause when there is no room; error_hint adds what to do. Text is cut at
 * the buffer's end on a UTF-8 boundary. `err` is never NULL. */
bool error_set(struct error *err, enum status status, const char *format, ...) PRINTF_LIKE(3, 4);
bool error_context(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);
bool error_hint(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* The same with the text of errno behind the cause ("...: No space left on device"). */
bool error_set_errno(struct error *err, enum status status, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* An allocation failed: STATUS_LOCAL, "out of memory". */
bool error_memory(struct error *err);

#ifdef __clang_analyzer__
/* The analyzer reads one file at a time: it is told here that these return false. */
#define error_set(...)                                                                             \
    (__extension__({                                                                               \
        error_set(__VA_ARGS__);                                                                    \
        false;                                                                                     \
    }))
#define error_set_errno(...)                                                                       \
    (__extension__({                                                                               \
        error_set_errno(__VA_ARGS__);                                                              \
        false;                                                                                     \
    }))
#define error_context(...)                                                                         \
    (__extension__({                                                                               \
        error_context(__VA_ARGS__);                                                                \
        false;                                                                                     \
    }))
#define error_hint(...)                                                                            \
    (__extension__({                                                                               \
        error_hint(__VA_ARGS__);                                                                   \
        false;                                                                                     \
    }))
#define error_memory(err)                                                                          \
    (__extension__({                                                                               \
        error_memory(err);                                                                         \
        false;                                                                                     \
    }))
#endif

#endif
