/* The profile that init writes, and the fragment that detect writes. */
#include "config/profile.h"
#include "detect/people.h"
#include "detect/write.h"
#include "transform/week.h"

#include <math.h>
#include <string.h>

#define CAP_ROWS 100

static void write_head(struct writer *writer)
{
    const struct catalog *catalog = writer->graph->catalog;
    const char *head = arena_printf(writer->arena,
                                    "What staging gets of database '%s': %zu tables, %zu foreign "
                                    "keys. Proposed by understudy init.",
                                    catalog->database ? catalog->database : "",
                                    catalog->table_count, catalog->edge_count);

    write_comment(writer, 0, head ? head : "");
    write_comment(writer, 0,
                  "It is safe to run as it stands: what was not understood is redacted. Where a "
                  "line has a review text, a person who knows the data can do better.");
    write_comment(writer, 0,
                  "Next: understudy check says whether it would run, understudy plan what it would "
                  "take, understudy refresh makes staging. After a migration, understudy detect "
                  "proposes rules for what is new.");
    buf_add_text(writer->out, "\nversion: 1\n");
    if (catalog->engine == ENGINE_MYSQL)
        write_comment(
            writer, 0,
            "Several connections read at one snapshot only if writers wait a moment for "
            "it. Unasked that is done on a replica alone; source: { url: ..., lock: allow "
            "} says that it may be done here.");
    buf_add_text(writer->out,
                 "source: ${UNDERSTUDY_SOURCE:?set UNDERSTUDY_SOURCE to the production database}\n"
                 "target:\n"
                 "  url: ${UNDERSTUDY_TARGET:?set UNDERSTUDY_TARGET to the staging database}\n"
                 "key:\n"
                 "  file: ${UNDERSTUDY_KEY_FILE:?make one with understudy key new FILE}\n");
}

static void add_name(struct writer *writer, const char *name)
{
    write_scalar(writer->out, name ? name : "");
    writer->out->failed = writer->out->failed || !name;
}

static void add_table(struct writer *writer, const struct table *table)
{
    add_name(writer, write_table_name(writer, table));
}

/* "[a, b, c]", wrapped. */
static void write_table_list(struct writer *writer, const struct table *const *tables, size_t count)
{
    struct buf *out = writer->out, name;
    size_t column = 20;

    buf_init(&name, BUF_CEILING_MAX);
    buf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        const char *text = write_table_name(writer, tables[i]);
        buf_reset(&name);
        write_scalar(&name, text ? text : "");
        out->failed = out->failed || !text || !buf_ok(&name);
        buf_add_text(out, i > 0 ? "," : "");
        bool wraps = column + name.len + 3 > WRITE_COLUMNS;
        buf_add_text(out, wraps ? "\n    " : i > 0 ? " " : "");
        buf_add_text(out, buf_text(&name));
        column = wraps ? 4 + name.len : column + 2 + name.len;
    }
    buf_add_text(out, "]\n");
    buf_release(&name);
}

static bool is_empty(const struct shape_proposal *shape, const struct table *table)
{
    for (size_t i = 0; i < shape->empty_count; i++)
        if (table == shape->empties[i])
            return true;
    return false;
}

static bool is_cut(const struct shape_proposal *shape, const struct edge *edge)
{
    return (edge->parent->is_outside || is_empty(shape, edge->parent)) &&
           !is_empty(shape, edge->child);
}

/* The other foreign keys of the table start with the same columns: only the constraint's name
 * tells this one apart. */
static bool needs_constraint(const struct writer *writer, const struct edge *edge)
{
    bool is_ambiguous = false;

    graph_find_edge(writer->graph, edge->child, edge->child_columns, edge->column_count, NULL,
                    &is_ambiguous);
    return is_ambiguous && edge->constraint;
}

static void begin_edge(struct writer *writer, const struct edge *edge)
{
    assert(edge->column_count > 0);
    buf_add_text(writer->out, "      - { edge: ");
    add_name(writer, write_edge_name(writer, edge));
    if (needs_constraint(writer, edge)) {
        buf_add_text(writer->out, ", constraint: ");
        write_scalar(writer->out, edge->constraint);
    }
}

static size_t count_cuts(const struct writer *writer, const struct shape_proposal *shape)
{
    size_t count = 0;

    for (size_t e = 0; e < writer->graph->all.count; e++)
        count += is_cut(shape, writer->graph->all.edges[e]);
    return count;
}

static void write_follow(struct writer *writer, const struct shape_proposal *shape)
{
    if (shape->cap_count == 0 && count_cuts(writer, shape) == 0)
        return;
    buf_add_text(writer->out, "  follow:\n    default: all\n    edges:\n");
    for (size_t i = 0; i < shape->cap_count; i++) {
        const struct cap_proposal *cap = &shape->caps[i];
        const char *why = arena_printf(writer->arena, "About %.0f for each parent; the newest do.",
                                       cap->mean_fan_out);
        write_comment(writer, 6, why ? why : "");
        begin_edge(writer, cap->edge);
        buf_add_format(writer->out, ", take: %d", CAP_ROWS);
        if (cap->order) {
            buf_add_text(writer->out, ", order: ");
            write_quoted(writer->out, cap->order);
        }
        buf_add_text(writer->out, is_cut(shape, cap->edge) ? ", parent: cut }\n" : " }\n");
    }
    for (size_t e = 0; e < writer->graph->all.count; e++) {
        const struct edge *edge = writer->graph->all.edges[e];
        bool is_capped = false;
        for (size_t i = 0; i < shape->cap_count; i++)
            is_capped = is_capped || shape->caps[i].edge == edge;
        if (!is_cut(shape, edge) || is_capped)
            continue;
        begin_edge(writer, edge);
        buf_add_format(writer->out, ", parent: cut } # its table %s\n",
                       edge->parent->is_outside ? "is in another schema" : "stays empty");
    }
}

static void write_starts(struct writer *writer, const struct shape_proposal *shape,
                         const char *fraction)
{
    assert(shape->start_count == 0 || shape->starts);
    if (shape->start_count == 0)
        return;
    buf_add_text(writer->out, "  start:\n");
    for (size_t i = 0; i < shape->start_count; i++) {
        buf_add_text(writer->out, "    - { table: ");
        add_table(writer, shape->starts[i].table);
        buf_add_format(writer->out, ", fraction: %s } # %s\n", fraction, shape->starts[i].reason);
    }
}

static void write_unreachable(struct writer *writer, const struct shape_proposal *shape)
{
    struct buf text;

    if (shape->unreachable_count == 0) {
        write_comment(writer, 2, "Every table is reached from the start; this is for others.");
        return;
    }
    buf_init(&text, BUF_CEILING_MAX);
    buf_add_text(&text, "Of tables that no edge connects with the start: ");
    for (size_t i = 0; i < shape->unreachable_count; i++)
        buf_add_format(&text, "%s%s", i > 0 ? ", " : "", shape->unreachable[i]->name);
    write_comment(writer, 2, buf_text(&text));
    writer->out->failed = writer->out->failed || !buf_ok(&text);
    buf_release(&text);
}

static bool has_unsafe(const struct shape_proposal *shape)
{
    for (size_t i = 0; i < shape->empty_count; i++)
        if (table_is_unsafe(shape->empties[i]))
            return true;
    return false;
}

static void write_sample(struct writer *writer, const struct shape_proposal *shape, double fraction)
{
    assert(isfinite(fraction) && fraction > 0 && fraction <= 1);
    buf_add_text(writer->out, "\nsample:\n");
    write_unreachable(writer, shape);
    const char *text = arena_printf(writer->arena, "%.6g", fraction);
    buf_add_format(writer->out, "  fraction: %s\n", text ? text : "");
    write_starts(writer, shape, text ? text : "");
    write_follow(writer, shape);
    if (shape->empty_count == 0)
        return;
    if (shape->refused_count < shape->empty_count)
        write_comment(writer, 2,
                      "Sessions, tokens and outboxes: staging is better without their rows.");
    if (has_unsafe(shape))
        write_comment(writer, 2,
                      "Some are kept by an engine without transactions, so that no snapshot holds "
                      "their rows: name them under source.accept_non_transactional to get those.");
    if (shape->refused_count > 0)
        write_comment(writer, 2,
                      "Of some, no rule fits a column (its review text says which), or their "
                      "references lead there. Settle these columns to get their rows.");
    buf_add_text(writer->out, "  empty_tables: ");
    write_table_list(writer, shape->empties, shape->empty_count);
}

/* The default, written down so that it is seen. */
static void write_tails(struct writer *writer)
{
    buf_add_char(writer->out, '\n');
    write_comment(writer, 0,
                  "Rare rows that a sample would miss (a retired status, the customer with most "
                  "orders, times out of order) are sought in the tables that are sampled, and few "
                  "of each kind come along: this share of the rows may be spent on them.");
    buf_add_text(writer->out, "tails: { budget: 0.002 }\n");
}

static void write_paths(struct writer *writer, const struct shape_proposal *shape)
{
    const struct catalog *catalog = writer->graph->catalog;
    size_t count = 0;

    for (size_t t = 0; t < catalog->table_count; t++) {
        const struct column *column = shape->subject_path[t];
        if (!column)
            continue;
        if (count++ == 0) {
            write_comment(writer, 2,
                          "Several ways lead up from these tables; rows belong to whom "
                          "this column leads.");
            buf_add_text(writer->out, "  path:\n");
        }
        buf_add_text(writer->out, "    ");
        add_table(writer, catalog->tables[t]);
        buf_add_text(writer->out, ": ");
        add_name(writer, profile_quote(writer->arena, column->name));
        buf_add_char(writer->out, '\n');
    }
}

static void write_subjects(struct writer *writer, const struct shape_proposal *shape)
{
    if (shape->subject_count == 0)
        return;
    buf_add_char(writer->out, '\n');
    write_comment(writer, 0,
                  "Whose times move together: each of their rows has a calendar of its "
                  "own.");
    buf_add_text(writer->out, "subjects:\n  tables: ");
    write_table_list(writer, shape->subjects, shape->subject_count);
    write_paths(writer, shape);
    if (shape->none_count == 0)
        return;
    write_comment(writer, 2,
                  "No edge leads from these to a subject. Their times share one "
                  "calendar, which is weak where somebody knows a few of their rows.");
    buf_add_text(writer->out, "  none: ");
    write_table_list(writer, shape->none, shape->none_count);
}

/* Two lines a day. */
static void write_week(struct writer *writer, const struct shape_proposal *shape)
{
    if (!shape->week)
        return;
    const char *head = arena_printf(
        writer->arena,
        "Activity by hour of the week, Monday 00:00 UTC first, from %llu sampled times. Shifted "
        "times keep to it: nights stay quiet. It is part of the key's message, so that measuring "
        "it anew changes every date.",
        (unsigned long long)shape->week_events);
    buf_add_char(writer->out, '\n');
    write_comment(writer, 0, head ? head : "");
    buf_add_text(writer->out, "week:\n  [");
    for (size_t i = 0; i < WEEK_HOURS; i++)
        buf_add_format(writer->out, "%s%lld",
                       i == 0        ? ""
                       : i % 12 == 0 ? ",\n   "
                                     : ", ",
                       (long long)shape->week[i]);
    buf_add_text(writer->out, "]\n");
}

static bool finish(struct writer *writer, struct error *err)
{
    return buf_ok(writer->out) || error_memory(err);
}

bool detect_write_profile(const struct graph *graph, const struct detection *detection,
                          const struct shape_proposal *shape, double fraction, struct buf *out,
                          struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct writer writer = {.out = out, .arena = arena, .graph = graph};

    if (!arena)
        return error_memory(err);
    write_head(&writer);
    write_sample(&writer, shape, fraction);
    write_tails(&writer);
    write_subjects(&writer, shape);
    write_week(&writer, shape);
    buf_add_char(out, '\n');
    write_comment(&writer, 0,
                  "A column that refers to another takes that one's rule and is not "
                  "listed.");
    write_columns(&writer, detection, NULL);
    return finish(&writer, err);
}

bool detect_write_fragment(const struct graph *graph, const struct detection *detection,
                           const bool *const *known, struct buf *out, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();
    struct writer writer = {.out = out, .arena = arena, .graph = graph};

    if (!arena)
        return error_memory(err);
    write_comment(&writer, 0,
                  "Columns that the profile does not name yet. Proposed by understudy "
                  "detect, to be named under include.");
    write_columns(&writer, detection, known);
    return finish(&writer, err);
}
