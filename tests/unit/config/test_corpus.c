/* Replays the corpus of the fuzz target: what once was interesting stays harmless. */
#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../fuzz/fuzz_profile.c"

#define CORPUS "tests/fuzz/corpus/profile"

static size_t replay(int folder, const char *name)
{
    static uint8_t bytes[1 << 20];
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC);
    ssize_t size;

    ck_assert_int_ge(file, 0);
    size = read(file, bytes, sizeof(bytes));
    close(file);
    if (size < 0)
        return 0;
    LLVMFuzzerTestOneInput(bytes, (size_t)size);
    return 1;
}

START_TEST(the_corpus_is_read_or_refused_with_a_place)
{
    DIR *folder = opendir(CORPUS);
    size_t count = 0;

    ck_assert_msg(folder != NULL, "%s is not there: run from the top of the tree", CORPUS);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += replay(dirfd(folder), entry->d_name);
    closedir(folder);
    ck_assert_uint_ge(count, 10);
}
END_TEST

Suite *suite_config_corpus(void);
Suite *suite_config_corpus(void)
{
    Suite *suite = suite_create("config/corpus");
    TCase *tests = tcase_create("corpus");

    tcase_add_test(tests, the_corpus_is_read_or_refused_with_a_place);
    suite_add_tcase(suite, tests);
    return suite;
}
