/* The plan's section on the long tail, for people: coverage, what is not covered and why, what is.
 */
#include "report/report_tails.h"

#include "base/clock.h"
#include "base/words.h"
#include "report/page.h"
#include <stdlib.h>

/* Lines of each part, and kinds in one line. */
enum { MISSED_MOST = 30, COVERED_MOST = 15, GAPS_MOST = 10, KINDS_MOST = 32, INDENT = 6 };

struct tails_page {
    struct buf *out;
    struct arena *arena;
    const struct selection *selection;
    const struct survey *survey;
    size_t lines, most, left_out; /* of the part that is written */
};

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void part_begin(struct tails_page *page, const char *title, size_t most)
{
    buf_add_format(page->out, "  %s\n", title);
    page->lines = page->left_out = 0;
    page->most = most;
}

/* Whether one more line of this part is written; else it is counted. */
static bool line_begin(struct tails_page *page)
{
    if (page->lines == page->most) {
        page->left_out++;
        return false;
    }
    page->lines++;
    buf_add_text(page->out, "    ");
    return true;
}

static void part_end(struct tails_page *page)
{
    if (page->left_out)
        page_add_format(page->out, INDENT, "    and %zu more (plan --format json lists all)\n",
                        page->left_out);
}

static const char *shown(struct tails_page *page, const char *text)
{
    const char *printable = words_printable(page->arena, text);

    page->out->failed |= !printable;
    return printable ? printable : "?";
}

/* A line that was put together of pieces, wrapped as one. */
static void line_flush(struct tails_page *page, struct buf *line)
{
    page_add_words(page->out, INDENT, buf_text(line));
    buf_add_char(page->out, '\n');
    page->out->failed |= !buf_ok(line);
    buf_release(line);
}

static void stratum_add(struct tails_page *page, const struct stratum *stratum, const char *what)
{
    char rows[32];

    if (!line_begin(page))
        return;
    count_format(stratum->rows, rows, sizeof(rows));
    page_add_format(page->out, INDENT, "%s: %s: %s%s row%s, %s\n", stratum->table->table->label,
                    shown(page, stratum->describe), stratum->is_estimated ? "~" : "", rows,
                    plural(stratum->rows), what);
}

/* Strata that one column's rule masks away, in one line: they are often many. */
static void masked_add(struct tails_page *page, const struct bound_column *masked)
{
    const struct survey *survey = page->survey;
    const struct stratum *first = NULL;
    size_t count = 0;

    for (size_t i = 0; i < survey->stratum_count; i++) {
        if (page->selection->strata[i].outcome != OUTCOME_MASKED_AWAY ||
            survey->strata[i].masked != masked)
            continue;
        first = first ? first : &survey->strata[i];
        count++;
    }
    if (!line_begin(page))
        return;
    assert(first);
    page_add_format(page->out, INDENT, "%s.%s, by rule %s: %zu masked away, such as: %s\n",
                    masked->column->table->label, shown(page, masked->column->name), masked->rule,
                    count, shown(page, first->describe));
}

/* Each column once, where its first stratum stands. */
static void all_masked_add(struct tails_page *page)
{
    const struct survey *survey = page->survey;

    for (size_t i = 0; i < survey->stratum_count; i++) {
        bool is_first = page->selection->strata[i].outcome == OUTCOME_MASKED_AWAY;

        for (size_t before = 0; is_first && before < i; before++)
            is_first = page->selection->strata[before].outcome != OUTCOME_MASKED_AWAY ||
                       survey->strata[before].masked != survey->strata[i].masked;
        if (is_first && survey->strata[i].masked)
            masked_add(page, survey->strata[i].masked);
    }
}

static void missed_add(struct tails_page *page)
{
    static const struct {
        enum stratum_outcome outcome;
        const char *why;
    } reasons[] = {
        {OUTCOME_BUDGET, "none: too many rows for the budget"},
        {OUTCOME_CAP, "none: it has more children than tails.max_children"},
        {OUTCOME_BOUND, "none: a sketch was full and knows no witness"},
    };
    const struct survey *survey = page->survey;

    if (page->selection->tails.covered == page->selection->tails.rare)
        return;
    part_begin(page, "not covered", MISSED_MOST);
    for (size_t r = 0; r < COUNT_OF(reasons); r++)
        for (size_t i = 0; i < survey->stratum_count; i++)
            if (page->selection->strata[i].outcome == reasons[r].outcome)
                stratum_add(page, &survey->strata[i], reasons[r].why);
    all_masked_add(page);
    part_end(page);
}

static bool is_covered(const struct tails_page *page, size_t index)
{
    const enum stratum_outcome outcome = page->selection->strata[index].outcome;

    return outcome == OUTCOME_COVERED || outcome == OUTCOME_PARTLY;
}

/* One covered stratum, and how many of its kind are shown before it. */
struct covered {
    const struct stratum *stratum;
    size_t place;
};

/* What was sought first comes first, then what is rarest, then as the survey sorts. */
static int covered_compare(const void *left, const void *right)
{
    const struct covered *a = left, *b = right;

    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    if (a->stratum->weight != b->stratum->weight)
        return a->stratum->weight > b->stratum->weight ? -1 : 1;
    if (a->stratum->rows != b->stratum->rows)
        return a->stratum->rows < b->stratum->rows ? -1 : 1;
    return a->stratum < b->stratum ? -1 : a->stratum > b->stratum;
}

/* "rare_value 12, fan_out 3", and the place of each stratum among those of its kind. */
static void kinds_add(struct tails_page *page, struct covered *covered, size_t count)
{
    struct {
        const char *kind;
        size_t count;
    } kinds[KINDS_MOST];
    struct buf line;
    size_t known = 0;

    for (size_t i = 0; i < count; i++) {
        size_t k = 0;

        while (k < known && strcmp(kinds[k].kind, covered[i].stratum->kind) != 0)
            k++;
        assert(k < KINDS_MOST);
        if (k == known) {
            kinds[known].kind = covered[i].stratum->kind;
            kinds[known++].count = 0;
        }
        covered[i].place = kinds[k].count++;
    }
    buf_init(&line, BUF_CEILING_MAX);
    buf_add_text(&line, "   ");
    for (size_t k = 0; k < known; k++)
        buf_add_format(&line, "%s %s %zu", k ? "," : "", kinds[k].kind, kinds[k].count);
    line_flush(page, &line);
}

/* Of every kind its first before any second, so that few lines show much. */
static void covered_add(struct tails_page *page)
{
    const struct survey *survey = page->survey;
    struct covered *covered = ARENA_ARRAY(page->arena, survey->stratum_count + 1, struct covered);
    size_t count = 0;

    page->out->failed |= !covered;
    for (size_t i = 0; covered && i < survey->stratum_count; i++)
        if (is_covered(page, i))
            covered[count++] = (struct covered){.stratum = &survey->strata[i]};
    if (count == 0)
        return;
    part_begin(page, "covered", COVERED_MOST);
    qsort(covered, count, sizeof(*covered), covered_compare);
    kinds_add(page, covered, count);
    qsort(covered, count, sizeof(*covered), covered_compare);
    for (size_t i = 0; i < count; i++) {
        const size_t index = (size_t)(covered[i].stratum - survey->strata);
        const char *what = arena_printf(page->arena, "%llu kept",
                                        (unsigned long long)page->selection->strata[index].kept);

        stratum_add(page, covered[i].stratum, what ? what : "?");
    }
    part_end(page);
}

static void gaps_add(struct tails_page *page)
{
    const struct survey *survey = page->survey;

    if (survey->gap_count == 0)
        return;
    part_begin(page, "not surveyed", GAPS_MOST);
    for (size_t i = 0; i < survey->gap_count; i++) {
        const struct survey_gap *gap = &survey->gaps[i];

        if (!line_begin(page))
            continue;
        page_add_format(page->out, INDENT, "%s%s%s%s%s%s: %s\n", gap->table,
                        gap->columns ? " (" : "", gap->columns ? shown(page, gap->columns) : "",
                        gap->columns ? ")" : "", gap->detector ? ", " : "",
                        gap->detector ? gap->detector : "", shown(page, gap->why));
    }
    part_end(page);
}

static void budget_add(struct tails_page *page)
{
    const struct selected_tails *tails = &page->selection->tails;
    char budget[32], spent[32], over[32], made[32];
    struct buf line;

    count_format(tails->budget_rows, budget, sizeof(budget));
    count_format(tails->spent_rows, spent, sizeof(spent));
    count_format(tails->over_rows, over, sizeof(over));
    count_format(tails->completed_rows, made, sizeof(made));
    buf_init(&line, BUF_CEILING_MAX);
    buf_add_format(&line, "  budget: %s rows, %s spent", budget, spent);
    if (tails->over_rows)
        buf_add_format(&line, ", %s of them beyond it, for first witnesses", over);
    if (tails->completed_rows)
        buf_add_format(&line, "; %s start row%s came as parents and were made whole", made,
                       plural(tails->completed_rows));
    line_flush(page, &line);
}

static void head_add(struct tails_page *page)
{
    const struct selected_tails *tails = &page->selection->tails;
    const struct survey *survey = page->survey;
    char rows[32];
    struct buf line;

    count_format(survey->rows, rows, sizeof(rows));
    page_add_format(page->out, INDENT, "  surveyed: %s rows of %llu table%s, %zu strata\n", rows,
                    (unsigned long long)survey->table_count, plural(survey->table_count),
                    survey->stratum_count);
    buf_init(&line, BUF_CEILING_MAX);
    buf_add_format(&line, "  coverage: %llu of %llu rare strata (%.1f %%)",
                   (unsigned long long)tails->covered, (unsigned long long)tails->rare,
                   tails->rare ? 100.0 * (double)tails->covered / (double)tails->rare : 100.0);
    if (tails->masked_away)
        buf_add_format(&line, ", %llu masked away", (unsigned long long)tails->masked_away);
    if (tails->masked_away && tails->rare > tails->masked_away)
        buf_add_format(&line, "; %.1f %% of the others",
                       100.0 * (double)tails->covered / (double)(tails->rare - tails->masked_away));
    line_flush(page, &line);
    budget_add(page);
}

void report_tails_plan(const struct report *report, struct buf *out)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct tails_page page = {.out = out,
                              .arena = arena,
                              .selection = report->selection,
                              .survey = report->selection->survey};

    buf_add_text(out, "\ntails\n");
    out->failed |= !arena;
    if (!arena)
        return;
    if (!page.survey || page.survey->table_count == 0) {
        buf_add_text(out, report->binding->tails.budget > 0
                              ? "  nothing to survey: no table is sampled\n"
                              : "  not sought: tails.budget is 0\n");
        return;
    }
    assert(report->selection->strata || page.survey->stratum_count == 0);
    head_add(&page);
    missed_add(&page);
    covered_add(&page);
    gaps_add(&page);
}
