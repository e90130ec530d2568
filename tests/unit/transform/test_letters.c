#include "transform/letters.h"

#include "base/words.h"

#include <check.h>
#include <stdlib.h>
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

START_TEST(scrambling_keeps_script_class_and_what_is_no_letter)
{
    static const char text[] = "Ann-Kathrin O'Neill, 42 – Müller Жуков 王小明 한국 אבג \xff\x80 "
                               "e\xcc\x81 தமிழ் ไทย \x01\x7f";
    const struct sipkey key = {1, 2};
    struct stream stream = stream_make(&key, 3);
    char copy[sizeof(text)];
    const char *a = text, *b = copy;

    memcpy(copy, text, sizeof(text));
    ck_assert_uint_gt(letters_scramble(copy, sizeof(text) - 1, &stream), 20);
    ck_assert(memcmp(copy, text, sizeof(text)) != 0);
    while (*a) {
        int32_t from = utf8_next(&a, text + sizeof(text) - 1);
        int32_t to = utf8_next(&b, copy + sizeof(text) - 1);
        struct letter letter, other;

        ck_assert_int_eq(from < 0, to < 0);
        ck_assert_int_eq(a - text, b - copy);
        if (from < 0)
            continue;
        if (!letter_find((uint32_t)from, &letter)) {
            ck_assert_int_eq(from, to);
            continue;
        }
        ck_assert(letter_find((uint32_t)to, &other));
        ck_assert_uint_eq(letter.first, other.first);
    }
}
END_TEST

START_TEST(each_letter_of_a_class_is_drawn_as_often_as_any_other)
{
    const struct sipkey key = {5, 7};
    uint32_t seen[10] = {0}, pairs[100] = {0};

    for (uint64_t i = 0; i < 99000; i++) {
        struct stream stream = stream_make(&key, i);
        char text[] = "37";

        ck_assert_uint_eq(letters_scramble(text, 2, &stream), 2);
        seen[text[0] - '0']++;
        pairs[(text[0] - '0') * 10 + text[1] - '0']++;
    }
    /* 99 pairs share evenly: each digit stands in ten of them but for the input's, in nine. */
    ck_assert_uint_eq(pairs[37], 0);
    for (uint32_t i = 0; i < 10; i++)
        ck_assert_int_le(labs((long)seen[i] - (i == 3 ? 9000 : 10000)), 500);
    for (uint32_t i = 0; i < 100; i++)
        ck_assert(i == 37 || (pairs[i] > 840 && pairs[i] < 1160));
}
END_TEST

START_TEST(a_letter_of_every_script_has_its_script_as_its_class)
{
    static const struct {
        uint32_t letter, first, last, least;
    } scripts[] = {
        {0xe9, 0xe0, 0xff, 27},          {0x142, 0xdf, 0x2af, 50},
        {0x1ec7, 0x1e00, 0x1eff, 80},    {0x3b1, 0x371, 0x3fc, 20},
        {0x436, 0x430, 0x44f, 32},       {0x573, 0x560, 0x588, 38},
        {0x5d0, 0x5d0, 0x5f2, 27},       {0x628, 0x621, 0x64a, 36},
        {0x915, 0x904, 0x97f, 69},       {0x995, 0x980, 0x9ff, 40},
        {0xa15, 0xa05, 0xa74, 30},       {0xa95, 0xa85, 0xaf9, 40},
        {0xb15, 0xb05, 0xb71, 40},       {0xb95, 0xb83, 0xbd0, 22},
        {0xc15, 0xc05, 0xc80, 40},       {0xc95, 0xc80, 0xcf2, 40},
        {0xd15, 0xd04, 0xd7f, 50},       {0xd9a, 0xd85, 0xdc6, 50},
        {0xe01, 0xe01, 0xe45, 49},       {0xe81, 0xe81, 0xedf, 27},
        {0x10d0, 0x10d0, 0x10f0, 33},    {0x1208, 0x1200, 0x138f, 342},
        {0x1780, 0x1780, 0x17dc, 36},    {0x304b, 0x3041, 0x309f, 61},
        {0x30ab, 0x30a1, 0x30ff, 61},    {0xac00, 0xac00, 0xd7a3, 11172},
        {0x4e2d, 0x4e00, 0x9fff, 20900}, {0x1f600, 0x1f300, 0x1faff, 600},
        {0x669, 0x660, 0x669, 10},       {0xff21, 0xff21, 0xff3a, 26},
    };

    for (size_t i = 0; i < COUNT_OF(scripts); i++) {
        struct letter letter;

        ck_assert(letter_find(scripts[i].letter, &letter));
        ck_assert_msg(letter.first >= scripts[i].first &&
                          letter_at(&letter, letter.count - 1) <= scripts[i].last &&
                          letter.count >= scripts[i].least,
                      "U+%04X: %u from U+%04X to U+%04X", scripts[i].letter, letter.count,
                      letter.first, letter_at(&letter, letter.count - 1));
    }
}
END_TEST

START_TEST(marks_punctuation_blanks_and_controls_are_no_letters)
{
    static const uint32_t kept[] = {0x09,   0xa0,   0x301,  0x5b0,  0x64b,   0x94d,  0xbcd,
                                    0xe31,  0x200d, 0x200f, 0x202e, 0x2019,  0x2028, 0x3001,
                                    0x3099, 0xfe0f, 0xfeff, 0xfffd, 0x1f3fb, 0xe0101};
    struct letter letter;

    for (size_t i = 0; i < COUNT_OF(kept); i++)
        ck_assert_msg(!letter_find(kept[i], &letter), "U+%04X", kept[i]);
    /* Not assigned, or for private use. */
    ck_assert(letter_find(0xe000, &letter));
    ck_assert(letter_find(0x10fffd, &letter));
}
END_TEST

START_TEST(decomposed_text_stays_decomposed)
{
    struct letter composed, plain;

    for (uint32_t c = 0xc0; c < 0x250; c++) {
        struct letter letter;

        ck_assert(letter_find(0xe9, &composed) && letter_find(0x142, &plain));
        if (letter_find(c, &letter) && letter.first == plain.first)
            ck_assert_uint_ne(letter.first, composed.first);
    }
    ck_assert_uint_ne(composed.first, plain.first);
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
    tcase_add_test(tcase, scrambling_keeps_script_class_and_what_is_no_letter);
    tcase_add_test(tcase, each_letter_of_a_class_is_drawn_as_often_as_any_other);
    tcase_add_test(tcase, a_letter_of_every_script_has_its_script_as_its_class);
    tcase_add_test(tcase, marks_punctuation_blanks_and_controls_are_no_letters);
    tcase_add_test(tcase, decomposed_text_stays_decomposed);
    tcase_add_test(tcase, looking_ahead_changes_no_choice);
    suite_add_tcase(suite, tcase);
    return suite;
}
