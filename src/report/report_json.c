/* The run report as JSON. */
#include "report/report_fidelity.h"
#include "report/report_privacy.h"
#include "report/report_tails.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/words.h"
#include <sys/resource.h>

static const char *const chosen_words[CHOSEN_COUNT] = {
    [CHOSEN_PIN] = "pin",
    [CHOSEN_TAIL] = "tail",
    [CHOSEN_START] = "start",
    [CHOSEN_SAMPLE] = "sample",
    [CHOSEN_FULL_TABLE] = "full_table",
    [CHOSEN_CHILD] = "child",
    [CHOSEN_PARENT] = "parent",
};

static const char *const edge_words[] = {
    [EDGE_FOREIGN_KEY] = "foreign_key",
    [EDGE_DECLARED] = "declared",
    [EDGE_POLYMORPHIC] = "polymorphic",
};

static const char *const uniqueness_words[] = {
    [UNIQUENESS_PRESERVED] = "preserved",
    [UNIQUENESS_NOT_GUARANTEED] = "not_guaranteed",
    [UNIQUENESS_LOSSY] = "lossy",
};

static uint64_t peak_memory(void)
{
    struct rusage usage;

    return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint64_t)usage.ru_maxrss * 1024u : 0;
}

const char *report_engine_word(const struct db_info *info)
{
    if (info->engine == ENGINE_POSTGRESQL)
        return "postgresql";
    return info->is_mariadb ? "mariadb" : "mysql";
}

static void server_write(struct json *json, const char *key, const struct db_info *info,
                         const char *database, const char *identity)
{
    json_key(json, key);
    if (!info) {
        json_null(json);
        return;
    }
    json_object(json);
    json_key_text(json, "engine", report_engine_word(info));
    json_key_text(json, "version", info->version);
    json_key_text(json, "database", database ? database : info->database);
    if (identity)
        json_key_text(json, "identity", identity);
    if (identity && info->engine == ENGINE_MYSQL) /* one snapshot over several connections */
        json_key_real(json, "lock_seconds", (double)info->lock_us / 1e6, 6);
    json_key_text(json, "tls", info->tls);
    json_object_end(json);
}

static void table_write(struct json *json, const struct selected_table *table)
{
    json_object(json);
    json_key_text(json, "table", table->table->table->label);
    json_key_integer(json, "source_rows", (int64_t)table->source_rows);
    json_key_bool(json, "source_rows_estimated", table->source_rows_estimated);
    json_key_integer(json, "rows", (int64_t)table->row_count);
    json_key_real(json, "threshold", table->threshold, 6);
    json_key(json, "chosen");
    json_object(json);
    for (size_t i = 0; i < CHOSEN_COUNT; i++)
        json_key_integer(json, chosen_words[i], (int64_t)table->chosen[i]);
    json_object_end(json);
    json_object_end(json);
}

static void tables_write(struct json *json, const struct selection *selection)
{
    json_key(json, "rows");
    json_object(json);
    json_key_integer(json, "source", selection ? (int64_t)selection->rows_source : 0);
    json_key_integer(json, "kept", selection ? (int64_t)selection->rows_kept : 0);
    json_object_end(json);
    json_key(json, "tables");
    json_array(json);
    for (size_t i = 0; selection && i < selection->binding->catalog->table_count; i++)
        if (selection->binding->tables[i].role != ROLE_EXCLUDED)
            table_write(json, &selection->tables[i]);
    json_array_end(json);
}

static void follow_write(struct json *json, const struct bound_edge *edge)
{
    json_key(json, "follow");
    switch (edge->take.kind) {
    case TAKE_ALL:
        json_text(json, "all");
        return;
    case TAKE_NONE:
        json_text(json, "none");
        return;
    case TAKE_COUNT:
        json_format(json, "%lld", (long long)edge->take.count);
        return;
    case TAKE_FRACTION:
        json_format(json, "%g", edge->take.fraction);
        return;
    }
    json_null(json);
}

/* Children that come before their parents; null where no times are compared. */
static void order_write(struct json *json, const struct report *report, const struct edge *edge)
{
    AUTO(arena) struct arena *arena = arena_new();
    size_t i = 0;

    while (i < report->order_count && report->orders[i].edge != edge)
        i++;
    json_key(json, "order");
    if (!arena || i == report->order_count) {
        json_null(json);
        return;
    }
    json_object(json);
    json_key_text(json, "child", words_printable(arena, report->orders[i].child->name));
    json_key_text(json, "parent", words_printable(arena, report->orders[i].parent->name));
    json_key_integer(json, "pairs", (int64_t)report->orders[i].pairs);
    json_key_integer(json, "before_in_production", (int64_t)report->orders[i].production);
    json_key_integer(json, "before_in_staging", (int64_t)report->orders[i].staging);
    json_key_integer(json, "in_staging_alone", (int64_t)report->orders[i].reversed);
    json_key_bool(json, "is_sample", report->orders[i].is_sample);
    json_object_end(json);
}

static void edges_write(struct json *json, const struct report *report)
{
    const struct selection *selection = report->selection;

    json_key(json, "edges");
    json_array(json);
    for (size_t i = 0; selection && i < selection->binding->graph->all.count; i++) {
        const struct bound_edge *edge = &selection->binding->edges[i];
        const struct selected_edge *selected = &selection->edges[i];
        const struct report_orphans orphans = report_orphans_of(selection, i);

        json_object(json);
        json_key_text(json, "edge", edge->edge->name);
        json_key_text(json, "kind", edge_words[edge->edge->kind]);
        follow_write(json, edge);
        json_key(json, "orphans");
        json_object(json);
        json_key_integer(json, "source", (int64_t)orphans.source);
        json_key_integer(json, "kept", (int64_t)orphans.kept);
        json_key_bool(json, "estimated", orphans.is_estimated);
        json_object_end(json);
        json_key_integer(json, "cut", (int64_t)selected->cut);
        json_key_integer(json, "nulled", report->copied ? (int64_t)report->copied->nulled[i] : 0);
        order_write(json, report, edge->edge);
        json_object_end(json);
    }
    json_array_end(json);
}

/* Only the plan counts them. */
static void subjects_write(struct json *json, const struct selection *selection)
{
    if (!selection || !selection->has_subject_rows)
        return;
    json_key(json, "subjects");
    json_object(json);
    json_key(json, "tables");
    json_array(json);
    for (size_t i = 0; i < selection->binding->subject_count; i++)
        json_text(json, selection->binding->subjects[i]->label);
    json_array_end(json);
    json_key_integer(json, "count", (int64_t)selection->subject_count);
    json_key_integer(json, "rows", (int64_t)selection->subject_rows);
    json_key_integer(json, "rows_of_greatest", (int64_t)selection->subject_rows_most);
    json_key_integer(json, "rows_by_reference", (int64_t)selection->subjects_by_reference);
    json_key_integer(json, "rows_by_identity", (int64_t)selection->subjects_by_identity);
    json_object_end(json);
}

static void pins_write(struct json *json, const struct selection *selection)
{
    json_key(json, "pins");
    json_array(json);
    for (size_t i = 0; selection && i < selection->binding->pin_count; i++) {
        const struct bound_pin *pin = &selection->binding->pins[i];

        json_object(json);
        json_key_text(json, "table", pin->table->table->label);
        json_key_text(json, "why", pin->pin->why);
        json_key_integer(json, "source_rows", (int64_t)selection->pins[i].source_rows);
        json_key_integer(json, "kept", (int64_t)selection->pins[i].kept);
        json_object_end(json);
    }
    json_array_end(json);
}

static const char *shown(struct arena *arena, const char *text)
{
    return arena && text ? words_printable(arena, text) : text;
}

static void column_write(struct json *json, const struct bound_column *column)
{
    AUTO(arena) struct arena *arena = arena_new();
    const char *name = shown(arena, column->column->name);

    json_object(json);
    json_key(json, "column");
    json_format(json, "%s.%s", column->column->table->label, name);
    json_key_text(json, "rule", column->rule);
    json_key_text(json, "domain", shown(arena, column->domain));
    json_key_text(json, "uniqueness",
                  column->is_copied ? "preserved" : uniqueness_words[column->uniqueness]);
    json_key_text(json, "reason", column->reason);
    json_object_end(json);
}

static void columns_write(struct json *json, const struct binding *binding)
{
    json_key(json, "columns");
    json_array(json);
    for (size_t t = 0; binding && t < binding->catalog->table_count; t++)
        for (size_t c = 0; c < binding->tables[t].column_count; c++)
            column_write(json, &binding->tables[t].columns[c]);
    json_array_end(json);
}

static void checks_write(struct json *json, const struct verification *verification)
{
    json_key(json, "checks");
    json_array(json);
    for (size_t i = 0; verification && i < verification->count; i++) {
        json_object(json);
        json_key_text(json, "check", verification->results[i].check);
        json_key_bool(json, "ok", verification->results[i].is_ok);
        json_key_text(json, "detail", verification->results[i].detail);
        json_object_end(json);
    }
    json_array_end(json);
}

/* How many statements, and which tables they left other than they were loaded; never their text. */
static void after_load_write(struct json *json, const struct report *report)
{
    const struct verification *verification = report->verification;

    json_key(json, "after_load");
    json_object(json);
    json_key_integer(json, "statements",
                     report->profile ? (int64_t)report->profile->after_load_count : 0);
    json_key(json, "changed");
    json_array(json);
    for (size_t i = 0; verification && i < verification->changed_count; i++)
        json_text(json, verification->changed[i]);
    json_array_end(json);
    json_object_end(json);
}

static void skipped_write(struct json *json, const struct report *report)
{
    const struct catalog *catalog = report->catalog;
    const struct binding *binding = report->binding;

    json_key(json, "skipped");
    json_array(json);
    for (size_t i = 0; catalog && i < catalog->skipped_count; i++) {
        json_object(json);
        json_key_text(json, "object", catalog->skipped[i].object);
        json_key_text(json, "why", catalog->skipped[i].why);
        json_object_end(json);
    }
    for (size_t i = 0; binding && i < binding->skipped_count; i++) {
        json_object(json);
        json_key_text(json, "object", binding->skipped[i].object);
        json_key_text(json, "why", binding->skipped[i].why);
        json_object_end(json);
    }
    json_array_end(json);
}

bool report_is_thin(const struct selected_table *table)
{
    return table->table->role != ROLE_EXCLUDED && table->table->role != ROLE_EMPTY &&
           table->source_rows >= 1000 && table->row_count <= table->source_rows / 2;
}

uint64_t report_bytes(const struct selected_table *table)
{
    double rows = (double)table->source_rows, bytes = (double)table->table->table->bytes;

    return rows > 0 ? (uint64_t)(bytes * (double)table->row_count / rows) : 0;
}

static void texts_write(struct json *json, const char *topic, const char *const *texts,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_object(json);
        json_key_text(json, "topic", topic);
        json_key_text(json, "text", texts[i]);
        json_object_end(json);
    }
}

static void measured_limits_write(struct json *json, const struct report *report)
{
    AUTO(arena) struct arena *arena = arena_new();
    const char *privacy[REPORT_PRIVACY_LIMITS], *tails[REPORT_TAILS_LIMITS];

    if (!arena)
        return;
    texts_write(json, "tails", tails, report_tails_limits(report, arena, tails));
    texts_write(json, "privacy", privacy, report_privacy_limits(report, arena, privacy));
}

static void volume_write(struct json *json, const struct selection *selection)
{
    for (size_t i = 0; i < selection->binding->catalog->table_count; i++) {
        const struct selected_table *table = &selection->tables[i];

        if (!report_is_thin(table))
            continue;
        json_object(json);
        json_key_text(json, "topic", "volume");
        json_key(json, "text");
        json_format(json, "%s holds %.1f %% of production's rows: plans will differ",
                    table->table->table->label,
                    100.0 * (double)table->row_count / (double)table->source_rows);
        json_object_end(json);
    }
}

size_t report_limit_count(const struct report *report)
{
    AUTO(arena) struct arena *arena = arena_new();
    const struct selection *selection = report->selection;
    const char *texts[REPORT_PRIVACY_LIMITS], *tails[REPORT_TAILS_LIMITS];
    size_t count = report->binding ? report->binding->note_count : 0;

    count += arena ? report_privacy_limits(report, arena, texts) : 0;
    count += arena ? report_tails_limits(report, arena, tails) : 0;
    for (size_t i = 0; selection && i < selection->binding->catalog->table_count; i++)
        count += report_is_thin(&selection->tables[i]);
    return count;
}

size_t report_findings(const struct report *report)
{
    const struct selection *selection = report->selection;
    const struct binding *binding = report->binding;
    size_t count = 0;

    for (size_t i = 0; binding && i < binding->warning_count; i++)
        count += strcmp(binding->warnings[i].topic, "review") == 0 ||
                 strcmp(binding->warnings[i].topic, "keep") == 0;
    for (size_t i = 0; selection && i < selection->binding->pin_count; i++)
        count += selection->pins[i].source_rows == 0;
    return count;
}

static void limits_write(struct json *json, const struct report *report)
{
    json_key(json, "limits");
    json_array(json);
    for (size_t i = 0; report->binding && i < report->binding->note_count; i++) {
        json_object(json);
        json_key_text(json, "topic", report->binding->notes[i].topic);
        json_key_text(json, "text", report->binding->notes[i].text);
        json_object_end(json);
    }
    if (report->selection)
        volume_write(json, report->selection);
    measured_limits_write(json, report);
    json_array_end(json);
}

static void phases_write(struct json *json, const struct control *control)
{
    json_key(json, "phases");
    json_array(json);
    for (size_t i = 0; control && i < control->phase_count; i++) {
        json_object(json);
        json_key_text(json, "phase", control->phases[i].name);
        json_key_real(json, "seconds", control->phases[i].seconds, 3);
        json_key_integer(json, "rows", (int64_t)control->phases[i].rows);
        json_object_end(json);
    }
    json_array_end(json);
}

/* Why a run failed, as the terminal was told; null: it did not. */
static void error_write(struct json *json, const struct error *error)
{
    json_key(json, "error");
    if (error->status == STATUS_OK) {
        json_null(json);
        return;
    }
    json_object(json);
    json_key_text(json, "context", error->context);
    json_key_text(json, "cause", error->cause);
    json_key_text(json, "hint", error->hint);
    json_object_end(json);
}

static void head_write(struct json *json, const struct report *report)
{
    char started[32];
    uint64_t spilled = (report->selection ? report->selection->spilled_bytes : 0) +
                       (report->copied ? report->copied->spilled_bytes : 0);

    clock_format_utc(report->started_us, started, sizeof(started));
    json_key_integer(json, "format", 1);
    json_key_text(json, "version", report->version);
    json_key_text(json, "command", report->command);
    json_key_text(json, "run", report->run);
    json_key_text(json, "status", status_label(report->error->status));
    json_key_integer(json, "exit", status_exit_code(report->error->status));
    error_write(json, report->error);
    json_key_text(json, "started", started);
    json_key_real(json, "seconds", report->seconds, 3);
    json_key_integer(json, "jobs", report->jobs);
    json_key_integer(json, "peak_memory_bytes", (int64_t)peak_memory());
    json_key_integer(json, "spilled_bytes", (int64_t)spilled);
    server_write(json, "source", report->source, NULL,
                 report->catalog ? report->catalog->identity : NULL);
    server_write(json, "target", report->target, report->target_database, NULL);
    json_key(json, "profile");
    json_object(json);
    json_key_text(json, "sha256", report->profile ? report->profile->sha256 : NULL);
    json_object_end(json);
    json_key(json, "key");
    json_object(json);
    json_key_text(json, "fingerprint", report->key_fingerprint);
    json_key_integer(json, "epoch", report->profile ? report->profile->epoch : 0);
    json_object_end(json);
}

bool report_json(const struct report *report, struct buf *out, struct error *err)
{
    AUTO(json) struct json *json = json_new(true);

    if (!json)
        return error_memory(err);
    json_object(json);
    head_write(json, report);
    tables_write(json, report->selection);
    edges_write(json, report);
    report_tails_write(json, report);
    pins_write(json, report->selection);
    subjects_write(json, report->selection);
    columns_write(json, report->binding);
    checks_write(json, report->verification);
    after_load_write(json, report);
    skipped_write(json, report);
    report_fidelity_write(json, report);
    report_privacy_write(json, report);
    limits_write(json, report);
    phases_write(json, report->control);
    json_object_end(json);
    if (!json_finish(json, out))
        return error_set(err, STATUS_BUG, "the run report could not be written");
    buf_add_char(out, '\n');
    return true;
}
