/* Reads and writes keys. A key in memory lies in sodium_malloc pages; every buffer it passed
 * through is zeroed. */
#include "config/secret.h"

#include "base/clock.h"
#include "base/words.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_PREFIX      "understudy-key-v1:"
#define SECRET_TEXT_MAX ((size_t)64 << 10)

bool secret_protect_process(struct error *err)
{
    const struct rlimit none = {0, 0};

    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0)
        return error_set_errno(err, STATUS_LOCAL, "cannot turn core dumps off");
    return true;
}

/* A path, made printable, in front of what was said about it. */
static bool error_path(const char *path, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();
    const char *shown = arena ? words_printable(arena, path) : NULL;

    return error_context(err, "key file '%s'", shown ? shown : "?");
}

static bool error_form(struct error *err)
{
    error_set(err, STATUS_POLICY, "this is not one key line and comments");
    return error_hint(err, "`understudy key new FILE` makes a key; a passphrase is none");
}

static void trim_line(const char **start, const char **end)
{
    while (*start < *end && (**start == ' ' || **start == '\t'))
        (*start)++;
    while (*start < *end && ((*end)[-1] == ' ' || (*end)[-1] == '\t' || (*end)[-1] == '\r'))
        (*end)--;
}

static bool parse_line(const char *start, const char *end, uint8_t *key)
{
    size_t prefix = strlen(KEY_PREFIX);
    size_t length = (size_t)(end - start);
    size_t bytes = 0;

    assert(start <= end);
    if (length != prefix + (size_t)2 * SECRET_KEY_BYTES || memcmp(start, KEY_PREFIX, prefix) != 0)
        return false;
    /* A key of nothing but zeros is a placeholder, not a key. */
    return sodium_hex2bin(key, SECRET_KEY_BYTES, start + prefix, length - prefix, NULL, &bytes,
                          NULL) == 0 &&
           bytes == SECRET_KEY_BYTES && !sodium_is_zero(key, SECRET_KEY_BYTES);
}

/* Exactly one key line; empty lines and lines that begin with '#' beside it. */
static bool parse_text(const char *text, uint8_t *key)
{
    unsigned found = 0;

    while (*text != '\0') {
        const char *line_end = text + strcspn(text, "\n");
        const char *start = text;
        const char *end = line_end;

        trim_line(&start, &end);
        if (start < end && *start != '#') {
            if (found++ > 0 || !parse_line(start, end, key))
                return false;
        }
        text = *line_end == '\0' ? line_end : line_end + 1;
    }
    return found == 1;
}

/* Owns neither: *key is new, sodium_malloc memory. */
static bool read_key_text(const char *text, uint8_t **key, struct error *err)
{
    uint8_t *bytes = sodium_malloc(SECRET_KEY_BYTES);

    assert(text && key);
    if (!bytes)
        return error_memory(err);
    if (!parse_text(text, bytes)) {
        sodium_free(bytes);
        return error_form(err);
    }
    sodium_mprotect_readonly(bytes);
    *key = bytes;
    return true;
}

static bool check_file(int file, struct error *err)
{
    struct stat status;
    mode_t mode;

    if (fstat(file, &status) != 0)
        return error_set_errno(err, STATUS_POLICY, "cannot be examined");
    if (!S_ISREG(status.st_mode))
        return error_set(err, STATUS_POLICY, "not a regular file");
    if (status.st_uid != geteuid())
        return error_set(err, STATUS_POLICY, "owned by somebody else");
    mode = status.st_mode & 07777;
    if (mode != 0600 && mode != 0400) {
        error_set(err, STATUS_POLICY, "its mode is %04o", (unsigned)mode);
        return error_hint(err, "only its owner may read it: chmod 600");
    }
    return true;
}

/* Reads to the end; false with nothing said when `size` is not enough. */
static bool read_all(int file, char *text, size_t size, bool *is_large)
{
    size_t length = 0;

    *is_large = false;
    for (;;) {
        ssize_t got = read(file, text + length, size - 1 - length);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        length += (size_t)got;
        *is_large = length == size - 1;
        if (got == 0 || *is_large)
            break;
    }
    text[length] = '\0';
    return strlen(text) == length;
}

static bool read_key_open(int file, uint8_t **key, struct error *err)
{
    char *text;
    bool is_large;
    bool is_ok;

    assert(file >= 0);
    if (!check_file(file, err))
        return false;
    text = sodium_malloc(SECRET_TEXT_MAX + 2);
    if (!text)
        return error_memory(err);
    errno = 0;
    is_ok = read_all(file, text, SECRET_TEXT_MAX + 2, &is_large);
    if (!is_ok && errno != 0)
        error_set_errno(err, STATUS_POLICY, "cannot be read");
    else if (!is_ok || is_large)
        is_ok = error_form(err);
    else
        is_ok = read_key_text(text, key, err);
    sodium_free(text);
    return is_ok;
}

/* O_NONBLOCK: a pipe with no writer must not hold the program before it is seen to be a pipe. */
bool secret_read_key_file(const char *path, uint8_t **key, struct error *err)
{
    int file;
    bool is_ok;

    assert(path && key);
    if (sodium_init() < 0)
        return error_set(err, STATUS_LOCAL, "libsodium cannot start");
    file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0 && errno == ELOOP)
        error_set(err, STATUS_POLICY, "a symbolic link");
    else if (file < 0)
        error_set_errno(err, STATUS_POLICY, "cannot be opened");
    if (file < 0)
        return error_path(path, err);
    is_ok = read_key_open(file, key, err);
    close(file);
    if (!is_ok)
        error_path(path, err);
    return is_ok;
}

static bool read_key_command(const char *const *argv, uint8_t **key, struct error *err)
{
    char *text;
    bool is_ok;

    if (!secret_run_command(argv, &text, err)) {
        err->status = STATUS_POLICY;
        return error_context(err, "key");
    }
    is_ok = read_key_text(text, key, err);
    sodium_free(text);
    if (!is_ok)
        error_context(err, "key: output of its command");
    return is_ok;
}

/* The bytes that the environment held are zeroed too: /proc shows them for as long as it lives. */
static bool read_key_variable(const char *name, uint8_t **key, struct error *err)
{
    char *value = getenv(name);
    bool is_ok;

    if (!value) {
        error_set(err, STATUS_POLICY, "the environment variable '%s' is not set", name);
        return error_context(err, "key");
    }
    is_ok = read_key_text(value, key, err);
    sodium_memzero(value, strlen(value));
    unsetenv(name);
    if (!is_ok)
        error_context(err, "key: environment variable '%s'", name);
    return is_ok;
}

bool secret_read_key(const struct profile *profile, uint8_t **key, struct error *err)
{
    assert(profile && key);
    if (sodium_init() < 0)
        return error_set(err, STATUS_LOCAL, "libsodium cannot start");
    switch (profile->key_source) {
    case KEY_FILE:
        return secret_read_key_file(profile->key_place, key, err);
    case KEY_COMMAND:
        return read_key_command(profile->key_command, key, err);
    case KEY_ENV:
        return read_key_variable(profile->key_place, key, err);
    case KEY_NONE:
        break;
    }
    error_set(err, STATUS_POLICY, "no key is given");
    return error_hint(err, "`understudy key new FILE` makes one; name it in the profile's 'key' or "
                           "in UNDERSTUDY_KEY_FILE");
}

static void make_text(char *text, size_t size)
{
    uint8_t key[SECRET_KEY_BYTES];
    char digits[2 * SECRET_KEY_BYTES + 1];
    char now[32];

    clock_format_utc(clock_now_us(), now, sizeof(now));
    randombytes_buf(key, sizeof(key));
    sodium_bin2hex(digits, sizeof(digits), key, sizeof(key));
    snprintf(text, size,
             "# Master key of understudy, made %s. Whoever has it can undo what it masked.\n"
             "%s%s\n",
             now, KEY_PREFIX, digits);
    sodium_memzero(key, sizeof(key));
    sodium_memzero(digits, sizeof(digits));
}

static bool write_all(int file, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t done = write(file, text, left);

        if (done < 0 && errno != EINTR)
            return false;
        if (done > 0) {
            text += done;
            left -= (size_t)done;
        }
    }
    return true;
}

bool secret_write_key_file(const char *path, struct error *err)
{
    char text[256];
    bool is_ok;
    int file;

    assert(path);
    if (sodium_init() < 0)
        return error_set(err, STATUS_LOCAL, "libsodium cannot start");
    file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0 && errno == EEXIST) {
        error_set(err, STATUS_POLICY, "stands already, and is never overwritten");
        return error_path(path, err);
    }
    if (file < 0) {
        error_set_errno(err, STATUS_LOCAL, "cannot be made");
        return error_path(path, err);
    }
    make_text(text, sizeof(text));
    is_ok = fchmod(file, 0600) == 0 && write_all(file, text) && fsync(file) == 0;
    sodium_memzero(text, sizeof(text));
    if (!is_ok) {
        error_set_errno(err, STATUS_LOCAL, "cannot be written");
        error_path(path, err);
        unlink(path);
    }
    close(file);
    return is_ok;
}
