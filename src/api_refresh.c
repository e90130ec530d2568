/* refresh: the main job from the first connection to the swap and the report. */
#include "api_internal.h"

#include "base/log.h"
#include "run/analyze.h"
#include "run/leak_source.h"
#include "run/watch.h"

/* What the staging steps of a run share. */
struct refresh {
    struct session session;
    struct stage *stage;
    struct oid_map oids;
    struct leak_set *leaks;
    bool *is_violated;
    bool has_swapped;
    struct watch watch; /* over the steps that block in one place */
};

static void watch_cancel(void *context)
{
    struct refresh *refresh = context;

    stage_cancel(refresh->stage);
}

static bool target_open(struct refresh *refresh, struct error *err)
{
    struct session *session = &refresh->session;
    struct stage_request *request = ARENA_NEW(session->arena, struct stage_request);

    if (!request)
        return error_memory(err);
    session_stage_request(session, request);
    if (!stage_open(request, session->arena, &refresh->stage, err))
        return false;
    session->target_info = stage_target_info(refresh->stage);
    return true;
}

/* Everything that can be refused is refused here, before a row is read. */
static bool refresh_open(struct refresh *refresh, struct error *err)
{
    struct session *session = &refresh->session;
    const struct options *options = &session->understudy->options;

    control_phase(&session->understudy->control, "open", 0);
    return api_try_file(options->json, err) && api_try_file(options->metrics, err) &&
           session_read_profile(session, err) && session_target_url(session, err) &&
           session_open_source(session, err) && session_bind(session, NULL, err) &&
           target_open(refresh, err);
}

static bool strict_check(struct refresh *refresh, struct error *err)
{
    struct report report;

    if (!refresh->session.understudy->options.strict)
        return true;
    session_report(&refresh->session, &report);
    size_t findings = report_findings(&report);
    if (findings == 0)
        return true;
    error_set(err, STATUS_MISMATCH, "--strict: %zu finding%s left in the profile", findings,
              findings == 1 ? " is" : "s are");
    return error_hint(err, "`understudy plan` lists them under 'to review' and 'pins'");
}

static bool violations_find(struct refresh *refresh, struct stage_violations *violations,
                            struct error *err)
{
    struct session *session = &refresh->session;
    const struct graph *graph = session->binding->graph;

    refresh->is_violated = ARENA_ARRAY(session->arena, graph->all.count + 1, bool);
    violations->edges = ARENA_ARRAY(session->arena, graph->all.count + 1, const struct edge *);
    violations->edge_count = 0;
    if (!refresh->is_violated || !violations->edges)
        return error_memory(err);
    for (size_t i = 0; i < graph->all.count; i++) {
        const struct edge *edge = graph->all.edges[i];

        if (edge->kind != EDGE_FOREIGN_KEY || edge->is_not_enforced ||
            session->selection->edges[i].orphans_kept == 0)
            continue;
        refresh->is_violated[i] = true;
        violations->edges[violations->edge_count++] = edge;
    }
    return true;
}

static bool interrupted(struct refresh *refresh, struct error *err)
{
    struct control *control = &refresh->session.understudy->control;

    return control_is_interrupted(control) && !control_error(control, err);
}

static bool schema_make(struct refresh *refresh, struct error *err)
{
    struct session *session = &refresh->session;

    control_phase(&session->understudy->control, "schema", 0);
    if (interrupted(refresh, err) || !stage_create(refresh->stage, err))
        return false;
    session->target_database = stage_database(refresh->stage);
    session->target_config.database = session->target_database;
    return stage_schema_before(refresh->stage, session->leader, session->token, err) &&
           stage_type_numbers(refresh->stage, &refresh->oids, err) && !interrupted(refresh, err) &&
           crew_open_targets(session->crew, &session->target_config, err);
}

/* privacy.scan: source. The phase has the seconds, the note how many rows. */
static bool others_note(struct refresh *refresh, const struct copy_config *config,
                        struct error *err)
{
    struct session *session = &refresh->session;
    uint64_t rows;

    if (strcmp(session->profile->privacy_scan, "source") != 0)
        return true;
    control_phase(&session->understudy->control, "scan", 0);
    if (interrupted(refresh, err) ||
        !leak_source_read(config, session->crew, session->arena, &rows, err))
        return false;
    return binding_add_note(session->binding, "privacy.scan",
                            "the identifying values of %llu rows that were not chosen were sought",
                            (unsigned long long)rows) ||
           error_memory(err);
}

/* Children that come before their parents in staging alone are a limit of it. */
static bool orders_count(struct session *session, struct error *err)
{
    uint64_t reversed = 0, edges = 0;

    if (!session->ordering)
        return true;
    if (!ordering_finish(session->ordering, session->arena, &session->orders, &session->order_count,
                         err))
        return false;
    for (size_t i = 0; i < session->order_count; i++) {
        reversed += session->orders[i].reversed;
        edges += session->orders[i].reversed > 0;
    }
    return reversed == 0 ||
           binding_add_note(session->binding, "time",
                            "%llu rows of %llu references are older than the row they refer to, "
                            "and were not in production",
                            (unsigned long long)reversed, (unsigned long long)edges) ||
           error_memory(err);
}

static const struct codec *codec_chosen(const struct session *session)
{
    const enum engine engine = session->catalog->engine;

    return session->understudy->options.uses_text_codec ? codec_text_of(engine) : codec_of(engine);
}

static bool rows_move(struct refresh *refresh, struct error *err)
{
    struct session *session = &refresh->session;
    struct control *control = &session->understudy->control;
    const struct options *options = &session->understudy->options;
    struct copy_config config = {
        .selection = session->selection,
        .codec = codec_chosen(session),
        .oids = &refresh->oids,
        .control = control,
        .temporary_directory = session->temporary_directory,
    };

    if (!leak_set_new((size_t)(options->memory / 4), &refresh->leaks, err) ||
        !gathering_new(session->binding, (size_t)(options->memory / 16), &session->gathering,
                       err) ||
        !ordering_new(session->binding, (size_t)(options->memory / 32), &session->ordering, err) ||
        !likeness_new(session->selection, config.codec, &session->likeness, err) ||
        !fanning_new(session->selection, config.codec, (size_t)(options->memory / 32),
                     &session->fanning, err))
        return false;
    config.leaks = refresh->leaks;
    config.gathering = session->gathering;
    config.ordering = session->ordering;
    config.likeness = session->likeness;
    config.fanning = session->fanning;
    control_phase(control, "copy", session->selection->rows_kept);
    return copy_rows(&config, session->crew, session->arena, &session->copied, err) &&
           others_note(refresh, &config, err) && orders_count(session, err) &&
           fidelity_measure(session->selection, session->likeness, session->fanning, session->arena,
                            &session->fidelity, err);
}

static bool constraints_make(struct refresh *refresh, struct error *err)
{
    struct session *session = &refresh->session;
    struct stage_violations violations;

    control_phase(&session->understudy->control, "indexes", 0);
    return violations_find(refresh, &violations, err) &&
           stage_schema_after(refresh->stage, &violations, session->understudy->options.jobs, err);
}

static bool statistics_gather(struct refresh *refresh, struct error *err)
{
    const struct session *session = &refresh->session;

    return !interrupted(refresh, err) &&
           analyze_tables(session->binding, session->copied, session->crew, err);
}

static bool schema_finish(struct refresh *refresh, struct error *err)
{
    return !interrupted(refresh, err) && stage_finish(refresh->stage, err);
}

static bool result_read(struct refresh *refresh, bool is_after_load, struct error *err)
{
    struct session *session = &refresh->session;
    struct control *control = &session->understudy->control;
    AUTO(db) struct db *target = NULL;
    struct verify_config config = {
        .selection = session->selection,
        .copied = session->copied,
        .codec = codec_chosen(session),
        .crew = session->crew,
        .control = control,
        .is_violated = refresh->is_violated,
        .is_after_load = is_after_load,
    };

    control_phase(control, "verify", session->selection->rows_kept);
    if (interrupted(refresh, err) ||
        !db_open(&session->target_config, session->arena, &target, err))
        return false;
    config.target = target;
    return verify_database(&config, session->arena, &session->verification, err);
}

static void target_cancel(void *context)
{
    db_cancel(context);
}

/* How well people are hidden in the new database: attacks by the crew, then counts in SQL. */
static bool result_attack(struct refresh *refresh, struct error *err)
{
    struct session *session = &refresh->session;
    struct control *control = &session->understudy->control;
    AUTO(db) struct db *target = NULL;
    struct watch watch;
    struct privacy_config config = {
        .selection = session->selection,
        .gathering = session->gathering,
        .crew = session->crew,
        .source = session->leader,
        .control = control,
        .max_reidentified = session->profile->max_reidentified,
    };
    bool is_ok;

    control_phase(control, "linkage", 0);
    if (interrupted(refresh, err) ||
        !db_open(&session->target_config, session->arena, &target, err))
        return false;
    config.target = target;
    if (!privacy_attack(&config, session->arena, &session->privacy, err) ||
        !watch_begin(&watch, control, target_cancel, target, err))
        return false;
    is_ok = privacy_count(&config, session->arena, &session->privacy, err);
    watch_end(&watch);
    if (interrupted(refresh, err) || !is_ok)
        return false;
    session->has_privacy = true;
    return privacy_limit(&config, &session->privacy, err);
}

/* A step that blocks in one place: the watch cancels it when the run must stop. */
static bool watched(struct refresh *refresh, bool (*step)(struct refresh *, struct error *),
                    struct error *err)
{
    struct control *control = &refresh->session.understudy->control;

    if (!watch_begin(&refresh->watch, control, watch_cancel, refresh, err))
        return false;
    bool is_ok = step(refresh, err);
    watch_end(&refresh->watch);
    if (!is_ok && control_is_interrupted(control) && !refresh->has_swapped &&
        !(refresh->stage && stage_is_swapping(refresh->stage)))
        control_error(control, err);
    return is_ok;
}

static bool result_verify(struct refresh *refresh, struct error *err)
{
    return result_read(refresh, false, err);
}

static bool after_load_run(struct refresh *refresh, struct error *err)
{
    return !interrupted(refresh, err) && stage_after_load(refresh->stage, err);
}

/* What the profile's own SQL has changed is said where the limits of this staging stand. */
static bool changes_note(const struct session *session, struct error *err)
{
    const struct verification *verification = &session->verification;
    struct buf names;
    bool is_noted;

    buf_init(&names, 1u << 20);
    for (size_t i = 0; i < verification->changed_count; i++)
        buf_add_format(&names, "%s%s", i ? ", " : "", verification->changed[i]);
    is_noted = binding_add_note(
        session->binding, "after_load", "%zu statements of the profile ran behind the load; %s%s",
        session->profile->after_load_count,
        verification->changed_count ? "rows are no longer those that were sent in: "
                                    : "no row differs from what was sent",
        buf_text(&names));
    buf_release(&names);
    return is_noted || error_memory(err);
}

/* All checks were made before, on exactly what was sent, and are made again on what is there now:
 * only that the rows are those that were sent can no longer be asked. */
static bool after_load(struct refresh *refresh, struct error *err)
{
    struct session *session = &refresh->session;

    if (session->profile->after_load_count == 0)
        return true;
    control_phase(&session->understudy->control, "after", 0);
    return watched(refresh, after_load_run, err) && result_read(refresh, true, err) &&
           changes_note(session, err);
}

static bool result_swap(struct refresh *refresh, struct error *err)
{
    struct session *session = &refresh->session;

    control_phase(&session->understudy->control, "swap", 0);
    crew_close_targets(session->crew);
    if (interrupted(refresh, err) || !stage_mark(refresh->stage, err) ||
        !stage_swap(refresh->stage, err))
        return false;
    refresh->has_swapped = true;
    session->target_database = NULL;
    control_phase_end(&session->understudy->control);
    return true;
}

static bool refresh_run(struct refresh *refresh, struct error *err)
{
    return refresh_open(refresh, err) && session_choose(&refresh->session, err) &&
           strict_check(refresh, err) && watched(refresh, schema_make, err) &&
           rows_move(refresh, err) && watched(refresh, constraints_make, err) &&
           statistics_gather(refresh, err) && watched(refresh, schema_finish, err) &&
           result_verify(refresh, err) && after_load(refresh, err) && result_attack(refresh, err) &&
           watched(refresh, result_swap, err);
}

/* The files that were asked for: also after a failure, as far as the run went. */
static bool files_write(struct refresh *refresh, const struct error *outcome, struct error *err)
{
    const struct options *options = &refresh->session.understudy->options;
    struct report report;
    struct buf text;
    bool is_ok = true;

    session_report(&refresh->session, &report);
    report.error = outcome;
    buf_init(&text, BUF_CEILING_MAX);
    if (options->json)
        is_ok = report_json(&report, &text, err) && api_write_file(options->json, &text, err);
    buf_reset(&text);
    if (is_ok && options->metrics)
        is_ok = report_metrics(&report, &text, err) && api_write_file(options->metrics, &text, err);
    buf_release(&text);
    return is_ok;
}

static bool answer_write(struct refresh *refresh, FILE *out, struct error *err)
{
    struct report report;
    struct buf text;

    session_report(&refresh->session, &report);
    buf_init(&text, BUF_CEILING_MAX);
    bool is_ok = report_refresh_text(&report, &text, err) &&
                 (refresh->session.understudy->options.quiet || api_write_stream(out, &text, err));
    buf_release(&text);
    return is_ok;
}

static void late_warn(const struct refresh *refresh, const struct error *late)
{
    log_write(LOG_WARNING, "%s%s", refresh->has_swapped ? "staging was swapped, but " : "",
              late->cause);
}

static void refresh_release(struct refresh *refresh)
{
    const struct error *err = &refresh->session.understudy->error;
    bool is_kept =
        refresh->session.understudy->options.keep_failed && err->status == STATUS_VERIFICATION;

    if (refresh->session.crew)
        crew_close_targets(refresh->session.crew);
    if (refresh->stage && !refresh->has_swapped && !is_kept)
        stage_discard(refresh->stage);
    stage_close(refresh->stage);
    leak_set_free(refresh->leaks);
    session_release(&refresh->session);
}

bool understudy_refresh(struct understudy *understudy, FILE *out)
{
    struct refresh refresh = {0};
    struct error *err = &understudy->error;
    struct error late = {0};
    bool is_ok = session_init(&refresh.session, understudy) && refresh_run(&refresh, err);

    if (!is_ok) { /* its time goes into the report; nobody is told that it is done */
        understudy->control.progress = NULL;
        control_phase_end(&understudy->control);
    }
    /* Once swapped, staging is new whatever happens to the report: said, not undone. A file that
     * cannot be written has ended the run before it began, and is said as its error. */
    if (!files_write(&refresh, err, &late) && strcmp(late.cause, err->cause) != 0)
        late_warn(&refresh, &late);
    if (is_ok && !answer_write(&refresh, out, &late))
        late_warn(&refresh, &late);
    refresh_release(&refresh);
    return is_ok;
}
