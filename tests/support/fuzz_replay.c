/* Replays a corpus. */
#include "support/fuzz_replay.h"

#include "base/common.h"
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* Each input in memory of exactly its size, so that a sanitizer sees a read past its end. */
static void replay_file(const char *path, fuzz_function *function)
{
    FILE *file = fopen(path, "re");
    ck_assert_msg(file != NULL, "%s", path);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    ck_assert_int_ge(size, 0);
    rewind(file);
    uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
    ck_assert_ptr_nonnull(data);
    ck_assert_uint_eq(fread(data, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    function(data, (size_t)size);
    free(data);
}

int fuzz_replay(const char *folder, fuzz_function *function)
{
    DIR *entries = opendir(folder);
    char path[1024];
    int count = 0;

    assert(folder && function);
    if (!entries)
        return 0;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        replay_file(path, function);
        count++;
    }
    closedir(entries);
    return count;
}
