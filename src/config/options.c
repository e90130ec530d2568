/* Reads the command line by the table of options.def. */
#include "config/options.h"

#include "base/words.h"
#include "config/options_value.h"
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JOBS_DEFAULT_MAX 8

static const char *const command_names[] = {
    [COMMAND_INIT] = "init", [COMMAND_DETECT] = "detect",   [COMMAND_CHECK] = "check",
    [COMMAND_PLAN] = "plan", [COMMAND_REFRESH] = "refresh", [COMMAND_WHY] = "why",
    [COMMAND_KEY] = "key",   [COMMAND_HELP] = "help",
};
_Static_assert(COUNT_OF(command_names) == COMMAND_COUNT, "a name for each command");

#define C(name) (1u << COMMAND_##name)
#define ANY     ((1u << COMMAND_COUNT) - 1)
static const struct option_row rows[] = {
#define OPTION(id, name, letter, argument, help, commands)                                         \
    {OPTION_##id, name, letter, argument, help, commands},
#include "config/options.def"
#undef OPTION
};
#undef C
#undef ANY
_Static_assert(COUNT_OF(rows) == OPTION_COUNT, "a row for each option");

const struct option_row *option_rows(size_t *count)
{
    *count = COUNT_OF(rows);
    return rows;
}

enum command_id command_find(const char *name)
{
    size_t i = 0;

    while (i < COUNT_OF(command_names) && strcmp(command_names[i], name) != 0)
        i++;
    return (enum command_id)i;
}

const char *command_name(enum command_id command)
{
    assert(command < COMMAND_COUNT);
    return command_names[command];
}

/* The processors this process may use, which in a container are fewer than there are. */
static int default_jobs(void)
{
    cpu_set_t set;
    long count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set)
                                                              : sysconf(_SC_NPROCESSORS_ONLN);

    if (count < 1)
        return 1;
    return count > JOBS_DEFAULT_MAX ? JOBS_DEFAULT_MAX : (int)count;
}

/* What is set to nothing counts as not set. */
static bool take_variable(struct arena *arena, const char *name, const char **text,
                          struct error *err)
{
    const char *value = getenv(name);

    if (!value || value[0] == '\0')
        return true;
    *text = arena_strdup(arena, value);
    return *text || error_memory(err);
}

bool options_init(struct options *options, struct arena *arena, struct error *err)
{
    const char *no_color = getenv("NO_COLOR");

    assert(options && arena);
    *options = (struct options){
        .arena = arena,
        .tmpdir = "/tmp",
        .fraction = -1,
        .jobs = default_jobs(),
        .memory = UINT64_C(1) << 30,
        .generations = -1,
        .no_color = no_color && no_color[0] != '\0',
    };
    return take_variable(arena, "UNDERSTUDY_PROFILE", &options->profile, err) &&
           take_variable(arena, "UNDERSTUDY_SOURCE", &options->source, err) &&
           take_variable(arena, "UNDERSTUDY_TARGET", &options->target, err) &&
           take_variable(arena, "UNDERSTUDY_KEY_FILE", &options->key_file, err) &&
           take_variable(arena, "TMPDIR", &options->tmpdir, err);
}

/* Where reading the command line stands. */
struct line {
    struct options *options;
    enum command_id command;
    int argc, index;
    char **argv;
    bool owes_why; /* the option before was --pin */
    size_t pin_capacity, operand_capacity;
};

static bool is_taken_by(const struct option_row *row, enum command_id command)
{
    return (row->commands >> command & 1u) != 0;
}

static bool error_unknown(const struct line *line, const char *name, struct error *err)
{
    const char *known[COUNT_OF(rows)] = {NULL};
    struct arena *arena = line->options->arena;
    const char *shown = words_printable(arena, name);
    const char *nearest;
    size_t count = 0;

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (is_taken_by(&rows[i], line->command))
            known[count++] = rows[i].name;
    error_set(err, STATUS_USAGE, "no option is called '--%s'", shown ? shown : "?");
    nearest = words_nearest(name, known, count);
    if (nearest)
        return error_hint(err, "did you mean '--%s'?", nearest);
    return error_hint(err, "`understudy %s --help` lists them", command_name(line->command));
}

static bool check_use(const struct line *line, const struct option_row *row, struct error *err)
{
    const char *command = command_name(line->command);

    if (!is_taken_by(row, line->command)) {
        error_set(err, STATUS_USAGE, "'%s' has no option '--%s'", command, row->name);
        return error_hint(err, "`understudy %s --help` lists its options", command);
    }
    if (line->owes_why && row->id != OPTION_PIN_WHY) {
        error_set(err, STATUS_USAGE, "'--pin' is not followed by '--why'");
        return error_hint(err, "write --pin 'TABLE: SQL' --why TEXT");
    }
    if (row->id == OPTION_PIN_WHY && !line->owes_why)
        return error_set(err, STATUS_USAGE, "'--why' does not follow a '--pin'");
    if (row->argument && line->options->is_given[row->id] && row->id != OPTION_PIN &&
        row->id != OPTION_PIN_WHY)
        return error_set(err, STATUS_USAGE, "option '--%s' is given a second time", row->name);
    return true;
}

/* `value` NULL: the next argument is it. */
static bool take_option(struct line *line, const struct option_row *row, const char *value,
                        struct error *err)
{
    struct options *options = line->options;

    assert(row->id < OPTION_COUNT && line->index <= line->argc);
    if (!check_use(line, row, err))
        return false;
    if (!row->argument && value)
        return error_set(err, STATUS_USAGE, "option '--%s' takes no value", row->name);
    if (row->argument && !value && line->index == line->argc)
        return error_set(err, STATUS_USAGE, "option '--%s' needs a value: %s", row->name,
                         row->argument);
    if (row->argument && !value)
        value = line->argv[line->index++];
    if (row->argument && value[0] == '\0')
        return error_set(err, STATUS_USAGE, "option '--%s' has an empty value", row->name);
    options->is_given[row->id] = true;
    line->owes_why = row->id == OPTION_PIN;
    if (!row->argument)
        return option_set_switch(options, row->id, err);
    return option_set_value(options, row, value, err);
}

static bool take_long(struct line *line, const char *text, struct error *err)
{
    size_t length = strcspn(text, "=");
    char *name = arena_strndup(line->options->arena, text, length);

    if (!name)
        return error_memory(err);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(rows[i].name, name) == 0)
            return take_option(line, &rows[i], text[length] == '=' ? text + length + 1 : NULL, err);
    return error_unknown(line, name, err);
}

static bool error_letter(const struct line *line, const char *letters, struct error *err)
{
    char *text = arena_strndup(line->options->arena, letters, 1);
    const char *shown = text ? words_printable(line->options->arena, text) : NULL;

    error_set(err, STATUS_USAGE, "no option is called '-%s'", shown ? shown : "?");
    return error_hint(err,
                      "`understudy %s --help` lists them; what begins with '-' and is no "
                      "option stands behind '--'",
                      command_name(line->command));
}

/* -qv, -j4, -j 4: as getopt reads them. */
static bool take_letters(struct line *line, const char *letters, struct error *err)
{
    while (*letters != '\0') {
        const struct option_row *row = rows;
        const struct option_row *end = rows + COUNT_OF(rows);
        bool has_rest;

        while (row < end && row->letter != *letters)
            row++;
        if (row == end)
            return error_letter(line, letters, err);
        letters++;
        has_rest = row->argument && *letters != '\0';
        if (!take_option(line, row, has_rest ? letters : NULL, err))
            return false;
        if (row->argument)
            return true;
    }
    return true;
}

static bool take_operand(struct line *line, const char *text, struct error *err)
{
    struct options *options = line->options;

    assert(text);
    if (line->owes_why)
        return error_set(err, STATUS_USAGE, "'--pin' is not followed by '--why'");
    options->operands = arena_grow(options->arena, options->operands, options->operand_count,
                                   &line->operand_capacity, sizeof(char *));
    if (!options->operands)
        return error_memory(err);
    options->operands[options->operand_count++] = text;
    return true;
}

/* How many operands a command takes; what more there is was meant as something else. */
static bool check_operands(const struct line *line, struct error *err)
{
    static const size_t most[] = {
        [COMMAND_INIT] = 0,    [COMMAND_DETECT] = 0, [COMMAND_CHECK] = 0, [COMMAND_PLAN] = 0,
        [COMMAND_REFRESH] = 0, [COMMAND_WHY] = 2,    [COMMAND_KEY] = 2,   [COMMAND_HELP] = 2,
    };
    const struct options *options = line->options;
    const char *shown;

    _Static_assert(COUNT_OF(most) == COMMAND_COUNT, "a number for each command");
    if (options->help || options->operand_count <= most[line->command])
        return true;
    shown = words_printable(options->arena, options->operands[most[line->command]]);
    return error_set(err, STATUS_USAGE, "'%s' does not take '%s'", command_name(line->command),
                     shown ? shown : "?");
}

static bool check_line(const struct line *line, struct error *err)
{
    if (line->owes_why) {
        error_set(err, STATUS_USAGE, "'--pin' is not followed by '--why'");
        return error_hint(err, "write --pin 'TABLE: SQL' --why TEXT");
    }
    if (line->options->quiet && line->options->verbose)
        return error_set(err, STATUS_USAGE, "'--quiet' and '--verbose' exclude each other");
    return check_operands(line, err);
}

bool options_parse(struct options *options, enum command_id command, int argc, char **argv,
                   struct error *err)
{
    struct line line = {.options = options, .command = command, .argc = argc, .argv = argv};
    bool has_ended = false;

    assert(options->arena && command < COMMAND_COUNT);
    while (line.index < argc) {
        const char *text = argv[line.index++];
        bool is_ok = true;

        if (has_ended || text[0] != '-' || text[1] == '\0')
            is_ok = take_operand(&line, text, err);
        else if (strcmp(text, "--") == 0)
            has_ended = true;
        else if (text[1] == '-')
            is_ok = take_long(&line, text + 2, err);
        else
            is_ok = take_letters(&line, text + 1, err);
        if (!is_ok)
            return false;
    }
    return check_line(&line, err);
}
