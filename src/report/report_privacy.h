/* The parts of the reports that speak of privacy; for the files of report/ alone. */
#ifndef UNDERSTUDY_REPORT_PRIVACY_H
#define UNDERSTUDY_REPORT_PRIVACY_H

#include "base/json.h"
#include "report/report.h"

enum { REPORT_PRIVACY_LIMITS = 9 };

/* The member `privacy`; empty where nothing was measured. */
void report_privacy_write(struct json *json, const struct report *report);
/* Sentences for `limits`, in `arena`; returns their number. A text is NULL where memory ended. */
size_t report_privacy_limits(const struct report *report, struct arena *arena,
                             const char *texts[REPORT_PRIVACY_LIMITS]);
/* A line of at most 80 columns, or nothing. */
void report_privacy_text(const struct report *report, struct buf *out);

#endif
