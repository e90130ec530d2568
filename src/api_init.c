/* init and detect: rules proposed from the catalog and a bounded sample. */
#include "api_internal.h"

#include "base/words.h"
#include "config/secret.h"
#include "detect/detect.h"

#define SAMPLE_ROWS 1000u

static bool graph_make(struct session *session, struct graph **graph, struct error *err)
{
    return graph_new(session->catalog, NULL, 0, session->arena, graph, err);
}

/* Samples are read of every table. */
static bool rights_check(struct session *session, struct error *err)
{
    struct denial_list denials;

    return session_find_denials(session, &denials, err) &&
           session_refuse_denials(session, &denials, NULL, err);
}

static bool source_make(struct session *session, struct detect_source *source, struct error *err)
{
    source->db = session->leader;
    return names_read(session->understudy->options.names, session->arena, &source->names, err);
}

static bool init_run(struct session *session, FILE *out, struct error *err)
{
    const struct options *options = &session->understudy->options;
    struct graph *graph = NULL;
    struct detect_source source = {.sample_rows = SAMPLE_ROWS};
    struct detection *detection = NULL;
    struct shape_proposal *shape = NULL;
    struct buf text;

    session->reads_alone = true;
    if (!secret_protect_process(err) || !session_source_url(session, options->source, err) ||
        !session_open_source(session, err) || !rights_check(session, err) ||
        !graph_make(session, &graph, err) || !source_make(session, &source, err) ||
        !detect_columns(graph, &source, session->arena, &detection, err) ||
        !detect_shape(graph, detection, session->arena, &shape, err))
        return false;
    buf_init(&text, BUF_CEILING_MAX);
    bool is_ok =
        detect_write_profile(graph, detection, shape,
                             options->fraction >= 0 ? options->fraction : 0.01, &text, err) &&
        api_write_output(session->understudy, out, &text, err);
    buf_release(&text);
    return is_ok;
}

bool understudy_init(struct understudy *understudy, FILE *out)
{
    struct session session;
    bool is_ok = session_init(&session, understudy) && init_run(&session, out, &understudy->error);

    session_release(&session);
    return is_ok;
}

/* Which columns the profile names already: by table index, column index. */
static bool known_columns(struct session *session, bool ***known, struct error *err)
{
    const struct catalog *catalog = session->catalog;
    const struct profile *profile = session->profile;

    *known = ARENA_ARRAY(session->arena, catalog->table_count + 1, bool *);
    if (!*known)
        return error_memory(err);
    for (size_t t = 0; t < catalog->table_count; t++) {
        const struct table *table = catalog->tables[t];

        (*known)[t] = ARENA_ARRAY(session->arena, table->column_count + 1, bool);
        if (!(*known)[t])
            return error_memory(err);
        for (size_t r = 0; r < profile->everywhere_count; r++) {
            const struct column *column = table_find_column(table, profile->everywhere[r].column);

            if (column)
                (*known)[t][column->index] = true;
        }
    }
    for (size_t i = 0; i < profile->table_count; i++) {
        bool is_ambiguous = false;
        const struct table *table = catalog_find_table(
            catalog, profile->tables[i].name.schema, profile->tables[i].name.table, &is_ambiguous);

        for (size_t r = 0; table && r < profile->tables[i].rule_count; r++) {
            const struct column *column =
                table_find_column(table, profile->tables[i].rules[r].column);

            if (column)
                (*known)[table->index][column->index] = true;
        }
    }
    return true;
}

/* --prune: entries whose table or column is gone. */
static bool prune_text(struct session *session, struct buf *text, struct error *err)
{
    const struct profile *profile = session->profile;

    for (size_t i = 0; i < profile->table_count; i++) {
        bool is_ambiguous = false;
        const struct profile_table *entry = &profile->tables[i];
        const struct table *table = catalog_find_table(session->catalog, entry->name.schema,
                                                       entry->name.table, &is_ambiguous);

        if (!table) {
            buf_add_format(text, "%s:%u: table %s\n", entry->node->file, entry->node->line,
                           words_printable(session->arena, entry->name.table));
            continue;
        }
        for (size_t r = 0; r < entry->rule_count; r++)
            if (!table_find_column(table, entry->rules[r].column))
                buf_add_format(text, "%s:%u: column %s.%s\n", entry->rules[r].node->file,
                               entry->rules[r].node->line, table->label,
                               words_printable(session->arena, entry->rules[r].column));
    }
    return buf_ok(text) || error_memory(err);
}

static bool detect_run(struct session *session, FILE *out, struct error *err)
{
    struct graph *graph = NULL;
    struct detect_source source = {.sample_rows = SAMPLE_ROWS};
    struct detection *detection = NULL;
    struct shape_proposal *shape = NULL;
    bool **known = NULL;
    struct buf text;

    session->reads_alone = true;
    if (!session_read_profile(session, err) || !session_open_source(session, err))
        return false;
    buf_init(&text, BUF_CEILING_MAX);
    bool is_ok =
        session->understudy->options.prune
            ? prune_text(session, &text, err)
            : rights_check(session, err) && graph_make(session, &graph, err) &&
                  known_columns(session, &known, err) && source_make(session, &source, err) &&
                  detect_columns(graph, &source, session->arena, &detection, err) &&
                  detect_shape(graph, detection, session->arena, &shape, err) &&
                  detect_write_fragment(graph, detection, (const bool *const *)known, &text, err);
    is_ok = is_ok && api_write_output(session->understudy, out, &text, err);
    buf_release(&text);
    return is_ok;
}

bool understudy_detect(struct understudy *understudy, FILE *out)
{
    struct session session;
    bool is_ok =
        session_init(&session, understudy) && detect_run(&session, out, &understudy->error);

    session_release(&session);
    return is_ok;
}
