/* Where keys come from, and from where they are refused. */
#include "config/secret.h"
#include "unit/config/trial.h"

#include <check.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DIGITS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define LINE   "understudy-key-v1:" DIGITS

static char *folder;
static struct error err;

static void setup(void)
{
    folder = folder_make();
    memset(&err, 0, sizeof(err));
}

static void teardown(void)
{
    folder_remove(folder);
}

static void expect_key(uint8_t *key)
{
    ck_assert_int_eq(key[0], 0);
    ck_assert_int_eq(key[31], 31);
    sodium_free(key);
}

static void expect_refusal(const char *path, const char *cause)
{
    uint8_t *key = NULL;

    ck_assert(!secret_read_key_file(path, &key, &err));
    ck_assert_int_eq(err.status, STATUS_POLICY);
    ck_assert_ptr_nonnull(strstr(err.context, path));
    ck_assert_msg(strstr(err.cause, cause), "%s", err.cause);
    ck_assert_ptr_null(strstr(err.cause, "0001"));
}

static const char *const good_texts[] = {
    LINE,
    LINE "\n",
    "# a comment\n\n  " LINE " \r\n# more\n",
    "understudy-key-v1:000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
};

START_TEST(a_key_file_is_one_line_and_comments)
{
    char *path = folder_write(folder, "k", good_texts[_i], 0400 + (unsigned)(_i % 2) * 0200);
    uint8_t *key;

    ck_assert_msg(secret_read_key_file(path, &key, &err), "%s", err.cause);
    expect_key(key);
    free(path);
}
END_TEST

static const char *const bad_texts[] = {
    "",
    "correct horse battery staple\n",
    DIGITS "\n",
    "# " LINE "\n",
    LINE "\n" LINE "\n",
    LINE "0\n",
    "understudy-key-v1:0001\n",
    "understudy-key-v2:" DIGITS "\n",
    LINE " x\n",
    "understudy-key-v1:0000000000000000000000000000000000000000000000000000000000000000\n",
    "understudy-key-v1:zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n",
    "understudy-key-v1: 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f1\n",
};

START_TEST(anything_else_is_refused)
{
    char *path = folder_write(folder, "k", bad_texts[_i], 0600);

    expect_refusal(path, "not one key line and comments");
    ck_assert_ptr_nonnull(strstr(err.hint, "passphrase"));
    free(path);
}
END_TEST

static const unsigned bad_modes[] = {0640, 0604, 0660, 0644, 0700, 0200, 04600, 0666};

START_TEST(a_key_that_others_can_read_is_refused)
{
    char *path = folder_write(folder, "k", LINE, bad_modes[_i]);

    if (access(path, R_OK) == 0)
        expect_refusal(path, "its mode is ");
    free(path);
}
END_TEST

START_TEST(a_symbolic_link_is_refused)
{
    char *path = folder_write(folder, "k", LINE, 0600);
    char *other = folder_write(folder, "l", "", 0600);

    unlink(other);
    ck_assert_int_eq(symlink(path, other), 0);
    expect_refusal(other, "a symbolic link");
    free(path);
    free(other);
}
END_TEST

START_TEST(a_pipe_is_refused_without_waiting_for_its_writer)
{
    char *path = folder_write(folder, "k", "", 0600);

    unlink(path);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    expect_refusal(path, "not a regular file");
    free(path);
}
END_TEST

START_TEST(a_folder_and_nothing_are_refused)
{
    expect_refusal(folder, "not a regular file");
    expect_refusal("/nonexistent/key", "No such file");
}
END_TEST

START_TEST(a_key_of_another_owner_is_refused)
{
    char *path = folder_write(folder, "k", LINE, 0600);

    if (geteuid() == 0) {
        ck_assert_int_eq(chown(path, 12345, (gid_t)-1), 0);
        expect_refusal(path, "owned by somebody else");
    }
    free(path);
}
END_TEST

START_TEST(a_file_above_64_kib_is_refused)
{
    size_t size = (size_t)66 << 10;
    char *text = malloc(size + 1);
    char *path;

    memset(text, '\n', size);
    memcpy(text, LINE, strlen(LINE));
    text[size] = '\0';
    path = folder_write(folder, "k", text, 0600);
    expect_refusal(path, "not one key line");
    free(path);
    free(text);
}
END_TEST

START_TEST(a_new_key_file_is_private_and_never_overwrites)
{
    char *path = folder_write(folder, "k", "", 0600);
    struct stat status;
    uint8_t *first;
    uint8_t *second;

    unlink(path);
    umask(0);
    ck_assert(secret_write_key_file(path, &err));
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq(status.st_mode & 07777, 0600);
    ck_assert(secret_read_key_file(path, &first, &err));
    ck_assert(!secret_write_key_file(path, &err));
    ck_assert_int_eq(err.status, STATUS_POLICY);
    ck_assert(secret_read_key_file(path, &second, &err));
    ck_assert_mem_eq(first, second, SECRET_KEY_BYTES);
    sodium_free(second);
    unlink(path);
    ck_assert(secret_write_key_file(path, &err));
    ck_assert(secret_read_key_file(path, &second, &err));
    ck_assert_mem_ne(first, second, SECRET_KEY_BYTES);
    sodium_free(first);
    sodium_free(second);
    free(path);
}
END_TEST

START_TEST(a_variable_is_gone_once_it_was_read)
{
    struct profile profile = {.key_source = KEY_ENV, .key_place = "UNDERSTUDY_T_KEY"};
    const char *held;
    uint8_t *key;

    setenv("UNDERSTUDY_T_KEY", LINE, 1);
    held = getenv("UNDERSTUDY_T_KEY");
    ck_assert(secret_read_key(&profile, &key, &err));
    expect_key(key);
    ck_assert_ptr_null(getenv("UNDERSTUDY_T_KEY"));
    ck_assert_int_eq(held[0], '\0');
    ck_assert(!secret_read_key(&profile, &key, &err));
    ck_assert_int_eq(err.status, STATUS_POLICY);
    ck_assert_ptr_nonnull(strstr(err.cause, "'UNDERSTUDY_T_KEY' is not set"));
    setenv("UNDERSTUDY_T_KEY", "a passphrase", 1);
    ck_assert(!secret_read_key(&profile, &key, &err));
    ck_assert_int_eq(err.status, STATUS_POLICY);
    ck_assert_ptr_null(getenv("UNDERSTUDY_T_KEY"));
}
END_TEST

START_TEST(no_key_is_refused_with_a_hint)
{
    struct profile profile = {.key_source = KEY_NONE};
    uint8_t *key;

    ck_assert(!secret_read_key(&profile, &key, &err));
    ck_assert_int_eq(err.status, STATUS_POLICY);
    ck_assert_ptr_nonnull(strstr(err.hint, "UNDERSTUDY_KEY_FILE"));
}
END_TEST

START_TEST(a_command_may_say_the_key)
{
    const char *argv[] = {"printf", "%s\\n", LINE, NULL};
    const char *wrong[] = {"echo", "a passphrase", NULL};
    struct profile profile = {.key_source = KEY_COMMAND, .key_command = argv};
    uint8_t *key;

    ck_assert_msg(secret_read_key(&profile, &key, &err), "%s", err.cause);
    expect_key(key);
    profile.key_command = wrong;
    ck_assert(!secret_read_key(&profile, &key, &err));
    ck_assert_int_eq(err.status, STATUS_POLICY);
    ck_assert_ptr_null(strstr(err.cause, "passphrase\n"));
}
END_TEST

START_TEST(output_comes_without_its_final_newline_and_without_a_shell)
{
    const char *argv[] = {"printf", "%s", "a b $HOME `id`\n\n", NULL};
    const char *empty[] = {"true", NULL};
    const char *input[] = {"cat", NULL};
    char *text;

    ck_assert(secret_run_command(argv, &text, &err));
    ck_assert_str_eq(text, "a b $HOME `id`\n");
    sodium_free(text);
    ck_assert(secret_run_command(empty, &text, &err));
    ck_assert_str_eq(text, "");
    sodium_free(text);
    ck_assert(secret_run_command(input, &text, &err));
    ck_assert_str_eq(text, "");
    sodium_free(text);
}
END_TEST

static const struct {
    const char *argv[4];
    const char *cause;
} failures[] = {
    {{"sh", "-c", "echo secret; exit 3", NULL}, "ended with exit code 3"},
    {{"sh", "-c", "kill -9 $$", NULL}, "ended by signal 9"},
    {{"/nonexistent/program", NULL}, "cannot be started: No such file"},
    {{"sh", "-c", "yes", NULL}, "not text of at most 65536 bytes"},
    {{"printf", "a\\0b", NULL}, "not text of at most 65536 bytes"},
};

START_TEST(a_command_that_fails_is_named_and_not_quoted)
{
    char *text;

    ck_assert(!secret_run_command(failures[_i].argv, &text, &err));
    ck_assert_int_eq(err.status, STATUS_LOCAL);
    ck_assert_msg(strstr(err.cause, failures[_i].cause), "%s", err.cause);
    ck_assert_ptr_nonnull(strstr(err.context, failures[_i].argv[0]));
    ck_assert_ptr_null(strstr(err.context, "secret"));
}
END_TEST

START_TEST(a_protected_process_leaves_no_core)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        struct rlimit limit;
        bool is_ok = secret_protect_process(&err) && getrlimit(RLIMIT_CORE, &limit) == 0 &&
                     limit.rlim_max == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;

        _exit(is_ok ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}
END_TEST

Suite *suite_config_secret(void);
Suite *suite_config_secret(void)
{
    Suite *suite = suite_create("config/secret");
    TCase *tests = tcase_create("secret");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, a_key_file_is_one_line_and_comments, 0, COUNT_OF(good_texts));
    tcase_add_loop_test(tests, anything_else_is_refused, 0, COUNT_OF(bad_texts));
    tcase_add_loop_test(tests, a_key_that_others_can_read_is_refused, 0, COUNT_OF(bad_modes));
    tcase_add_test(tests, a_symbolic_link_is_refused);
    tcase_add_test(tests, a_pipe_is_refused_without_waiting_for_its_writer);
    tcase_add_test(tests, a_folder_and_nothing_are_refused);
    tcase_add_test(tests, a_key_of_another_owner_is_refused);
    tcase_add_test(tests, a_file_above_64_kib_is_refused);
    tcase_add_test(tests, a_new_key_file_is_private_and_never_overwrites);
    tcase_add_test(tests, a_variable_is_gone_once_it_was_read);
    tcase_add_test(tests, no_key_is_refused_with_a_hint);
    tcase_add_test(tests, a_command_may_say_the_key);
    tcase_add_test(tests, output_comes_without_its_final_newline_and_without_a_shell);
    tcase_add_loop_test(tests, a_command_that_fails_is_named_and_not_quoted, 0, COUNT_OF(failures));
    tcase_add_test(tests, a_protected_process_leaves_no_core);
    suite_add_tcase(suite, tests);
    return suite;
}
