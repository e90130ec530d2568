#include "bind/sample.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 4000 };

/* A text column under an identifying rule, and the binder that hears the warnings. */
struct trial {
    struct table_sample sample;
    struct sample_column column;
    struct bound_table bound_table;
    struct bound_column bound;
    struct bound_variant variant;
    struct prepared_transform prepared;
    struct transform transform;
    struct table table;
    struct column catalog;
    struct type type;
    struct binding binding;
    struct binder binder;
    struct value values[ROWS];
};

static void trial_init(struct trial *trial)
{
    memset(trial, 0, sizeof(*trial));
    trial->type = (struct type){.schema = "pg_catalog", .name = "text", .kind = KIND_TEXT};
    trial->table = (struct table){.label = "public.people", .row_estimate = ROWS};
    trial->catalog =
        (struct column){.name = "family", .type = &trial->type, .table = &trial->table};
    trial->prepared = (struct prepared_transform){.transform = &trial->transform,
                                                  .per = PER_VALUE,
                                                  .preserves = PROPERTY_EQUALITY,
                                                  .identifies = true};
    trial->variant = (struct bound_variant){.when = -1, .rule = &trial->prepared};
    trial->bound = (struct bound_column){
        .column = &trial->catalog, .variant_count = 1, .variants = &trial->variant};
    trial->bound_table =
        (struct bound_table){.table = &trial->table, .column_count = 1, .columns = &trial->bound};
    trial->column = (struct sample_column){.bound = &trial->bound, .values = trial->values};
    trial->binding.arena = arena_new();
    ck_assert_ptr_nonnull(trial->binding.arena);
    trial->binder = (struct binder){.binding = &trial->binding, .arena = trial->binding.arena};
    trial->sample = (struct table_sample){.arena = trial->binding.arena,
                                          .table = &trial->bound_table,
                                          .column_count = 1,
                                          .columns = &trial->column,
                                          .rows = ROWS,
                                          .most = ROWS};
}

/* Row i holds value i % distinct, the first `heavy` rows value 0. */
static void trial_fill(struct trial *trial, int distinct, int heavy)
{
    for (int i = 0; i < ROWS; i++) {
        char text[16];

        snprintf(text, sizeof(text), "v%d", i < heavy ? 0 : i % distinct);
        trial->values[i].bytes = arena_span(trial->sample.arena, span_of(text));
    }
}

static size_t warnings(struct trial *trial)
{
    bool wanted[1] = {false};

    check_frequency.want(&trial->bound_table, wanted);
    if (wanted[0])
        ck_assert(check_frequency.look(&trial->binder, &trial->sample));
    for (size_t i = 0; i < trial->binding.warning_count; i++) {
        ck_assert_str_eq(trial->binding.warnings[i].topic, "frequencies");
        ck_assert_ptr_nonnull(strstr(trial->binding.warnings[i].text, "public.people.family"));
    }
    return trial->binding.warning_count;
}

static const struct {
    int distinct, heavy;
    size_t warnings;
} frequencies[] = {
    {300, 0, 1},   /* few distinct values */
    {ROWS, 0, 0},  /* each row its own */
    {3500, 0, 0},  /* nearly so */
    {ROWS, 60, 1}, /* one value in more than a hundredth of the rows */
    {ROWS, 9, 0},  /* a few repeats are chance */
};

START_TEST(frequencies_that_give_values_away_are_said)
{
    struct trial trial;

    trial_init(&trial);
    trial_fill(&trial, frequencies[_i].distinct, frequencies[_i].heavy);
    ck_assert_uint_eq(warnings(&trial), frequencies[_i].warnings);
    arena_free(trial.binding.arena);
}
END_TEST

START_TEST(a_rule_that_parts_equal_values_gives_no_frequencies)
{
    struct trial trial;

    trial_init(&trial);
    trial_fill(&trial, 300, 0);
    trial.prepared.per = PER_ROW;
    ck_assert_uint_eq(warnings(&trial), 0);
    trial.prepared.per = PER_VALUE;
    trial.bound.is_risk_accepted = true;
    ck_assert_uint_eq(warnings(&trial), 0);
    trial.bound.is_risk_accepted = false;
    ck_assert_uint_eq(warnings(&trial), 1);
    arena_free(trial.binding.arena);
}
END_TEST

START_TEST(no_value_stands_in_the_warning)
{
    struct trial trial;

    trial_init(&trial);
    trial_fill(&trial, ROWS, 400);
    ck_assert_uint_eq(warnings(&trial), 1);
    ck_assert_ptr_null(strstr(trial.binding.warnings[0].text, "v0"));
    arena_free(trial.binding.arena);
}
END_TEST

Suite *suite_bind_frequency(void);
Suite *suite_bind_frequency(void)
{
    Suite *suite = suite_create("bind/frequency");
    TCase *all = tcase_create("all");

    tcase_add_loop_test(all, frequencies_that_give_values_away_are_said, 0,
                        (int)COUNT_OF(frequencies));
    tcase_add_test(all, a_rule_that_parts_equal_values_gives_no_frequencies);
    tcase_add_test(all, no_value_stands_in_the_warning);
    suite_add_tcase(suite, all);
    return suite;
}
