#include "told.h"

/* 3,000 people; rare is what at most three have. */
static void people_make(struct survey_trial *trial)
{
    static const struct {
        int row;
        const char *name, *email;
    } odd[] = {{1, "مريم الخوري", NULL},
               {2, "👩\u200d👩\u200d👧 Fam", NULL},
               {3, "Zoe\u0301\u0327", NULL},
               {4, "Z\u0337\u0322a\u0336l\u0338g", NULL},
               {5, "李小龍", NULL},
               {6, "Ann\u200bSmith", NULL},
               {7, "O'Brien\"; --", NULL},
               {8, "Ñandú Ærø", NULL},
               {9, "null", NULL},
               {10, "12345", NULL},
               {11, NULL, "  Foo17@EXAMPLE.com "},
               {12, NULL, "no-at-sign.example"},
               {13, "", ""}};

    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "name", "text", 0);
    builder_column(trial->builder, "email", "text", 0);
    builder_column(trial->builder, "tier", "text", 0);
    builder_primary(trial->builder, "id");
    for (int i = 1; i <= 3000; i++) {
        const char *name = trial_text(trial, "Ann%c Smith", 'a' + i % 20);
        const char *email = trial_text(trial, "user%d@mail.example", i);
        for (size_t j = 0; j < COUNT_OF(odd); j++) {
            name = odd[j].row == i && odd[j].name ? odd[j].name : name;
            email = odd[j].row == i && odd[j].email ? odd[j].email : email;
        }
        trial_row(trial, trial_text(trial, "%d", i), name, email,
                  i == 2000     ? "GOLD"
                  : i % 10 == 0 ? NULL
                                : "free");
    }
}

START_TEST(each_odd_class_has_its_own_witness)
{
    struct survey_trial trial;

    people_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_text_form, 3, 1);
    assert_told(&trial, survey, "name has letters written right to left", 1, 1);
    assert_told(&trial, survey, "name has an emoji", 1, 2);
    assert_told(&trial, survey, "name has combining marks", 1, 3);
    assert_told(&trial, survey, "name has combining marks in heaps", 1, 4);
    assert_told(&trial, survey, "name has Chinese, Japanese or Korean letters", 1, 5);
    assert_told(&trial, survey, "name has characters without width", 1, 6);
    assert_told(&trial, survey, "name has a quote", 1, 7);
    assert_told(&trial, survey, "name has a semicolon", 1, 7);
    assert_told(&trial, survey, "name has Latin letters with accents", 1, 8);
    assert_told(&trial, survey, "name is a word for nothing: null, undefined, n/a", 1, 9);
    assert_told(&trial, survey, "name is a number in disguise", 1, 10);
    assert_told(&trial, survey, "email begins with a blank", 1, 11);
    assert_told(&trial, survey, "email ends with a blank", 1, 11);
    assert_told(&trial, survey, "email has letters of both cases", 1, 11);
    assert_told(&trial, survey, "tier has letters, all of upper case", 1, 2000);
    assert_untold(&trial, survey, "name has letters of both cases");
    assert_untold(&trial, survey, "name is plain ASCII");
    trial_end(&trial);
}
END_TEST

START_TEST(a_shape_that_few_have_is_told)
{
    struct survey_trial trial;

    people_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_text_form, 2, 5);
    assert_told(&trial, survey, "email has the shape 'a-a-a.a'", 1, 12);
    assert_told(&trial, survey, "email has the shape ' Aa9@A.a '", 1, 11);
    assert_untold(&trial, survey, "email has the shape 'a9@a.a'");
    trial_end(&trial);
}
END_TEST

START_TEST(a_shape_of_signs_alone_is_not_shown)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "note", "text", 0);
    for (int i = 1; i <= 100; i++)
        trial_row(&trial, i == 5 ? ";-)" : "good");
    const struct survey *survey = trial_run(&trial, &detector_text_form, 1, 0);
    assert_told(&trial, survey, "note has a shape of signs alone (1)", 1, 5);
    ck_assert_ptr_null(strstr(trial_print(&trial, survey), ";-)"));
    trial_end(&trial);
}
END_TEST

START_TEST(script_and_shape_need_what_they_are)
{
    struct survey_trial trial;

    people_make(&trial);
    trial_rule(&trial, "name", PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_SCRIPT);
    const struct survey *survey = trial_run(&trial, &detector_text_form, 1, 0);
    ck_assert_ptr_null(assert_told(&trial, survey, "name has an emoji", 1, 2)->masked);
    ck_assert_ptr_nonnull(assert_told(&trial, survey, "name has a quote", 1, 7)->masked);
    trial_end(&trial);
}
END_TEST

START_TEST(forms_in_any_order_are_the_same)
{
    struct survey_trial trial;

    people_make(&trial);
    trial_assert_order_free(&trial, &detector_text_form);
    trial_end(&trial);
}
END_TEST

START_TEST(too_many_shapes_are_a_gap_in_every_order)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "id", "int8", 0);
    builder_column(trial.builder, "code", "text", 0);
    builder_primary(trial.builder, "id");
    for (int i = 0; i < 4200; i++) {
        char code[27] = "";
        for (int bit = 0; bit < 13; bit++)
            code[bit] = "a9A-"[(i >> bit & 1) + 2 * (bit & 1)];
        trial_row(&trial, trial_text(&trial, "%d", i), code);
    }
    const struct survey *survey = trial_run(&trial, &detector_text_form, 3, 1);
    ck_assert(trial_has_gap(survey, "code", "its texts have more than 4096 shapes"));
    trial_assert_order_free(&trial, &detector_text_form);
    trial_end(&trial);
}
END_TEST

START_TEST(prose_has_no_shape)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "note", "text", 0);
    for (int i = 0; i < 100; i++)
        trial_row(&trial,
                  i == 5 ? "a b-c d-e f-g h-i j-k l-m n-o p-q r-s t-u v-w x-y z-a b-c d-e f-g h-i "
                           "j-k l-m n-o p-q r-s"
                         : "a b");
    const struct survey *survey = trial_run(&trial, &detector_text_form, 1, 0);
    ck_assert_msg(survey->stratum_count == 0, "%s", trial_print(&trial, survey));
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_text_form(void);

Suite *suite_survey_text_form(void)
{
    Suite *suite = suite_create("survey/text_form");
    TCase *tcase = tcase_create("text_form");

    tcase_add_test(tcase, each_odd_class_has_its_own_witness);
    tcase_add_test(tcase, a_shape_that_few_have_is_told);
    tcase_add_test(tcase, a_shape_of_signs_alone_is_not_shown);
    tcase_add_test(tcase, script_and_shape_need_what_they_are);
    tcase_add_test(tcase, forms_in_any_order_are_the_same);
    tcase_add_test(tcase, too_many_shapes_are_a_gap_in_every_order);
    tcase_add_test(tcase, prose_has_no_shape);
    suite_add_tcase(suite, tcase);
    return suite;
}
