/* Help, from the tables that the code itself reads: commands, options, variables, rules, exit
 * codes. What has no table (the profile language, privileges, connections) is lines of text in
 * config/help_*.def. All of it fits 80 columns. */
#include "api_help.h"

#include "api_internal.h"
#include "base/words.h"
#include <stdio.h>
#include <string.h>

#define LEFT_MAX 160 /* bytes of a row's left side; longer ones are cut */

enum command_group { GROUP_SETUP, GROUP_LOOK, GROUP_RUN, GROUP_OTHER, GROUP_COUNT };

static const char *const group_titles[] = {
    [GROUP_SETUP] = "make a profile and a key",
    [GROUP_LOOK] = "look before you copy",
    [GROUP_RUN] = "the job",
    [GROUP_OTHER] = "help",
};
_Static_assert(COUNT_OF(group_titles) == GROUP_COUNT, "a title for each group");

struct command_row {
    enum command_group group;
    const char *summary, *usage, *about, *examples;
};

static const struct command_row commands[] = {
#define COMMAND(id, group, summary, usage, about, examples)                                        \
    [COMMAND_##id] = {GROUP_##group, summary, usage, about, examples},
#include "config/commands.def"
#undef COMMAND
};
_Static_assert(COUNT_OF(commands) == COMMAND_COUNT, "a row for each command");

struct variable_row {
    const char *name;
    enum option_id option;
    const char *help;
};

static const struct variable_row variables[] = {
#define VARIABLE(name, option, help) {name, OPTION_##option, help},
#include "config/variables.def"
#undef VARIABLE
};

#define LINE(text) text,
static const char *const profile_lines[] = {
#include "config/help_profile.def"
};
static const char *const connection_lines[] = {
#include "config/help_connections.def"
};
static const char *const privilege_lines[] = {
#include "config/help_privileges.def"
};
static const char *const environment_lines[] = {
#include "config/help_environment.def"
};
#undef LINE

/* Options of a later version: they are known, refused with that reason, and in no help. */
static bool is_later(enum option_id option)
{
    return option == OPTION_PUBLIC;
}

static void write_options(struct buf *out, enum command_id command)
{
    size_t count;
    const struct option_row *rows = option_rows(&count);

    buf_add_text(out, "\noptions:\n");
    for (size_t i = 0; i < count; i++) {
        const struct option_row *row = &rows[i];
        char letter[8] = "    ";
        char left[LEFT_MAX];

        if (!(row->commands >> command & 1u) || is_later(row->id))
            continue;
        if (row->letter)
            (void)snprintf(letter, sizeof(letter), "-%c, ", row->letter);
        (void)snprintf(left, sizeof(left), "%s--%s%s%s", letter, row->name,
                       row->argument ? " " : "", row->argument ? row->argument : "");
        help_add_row(out, 26, left, row->help);
    }
}

static bool is_option_of(enum option_id option, enum command_id command)
{
    size_t count;
    const struct option_row *rows = option_rows(&count);

    assert((size_t)option < count && rows[option].id == option);
    return (rows[option].commands >> command & 1u) != 0;
}

static void write_variables(struct buf *out, enum command_id command)
{
    for (size_t i = 0; i < COUNT_OF(variables); i++)
        if (command == COMMAND_COUNT || is_option_of(variables[i].option, command))
            help_add_row(out, 26, variables[i].name, variables[i].help);
}

static void write_command(struct buf *out, enum command_id command)
{
    const struct command_row *row = &commands[command];

    assert(command < COMMAND_COUNT && row->summary);
    buf_add_format(out, "understudy %s: %s\n\n", command_name(command), row->summary);
    buf_add_text(out, "usage: ");
    help_add_wrapped(out, row->usage, 11, 7);
    buf_add_char(out, '\n');
    help_add_paragraph(out, row->about);
    write_options(out, command);
    buf_add_text(out, "\nenvironment:\n");
    write_variables(out, command);
    buf_add_text(out, "\nexamples:\n");
    help_add_indented(out, row->examples, 2);
}

/* Topics that are no commands. */
static bool topic_profile(struct buf *out, const char *name, struct error *err)
{
    UNUSED(name);
    UNUSED(err);
    help_add_lines(out, profile_lines, COUNT_OF(profile_lines));
    return true;
}

static bool topic_connections(struct buf *out, const char *name, struct error *err)
{
    UNUSED(name);
    UNUSED(err);
    help_add_lines(out, connection_lines, COUNT_OF(connection_lines));
    return true;
}

static bool topic_privileges(struct buf *out, const char *name, struct error *err)
{
    UNUSED(name);
    UNUSED(err);
    help_add_lines(out, privilege_lines, COUNT_OF(privilege_lines));
    return true;
}

static bool topic_environment(struct buf *out, const char *name, struct error *err)
{
    UNUSED(name);
    UNUSED(err);
    write_variables(out, COMMAND_COUNT);
    buf_add_char(out, '\n');
    help_add_lines(out, environment_lines, COUNT_OF(environment_lines));
    return true;
}

static bool topic_exit_codes(struct buf *out, const char *name, struct error *err)
{
    UNUSED(name);
    UNUSED(err);
    for (int status = 0; status < STATUS_COUNT; status++) {
        char left[LEFT_MAX];

        (void)snprintf(left, sizeof(left), "%2d  %s", status_exit_code((enum status)status),
                       status_label((enum status)status));
        help_add_row(out, 20, left, status_text((enum status)status));
    }
    return true;
}

static bool topic_transforms(struct buf *out, const char *name, struct error *err)
{
    UNUSED(name);
    UNUSED(err);
    help_add_rules(out);
    return true;
}

static bool topic_tails(struct buf *out, const char *name, struct error *err)
{
    UNUSED(name);
    UNUSED(err);
    help_add_detectors(out);
    return true;
}

static bool refuse_transform(const char *name, struct error *err)
{
    size_t count;
    const struct transform *const *rows = transform_rows(&count);
    const char *names[64];
    const char *nearest;

    assert(count <= COUNT_OF(names));
    for (size_t i = 0; i < count; i++)
        names[i] = rows[i]->name;
    nearest = words_nearest(name, names, count);
    error_set(err, STATUS_USAGE, "no transform is called '%s'", name);
    if (nearest)
        return error_hint(err, "did you mean '%s'? `understudy help transforms` lists them",
                          nearest);
    return error_hint(err, "`understudy help transforms` lists them");
}

static bool topic_transform(struct buf *out, const char *name, struct error *err)
{
    const struct transform *transform = name ? transform_find(name) : NULL;

    if (!name) {
        error_set(err, STATUS_USAGE, "which transform?");
        return error_hint(err, "`understudy help transforms` lists them");
    }
    if (!transform)
        return refuse_transform(name, err);
    help_add_rule(out, transform);
    return true;
}

struct topic {
    const char *word, *summary;
    bool takes_name; /* and must have one */
    bool (*write)(struct buf *out, const char *name, struct error *err);
};

static const struct topic topics[] = {
#define TOPIC(function, word, summary, takes_name) {word, summary, takes_name, topic_##function},
#include "config/topics.def"
#undef TOPIC
};

static void write_overview(struct buf *out)
{
    help_add_paragraph(out,
                       "understudy makes a staging database from production: a small subset "
                       "that is referentially whole, with personal data rewritten on the way.");
    buf_add_text(out, "\nusage: understudy COMMAND [options]\n");
    for (size_t group = 0; group < GROUP_COUNT; group++) {
        buf_add_format(out, "\n%s:\n", group_titles[group]);
        for (size_t i = 0; i < COMMAND_COUNT; i++)
            if (commands[i].group == group)
                help_add_row(out, 15, command_name((enum command_id)i), commands[i].summary);
    }
    buf_add_text(out, "\ntopics, with `understudy help TOPIC`:\n");
    for (size_t i = 0; i < COUNT_OF(topics); i++)
        help_add_row(out, 15, topics[i].word, topics[i].summary);
    buf_add_text(out, "\n`understudy COMMAND --help` lists a command's options; `understudy "
                      "--version`\nprints the version.\n");
}

/* The command or topic that was meant, with the commands alone when `is_command`. */
static const char *nearest_word(const char *word, bool is_command)
{
    const char *words[COMMAND_COUNT + COUNT_OF(topics)];
    size_t count = 0;

    for (int i = 0; i < COMMAND_COUNT; i++)
        words[count++] = command_name((enum command_id)i);
    for (size_t i = 0; i < COUNT_OF(topics) && !is_command; i++)
        words[count++] = topics[i].word;
    return words_nearest(word, words, count);
}

bool help_refuse_command(const char *word, struct arena *arena, struct error *err)
{
    const char *nearest = nearest_word(word, true);
    const char *shown = words_printable(arena, word);

    if (!shown)
        return error_memory(err);
    error_set(err, STATUS_USAGE, "there is no command '%s'", shown);
    if (nearest)
        return error_hint(err, "did you mean '%s'? `understudy help` lists the commands", nearest);
    return error_hint(err, "`understudy help` lists the commands");
}

static bool refuse_topic(const char *word, struct error *err)
{
    const char *nearest = nearest_word(word, false);

    error_set(err, STATUS_USAGE, "there is no help on '%s'", word);
    if (nearest)
        return error_hint(err, "did you mean '%s'? `understudy help` lists the topics", nearest);
    return error_hint(err, "`understudy help` lists the topics");
}

static const struct topic *topic_find(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(topics); i++)
        if (strcmp(topics[i].word, word) == 0)
            return &topics[i];
    return NULL;
}

static bool write_help(struct buf *out, const char *const *words, size_t count, struct error *err)
{
    enum command_id command = count > 0 ? command_find(words[0]) : COMMAND_COUNT;
    const struct topic *topic = count > 0 ? topic_find(words[0]) : NULL;
    size_t taken = topic && topic->takes_name ? 2 : 1;

    if (count == 0) {
        write_overview(out);
        return true;
    }
    if (command == COMMAND_COUNT && !topic)
        return refuse_topic(words[0], err);
    if (count > taken)
        return error_set(err, STATUS_USAGE, "help on '%s' does not take '%s'", words[0],
                         words[taken]);
    if (topic)
        return topic->write(out, count > 1 ? words[1] : NULL, err);
    write_command(out, command);
    return true;
}

bool understudy_help(struct understudy *understudy, const char *const *topic, size_t words,
                     FILE *out)
{
    const char *shown[3] = {NULL}; /* one more than any topic takes, to be named in the error */
    size_t count = topic ? words : 0;
    struct error *err = &understudy->error;
    struct buf text;
    bool is_ok;

    assert(out);
    if (count > COUNT_OF(shown))
        count = COUNT_OF(shown);
    for (size_t i = 0; i < count; i++) {
        shown[i] = words_printable(understudy->arena, topic[i]);
        if (!shown[i])
            return error_memory(err);
    }
    buf_init(&text, HELP_CEILING);
    is_ok = write_help(&text, shown, count, err) && api_write_stream(out, &text, err);
    buf_release(&text);
    return is_ok;
}
