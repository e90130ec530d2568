/* The program as its command line is, but for one thing no option offers: --text-codec, as the
 * first argument, moves rows in the text form. The golden cases run both ways. */
#include <understudy/understudy.h>

#include <string.h>

static bool command_run(struct understudy *understudy, const char *command)
{
    if (strcmp(command, "refresh") == 0)
        return understudy_refresh(understudy, stdout);
    if (strcmp(command, "plan") == 0)
        return understudy_plan(understudy, stdout);
    if (strcmp(command, "check") == 0)
        return understudy_check(understudy, stdout);
    fprintf(stderr, "golden: '%s' is no command it knows\n", command);
    return false;
}

static void error_print(const struct understudy *understudy)
{
    const char *context = understudy_error_context(understudy);
    const char *hint = understudy_error_hint(understudy);

    fprintf(stderr, "understudy: %s%s%s\n", context, *context ? ": " : "",
            understudy_error_cause(understudy));
    if (*hint)
        fprintf(stderr, "hint: %s\n", hint);
}

int main(int argc, char **argv)
{
    int first = argc > 1 && strcmp(argv[1], "--text-codec") == 0 ? 2 : 1;
    struct understudy *understudy = understudy_new();

    if (!understudy || argc <= first) {
        fprintf(stderr, "usage: golden [--text-codec] COMMAND [OPTION...]\n");
        understudy_free(understudy);
        return 2;
    }
    if (first == 2)
        understudy_use_text_codec(understudy);
    bool is_ok = understudy_parse(understudy, argv[first], argc - first - 1, argv + first + 1) &&
                 command_run(understudy, argv[first]);
    if (!is_ok)
        error_print(understudy);
    int code = understudy_exit_code(understudy);
    understudy_free(understudy);
    return is_ok ? 0 : code;
}
