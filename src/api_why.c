/* why: how rows came into the subset, or why they are not in it. */
#include "api_internal.h"

#include "base/json.h"
#include "base/words.h"
#include "run/mask.h"
#include <stdlib.h>

struct answer { /* to one key */
    struct why_chain chain;
    const char **keys; /* by step, as staging shows them */
    const char **pins; /* by step: the reason of the pin that matches the row; NULL: none */
};

static const char *const reason_texts[CHOSEN_COUNT] = {
    [CHOSEN_PIN] = "pinned",
    [CHOSEN_TAIL] = "kept for a rare stratum",
    [CHOSEN_START] = "a start row",
    [CHOSEN_SAMPLE] = "drawn by sample.fraction",
    [CHOSEN_FULL_TABLE] = "its table comes in full",
    [CHOSEN_CHILD] = "came as a child",
    [CHOSEN_PARENT] = "came as a parent",
};

/* The reason, with that of the pin or the sentence of the stratum that a row came for. */
static const char *reason_text(const struct why_step *step, const char *pin, struct arena *arena)
{
    if (pin)
        return arena_printf(arena, "%s: %s", reason_texts[step->reason],
                            words_printable(arena, pin));
    if (!step->stratum)
        return reason_texts[step->reason];
    return arena_printf(arena, "%s a witness of: %s", step->is_witness ? "kept as" : "came with",
                        step->stratum->describe);
}

static void chain_text(const struct answer *answer, struct arena *arena, struct buf *text)
{
    const struct why_chain *chain = &answer->chain;

    if (!chain->is_chosen)
        buf_add_format(text, "not chosen: %s\n", chain->absence ? chain->absence : "");
    for (size_t i = 0; i < chain->step_count; i++) {
        const struct why_step *step = &chain->steps[i];

        buf_add_format(text, "%*s%s %s: %s%s%s%s\n", (int)(2 * i), "", step->table->label,
                       answer->keys[i], reason_text(step, answer->pins[i], arena),
                       step->edge ? " over " : "", step->edge ? step->edge->name : "",
                       step->is_whole ? ", with its children" : "");
    }
}

static void chain_json(const struct answer *answer, struct json *json)
{
    const struct why_chain *chain = &answer->chain;

    json_object(json);
    json_key_bool(json, "chosen", chain->is_chosen);
    json_key_text(json, "absence", chain->absence);
    json_key(json, "steps");
    json_array(json);
    for (size_t i = 0; i < chain->step_count; i++) {
        json_object(json);
        json_key_text(json, "table", chain->steps[i].table->label);
        json_key_text(json, "key", answer->keys[i]);
        json_key_text(json, "reason", reason_texts[chain->steps[i].reason]);
        json_key_text(json, "edge", chain->steps[i].edge ? chain->steps[i].edge->name : NULL);
        json_key_bool(json, "whole", chain->steps[i].is_whole);
        if (answer->pins[i])
            json_key_text(json, "pin", answer->pins[i]);
        if (chain->steps[i].stratum) {
            json_key_text(json, "stratum", chain->steps[i].stratum->describe);
            json_key_bool(json, "witness", chain->steps[i].is_witness);
        }
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

/* Whether the row is one that the pin matches. */
static bool pin_match(struct session *session, const struct bound_pin *pin,
                      const struct why_step *step, bool *is_match, struct error *err)
{
    const struct field field = {.column = pin->table->columns[0].column,
                                .type = pin->table->columns[0].column->type};
    const struct read read = {.table = step->table,
                              .relation = &step->table->relations[step->relation],
                              .field_count = 1,
                              .fields = &field,
                              .codec = codec_text_of(session->catalog->engine),
                              .by = READ_BY_ADDRESS,
                              .addresses = &step->address,
                              .address_count = 1,
                              .where = pin->pin->where};
    struct batch batch = {0};
    bool has_more = true;
    bool is_ok = batch_init(&batch, 1, 1, err) && db_read_begin(session->leader, &read, err);

    *is_match = false;
    while (is_ok && has_more) {
        is_ok = db_read_next(session->leader, &batch, &has_more, err);
        *is_match = *is_match || batch.rows > 0;
    }
    batch_release(&batch);
    return is_ok;
}

/* The first pin that matches a pinned row. */
static bool step_pin(struct session *session, const struct why_step *step, const char **why,
                     struct error *err)
{
    const struct binding *binding = session->binding;

    for (size_t i = 0; i < binding->pin_count && step->reason == CHOSEN_PIN && !*why; i++) {
        const struct bound_pin *pin = &binding->pins[i];
        bool is_match = false;

        if (pin->table->table != step->table)
            continue;
        assert(pin->table->column_count > 0);
        if (!pin_match(session, pin, step, &is_match, err))
            return false;
        if (is_match)
            *why = pin->pin->why;
    }
    return true;
}

/* The keys of the chain as staging shows them, and the reasons of its pins. */
static bool answer_mask(struct session *session, struct answer *answer, struct error *err)
{
    const struct why_chain *chain = &answer->chain;

    answer->keys = ARENA_ARRAY(session->arena, chain->step_count + 1, const char *);
    answer->pins = ARENA_ARRAY(session->arena, chain->step_count + 1, const char *);
    if (!answer->keys || !answer->pins)
        return error_memory(err);
    for (size_t i = 0; i < chain->step_count; i++) {
        const struct why_step *step = &chain->steps[i];

        if (!mask_key(session->leader, &session->binding->tables[step->table->index],
                      step->relation, step->address, session->arena, &answer->keys[i], err) ||
            !step_pin(session, step, &answer->pins[i], err))
            return false;
    }
    return true;
}

/* One JSON text, on one line where others may follow. */
static bool answer_json(const struct answer *answer, bool is_line, struct buf *text)
{
    AUTO(json) struct json *json = json_new(!is_line);
    size_t before = text->len;

    if (!json)
        return false;
    chain_json(answer, json);
    if (!json_finish(json, text))
        return false;
    if (is_line && (text->len == before || text->ptr[text->len - 1] != '\n'))
        buf_add_char(text, '\n');
    return true;
}

static bool answer_write(struct session *session, const struct answer *answer, bool is_line,
                         FILE *out, struct error *err)
{
    struct buf text;
    bool is_ok = true;

    buf_init(&text, BUF_CEILING_MAX);
    if (session->understudy->options.format == FORMAT_JSON)
        is_ok = answer_json(answer, is_line, &text);
    else
        chain_text(answer, session->arena, &text);
    is_ok = (is_ok && buf_ok(&text)) || error_memory(err);
    is_ok = is_ok && api_write_stream(out, &text, err);
    buf_release(&text);
    return is_ok;
}

static size_t key_split(struct arena *arena, const char *text, const char ***parts)
{
    size_t count = 1, at = 0;

    for (const char *c = text; *c; c++)
        count += *c == ',';
    *parts = ARENA_ARRAY(arena, count, const char *);
    if (!*parts)
        return 0;
    for (const char *begin = text; at < count; at++) {
        size_t len = strcspn(begin, ",");

        (*parts)[at] = arena_strndup(arena, begin, len);
        begin += len + (begin[len] == ',');
    }
    return count;
}

/* What is asked: the lines of standard input, or the one operand. */
struct asked {
    struct arena *arena;
    size_t count, capacity;
    const char **keys;
};

static bool asked_add(struct asked *asked, const char *key, struct error *err)
{
    asked->keys =
        arena_grow(asked->arena, asked->keys, asked->count, &asked->capacity, sizeof(*asked->keys));
    if (!key || !asked->keys)
        return error_memory(err);
    asked->keys[asked->count++] = key;
    return true;
}

/* "-" reads keys from standard input, one a line, so that they stand in no process list. */
static bool asked_read(struct asked *asked, const char *operand, struct error *err)
{
    char *line = NULL;
    size_t capacity = 0;
    bool is_ok = true;

    if (strcmp(operand, "-") != 0)
        return asked_add(asked, operand, err);
    while (is_ok && getline(&line, &capacity, stdin) >= 0)
        is_ok = asked_add(asked, arena_strndup(asked->arena, line, strcspn(line, "\n")), err);
    free(line);
    if (is_ok && asked->count == 0)
        return error_set(err, STATUS_USAGE, "there is no key on standard input");
    return is_ok;
}

/* Each key in its parts. */
static bool asked_split(const struct asked *asked, struct why_request *request, struct error *err)
{
    const struct bound_table *table = request->table;
    const char *const **keys = ARENA_ARRAY(asked->arena, asked->count, const char *const *);

    if (!keys)
        return error_memory(err);
    for (size_t i = 0; i < asked->count; i++) {
        const char **parts = &asked->keys[i];
        size_t count = 1;

        if (table->identity_count != 1)
            count = key_split(asked->arena, asked->keys[i], &parts);
        keys[i] = parts;
        if (count != table->identity_count)
            return error_set(err, STATUS_USAGE,
                             "the key of table '%s' has %zu parts, separate them by commas",
                             table->table->label, table->identity_count);
    }
    request->count = asked->count;
    request->parts = table->identity_count;
    request->keys = keys;
    return true;
}

static bool why_table(struct session *session, const char *name, const struct bound_table **table,
                      struct error *err)
{
    struct table_name parsed;
    bool is_ambiguous = false;

    if (!table_name_parse(name, session->arena, &parsed))
        return error_set(err, STATUS_USAGE, "'%s' is no table name", name);
    const struct table *found =
        catalog_find_table(session->catalog, parsed.schema, parsed.table, &is_ambiguous);
    if (!found)
        return error_set(err, STATUS_USAGE, "the source has %s table called '%s'",
                         is_ambiguous ? "more than one" : "no", name);
    *table = &session->binding->tables[found->index];
    return true;
}

/* Each chain is masked and told in turn. */
static bool why_tell(struct session *session, const struct why_chain *chains, size_t count,
                     bool is_line, FILE *out, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct answer answer = {.chain = chains[i]};

        if (!answer_mask(session, &answer, err) ||
            !answer_write(session, &answer, is_line, out, err))
            return false;
    }
    return true;
}

static bool why_choose(struct session *session, const struct why_request *request,
                       struct why_chain **chains, struct error *err)
{
    struct readers readers;

    *chains = ARENA_ARRAY(session->arena, request->count + 1, struct why_chain);
    if (!*chains)
        return error_memory(err);
    if (!session_survey(session, err))
        return false;
    session_readers(session, &readers);
    return choose_why(session->binding, &readers, session->survey, request, session->arena, *chains,
                      err);
}

static bool why_run(struct session *session, FILE *out, struct error *err)
{
    const struct options *options = &session->understudy->options;
    struct asked asked = {.arena = session->arena};
    struct why_request request = {0};
    struct why_chain *chains = NULL;

    if (options->operand_count != 2) {
        error_set(err, STATUS_USAGE, "why takes a table and a key");
        return error_hint(err, "`understudy why -p FILE orders 4711`; '-' reads keys from "
                               "standard input, one a line");
    }
    return asked_read(&asked, options->operands[1], err) && session_read_profile(session, err) &&
           session_open_source(session, err) && session_bind(session, NULL, err) &&
           why_table(session, options->operands[0], &request.table, err) &&
           asked_split(&asked, &request, err) && why_choose(session, &request, &chains, err) &&
           why_tell(session, chains, request.count, strcmp(options->operands[1], "-") == 0, out,
                    err);
}

bool understudy_why(struct understudy *understudy, FILE *out)
{
    struct session session;
    bool is_ok = session_init(&session, understudy) && why_run(&session, out, &understudy->error);

    session_release(&session);
    return is_ok;
}
