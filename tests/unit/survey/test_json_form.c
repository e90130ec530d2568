#include "survey/json_walk.h"
#include "told.h"
#include <stdio.h>

enum { REVERSED = 1500 }; /* the row whose keys stand the other way round */

/* 3,000 events; rare is what at most three have. */
static void events_make(struct survey_trial *trial)
{
    static const char *const odd[] = {
        "{\"ip\": \"10.0.0.1\", \"n\": 1, \"legacy\": true}",      /* a rare key */
        "{\"ip\": \"10.0.0.1\", \"n\": \"1\"}",                    /* a rare type */
        "{\"ip\": \"10.0.0.1\"}",                                  /* a key is missing */
        "{\"ip\": [[[[[1]]]]], \"n\": 1}",                         /* deep */
        "[1, 2]",                                                  /* another root */
        "{\"n\": 1, \"ip\": \"10.0.0.1\", \"a b@c\": {\"d\": 1}}", /* a key that is no name */
        "{\"ip\": \"x\", \"ip\": \"y\", \"n\": 2}",                /* a key twice */
        "12",
        "{\"ip\": \"10.0.0.1\", \"n\": 1, \"l\": [\"x\", \"y\"]}", /* elements of another type */
        ("{\"ip\": \"10.0.0.1\", \"n\": 1, \"l\": [1, 2],"
         "\"a_name_that_is_longer_than_a_sentence_takes\": 1}"),
    };

    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_column(trial->builder, "payload", "json", 0);
    builder_primary(trial->builder, "id");
    for (int i = 1; i <= 3000; i++)
        trial_row(trial, trial_text(trial, "%d", i),
                  i <= (int)COUNT_OF(odd) ? odd[i - 1]
                  : i % 7 == 0            ? NULL
                  : i == REVERSED
                      ? "{\"l\": [1, 2], \"n\": 1, \"ip\": \"10.0.0.1\"}"
                      : trial_text(trial, "{\"ip\": \"10.0.0.%d\", \"n\": %d, \"l\": [1, 2]}",
                                   i % 250, i));
}

START_TEST(rare_keys_types_and_depths_are_told)
{
    struct survey_trial trial;

    events_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_json, 3, 1);
    assert_told(&trial, survey, "payload has the rare key legacy", 1, 1);
    assert_told(&trial, survey, "payload has a text at n, unlike most", 1, 2);
    assert_told(&trial, survey, "payload has an array at ip, unlike most", 1, 4);
    assert_told(&trial, survey, "payload has a text at l[*], unlike most", 1, 9);
    assert_told(&trial, survey, "payload is 6 levels deep", 1, 4);
    assert_told(&trial, survey, "payload is 0 levels deep", 1, 8);
    assert_told(&trial, survey, "payload has an array at the document, unlike most", 1, 5);
    assert_told(&trial, survey, "payload has a number at the document, unlike most", 1, 8);
    assert_told(&trial, survey, "payload has the rare key [*]", 1, 5);
    trial_end(&trial);
}
END_TEST

START_TEST(a_missing_key_shows_in_the_set_of_keys)
{
    struct survey_trial trial;
    bool is_told = false;

    events_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_json, 2, 2);
    for (size_t i = 0; i < survey->stratum_count; i++)
        is_told = is_told || (strstr(survey->strata[i].describe, "set of keys") &&
                              trial_has_witness(&survey->strata[i], 3));
    ck_assert_msg(is_told, "%s", trial_print(&trial, survey));
    for (size_t i = 0; i < survey->stratum_count; i++)
        ck_assert_msg(!trial_has_witness(&survey->strata[i], REVERSED), "%s",
                      survey->strata[i].describe);
    trial_end(&trial);
}
END_TEST

START_TEST(keys_that_may_be_data_are_not_shown)
{
    struct survey_trial trial;

    events_make(&trial);
    const struct survey *survey = trial_run(&trial, &detector_json, 1, 0);
    ck_assert_ptr_null(strstr(trial_print(&trial, survey), "a b@c"));
    ck_assert_ptr_null(strstr(trial_print(&trial, survey), "a_name_that"));
    trial_end(&trial);
    events_make(&trial);
    trial_rule(&trial, "payload", PROPERTY_NULLS | PROPERTY_SHAPE);
    survey = trial_run(&trial, &detector_json, 1, 0);
    ck_assert_ptr_null(strstr(trial_print(&trial, survey), "legacy"));
    ck_assert_ptr_null(strstr(trial_print(&trial, survey), "masked"));
    trial_end(&trial);
}
END_TEST

START_TEST(documents_in_any_order_are_the_same)
{
    struct survey_trial trial;

    events_make(&trial);
    trial_assert_order_free(&trial, &detector_json);
    trial_end(&trial);
}
END_TEST

START_TEST(keys_that_are_data_are_a_gap_in_every_order)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "id", "int8", 0);
    builder_column(trial.builder, "payload", "json", 0);
    builder_primary(trial.builder, "id");
    /* some parts are full by themselves, others are not */
    for (int i = 1; i <= 2000; i++)
        trial_row(&trial, trial_text(&trial, "%d", i), trial_text(&trial, "{\"u%d\": 1}", i));
    const struct survey *survey = trial_run(&trial, &detector_json, 3, 1);
    ck_assert(trial_has_gap(survey, "payload", "its documents have more than 512 keys"));
    ck_assert(trial_has_gap(survey, "payload", "its documents have more than 512 sets of keys"));
    trial_assert_order_free(&trial, &detector_json);
    trial_end(&trial);
}
END_TEST

struct seen {
    char text[400];
    size_t len;
};

static bool see(void *context, const struct json_place *place, struct error *err)
{
    struct seen *seen = context;

    UNUSED(err);
    ck_assert(place->path.ptr != NULL);
    seen->len += (size_t)snprintf(seen->text + seen->len, sizeof(seen->text) - seen->len,
                                  "%.*s:%d ", (int)place->path.len, place->path.ptr, place->type);
    ck_assert_uint_lt(seen->len, sizeof(seen->text));
    return true;
}

static struct json_outcome walk_read(struct json_walk *walk, const char *text, struct seen *seen)
{
    struct json_outcome outcome;
    struct error err = {0};

    *seen = (struct seen){.len = 0};
    ck_assert(json_walk_read(walk, span_of(text), see, seen, &outcome, &err));
    return outcome;
}

START_TEST(a_walk_tells_the_places_of_the_upper_levels)
{
    struct json_walk *walk = json_walk_new();
    struct seen seen;
    struct json_outcome outcome =
        walk_read(walk, "{\"a\":{\"b\":[{\"c\":1},null]},\"d\":\"x\"}", &seen);

    ck_assert_str_eq(seen.text, ":4 a:4 a.b:5 a.b[*]:4 a.b[*]:0 d:3 ");
    ck_assert(outcome.is_parsed && !outcome.is_deep && outcome.depth == 4);
    json_walk_free(walk);
}
END_TEST

START_TEST(a_walk_goes_on_behind_a_malformed_document)
{
    static const char *const malformed[] = {"{\"a\":", "[1,2",      "nonsense", "1 2",
                                            "",        "{\"a\" 1}", "\"\xff\"", "]"};
    struct json_walk *walk = json_walk_new();
    struct seen seen;

    for (size_t i = 0; i < COUNT_OF(malformed); i++) {
        ck_assert_msg(!walk_read(walk, malformed[i], &seen).is_parsed, "%s", malformed[i]);
        ck_assert(walk_read(walk, "17", &seen).is_parsed);
        ck_assert_str_eq(seen.text, ":2 ");
        ck_assert(walk_read(walk, "[true]", &seen).is_parsed);
        ck_assert_str_eq(seen.text, ":5 [*]:1 ");
    }
    json_walk_free(walk);
}
END_TEST

START_TEST(a_document_without_a_bottom_is_left)
{
    struct json_walk *walk = json_walk_new();
    struct seen seen;
    char text[2001];
    struct json_outcome outcome;

    memset(text, '[', 1000);
    memset(text + 1000, ']', 1000);
    text[2000] = '\0';
    outcome = walk_read(walk, text, &seen);
    ck_assert(!outcome.is_parsed && outcome.is_deep && outcome.depth == JSON_DEPTH_MAX);
    json_walk_free(walk);
}
END_TEST

Suite *suite_survey_json_form(void);

Suite *suite_survey_json_form(void)
{
    Suite *suite = suite_create("survey/json_form");
    TCase *tcase = tcase_create("json_form");

    tcase_add_test(tcase, rare_keys_types_and_depths_are_told);
    tcase_add_test(tcase, a_missing_key_shows_in_the_set_of_keys);
    tcase_add_test(tcase, keys_that_may_be_data_are_not_shown);
    tcase_add_test(tcase, documents_in_any_order_are_the_same);
    tcase_add_test(tcase, keys_that_are_data_are_a_gap_in_every_order);
    tcase_add_test(tcase, a_walk_tells_the_places_of_the_upper_levels);
    tcase_add_test(tcase, a_walk_goes_on_behind_a_malformed_document);
    tcase_add_test(tcase, a_document_without_a_bottom_is_left);
    suite_add_tcase(suite, tcase);
    return suite;
}
