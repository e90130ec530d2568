/* The parts of the reports that speak of the long tail; for the files of report/ alone. */
#ifndef UNDERSTUDY_REPORT_TAILS_H
#define UNDERSTUDY_REPORT_TAILS_H

#include "base/json.h"
#include "report/report.h"

enum { REPORT_TAILS_LIMITS = 3 };

/* The member `tails`; numbers are 0 and `surveyed` is false where there was no survey. */
void report_tails_write(struct json *json, const struct report *report);
/* The plan's section: a bounded number of lines, what is not covered first. */
void report_tails_plan(const struct report *report, struct buf *out);
/* A line of at most 80 columns for the end of a refresh, or nothing. */
void report_tails_text(const struct report *report, struct buf *out);
/* OpenMetrics of the coverage, or nothing. */
void report_tails_metrics(const struct report *report, struct buf *out);
/* Sentences for `limits`, in `arena`; returns their number. A text is NULL where memory ended. */
size_t report_tails_limits(const struct report *report, struct arena *arena,
                           const char *texts[REPORT_TAILS_LIMITS]);

/* Orphans of an edge in production: what the survey counted where it did, else what choosing knows
 * of them. */
struct report_orphans {
    uint64_t source, kept;
    bool is_estimated;
};
struct report_orphans report_orphans_of(const struct selection *selection, size_t edge);

#endif
