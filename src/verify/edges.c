/* References that no constraint guards, counted against the ledger of orphans. */
#include "bind/edge_field.h"
#include "db/sql.h"
#include "verify/engine.h"

#include <ctype.h>
#include <strings.h>

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

static void orphans_sql(enum engine engine, const struct edge *edge, struct buf *sql)
{
    const struct sql_words *words = sql_words(engine);

    buf_add_text(sql, "SELECT COUNT(*)");
    sql_add_from(words, sql, DB_TARGET, edge->child);
    if (edge->is_array) {
        buf_add_text(sql, ", pg_catalog.unnest(");
        sql_add_column(words, sql, NULL, edge->child_columns[0]);
        buf_add_text(sql, ") AS " EDGE_LIST "(element)");
    }
    buf_add_text(sql, " WHERE ");
    if (edge->when)
        buf_add_format(sql, "(%s\n) AND ", edge->when);
    for (size_t i = 0; i < edge->column_count; i++) {
        edge_add_reference(engine, edge, i, sql);
        buf_add_text(sql, " IS NOT NULL AND ");
    }
    edge_add_orphan(engine, DB_TARGET, edge, sql);
}

static bool orphans_count(struct verify_run *run, const struct edge *edge, uint64_t *count,
                          struct error *err)
{
    const struct catalog *catalog = run->config->selection->binding->catalog;
    const char *path = catalog->search_path ? catalog->search_path : "";
    struct buf sql;

    buf_init(&sql, 1 << 22);
    orphans_sql(catalog->engine, edge, &sql);
    bool is_ok = buf_ok(&sql) ? verify_engine(catalog->engine)
                                    ->read_numbers(run->config->target, buf_text(&sql),
                                                   edge->when ? path : NULL, count, 1, err)
                              : error_memory(err);
    buf_release(&sql);
    return is_ok || error_context(err, "edge '%s'", edge->name);
}

/* The server's equality may be wider than what the ledger was counted by: letters that are equal
 * though no fold of ours makes them so. */
static bool is_as_in_ledger(const struct edge *edge, uint64_t orphans, uint64_t ledger)
{
    return orphans == ledger || (!edge->is_bytes_equal && orphans < ledger);
}

/* MySQL keeps no word of a constraint that holds for all rows: foreign keys are counted too. */
static const char *counted_words(enum engine engine)
{
    return engine == ENGINE_MYSQL ? "edges, foreign keys included,"
                                  : "edges without a validated constraint";
}

/* Validated constraints need no second look, but behind SQL of the profile, which may have gone
 * around them (session_replication_role, disabled triggers); the rest is counted, as far as it can
 * be. */
bool verify_edges(struct verify_run *run, struct check_result *result, struct error *err)
{
    const struct selection *selection = run->config->selection;
    const struct binding *binding = selection->binding;
    const char *words = counted_words(binding->catalog->engine);
    size_t counted = 0, uncounted = 0;

    for (size_t i = 0; i < binding->graph->all.count; i++) {
        const struct edge *edge = binding->graph->all.edges[i];
        uint64_t ledger = selection->edges[i].orphans_kept, orphans = 0;
        bool is_validated = edge->kind == EDGE_FOREIGN_KEY && !run->config->is_violated[i] &&
                            !edge->is_not_valid && !edge->is_not_enforced &&
                            !run->config->is_after_load;

        if (is_validated || binding->edges[i].is_ignored || !verify_is_in_target(binding, edge))
            continue;
        if (!edge_is_countable(edge) ||
            (edge->when &&
             !verify_is_same_condition(&binding->tables[edge->child->index], edge->when))) {
            uncounted++;
            continue;
        }
        if (!orphans_count(run, edge, &orphans, err))
            return false;
        counted++;
        if (!is_as_in_ledger(edge, orphans, ledger))
            return verify_say(run, result, false, "%s has %llu orphans, the ledger says %llu",
                              edge->name, (unsigned long long)orphans, (unsigned long long)ledger);
    }
    if (uncounted)
        return verify_say(run, result, true,
                          "%zu %s agree with the ledger; %zu could not be counted, as their "
                          "conditions speak of rewritten columns or their equality is not that of "
                          "bytes",
                          counted, words, uncounted);
    return verify_say(run, result, true, "%zu %s agree with the ledger", counted, words);
}
