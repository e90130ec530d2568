/* One event, one line, one write(2): lines of several threads never mix. */
#include "base/log.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/words.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define MESSAGE_MAX  2000            /* bytes; longer messages are cut */
#define LINE_CEILING ((size_t)16384) /* the longest escapes of such a message fit */

static enum log_level chosen_level = LOG_NOTICE;
static enum log_format chosen_format = LOG_TEXT;

static const char *const level_names[] = {
    [LOG_ERROR] = "error",
    [LOG_WARNING] = "warning",
    [LOG_NOTICE] = "notice",
    [LOG_DETAIL] = "detail",
};
static const char *const level_prefixes[] = {
    [LOG_ERROR] = "understudy: ",
    [LOG_WARNING] = "understudy: warning: ",
    [LOG_NOTICE] = "",
    [LOG_DETAIL] = "",
};

void log_setup(enum log_level level, enum log_format format)
{
    assert(level <= LOG_DETAIL && format <= LOG_JSON);
    chosen_level = level;
    chosen_format = format;
}

static void json_line(struct buf *line, enum log_level level, const char *message)
{
    AUTO(json) struct json *json = json_new(false);
    char time[32];

    if (!json)
        return;
    clock_format_utc(clock_now_us(), time, sizeof(time));
    json_object(json);
    json_key_text(json, "time", time);
    json_key_text(json, "level", level_names[level]);
    json_key_text(json, "message", message);
    json_object_end(json);
    json_finish(json, line);
    buf_add_char(line, '\n');
}

static void text_line(struct buf *line, enum log_level level, const char *message)
{
    buf_add_text(line, level_prefixes[level]);
    words_add_printable(line, message, strlen(message));
    buf_add_char(line, '\n');
}

/* Where stderr cannot be written there is nobody left to tell. */
static void line_write(const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t written = write(STDERR_FILENO, bytes, len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        bytes += written;
        len -= (size_t)written;
    }
}

void log_write(enum log_level level, const char *format, ...)
{
    char message[MESSAGE_MAX];
    struct buf line;
    va_list args;

    assert(level <= LOG_DETAIL && format);
    if (level > chosen_level)
        return;
    int kept = errno;
    va_start(args, format);
    int needed = vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    if (needed < 0)
        message[0] = '\0';
    else if ((size_t)needed >= sizeof(message))
        message[utf8_cut(message, sizeof(message) - 1)] = '\0';
    buf_init(&line, LINE_CEILING);
    if (chosen_format == LOG_JSON)
        json_line(&line, level, message);
    else
        text_line(&line, level, message);
    if (buf_ok(&line))
        line_write(buf_text(&line), line.len);
    buf_release(&line);
    errno = kept;
}
