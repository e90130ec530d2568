/* The plan and the end of a refresh, for a person at a terminal of 80 columns. */
#include "report/page.h"
#include "report/report_fidelity.h"
#include "report/report_privacy.h"
#include "report/report_tails.h"

#include "base/clock.h"
#include "base/words.h"
#include <stdio.h>

/* Columns of the names of tables and columns on the page, and where reasons begin. */
enum { TABLE_WIDTH = 26, COLUMN_WIDTH = 24, REASON_INDENT = 42 };

static void header_add(const struct report *report, struct buf *out)
{
    if (report->source)
        buf_add_format(out, "source   %s %s, database %s (tls: %s)\n",
                       report_engine_word(report->source), report->source->version,
                       report->source->database, report->source->tls);
    if (report->source && report->source->lock_us > 0)
        buf_add_format(out, "         writers waited %.3f s for one snapshot\n",
                       (double)report->source->lock_us / 1e6);
    if (report->target)
        buf_add_format(out, "target   %s %s, database %s (tls: %s)\n",
                       report_engine_word(report->target), report->target->version,
                       report->target_database ? report->target_database : report->target->database,
                       report->target->tls);
    if (report->profile)
        buf_add_format(out, "profile  %s, key %s, epoch %lld\n", report->profile->file,
                       report->key_fingerprint ? report->key_fingerprint : "?",
                       (long long)report->profile->epoch);
}

/* Why the rows came, behind the figures where it fits, else in a line of its own. */
static void why_add(struct buf *out, const struct selected_table *table)
{
    static const char *const words[CHOSEN_COUNT] = {
        [CHOSEN_PIN] = "pinned",     [CHOSEN_TAIL] = "tail",       [CHOSEN_START] = "start",
        [CHOSEN_SAMPLE] = "sample",  [CHOSEN_FULL_TABLE] = "full", [CHOSEN_CHILD] = "children",
        [CHOSEN_PARENT] = "parents",
    };
    char text[32];
    struct buf why;

    buf_init(&why, 1 << 16);
    if (table->table->role == ROLE_EMPTY)
        buf_add_text(&why, "empty on purpose");
    for (size_t i = 0; i < CHOSEN_COUNT; i++) {
        if (!table->chosen[i])
            continue;
        count_format(table->chosen[i], text, sizeof(text));
        buf_add_format(&why, "%s%s %s", why.len ? ", " : "", words[i], text);
    }
    if (page_column(out) + 2 + why.len > PAGE_WIDTH)
        buf_add_text(out, "\n      ");
    else if (why.len)
        buf_add_text(out, "  ");
    page_add_words(out, 6, buf_text(&why));
    buf_add_char(out, '\n');
    buf_release(&why);
}

static void table_add(struct buf *out, const struct selected_table *table)
{
    const char *label = table->table->table->label;
    char bytes[32];

    size_format(report_bytes(table), bytes, sizeof(bytes));
    buf_add_text(out, label);
    if (page_width(label, strlen(label)) > TABLE_WIDTH)
        buf_add_char(out, '\n');
    page_add_blanks(out, TABLE_WIDTH);
    buf_add_text(out, table->source_rows_estimated ? " ~" : "  ");
    page_add_count(out, 12, table->source_rows);
    page_add_count(out, 11, table->row_count);
    buf_add_format(out, "%11s", bytes);
    why_add(out, table);
}

static void tables_add(const struct report *report, struct buf *out)
{
    const struct selection *selection = report->selection;
    uint64_t all = 0;
    char bytes[32];

    buf_add_format(out, "\n%-*s  %12s%11s%11s  %s\n", TABLE_WIDTH, "table", "production", "chosen",
                   "about", "why");
    for (size_t i = 0; i < selection->binding->catalog->table_count; i++) {
        const struct selected_table *table = &selection->tables[i];

        if (table->table->role == ROLE_EXCLUDED)
            continue;
        table_add(out, table);
        all += report_bytes(table);
    }
    size_format(all, bytes, sizeof(bytes));
    buf_add_format(out, "%-*s  ", TABLE_WIDTH, "all");
    page_add_count(out, 12, selection->rows_source);
    page_add_count(out, 11, selection->rows_kept);
    buf_add_format(out, "%11s\n", bytes);
}

static void take_add(struct buf *out, const struct bound_edge *edge)
{
    switch (edge->take.kind) {
    case TAKE_ALL:
        buf_add_text(out, "all children");
        return;
    case TAKE_NONE:
        buf_add_text(out, "no children");
        return;
    case TAKE_COUNT:
        buf_add_format(out, "%lld children for each parent", (long long)edge->take.count);
        return;
    case TAKE_FRACTION:
        buf_add_format(out, "%g of the children", edge->take.fraction);
        return;
    }
}

/* What becomes of an edge. */
static void outcome_add(const struct report *report, size_t index, struct buf *out)
{
    const struct bound_edge *edge = &report->selection->binding->edges[index];
    const struct selected_edge *selected = &report->selection->edges[index];
    const struct report_orphans orphans = report_orphans_of(report->selection, index);

    if (edge->is_ignored)
        buf_add_text(out, "leads into a table that staging does not fill");
    else
        take_add(out, edge);
    if (edge->is_parent_cut)
        buf_add_text(out, "; parent cut");
    if (selected->cut)
        buf_add_format(out, "; %llu children cut", (unsigned long long)selected->cut);
    if (report->copied && report->copied->nulled[index])
        buf_add_format(out, "; %llu nulled", (unsigned long long)report->copied->nulled[index]);
    if (orphans.source > orphans.kept)
        buf_add_format(out, "; %s%llu orphans in production, %llu kept",
                       orphans.is_estimated ? "~" : "", (unsigned long long)orphans.source,
                       (unsigned long long)orphans.kept);
    else if (orphans.kept)
        buf_add_format(out, "; %llu orphans kept", (unsigned long long)orphans.kept);
}

/* Behind the edge's name where it fits, else in a line of its own. */
static void edges_add(const struct report *report, struct buf *out)
{
    const struct binding *binding = report->selection->binding;

    buf_add_text(out, "\nedges\n");
    for (size_t i = 0; i < binding->graph->all.count; i++) {
        struct buf outcome;

        buf_init(&outcome, 1 << 16);
        outcome_add(report, i, &outcome);
        buf_add_text(out, "  ");
        page_add_words(out, 4, binding->edges[i].edge->name);
        if (page_column(out) + 2 + outcome.len > PAGE_WIDTH)
            buf_add_text(out, "\n      ");
        else
            buf_add_text(out, "  ");
        page_add_words(out, 6, buf_text(&outcome));
        buf_add_char(out, '\n');
        buf_release(&outcome);
    }
}

static void column_add(struct buf *out, const struct bound_column *column, struct arena *arena)
{
    const char *name = words_printable(arena, column->column->name);
    const char *rule = column->rule ? column->rule : "?";

    if (!column->reason) {
        buf_add_format(out, "    %-*s %s\n", COLUMN_WIDTH, name ? name : "?", rule);
        return;
    }
    buf_add_format(out, "    %-*s %-12s ", COLUMN_WIDTH, name ? name : "?", rule);
    page_add_words(out, REASON_INDENT, column->reason);
    buf_add_char(out, '\n');
}

static void columns_add(const struct report *report, struct buf *out)
{
    const struct binding *binding = report->binding;
    AUTO(arena) struct arena *arena = arena_new();

    buf_add_text(out, "\ncolumns\n");
    for (size_t t = 0; arena && t < binding->catalog->table_count; t++) {
        const struct bound_table *table = &binding->tables[t];

        if (!table->column_count)
            continue;
        buf_add_format(out, "  %s\n", table->table->label);
        for (size_t c = 0; c < table->column_count; c++)
            column_add(out, &table->columns[c], arena);
    }
}

static void pins_add(const struct report *report, struct buf *out)
{
    const struct selection *selection = report->selection;

    if (selection->binding->pin_count)
        buf_add_text(out, "\npins\n");
    for (size_t i = 0; i < selection->binding->pin_count; i++) {
        const struct bound_pin *pin = &selection->binding->pins[i];

        page_add_format(out, 6, "  %s: %llu rows: %s", pin->table->table->label,
                        (unsigned long long)selection->pins[i].source_rows, pin->pin->why);
        buf_add_char(out, '\n');
        if (selection->pins[i].source_rows == 0)
            buf_add_text(out, "      matches nothing any more: the lesson has left production\n");
    }
}

static void subject_rows_add(const struct selection *selection, struct buf *out)
{
    char rows[32], subjects[32], most[32];

    count_format(selection->subject_rows, rows, sizeof(rows));
    count_format(selection->subject_count, subjects, sizeof(subjects));
    count_format(selection->subject_rows_most, most, sizeof(most));
    page_add_format(out, 4, "  rows with times: %s of %s subjects, %.1f for each, at most %s\n",
                    rows, subjects,
                    (double)selection->subject_rows / (double)selection->subject_count, most);
}

static void subjects_add(const struct report *report, struct buf *out)
{
    const struct binding *binding = report->binding;

    if (binding->subject_count)
        buf_add_text(out, "\nsubjects (times shift for each of these)\n");
    for (size_t i = 0; i < binding->subject_count; i++) {
        buf_add_format(out, "  %-28s", binding->subjects[i]->label);
        page_add_count(out, 12, report->selection->tables[binding->subjects[i]->index].row_count);
        buf_add_text(out, " chosen\n");
    }
    if (report->selection->has_subject_rows && report->selection->subject_count)
        subject_rows_add(report->selection, out);
    if (report->selection->subjects_by_reference || report->selection->subjects_by_identity)
        page_add_format(
            out, 4,
            "  rows whose way up dangles: %llu; whose way up is NULL: %llu (each of these "
            "is a subject of its own)\n",
            (unsigned long long)report->selection->subjects_by_reference,
            (unsigned long long)report->selection->subjects_by_identity);
}

static void skip_add(struct buf *out, const struct skipped *skipped)
{
    page_add_format(out, 6, "  %s: %s", skipped->object, skipped->why);
    buf_add_char(out, '\n');
}

static void skipped_add(const struct report *report, struct buf *out)
{
    const struct catalog *catalog = report->catalog;
    const struct binding *binding = report->binding;

    if (catalog->skipped_count + binding->skipped_count)
        buf_add_text(out, "\nskipped\n");
    for (size_t i = 0; i < catalog->skipped_count; i++)
        skip_add(out, &catalog->skipped[i]);
    for (size_t i = 0; i < binding->skipped_count; i++)
        skip_add(out, &binding->skipped[i]);
}

static void note_add(struct buf *out, const char *topic, const char *text)
{
    page_add_format(out, 6, "  %s: %s", topic, text);
    buf_add_char(out, '\n');
}

static void warnings_add(const struct binding *binding, struct buf *out)
{
    if (binding->warning_count)
        buf_add_text(out, "\nto review\n");
    for (size_t i = 0; i < binding->warning_count; i++)
        note_add(out, binding->warnings[i].topic, binding->warnings[i].text);
}

/* One sentence for the tables of which few rows came; the report has a limit for each. */
static void thin_add(const struct selection *selection, struct buf *out)
{
    const size_t count = selection->binding->catalog->table_count;
    size_t thin = 0;
    struct buf list;

    buf_init(&list, BUF_CEILING_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct selected_table *table = &selection->tables[i];

        if (!report_is_thin(table))
            continue;
        thin++;
        buf_add_format(&list, "%s%s %.1f %%", list.len ? ", " : "", table->table->table->label,
                       100.0 * (double)table->row_count / (double)table->source_rows);
    }
    if (thin != 0)
        buf_add_format(out,
                       "  volume: %zu table%s so few of production's rows that plans will "
                       "differ:\n      ",
                       thin, thin == 1 ? " holds" : "s hold");
    page_add_words(out, 6, buf_text(&list));
    if (thin != 0)
        buf_add_char(out, '\n');
    out->failed |= !buf_ok(&list);
    buf_release(&list);
}

static void tails_limits_add(const struct report *report, struct buf *out)
{
    AUTO(arena) struct arena *arena = arena_new();
    const char *texts[REPORT_TAILS_LIMITS];
    const size_t count = arena ? report_tails_limits(report, arena, texts) : 0;

    out->failed |= !arena;
    for (size_t i = 0; i < count; i++)
        note_add(out, "tails", texts[i] ? texts[i] : "(out of memory)");
}

/* The same limits that the report counts. */
static void limits_add(const struct report *report, struct buf *out)
{
    if (report_limit_count(report))
        buf_add_format(out, "\nlimits: %zu\n", report_limit_count(report));
    for (size_t i = 0; i < report->binding->note_count; i++)
        note_add(out, report->binding->notes[i].topic, report->binding->notes[i].text);
    tails_limits_add(report, out);
    thin_add(report->selection, out);
}

bool report_plan_text(const struct report *report, struct buf *out, struct error *err)
{
    assert(report->selection && report->binding && report->catalog);
    header_add(report, out);
    tables_add(report, out);
    edges_add(report, out);
    pins_add(report, out);
    report_tails_plan(report, out);
    subjects_add(report, out);
    columns_add(report, out);
    skipped_add(report, out);
    warnings_add(report->binding, out);
    limits_add(report, out);
    return buf_ok(out) || error_memory(err);
}

static void phases_add(const struct report *report, struct buf *out)
{
    if (!report->control || report->control->phase_count == 0)
        return;
    buf_add_text(out, "time     ");
    for (size_t i = 0; i < report->control->phase_count; i++)
        page_add_format(out, 9, "%s%s %.1f s", i ? ", " : "", report->control->phases[i].name,
                        report->control->phases[i].seconds);
    buf_add_char(out, '\n');
}

static void check_add(struct buf *out, const struct check_result *result)
{
    buf_add_format(out, "check    %-18s %s  ", result->check, result->is_ok ? "ok" : "NO");
    page_add_words(out, 32, result->detail ? result->detail : "");
    buf_add_char(out, '\n');
}

bool report_refresh_text(const struct report *report, struct buf *out, struct error *err)
{
    char rows[32], source[32], bytes[32];

    assert(report->selection && report->copied);
    header_add(report, out);
    count_format(report->selection->rows_kept, rows, sizeof(rows));
    count_format(report->selection->rows_source, source, sizeof(source));
    size_format(report->copied->bytes, bytes, sizeof(bytes));
    buf_add_format(out, "rows     %s of %s, %s, in %.1f s\n", rows, source, bytes, report->seconds);
    report_tails_text(report, out);
    phases_add(report, out);
    for (size_t i = 0; report->verification && i < report->verification->count; i++)
        check_add(out, &report->verification->results[i]);
    report_fidelity_text(report, out);
    report_privacy_text(report, out);
    buf_add_format(out, "loaded and checked; this is not proof: %zu limits, see report\n",
                   report_limit_count(report));
    return buf_ok(out) || error_memory(err);
}

bool report_metrics(const struct report *report, struct buf *out, struct error *err)
{
    buf_add_text(out, "# TYPE understudy_run_exit_code gauge\n");
    buf_add_format(out, "understudy_run_exit_code %d\n", status_exit_code(report->error->status));
    buf_add_text(out, "# TYPE understudy_run_seconds gauge\n");
    buf_add_format(out, "understudy_run_seconds %.3f\n", report->seconds);
    buf_add_text(out, "# TYPE understudy_run_started_seconds gauge\n");
    buf_add_format(out, "understudy_run_started_seconds %lld\n",
                   (long long)(report->started_us / 1000000));
    buf_add_text(out, "# TYPE understudy_rows gauge\n");
    buf_add_format(out, "understudy_rows{of=\"source\"} %llu\n",
                   report->selection ? (unsigned long long)report->selection->rows_source : 0ull);
    buf_add_format(out, "understudy_rows{of=\"kept\"} %llu\n",
                   report->selection ? (unsigned long long)report->selection->rows_kept : 0ull);
    buf_add_text(out, "# TYPE understudy_bytes gauge\n");
    buf_add_format(out, "understudy_bytes{of=\"written\"} %llu\n",
                   report->copied ? (unsigned long long)report->copied->bytes : 0ull);
    report_tails_metrics(report, out);
    buf_add_text(out, "# EOF\n");
    return buf_ok(out) || error_memory(err);
}
