/* The sums of a journal entry in each engine's SQL. Both look at LEDGER_LINES_MAX + 1 lines at
 * most: more are refused, and need not be read.
 *
 * PostgreSQL's numerics may have as many digits as they like, each its own, and may be NaN: the
 * digits are counted first, in a subquery that reads the lines. MySQL's have those of their column,
 * and its subqueries in FROM know the row outside only since 8.0.14, MariaDB's never: there
 * ROWNUM() bounds the lines. */
#include "bind/group_facts.h"

#include "db/sql.h"
#include "transform/ledger.h"

#define LINES_ALIAS "understudy lines"

static void line_add(const struct group_facts *facts, struct buf *sql, const struct column *column)
{
    sql_add_column(sql_words(facts->engine), sql, LINES_ALIAS, column);
}

static void row_add(const struct group_facts *facts, struct buf *sql, const struct column *column)
{
    sql_add_column(sql_words(facts->engine), sql, NULL, column);
}

/* True for the lines that stand before the row in hand, on its side. */
static void comes_add(const struct group_facts *facts, struct buf *sql)
{
    buf_add_char(sql, '(');
    for (size_t i = 0; i < facts->identity_count; i++) {
        buf_add_text(sql, i ? ", " : "");
        line_add(facts, sql, facts->identity_columns[i]);
    }
    buf_add_text(sql, ") < (");
    for (size_t i = 0; i < facts->identity_count; i++) {
        buf_add_text(sql, i ? ", " : "");
        row_add(facts, sql, facts->identity_columns[i]);
    }
    buf_add_char(sql, ')');
    if (!facts->side)
        return;
    buf_add_text(sql, " AND ");
    line_add(facts, sql, facts->side);
    buf_add_format(sql, " %s ", sql_words(facts->engine)->same);
    row_add(facts, sql, facts->side);
}

/* WHERE the line is one of the row's entry. */
static void entry_add(const struct group_facts *facts, struct buf *sql)
{
    sql_add_from(sql_words(facts->engine), sql, DB_SOURCE, facts->column->table);
    buf_add_text(sql, " AS ");
    sql_words(facts->engine)->name(sql, LINES_ALIAS);
    buf_add_text(sql, " WHERE ");
    line_add(facts, sql, facts->group);
    buf_add_text(sql, " = ");
    row_add(facts, sql, facts->group);
}

/* A column's number, NULL where it is none that can be added up (NaN, infinities). */
static void pg_number_add(const struct group_facts *facts, struct buf *sql,
                          const struct column *column)
{
    buf_add_text(sql, "CASE WHEN ");
    line_add(facts, sql, column);
    buf_add_text(sql, " - ");
    line_add(facts, sql, column);
    buf_add_text(sql, " = 0 THEN ");
    line_add(facts, sql, column);
    buf_add_text(sql, "::numeric END");
}

/* `function` over all columns of the group, each put into `form`'s two parts. */
static void pg_peers_add(const struct group_facts *facts, struct buf *sql, const char *function,
                         const char *before, const char *behind)
{
    buf_add_format(sql, ", %s(", function);
    for (size_t i = 0; i < facts->peer_count; i++) {
        buf_add_format(sql, "%s%s", i ? ", " : "", before);
        pg_number_add(facts, sql, facts->peers[i]);
        buf_add_text(sql, behind);
    }
    buf_add_char(sql, ')');
}

static void pg_lines_add(const struct group_facts *facts, struct buf *sql)
{
    buf_add_text(sql, "(SELECT ");
    pg_number_add(facts, sql, facts->column);
    buf_add_text(sql, " AS line");
    pg_peers_add(facts, sql, "LEAST", "NULLIF(pg_catalog.abs(", "), 0)");
    buf_add_text(sql, " AS smallest");
    pg_peers_add(facts, sql, "GREATEST", "pg_catalog.abs(", ")");
    buf_add_text(sql, " AS most");
    pg_peers_add(facts, sql, "GREATEST", "pg_catalog.scale(", ")");
    buf_add_text(sql, " AS digits, ");
    comes_add(facts, sql);
    buf_add_text(sql, " AS comes");
    entry_add(facts, sql);
    buf_add_format(sql, " LIMIT %d)", LEDGER_LINES_MAX + 1);
}

static void pg_facts_add(const struct group_facts *facts, struct buf *sql)
{
    static const char sum[] =
        "pg_catalog.round(COALESCE(pg_catalog.sum(line) FILTER (WHERE comes), 0)";
    static const char digits[] = ", pg_catalog.max(digits))";

    buf_add_format(sql, "SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), %s%s, %s + ", sum,
                   digits, sum);
    row_add(facts, sql, facts->column);
    buf_add_format(sql,
                   "%s, pg_catalog.round(pg_catalog.min(smallest)%s, "
                   "pg_catalog.round(pg_catalog.max(most)%s) FROM ",
                   digits, digits, digits);
    pg_lines_add(facts, sql);
    buf_add_text(sql, " AS entry");
}

static void my_sum_add(const struct group_facts *facts, struct buf *sql, bool is_with_row)
{
    buf_add_text(sql, "CAST(COALESCE(SUM(CASE WHEN ");
    comes_add(facts, sql);
    buf_add_text(sql, " THEN ");
    line_add(facts, sql, facts->column);
    buf_add_text(sql, " END), 0)");
    if (is_with_row) {
        buf_add_text(sql, " + ");
        row_add(facts, sql, facts->column);
    }
    buf_add_format(sql, " AS DECIMAL(65, %u)), ", facts->column->scale);
}

/* LEAST and GREATEST are NULL as soon as one of theirs is: each column's figure stands for itself,
 * or else for the next that has one. They want two at least. */
static void my_extreme_add(const struct group_facts *facts, struct buf *sql, const char *function,
                           const char *before, const char *behind)
{
    const size_t count = facts->peer_count;

    buf_add_format(sql, "%s(", count > 1 ? function : "");
    for (size_t i = 0; i < count; i++) {
        buf_add_text(sql, i ? ", COALESCE(" : "COALESCE(");
        for (size_t k = 0; k < count; k++) {
            buf_add_format(sql, "%s%s", k ? ", " : "", before);
            line_add(facts, sql, facts->peers[(i + k) % count]);
            buf_add_text(sql, behind);
        }
        buf_add_char(sql, ')');
    }
    buf_add_char(sql, ')');
}

/* The columns that are spoken of, each once; * would leave invisible ones out. */
static void my_columns_add(const struct group_facts *facts, struct buf *sql)
{
    const struct table *table = facts->column->table;
    bool is_first = true;

    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = table->columns[i];
        bool is_needed = column == facts->side;

        for (size_t k = 0; k < facts->peer_count; k++)
            is_needed |= column == facts->peers[k];
        for (size_t k = 0; k < facts->identity_count; k++)
            is_needed |= column == facts->identity_columns[k];
        if (!is_needed)
            continue;
        buf_add_text(sql, is_first ? "" : ", ");
        line_add(facts, sql, column);
        is_first = false;
    }
}

static void my_facts_add(const struct group_facts *facts, struct buf *sql)
{
    buf_add_text(sql, "SELECT CONCAT_WS(' ', COUNT(*), ");
    my_sum_add(facts, sql, false);
    my_sum_add(facts, sql, true);
    my_extreme_add(facts, sql, "LEAST", "MIN(NULLIF(ABS(", "), 0))");
    buf_add_text(sql, ", ");
    my_extreme_add(facts, sql, "GREATEST", "MAX(ABS(", "))");
    buf_add_char(sql, ')');
    if (facts->has_rownum) {
        entry_add(facts, sql);
        buf_add_format(sql, " AND ROWNUM() <= %d", LEDGER_LINES_MAX + 1);
        return;
    }
    buf_add_text(sql, " FROM (SELECT ");
    my_columns_add(facts, sql);
    entry_add(facts, sql);
    buf_add_format(sql, " LIMIT %d) AS ", LEDGER_LINES_MAX + 1);
    sql_words(facts->engine)->name(sql, LINES_ALIAS);
}

const char *group_facts_sql(const struct group_facts *facts, struct arena *arena)
{
    struct buf sql;
    const char *text;

    assert(facts && facts->peer_count > 0 && facts->identity_count > 0);
    buf_init(&sql, 1 << 20);
    if (facts->engine == ENGINE_MYSQL)
        my_facts_add(facts, &sql);
    else
        pg_facts_add(facts, &sql);
    text = buf_ok(&sql) ? arena_strdup(arena, buf_text(&sql)) : NULL;
    buf_release(&sql);
    return text;
}
