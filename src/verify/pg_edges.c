/* References that no constraint of PostgreSQL guards, counted against the ledger of orphans. */
#include "db/pg.h"
#include "verify/verify_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#define PARENT "\"understudy parent\""
#define LIST   "\"understudy list\""

/* Names fold, so letters count alike; a longer word around the name is another word. */
static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = text; len && *at; at++)
        if (strncasecmp(at, word, len) == 0 &&
            (at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_')) &&
            !(isalnum((unsigned char)at[len]) || at[len] == '_'))
            return true;
    return false;
}

static bool has_call(const char *text)
{
    for (const char *at = text; *at; at++)
        if (*at == '(' && at > text && (isalnum((unsigned char)at[-1]) || at[-1] == '"'))
            return true;
    return has_word(text, "select");
}

bool verify_is_same_condition(const struct bound_table *table, const char *when)
{
    bool is_named = false;

    for (size_t i = 0; i < table->table->column_count; i++) {
        const struct column *column = table->table->columns[i];
        bool is_kept = false;

        if (!has_word(when, column->name))
            continue;
        for (size_t c = 0; c < table->column_count; c++)
            is_kept |= table->columns[c].column == column && table->columns[c].is_copied;
        if (!is_kept)
            return false;
        is_named = true;
    }
    return is_named && !has_call(when);
}

static void child_add(struct buf *sql, const struct edge *edge, size_t column)
{
    pg_quote_name(sql, edge->child->name);
    buf_add_char(sql, '.');
    pg_quote_name(sql, edge->child_columns[column]->name);
}

/* What refers: a column, an element of it, or the text that a path leads to (as when choosing). */
static void reference_add(struct buf *sql, const struct edge *edge, size_t column)
{
    if (edge->is_array) {
        buf_add_text(sql, LIST ".element");
    } else if (edge->json_path) {
        buf_add_text(sql, "(pg_catalog.jsonb_path_query_first(");
        child_add(sql, edge, 0);
        buf_add_text(sql, "::pg_catalog.jsonb, ");
        pg_quote_literal(sql, edge->json_path);
        buf_add_text(sql, ") OPERATOR(pg_catalog.#>>) '{}')");
    } else {
        child_add(sql, edge, column);
    }
}

static void parent_add(struct buf *sql, const struct edge *edge, size_t column)
{
    buf_add_text(sql, PARENT ".");
    pg_quote_name(sql, edge->parent_columns[column]->name);
    if (edge->json_path)
        buf_add_text(sql, "::pg_catalog.text");
}

static void from_add(struct buf *sql, const struct table *table)
{
    buf_add_text(sql, table->class == TABLE_PARTITIONED ? " FROM " : " FROM ONLY ");
    pg_quote_table(sql, table->schema, table->name);
}

static void orphans_sql(struct buf *sql, const struct edge *edge)
{
    buf_add_text(sql, "SELECT pg_catalog.count(*)");
    from_add(sql, edge->child);
    if (edge->is_array) {
        buf_add_text(sql, ", pg_catalog.unnest(");
        child_add(sql, edge, 0);
        buf_add_text(sql, ") AS " LIST "(element)");
    }
    buf_add_text(sql, " WHERE ");
    if (edge->when)
        buf_add_format(sql, "(%s\n) AND ", edge->when);
    for (size_t i = 0; i < edge->column_count; i++) {
        reference_add(sql, edge, i);
        buf_add_text(sql, " IS NOT NULL AND ");
    }
    buf_add_text(sql, "NOT EXISTS (SELECT");
    from_add(sql, edge->parent);
    buf_add_text(sql, " AS " PARENT " WHERE ");
    for (size_t i = 0; i < edge->column_count; i++) {
        buf_add_text(sql, i ? " AND " : "");
        parent_add(sql, edge, i);
        buf_add_format(sql, " %s ",
                       edge->equals && edge->equals[i] ? edge->equals[i]
                                                       : "OPERATOR(pg_catalog.=)");
        reference_add(sql, edge, i);
    }
    buf_add_char(sql, ')');
}

/* A condition of the profile means what it meant on the source only under the same search path. */
static bool path_set(struct verify_run *run, const char *path, struct error *err)
{
    struct buf sql;

    buf_init(&sql, 1 << 20);
    buf_add_text(&sql, "SELECT pg_catalog.set_config('search_path', ");
    pg_quote_literal(&sql, path);
    buf_add_text(&sql, ", false)");
    bool is_ok =
        buf_ok(&sql) ? pg_run(run->config->target, buf_text(&sql), err) : error_memory(err);
    buf_release(&sql);
    return is_ok;
}

static bool orphans_count(struct verify_run *run, const struct edge *edge, int64_t *count,
                          struct error *err)
{
    const char *path = run->config->selection->binding->catalog->search_path;
    AUTO(PGresult) PGresult *rows = NULL;
    struct buf sql;
    bool is_ok = !edge->when || path_set(run, path ? path : "", err);

    buf_init(&sql, 1 << 22);
    orphans_sql(&sql, edge);
    if (is_ok)
        is_ok = buf_ok(&sql) ? pg_query(run->config->target, buf_text(&sql), 0, NULL, &rows, err)
                             : error_memory(err);
    if (is_ok)
        *count = strtoll(PQgetvalue(rows, 0, 0), NULL, 10);
    buf_release(&sql);
    return is_ok && (!edge->when || path_set(run, "", err));
}

/* Validated constraints need no second look, but behind SQL of the profile, which may have gone
 * around them (session_replication_role, disabled triggers); the rest is counted, as far as it can
 * be. */
bool verify_edges(struct verify_run *run, struct check_result *result, struct error *err)
{
    const struct selection *selection = run->config->selection;
    const struct binding *binding = selection->binding;
    size_t counted = 0, uncounted = 0;

    for (size_t i = 0; i < binding->graph->all.count; i++) {
        const struct edge *edge = binding->graph->all.edges[i];
        uint64_t ledger = selection->edges[i].orphans_kept;
        int64_t orphans = 0;
        bool is_validated = edge->kind == EDGE_FOREIGN_KEY && !run->config->is_violated[i] &&
                            !edge->is_not_valid && !edge->is_not_enforced &&
                            !run->config->is_after_load;

        if (is_validated || binding->edges[i].is_ignored || !verify_is_in_target(binding, edge))
            continue;
        if (!edge_is_exact(edge) ||
            (edge->when &&
             !verify_is_same_condition(&binding->tables[edge->child->index], edge->when))) {
            uncounted++;
            continue;
        }
        if (!orphans_count(run, edge, &orphans, err))
            return error_context(err, "edge '%s'", edge->name);
        counted++;
        if ((uint64_t)orphans != ledger)
            return verify_say(run, result, false, "%s has %lld orphans, the ledger says %llu",
                              edge->name, (long long)orphans, (unsigned long long)ledger);
    }
    if (uncounted)
        return verify_say(run, result, true,
                          "%zu edges without a validated constraint agree with the ledger; %zu "
                          "could not be counted, as their conditions speak of rewritten columns or "
                          "their equality is not that of bytes",
                          counted, uncounted);
    return verify_say(run, result, true,
                      "%zu edges without a validated constraint agree with the ledger", counted);
}
