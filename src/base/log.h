/* What the program says on stderr while it works: one line an event, as text or as JSON, safe
 * from several threads. Never a cell value: callers pass names, counts and sentences only. */
#ifndef UNDERSTUDY_BASE_LOG_H
#define UNDERSTUDY_BASE_LOG_H

#include "base/common.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_NOTICE, LOG_DETAIL };
enum log_format { LOG_TEXT, LOG_JSON };

/* Set once, before threads start. Lines above `level` are dropped. */
void log_setup(enum log_level level, enum log_format format);
void log_write(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
