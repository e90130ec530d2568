/* Checks and stores the values of options. */
#include "config/options_value.h"

#include "base/clock.h"
#include "base/words.h"
#include "config/sql_text.h"
#include "config/url.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOBS_MAX        64
#define MEMORY_MIN      (UINT64_C(64) << 20)
#define GENERATIONS_MAX 1000

static bool error_option(const struct option_row *row, struct error *err)
{
    err->status = STATUS_USAGE;
    return error_context(err, "option '--%s'", row->name);
}

static bool read_whole(const struct option_row *row, const char *value, const int64_t range[2],
                       int64_t *number, struct error *err)
{
    bool is_digits = value[strspn(value, "0123456789")] == '\0';

    errno = 0;
    *number = strtoll(value, NULL, 10);
    if (is_digits && errno == 0 && *number >= range[0] && *number <= range[1])
        return true;
    error_set(err, STATUS_USAGE, "a whole number from %" PRId64 " to %" PRId64 " is expected",
              range[0], range[1]);
    return error_option(row, err);
}

/* A number is read as the profile reads it. */
static bool read_fraction(const struct option_row *row, const char *value, double *fraction,
                          struct error *err)
{
    const struct yaml_node node = {
        .kind = YAML_SCALAR, .file = "", .text = value, .is_plain = true};
    struct error ignored = {0};

    if (yaml_read_real(&node, 0, 1, fraction, &ignored) && *fraction > 0)
        return true;
    error_set(err, STATUS_USAGE, "a fraction above 0, at most 1, is expected");
    return error_option(row, err);
}

/* The place of `value` among "a|b|c", the argument text of its row. */
static bool read_word(const struct option_row *row, const char *value, struct arena *arena,
                      unsigned *index, struct error *err)
{
    const char *words[8] = {NULL};
    const char *shown = words_printable(arena, value);
    const char *nearest;
    size_t count = 0;

    assert(row->argument && arena);
    for (const char *text = row->argument; *text != '\0';) {
        size_t length = strcspn(text, "|");

        assert(count < COUNT_OF(words));
        words[count] = arena_strndup(arena, text, length);
        if (!words[count] || !shown)
            return error_memory(err);
        if (strcmp(words[count], value) == 0) {
            *index = (unsigned)count;
            return true;
        }
        count++;
        text += length + (text[length] == '|');
    }
    error_set(err, STATUS_USAGE, "'%s' is none of %s", shown, row->argument);
    nearest = words_nearest(value, words, count);
    if (nearest)
        error_hint(err, "did you mean '%s'?", nearest);
    return error_option(row, err);
}

static bool read_duration(const struct option_row *row, const char *value, int64_t *us,
                          struct error *err)
{
    if (clock_parse_duration(value, us) && *us >= 0)
        return true;
    error_set(err, STATUS_USAGE, "a duration is expected");
    error_hint(err, "write a number with a unit: 90s, 5m, 2h, 30d");
    return error_option(row, err);
}

static bool read_deadline(const struct option_row *row, const char *value, int64_t *us,
                          struct error *err)
{
    if (!read_duration(row, value, us, err))
        return false;
    if (*us > 0)
        return true;
    error_set(err, STATUS_USAGE, "a duration above 0 is expected");
    return error_option(row, err);
}

static bool read_memory(const struct option_row *row, const char *value, uint64_t *bytes,
                        struct error *err)
{
    if (size_parse(value, bytes) && *bytes >= MEMORY_MIN && *bytes <= SIZE_MAX / 2)
        return true;
    error_set(err, STATUS_USAGE, "a size of at least 64MiB is expected");
    return error_option(row, err);
}

static bool read_url(const struct option_row *row, const char *value, const char **url,
                     struct error *err)
{
    enum engine engine;

    *url = value;
    if (!url_engine(value, &engine, err))
        return error_option(row, err);
    if (!url_refuse_password(value, "on the command line", err)) {
        enum status status = err->status;

        error_option(row, err);
        err->status = status;
        return false;
    }
    return true;
}

/* The first colon outside of double quotes ends the table's name. */
static const char *find_colon(const char *text)
{
    bool is_quoted = false;

    for (; *text != '\0' && (is_quoted || *text != ':'); text++)
        if (*text == '"')
            is_quoted = !is_quoted;
    return *text == ':' ? text : NULL;
}

/* Which engine will read it hangs on the source, which may still come: it must please one. */
static bool pin_check(const struct options *options, const char *where, struct error *err)
{
    struct error unused = {0};
    enum engine engine;

    if (options->source && url_engine(options->source, &engine, &unused))
        return sql_text_check(engine, where, SQL_CONDITION, err);
    return sql_text_check(ENGINE_MYSQL, where, SQL_CONDITION, &unused) ||
           sql_text_check(ENGINE_POSTGRESQL, where, SQL_CONDITION, err);
}

static bool read_pin(struct options *options, const char *value, struct profile_pin *pin,
                     struct error *err)
{
    const char *colon = find_colon(value);
    const char *end = colon;
    char *name;

    assert(value && pin);
    if (!colon) {
        error_set(err, STATUS_USAGE, "a table, a colon and a condition are expected");
        return error_hint(err, "write --pin 'TABLE: SQL' --why TEXT");
    }
    while (end > value && end[-1] == ' ')
        end--;
    name = arena_strndup(options->arena, value, (size_t)(end - value));
    if (!name)
        return error_memory(err);
    *pin = (struct profile_pin){.takes_children = true};
    if (!table_name_parse(name, options->arena, &pin->table))
        return error_set(err, STATUS_USAGE,
                         "'table' or 'schema.table' is expected before the colon");
    pin->where = colon + 1 + strspn(colon + 1, " ");
    return pin_check(options, pin->where, err);
}

bool options_bind_pins(struct options *options, enum engine engine, struct error *err)
{
    const struct sql_reading reading = {engine, SQL_CONDITION, options->arena};

    for (size_t i = 0; i < options->pin_count; i++) {
        const char *bound;

        if (!sql_text_bind(&reading, options->pins[i].where, &bound, err))
            return error_context(err, "option '--pin'");
        options->pins[i].where = bound;
    }
    return true;
}

static bool add_pin(struct options *options, const struct option_row *row, const char *value,
                    struct error *err)
{
    struct profile_pin *pins =
        ARENA_ARRAY(options->arena, options->pin_count + 1, struct profile_pin);

    if (!pins)
        return error_memory(err);
    if (options->pin_count > 0)
        memcpy(pins, options->pins, options->pin_count * sizeof(*pins));
    options->pins = pins;
    if (!read_pin(options, value, &pins[options->pin_count], err))
        return error_option(row, err);
    options->pin_count++;
    return true;
}

bool option_set_switch(struct options *options, enum option_id id, struct error *err)
{
    bool *const switches[OPTION_COUNT] = {
        [OPTION_FORCE] = &options->force,       [OPTION_PRUNE] = &options->prune,
        [OPTION_STRICT] = &options->strict,     [OPTION_KEEP_FAILED] = &options->keep_failed,
        [OPTION_PUBLIC] = &options->public_key, [OPTION_QUIET] = &options->quiet,
        [OPTION_VERBOSE] = &options->verbose,   [OPTION_NO_COLOR] = &options->no_color,
        [OPTION_HELP] = &options->help,
    };

    assert(id < OPTION_COUNT);
    if (!switches[id])
        return error_set(err, STATUS_BUG, "an option has no place to be stored");
    *switches[id] = true;
    return true;
}

/* What needs no check but the one that it is not empty. */
static const char **text_of(struct options *options, enum option_id id)
{
    const char **const texts[OPTION_COUNT] = {
        [OPTION_PROFILE] = &options->profile, [OPTION_NAMES] = &options->names,
        [OPTION_OUTPUT] = &options->output,   [OPTION_TMPDIR] = &options->tmpdir,
        [OPTION_JSON] = &options->json,       [OPTION_METRICS] = &options->metrics,
        [OPTION_ADOPT] = &options->adopt,
    };

    return texts[id];
}

static bool set_word(struct options *options, const struct option_row *row, const char *value,
                     struct error *err)
{
    unsigned index = 0;

    if (!read_word(row, value, options->arena, &index, err))
        return false;
    if (row->id == OPTION_FORMAT)
        options->format = (enum output_format)index;
    if (row->id == OPTION_PROGRESS)
        options->progress = (enum progress_kind)index;
    if (row->id == OPTION_LOG_FORMAT)
        options->log_json = index == 1;
    if (row->id == OPTION_MODE) {
        options->mode = (enum profile_mode)index;
        options->has_mode = true;
    }
    return true;
}

static bool set_jobs(struct options *options, const struct option_row *row, const char *value,
                     struct error *err)
{
    static const int64_t range[2] = {1, JOBS_MAX};
    int64_t jobs;

    if (!read_whole(row, value, range, &jobs, err))
        return false;
    options->jobs = (int)jobs;
    return true;
}

bool option_set_value(struct options *options, const struct option_row *row, const char *value,
                      struct error *err)
{
    static const int64_t generations[2] = {0, GENERATIONS_MAX};
    const char **text = text_of(options, row->id);

    assert(row->argument && value[0] != '\0');
    if (text) {
        *text = value;
        return true;
    }
    switch (row->id) {
    case OPTION_SOURCE:
        return read_url(row, value, &options->source, err);
    case OPTION_TARGET:
        return read_url(row, value, &options->target, err);
    case OPTION_FRACTION:
        return read_fraction(row, value, &options->fraction, err);
    case OPTION_PIN:
        return add_pin(options, row, value, err);
    case OPTION_PIN_WHY:
        assert(options->pin_count > 0);
        options->pins[options->pin_count - 1].why = value;
        return true;
    case OPTION_JOBS:
        return set_jobs(options, row, value, err);
    case OPTION_MEMORY:
        return read_memory(row, value, &options->memory, err);
    case OPTION_LOCK_WAIT:
        return read_duration(row, value, &options->lock_wait_us, err);
    case OPTION_DEADLINE:
        return read_deadline(row, value, &options->deadline_us, err);
    case OPTION_GENERATIONS:
        return read_whole(row, value, generations, &options->generations, err);
    case OPTION_FORMAT:
    case OPTION_PROGRESS:
    case OPTION_LOG_FORMAT:
    case OPTION_MODE:
        return set_word(options, row, value, err);
    default:
        return error_set(err, STATUS_BUG, "an option has no place to be stored");
    }
}
