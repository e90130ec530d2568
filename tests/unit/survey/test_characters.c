#include "survey/characters.h"
#include "survey/text_classes.h"
#include <check.h>

static unsigned read(const char *text)
{
    return characters_read(span_of(text));
}

START_TEST(ascii_is_told_by_what_is_in_it)
{
    ck_assert_uint_eq(read(""), 0);
    ck_assert_uint_eq(read("ann"), CHARACTERS_LOWER);
    ck_assert_uint_eq(read("Ann 7"),
                      CHARACTERS_LOWER | CHARACTERS_UPPER | CHARACTERS_BLANK | CHARACTERS_DIGIT);
    ck_assert_uint_eq(read("@"), CHARACTERS_SIGN);
    ck_assert_uint_eq(read("O'B"), CHARACTERS_UPPER | CHARACTERS_QUOTE);
    ck_assert_uint_eq(read("\\;"), CHARACTERS_SIGN | CHARACTERS_BACKSLASH | CHARACTERS_SEMICOLON);
    ck_assert_uint_eq(read(" a"), CHARACTERS_LOWER | CHARACTERS_BLANK | CHARACTERS_LEADING);
    ck_assert_uint_eq(read("a\n"), CHARACTERS_LOWER | CHARACTERS_LINE | CHARACTERS_TRAILING);
    ck_assert_uint_eq(read("\001\x7f"), CHARACTERS_CONTROL);
}
END_TEST

START_TEST(every_byte_is_of_the_class_its_code_says)
{
    for (unsigned byte = 1; byte < 256; byte++) {
        const char text[] = {'x', (char)byte, 'x'};
        const unsigned found = characters_read(span_make(text, 3)) & ~CHARACTERS_LOWER;
        unsigned expected = CHARACTERS_SIGN;

        if (byte >= 0x80)
            expected = CHARACTERS_WIDE | CHARACTERS_INVALID;
        else if (byte == '\t' || byte == '\n' || byte == '\r')
            expected = CHARACTERS_LINE;
        else if (byte < ' ' || byte == 0x7f)
            expected = CHARACTERS_CONTROL;
        else if (byte == ' ')
            expected = CHARACTERS_BLANK;
        else if (byte >= '0' && byte <= '9')
            expected = CHARACTERS_DIGIT;
        else if (byte >= 'A' && byte <= 'Z')
            expected = CHARACTERS_UPPER;
        else if (byte >= 'a' && byte <= 'z')
            expected = 0;
        else if (byte == '\'' || byte == '"' || byte == '`')
            expected = CHARACTERS_QUOTE;
        else if (byte == '\\')
            expected = CHARACTERS_SIGN | CHARACTERS_BACKSLASH;
        else if (byte == ';')
            expected = CHARACTERS_SIGN | CHARACTERS_SEMICOLON;
        ck_assert_msg(found == expected, "byte %02x: %x", byte, found);
    }
}
END_TEST

START_TEST(each_script_has_its_class)
{
    static const struct {
        const char *text;
        unsigned bits;
    } cases[] = {
        {"Ñandú", CHARACTERS_LATIN},
        {"ß", CHARACTERS_LATIN},
        {"Ωμέγα", CHARACTERS_ALPHABET},
        {"Анна", CHARACTERS_ALPHABET},
        {"مريم", CHARACTERS_RTL},
        {"שלום", CHARACTERS_RTL},
        {"नमस्ते", CHARACTERS_BRAHMIC},
        {"ไทย", CHARACTERS_BRAHMIC},
        {"李小龍", CHARACTERS_CJK},
        {"カタ", CHARACTERS_CJK},
        {"한국", CHARACTERS_CJK},
        {"ｆｕｌｌ", CHARACTERS_CJK},
        {"Zoe\u0301\u0327", CHARACTERS_COMBINING},
        {"Z\u0337\u0322a\u0336l\u0338", CHARACTERS_STACKED},
        {"Ann\u200bSmith", CHARACTERS_FORMAT},
        {"\u202egnp", CHARACTERS_FORMAT},
        {"a\u200db", CHARACTERS_FORMAT},
        {"👩\u200d👧", CHARACTERS_EMOJI},
        {"❤\ufe0f", CHARACTERS_EMOJI},
        {"𝔘", CHARACTERS_ASTRAL},
        {"“x”", CHARACTERS_TYPE},
        {"5 €", CHARACTERS_TYPE},
        {"\ufffd", CHARACTERS_PRIVATE},
        {"a\u00a0b", CHARACTERS_SPACE},
        {"ᐃᓄᒃ", CHARACTERS_OTHER},
        {"a\xff"
         "b",
         CHARACTERS_INVALID},
    };
    const unsigned ascii = 0xffu & ~CHARACTERS_WIDE;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        ck_assert_msg((read(cases[i].text) & ~ascii) == (cases[i].bits | CHARACTERS_WIDE),
                      "'%s': %x", cases[i].text, read(cases[i].text));
}
END_TEST

START_TEST(wide_blanks_at_the_ends_are_seen)
{
    ck_assert_uint_ne(read("\u00a0x") & CHARACTERS_LEADING, 0);
    ck_assert_uint_ne(read("x\u3000") & CHARACTERS_TRAILING, 0);
    ck_assert_uint_eq(read("x\u00a0x") & (CHARACTERS_LEADING | CHARACTERS_TRAILING), 0);
}
END_TEST

static void assert_shape(const char *text, const char *expected)
{
    char shape[100];
    uint32_t len = characters_shape(span_of(text), shape);

    ck_assert_uint_le(len, strlen(text));
    ck_assert_msg(len == strlen(expected) && memcmp(shape, expected, len) == 0, "'%s': '%.*s'",
                  text, (int)len, shape);
}

START_TEST(a_shape_has_each_run_once)
{
    assert_shape("", "");
    assert_shape("aaaa@aa.aa", "a@a.a");
    assert_shape("Ann-Lee 17", "Aa-Aa 9");
    assert_shape("  --  ", " - ");
    assert_shape("Zoë", "Aau");
    assert_shape("a\tb\n\n", "acac");
    assert_shape("((", "(");
}
END_TEST

static bool has(const char *text, enum text_class class)
{
    return text_classes(span_of(text)) >> class & 1;
}

START_TEST(classes_say_what_programs_stumble_over)
{
    ck_assert(has("ann", TEXT_LOWER) && !has("ann", TEXT_MIXED));
    ck_assert(has("ANN", TEXT_UPPER) && has("Ann", TEXT_MIXED) && has("12", TEXT_NO_LETTER));
    ck_assert(!has("李", TEXT_NO_LETTER));
    ck_assert(has("007", TEXT_NUMBER) && has("-1,000.50", TEXT_NUMBER) && !has("-", TEXT_NUMBER));
    ck_assert(!has("1-2", TEXT_NUMBER) && !has("12a", TEXT_NUMBER));
    ck_assert(has("null", TEXT_NO_VALUE) && has("N/A", TEXT_NO_VALUE) && has("\\N", TEXT_NO_VALUE));
    ck_assert(!has("nullable", TEXT_NO_VALUE) && !has("Nilsson", TEXT_NO_VALUE));
    ck_assert(has("ann", TEXT_ASCII) && !has("ané", TEXT_ASCII));
    ck_assert_uint_eq(text_classes(span_of("")), 0);
}
END_TEST

Suite *suite_survey_characters(void);

Suite *suite_survey_characters(void)
{
    Suite *suite = suite_create("survey/characters");
    TCase *tcase = tcase_create("characters");

    tcase_add_test(tcase, ascii_is_told_by_what_is_in_it);
    tcase_add_test(tcase, every_byte_is_of_the_class_its_code_says);
    tcase_add_test(tcase, each_script_has_its_class);
    tcase_add_test(tcase, wide_blanks_at_the_ends_are_seen);
    tcase_add_test(tcase, a_shape_has_each_run_once);
    tcase_add_test(tcase, classes_say_what_programs_stumble_over);
    suite_add_tcase(suite, tcase);
    return suite;
}
