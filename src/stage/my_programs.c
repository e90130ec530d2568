/* Views, triggers, routines and events of a schema: read with everything they were written under,
 * and made again in another one. */
#include "stage/my_stage.h"

#include "base/words.h"
#include "stage/refusal.h"
#include <string.h>

#define UNKNOWN_ZONE 1298

/* Where SHOW CREATE has what, of each kind; -1: nowhere. */
struct shape {
    const char *list; /* names, in the order in which they are made */
    int mode, zone, text;
};

static const struct shape shapes[MY_PROGRAM_KINDS] = {
    [MY_PROGRAM_PACKAGE] = {"SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE"
                            " ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'PACKAGE' ORDER BY 1",
                            1, -1, 2},
    [MY_PROGRAM_PACKAGE_BODY] = {"SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE"
                                 " ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'PACKAGE BODY'"
                                 " ORDER BY 1",
                                 1, -1, 2},
    [MY_PROGRAM_FUNCTION] = {"SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE"
                             " ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'FUNCTION'"
                             " ORDER BY 1",
                             1, -1, 2},
    [MY_PROGRAM_PROCEDURE] = {"SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE"
                              " ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'PROCEDURE'"
                              " ORDER BY 1",
                              1, -1, 2},
    [MY_PROGRAM_VIEW] = {"SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA ="
                         " DATABASE() ORDER BY 1",
                         -1, -1, 1},
    /* several on one event of a table run in the order in which they are made */
    [MY_PROGRAM_TRIGGER] = {"SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE FROM"
                            " information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()"
                            " ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION,"
                            " ACTION_ORDER",
                            1, -1, 2},
    [MY_PROGRAM_EVENT] = {"SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA ="
                          " DATABASE() ORDER BY 1",
                          1, 2, 3}};

struct reading {
    struct my_stage *stage;
    struct db *db;
    enum my_programs_of which;
    bool is_same_server;
    const char *schema; /* that is read */
    struct my_programs *programs;
};

static const char *object_of(struct my_stage *stage, enum my_program_kind kind, const char *name)
{
    return arena_printf(stage->base.arena, "%s %s", my_program_name(kind), name);
}

static bool skip(struct my_stage *stage, enum my_program_kind kind, const char *name,
                 const char *why, struct error *err)
{
    const char *object = object_of(stage, kind, name);

    return object ? stage_skip(&stage->base, object, why, err) : error_memory(err);
}

/* The account in staging's place of the definer, quoted; NULL: whoever creates it. */
static bool map_definer(const struct reading *reading, struct my_program *program,
                        const char **definer, struct error *err)
{
    struct arena *arena = reading->stage->base.arena;
    const struct profile *profile = reading->stage->base.request.profile;
    const char *user, *host;

    *definer = NULL;
    if (!my_program_definer(program->sql, arena, &user, &host, err))
        return false;
    program->is_unmapped = user != NULL;
    const char *account = user && host ? arena_printf(arena, "%s@%s", user, host) : user;
    for (size_t i = 0; account && i < profile->role_count; i++) {
        const char *to = profile->roles[i].to;

        if (strcmp(profile->roles[i].from, account) != 0 &&
            strcmp(profile->roles[i].from, user) != 0)
            continue;
        if (!strchr(to, '@') && host)
            to = arena_printf(arena, "%s@%s", to, host);
        *definer = to ? my_account(to, arena) : NULL;
        program->is_unmapped = false;
        return *definer || error_memory(err);
    }
    return true;
}

/* Who may run them in staging then does with the target's account's rights what they say. */
static bool say_unmapped(struct my_stage *stage, const struct my_programs *programs,
                         struct error *err)
{
    size_t count = 0;

    for (size_t i = 0; i < programs->count; i++)
        count += programs->programs[i].is_unmapped && !programs->programs[i].is_gone;
    if (count == 0)
        return true;
    const char *text = arena_printf(
        stage->base.arena,
        "%zu of the views, triggers, routines and events become those of '%s' and run with its "
        "rights, as their definers are not among target.roles",
        count, words_printable(stage->base.arena, stage->base.target.user));
    return text ? stage_warn(&stage->base, "programs", text, err) : error_memory(err);
}

/* In the schema that was filled all of the source's are ours. */
static bool restore_definer(const struct reading *reading, const struct my_program *program,
                            struct my_rewrite *how, struct error *err)
{
    struct arena *arena = reading->stage->base.arena;
    const struct my_programs *known = &reading->stage->programs;
    const char *user, *host;

    for (size_t i = 0; i < known->count; i++) {
        const struct my_program *other = &known->programs[i];

        if (other->kind != program->kind || other->is_gone ||
            strcmp(other->name, program->name) != 0)
            continue;
        how->keeps_definer = false;
        if (!my_program_definer(other->sql, arena, &user, &host, err))
            return false;
        const char *account = user && host ? arena_printf(arena, "%s@%s", user, host) : user;
        how->definer = account ? my_account(account, arena) : NULL;
        return !user || how->definer || error_memory(err);
    }
    return true;
}

static bool rewrite(const struct reading *reading, struct my_program *program, struct error *err)
{
    struct my_rewrite how = {.schema = reading->schema,
                             .keeps_definer = reading->which != MY_PROGRAMS_SOURCE,
                             .keeps_state = reading->which == MY_PROGRAMS_NEW};
    struct buf sql;

    if (reading->which == MY_PROGRAMS_SOURCE && !map_definer(reading, program, &how.definer, err))
        return false;
    if (reading->which == MY_PROGRAMS_NEW && !restore_definer(reading, program, &how, err))
        return false;
    buf_init(&sql, (size_t)1 << 28);
    bool is_done = my_program_rewrite(program, &how, &sql, err);
    if (is_done) {
        /* with a NUL behind it: it is sent as it stands */
        program->sql.ptr = arena_strndup(reading->stage->base.arena, sql.ptr, sql.len);
        program->sql.len = (uint32_t)sql.len;
        is_done = program->sql.ptr != NULL || error_memory(err);
    }
    buf_release(&sql);
    return is_done;
}

static bool warn(struct my_stage *stage, const struct my_program *program, const char *what,
                 struct error *err)
{
    struct arena *arena = stage->base.arena;
    const char *text =
        what ? arena_printf(arena, "the body of %s '%s' %s", my_program_name(program->kind),
                            words_printable(arena, program->name), what)
             : NULL;

    return text ? stage_warn(&stage->base, "programs", text, err) : error_memory(err);
}

static bool leave_out(struct my_stage *stage, struct my_program *program, const char *why,
                      struct error *err)
{
    program->is_gone = true;
    return skip(stage, program->kind, program->name, why, err);
}

/* Text of production's own that names its schema reaches it, where it is on the same server. */
static bool judge_own(const struct reading *reading, struct my_program *program, struct error *err)
{
    struct arena *arena = reading->stage->base.arena;

    if (strcmp(reading->schema, reading->stage->base.target.database) == 0)
        return true;
    if (reading->is_same_server)
        return leave_out(reading->stage, program,
                         "its body names production's schema, which is on the target's server",
                         err);
    return warn(reading->stage, program,
                arena_printf(arena,
                             "names the schema '%s': in staging it means a schema of that name "
                             "there",
                             words_printable(arena, reading->schema)),
                err);
}

/* What names another schema would read or write what is none of staging's, wherever it is. */
static bool judge(const struct reading *reading, struct my_program *program, struct error *err)
{
    struct my_stage *stage = reading->stage;
    struct my_reach reach = {.package_count = reading->programs->count,
                             .packages = reading->programs->programs};

    if (reading->which != MY_PROGRAMS_SOURCE)
        return true;
    if (program->kind == MY_PROGRAM_EVENT &&
        !skip(stage, program->kind, program->name, "DISABLED: it would act by itself", err))
        return false;
    my_program_reach(program, reading->schema, &reach);
    /* a view's names were taken off the schema: what still bears it is spelled otherwise */
    if (reach.is_other || (reach.is_own && program->kind == MY_PROGRAM_VIEW))
        return leave_out(stage, program, "names another schema", err);
    if (reach.is_hidden && reading->is_same_server)
        return leave_out(stage, program,
                         "its body runs SQL that nobody sees beforehand, on production's server",
                         err);
    if (reach.is_hidden && !warn(stage, program, "runs SQL that nobody sees beforehand", err))
        return false;
    return !reach.is_own || judge_own(reading, program, err);
}

static bool program_add(const struct reading *reading, struct my_program program, struct error *err)
{
    struct my_programs *programs = reading->programs;
    struct my_program *grown;

    if (!program.sql.ptr || !program.client || !program.collation)
        return error_memory(err);
    if (!rewrite(reading, &program, err) || !judge(reading, &program, err))
        return false;
    grown = arena_grow(reading->stage->base.arena, programs->programs, programs->count,
                       &programs->capacity, sizeof(*grown));
    if (!grown)
        return error_memory(err);
    programs->programs = grown;
    grown[programs->count++] = program;
    return true;
}

static bool is_denied(struct db *db)
{
    static const unsigned codes[] = {1044, 1142, 1143, 1227, 1370};

    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        if (mysql_errno(my_connection(db)) == codes[i])
            return true;
    }
    return false;
}

/* Of a view that cannot be made it is worth knowing whether it is of use where it comes from: the
 * server puts its complaint where the comment would be (MariaDB only if its rows are asked for,
 * too). A SELECT would say it as well, and keep the view from being changed to the end of the
 * transaction.
 */
static bool view_is_broken(const struct reading *reading, const char *name, bool *is_broken,
                           struct error *err)
{
    struct my_result result = {.rows = NULL};
    struct buf sql;

    buf_init(&sql, 1 << 12);
    my_format(&sql,
              "SELECT TABLE_COMMENT <> 'VIEW', TABLE_ROWS FROM information_schema.TABLES"
              " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = %t",
              name);
    bool is_done =
        buf_ok(&sql) ? my_query(reading->db, buf_text(&sql), &result, err) : error_memory(err);
    *is_broken = is_done && result.count == 1 && my_integer(&result, 0, 0) != 0;
    my_result_release(&result);
    buf_release(&sql);
    return is_done;
}

/* The columns behind the text: character set of the client, collation of the connection. */
static bool program_read(const struct reading *reading, enum my_program_kind kind, const char *name,
                         struct error *err)
{
    struct arena *arena = reading->stage->base.arena;
    const struct shape *shape = &shapes[kind];
    struct my_result result = {.rows = NULL};
    struct error fault = {.status = STATUS_OK};
    unsigned text = (unsigned)shape->text;

    assert(name);
    if (!my_ask(reading->db, &result, &fault, "SHOW CREATE %s %n", my_program_word(kind), name)) {
        if (!is_denied(reading->db)) {
            *err = fault;
            return false;
        }
        return skip(reading->stage, kind, name, "its definition may not be read", err);
    }
    if (result.count == 0 || !my_text(&result, 0, text)) {
        my_result_release(&result);
        return skip(reading->stage, kind, name, "its definition may not be read", err);
    }
    struct my_program program = {.kind = kind,
                                 .name = name,
                                 .sql = arena_span(arena, my_cell(&result, 0, text)),
                                 .client = my_copy(arena, &result, 0, text + 1),
                                 .collation = my_copy(arena, &result, 0, text + 2)};
    if (shape->mode >= 0)
        program.mode = my_copy(arena, &result, 0, (unsigned)shape->mode);
    if (shape->zone >= 0)
        program.zone = my_copy(arena, &result, 0, (unsigned)shape->zone);
    my_result_release(&result);
    if (kind == MY_PROGRAM_VIEW && reading->which == MY_PROGRAMS_SOURCE &&
        !view_is_broken(reading, name, &program.is_broken, err))
        return false;
    return program_add(reading, program, err) ||
           error_context(err, "%s '%s'", my_program_name(kind), words_printable(arena, name));
}

static bool kind_read(const struct reading *reading, enum my_program_kind kind, struct error *err)
{
    struct my_result names = {.rows = NULL};
    bool is_done = my_query(reading->db, shapes[kind].list, &names, err);

    for (size_t row = 0; is_done && row < names.count; row++) {
        const char *name = my_copy(reading->stage->base.arena, &names, row, 0);

        is_done = name ? program_read(reading, kind, name, err) : error_memory(err);
    }
    my_result_release(&names);
    return is_done;
}

bool my_programs_read(struct my_stage *stage, struct db *db, enum my_programs_of which,
                      struct my_programs *programs, struct error *err)
{
    const struct stage_request *request = &stage->base.request;
    struct target_facts facts = {.source = request->source,
                                 .server = &stage->base.target,
                                 .restored_from_source = request->profile->restored_from_source};
    struct reading reading = {.stage = stage,
                              .db = db,
                              .which = which,
                              .is_same_server = target_is_same_server(&facts),
                              .schema = db_info(db)->database,
                              .programs = programs};

    assert(db && programs);
    *programs = (struct my_programs){.count = 0};
    for (int kind = 0; kind < MY_PROGRAM_KINDS; kind++) {
        bool is_package = kind == MY_PROGRAM_PACKAGE || kind == MY_PROGRAM_PACKAGE_BODY;

        if (is_package && !my_is_mariadb(db))
            continue;
        if (!kind_read(&reading, (enum my_program_kind)kind, err))
            return false;
    }
    return which != MY_PROGRAMS_SOURCE || say_unmapped(stage, programs, err);
}

static bool zone_enter(struct db *db, const char *zone, unsigned *code, struct error *err)
{
    struct buf sql;

    buf_init(&sql, 1 << 12);
    my_format(&sql, "SET time_zone = %t", zone);
    bool is_set = buf_ok(&sql) ? my_attempt(db, buf_text(&sql), "its time zone", code, err)
                               : error_memory(err);
    buf_release(&sql);
    return is_set;
}

/* What it was written under, but for its character set. */
static bool session_enter(struct db *db, const struct my_program *program, unsigned *code,
                          struct error *err)
{
    return my_run(db, "SET @understudy_mode = @@sql_mode", err) &&
           (!program->zone || zone_enter(db, program->zone, code, err)) &&
           (!program->mode || my_do(db, err, "SET sql_mode = %t", program->mode));
}

/* Its text is in that character set, byte for byte. From here on nothing of ours may be sent but
 * words: a quoted name of ours is UTF-8 and may end elsewhere. */
static bool session_speak(struct db *db, const struct my_program *program, struct error *err)
{
    return my_do(db, err, "SET character_set_client = %n, collation_connection = %n",
                 program->client, program->collation);
}

static bool session_leave(struct db *db, struct error *err)
{
    return my_run(db, "SET NAMES utf8mb4", err) &&
           my_run(db,
                  "SET character_set_results = NULL, time_zone = '+00:00',"
                  " sql_mode = @understudy_mode",
                  err);
}

/* In the program's own session: packages are known in one sql_mode only. */
bool my_program_make(struct db *db, const struct my_program *program, unsigned *code,
                     struct error *err)
{
    struct error ignored = {.status = STATUS_OK};

    assert(program->sql.ptr && program->client && program->collation);
    *code = 0;
    bool is_made =
        session_enter(db, program, code, err) &&
        my_do(db, err, "DROP %s IF EXISTS %n", my_program_word(program->kind), program->name) &&
        session_speak(db, program, err) &&
        my_attempt(db, program->sql.ptr, my_program_name(program->kind), code, err);
    return session_leave(db, is_made ? err : &ignored) && is_made;
}

bool my_program_make_own(struct db *db, const struct my_program *program, unsigned *code,
                         struct error *err)
{
    struct my_rewrite how = {.schema = ""};
    struct my_program own = *program;
    struct buf sql;

    assert(program->sql.ptr);
    buf_init(&sql, (size_t)1 << 28);
    bool is_made = my_program_rewrite(program, &how, &sql, err);
    if (is_made) {
        own.sql = buf_span(&sql);
        is_made = my_program_make(db, &own, code, err);
    }
    buf_release(&sql);
    return is_made;
}

/* Something it names is not there: left out, excluded, or missing in production too. On the schema
 * itself our account has every right, so a right that is missing is one on another. */
bool my_program_lacks(unsigned code)
{
    static const unsigned codes[] = {1044, 1049, 1051, 1054, 1109, 1142, 1143,
                                     1146, 1305, 1347, 1356, 1360, 1370, 4091};

    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        if (code == codes[i])
            return true;
    }
    return false;
}

static const char zone_lacks[] = "the target's server does not know its time zone: "
                                 "mysql_tzinfo_to_sql fills the tables of zones";

/* Makes what can be made of those behind the first *done and moves it there. */
static bool round_make(struct my_stage *stage, struct db *db, struct my_programs *programs,
                       bool is_own, size_t *done, struct error *err)
{
    size_t from = *done, next = from;

    assert(*done <= programs->count);
    for (size_t i = from; i < programs->count; i++) {
        struct my_program program = programs->programs[i];
        struct error fault = {.status = STATUS_OK};
        unsigned code = 0;

        if (my_stage_is_cancelled(stage))
            return error_set(err, STATUS_INTERRUPTED, "interrupted");
        if (!program.is_gone &&
            (is_own ? my_program_make_own : my_program_make)(db, &program, &code, &fault)) {
            memmove(&programs->programs[next + 1], &programs->programs[next],
                    (i - next) * sizeof(program));
            programs->programs[next++] = program;
        } else if (code == UNKNOWN_ZONE) {
            programs->programs[i].is_gone = true;
            if (!skip(stage, program.kind, program.name, zone_lacks, err))
                return false;
        } else if (!program.is_gone && !my_program_lacks(code)) {
            *err = fault;
            return error_context(err, "%s '%s'", my_program_name(program.kind),
                                 words_printable(stage->base.arena, program.name));
        }
    }
    *done = next;
    return true;
}

/* Views in rounds, until nothing more can be made; others behind them, which may need none. */
bool my_programs_make(struct my_stage *stage, struct db *db, struct my_programs *programs,
                      bool is_own, struct error *err)
{
    size_t done = 0, before;

    assert(db && programs);
    do {
        before = done;
        if (!round_make(stage, db, programs, is_own, &done, err))
            return false;
    } while (done > before && done < programs->count);
    for (size_t i = done; i < programs->count; i++) {
        struct my_program *program = &programs->programs[i];

        if (program->is_gone)
            continue;
        program->is_gone = true;
        if (!skip(stage, program->kind, program->name,
                  program->is_broken ? "at the source too it refers to what does not exist, or "
                                       "what its definer may not read"
                                     : "needs what staging does not get",
                  err))
            return false;
    }
    return true;
}
