/* Helpers of the tests of config/. */
#include "unit/config/trial.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct trial trial_read(const char *text)
{
    struct trial trial = {.arena = arena_new()};
    bool is_ok =
        profile_read_text("t.yaml", span_of(text), trial.arena, &trial.profile, &trial.err);

    ck_assert(is_ok == (trial.profile != NULL));
    return trial;
}

struct trial trial_read_body(const char *body)
{
    char *text;
    struct trial trial;

    ck_assert(asprintf(&text, "version: 1\n%s", body) > 0);
    trial = trial_read(text);
    free(text);
    return trial;
}

struct trial trial_read_file(const char *path)
{
    struct trial trial = {.arena = arena_new()};
    bool is_ok = profile_read(path, NULL, trial.arena, &trial.profile, &trial.err);

    ck_assert(is_ok == (trial.profile != NULL));
    return trial;
}

void trial_finish(struct trial *trial)
{
    arena_free(trial->arena);
}

char *folder_make(void)
{
    char *folder = strdup("/tmp/understudy-config-XXXXXX");

    ck_assert_ptr_nonnull(mkdtemp(folder));
    return folder;
}

void folder_remove(char *folder)
{
    DIR *entries = opendir(folder);
    int at = dirfd(entries);

    for (struct dirent *entry; (entry = readdir(entries)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(at, entry->d_name, 0);
    closedir(entries);
    rmdir(folder);
    free(folder);
}

char *folder_write(const char *folder, const char *name, const char *text, unsigned mode)
{
    char *path;
    int file;

    ck_assert(asprintf(&path, "%s/%s", folder, name) > 0);
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
    ck_assert_int_eq(fchmod(file, (mode_t)mode), 0);
    close(file);
    return path;
}
