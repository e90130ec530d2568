/* The command line and the environment as plain data, from one table (options.def) that the
 * parser, the help and the completions read. */
#ifndef UNDERSTUDY_CONFIG_OPTIONS_H
#define UNDERSTUDY_CONFIG_OPTIONS_H

#include "config/profile.h"

enum command_id {
    COMMAND_INIT,
    COMMAND_DETECT,
    COMMAND_CHECK,
    COMMAND_PLAN,
    COMMAND_REFRESH,
    COMMAND_WHY,
    COMMAND_KEY,
    COMMAND_HELP,
    COMMAND_COUNT
};

enum option_id {
#define OPTION(id, name, letter, argument, help, commands) OPTION_##id,
#include "config/options.def"
#undef OPTION
    OPTION_COUNT
};

enum progress_kind { PROGRESS_AUTO, PROGRESS_BAR, PROGRESS_PLAIN, PROGRESS_NONE };
enum output_format { FORMAT_TEXT, FORMAT_JSON };

struct options {
    struct arena *arena; /* owned by whoever made the options */
    bool is_given[OPTION_COUNT];
    const char *profile, *source, *target, *output, *json, *metrics, *adopt, *tmpdir, *names;
    const char *key_file; /* UNDERSTUDY_KEY_FILE */
    bool force, prune, strict, keep_failed, public_key, quiet, verbose, no_color, help;
    double fraction; /* below 0: not given */
    struct profile_pin *pins;
    size_t pin_count;
    int jobs;
    uint64_t memory; /* bytes */
    enum output_format format;
    enum progress_kind progress;
    bool log_json;
    int64_t lock_wait_us, deadline_us; /* deadline 0: none */
    bool has_mode;
    enum profile_mode mode;
    int64_t generations;  /* below 0: not given */
    bool uses_text_codec; /* set by the golden runner only; no option sets it */
    /* operands: what stands beside the options */
    const char **operands;
    size_t operand_count;
};

/* Defaults, then environment (UNDERSTUDY_*, NO_COLOR). */
bool options_init(struct options *options, struct arena *arena, struct error *err);
/* argv[0..argc) without program and command. STATUS_USAGE names the option and the nearest one;
 * a password in a URL is refused with a hint (PGPASSFILE, password_command). "--" ends options;
 * "--option=value" and "--option value"; short options as getopt does. */
bool options_parse(struct options *options, enum command_id command, int argc, char **argv,
                   struct error *err);
/* Once the source's engine is known, which reads them: checks the SQL of every --pin and binds its
 * variables. */
bool options_bind_pins(struct options *options, enum engine engine, struct error *err);
/* Command names: "init" ...; COMMAND_COUNT when unknown. */
enum command_id command_find(const char *name);
const char *command_name(enum command_id command);

/* One option's row, for help and completions. */
struct option_row {
    enum option_id id;
    const char *name;
    char letter;
    const char *argument; /* NULL: a switch */
    const char *help;
    unsigned commands; /* bit of each command_id */
};
const struct option_row *option_rows(size_t *count);

#endif
