/* Makes the new database beside the old one, as like the source as the target's server allows. */
#include "stage/pg_stage.h"

#include <string.h>

/* What the source's database was created with; texts may be NULL. */
struct shape {
    const char *encoding, *collate, *ctype, *provider, *locale, *rules;
    const char *tablespace; /* of the old staging database; NULL: the default one */
};

/* How much of the shape is asked for; the next one is tried when the server lacks a locale. */
enum attempt { ATTEMPT_SAME, ATTEMPT_DEFAULT, ATTEMPT_C, ATTEMPT_COUNT };

bool pg_database_drop(struct db *admin, const char *name, struct error *err)
{
    struct buf sql;

    buf_init(&sql, 4096);
    buf_add_text(&sql, "DROP DATABASE IF EXISTS ");
    pg_quote_name(&sql, name);
    buf_add_text(&sql, " WITH (FORCE)");
    bool is_dropped = buf_ok(&sql) ? pg_run(admin, buf_text(&sql), err) : error_memory(err);
    buf_release(&sql);
    return is_dropped;
}

static const char *shape_sql(int version)
{
    if (version >= 170000)
        return "SELECT pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider,"
               " datlocale, daticurules FROM pg_database WHERE datname = current_database()";
    if (version >= 160000)
        return "SELECT pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider,"
               " daticulocale, daticurules FROM pg_database WHERE datname = current_database()";
    if (version >= 150000)
        return "SELECT pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider,"
               " daticulocale, NULL FROM pg_database WHERE datname = current_database()";
    return "SELECT pg_encoding_to_char(encoding), datcollate, datctype, 'c', NULL, NULL"
           " FROM pg_database WHERE datname = current_database()";
}

static bool shape_read(struct pg_stage *stage, struct shape *shape, struct error *err)
{
    struct arena *arena = stage->base.arena;
    struct db *source = stage->base.request.source_db;
    const char *const values[] = {stage->base.target.database};
    AUTO(PGresult) PGresult *result = NULL;
    AUTO(PGresult) PGresult *old = NULL;

    assert(source);
    if (!pg_query(source, shape_sql(db_info(source)->version_number), 0, NULL, &result, err))
        return false;
    *shape = (struct shape){.encoding = pg_text(arena, result, 0, 0),
                            .collate = pg_text(arena, result, 0, 1),
                            .ctype = pg_text(arena, result, 0, 2),
                            .provider = pg_text(arena, result, 0, 3),
                            .locale = pg_text(arena, result, 0, 4),
                            .rules = pg_text(arena, result, 0, 5)};
    if (!shape->encoding || !shape->collate || !shape->ctype || !shape->provider)
        return error_memory(err);
    if (!pg_query(stage->admin,
                  "SELECT spcname FROM pg_database d JOIN pg_tablespace t ON t.oid = dattablespace"
                  " WHERE datname = $1 AND spcname <> 'pg_default'",
                  1, values, &old, err))
        return false;
    if (PQntuples(old) > 0)
        shape->tablespace = pg_text(arena, old, 0, 0);
    return true;
}

static void add_option(struct buf *sql, const char *word, const char *value)
{
    if (!value)
        return;
    buf_add_format(sql, " %s ", word);
    pg_quote_literal(sql, value);
}

static void add_locale(struct buf *sql, const struct shape *shape, int version)
{
    add_option(sql, "LC_COLLATE", shape->collate);
    add_option(sql, "LC_CTYPE", shape->ctype);
    if (version < 150000)
        return;
    if (shape->provider[0] == 'i') {
        buf_add_text(sql, " LOCALE_PROVIDER icu");
        add_option(sql, "ICU_LOCALE", shape->locale);
        add_option(sql, "ICU_RULES", shape->rules);
    } else if (shape->provider[0] == 'b') {
        buf_add_text(sql, " LOCALE_PROVIDER builtin");
        add_option(sql, "BUILTIN_LOCALE", shape->locale);
    } else
        buf_add_text(sql, " LOCALE_PROVIDER libc");
}

static bool create_once(struct pg_stage *stage, const struct shape *shape, enum attempt attempt,
                        char sqlstate[6], struct error *err)
{
    int version = stage->base.target.version_number;
    struct buf sql;

    buf_init(&sql, 1 << 16);
    buf_add_text(&sql, "CREATE DATABASE ");
    pg_quote_name(&sql, stage->base.database);
    buf_add_text(&sql, " TEMPLATE template0");
    add_option(&sql, "ENCODING", shape->encoding);
    if (attempt == ATTEMPT_SAME)
        add_locale(&sql, shape, version);
    if (attempt == ATTEMPT_C) {
        add_option(&sql, "LC_COLLATE", "C");
        add_option(&sql, "LC_CTYPE", "C");
        buf_add_text(&sql, version >= 150000 ? " LOCALE_PROVIDER libc" : "");
    }
    if (shape->tablespace) {
        buf_add_text(&sql, " TABLESPACE ");
        pg_quote_name(&sql, shape->tablespace);
    }
    sqlstate[0] = '\0';
    bool is_made = buf_ok(&sql) ? pg_attempt(stage->admin, buf_text(&sql),
                                             "creating the new database", sqlstate, err)
                                : error_memory(err);
    buf_release(&sql);
    return is_made;
}

/* A locale or its provider is not known there, or does not go with the encoding. */
static bool is_about_locale(const char *sqlstate)
{
    return strcmp(sqlstate, "42809") == 0 || strcmp(sqlstate, "22023") == 0 ||
           strcmp(sqlstate, "0A000") == 0;
}

static bool create_like(struct pg_stage *stage, const struct shape *shape, struct error *err)
{
    for (enum attempt attempt = ATTEMPT_SAME; attempt < ATTEMPT_COUNT; attempt++) {
        char sqlstate[6];

        if (create_once(stage, shape, attempt, sqlstate, err)) {
            const char *locale = shape->locale ? shape->locale : shape->collate;
            const char *object = arena_printf(stage->base.arena, "locale '%s'", locale);

            if (!object)
                return error_memory(err);
            return attempt == ATTEMPT_SAME ||
                   stage_skip(&stage->base, object,
                              attempt == ATTEMPT_DEFAULT
                                  ? "the target's server lacks it: its default is used"
                                  : "the target's server lacks it: C is used",
                              err);
        }
        if (!is_about_locale(sqlstate))
            return false;
    }
    return false;
}

static bool read_oid(struct pg_stage *stage, struct error *err)
{
    const char *const values[] = {stage->base.database};
    AUTO(PGresult) PGresult *result = NULL;

    if (!pg_query(stage->admin, "SELECT oid FROM pg_database WHERE datname = $1", 1, values,
                  &result, err))
        return false;
    if (PQntuples(result) != 1)
        return error_set(err, STATUS_TARGET, "the database '%s' is gone", stage->base.database);
    stage->database_oid = pg_number(result, 0, 0);
    return true;
}

static bool close_to_public(struct pg_stage *stage, struct error *err)
{
    struct buf sql;

    buf_init(&sql, 4096);
    buf_add_text(&sql, "REVOKE CONNECT ON DATABASE ");
    pg_quote_name(&sql, stage->base.database);
    buf_add_text(&sql, " FROM PUBLIC");
    bool is_closed = buf_ok(&sql) ? pg_run(stage->admin, buf_text(&sql), err) : error_memory(err);
    buf_release(&sql);
    return is_closed;
}

static bool create_beside(struct pg_stage *stage, struct error *err)
{
    int64_t kept = stage_generations(&stage->base);
    char name[NAME_BYTES];
    struct shape shape;

    /* The swap adds one generation: room for it is made before the load takes space. */
    if (!pg_relics_drop(stage, kept > 0 ? kept - 1 : 0, err) || !shape_read(stage, &shape, err))
        return false;
    name_of_new(ENGINE_POSTGRESQL, stage->base.target.database, stage->base.request.run, name);
    stage->base.database = arena_strdup(stage->base.arena, name);
    if (!stage->base.database)
        return error_memory(err);
    if (!create_like(stage, &shape, err)) {
        stage->base.database = NULL;
        return false;
    }
    stage->is_created = true;
    return pg_mark_comment(stage->admin, name, &stage->mark, err) && close_to_public(stage, err);
}

bool pg_stage_create(struct stage *base, struct error *err)
{
    struct pg_stage *stage = pg_stage_of(base);

    stage_mark_begin(base, &stage->mark);
    if (stage_mode(base) == MODE_SWAP)
        return create_beside(stage, err) && read_oid(stage, err);
    base->database = base->target.database;
    return pg_mark_comment(stage->admin, base->database, &stage->mark, err) && read_oid(stage, err);
}
