/* References that no constraint guards, counted against the ledger of orphans. */
#include "db/sql.h"
#include "verify/engine.h"

#include <ctype.h>
#include <strings.h>

#define PARENT "understudy parent"
#define LIST   "\"understudy list\"" /* of PostgreSQL alone, as arrays are */

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

/* A count under way. */
struct orphans {
    const struct sql_words *words;
    const struct edge *edge;
    struct buf sql;
    struct buf document; /* the column that holds a JSON path's document */
};

static void child_add(const struct orphans *orphans, struct buf *out, size_t column)
{
    sql_add_column(orphans->words, out, NULL, orphans->edge->child_columns[column]);
}

/* What refers: a column, an element of it, or the text that a path leads to (as when choosing). */
static void reference_add(struct orphans *orphans, size_t column)
{
    const struct edge *edge = orphans->edge;

    if (edge->is_array) {
        buf_add_text(&orphans->sql, LIST ".element");
    } else if (edge->json_path) {
        buf_reset(&orphans->document);
        child_add(orphans, &orphans->document, 0);
        buf_add_char(&orphans->sql, '(');
        orphans->words->json_text(&orphans->sql, buf_text(&orphans->document), edge->json_path);
        buf_add_char(&orphans->sql, ')');
    } else {
        child_add(orphans, &orphans->sql, column);
    }
}

/* Parent equals reference; a path delivers text. */
static void match_add(struct orphans *orphans, size_t column)
{
    const struct edge *edge = orphans->edge;
    const struct sql_words *words = orphans->words;
    const bool is_text = edge->json_path && edge->parent_columns[column]->type->kind != KIND_TEXT;

    if (is_text)
        words->text(&orphans->sql, PARENT, edge->parent_columns[column]);
    else
        sql_add_column(words, &orphans->sql, PARENT, edge->parent_columns[column]);
    buf_add_format(&orphans->sql, " %s ", sql_edge_equals(words, edge, column));
    reference_add(orphans, column);
}

static void orphans_sql(struct orphans *orphans)
{
    const struct edge *edge = orphans->edge;
    struct buf *sql = &orphans->sql;

    buf_add_text(sql, "SELECT COUNT(*)");
    sql_add_from(orphans->words, sql, DB_TARGET, edge->child);
    if (edge->is_array) {
        buf_add_text(sql, ", pg_catalog.unnest(");
        child_add(orphans, sql, 0);
        buf_add_text(sql, ") AS " LIST "(element)");
    }
    buf_add_text(sql, " WHERE ");
    if (edge->when)
        buf_add_format(sql, "(%s\n) AND ", edge->when);
    for (size_t i = 0; i < edge->column_count; i++) {
        reference_add(orphans, i);
        buf_add_text(sql, " IS NOT NULL AND ");
    }
    buf_add_text(sql, "NOT EXISTS (SELECT 1");
    sql_add_from(orphans->words, sql, DB_TARGET, edge->parent);
    buf_add_text(sql, " AS ");
    orphans->words->name(sql, PARENT);
    buf_add_text(sql, " WHERE ");
    for (size_t i = 0; i < edge->column_count; i++) {
        buf_add_text(sql, i ? " AND " : "");
        match_add(orphans, i);
    }
    buf_add_char(sql, ')');
}

bool verify_count_orphans(struct verify_run *run, const struct edge *edge, uint64_t *count,
                          struct error *err)
{
    const struct catalog *catalog = run->config->selection->binding->catalog;
    const char *path = catalog->search_path ? catalog->search_path : "";
    struct orphans orphans = {.words = sql_words(catalog->engine), .edge = edge};

    buf_init(&orphans.sql, 1 << 22);
    buf_init(&orphans.document, 65536);
    orphans_sql(&orphans);
    bool is_ok = buf_ok(&orphans.sql) && buf_ok(&orphans.document)
                     ? verify_engine(catalog->engine)
                           ->read_numbers(run->config->target, buf_text(&orphans.sql),
                                          edge->when ? path : NULL, count, 1, err)
                     : error_memory(err);
    buf_release(&orphans.sql);
    buf_release(&orphans.document);
    return is_ok || error_context(err, "edge '%s'", edge->name);
}

/* The server's equality may be wider than what the ledger was counted by: letters that are equal
 * though no fold of ours makes them so. */
static bool is_as_in_ledger(const struct edge *edge, uint64_t orphans, uint64_t ledger)
{
    return orphans == ledger || (!edge->is_bytes_equal && orphans < ledger);
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
        uint64_t ledger = selection->edges[i].orphans_kept, orphans = 0;
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
        if (!verify_count_orphans(run, edge, &orphans, err))
            return false;
        counted++;
        if (!is_as_in_ledger(edge, orphans, ledger))
            return verify_say(run, result, false, "%s has %llu orphans, the ledger says %llu",
                              edge->name, (unsigned long long)orphans, (unsigned long long)ledger);
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
