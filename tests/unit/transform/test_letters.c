#include "transform/letters.h"

#include "base/words.h"

#include <check.h>
#include <string.h>

START_TEST(classes_are_closed_and_of_one_length_in_utf8)
{
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        struct letter letter, other;
        char bytes[4], others[4];
        size_t size;

        if (c == 0xd800)
            c = 0xe000;
        if (!letter_find(c, &letter))
            continue;
        if (letter.count < 2 || letter_at(&letter, letter.index) != c)
            ck_abort_msg("U+%04X is not where its class says", c);
        size = utf8_write(bytes, c);
        for (uint32_t i = 0; i < letter.count; i += letter.count - 1) {
            if (!letter_find(letter_at(&letter, i), &other) || other.first != letter.first ||
                other.count != letter.count || other.kind != letter.kind ||
                utf8_write(others, letter_at(&letter, i)) != size)
                ck_abort_msg("U+%04X has a class that is not closed", c);
        }
    }
}
END_TEST

START_TEST(ascii_is_as_expected)
{
    struct letter letter;

    for (uint32_t c = 0; c < 0x80; c++) {
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

        ck_assert_int_eq(letter_find(c, &letter), is_letter);
    }
}
END_TEST

START_TEST(scrambling_leaves_no_letter_where_it_stood)
{
    static const char text[] =
        "Ann-Kathrin O'Neill, 42 – Müller Жуков 王小明 한국 אבג \xff\x80 e\xcc\x81";
    const struct sipkey key = {1, 2};
    struct stream stream = stream_make(&key, 3);
    char copy[sizeof(text)];
    const char *a = text, *b = copy;

    memcpy(copy, text, sizeof(text));
    ck_assert_uint_gt(letters_scramble(copy, sizeof(text) - 1, &stream), 20);
    while (*a) {
        int32_t from = utf8_next(&a, text + sizeof(text) - 1);
        int32_t to = utf8_next(&b, copy + sizeof(text) - 1);
        struct letter letter;

        ck_assert_int_eq(from < 0, to < 0);
        ck_assert_int_eq(a - text, b - copy);
        if (from >= 0)
            ck_assert_int_eq(from != to, letter_find((uint32_t)from, &letter));
    }
}
END_TEST

START_TEST(looking_ahead_changes_no_choice)
{
    const struct sipkey key = {1, 2};
    struct stream plain = stream_make(&key, 3), ahead = stream_make(&key, 3);

    for (uint32_t i = 0; i < 1000; i++) {
        if (i % 3 == 0)
            stream_look_ahead(&ahead);
        if (i % 7 == 0)
            ck_assert_uint_eq(stream_next(&ahead), stream_next(&plain));
        ck_assert_uint_eq(stream_below(&ahead, 1 + i), stream_below(&plain, 1 + i));
    }
}
END_TEST

Suite *suite_transform_letters(void);
Suite *suite_transform_letters(void)
{
    Suite *suite = suite_create("transform/letters");
    TCase *tcase = tcase_create("letters");

    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, classes_are_closed_and_of_one_length_in_utf8);
    tcase_add_test(tcase, ascii_is_as_expected);
    tcase_add_test(tcase, scrambling_leaves_no_letter_where_it_stood);
    tcase_add_test(tcase, looking_ahead_changes_no_choice);
    suite_add_tcase(suite, tcase);
    return suite;
}
