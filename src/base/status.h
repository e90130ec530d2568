/* The closed list of outcomes, one exit code each (status.def). */
#ifndef UNDERSTUDY_BASE_STATUS_H
#define UNDERSTUDY_BASE_STATUS_H

enum status {
#define STATUS(name, exit_code, label, text) STATUS_##name,
#include "base/status.def"
#undef STATUS
    STATUS_COUNT
};

int status_exit_code(enum status status);
const char *status_label(enum status status); /* "ok", "profile", ... as in the run report */
const char *status_text(enum status status);

#endif
