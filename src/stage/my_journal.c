/* The journal of a swap: a table in the schema being filled, which stays until all is done. Row 1
 * says where to and how far; the others are the programs and changes, in their order. */
#include "stage/my_stage.h"

#include <stdlib.h>
#include <string.h>

static const char create_sql[] =
    "CREATE TABLE %n.%n (id INT NOT NULL PRIMARY KEY,"
    " part VARCHAR(8) CHARACTER SET ascii NOT NULL, kind INT NULL, step BIGINT NULL,"
    " name TEXT CHARACTER SET utf8mb4 NULL, mark LONGTEXT CHARACTER SET utf8mb4 NULL,"
    " old_mark LONGTEXT CHARACTER SET utf8mb4 NULL, body LONGBLOB NULL, client VARCHAR(64) NULL,"
    " collation_name VARCHAR(64) NULL, mode TEXT NULL, zone VARCHAR(64) NULL,"
    " seal VARCHAR(64) CHARACTER SET ascii NULL) ENGINE = InnoDB";

const char my_journal_columns[] =
    "id int,part varchar,kind int,step bigint,name text,mark longtext,old_mark longtext,"
    "body longblob,client varchar,collation_name varchar,mode text,zone varchar,seal varchar";

static void add_text(struct buf *sql, const char *text)
{
    if (text)
        my_quote_literal(sql, span_of(text));
    else
        buf_add_text(sql, "NULL");
}

static bool insert(struct my_stage *stage, const char *schema, struct buf *values,
                   struct error *err)
{
    bool is_done = buf_ok(values) ? my_do(stage->admin, err,
                                          "INSERT INTO %n.%n (id, part, kind, step, name, mark,"
                                          " old_mark, body, client, collation_name, mode, zone,"
                                          " seal)"
                                          " VALUES (%s)",
                                          schema, MY_SWAP_TABLE, buf_text(values))
                                  : error_memory(err);

    buf_release(values);
    return is_done;
}

static bool insert_programs(struct my_stage *stage, const char *schema, const char *part,
                            const struct my_programs *programs, int *id, struct error *err)
{
    for (size_t i = 0; i < programs->count; i++) {
        const struct my_program *program = &programs->programs[i];
        const char *const texts[] = {program->client, program->collation, program->mode,
                                     program->zone};
        struct buf values;

        if (program->is_gone)
            continue;
        buf_init(&values, (size_t)1 << 29);
        my_format(&values, "%d, %t, %d, NULL, %t, NULL, NULL, ", ++*id, part, (int)program->kind,
                  program->name);
        my_quote_bytes(&values, program->sql);
        for (size_t j = 0; j < COUNT_OF(texts); j++) {
            buf_add_text(&values, ", ");
            add_text(&values, texts[j]);
        }
        buf_add_text(&values, ", NULL");
        if (!insert(stage, schema, &values, err))
            return false;
    }
    return true;
}

static bool insert_changes(struct my_stage *stage, const struct my_journal *journal, int *id,
                           struct error *err)
{
    for (size_t i = 0; i < journal->change_count; i++) {
        struct buf values;

        buf_init(&values, (size_t)1 << 29);
        my_format(&values, "%d, 'change', NULL, NULL, NULL, NULL, NULL, ", ++*id);
        my_quote_bytes(&values, span_of(journal->changes[i]));
        buf_add_text(&values, ", NULL, NULL, NULL, NULL, NULL");
        if (!insert(stage, journal->schema, &values, err))
            return false;
    }
    return true;
}

static bool insert_head(struct my_stage *stage, const struct my_journal *journal, struct error *err)
{
    char seal[MY_SEAL_BYTES];
    struct buf values;

    assert(!journal->old_schema == !journal->old_mark);
    my_seal(stage->base.request.keyring, journal, journal->step, seal);
    buf_init(&values, 1 << 20);
    my_format(&values, "1, 'head', NULL, %l, ", (long long)journal->step);
    add_text(&values, journal->old_schema);
    buf_add_text(&values, ", ");
    add_text(&values, journal->mark);
    buf_add_text(&values, ", ");
    add_text(&values, journal->old_mark);
    buf_add_text(&values, ", NULL, ");
    add_text(&values, journal->charset);
    buf_add_text(&values, ", ");
    add_text(&values, journal->collation);
    buf_add_text(&values, ", NULL, NULL, ");
    add_text(&values, seal);
    return insert(stage, journal->schema, &values, err);
}

/* All in one transaction: half a journal is none. */
bool my_journal_write(struct my_stage *stage, const struct my_journal *journal, struct error *err)
{
    struct db *db = stage->admin;
    int id = 1;

    assert(journal->schema && journal->mark);
    return my_do(db, err, "DROP TABLE IF EXISTS %n.%n", journal->schema, MY_SWAP_TABLE) &&
           my_do(db, err, create_sql, journal->schema, MY_SWAP_TABLE) &&
           my_run(db, "START TRANSACTION", err) &&
           insert_programs(stage, journal->schema, "old", &journal->old, &id, err) &&
           insert_programs(stage, journal->schema, "new", &journal->new, &id, err) &&
           insert_changes(stage, journal, &id, err) && insert_head(stage, journal, err) &&
           my_run(db, "COMMIT", err);
}

bool my_journal_step(struct my_stage *stage, const struct my_journal *journal, int64_t step,
                     struct error *err)
{
    char seal[MY_SEAL_BYTES];

    assert(journal->schema && step > 0);
    my_seal(stage->base.request.keyring, journal, step, seal);
    return my_do(stage->admin, err, "UPDATE %n.%n SET step = %l, seal = %t WHERE id = 1",
                 journal->schema, MY_SWAP_TABLE, (long long)step, seal);
}

/* Columns: part, kind, step, name, mark, old_mark, body, client, collation_name, mode, zone,
 * seal. */
static bool head_read(struct my_journal *journal, struct my_result *result, size_t row,
                      struct arena *arena)
{
    journal->step = my_integer(result, row, 2);
    journal->old_schema = my_copy(arena, result, row, 3);
    journal->mark = my_copy(arena, result, row, 4);
    journal->old_mark = my_copy(arena, result, row, 5);
    journal->charset = my_copy(arena, result, row, 7);
    journal->collation = my_copy(arena, result, row, 8);
    journal->seal = my_copy(arena, result, row, 11);
    return journal->mark && journal->charset && journal->collation;
}

static bool program_read(struct my_programs *programs, struct my_result *result, size_t row,
                         struct arena *arena)
{
    struct span body = my_cell(result, row, 6);
    struct my_program program = {.kind = (enum my_program_kind)my_integer(result, row, 1),
                                 .name = my_copy(arena, result, row, 3),
                                 .client = my_copy(arena, result, row, 7),
                                 .collation = my_copy(arena, result, row, 8),
                                 .mode = my_copy(arena, result, row, 9),
                                 .zone = my_copy(arena, result, row, 10)};
    struct my_program *grown =
        arena_grow(arena, programs->programs, programs->count, &programs->capacity, sizeof(*grown));

    if (!grown || !body.ptr || program.kind >= MY_PROGRAM_KINDS)
        return false;
    program.sql = span_make(arena_strndup(arena, body.ptr, body.len), body.len);
    programs->programs = grown;
    grown[programs->count++] = program;
    return program.sql.ptr && program.name && program.client && program.collation;
}

static bool row_read(struct my_journal *journal, struct my_result *result, size_t row,
                     struct arena *arena)
{
    const char *part = my_text(result, row, 0);

    if (!part)
        return false;
    if (strcmp(part, "head") == 0)
        return head_read(journal, result, row, arena);
    if (strcmp(part, "old") == 0)
        return program_read(&journal->old, result, row, arena);
    if (strcmp(part, "new") == 0)
        return program_read(&journal->new, result, row, arena);
    struct span body = my_cell(result, row, 6);
    const char *change = body.ptr ? arena_strndup(arena, body.ptr, body.len) : NULL;
    journal->changes[journal->change_count] = change;
    journal->change_count += change != NULL;
    return change != NULL;
}

static bool rows_read(struct my_stage *stage, struct my_result *result, const char *schema,
                      struct my_journal **journal, struct error *err)
{
    struct arena *arena = stage->base.arena;
    struct my_journal *read = ARENA_NEW(arena, struct my_journal);

    if (!read || !(read->changes = ARENA_ARRAY(arena, result->count + 1, const char *)) ||
        !(read->schema = arena_strdup(arena, schema)))
        return error_memory(err);
    for (size_t row = 0; row < result->count; row++) {
        if (!row_read(read, result, row, arena))
            return error_set(err, STATUS_TARGET, "the journal of a swap in '%s' cannot be read",
                             schema);
    }
    *journal = read->mark ? read : NULL;
    return true;
}

bool my_journal_read(struct my_stage *stage, const char *schema, struct my_journal **journal,
                     struct error *err)
{
    struct my_result result = {.rows = NULL};
    bool is_there;

    assert(schema && journal);
    *journal = NULL;
    if (!my_table_is_ours(stage->admin, schema, MY_SWAP_TABLE, my_journal_columns, &is_there, err))
        return false;
    if (!is_there)
        return true;
    if (!my_ask(stage->admin, &result, err,
                "SELECT part, kind, step, name, mark, old_mark, body, client, collation_name,"
                " mode, zone, seal FROM %n.%n ORDER BY id",
                schema, MY_SWAP_TABLE))
        return false;
    bool is_done = rows_read(stage, &result, schema, journal, err);
    my_result_release(&result);
    return is_done;
}
