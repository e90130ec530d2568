/* What the tests of config/ share: one try at a profile from memory, and files in a folder. */
#ifndef UNDERSTUDY_TESTS_CONFIG_TRIAL_H
#define UNDERSTUDY_TESTS_CONFIG_TRIAL_H

#include "config/profile.h"

struct trial {
    struct arena *arena;
    struct profile *profile; /* NULL: refused */
    struct error err;
};

struct trial trial_read(const char *text);
/* With "version: 1" in front, in a line of its own. */
struct trial trial_read_body(const char *body);
struct trial trial_read_file(const char *path);
void trial_finish(struct trial *trial);

/* A new private folder, removed with all its files by folder_remove. */
char *folder_make(void);
void folder_remove(char *folder);
/* folder/name, to be freed; the file holds `text` and has `mode`. */
char *folder_write(const char *folder, const char *name, const char *text, unsigned mode);

#endif
