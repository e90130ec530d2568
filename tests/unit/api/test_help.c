/* Help says what the code does, on a page of 80 columns. */
#include "api_internal.h"

#include "base/utf8.h"
#include "config/profile.h"
#include "survey/detector.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 65536

struct command_texts {
    const char *usage, *examples;
};

static const struct command_texts texts[] = {
#define COMMAND(id, group, summary, usage, about, examples) {usage, examples},
#include "config/commands.def"
#undef COMMAND
};

static const char *const topics[] = {
#define TOPIC(function, word, summary, takes_name) word,
#include "config/topics.def"
#undef TOPIC
};

/* Help on one or two words, or false with the error in *err. */
static bool help(const char *first, const char *second, char text[TEXT_MAX], struct error *err)
{
    struct understudy *understudy = understudy_new();
    const char *const words[] = {first, second};
    FILE *out = fmemopen(text, TEXT_MAX, "w");
    bool is_ok;

    ck_assert_ptr_nonnull(understudy);
    text[0] = '\0';
    is_ok = understudy_help(understudy, words, first ? 1 + (size_t)(second != NULL) : 0, out);
    *err = understudy->error;
    fclose(out);
    understudy_free(understudy);
    return is_ok;
}

static void check_page(const char *first, const char *second)
{
    char text[TEXT_MAX];
    struct error err = {0};

    ck_assert_msg(help(first, second, text, &err), "%s %s: %s", first, second ? second : "",
                  err.cause);
    for (const char *line = text; *line != '\0';) {
        size_t bytes = strcspn(line, "\n");

        ck_assert_msg(utf8_length(line, bytes) <= 80, "%s: %.*s", first, (int)bytes, line);
        ck_assert_msg(bytes == 0 || line[bytes - 1] != ' ', "%s: a blank ends '%.*s'", first,
                      (int)bytes, line);
        ck_assert_int_eq(line[bytes], '\n');
        line += bytes + 1;
    }
    ck_assert_uint_gt(strlen(text), 100);
}

START_TEST(every_page_fits_80_columns)
{
    size_t count;
    const struct transform *const *rows = transform_rows(&count);

    check_page(NULL, NULL);
    for (int i = 0; i < COMMAND_COUNT; i++)
        check_page(command_name((enum command_id)i), NULL);
    for (size_t i = 0; i < COUNT_OF(topics); i++)
        if (strcmp(topics[i], "transform") != 0)
            check_page(topics[i], NULL);
    for (size_t i = 0; i < count; i++)
        check_page("transform", rows[i]->name);
}
END_TEST

/* Lines that begin with two blanks, without them. */
static void take_example(const char *text, char *example)
{
    while (*text != '\0') {
        size_t bytes = strcspn(text, "\n") + 1;

        if (strncmp(text, "  ", 2) == 0) {
            memcpy(example, text + 2, bytes - 2);
            example += bytes - 2;
        }
        text += bytes;
    }
    *example = '\0';
}

START_TEST(the_example_of_the_profile_language_is_a_profile)
{
    struct arena *arena = arena_new();
    struct profile *profile = NULL;
    struct error err = {0};
    char text[TEXT_MAX];
    char example[TEXT_MAX];

    unsetenv("SHOP_SOURCE");
    unsetenv("SHOP_TARGET");
    ck_assert(help("profile", NULL, text, &err));
    take_example(text, example);
    ck_assert_msg(profile_read_text("example", span_of(example), arena, &profile, &err), "%s: %s",
                  err.context, err.cause);
    ck_assert_uint_eq(profile->start_count, 2);
    ck_assert_uint_eq(profile->edge_count, 4);
    ck_assert_uint_eq(profile->pin_count, 1);
    ck_assert_uint_eq(profile->relation_count, 4);
    ck_assert_uint_eq(profile->tails_ignore.count, 1);
    ck_assert_uint_eq(profile->tails_difference_count, 1);
    ck_assert_uint_eq(profile->everywhere_count, 1);
    ck_assert_uint_eq(profile->accept_leak_count, 1);
    arena_free(arena);
}
END_TEST

/* As the report and the plan name them. */
START_TEST(help_on_tails_names_every_detector)
{
    static const struct detector *const detectors[] = {
#define DETECTOR(name) &detector_##name,
#include "survey/detectors.def"
#undef DETECTOR
    };
    struct error err = {0};
    char text[TEXT_MAX];

    ck_assert(help("tails", NULL, text, &err));
    for (size_t i = 0; i < COUNT_OF(detectors); i++) {
        char row[80];

        (void)snprintf(row, sizeof(row), "\n  %s ", detectors[i]->kind);
        ck_assert_msg(strstr(text, row) != NULL, "%s: %s", detectors[i]->kind, text);
        ck_assert_uint_gt(strlen(detectors[i]->help), 5);
    }
}
END_TEST

/* Whether the page holds the text, wherever its lines break. */
static bool has_text(const char *page, const char *text)
{
    for (; *page != '\0'; page++) {
        const char *left = page, *right = text;

        while (*right != '\0') {
            if (*right == ' ' ? *left != ' ' && *left != '\n' : *left != *right)
                break;
            left += *right == ' ' ? strspn(left, " \n") : 1;
            right++;
        }
        if (*right == '\0')
            return true;
    }
    return false;
}

START_TEST(everything_that_a_row_says_of_a_rule_stands_on_its_page)
{
    size_t count;
    const struct transform *const *rows = transform_rows(&count);

    for (size_t i = 0; i < count; i++) {
        const struct transform *rule = rows[i];
        const char *const texts_of_rule[] = {
            rule->summary,
            rule->guarantee,
            rule->example,
            rule->uniqueness_here ? rule->uniqueness_here : "uniqueness",
            rule->risk ? rule->risk : "",
            rule->pers & PER_BIT(PER_ROW) ? "per: subject | row" : "",
            rule->identifies || rule->is_dense ? "leak check" : ""};
        struct error err = {0};
        char text[TEXT_MAX];

        ck_assert(help("transform", rule->name, text, &err));
        for (size_t j = 0; j < COUNT_OF(texts_of_rule); j++)
            ck_assert_msg(texts_of_rule[j] && has_text(text, texts_of_rule[j]), "%s: %s",
                          rule->name, texts_of_rule[j]);
        for (size_t j = 0; j < rule->param_count; j++) {
            ck_assert(rule->params[j].name && has_text(text, rule->params[j].name));
            ck_assert(rule->params[j].form && has_text(text, rule->params[j].form));
            ck_assert(rule->params[j].help && has_text(text, rule->params[j].help));
        }
        ck_assert_ptr_eq(transform_find(rule->name), rule);
    }
}
END_TEST

START_TEST(the_example_of_every_transform_reads_as_a_rule_of_that_name)
{
    size_t count;
    const struct transform *const *rows = transform_rows(&count);

    for (size_t i = 0; i < count; i++) {
        struct arena *arena = arena_new();
        struct profile *profile = NULL;
        struct error err = {0};
        char text[TEXT_MAX];
        char example[TEXT_MAX + 80];
        const char *start;

        ck_assert(help("transform", rows[i]->name, text, &err));
        start = strstr(text, "\nexample, ");
        ck_assert_ptr_nonnull(start);
        start = strchr(start + 1, '\n') + 1;
        (void)snprintf(example, sizeof(example), "version: 1\ncolumns:\n customers:\n%s", start);
        ck_assert_msg(profile_read_text("example", span_of(example), arena, &profile, &err),
                      "%s: %s: %s", rows[i]->name, err.context, err.cause);
        ck_assert_uint_eq(profile->table_count, 1);
        ck_assert_str_eq(profile->tables[0].rules[profile->tables[0].rule_count - 1].name,
                         rows[i]->name);
        arena_free(arena);
    }
}
END_TEST

START_TEST(every_option_stands_in_the_help_of_its_commands_and_of_no_other)
{
    size_t count;
    const struct option_row *rows = option_rows(&count);

    for (int command = 0; command < COMMAND_COUNT; command++)
        for (size_t i = 0; i < count; i++) {
            bool is_taken = (rows[i].commands >> command & 1u) && rows[i].id != OPTION_PUBLIC;
            struct error err = {0};
            char text[TEXT_MAX];
            char wanted[80];

            ck_assert(help(command_name((enum command_id)command), NULL, text, &err));
            (void)snprintf(wanted, sizeof(wanted), "%s--%s%s", rows[i].letter ? ", " : "      ",
                           rows[i].name, rows[i].argument ? " " : "");
            ck_assert_msg((strstr(text, wanted) != NULL) == is_taken, "%s %s",
                          command_name((enum command_id)command), wanted);
        }
}
END_TEST

/* Cuts a line as a shell would, as far as examples need it: blanks, single quotes, a redirection
 * that ends the command. Words point into `line`. */
static int split(char *line, char **words)
{
    int count = 0;

    while (*line != '\0' && *line != '>' && *line != '<') {
        char end = *line == '\'' ? '\'' : ' ';

        line += end == '\'';
        words[count++] = line;
        line = strchr(line, end) ? strchr(line, end) : line + strlen(line);
        if (*line != '\0')
            *line++ = '\0';
        line += strspn(line, " ");
    }
    return count;
}

START_TEST(every_example_of_a_command_is_a_right_command_line)
{
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const char *from = texts[i].examples;

        while (*from != '\0') {
            size_t bytes = strcspn(from, "\n");
            struct understudy *understudy = understudy_new();
            char line[200] = "";
            char *words[32] = {NULL};
            char *start;
            int count;

            ck_assert_uint_lt(bytes, sizeof(line));
            memcpy(line, from, bytes);
            start = strstr(line, "understudy ");
            ck_assert_ptr_nonnull(start);
            count = split(start, words);
            ck_assert_msg(understudy_parse(understudy, words[1], count - 2, words + 2), "%.*s: %s",
                          (int)bytes, from, understudy_error_cause(understudy));
            understudy_free(understudy);
            from += bytes + (from[bytes] == '\n');
        }
    }
}
END_TEST

START_TEST(every_exit_code_has_its_line)
{
    struct error err = {0};
    char text[TEXT_MAX];

    ck_assert(help("exit-codes", NULL, text, &err));
    for (int status = 0; status < STATUS_COUNT; status++) {
        char wanted[40];

        (void)snprintf(wanted, sizeof(wanted), "%4d  %s ", status_exit_code((enum status)status),
                       status_label((enum status)status));
        ck_assert_msg(strstr(text, wanted) != NULL, "%s", wanted);
    }
}
END_TEST

START_TEST(a_word_that_is_no_topic_is_a_usage_error_with_the_nearest_one)
{
    struct error err = {0};
    char text[TEXT_MAX];

    ck_assert(!help("profiel", NULL, text, &err));
    ck_assert_int_eq(err.status, STATUS_USAGE);
    ck_assert_str_eq(err.cause, "there is no help on 'profiel'");
    ck_assert_ptr_nonnull(strstr(err.hint, "'profile'"));
    ck_assert(!help("transform", "emial", text, &err));
    ck_assert_ptr_nonnull(strstr(err.hint, "'email'"));
    ck_assert(!help("transform", NULL, text, &err));
    ck_assert(!help("profile", "columns", text, &err));
    ck_assert_str_eq(text, "");
}
END_TEST

Suite *suite_api_help(void);
Suite *suite_api_help(void)
{
    Suite *suite = suite_create("api/help");
    TCase *tests = tcase_create("help");

    tcase_add_test(tests, every_page_fits_80_columns);
    tcase_add_test(tests, help_on_tails_names_every_detector);
    tcase_add_test(tests, the_example_of_the_profile_language_is_a_profile);
    tcase_add_test(tests, everything_that_a_row_says_of_a_rule_stands_on_its_page);
    tcase_add_test(tests, the_example_of_every_transform_reads_as_a_rule_of_that_name);
    tcase_add_test(tests, every_option_stands_in_the_help_of_its_commands_and_of_no_other);
    tcase_add_test(tests, every_example_of_a_command_is_a_right_command_line);
    tcase_add_test(tests, every_exit_code_has_its_line);
    tcase_add_test(tests, a_word_that_is_no_topic_is_a_usage_error_with_the_nearest_one);
    suite_add_tcase(suite, tests);
    return suite;
}
