/* What a run did, as one JSON object (its schema is
 * include/understudy/report.schema.json) and as text for a terminal. Never a cell value. */
#ifndef UNDERSTUDY_REPORT_REPORT_H
#define UNDERSTUDY_REPORT_REPORT_H

#include "verify/fidelity.h"
#include "verify/privacy.h"

/* Everything is borrowed; what a run that failed early does not have is NULL. */
struct report {
    const char *version, *command, *run;
    const struct error *error; /* status OK: fine */
    int64_t started_us;
    double seconds;
    unsigned jobs;
    const struct options *options;
    const struct profile *profile;
    const char *key_fingerprint;
    const struct db_info *source, *target;
    const char *target_database;
    const struct catalog *catalog;
    const struct binding *binding;
    const struct selection *selection;
    const struct copied *copied;
    const struct verification *verification;
    const struct privacy *privacy;
    const struct fidelity *fidelity;
    size_t order_count;
    const struct order_count *orders; /* of edges whose times were compared */
    const struct control *control;
};

bool report_json(const struct report *report, struct buf *out, struct error *err);
/* The plan for people: tables and why, edges, pins, columns, what is skipped, limits. */
bool report_plan_text(const struct report *report, struct buf *out, struct error *err);
/* What refresh says at its end: a few lines, the last one "loaded and checked; this is not proof:
 * N limits, see report". */
bool report_refresh_text(const struct report *report, struct buf *out, struct error *err);
/* OpenMetrics text of the run. */
bool report_metrics(const struct report *report, struct buf *out, struct error *err);

/* "postgresql", "mysql" or "mariadb". */
const char *report_engine_word(const struct db_info *info);
/* True when so few of the table's rows came that the planner of the server will plan otherwise. */
bool report_is_thin(const struct selected_table *table);
/* Bytes that the chosen rows will take, by what production's rows take with their indexes. */
uint64_t report_bytes(const struct selected_table *table);
/* How many limits a report states. */
size_t report_limit_count(const struct report *report);
/* Findings that --strict turns into exit 1: reviews left, keeps without a reason, pins that match
 * nothing. */
size_t report_findings(const struct report *report);

#endif
