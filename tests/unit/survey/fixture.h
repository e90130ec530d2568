/* One detector over a table made by hand: columns through the catalog builder, rows as texts, and
 * the same rows in any order, cut into any number of parts. What cannot be built is a mistake of
 * the test and fails it.
 *
 *     struct survey_trial trial;
 *     trial_begin(&trial);
 *     builder_column(trial.builder, "id", "int8", 0);
 *     builder_column(trial.builder, "status", "text", 0);
 *     builder_primary(trial.builder, "id");
 *     trial_row(&trial, "1", "active");
 *     trial_row(&trial, "2", NULL);
 *     const struct survey *survey = trial_run(&trial, &detector_rare_value, 3, 1);
 *     ck_assert_ptr_nonnull(trial_find(survey, "status = 'active'"));
 *     trial_end(&trial);
 *
 * The table under survey is "t", made by trial_begin; further tables may be built beside it. Every
 * column is kept unless trial_rule says otherwise. A row's address is its number, from 1 on. */
#ifndef UNDERSTUDY_TESTS_SURVEY_FIXTURE_H
#define UNDERSTUDY_TESTS_SURVEY_FIXTURE_H

#include "support/catalog_builder.h"
#include "survey/core.h"
#include "survey/symbols.h"

struct trial_rule {
    const char *column; /* of any table */
    unsigned preserves;
    bool is_ignored;
};

struct survey_trial {
    struct builder *builder;
    struct arena *arena;
    struct bound_tails tails; /* per_stratum 5, rare 0.001, budget 0.002 */
    int64_t now_us;           /* 2026-01-01 */
    uint32_t batch_rows;      /* 7 */
    struct binding binding;   /* made by trial_bind */
    bool is_bound;
    size_t rule_count, rule_capacity;
    struct trial_rule *rules;
    size_t row_count, row_capacity, cell_count;
    const char *const **rows; /* texts, NULL is NULL */
};

void trial_begin(struct survey_trial *trial);
void trial_end(struct survey_trial *trial);

/* Before the first run: a column whose rule preserves no more than these PROPERTY_ bits. */
void trial_rule(struct survey_trial *trial, const char *column, unsigned preserves);
/* A column that tails.ignore names. */
void trial_ignore(struct survey_trial *trial, const char *column);
/* A column of texts, JSON or bytes of which only length and class are read. */
void trial_wide(struct column *column);

/* One row: a text or NULL for each column of the table in its order, as the server prints it. */
#define trial_row(trial, ...)                                                                      \
    trial_add_row((trial), (const char *const[]){__VA_ARGS__},                                     \
                  sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
void trial_add_row(struct survey_trial *trial, const char *const *cells, size_t count);
/* The same for tests that make many. */
#define trial_text(trial, ...) arena_printf((trial)->arena, __VA_ARGS__)

/* Ends the building of tables. trial_run does it where it was not done. */
void trial_bind(struct survey_trial *trial);
const struct bound_column *trial_column(struct survey_trial *trial, const char *column);

/* Lets the detector see all rows in `parts` parts, merged, and says what it yields. `order` 0: as
 * they were added; any other number is an order of its own of rows, parts and merging. The survey
 * lives until trial_end. */
const struct survey *trial_run(struct survey_trial *trial, const struct detector *detector,
                               unsigned parts, unsigned order);

/* Everything a survey says, a line a stratum and a gap: what two equal surveys have in common. */
const char *trial_print(struct survey_trial *trial, const struct survey *survey);
/* The laws of every detector: parts, their order and that of rows do not show. */
void trial_assert_order_free(struct survey_trial *trial, const struct detector *detector);

/* By its sentence; NULL: there is none. */
const struct stratum *trial_find(const struct survey *survey, const char *describe);
bool trial_has_gap(const struct survey *survey, const char *columns, const char *why);
/* True when the row of this number (from 1) is among its witnesses. */
bool trial_has_witness(const struct stratum *stratum, uint64_t row);

#endif
