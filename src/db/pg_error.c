/* Turns what a server reports into our own sentence: never its text, which quotes values. */
#include "base/words.h"
#include "db/pg_conn.h"

struct sentence {
    const char *sqlstate;
    const char *words;
    const char *hint;
};

static const struct sentence sentences[] = {
#define SQLSTATE(code, words, hint) {code, words, hint},
#include "db/sqlstate.def"
#undef SQLSTATE
};

static const struct sentence *sentence_find(const char *sqlstate)
{
    for (size_t i = 0; i < COUNT_OF(sentences); i++) {
        if (strncmp(sentences[i].sqlstate, sqlstate, strlen(sentences[i].sqlstate)) == 0)
            return &sentences[i];
    }
    return NULL;
}

enum status pg_status(const struct pg_db *pg)
{
    if (atomic_load(&pg->is_canceled))
        return STATUS_INTERRUPTED;
    return pg->base.side == DB_SOURCE ? STATUS_SOURCE : STATUS_TARGET;
}

static bool error_sentence(enum status status, const char *sqlstate, const char *details,
                           struct error *err)
{
    const struct sentence *sentence = sqlstate[0] ? sentence_find(sqlstate) : NULL;

    if (status == STATUS_INTERRUPTED)
        return error_set(err, status, "interrupted");
    if (!sqlstate[0])
        return error_set(err, status, "the connection was lost%s", details);
    if (!sentence)
        return error_set(err, status, "the server refused (SQLSTATE %s%s)", sqlstate, details);
    error_set(err, status, "%s (SQLSTATE %s%s)", sentence->words, sqlstate, details);
    if (sentence->hint)
        error_hint(err, "%s", sentence->hint);
    return false;
}

bool pg_error_state(enum status status, const char *sqlstate, struct error *err)
{
    assert(sqlstate);
    return error_sentence(status, sqlstate, "", err);
}

static void field_add(struct buf *out, const PGresult *result, int code, const char *word)
{
    const char *text = PQresultErrorField(result, code);
    struct arena *arena = text ? arena_new() : NULL;

    if (arena) {
        const char *printable = words_printable(arena, text);

        if (printable)
            buf_add_format(out, "; %s '%s'", word, printable);
    }
    arena_free(arena);
}

/* Classes, or whole codes, that an expression of the profile fails with while rows are read. */
static bool is_of_expression(const char *sqlstate)
{
    static const char *const states[] = {"21", "22", "25006", "2F", "38", "39", "42", "P0"};

    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (strncmp(sqlstate, states[i], strlen(states[i])) == 0)
            return strcmp(sqlstate, "42501") != 0;
    return false;
}

bool pg_error_expression(struct db *db, const PGresult *result, const char *what, struct error *err)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    pg_error(db, result, what, err);
    if (err->status != STATUS_INTERRUPTED && sqlstate && is_of_expression(sqlstate))
        err->status = STATUS_PROFILE;
    return false;
}

bool pg_error(struct db *db, const PGresult *result, const char *what, struct error *err)
{
    struct pg_db *pg = pg_of(db);
    const char *sqlstate = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    struct buf details;

    assert(what);
    buf_init(&details, 4096);
    if (sqlstate) {
        field_add(&details, result, PG_DIAG_SCHEMA_NAME, "schema");
        field_add(&details, result, PG_DIAG_TABLE_NAME, "table");
        field_add(&details, result, PG_DIAG_COLUMN_NAME, "column");
        field_add(&details, result, PG_DIAG_DATATYPE_NAME, "type");
        field_add(&details, result, PG_DIAG_CONSTRAINT_NAME, "constraint");
    }
    error_sentence(pg_status(pg), sqlstate ? sqlstate : "", buf_text(&details), err);
    buf_release(&details);
    return error_context(err, "%s", what);
}
