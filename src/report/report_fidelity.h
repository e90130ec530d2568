/* The parts of the reports that say how far staging is from production; for the files of report/
 * alone. */
#ifndef UNDERSTUDY_REPORT_FIDELITY_H
#define UNDERSTUDY_REPORT_FIDELITY_H

#include "base/json.h"
#include "report/report.h"

/* The member `fidelity`; with a reason where nothing was measured. */
void report_fidelity_write(struct json *json, const struct report *report);
/* Two lines of at most 80 columns: the averages, and what is least like production. Nothing where
 * nothing was measured. */
void report_fidelity_text(const struct report *report, struct buf *out);

#endif
