/* Where secrets come from: a key line from file, command or environment; a password from a
 * command. Nothing here logs, and buffers that held a secret are zeroed (sodium_memzero). */
#ifndef UNDERSTUDY_CONFIG_SECRET_H
#define UNDERSTUDY_CONFIG_SECRET_H

#include "config/profile.h"

#define SECRET_KEY_BYTES 32

/* Core dumps off (PR_SET_DUMPABLE, RLIMIT_CORE): called before a key or password is read. */
bool secret_protect_process(struct error *err);

/* The master key into sodium_malloc memory of SECRET_KEY_BYTES, freed by sodium_free. A file must
 * be regular, 0600 or 0400, owned by the caller, opened O_NOFOLLOW|O_CLOEXEC: else STATUS_POLICY.
 * One line of 64 hex digits prefixed "understudy-key-v1:" and # comments; anything else
 * (a passphrase) is refused. An environment variable is unset at once. */
bool secret_read_key(const struct profile *profile, uint8_t **key, struct error *err);
bool secret_read_key_file(const char *path, uint8_t **key, struct error *err);

/* A new random key file of mode 0600; never overwrites (O_EXCL). */
bool secret_write_key_file(const char *path, struct error *err);

/* Standard output of argv (its environment as ours, stdin /dev/null), without the final newline,
 * at most 64 KiB, in sodium_malloc memory; freed by sodium_free. Non-zero exit is an error that
 * names the program only. */
bool secret_run_command(const char *const *argv, char **text, struct error *err);

#endif
