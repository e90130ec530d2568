/* pg_dump of the source's schema at the run's snapshot, into a file that exists only in memory: the
 * archive may hold passwords of user mappings, which never touch a disk and are never restored. */
#include "stage/child.h"
#include "stage/pg_stage.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MESSAGES_MAX (1 << 16)
#define LIST_MAX     ((size_t)1 << 28)

struct arguments {
    struct arena *arena;
    const char **words; /* NULL-terminated */
    size_t count, capacity;
    bool failed;
};

/* NULL ends the list. */
static void argument_add(struct arguments *arguments, const char *word)
{
    const char **grown = arena_grow(arguments->arena, arguments->words, arguments->count,
                                    &arguments->capacity, sizeof(*arguments->words));

    if (!grown) {
        arguments->failed = true;
        return;
    }
    grown[arguments->count++] = word;
    arguments->words = grown;
}

/* The same for a word that was just made, and is NULL when memory ended. */
static void argument_add_made(struct arguments *arguments, const char *word)
{
    if (word)
        argument_add(arguments, word);
    else
        arguments->failed = true;
}

/* A pattern of psql that matches exactly these names: quoted parts are taken letter for letter. */
static const char *pattern(struct arena *arena, const char *option, const char *schema,
                           const char *name)
{
    struct buf text;
    const char *copy;

    buf_init(&text, 4096);
    buf_add_text(&text, option);
    pg_quote_name(&text, schema);
    if (name) {
        buf_add_char(&text, '.');
        pg_quote_name(&text, name);
    }
    copy = buf_ok(&text) ? arena_strdup(arena, buf_text(&text)) : NULL;
    buf_release(&text);
    return copy;
}

static void exclude_table(struct arguments *arguments, const struct table *table)
{
    argument_add_made(arguments,
                      pattern(arguments->arena, "--exclude-table=", table->schema, table->name));
    for (size_t i = 0; i < table->relation_count; i++) {
        const struct relation *relation = &table->relations[i];

        if (relation->oid != table->oid)
            argument_add_made(arguments, pattern(arguments->arena, "--exclude-table=",
                                                 relation->schema, relation->name));
    }
}

static bool exclude_schemas(struct pg_stage *stage, struct db *source, struct arguments *arguments,
                            struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;
    const char *values[2];

    if (!pg_gone_schemas(stage, &values[0], &values[1], err) ||
        !pg_query(source,
                  "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'"
                  " AND nspname <> 'information_schema'"
                  " AND (nspname <> ALL ($1::text[]) OR nspname = ANY ($2::text[])) ORDER BY 1",
                  2, values, &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++)
        argument_add_made(arguments, pattern(arguments->arena, "--exclude-schema=",
                                             PQgetvalue(result, row, 0), NULL));
    return true;
}

static bool dump_arguments(struct pg_stage *stage, struct db *source, const char *snapshot,
                           struct arguments *arguments, struct error *err)
{
    static const char *const usual[] = {"pg_dump",
                                        "--schema-only",
                                        "--format=custom",
                                        "--no-password",
                                        "--no-subscriptions",
                                        "--no-publications",
                                        "--no-tablespaces",
                                        "--no-security-labels",
                                        "--quote-all-identifiers",
                                        "--lock-wait-timeout=10s"};
    const struct binding *binding = stage->base.request.binding;

    for (size_t i = 0; i < COUNT_OF(usual); i++)
        argument_add(arguments, usual[i]);
    if (stage->tools.major >= 18)
        argument_add(arguments, "--no-statistics");
    const char *name = pg_snapshot_name(arguments->arena, snapshot);
    if (!name)
        return error_memory(err);
    argument_add_made(arguments, arena_printf(arguments->arena, "--snapshot=%s", name));
    if (!exclude_schemas(stage, source, arguments, err))
        return false;
    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        if (binding->tables[i].role == ROLE_EXCLUDED)
            exclude_table(arguments, binding->tables[i].table);
    }
    return true;
}

/* What pg_dump said, in our words; its own are not passed on. */
static bool dump_error(const struct buf *messages, int code, struct error *err)
{
    static const struct {
        const char *said, *words, *hint;
    } known[] = {
        {"permission denied", "pg_dump may not read the definition of every table",
         "GRANT SELECT on them, or exclude them (schema.exclude)"},
        {"server version mismatch", "pg_dump is older than the source", NULL},
        {"lock timeout", "pg_dump waited too long for a table's lock",
         "something changes the schema of the source just now; try again"},
        {"invalid snapshot identifier", "pg_dump did not reach the run's snapshot",
         "behind a load balancer it may have come to another server: name one of them"},
        {"does not exist", "pg_dump did not reach the run's snapshot or lacks an object", NULL},
        {"No space left", "pg_dump found no space", NULL},
        {"password", "pg_dump could not log in to the source", NULL},
        {"could not connect", "pg_dump could not reach the source", NULL},
        {"connection to server", "pg_dump lost the source", NULL}};

    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (!strstr(buf_text(messages), known[i].said))
            continue;
        error_set(err, STATUS_SOURCE, "%s", known[i].words);
        return known[i].hint ? error_hint(err, "%s", known[i].hint) : false;
    }
    return error_set(err, STATUS_SOURCE, "pg_dump failed (exit code %d)", code);
}

static bool dump_run(struct pg_stage *stage, struct db *source, struct arguments *arguments,
                     struct error *err)
{
    const char *connection, *password;
    struct buf messages;
    int code = -1;

    if (!pg_child_connection(source, db_info(source)->database, stage->base.arena, &connection,
                             &password, err))
        return false;
    argument_add_made(arguments, arena_printf(arguments->arena, "--dbname=%s", connection));
    argument_add(arguments, NULL);
    if (arguments->failed)
        return error_memory(err);
    buf_init(&messages, MESSAGES_MAX);
    struct child child = {.program = stage->tools.dump,
                          .argv = arguments->words,
                          .password = password,
                          .output = stage->archive,
                          .is_cancelled = &stage->is_cancelled,
                          .messages = &messages};
    bool is_done = child_run(&child, &code, err);
    if (is_done && code != 0)
        is_done = dump_error(&messages, code, err);
    buf_release(&messages);
    return is_done;
}

static bool list_read(struct pg_stage *stage, struct error *err)
{
    char path[32];
    const char *const argv[] = {"pg_restore", "--list", "--verbose", path, NULL};
    struct buf text;
    int code = -1;

    snprintf(path, sizeof(path), "/proc/self/fd/%d", stage->archive);
    buf_init(&text, LIST_MAX);
    struct child child = {.program = stage->tools.restore,
                          .argv = argv,
                          .output = -1,
                          .kept = &stage->archive,
                          .kept_count = 1,
                          .is_cancelled = &stage->is_cancelled,
                          .text = &text};
    bool is_read = child_run(&child, &code, err);
    if (is_read && (code != 0 || !buf_ok(&text)))
        is_read = error_set(err, STATUS_LOCAL, "pg_restore cannot list the archive of pg_dump");
    if (is_read)
        is_read = pg_list_parse(buf_span(&text), stage->base.arena, &stage->list, err);
    buf_release(&text);
    return is_read;
}

bool pg_schema_dump(struct pg_stage *stage, struct db *source, const char *snapshot,
                    struct error *err)
{
    struct arguments arguments = {.arena = stage->base.arena};

    assert(stage->archive < 0 && stage->tools.dump);
    stage->archive = memory_file("schema");
    if (stage->archive < 0)
        return error_set_errno(err, STATUS_LOCAL, "no memory file for the schema");
    return dump_arguments(stage, source, snapshot, &arguments, err) &&
           dump_run(stage, source, &arguments, err) && list_read(stage, err);
}
