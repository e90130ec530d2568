/* The `columns:` section: one line a column where it fits, its reason behind it or above. */
#include "config/profile.h"
#include "detect/write.h"

#include <string.h>

#define REASON_COLUMN 44 /* where reasons stand, if the rule leaves room */

static bool is_keep(const struct proposal *proposal)
{
    return strcmp(proposal->rule, "keep") == 0;
}

/* "email", "{ keep: "5 values" }", "{ rule: shift, unique: true, review: "..." }". */
static void add_flow(struct buf *line, const struct proposal *proposal)
{
    assert(proposal->rule && (!is_keep(proposal) || proposal->reason));
    if (!is_keep(proposal) && !proposal->params && !proposal->review) {
        write_scalar(line, proposal->rule);
        return;
    }
    buf_add_text(line, is_keep(proposal) ? "{ keep: " : "{ rule: ");
    if (is_keep(proposal))
        write_quoted(line, proposal->reason);
    else
        write_scalar(line, proposal->rule);
    if (proposal->params)
        buf_add_format(line, ", %s", proposal->params);
    if (proposal->review) {
        buf_add_text(line, ", review: ");
        write_quoted(line, proposal->review);
    }
    buf_add_text(line, " }");
}

/* The same over several lines, where one is not enough. */
static void add_block(struct buf *out, const struct proposal *proposal)
{
    buf_add_text(out, is_keep(proposal) ? "\n      keep: " : "\n      rule: ");
    if (is_keep(proposal))
        write_quoted(out, proposal->reason);
    else
        write_scalar(out, proposal->rule);
    if (proposal->params)
        buf_add_format(out, "\n      %s", proposal->params);
    if (proposal->review) {
        buf_add_text(out, "\n      review: ");
        write_quoted(out, proposal->review);
    }
}

/* Behind the rule where it fits; a reason that the rule itself says is not repeated. */
static void add_reason(struct buf *line, const struct proposal *proposal)
{
    if (is_keep(proposal) || proposal->review || !proposal->reason)
        return;
    size_t at = line->len + 2 > REASON_COLUMN ? line->len + 2 : REASON_COLUMN;
    if (at + 2 + strlen(proposal->reason) <= WRITE_COLUMNS)
        buf_add_format(line, "%*s# %s", (int)(at - line->len), "", proposal->reason);
}

static void write_column(struct writer *writer, const struct proposal *proposal)
{
    const char *name = profile_quote(writer->arena, proposal->column->name);
    struct buf line, flow;

    buf_init(&line, BUF_CEILING_MAX);
    buf_init(&flow, BUF_CEILING_MAX);
    buf_add_text(&line, "    ");
    write_scalar(&line, name ? name : "");
    buf_add_char(&line, ':');
    add_flow(&flow, proposal);
    if (flow.ptr && flow.ptr[0] == '{' && line.len + 1 + flow.len > WRITE_COLUMNS) {
        add_block(&line, proposal);
    } else {
        buf_add_format(&line, " %s", buf_text(&flow));
        add_reason(&line, proposal);
    }
    buf_add_format(writer->out, "%s\n", buf_text(&line));
    if (!buf_ok(&line) || !buf_ok(&flow) || !name)
        writer->out->failed = true;
    buf_release(&flow);
    buf_release(&line);
}

static void write_table_key(struct writer *writer, const struct table *table)
{
    const char *name = write_table_name(writer, table);

    buf_add_text(writer->out, "  ");
    write_scalar(writer->out, name ? name : "");
    buf_add_text(writer->out, ":\n");
    writer->out->failed = writer->out->failed || !name;
}

static bool is_written(const struct proposal *proposal, const bool *const *known)
{
    const struct column *column = proposal->column;

    return proposal->rule && !(known && known[column->table->index][column->index]);
}

size_t write_columns(struct writer *writer, const struct detection *detection,
                     const bool *const *known)
{
    const struct table *table = NULL;
    size_t count = 0;

    for (size_t i = 0; i < detection->count; i++) {
        const struct proposal *proposal = &detection->proposals[i];
        if (!is_written(proposal, known))
            continue;
        if (count == 0)
            buf_add_text(writer->out, "columns:\n");
        if (proposal->column->table != table)
            write_table_key(writer, proposal->column->table);
        table = proposal->column->table;
        write_column(writer, proposal);
        count++;
    }
    if (count == 0)
        buf_add_text(writer->out, "columns: {}\n");
    return count;
}
