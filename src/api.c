/* The public functions: options in, error out, commands by name. */
#include "api_internal.h"

#include "api_help.h"
#include "base/log.h"
#include "config/secret.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *understudy_version(void)
{
    return UNDERSTUDY_VERSION;
}

struct understudy *understudy_new(void)
{
    struct arena *arena = sodium_init() < 0 ? NULL : arena_new();
    struct understudy *made = arena ? ARENA_NEW(arena, struct understudy) : NULL;

    if (!made) {
        arena_free(arena);
        return NULL;
    }
    made->arena = arena;
    made->command = COMMAND_COUNT;
    control_init(&made->control);
    options_init(&made->options, arena, &made->error);
    return made;
}

void understudy_free(struct understudy *understudy)
{
    if (understudy)
        arena_free(understudy->arena);
}

bool understudy_parse(struct understudy *understudy, const char *command, int argc, char **argv)
{
    if (understudy->error.status != STATUS_OK)
        return false;
    understudy->command = command_find(command);
    if (understudy->command == COMMAND_COUNT)
        return help_refuse_command(command, understudy->arena, &understudy->error);
    if (!options_parse(&understudy->options, understudy->command, argc, argv, &understudy->error))
        return false;
    log_setup(understudy->options.quiet     ? LOG_ERROR
              : understudy->options.verbose ? LOG_DETAIL
                                            : LOG_WARNING,
              understudy->options.log_json ? LOG_JSON : LOG_TEXT);
    return true;
}

bool understudy_wants_help(const struct understudy *understudy)
{
    return understudy->options.help;
}

bool understudy_wants_quiet(const struct understudy *understudy)
{
    return understudy->options.quiet;
}

bool understudy_wants_json_log(const struct understudy *understudy)
{
    return understudy->options.log_json;
}

const char *understudy_progress_form(const struct understudy *understudy)
{
    static const char *const forms[] = {
        [PROGRESS_AUTO] = "auto",
        [PROGRESS_BAR] = "bar",
        [PROGRESS_PLAIN] = "plain",
        [PROGRESS_NONE] = "none",
    };
    return forms[understudy->options.progress];
}

int understudy_exit_code(const struct understudy *understudy)
{
    return status_exit_code(understudy->error.status);
}

const char *understudy_error_context(const struct understudy *understudy)
{
    return understudy->error.context;
}

const char *understudy_error_cause(const struct understudy *understudy)
{
    return understudy->error.cause;
}

const char *understudy_error_hint(const struct understudy *understudy)
{
    return understudy->error.hint;
}

static void progress_forward(void *context, const struct control_progress *progress)
{
    struct understudy *understudy = context;
    const struct understudy_progress seen = {
        .phase = progress->phase,
        .rows = progress->rows,
        .bytes = progress->bytes,
        .rows_total = progress->rows_total,
        .seconds = progress->seconds,
        .is_done = progress->is_done,
    };
    understudy->progress(understudy->progress_context, &seen);
}

void understudy_on_progress(struct understudy *understudy, understudy_progress_callback *callback,
                            void *context)
{
    understudy->progress = callback;
    understudy->progress_context = context;
    understudy->control.progress = callback ? progress_forward : NULL;
    understudy->control.progress_context = understudy;
}

void understudy_interrupt(struct understudy *understudy)
{
    control_interrupt(&understudy->control);
}

void understudy_use_text_codec(struct understudy *understudy)
{
    understudy->options.uses_text_codec = true;
}

bool api_write_stream(FILE *out, const struct buf *text, struct error *err)
{
    if (!buf_ok(text))
        return error_memory(err);
    if (fwrite(buf_text(text), 1, text->len, out) != text->len || fflush(out) != 0)
        return error_set_errno(err, STATUS_LOCAL, "cannot write the answer");
    return true;
}

static bool file_write(int file, const char *path, const struct buf *text, struct error *err)
{
    size_t written = 0;

    while (written < text->len) {
        ssize_t count = write(file, text->ptr + written, text->len - written);

        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            error_set_errno(err, STATUS_LOCAL, "cannot write '%s'", path);
            close(file);
            return false;
        }
        written += (size_t)count;
    }
    if (fsync(file) != 0 && errno != EINVAL && errno != EROFS) {
        error_set_errno(err, STATUS_LOCAL, "cannot write '%s'", path);
        close(file);
        return false;
    }
    if (close(file) != 0)
        return error_set_errno(err, STATUS_LOCAL, "cannot write '%s'", path);
    return true;
}

bool api_try_file(const char *path, struct error *err)
{
    if (!path)
        return true;

    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0)
        return error_set_errno(err, STATUS_LOCAL, "cannot write '%s'", path);
    return close(file) == 0 || error_set_errno(err, STATUS_LOCAL, "cannot write '%s'", path);
}

bool api_write_file(const char *path, const struct buf *text, struct error *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    if (!buf_ok(text))
        return error_memory(err);
    if (file < 0)
        return error_set_errno(err, STATUS_LOCAL, "cannot write '%s'", path);
    return file_write(file, path, text, err);
}

bool api_write_output(struct understudy *understudy, FILE *out, const struct buf *text,
                      struct error *err)
{
    const char *path = understudy->options.output;

    if (!path || strcmp(path, "-") == 0)
        return api_write_stream(out, text, err);
    if (!buf_ok(text))
        return error_memory(err);
    int file =
        open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (understudy->options.force ? O_TRUNC : O_EXCL),
             0644);
    if (file < 0 && errno == EEXIST) {
        error_set(err, STATUS_USAGE, "'%s' exists", path);
        return error_hint(err, "--force overwrites it");
    }
    if (file < 0)
        return error_set_errno(err, STATUS_LOCAL, "cannot write '%s'", path);
    return file_write(file, path, text, err);
}

static bool key_new(struct understudy *understudy, const char *path, FILE *out)
{
    struct buf text;
    bool is_ok = secret_protect_process(&understudy->error) &&
                 secret_write_key_file(path, &understudy->error);

    buf_init(&text, 4096);
    buf_add_format(
        &text, "made %s, mode 0600; keep it where staging and its users cannot read it\n", path);
    is_ok =
        is_ok && (understudy->options.quiet || api_write_stream(out, &text, &understudy->error));
    buf_release(&text);
    return is_ok;
}

static bool key_fingerprint(struct understudy *understudy, const char *path, FILE *out)
{
    struct keyring *keyring = NULL;
    uint8_t *master = NULL;
    char fingerprint[17];
    struct buf text;

    if (!secret_protect_process(&understudy->error) ||
        !secret_read_key_file(path, &master, &understudy->error) ||
        !keyring_new(master, 1, &keyring, &understudy->error))
        return false;
    keyring_fingerprint(keyring, fingerprint);
    keyring_free(keyring);
    buf_init(&text, 4096);
    buf_add_format(&text, "%s\n", fingerprint);
    bool is_ok = api_write_stream(out, &text, &understudy->error);
    buf_release(&text);
    return is_ok;
}

bool understudy_key(struct understudy *understudy, FILE *out)
{
    const struct options *options = &understudy->options;

    if (options->public_key)
        return error_set(&understudy->error, STATUS_USAGE,
                         "--public is not in this version: there are no archives to sign yet");
    if (options->operand_count == 2 && strcmp(options->operands[0], "new") == 0)
        return key_new(understudy, options->operands[1], out);
    if (options->operand_count == 2 && strcmp(options->operands[0], "fingerprint") == 0)
        return key_fingerprint(understudy, options->operands[1], out);
    error_set(&understudy->error, STATUS_USAGE, "key takes 'new FILE' or 'fingerprint FILE'");
    return error_hint(&understudy->error, "`understudy key new shop.key`");
}
