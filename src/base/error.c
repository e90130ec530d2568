/* Errors as values: texts put together in place, so that reporting one needs no memory. */
#include "base/error.h"

#ifdef __clang_analyzer__
#undef error_set
#undef error_set_errno
#undef error_context
#undef error_hint
#undef error_memory
#endif

#include "base/utf8.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Writes the text, cut on a UTF-8 boundary where it does not fit. */
PRINTF_LIKE(3, 0)
static void write_text(char *out, size_t size, const char *format, va_list args)
{
    assert(size > 0);
    int needed = vsnprintf(out, size, format, args);
    if (needed < 0)
        out[0] = '\0';
    else if ((size_t)needed >= size)
        out[utf8_cut(out, size - 1)] = '\0';
}

/* Appends as much of `text` as fits. */
static void append_text(char *out, size_t size, const char *text)
{
    size_t used = strlen(out);
    size_t len = strlen(text);

    assert(used < size);
    if (len >= size - used)
        len = utf8_cut(text, size - used - 1);
    memcpy(out + used, text, len);
    out[used + len] = '\0';
}

bool error_set(struct error *err, enum status status, const char *format, ...)
{
    va_list args;

    assert(err && format);
    assert(status != STATUS_OK && status < STATUS_COUNT);
    /* The arguments may point into *err, so the text is made before anything is cleared. */
    char cause[sizeof(err->cause)];
    va_start(args, format);
    write_text(cause, sizeof(cause), format, args);
    va_end(args);
    *err = (struct error){.status = status};
    memcpy(err->cause, cause, sizeof(cause));
    return false;
}

bool error_context(struct error *err, const char *format, ...)
{
    char context[sizeof(err->context)];
    va_list args;

    assert(err && format);
    assert(err->status != STATUS_OK);
    va_start(args, format);
    write_text(context, sizeof(context), format, args);
    va_end(args);
    if (err->context[0] != '\0' && strlen(context) + sizeof(": ") < sizeof(context)) {
        append_text(context, sizeof(context), ": ");
        append_text(context, sizeof(context), err->context);
    }
    memcpy(err->context, context, sizeof(context));
    return false;
}

bool error_hint(struct error *err, const char *format, ...)
{
    char hint[sizeof(err->hint)];
    va_list args;

    assert(err && format);
    assert(err->status != STATUS_OK);
    va_start(args, format);
    write_text(hint, sizeof(hint), format, args);
    va_end(args);
    memcpy(err->hint, hint, sizeof(hint));
    return false;
}

bool error_set_errno(struct error *err, enum status status, const char *format, ...)
{
    int number = errno;
    char cause[sizeof(err->cause)];
    char reason[128];
    va_list args;

    assert(err && format);
    assert(status != STATUS_OK && status < STATUS_COUNT);
    va_start(args, format);
    write_text(cause, sizeof(cause) - sizeof(reason), format, args);
    va_end(args);
    append_text(cause, sizeof(cause), ": ");
    append_text(cause, sizeof(cause), strerror_r(number, reason, sizeof(reason)));
    *err = (struct error){.status = status};
    memcpy(err->cause, cause, sizeof(cause));
    return false;
}

bool error_memory(struct error *err)
{
    return error_set(err, STATUS_LOCAL, "out of memory");
}
