/* The steps of a run that several commands share. */
#include "api_internal.h"

#include "base/clock.h"
#include "base/log.h"
#include "config/secret.h"
#include "run/watch.h"
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

bool session_init(struct session *session, struct understudy *understudy)
{
    uint8_t id[8];

    memset(session, 0, sizeof(*session));
    session->understudy = understudy;
    session->arena = arena_new();
    session->started_us = clock_now_us();
    session->started = clock_monotonic();
    randombytes_buf(id, sizeof(id));
    sodium_bin2hex(session->run, sizeof(session->run), id, sizeof(id));
    if (understudy->options.deadline_us > 0)
        understudy->control.deadline =
            session->started + (double)understudy->options.deadline_us / 1e6;
    session->temporary_directory = understudy->options.tmpdir;
    if (!session->temporary_directory)
        session->temporary_directory = getenv("TMPDIR");
    if (!session->temporary_directory || !*session->temporary_directory)
        session->temporary_directory = "/tmp";
    return session->arena || error_memory(&understudy->error);
}

void session_release(struct session *session)
{
    gathering_free(session->gathering);
    ordering_free(session->ordering);
    likeness_free(session->likeness);
    fanning_free(session->fanning);
    selection_free(session->selection);
    survey_free(session->survey);
    crew_free(session->crew);
    db_close(session->leader);
    catalog_free(session->catalog);
    keyring_free(session->keyring);
    arena_free(session->arena);
}

bool session_source_url(struct session *session, const char *url, struct error *err)
{
    if (!url) {
        error_set(err, STATUS_USAGE, "there is no source");
        return error_hint(err, "give --source URL, or set UNDERSTUDY_SOURCE");
    }
    session->source_config = (struct db_config){.side = DB_SOURCE, .url = url};
    if (session->profile)
        session->source_config.password_command =
            (const char *const *)session->profile->source.password_command;
    if (!url_engine(url, &session->source_config.engine, err))
        return false;
    if (!session->profile)
        return true;
    session->source_config.may_lock = session->profile->source_may_lock;
    return profile_check_source(session->profile, session->source_config.engine, err);
}

static bool different_engines(struct error *err)
{
    error_set(err, STATUS_POLICY, "source and target are not of the same engine");
    return error_hint(err, "both sides must be PostgreSQL, or both MySQL or MariaDB");
}

bool session_target_url(struct session *session, struct error *err)
{
    const struct options *options = &session->understudy->options;
    const char *url = options->is_given[OPTION_TARGET] ? options->target
                      : session->profile->target.url   ? session->profile->target.url
                                                       : options->target;

    if (!url) {
        error_set(err, STATUS_PROFILE, "the profile names no target");
        return error_hint(err, "give target.url, --target URL, or set UNDERSTUDY_TARGET");
    }
    session->target_config = (struct db_config){
        .side = DB_TARGET,
        .url = url,
        .password_command = (const char *const *)session->profile->target.password_command,
    };
    if (!url_engine(url, &session->target_config.engine, err))
        return false;
    if (session->target_config.engine != session->source_config.engine)
        return different_engines(err);
    return true;
}

/* The command line overrides what the profile says. */
static void profile_override(struct profile *profile, const struct options *options)
{
    if (options->has_mode)
        profile->mode = options->mode;
    if (options->generations >= 0)
        profile->generations = options->generations;
    if (profile->key_source == KEY_NONE && options->key_file) {
        profile->key_source = KEY_FILE;
        profile->key_place = options->key_file;
    }
}

/* What the command line names stands in for the variables of a profile that init wrote. */
static bool variables_give(const struct options *options, struct error *err)
{
    if ((options->is_given[OPTION_SOURCE] &&
         setenv("UNDERSTUDY_SOURCE", options->source, 1) != 0) ||
        (options->is_given[OPTION_TARGET] && setenv("UNDERSTUDY_TARGET", options->target, 1) != 0))
        return error_memory(err);
    return true;
}

bool session_open_profile(struct session *session, struct error *err)
{
    const struct options *options = &session->understudy->options;

    if (!options->profile) {
        error_set(err, STATUS_USAGE, "there is no profile");
        return error_hint(err, "give -p FILE, or set UNDERSTUDY_PROFILE; `understudy init` writes "
                               "one");
    }
    if (!secret_protect_process(err) || !variables_give(options, err) ||
        !profile_read(options->profile, options->is_given[OPTION_SOURCE] ? options->source : NULL,
                      session->arena, &session->profile, err) ||
        !options_bind_pins(&session->understudy->options, session->profile->engine, err))
        return false;
    profile_override(session->profile, options);
    return true;
}

bool session_read_key(struct session *session, struct error *err)
{
    uint8_t *master = NULL;

    if (session->profile->key_source == KEY_NONE) {
        error_set(err, STATUS_POLICY, "there is no key: without one nothing is rewritten");
        return error_hint(err, "`understudy key new FILE` makes one; name it under key: or in "
                               "UNDERSTUDY_KEY_FILE");
    }
    if (!secret_read_key(session->profile, &master, err) ||
        !keyring_new(master, session->profile->epoch, &session->keyring, err))
        return false;
    keyring_fingerprint(session->keyring, session->key_fingerprint);
    return true;
}

bool session_profile_source(struct session *session, struct error *err)
{
    const struct options *options = &session->understudy->options;

    return session_source_url(session,
                              options->is_given[OPTION_SOURCE] ? options->source
                              : session->profile->source.url   ? session->profile->source.url
                                                               : options->source,
                              err);
}

bool session_read_profile(struct session *session, struct error *err)
{
    return session_open_profile(session, err) && session_read_key(session, err) &&
           session_profile_source(session, err);
}

static void source_cancel(void *context)
{
    const struct session *session = context;

    db_cancel(session->leader);
    for (size_t i = 0; i < session->reader_count; i++)
        db_cancel(session->readers[i]);
}

/* A step whose statements may block for long: they are cancelled when the run must stop. */
static bool source_watched(struct session *session,
                           bool (*step)(struct session *session, struct error *err),
                           struct error *err)
{
    struct control *control = &session->understudy->control;
    struct watch watch;

    assert(session->leader);
    if (!watch_begin(&watch, control, source_cancel, session, err))
        return false;
    bool is_ok = step(session, err);
    watch_end(&watch);
    if (!is_ok && control_is_interrupted(control))
        control_error(control, err);
    return is_ok;
}

static bool catalog_read(struct session *session, struct error *err)
{
    const unsigned readers = session->reads_alone ? 0 : (unsigned)session->understudy->options.jobs;

    return db_snapshot_export(session->leader, readers, session->arena, &session->token, err) &&
           db_read_catalog(session->leader, &session->catalog, err);
}

bool session_open_source(struct session *session, struct error *err)
{
    return db_open(&session->source_config, session->arena, &session->leader, err) &&
           source_watched(session, catalog_read, err);
}

bool session_bind(struct session *session, struct fault_list *faults, struct error *err)
{
    struct denial_list denials;

    if (!session_find_denials(session, &denials, err))
        return false;
    if (session_lacks_columns(session, &denials)) {
        (void)session_refuse_denials(session, &denials, faults, err);
        return false;
    }
    bool is_bound = bind_profile(session->profile, &session->understudy->options, session->catalog,
                                 session->keyring, session->leader, session->arena, faults,
                                 &session->binding, err);
    keyring_seal(session->keyring);
    /* What the profile gets wrong is said first; what the server refused, by the missing right. */
    if (!is_bound && !faults && err->status != STATUS_SOURCE)
        return false;
    return session_refuse_denials(session, &denials, faults, err) && is_bound;
}

static bool tables_lock(struct session *session, struct error *err)
{
    const struct catalog *catalog = session->catalog;
    const struct table **tables =
        ARENA_ARRAY(session->arena, catalog->table_count + 1, const struct table *);
    size_t count = 0;

    if (!tables)
        return error_memory(err);
    for (size_t i = 0; i < catalog->table_count; i++)
        if (session->binding->tables[i].column_count)
            tables[count++] = catalog->tables[i];
    return db_lock_tables(session->leader, tables, count, err);
}

static bool watch_interrupted(void *context)
{
    return control_is_interrupted(context);
}

static void watch_progress(void *context, const char *table, uint64_t rows)
{
    UNUSED(table);
    control_add(context, rows, 0);
}

void session_readers(const struct session *session, struct readers *readers)
{
    *readers = (struct readers){session->leader, session->reader_count, session->readers,
                                crew_spread_readers, session->crew};
}

/* Looks for odd rows in the tables of which staging gets a part. */
static bool rows_survey(struct session *session, struct error *err)
{
    const size_t count = session->catalog->table_count;
    struct readers readers;
    bool *is_present = ARENA_ARRAY(session->arena, count + 1, bool);
    bool *is_surveyed = ARENA_ARRAY(session->arena, count + 1, bool);
    const struct survey_request request = {.binding = session->binding,
                                           .readers = &readers,
                                           .is_surveyed = is_surveyed,
                                           .is_present = is_present,
                                           .memory = session->understudy->options.memory,
                                           .now_us = session->started_us,
                                           .progress = watch_progress,
                                           .is_interrupted = watch_interrupted,
                                           .context = &session->understudy->control};

    if (!is_present || !is_surveyed)
        return error_memory(err);
    session_readers(session, &readers);
    if (!choose_extent(session->binding, &readers, session->arena, is_present, is_surveyed, err))
        return false;
    for (size_t i = 0; i < count; i++)
        is_surveyed[i] = is_present[i] && !is_surveyed[i];
    return survey_run(&request, &session->survey, err);
}

static bool rows_choose(struct session *session, struct error *err)
{
    struct choose_watch watch = {watch_progress, watch_interrupted, &session->understudy->control,
                                 session->counts_subjects};
    struct readers readers;

    session_readers(session, &readers);
    return choose_rows(session->binding, &readers, session->survey, &watch, &session->selection,
                       err);
}

static bool readers_open(struct session *session, struct error *err)
{
    struct control *control = &session->understudy->control;
    const struct crew_source source = {session->leader, &session->source_config, session->token};

    if (!crew_new(&source, (unsigned)session->understudy->options.jobs, control, session->arena,
                  &session->crew, err))
        return false;
    const unsigned jobs = crew_count(session->crew);
    session->readers = ARENA_ARRAY(session->arena, jobs, struct db *);
    if (!session->readers)
        return error_memory(err);
    while (session->reader_count < jobs) {
        session->readers[session->reader_count] =
            crew_reader(session->crew, (unsigned)session->reader_count);
        session->reader_count++;
    }
    return true;
}

bool session_survey(struct session *session, struct error *err)
{
    if (!source_watched(session, tables_lock, err) || !readers_open(session, err))
        return false;
    if (!(session->binding->tails.budget > 0))
        return true;
    control_phase(&session->understudy->control, "survey", 0);
    if (!source_watched(session, rows_survey, err))
        return false;
    control_phase_end(&session->understudy->control);
    return true;
}

bool session_choose(struct session *session, struct error *err)
{
    struct control *control = &session->understudy->control;

    if (!session_survey(session, err))
        return false;
    control_phase(control, "choose", 0);
    if (!source_watched(session, rows_choose, err))
        return false;
    control_phase_end(control);
    return true;
}

void session_stage_request(const struct session *session, struct stage_request *request)
{
    *request = (struct stage_request){
        .profile = session->profile,
        .options = &session->understudy->options,
        .catalog = session->catalog,
        .binding = session->binding,
        .source = session->leader ? db_info(session->leader) : NULL,
        .source_db = session->leader,
        .target_url = session->target_config.url,
        .password_command = session->target_config.password_command,
        .run = session->run,
        .key_fingerprint = session->key_fingerprint,
        .keyring = session->keyring,
        .started_us = session->started_us,
        .is_cancelled = &session->understudy->control.is_stopped,
    };
}

void session_report(const struct session *session, struct report *report)
{
    const struct understudy *understudy = session->understudy;

    *report = (struct report){
        .version = UNDERSTUDY_VERSION,
        .command = command_name(understudy->command),
        .run = session->run,
        .error = &understudy->error,
        .started_us = session->started_us,
        .seconds = clock_monotonic() - session->started,
        .jobs = (unsigned)understudy->options.jobs,
        .options = &understudy->options,
        .profile = session->profile,
        .key_fingerprint = session->keyring ? session->key_fingerprint : NULL,
        .source = session->leader ? db_info(session->leader) : NULL,
        .target = session->target_info,
        .target_database = session->target_database,
        .catalog = session->catalog,
        .binding = session->binding,
        .selection = session->selection,
        .copied = session->copied,
        .verification = session->verification.count ? &session->verification : NULL,
        .privacy = session->has_privacy ? &session->privacy : NULL,
        .fidelity = session->fidelity,
        .order_count = session->order_count,
        .orders = session->orders,
        .control = &understudy->control,
    };
}
