#include "base/utf8.h"
#include "base/words.h"
#include "fixture.h"
#include "transform/names_words.h"
#include "value/fold.h"

#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const rules[] = {"first_name", "family_name", "full_name",
                                    "company",    "street",      "city"};

/* Latin of all sorts, every script of the dictionaries, and what is none. */
static const char *const texts[] = {
    "Anna",
    "ANNA",
    "anna-maria",
    "Jürgen",
    "Nguyễn Thị Ánh",
    "O'Neill",
    "J. R. R. Tolkien",
    "Dr. Jean-Pierre de la Fontaine",
    "van der Berg, Jan",
    "Li",
    "Xx",
    "McDonald Jr.",
    "Jose\xcc\x81 Nun\xcc\x83"
    "ez",
    "Αλέξανδρος Παπαδόπουλος",
    "Мария Иванова",
    "Արամ Սարգսյան",
    "דוד כהן",
    "محمد الحسيني",
    "ޢަލީ މަނިކު",
    "अजिता शर्मा",
    "অভয়নগর",
    "สมชาย กนกวรรณ",
    "გიორგი აბაშიძე",
    "やまだ たろう",
    "김민수",
    "남궁 민수",
    "山田太郎",
    "王伟",
    "山田　花子",
    "தமிழ் செல்வன்",
    "Anna Мария 花子",
    "Rue de la Paix 12",
    "100 Main Street",
    "Müller & Söhne GmbH",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "van",
    "de la",
    "😀 Ann",
    "Ann\xff Bob",
    "A",
};

static size_t length_of(const char *text)
{
    return utf8_length(text, strlen(text));
}

START_TEST(another_text_comes_of_the_same_script_and_about_as_long)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, rules[_i], NULL));
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const char *moved = fixture_text(&fixture, texts[i]);
        size_t at = 0, moved_at = 0;
        struct word word, other;
        const bool is_joined = strcmp(rules[_i], "full_name") == 0;

        ck_assert_str_ne(moved, texts[i]);
        ck_assert_str_eq(moved, fixture_text(&fixture, texts[i]));
        ck_assert_uint_le(length_of(moved), length_of(texts[i]));
        ck_assert_uint_ge(length_of(moved) + 1, length_of(texts[i]) * 3 / 4);
        if (strchr(texts[i], '\xcc') || strchr(texts[i], '\xff') || is_joined)
            continue;
        while (word_next(span_of(texts[i]), &at, &word)) {
            ck_assert_msg(word_next(span_of(moved), &moved_at, &other), "%s", texts[i]);
            ck_assert_msg(word.script == other.script, "%s", texts[i]);
            ck_assert_msg(word.style == other.style || word.style == CASE_MIXED || word.chars == 1,
                          "%s -> %s", texts[i], moved);
            ck_assert_uint_le(other.class, word.class);
        }
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(another_key_gives_another_text)
{
    struct fixture one, two;
    size_t same = 0;

    fixture_init(&one, KIND_TEXT, 1);
    fixture_init(&two, KIND_TEXT, 2);
    ck_assert(fixture_prepare(&one, rules[_i], NULL));
    ck_assert(fixture_prepare(&two, rules[_i], NULL));
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        same += strcmp(fixture_text(&one, texts[i]), fixture_text(&two, texts[i])) == 0;
    ck_assert_uint_le(same, 4);
    fixture_release(&one);
    fixture_release(&two);
}
END_TEST

START_TEST(null_and_the_empty_text_stay)
{
    struct fixture fixture;
    struct value values[2] = {{.is_null = true}, value_text("")};

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, rules[_i], NULL));
    fixture_apply(&fixture, values, 2);
    ck_assert(values[0].is_null);
    ck_assert(!values[1].is_null);
    ck_assert_uint_eq(values[1].bytes.len, 0);
    ck_assert_str_eq(fixture_text(&fixture, " -- "), " -- ");
    ck_assert_uint_eq(fixture.unchanged, 1);
    fixture_release(&fixture);
}
END_TEST

START_TEST(texts_equal_but_for_case_stay_so_beyond_ascii)
{
    static const char *const pairs[][2] = {
        {"jürgen größ", "JÜRGEN GRÖß"},
        {"мария иванова", "Мария ИВАНОВА"},
        {"αλέξανδρος", "ΑΛΈΞΑΝΔΡΟς"},
        {"van der berg", "Van Der BERG"},
    };
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture.type.is_case_insensitive = true;
    ck_assert(fixture_prepare(&fixture, rules[_i], NULL));
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        struct buf lower, upper;

        buf_init(&lower, 1000);
        buf_init(&upper, 1000);
        fold_text(span_of(fixture_text(&fixture, pairs[i][0])), &lower);
        fold_text(span_of(fixture_text(&fixture, pairs[i][1])), &upper);
        ck_assert_str_eq(buf_text(&lower), buf_text(&upper));
        buf_release(&lower);
        buf_release(&upper);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_letter_apart_from_its_mark_maps_as_the_composed_one)
{
    struct fixture fixture;
    struct buf composed;
    size_t apart = 0;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, rules[_i], NULL));
    buf_init(&composed, 1000);
    const char *moved = fixture_text(&fixture, "Jose\xcc\x81 Mu\xcc\x88ller");
    apart = text_compose(span_of(moved), &composed);
    ck_assert_uint_ge(apart, 1);
    ck_assert_str_eq(buf_text(&composed), fixture_text(&fixture, "José Müller"));
    buf_release(&composed);
    fixture_release(&fixture);
}
END_TEST

START_TEST(titles_particles_and_legal_forms_stay)
{
    static const struct {
        const char *rule, *text, *begins, *ends;
    } cases[] = {
        {"full_name", "Dr. Jan van der Berg", "Dr. ", ""},
        {"family_name", "van der Berg", "van der ", ""},
        {"family_name", "O'Neill", "O'", ""},
        {"full_name", "Anna Smith Jr.", "", " Jr."},
        {"company", "Acme Widgets Ltd.", "", " Ltd."},
        {"company", "Müller GmbH & Co. KG", "", " GmbH & Co. KG"},
        {"street", "Rue Lafayette 5", "Rue ", ""},
        {"street", "742 Evergreen Rd", "", " Rd"},
    };
    struct fixture fixture;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const size_t begin = strlen(cases[i].begins), end = strlen(cases[i].ends);

        fixture_init(&fixture, KIND_TEXT, 1);
        ck_assert(fixture_prepare(&fixture, cases[i].rule, NULL));
        const char *moved = fixture_text(&fixture, cases[i].text);
        ck_assert_msg(strncmp(moved, cases[i].begins, begin) == 0, "%s", moved);
        ck_assert_msg(strcmp(moved + strlen(moved) - end, cases[i].ends) == 0, "%s", moved);
        ck_assert_str_ne(moved, cases[i].text);
        fixture_release(&fixture);
    }
}
END_TEST

START_TEST(a_house_number_changes_and_gets_no_leading_zero)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "street", NULL));
    for (int i = 1; i < 500; i++) {
        const char *text = arena_printf(fixture.arena, "Hauptstr %d", i);
        const char *moved = strrchr(fixture_text(&fixture, text), ' ') + 1;

        ck_assert_int_ne(*moved, '0');
        ck_assert_str_ne(moved, strrchr(text, ' ') + 1);
        ck_assert_uint_eq(strlen(moved), strlen(strrchr(text, ' ') + 1));
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_script_without_a_dictionary_is_scrambled_and_others_are_not)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "full_name", NULL));
    (void)fixture_text(&fixture, "Мария Иванова");
    (void)fixture_text(&fixture, "山田太郎");
    (void)fixture_text(&fixture, "محمد حسن");
    ck_assert_uint_eq(fixture.scrambled, 0);
    (void)fixture_text(&fixture, "Donaudampfschifffahrtsgesellschaftskapitän");
    ck_assert_uint_eq(fixture.scrambled, 1);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_name_per_subject_is_another_at_another_subject)
{
    static struct value values[64];
    struct fixture fixture;
    size_t same = 0;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, rules[_i], "{ per: subject }"));
    ck_assert_uint_ne(fixture.prepared->needs & NEED_SUBJECT, 0);
    ck_assert_uint_eq(fixture.prepared->preserves & PROPERTY_EQUALITY, 0);
    for (size_t i = 0; i < COUNT_OF(values); i++)
        values[i] = value_text("Anna Katharina");
    fixture_apply(&fixture, values, COUNT_OF(values));
    for (size_t i = 1; i < COUNT_OF(values); i++) {
        const bool is_equal = values_equal(KIND_TEXT, &values[i], &values[i - 1]);

        if (fixture.subjects[i] == fixture.subjects[i - 1])
            ck_assert(is_equal);
        else
            same += is_equal;
    }
    ck_assert_uint_le(same, 1);
    fixture_release(&fixture);
}
END_TEST

START_TEST(per_knows_two_words_and_refuses_rules_and_columns_it_does_not_fit)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(!fixture_prepare(&fixture, "full_name", "{ per: person }"));
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    ck_assert(!fixture_prepare(&fixture, "email", "{ per: subject }"));
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    fixture.site.is_unique = true;
    ck_assert(!fixture_prepare(&fixture, "postcode", "{ per: row }"));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    ck_assert(fixture_prepare(&fixture, "postcode", NULL));
    fixture_release(&fixture);
}
END_TEST

START_TEST(postcodes_of_one_form_change_places_and_none_stays)
{
    static struct value values[1000];
    static bool is_taken[1000];
    struct fixture fixture;
    unsigned near = 0;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "postcode", NULL));
    for (size_t i = 0; i < 1000; i++)
        values[i] = value_text(arena_printf(fixture.arena, "DE-%03zu", i));
    fixture_apply(&fixture, values, 1000);
    for (size_t i = 0; i < 1000; i++) {
        unsigned code = 0;

        ck_assert_int_eq(sscanf(values[i].bytes.ptr, "DE-%03u", &code), 1);
        ck_assert_uint_ne(code, i);
        ck_assert(!is_taken[code]);
        is_taken[code] = true;
        near += code + 5 > i && code < i + 5;
    }
    ck_assert_uint_le(near, 40);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_postcode_keeps_its_form)
{
    static const char *const codes[] = {"SW1A 1AA", "sw1a 1aa", "K1A 0B1",   "12345-6789",
                                        "1012 AB",  "LV-1010",  "〒100-0001"};
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "postcode", NULL));
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        const char *moved = fixture_text(&fixture, codes[i]);

        ck_assert_str_ne(moved, codes[i]);
        ck_assert_uint_eq(strlen(moved), strlen(codes[i]));
        for (size_t c = 0; codes[i][c]; c++) {
            ck_assert_int_eq(isdigit((unsigned char)moved[c]) != 0,
                             isdigit((unsigned char)codes[i][c]) != 0);
            ck_assert_int_eq(isupper((unsigned char)moved[c]) != 0,
                             isupper((unsigned char)codes[i][c]) != 0);
        }
    }
    ck_assert_int_eq(strcasecmp(fixture_text(&fixture, codes[0]), fixture_text(&fixture, codes[1])),
                     0);
    ck_assert_int_eq(strncmp(fixture_text(&fixture, "LV-1010"), "LV-", 3), 0);
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_names(void);
Suite *suite_transform_names(void)
{
    Suite *suite = suite_create("transform/names");
    TCase *tcase = tcase_create("names");
    const int count = (int)COUNT_OF(rules);

    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, another_text_comes_of_the_same_script_and_about_as_long, 0, count);
    tcase_add_loop_test(tcase, another_key_gives_another_text, 0, count);
    tcase_add_loop_test(tcase, null_and_the_empty_text_stay, 0, count);
    tcase_add_loop_test(tcase, texts_equal_but_for_case_stay_so_beyond_ascii, 0, count);
    tcase_add_loop_test(tcase, a_letter_apart_from_its_mark_maps_as_the_composed_one, 0, count);
    tcase_add_loop_test(tcase, a_name_per_subject_is_another_at_another_subject, 0, count);
    tcase_add_test(tcase, titles_particles_and_legal_forms_stay);
    tcase_add_test(tcase, a_house_number_changes_and_gets_no_leading_zero);
    tcase_add_test(tcase, a_script_without_a_dictionary_is_scrambled_and_others_are_not);
    tcase_add_test(tcase, per_knows_two_words_and_refuses_rules_and_columns_it_does_not_fit);
    tcase_add_test(tcase, postcodes_of_one_form_change_places_and_none_stays);
    tcase_add_test(tcase, a_postcode_keeps_its_form);
    suite_add_tcase(suite, tcase);
    return suite;
}
