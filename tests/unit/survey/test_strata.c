#include "fixture.h"
#include <check.h>

/* A detector that says what the test in hand wants: one state a part, nothing counted. */
static void (*said)(struct strata *strata, const struct survey_table *table);

struct saying {
    const struct survey_table *table;
};

static bool saying_open(const struct survey_table *table, void **state, struct error *err)
{
    struct saying *saying = ARENA_NEW(table->arena, struct saying);

    if (!saying)
        return error_memory(err);
    saying->table = table;
    *state = saying;
    return true;
}

static bool saying_observe(void *state, const struct survey_batch *batch, struct error *err)
{
    UNUSED(state);
    UNUSED(batch);
    UNUSED(err);
    return true;
}

static bool saying_merge(void *state, void *from, struct error *err)
{
    UNUSED(state);
    UNUSED(from);
    UNUSED(err);
    return true;
}

static bool saying_yield(void *state, struct strata *strata, struct error *err)
{
    UNUSED(err);
    said(strata, ((struct saying *)state)->table);
    return true;
}

static void saying_close(void *state)
{
    UNUSED(state);
}

static size_t saying_bytes(const void *state)
{
    UNUSED(state);
    return 1;
}

static const struct detector detector_saying = {.kind = "saying",
                                                .help = "what it is told",
                                                .weight = 2,
                                                .open = saying_open,
                                                .observe = saying_observe,
                                                .merge = saying_merge,
                                                .yield = saying_yield,
                                                .close = saying_close,
                                                .bytes = saying_bytes};

static const struct survey_column *find(const struct survey_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].bound->column->name, name) == 0)
            return &table->columns[i];
    ck_abort_msg("there is no column %s", name);
    return NULL;
}

static void add(struct strata *strata, const struct stratum_draft *draft, const char *describe)
{
    struct error err = {0};

    ck_assert_msg(strata_add(strata, draft, &err, "%s", describe), "%s", err.cause);
}

/* 4,000 rows: rare are 4 and fewer. */
static void table_make(struct survey_trial *trial)
{
    trial_begin(trial);
    builder_column(trial->builder, "id", "int8", 0);
    builder_enum(trial->builder, "mood", "sad,on hold,ok");
    builder_column(trial->builder, "mood", "mood", 0);
    builder_column(trial->builder, "status", "text", 0);
    builder_column(trial->builder, "total", "numeric(12,2)", 0);
    builder_column(trial->builder, "is_open", "bool", 0);
    builder_column(trial->builder, "words", "tsvector", 0);
    builder_primary(trial->builder, "id");
    for (int i = 1; i <= 4000; i++)
        trial_row(trial, trial_text(trial, "%d", i), "on hold", "legacy_v1", "-12.50", "f", NULL);
}

static void say_limits(struct strata *strata, const struct survey_table *table)
{
    UNUSED(table);
    ck_assert_uint_eq(strata_rows(strata), 4000);
    ck_assert(strata_is_rare(strata, 4));
    ck_assert(!strata_is_rare(strata, 5));
    add(strata, &(struct stratum_draft){.rows = 4}, "four");
    add(strata, &(struct stratum_draft){.rows = 5}, "five");
    add(strata, &(struct stratum_draft){.rows = 0}, "none");
    add(strata, &(struct stratum_draft){.rows = 900, .is_rare_always = true, .wanted = 8},
        "an extreme");
    add(strata, &(struct stratum_draft){.rows = 1}, "one");
}

START_TEST(rare_is_what_holds_at_most_the_share)
{
    struct survey_trial trial;

    table_make(&trial);
    said = say_limits;
    const struct survey *survey = trial_run(&trial, &detector_saying, 1, 0);
    ck_assert(trial_find(survey, "four")->is_rare);
    ck_assert_uint_eq(trial_find(survey, "four")->wanted, 4);
    ck_assert(!trial_find(survey, "five")->is_rare);
    ck_assert(!trial_find(survey, "none")->is_rare);
    ck_assert(trial_find(survey, "an extreme")->is_rare);
    ck_assert_uint_eq(trial_find(survey, "an extreme")->wanted, 8);
    trial_end(&trial);
}
END_TEST

START_TEST(what_is_rarer_weighs_more)
{
    struct survey_trial trial;

    table_make(&trial);
    said = say_limits;
    const struct survey *survey = trial_run(&trial, &detector_saying, 1, 0);
    ck_assert_double_eq(trial_find(survey, "four")->weight, 2);
    ck_assert_double_eq(trial_find(survey, "one")->weight, 2 * (1 + 2));
    ck_assert_double_eq(trial_find(survey, "an extreme")->weight, 2);
    trial_end(&trial);
}
END_TEST

static void say_masks(struct strata *strata, const struct survey_table *table)
{
    const struct bound_column *both[] = {find(table, "mood")->bound, find(table, "status")->bound};
    struct stratum_draft draft = {
        .column_count = 2, .columns = both, .rows = 1, .needs = PROPERTY_EQUALITY};

    add(strata, &draft, "equality");
    draft.needs = PROPERTY_NULLS;
    add(strata, &draft, "nulls");
    draft.needs = 0;
    add(strata, &draft, "nothing");
}

START_TEST(a_rule_masks_what_it_does_not_preserve)
{
    struct survey_trial trial;

    table_make(&trial);
    trial_rule(&trial, "status", PROPERTY_NULLS | PROPERTY_LENGTH);
    said = say_masks;
    const struct survey *survey = trial_run(&trial, &detector_saying, 1, 0);
    ck_assert_ptr_eq(trial_find(survey, "equality")->masked, trial_column(&trial, "status"));
    ck_assert_ptr_null(trial_find(survey, "nulls")->masked);
    ck_assert_ptr_null(trial_find(survey, "nothing")->masked);
    trial_end(&trial);
}
END_TEST

START_TEST(every_way_in_which_a_column_is_rewritten_counts)
{
    struct survey_trial trial;
    struct prepared_transform shift = {.preserves = PROPERTY_NULLS};

    table_make(&trial);
    trial_bind(&trial);
    struct bound_variant variants[] = {{.when = 0, .rule = &shift}, {.when = -1, .rule = NULL}};
    struct bound_column *status = &trial.binding.tables[0].columns[2];
    ck_assert_str_eq(status->column->name, "status");
    status->variants = variants;
    status->variant_count = 2;
    status->is_copied = false;
    said = say_masks;
    const struct survey *survey = trial_run(&trial, &detector_saying, 1, 0);
    ck_assert_ptr_eq(trial_find(survey, "equality")->masked, status);
    ck_assert_ptr_null(trial_find(survey, "nulls")->masked);
    trial_end(&trial);
}
END_TEST

static void say_total(struct strata *strata, const struct survey_table *table)
{
    const struct bound_table *bound = table->bound;
    const struct bound_column *total = NULL;

    for (size_t i = 0; i < bound->column_count; i++)
        if (strcmp(bound->columns[i].column->name, "total") == 0)
            total = &bound->columns[i];
    add(strata, &(struct stratum_draft){.column_count = 1, .columns = &total, .rows = 1}, "total");
    add(strata, &(struct stratum_draft){.rows = 1}, "rows");
}

START_TEST(an_ignored_column_has_no_strata)
{
    struct survey_trial trial;

    table_make(&trial);
    trial_ignore(&trial, "total");
    said = say_total;
    const struct survey *survey = trial_run(&trial, &detector_saying, 1, 0);
    ck_assert_ptr_null(trial_find(survey, "total"));
    ck_assert_ptr_nonnull(trial_find(survey, "rows"));
    trial_end(&trial);
}
END_TEST

static void say_again(struct strata *strata, const struct survey_table *table)
{
    const struct bound_column *status = find(table, "status")->bound;
    const struct bound_column *mood = find(table, "mood")->bound;

    add(strata, &(struct stratum_draft){.column_count = 1, .columns = &status, .rows = 1}, "same");
    add(strata, &(struct stratum_draft){.column_count = 1, .columns = &mood, .rows = 1}, "same");
    add(strata, &(struct stratum_draft){.column_count = 1, .columns = &status, .rows = 3}, "same");
}

START_TEST(strata_are_sorted_and_none_is_said_twice)
{
    struct survey_trial trial;

    table_make(&trial);
    said = say_again;
    const struct survey *survey = trial_run(&trial, &detector_saying, 1, 0);
    ck_assert_uint_eq(survey->stratum_count, 2);
    ck_assert_str_eq(survey->strata[0].columns[0]->column->name, "mood");
    ck_assert_str_eq(survey->strata[1].columns[0]->column->name, "status");
    ck_assert_uint_eq(survey->strata[1].rows, 3);
    trial_end(&trial);
}
END_TEST

static void say_gaps(struct strata *strata, const struct survey_table *table)
{
    struct error err = {0};

    ck_assert(strata_gap(strata, find(table, "status"), "too long", &err));
    ck_assert(strata_gap(strata, NULL, "too many", &err));
    ck_assert(strata_gap(strata, find(table, "status"), "too long", &err));
}

START_TEST(gaps_are_said_once_and_unknown_types_are_gaps)
{
    struct survey_trial trial;

    table_make(&trial);
    said = say_gaps;
    const struct survey *survey = trial_run(&trial, &detector_saying, 1, 0);
    ck_assert_uint_eq(survey->gap_count, 3);
    ck_assert(trial_has_gap(survey, "status", "too long"));
    ck_assert(trial_has_gap(survey, NULL, "too many"));
    ck_assert(trial_has_gap(survey, "words", "type 'tsvector' is not known to any detector"));
    trial_end(&trial);
}
END_TEST

static struct span binary(const struct survey_column *column, struct value value,
                          struct arena *arena)
{
    struct error err = {0};
    struct span cell = {NULL, 0};

    ck_assert(codec_pg_binary.encode(NULL, column->type, &value, arena, &cell, &err));
    return cell;
}

static const char *shown_text(const struct survey_table *table, const char *column,
                              const char *text)
{
    const struct survey_column *of = find(table, column);

    return survey_show_value(of, binary(of, (struct value){.bytes = span_of(text)}, table->arena),
                             table->arena);
}

static void say_values(struct strata *strata, const struct survey_table *table)
{
    const struct survey_column *is_open = find(table, "is_open");

    UNUSED(strata);
    ck_assert_str_eq(shown_text(table, "mood", "on hold"), "on hold");
    ck_assert_str_eq(shown_text(table, "status", "legacy_v1"), "legacy_v1");
    ck_assert_str_eq(shown_text(table, "total", "-12.50"), "-12.50");
    ck_assert_str_eq(
        survey_show_value(is_open, binary(is_open, (struct value){.boolean = false}, table->arena),
                          table->arena),
        "false");
    ck_assert_ptr_null(shown_text(table, "status", "on hold"));
    ck_assert_ptr_null(shown_text(table, "status", ""));
    ck_assert_ptr_null(shown_text(table, "status", "a@b.example"));
    ck_assert_ptr_null(shown_text(table, "status", "Z\xc3\xbcrich"));
    ck_assert_ptr_null(shown_text(table, "status", "a-code-of-41-letters-is-no-code-any-more.."));
}

START_TEST(values_that_look_like_codes_may_be_shown)
{
    struct survey_trial trial;

    table_make(&trial);
    said = say_values;
    trial_run(&trial, &detector_saying, 1, 0);
    trial_end(&trial);
}
END_TEST

static void say_nothing_of_it(struct strata *strata, const struct survey_table *table)
{
    UNUSED(strata);
    ck_assert_ptr_null(shown_text(table, "mood", "ok"));
    ck_assert_ptr_null(shown_text(table, "status", "legacy_v1"));
}

START_TEST(values_of_a_column_with_a_rule_are_never_shown)
{
    struct survey_trial trial;

    table_make(&trial);
    trial_rule(&trial, "mood", PROPERTY_NULLS);
    trial_rule(&trial, "status", PROPERTY_EQUALITY | PROPERTY_NULLS);
    said = say_nothing_of_it;
    trial_run(&trial, &detector_saying, 1, 0);
    trial_end(&trial);
}
END_TEST

static void say_witnesses(struct strata *strata, const struct survey_table *table)
{
    struct witness_pool *pool = witness_pool_new(3);
    struct witness_list list = {.count = 0};
    struct error err = {0};

    UNUSED(table);
    for (uint64_t hash = 9; hash > 0; hash--)
        ck_assert(witness_offer(pool, &list, &(struct witness){hash, hash * 10, 0}, &err));
    add(strata, &(struct stratum_draft){.rows = 9, .witnesses = &list}, "three of nine");
    witness_pool_free(pool);
}

START_TEST(witnesses_ascend_by_hash_and_outlive_their_pool)
{
    struct survey_trial trial;

    table_make(&trial);
    said = say_witnesses;
    const struct stratum *stratum =
        trial_find(trial_run(&trial, &detector_saying, 1, 0), "three of nine");
    ck_assert_uint_eq(stratum->witness_count, 3);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_uint_eq(stratum->witnesses[i].hash, i + 1);
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_strata(void);

Suite *suite_survey_strata(void)
{
    Suite *suite = suite_create("survey/strata");
    TCase *tcase = tcase_create("strata");

    tcase_add_test(tcase, rare_is_what_holds_at_most_the_share);
    tcase_add_test(tcase, what_is_rarer_weighs_more);
    tcase_add_test(tcase, a_rule_masks_what_it_does_not_preserve);
    tcase_add_test(tcase, every_way_in_which_a_column_is_rewritten_counts);
    tcase_add_test(tcase, an_ignored_column_has_no_strata);
    tcase_add_test(tcase, strata_are_sorted_and_none_is_said_twice);
    tcase_add_test(tcase, gaps_are_said_once_and_unknown_types_are_gaps);
    tcase_add_test(tcase, values_that_look_like_codes_may_be_shown);
    tcase_add_test(tcase, values_of_a_column_with_a_rule_are_never_shown);
    tcase_add_test(tcase, witnesses_ascend_by_hash_and_outlive_their_pool);
    suite_add_tcase(suite, tcase);
    return suite;
}
