/* How errors are printed. The program's own files are no library, so they are compiled in here. */
#include "cli/speech.c"
#include <check.h>

static const char *said(const struct complaint *complaint,
                        void (*write)(const struct complaint *complaint, FILE *out))
{
    static char text[4096];
    FILE *out = fmemopen(text, sizeof(text), "w");

    write(complaint, out);
    fclose(out);
    return text;
}

START_TEST(context_cause_and_hint_are_two_lines)
{
    const struct complaint complaint = {"table 'a': column 'b'", "no rule", "write one", 4};

    ck_assert_str_eq(said(&complaint, complaint_write_text),
                     "understudy: table 'a': column 'b': no rule\nhint: write one\n");
}
END_TEST

START_TEST(what_is_empty_leaves_no_trace)
{
    const struct complaint complaint = {"", "no rule", "", 4};

    ck_assert_str_eq(said(&complaint, complaint_write_text), "understudy: no rule\n");
}
END_TEST

START_TEST(a_name_cannot_send_commands_to_a_terminal)
{
    const struct complaint complaint = {"file 'a\n\033[2J'", "gone", "", 8};

    ck_assert_str_eq(said(&complaint, complaint_write_text),
                     "understudy: file 'a\\x0a\\x1b[2J': gone\n");
}
END_TEST

START_TEST(json_is_one_object_a_line)
{
    const struct complaint complaint = {"file 'a\n\"b\\'", "größe", "", 8};

    ck_assert_str_eq(said(&complaint, complaint_write_json),
                     "{\"level\":\"error\",\"context\":\"file 'a\\u000a\\\"b\\\\'\",\"cause\":"
                     "\"größe\",\"hint\":\"\",\"exit\":8}\n");
}
END_TEST

START_TEST(what_is_no_utf8_does_not_break_json)
{
    /* a stray continuation, an overlong slash, a surrogate, a cut character, beyond U+10FFFF */
    const struct complaint complaint = {"", "\x80|\xc0\xaf|\xed\xa0\x80|\xe2\x82|\xf4\x90\x80\x80",
                                        "", 8};

    ck_assert_str_eq(said(&complaint, complaint_write_json),
                     "{\"level\":\"error\",\"context\":\"\",\"cause\":\"\\ufffd|\\ufffd\\ufffd|"
                     "\\ufffd\\ufffd\\ufffd|\\ufffd\\ufffd|\\ufffd\\ufffd\\ufffd\\ufffd\","
                     "\"hint\":\"\",\"exit\":8}\n");
}
END_TEST

Suite *suite_cli_speech(void);
Suite *suite_cli_speech(void)
{
    Suite *suite = suite_create("cli/speech");
    TCase *tests = tcase_create("speech");

    tcase_add_test(tests, context_cause_and_hint_are_two_lines);
    tcase_add_test(tests, what_is_empty_leaves_no_trace);
    tcase_add_test(tests, a_name_cannot_send_commands_to_a_terminal);
    tcase_add_test(tests, json_is_one_object_a_line);
    tcase_add_test(tests, what_is_no_utf8_does_not_break_json);
    suite_add_tcase(suite, tests);
    return suite;
}
