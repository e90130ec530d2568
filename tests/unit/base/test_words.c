/* Nearest words, printable names, UTF-8. */
#include "base/words.h"
#include <check.h>

static const char *const words[] = {"email", "hash", "shift_date", "keep", "null", "größe"};

static const char *nearest(const char *word)
{
    return words_nearest(word, words, COUNT_OF(words));
}

START_TEST(a_typing_error_finds_its_word)
{
    ck_assert_str_eq(nearest("emial"), "email");
    ck_assert_str_eq(nearest("emai"), "email");
    ck_assert_str_eq(nearest("hassh"), "hash");
    ck_assert_str_eq(nearest("shft_daet"), "shift_date");
    ck_assert_str_eq(nearest("grösse"), "größe");
}
END_TEST

START_TEST(a_word_too_far_away_finds_nothing)
{
    ck_assert_ptr_null(nearest("telephone"));
    ck_assert_ptr_null(nearest("eamli"));
    ck_assert_ptr_null(nearest(""));
    ck_assert_ptr_null(words_nearest("email", NULL, 0));
}
END_TEST

START_TEST(the_nearest_of_several_wins_and_the_first_of_equals)
{
    static const char *const alike[] = {"catalogs", "catalog", "catalo"};

    ck_assert_str_eq(words_nearest("catalogx", alike, 3), "catalogs");
    ck_assert_str_eq(words_nearest("cataloog", alike, 3), "catalog");
}
END_TEST

START_TEST(a_very_long_word_is_nobodys_typing_error)
{
    static const char text[] =
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const char *const alike[] = {text + 1, text + 3};

    ck_assert_ptr_null(words_nearest(text, alike, 2));
}
END_TEST

START_TEST(a_plain_name_is_shown_as_it_is)
{
    struct arena *arena = arena_new();
    const char *name = "Größe 表 \\ 'x'";

    ck_assert_ptr_eq(words_printable(arena, name), name);
    arena_free(arena);
}
END_TEST

START_TEST(what_deceives_a_terminal_is_spelled_out)
{
    struct arena *arena = arena_new();

    ck_assert_str_eq(words_printable(arena, "a\nb\x1b[0m\x7f"), "a\\x0ab\\x1b[0m\\x7f");
    ck_assert_str_eq(words_printable(arena, "x\xff\xc3"), "x\\xff\\xc3");
    ck_assert_str_eq(words_printable(arena, "a\xe2\x80\xae!"), "a\\u{202e}!");
    ck_assert_str_eq(words_printable(arena, "\xc2\x85"), "\\u{0085}");
    ck_assert_str_eq(words_printable(arena, "\xe2\x81\xa6\xe2\x80\xa8"), "\\u{2066}\\u{2028}");
    arena_free(arena);
}
END_TEST

START_TEST(every_code_point_comes_back_as_it_was_written)
{
    char bytes[4];
    uint32_t failed = 0;

    for (uint32_t point = 0; point <= 0x10ffff; point++) {
        if (point == 0xd800)
            point = 0xe000;
        size_t len = utf8_write(bytes, point);
        const char *next = bytes;
        failed += utf8_next(&next, bytes + len) != (int32_t)point || next != bytes + len ||
                  utf8_cut(bytes, len) != len || utf8_cut(bytes, len - 1) != 0;
    }
    ck_assert_uint_eq(failed, 0);
}
END_TEST

START_TEST(overlong_surrogate_and_cut_sequences_are_invalid)
{
    static const char *const invalid[] = {
        "\xc0\x80", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80",     "\xf4\x90\x80\x80",
        "\x80",     "\xc3",         "\xe2\x82",         "\xf5\x80\x80\x80", "\xc3\x28",
    };

    for (size_t i = 0; i < COUNT_OF(invalid); i++) {
        const char *next = invalid[i];
        ck_assert_int_eq(utf8_next(&next, next + strlen(next)), -1);
        ck_assert_ptr_eq(next, invalid[i] + 1);
        ck_assert(!utf8_valid(invalid[i], strlen(invalid[i])));
    }
    ck_assert_uint_eq(utf8_length("a\xff\xc3\xa4", 4), 3);
}
END_TEST

START_TEST(a_cut_splits_no_character)
{
    const char *text = "a\xf0\x9f\x90\x98z";

    ck_assert_uint_eq(utf8_cut(text, 0), 0);
    ck_assert_uint_eq(utf8_cut(text, 1), 1);
    for (size_t len = 2; len < 5; len++)
        ck_assert_uint_eq(utf8_cut(text, len), 1);
    ck_assert_uint_eq(utf8_cut(text, 5), 5);
    ck_assert_uint_eq(utf8_cut(text, 6), 6);
}
END_TEST

Suite *suite_base_words(void);
Suite *suite_base_words(void)
{
    Suite *suite = suite_create("base/words");
    TCase *tests = tcase_create("words");

    tcase_add_test(tests, a_typing_error_finds_its_word);
    tcase_add_test(tests, a_word_too_far_away_finds_nothing);
    tcase_add_test(tests, the_nearest_of_several_wins_and_the_first_of_equals);
    tcase_add_test(tests, a_very_long_word_is_nobodys_typing_error);
    tcase_add_test(tests, a_plain_name_is_shown_as_it_is);
    tcase_add_test(tests, what_deceives_a_terminal_is_spelled_out);
    tcase_add_test(tests, every_code_point_comes_back_as_it_was_written);
    tcase_add_test(tests, overlong_surrogate_and_cut_sequences_are_invalid);
    tcase_add_test(tests, a_cut_splits_no_character);
    suite_add_tcase(suite, tests);
    return suite;
}
