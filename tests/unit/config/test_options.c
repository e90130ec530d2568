/* What a command line may say, and what it means. */
#include "config/options.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena *arena;
static struct options options;
static struct error err;

static void setup(void)
{
    static const char *const names[] = {"UNDERSTUDY_PROFILE", "UNDERSTUDY_SOURCE",
                                        "UNDERSTUDY_TARGET",  "UNDERSTUDY_KEY_FILE",
                                        "NO_COLOR",           "TMPDIR"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        unsetenv(names[i]);
    arena = arena_new();
    memset(&err, 0, sizeof(err));
    ck_assert(options_init(&options, arena, &err));
}

static void teardown(void)
{
    arena_free(arena);
}

/* Words parted by '|'. */
static bool parse(enum command_id command, const char *line)
{
    char *copy = arena_strdup(arena, line);
    char *argv[64];
    int argc = 0;

    for (char *word = strtok_r(copy, "|", &copy); word; word = strtok_r(NULL, "|", &copy)) {
        ck_assert_int_lt(argc, (int)COUNT_OF(argv));
        argv[argc++] = word;
    }
    return options_parse(&options, command, argc, argv, &err);
}

START_TEST(defaults_stand_before_anything_is_said)
{
    ck_assert_ptr_null(options.profile);
    ck_assert(options.fraction < 0 && options.generations < 0 && !options.has_mode);
    ck_assert_int_ge(options.jobs, 1);
    ck_assert_int_le(options.jobs, 8);
    ck_assert_uint_eq(options.memory, UINT64_C(1) << 30);
    ck_assert_str_eq(options.tmpdir, "/tmp");
    ck_assert(!options.no_color);
}
END_TEST

START_TEST(the_environment_stands_in)
{
    setenv("UNDERSTUDY_PROFILE", "p.yaml", 1);
    setenv("UNDERSTUDY_SOURCE", "postgresql://a:secret@h/d", 1);
    setenv("UNDERSTUDY_TARGET", "", 1);
    setenv("UNDERSTUDY_KEY_FILE", "k", 1);
    setenv("NO_COLOR", "1", 1);
    setenv("TMPDIR", "/var/tmp", 1);
    ck_assert(options_init(&options, arena, &err));
    ck_assert_str_eq(options.profile, "p.yaml");
    ck_assert_str_eq(options.source, "postgresql://a:secret@h/d");
    ck_assert_ptr_null(options.target);
    ck_assert_str_eq(options.key_file, "k");
    ck_assert(options.no_color);
    ck_assert_str_eq(options.tmpdir, "/var/tmp");
    ck_assert(!options.is_given[OPTION_PROFILE]);
    ck_assert(parse(COMMAND_PLAN, "-p|q.yaml"));
    ck_assert_str_eq(options.profile, "q.yaml");
    ck_assert(options.is_given[OPTION_PROFILE]);
}
END_TEST

START_TEST(every_option_of_refresh_is_read)
{
    ck_assert_msg(
        parse(COMMAND_REFRESH,
              "--profile=p|--source|service=a|--target=service=b|--fraction|0.5|--pin|s.\"a:b\": "
              "id = 1|--why|because|-j|3|--memory|64MiB|--tmpdir=/t|--json|j|--progress|plain|"
              "--log-format=json|--metrics|m|--strict|--adopt|x|--lock-wait|5m|--deadline=2h|"
              "--mode|empty|--generations|0|--keep-failed|-v|--no-color"),
        "%s: %s", err.context, err.cause);
    ck_assert_str_eq(options.profile, "p");
    ck_assert_str_eq(options.source, "service=a");
    ck_assert_str_eq(options.target, "service=b");
    ck_assert(options.fraction == 0.5);
    ck_assert_uint_eq(options.pin_count, 1);
    ck_assert_str_eq(options.pins[0].table.schema, "s");
    ck_assert_str_eq(options.pins[0].table.table, "a:b");
    ck_assert_str_eq(options.pins[0].where, "id = 1");
    ck_assert_str_eq(options.pins[0].why, "because");
    ck_assert(options.pins[0].takes_children);
    ck_assert_int_eq(options.jobs, 3);
    ck_assert_uint_eq(options.memory, UINT64_C(64) << 20);
    ck_assert_str_eq(options.tmpdir, "/t");
    ck_assert_str_eq(options.json, "j");
    ck_assert_int_eq(options.progress, PROGRESS_PLAIN);
    ck_assert(options.log_json && options.strict && options.keep_failed && options.verbose);
    ck_assert_str_eq(options.metrics, "m");
    ck_assert_str_eq(options.adopt, "x");
    ck_assert_int_eq(options.lock_wait_us, INT64_C(300000000));
    ck_assert_int_eq(options.deadline_us, INT64_C(7200000000));
    ck_assert(options.has_mode && options.mode == MODE_EMPTY);
    ck_assert_int_eq(options.generations, 0);
    ck_assert(options.no_color);
}
END_TEST

START_TEST(letters_go_together_as_getopt_reads_them)
{
    ck_assert(parse(COMMAND_REFRESH, "-vj4|-pfile|-h"));
    ck_assert(options.verbose && options.help);
    ck_assert_int_eq(options.jobs, 4);
    ck_assert_str_eq(options.profile, "file");
}
END_TEST

START_TEST(operands_may_stand_anywhere_and_behind_two_dashes)
{
    ck_assert(parse(COMMAND_WHY, "orders|-p|x|--|-5"));
    ck_assert_uint_eq(options.operand_count, 2);
    ck_assert_str_eq(options.operands[0], "orders");
    ck_assert_str_eq(options.operands[1], "-5");
}
END_TEST

START_TEST(a_lone_dash_is_an_operand)
{
    ck_assert(parse(COMMAND_WHY, "orders|-"));
    ck_assert_str_eq(options.operands[1], "-");
}
END_TEST

START_TEST(several_pins_keep_their_reasons)
{
    ck_assert(parse(COMMAND_PLAN, "--pin|a: b = 1|--why|x|--pin=c: d = '|--why=y") == false);
    teardown();
    setup();
    ck_assert(parse(COMMAND_PLAN, "--pin|a: b = 1|--why|x|--pin=c: d = ':e'|--why=y"));
    ck_assert_uint_eq(options.pin_count, 2);
    ck_assert_str_eq(options.pins[0].why, "x");
    ck_assert_str_eq(options.pins[1].where, "d = ':e'");
    ck_assert_str_eq(options.pins[1].why, "y");
}
END_TEST

static const struct refusal {
    enum command_id command;
    const char *line, *context, *cause, *hint;
} refusals[] = {
    {COMMAND_PLAN, "--profil|x", "", "no option is called '--profil'", "'--profile'"},
    {COMMAND_PLAN, "--zzz", "", "no option is called '--zzz'", "understudy plan --help"},
    {COMMAND_PLAN, "-x", "", "no option is called '-x'", "'--'"},
    {COMMAND_WHY, "t|-5", "", "no option is called '-5'", "'--'"},
    {COMMAND_INIT, "--json|x", "", "'init' has no option '--json'", "understudy init --help"},
    {COMMAND_INIT, "-j|4", "", "'init' has no option '--jobs'", ""},
    {COMMAND_PLAN, "--profile", "", "option '--profile' needs a value: FILE", ""},
    {COMMAND_PLAN, "--profile=", "", "option '--profile' has an empty value", ""},
    {COMMAND_PLAN, "--quiet=1", "", "option '--quiet' takes no value", ""},
    {COMMAND_PLAN, "-p|a|-p|b", "", "option '--profile' is given a second time", ""},
    {COMMAND_PLAN, "-q|-v", "", "exclude each other", ""},
    {COMMAND_PLAN, "extra", "", "'plan' does not take 'extra'", ""},
    {COMMAND_WHY, "a|b|c", "", "'why' does not take 'c'", ""},
    {COMMAND_PLAN, "--jobs|0", "option '--jobs'", "from 1 to 64", ""},
    {COMMAND_PLAN, "--jobs|65", "option '--jobs'", "from 1 to 64", ""},
    {COMMAND_PLAN, "--jobs|4x", "option '--jobs'", "from 1 to 64", ""},
    {COMMAND_PLAN, "--jobs|99999999999999999999", "option '--jobs'", "from 1 to 64", ""},
    {COMMAND_PLAN, "--memory|1MiB", "option '--memory'", "at least 64MiB", ""},
    {COMMAND_PLAN, "--memory|lots", "option '--memory'", "at least 64MiB", ""},
    {COMMAND_PLAN, "--fraction|0", "option '--fraction'", "above 0, at most 1", ""},
    {COMMAND_PLAN, "--fraction|1.01", "option '--fraction'", "above 0, at most 1", ""},
    {COMMAND_PLAN, "--fraction|nan", "option '--fraction'", "above 0, at most 1", ""},
    {COMMAND_PLAN, "--format|jsn", "option '--format'", "'jsn' is none of text|json", "'json'"},
    {COMMAND_PLAN, "--deadline|5", "option '--deadline'", "a duration", "90s"},
    {COMMAND_PLAN, "--deadline|0", "option '--deadline'", "above 0", ""},
    {COMMAND_REFRESH, "--generations|-1", "option '--generations'", "from 0 to 1000", ""},
    {COMMAND_REFRESH, "--mode|swpa", "option '--mode'", "'swpa'", "'swap'"},
    {COMMAND_PLAN, "--source|shop", "option '--source'", "no connection string", "postgresql://"},
    {COMMAND_PLAN, "--pin|a: b", "", "'--pin' is not followed by '--why'", "--why TEXT"},
    {COMMAND_PLAN, "--pin|a: b|-q|--why|c", "", "'--pin' is not followed by '--why'", ""},
    {COMMAND_PLAN, "--why|c", "", "'--why' does not follow", ""},
    {COMMAND_PLAN, "--pin|a|--why|c", "option '--pin'", "a table, a colon and a condition", ""},
    {COMMAND_PLAN, "--pin|a.b.c: d|--why|e", "option '--pin'", "before the colon", ""},
    {COMMAND_PLAN, "--pin|a: b) or (1=1|--why|c", "option '--pin'", "never opened", ""},
    {COMMAND_PLAN, "--pin|a:|--why|c", "option '--pin'", "empty", ""},
};

START_TEST(what_is_refused_names_the_option)
{
    const struct refusal *row = &refusals[_i];

    unsetenv("UNDERSTUDY_T_NO");
    ck_assert_msg(!parse(row->command, row->line), "was taken: %s", row->line);
    ck_assert_int_eq(err.status, STATUS_USAGE);
    ck_assert_str_eq(err.context, row->context);
    ck_assert_msg(strstr(err.cause, row->cause), "%s: %s", row->line, err.cause);
    ck_assert_msg(strstr(err.hint, row->hint), "%s: %s", row->line, err.hint);
}
END_TEST

START_TEST(a_pin_is_read_by_the_engine_of_the_source)
{
    const char *line = "--pin|a: `b` = :UNDERSTUDY_T_NO|--why|c";

    ck_assert(parse(COMMAND_PLAN, line));
    ck_assert(!options_bind_pins(&options, ENGINE_MYSQL, &err));
    ck_assert_str_eq(err.context, "option '--pin'");
    ck_assert_ptr_nonnull(strstr(err.cause, "'UNDERSTUDY_T_NO', which is not set"));
    setenv("UNDERSTUDY_T_NO", "x", 1);
    err = (struct error){0};
    ck_assert(!options_bind_pins(&options, ENGINE_POSTGRESQL, &err));
    err = (struct error){0};
    ck_assert(options_bind_pins(&options, ENGINE_MYSQL, &err));
    ck_assert_str_eq(options.pins[0].where, "`b` =  'x'");
    unsetenv("UNDERSTUDY_T_NO");
    teardown();
    setup();
    ck_assert(!parse(COMMAND_PLAN,
                     "--source|postgresql:///a|--pin|a: `b` = 1|--why|c|--pin|a: c = 1|--why|d"));
}
END_TEST

START_TEST(a_password_on_the_command_line_is_policy)
{
    ck_assert(!parse(COMMAND_PLAN, "--source|postgresql://a:secret@h/d"));
    ck_assert_int_eq(err.status, STATUS_POLICY);
    ck_assert_str_eq(err.context, "option '--source'");
    ck_assert_str_eq(err.cause, "a password may not stand on the command line");
    ck_assert_ptr_nonnull(strstr(err.hint, "PGPASSFILE"));
}
END_TEST

START_TEST(each_command_finds_its_name)
{
    for (int i = 0; i < COMMAND_COUNT; i++)
        ck_assert_int_eq(command_find(command_name((enum command_id)i)), i);
    ck_assert_int_eq(command_find("refesh"), COMMAND_COUNT);
}
END_TEST

/* A row that option_set_value or option_set_switch forgot would be STATUS_BUG. */
START_TEST(each_option_has_a_place)
{
    size_t count;
    const struct option_row *rows = option_rows(&count);

    ck_assert_uint_eq(count, OPTION_COUNT);
    for (size_t i = 0; i < count; i++) {
        int command = 0;

        while ((rows[i].commands >> command & 1u) == 0)
            command++;
        teardown();
        setup();
        parse((enum command_id)command,
              arena_printf(arena, "--%s%s", rows[i].name, rows[i].argument ? "=x" : ""));
        ck_assert_msg(err.status != STATUS_BUG, "%s", rows[i].name);
        ck_assert_int_eq(rows[i].id, (int)i);
    }
}
END_TEST

Suite *suite_config_options(void);
Suite *suite_config_options(void)
{
    Suite *suite = suite_create("config/options");
    TCase *tests = tcase_create("options");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, defaults_stand_before_anything_is_said);
    tcase_add_test(tests, the_environment_stands_in);
    tcase_add_test(tests, every_option_of_refresh_is_read);
    tcase_add_test(tests, letters_go_together_as_getopt_reads_them);
    tcase_add_test(tests, operands_may_stand_anywhere_and_behind_two_dashes);
    tcase_add_test(tests, a_lone_dash_is_an_operand);
    tcase_add_test(tests, several_pins_keep_their_reasons);
    tcase_add_test(tests, a_pin_is_read_by_the_engine_of_the_source);
    tcase_add_loop_test(tests, what_is_refused_names_the_option, 0, COUNT_OF(refusals));
    tcase_add_test(tests, a_password_on_the_command_line_is_policy);
    tcase_add_test(tests, each_command_finds_its_name);
    tcase_add_test(tests, each_option_has_a_place);
    suite_add_tcase(suite, tests);
    return suite;
}
