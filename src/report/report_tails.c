/* What the run report says of the long tail: `tails`, its limits, its figures. */
#include "report/report_tails.h"

#include "base/words.h"

static const char *const outcome_words[OUTCOME_COUNT] = {
    [OUTCOME_COMMON] = "common",
    [OUTCOME_COVERED] = "covered",
    [OUTCOME_PARTLY] = "partly",
    [OUTCOME_BUDGET] = "budget",
    [OUTCOME_CAP] = "cap",
    [OUTCOME_BOUND] = "bound",
    [OUTCOME_MASKED_AWAY] = "masked_away",
};

static const struct survey *survey_of(const struct report *report)
{
    const struct survey *survey = report->selection ? report->selection->survey : NULL;

    assert(!survey || report->selection->strata);
    return survey;
}

/* Covered of the rare ones; all of them where nothing is rare. */
static double coverage_of(const struct selected_tails *tails)
{
    assert(tails->covered <= tails->rare);
    return tails->rare ? (double)tails->covered / (double)tails->rare : 1;
}

/* A column of the stratum's own table by its name, one of another table with that. */
static void column_write(struct json *json, const struct stratum *stratum,
                         const struct column *column)
{
    AUTO(arena) struct arena *arena = arena_new();
    const char *name = arena ? words_printable(arena, column->name) : NULL;

    if (!name)
        json_null(json);
    else if (column->table == stratum->table->table)
        json_text(json, name);
    else
        json_format(json, "%s.%s", column->table->label, name);
}

static void masked_write(struct json *json, const struct bound_column *masked)
{
    AUTO(arena) struct arena *arena = arena_new();

    json_key(json, "masked_by");
    if (!masked) {
        json_null(json);
        return;
    }
    json_object(json);
    json_key(json, "column");
    json_format(json, "%s.%s", masked->column->table->label,
                arena ? words_printable(arena, masked->column->name) : "?");
    json_key_text(json, "rule", masked->rule);
    json_object_end(json);
}

static void stratum_write(struct json *json, const struct stratum *stratum,
                          const struct selected_stratum *selected)
{
    assert(selected->outcome != OUTCOME_COMMON);
    json_object(json);
    json_key_text(json, "table", stratum->table->table->label);
    json_key_text(json, "kind", stratum->kind);
    json_key(json, "columns");
    json_array(json);
    for (size_t i = 0; i < stratum->column_count; i++)
        column_write(json, stratum, stratum->columns[i]->column);
    json_array_end(json);
    json_key_text(json, "edge", stratum->edge ? stratum->edge->name : NULL);
    json_key_text(json, "describe", stratum->describe);
    json_key_integer(json, "source_rows", (int64_t)stratum->rows);
    json_key_bool(json, "source_rows_estimated", stratum->is_estimated);
    json_key_integer(json, "wanted", (int64_t)stratum->wanted);
    json_key_integer(json, "kept", (int64_t)selected->kept);
    json_key_text(json, "outcome", outcome_words[selected->outcome]);
    masked_write(json, stratum->masked);
    json_object_end(json);
}

/* The rare ones; what is common needs nobody's eye. */
static void list_write(struct json *json, const struct report *report)
{
    const struct survey *survey = survey_of(report);

    json_key(json, "list");
    json_array(json);
    for (size_t i = 0; survey && i < survey->stratum_count; i++)
        if (survey->strata[i].is_rare)
            stratum_write(json, &survey->strata[i], &report->selection->strata[i]);
    json_array_end(json);
}

static void gaps_write(struct json *json, const struct survey *survey)
{
    json_key(json, "not_surveyed");
    json_array(json);
    for (size_t i = 0; survey && i < survey->gap_count; i++) {
        json_object(json);
        json_key_text(json, "table", survey->gaps[i].table);
        json_key_text(json, "columns", survey->gaps[i].columns);
        json_key_text(json, "kind", survey->gaps[i].detector);
        json_key_text(json, "why", survey->gaps[i].why);
        json_object_end(json);
    }
    json_array_end(json);
}

static void budget_write(struct json *json, const struct selected_tails *tails)
{
    json_key(json, "budget");
    json_object(json);
    json_key_integer(json, "rows", (int64_t)tails->budget_rows);
    json_key_integer(json, "spent", (int64_t)tails->spent_rows);
    json_key_integer(json, "over", (int64_t)tails->over_rows);
    json_key_integer(json, "completed", (int64_t)tails->completed_rows);
    json_object_end(json);
}

void report_tails_write(struct json *json, const struct report *report)
{
    const struct survey *survey = survey_of(report);
    const struct selected_tails none = {0};
    const struct selected_tails *tails = survey ? &report->selection->tails : &none;

    json_key(json, "tails");
    json_object(json);
    json_key_bool(json, "surveyed", survey != NULL);
    json_key_integer(json, "tables", survey ? (int64_t)survey->table_count : 0);
    json_key_integer(json, "rows", survey ? (int64_t)survey->rows : 0);
    json_key_integer(json, "strata", survey ? (int64_t)survey->stratum_count : 0);
    json_key_integer(json, "rare", (int64_t)tails->rare);
    json_key_integer(json, "covered", (int64_t)tails->covered);
    json_key_integer(json, "masked_away", (int64_t)tails->masked_away);
    json_key_real(json, "coverage", survey ? coverage_of(tails) : 0, 4);
    budget_write(json, tails);
    list_write(json, report);
    gaps_write(json, survey);
    json_object_end(json);
}

size_t report_tails_limits(const struct report *report, struct arena *arena,
                           const char *texts[REPORT_TAILS_LIMITS])
{
    const struct survey *survey = survey_of(report);
    const struct selected_tails *tails = survey ? &report->selection->tails : NULL;
    size_t count = 0;

    if (!survey)
        return 0;
    assert(tails->covered + tails->masked_away <= tails->rare);
    const uint64_t missed = tails->rare - tails->covered - tails->masked_away;
    if (missed)
        texts[count++] = arena_printf(
            arena, "of %llu of %llu rare strata no row came: the budget, a cap or a full sketch",
            (unsigned long long)missed, (unsigned long long)tails->rare);
    if (tails->masked_away)
        texts[count++] = arena_printf(
            arena,
            "%llu of %llu rare strata are masked away: their columns' rules leave nothing of "
            "what makes them rare",
            (unsigned long long)tails->masked_away, (unsigned long long)tails->rare);
    if (survey->gap_count)
        texts[count++] = arena_printf(
            arena, "what is rare was not sought everywhere: %zu gap%s, listed under tails",
            survey->gap_count, survey->gap_count == 1 ? "" : "s");
    return count;
}

void report_tails_text(const struct report *report, struct buf *out)
{
    const struct selected_tails *tails = report->selection ? &report->selection->tails : NULL;

    if (!survey_of(report) || survey_of(report)->table_count == 0)
        return;
    buf_add_format(out, "tails    %llu of %llu rare strata covered (%.1f %%)",
                   (unsigned long long)tails->covered, (unsigned long long)tails->rare,
                   100 * coverage_of(tails));
    if (tails->masked_away)
        buf_add_format(out, ", %llu masked away", (unsigned long long)tails->masked_away);
    buf_add_char(out, '\n');
}

void report_tails_metrics(const struct report *report, struct buf *out)
{
    const struct selected_tails *tails = report->selection ? &report->selection->tails : NULL;

    if (!survey_of(report))
        return;
    buf_add_text(out, "# TYPE understudy_tails_coverage gauge\n");
    buf_add_format(out, "understudy_tails_coverage %.4f\n", coverage_of(tails));
    buf_add_text(out, "# TYPE understudy_tails_strata gauge\n");
    buf_add_format(out, "understudy_tails_strata{of=\"rare\"} %llu\n",
                   (unsigned long long)tails->rare);
    buf_add_format(out, "understudy_tails_strata{of=\"covered\"} %llu\n",
                   (unsigned long long)tails->covered);
    buf_add_format(out, "understudy_tails_strata{of=\"masked_away\"} %llu\n",
                   (unsigned long long)tails->masked_away);
}

struct report_orphans report_orphans_of(const struct selection *selection, size_t edge)
{
    const struct selected_edge *selected = &selection->edges[edge];
    const struct survey *survey = selection->survey;
    struct report_orphans orphans = {selected->orphans_source, selected->orphans_kept,
                                     selected->orphans_estimated};

    assert(edge < selection->binding->graph->all.count);
    for (size_t i = 0; survey && i < survey->stratum_count; i++) {
        const struct stratum *stratum = &survey->strata[i];

        if (!stratum->edge || stratum->edge->index != edge ||
            strcmp(stratum->kind, "orphan") != 0 || stratum->rows < orphans.source)
            continue;
        orphans.source = stratum->rows;
        orphans.is_estimated = stratum->is_estimated;
    }
    return orphans;
}
