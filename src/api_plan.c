/* plan, check and why: what would happen, without writing anything. */
#include "api_help.h"
#include "api_internal.h"

#include "base/json.h"
#include "base/words.h"
#include "run/mask.h"
#include "stage/engine.h"
#include <stdlib.h>

static bool plan_write(const struct session *session, FILE *out, struct error *err)
{
    struct report report;
    struct buf text;

    session_report(session, &report);
    buf_init(&text, BUF_CEILING_MAX);
    bool is_ok = session->understudy->options.format == FORMAT_JSON
                     ? report_json(&report, &text, err)
                     : report_plan_text(&report, &text, err);
    is_ok = is_ok && api_write_stream(out, &text, err);
    buf_release(&text);
    return is_ok;
}

static size_t strict_findings(const struct session *session)
{
    struct report report;

    session_report(session, &report);
    return session->understudy->options.strict ? report_findings(&report) : 0;
}

static bool strict_result(const struct session *session, struct error *err)
{
    size_t findings = strict_findings(session);

    return findings == 0 || error_set(err, STATUS_MISMATCH, "--strict: %zu finding%s, listed above",
                                      findings, findings == 1 ? "" : "s");
}

bool understudy_plan(struct understudy *understudy, FILE *out)
{
    struct session session;
    struct error *err = &understudy->error;
    bool is_ok = session_init(&session, understudy);

    session.counts_subjects = true;
    is_ok = is_ok && session_read_profile(&session, err) && session_open_source(&session, err) &&
            session_bind(&session, NULL, err) && session_choose(&session, err) &&
            plan_write(&session, out, err) && strict_result(&session, err);

    session_release(&session);
    return is_ok;
}

/* All reasons, each as the one error of a run would be printed. */
static void faults_text(const struct fault_list *faults, struct buf *text)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct error *fault = &faults->errors[i];

        buf_add_format(text, "%-8s %s%s%s\n", status_label(fault->status), fault->context,
                       fault->context[0] ? ": " : "", fault->cause);
        if (fault->hint[0])
            buf_add_format(text, "         hint: %s\n", fault->hint);
    }
}

static void warning_text(const struct note *warning, struct buf *text)
{
    const size_t indent = 9, length = strlen(warning->topic);

    buf_add_format(text, "%-8s ", warning->topic);
    help_add_wrapped(text, warning->text, indent, length < indent ? indent : length + 1);
}

static void warnings_text(const struct binding *binding, struct buf *text)
{
    for (size_t i = 0; binding && i < binding->warning_count; i++)
        warning_text(&binding->warnings[i], text);
}

/* What a refresh would leave out because the user may not see it. */
static void hidden_text(const struct catalog *catalog, struct buf *text)
{
    for (size_t i = 0; catalog && i < catalog->skipped_count; i++) {
        const struct skipped *skipped = &catalog->skipped[i];

        if (skipped->is_hidden)
            buf_add_format(text, "%-8s %s: %s\n", "skipped", skipped->object, skipped->why);
    }
}

static void hidden_json(const struct catalog *catalog, struct json *json)
{
    json_array(json);
    for (size_t i = 0; catalog && i < catalog->skipped_count; i++) {
        if (!catalog->skipped[i].is_hidden)
            continue;
        json_object(json);
        json_key_text(json, "object", catalog->skipped[i].object);
        json_key_text(json, "why", catalog->skipped[i].why);
        json_object_end(json);
    }
    json_array_end(json);
}

static void faults_json(const struct fault_list *faults, struct json *json)
{
    json_array(json);
    for (size_t i = 0; i < faults->count; i++) {
        json_object(json);
        json_key_text(json, "status", status_label(faults->errors[i].status));
        json_key_integer(json, "exit", status_exit_code(faults->errors[i].status));
        json_key_text(json, "context", faults->errors[i].context);
        json_key_text(json, "cause", faults->errors[i].cause);
        json_key_text(json, "hint", faults->errors[i].hint);
        json_object_end(json);
    }
    json_array_end(json);
}

/* Keeps what failed and lets the check go on; false where nothing can follow: the command line is
 * wrong, the run was interrupted, memory ended. */
static bool fault_keep(struct fault_list *faults, struct error *err)
{
    int code = status_exit_code(err->status);

    if (code < status_exit_code(STATUS_PROFILE) || code > status_exit_code(STATUS_LOCAL))
        return false;
    if (!fault_list_add(faults, err))
        return error_memory(err);
    *err = (struct error){0};
    return true;
}

/* The part about the target: in full beside an open source, else only whether it answers. */
static bool check_target(struct session *session, struct fault_list *faults, struct buf *text,
                         struct error *err)
{
    struct stage_request request;

    session_stage_request(session, &request);
    if (session->catalog)
        return stage_check(&request, session->arena, faults, text, err);

    AUTO(db) struct db *target = NULL;
    struct db_config config = session->target_config;
    /* The target itself may be yet to come. */
    config.database = session->profile->maintenance_db     ? session->profile->maintenance_db
                      : config.engine == ENGINE_POSTGRESQL ? "postgres"
                                                           : "";
    return db_open(&config, session->arena, &target, err);
}

/* Every part of the check that the ones before leave possible; faults are kept, not thrown. */
static void check_run(struct session *session, struct fault_list *faults, struct buf *text,
                      struct error *err)
{
    bool has_target = false;

    if (!session_open_profile(session, err) ||
        (!session_read_key(session, err) && !fault_keep(faults, err)) ||
        !session_profile_source(session, err))
        return;
    has_target = session_target_url(session, err);
    session->reads_alone = true;
    if ((!has_target && !fault_keep(faults, err)) ||
        (!session_open_source(session, err) && !fault_keep(faults, err)))
        return;
    if (session->catalog && session->keyring && !session_bind(session, faults, err)) {
        /* with faults it repeats the first of them */
        if (faults->count == 0 && !fault_keep(faults, err))
            return;
        *err = (struct error){0};
    }
    if (!has_target)
        return;
    if (check_target(session, faults, text, err))
        *err = (struct error){0}; /* what is in it is among the faults */
    else
        fault_keep(faults, err);
}

static bool check_answer(struct session *session, const struct fault_list *faults,
                         const struct buf *target, FILE *out, struct error *err)
{
    struct buf text;
    bool is_ok = true;

    buf_init(&text, BUF_CEILING_MAX);
    if (session->understudy->options.format == FORMAT_JSON) {
        AUTO(json) struct json *json = json_new(true);

        if (!json)
            return error_memory(err);
        json_object(json);
        json_key_bool(json, "ok", faults->count == 0);
        json_key(json, "faults");
        faults_json(faults, json);
        json_key(json, "skipped");
        hidden_json(session->catalog, json);
        json_object_end(json);
        is_ok = json_finish(json, &text);
    } else {
        buf_add(&text, buf_text(target), target->len);
        warnings_text(session->binding, &text);
        hidden_text(session->catalog, &text);
        faults_text(faults, &text);
        if (faults->count == 0 && strict_findings(session) == 0)
            buf_add_text(&text, "refresh would run\n");
    }
    is_ok = is_ok && api_write_stream(out, &text, err);
    buf_release(&text);
    return is_ok;
}

bool understudy_check(struct understudy *understudy, FILE *out)
{
    struct session session;
    struct error *err = &understudy->error;
    struct buf target;
    bool is_ok = session_init(&session, understudy);
    struct fault_list faults = {.arena = session.arena};

    if (!is_ok)
        return false;
    buf_init(&target, BUF_CEILING_MAX);
    check_run(&session, &faults, &target, err);
    if (err->status == STATUS_OK || fault_keep(&faults, err)) {
        struct error first = {0};

        for (size_t i = 0; i < faults.count; i++)
            if (first.status == STATUS_OK ||
                status_exit_code(faults.errors[i].status) < status_exit_code(first.status))
                first = faults.errors[i];
        *err = (struct error){0};
        is_ok = check_answer(&session, &faults, &target, out, err);
        if (is_ok && first.status != STATUS_OK) {
            *err = first;
            is_ok = false;
        }
        is_ok = is_ok && strict_result(&session, err);
    } else {
        is_ok = false;
    }
    buf_release(&target);
    session_release(&session);
    return is_ok;
}
