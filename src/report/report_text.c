/* The plan and the end of a refresh, for a person at a terminal of 80 columns. */
#include "report/report.h"

#include "base/clock.h"
#include "base/words.h"
#include <stdio.h>

static void count_add(struct buf *out, int width, uint64_t count)
{
    char text[32];

    count_format(count, text, sizeof(text));
    buf_add_format(out, "%*s", width, text);
}

static void header_add(const struct report *report, struct buf *out)
{
    if (report->source)
        buf_add_format(out, "source   %s %s, database %s (tls: %s)\n",
                       report->source->engine == ENGINE_POSTGRESQL ? "postgresql" : "mysql",
                       report->source->version, report->source->database, report->source->tls);
    if (report->target)
        buf_add_format(out, "target   %s %s, database %s (tls: %s)\n",
                       report->target->engine == ENGINE_POSTGRESQL ? "postgresql" : "mysql",
                       report->target->version,
                       report->target_database ? report->target_database : report->target->database,
                       report->target->tls);
    if (report->profile)
        buf_add_format(out, "profile  %s, key %s, epoch %lld\n", report->profile->file,
                       report->key_fingerprint ? report->key_fingerprint : "?",
                       (long long)report->profile->epoch);
}

static void why_add(struct buf *out, const struct selected_table *table)
{
    static const char *const words[CHOSEN_COUNT] = {
        [CHOSEN_PIN] = "pinned",     [CHOSEN_TAIL] = "tail",       [CHOSEN_START] = "start",
        [CHOSEN_SAMPLE] = "sample",  [CHOSEN_FULL_TABLE] = "full", [CHOSEN_CHILD] = "children",
        [CHOSEN_PARENT] = "parents",
    };
    const char *comma = "";
    char text[32];

    if (table->table->role == ROLE_EMPTY)
        buf_add_text(out, "empty on purpose");
    for (size_t i = 0; i < CHOSEN_COUNT; i++) {
        if (!table->chosen[i])
            continue;
        count_format(table->chosen[i], text, sizeof(text));
        buf_add_format(out, "%s%s %s", comma, words[i], text);
        comma = ", ";
    }
    buf_add_char(out, '\n');
}

static void tables_add(const struct report *report, struct buf *out)
{
    const struct selection *selection = report->selection;

    buf_add_format(out, "\n%-30s %14s %10s  %s\n", "table", "production", "chosen", "why");
    for (size_t i = 0; i < selection->binding->catalog->table_count; i++) {
        const struct selected_table *table = &selection->tables[i];

        if (table->table->role == ROLE_EXCLUDED)
            continue;
        buf_add_format(out, "%-30s", table->table->table->label);
        buf_add_text(out, table->source_rows_estimated ? " ~" : "  ");
        count_add(out, 13, table->source_rows);
        count_add(out, 11, table->row_count);
        buf_add_text(out, "  ");
        why_add(out, table);
    }
    buf_add_format(out, "%-30s  ", "all");
    count_add(out, 13, selection->rows_source);
    count_add(out, 11, selection->rows_kept);
    buf_add_char(out, '\n');
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

static void edges_add(const struct report *report, struct buf *out)
{
    const struct selection *selection = report->selection;

    buf_add_text(out, "\nedges\n");
    for (size_t i = 0; i < selection->binding->graph->all.count; i++) {
        const struct bound_edge *edge = &selection->binding->edges[i];
        const struct selected_edge *selected = &selection->edges[i];

        buf_add_format(out, "  %s\n      ", edge->edge->name);
        if (edge->is_ignored)
            buf_add_text(out, "leads into a table that staging does not fill");
        else
            take_add(out, edge);
        if (edge->is_parent_cut)
            buf_add_text(out, "; parent cut");
        if (selected->cut)
            buf_add_format(out, "; %llu cut", (unsigned long long)selected->cut);
        if (selected->orphans_kept)
            buf_add_format(out, "; %llu orphans kept", (unsigned long long)selected->orphans_kept);
        buf_add_char(out, '\n');
    }
}

static void column_add(struct buf *out, const struct bound_column *column, struct arena *arena)
{
    const char *name = words_printable(arena, column->column->name);

    buf_add_format(out, "    %-28s %-14s", name ? name : "?", column->rule ? column->rule : "?");
    if (column->reason)
        buf_add_format(out, " %s", column->reason);
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

        buf_add_format(out, "  %s: %llu rows: %s\n", pin->table->table->label,
                       (unsigned long long)selection->pins[i].source_rows, pin->pin->why);
        if (selection->pins[i].source_rows == 0)
            buf_add_text(out, "      matches nothing any more: the lesson has left production\n");
    }
}

static void subjects_add(const struct report *report, struct buf *out)
{
    const struct binding *binding = report->binding;

    if (binding->subject_count)
        buf_add_text(out, "\nsubjects (times shift for each of these)\n");
    for (size_t i = 0; i < binding->subject_count; i++) {
        buf_add_format(out, "  %-28s", binding->subjects[i]->label);
        count_add(out, 12, report->selection->tables[binding->subjects[i]->index].row_count);
        buf_add_text(out, " chosen\n");
    }
}

static void skipped_add(const struct report *report, struct buf *out)
{
    const struct catalog *catalog = report->catalog;
    const struct binding *binding = report->binding;

    if (catalog->skipped_count + binding->skipped_count)
        buf_add_text(out, "\nskipped\n");
    for (size_t i = 0; i < catalog->skipped_count; i++)
        buf_add_format(out, "  %s: %s\n", catalog->skipped[i].object, catalog->skipped[i].why);
    for (size_t i = 0; i < binding->skipped_count; i++)
        buf_add_format(out, "  %s: %s\n", binding->skipped[i].object, binding->skipped[i].why);
}

static void notes_add(const struct note *notes, size_t count, const char *title, struct buf *out)
{
    if (count)
        buf_add_format(out, "\n%s\n", title);
    for (size_t i = 0; i < count; i++)
        buf_add_format(out, "  %s: %s\n", notes[i].topic, notes[i].text);
}

bool report_plan_text(const struct report *report, struct buf *out, struct error *err)
{
    assert(report->selection && report->binding && report->catalog);
    header_add(report, out);
    tables_add(report, out);
    edges_add(report, out);
    pins_add(report, out);
    subjects_add(report, out);
    columns_add(report, out);
    skipped_add(report, out);
    notes_add(report->binding->warnings, report->binding->warning_count, "to review", out);
    notes_add(report->binding->notes, report->binding->note_count, "limits", out);
    return buf_ok(out) || error_memory(err);
}

static void phases_add(const struct report *report, struct buf *out)
{
    for (size_t i = 0; report->control && i < report->control->phase_count; i++)
        buf_add_format(out, "%s%s %.1f s", i ? ", " : "time     ", report->control->phases[i].name,
                       report->control->phases[i].seconds);
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
    phases_add(report, out);
    for (size_t i = 0; report->verification && i < report->verification->count; i++)
        buf_add_format(out, "check    %-18s %s  %s\n", report->verification->results[i].check,
                       report->verification->results[i].is_ok ? "ok" : "NO",
                       report->verification->results[i].detail);
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
    buf_add_text(out, "# EOF\n");
    return buf_ok(out) || error_memory(err);
}
