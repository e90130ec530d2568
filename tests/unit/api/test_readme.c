/* What README.md shows can be typed: its profiles read, its command lines are right. */
#include "api_internal.h"

#include "config/profile.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 262144

static void read_page(char text[TEXT_MAX])
{
    FILE *file = fopen("README.md", "re");
    size_t length;

    ck_assert_msg(file != NULL, "README.md is not there: run from the top of the tree");
    length = fread(text, 1, TEXT_MAX - 1, file);
    ck_assert_uint_lt(length, TEXT_MAX - 1);
    text[length] = '\0';
    fclose(file);
}

/* The next block of that language behind *from, cut out of the page; NULL: no more. */
static char *next_block(char **from, const char *language)
{
    char fence[20];
    char *start, *end;

    (void)snprintf(fence, sizeof(fence), "\n```%s\n", language);
    start = strstr(*from, fence);
    if (!start)
        return NULL;
    start += strlen(fence);
    end = strstr(start, "\n```");
    ck_assert_ptr_nonnull(end);
    end[1] = '\0';
    *from = end + 2;
    return start;
}

START_TEST(the_profiles_of_the_page_read)
{
    static char page[TEXT_MAX];
    char *from = page;
    size_t count = 0, tables = 0;

    read_page(page);
    setenv("UNDERSTUDY_SOURCE", "service=shop", 1);
    setenv("UNDERSTUDY_TARGET", "service=staging", 1);
    setenv("UNDERSTUDY_KEY_FILE", "shop.key", 1);
    for (char *block; (block = next_block(&from, "yaml")) != NULL; count++) {
        struct arena *arena = arena_new();
        struct profile *profile = NULL;
        struct error err = {0};
        const char *text = strncmp(block, "version:", 8) == 0
                               ? block
                               : arena_printf(arena, "version: 1\n%s", block);

        ck_assert_msg(profile_read_text("README.md", span_of(text), arena, &profile, &err),
                      "%s: %s", err.context, err.cause);
        tables += profile->table_count;
        for (size_t i = 0; i < profile->table_count; i++)
            for (size_t j = 0; j < profile->tables[i].rule_count; j++)
                ck_assert_msg(transform_find(profile->tables[i].rules[j].name) != NULL, "%s",
                              profile->tables[i].rules[j].name);
        arena_free(arena);
    }
    ck_assert_uint_ge(count, 4);
    ck_assert_uint_ge(tables, 3);
}
END_TEST

/* Words of a command line as a shell cuts them, as far as the page needs it: blanks, double quotes;
 * a backslash before a line's end goes on. Points into `line`. */
static int split(char *line, char *words[32])
{
    int count = 0;

    while (*line != '\0' && *line != '#') {
        char end = *line == '"' ? '"' : ' ';

        ck_assert_int_lt(count, 32);
        line += end == '"';
        words[count++] = line;
        line += strcspn(line, end == '"' ? "\"" : " ");
        if (*line != '\0')
            *line++ = '\0';
        line += strspn(line, " ");
    }
    return count;
}

static void check_line(char *line)
{
    struct understudy *understudy = understudy_new();
    char *words[32];
    int count = split(line, words);

    ck_assert_int_ge(count, 2);
    ck_assert_msg(understudy_parse(understudy, words[1], count - 2, words + 2), "%s: %s", words[1],
                  understudy_error_cause(understudy));
    understudy_free(understudy);
}

static size_t check_lines(const char *language, const char *prefix)
{
    static char page[TEXT_MAX];
    char *from = page;
    size_t count = 0;

    read_page(page);
    for (char *block; (block = next_block(&from, language)) != NULL;) {
        for (char *fold; (fold = strstr(block, " \\\n")) != NULL;)
            memset(fold, ' ', 3);
        for (char *line = block, *end; *line != '\0'; line = end + 1) {
            end = strchr(line, '\n');
            ck_assert_ptr_nonnull(end);
            *end = '\0';
            if (strncmp(line, prefix, strlen(prefix)) == 0) {
                check_line(line);
                count++;
            }
        }
    }
    return count;
}

START_TEST(the_command_lines_of_the_page_are_right)
{
    ck_assert_uint_ge(check_lines("sh", "understudy "), 5);
    ck_assert_uint_ge(check_lines("ini", "ExecStart=/usr/bin/understudy "), 1);
}
END_TEST

Suite *suite_api_readme(void);
Suite *suite_api_readme(void)
{
    Suite *suite = suite_create("api/readme");
    TCase *tests = tcase_create("readme");

    tcase_add_test(tests, the_profiles_of_the_page_read);
    tcase_add_test(tests, the_command_lines_of_the_page_are_right);
    suite_add_tcase(suite, tests);
    return suite;
}
