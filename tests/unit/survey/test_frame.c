#include "fixture.h"
#include <check.h>

/* What the batch in hand must look like; run by a detector that only looks. */
static void (*looked)(const struct survey_batch *batch);
static unsigned batches;

static bool looking_open(const struct survey_table *table, void **state, struct error *err)
{
    *state = ARENA_NEW(table->arena, uint64_t);
    return *state || error_memory(err);
}

static bool looking_observe(void *state, const struct survey_batch *batch, struct error *err)
{
    UNUSED(state);
    UNUSED(err);
    looked(batch);
    batches++;
    return true;
}

static bool looking_merge(void *state, void *from, struct error *err)
{
    UNUSED(state);
    UNUSED(from);
    UNUSED(err);
    return true;
}

static bool looking_yield(void *state, struct strata *strata, struct error *err)
{
    UNUSED(state);
    UNUSED(strata);
    UNUSED(err);
    return true;
}

static void looking_close(void *state)
{
    UNUSED(state);
}

static size_t looking_bytes(const void *state)
{
    UNUSED(state);
    return 1;
}

static const struct detector detector_looking = {.kind = "looking",
                                                 .help = "looks",
                                                 .weight = 1,
                                                 .open = looking_open,
                                                 .observe = looking_observe,
                                                 .merge = looking_merge,
                                                 .yield = looking_yield,
                                                 .close = looking_close,
                                                 .bytes = looking_bytes};

static const struct survey_column *find(const struct survey_batch *batch, const char *name)
{
    const struct survey_table *table = batch->table;

    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].bound->column->name, name) == 0)
            return &table->columns[i];
    return NULL;
}

static void look_at_forms(const struct survey_batch *batch)
{
    static const struct {
        const char *column;
        enum survey_form form;
        bool has_symbols;
    } expected[] = {{"id", FORM_NUMBER, false},  {"day", FORM_TIME, true},
                    {"word", FORM_TEXT, true},   {"total", FORM_NUMBER, true},
                    {"body", FORM_JSON, false},  {"raw", FORM_BYTES, false},
                    {"tags", FORM_ARRAY, true},  {"token", FORM_CODE, true},
                    {"essay", FORM_WIDE, false}, {"document", FORM_WIDE, false}};

    ck_assert_uint_eq(batch->table->column_count, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const struct survey_column *column = find(batch, expected[i].column);
        ck_assert_msg(column != NULL, "%s", expected[i].column);
        const struct survey_cells *cells = &batch->columns[column->index];
        ck_assert_msg(column->form == expected[i].form, "%s", expected[i].column);
        ck_assert_msg(!cells->symbols == !expected[i].has_symbols, "%s", expected[i].column);
        ck_assert(!cells->times == (column->form != FORM_TIME));
        ck_assert(!cells->numbers == (column->form == FORM_CODE));
        ck_assert(!cells->hashes == (column->form == FORM_WIDE));
        ck_assert(!cells->classes == (column->form != FORM_WIDE));
    }
}

static const struct survey_cells *cells_of(const struct survey_batch *batch, const char *name)
{
    return &batch->columns[find(batch, name)->index];
}

static void look_at_values(const struct survey_batch *batch)
{
    look_at_forms(batch);
    ck_assert_uint_eq(batch->rows, 2);
    ck_assert_double_eq(cells_of(batch, "id")->numbers[0], 7);
    ck_assert_int_eq(cells_of(batch, "day")->times[0], INT64_C(86400000000));
    ck_assert_double_eq(cells_of(batch, "total")->numbers[0], -0.25);
    ck_assert_uint_eq(cells_of(batch, "total")->hashes[0],
                      survey_cell_hash(cells_of(batch, "total")->cells[0]));
    ck_assert(span_equal(cells_of(batch, "word")->texts[0], SPAN_LITERAL("a\tb")));
    ck_assert(span_equal(cells_of(batch, "body")->texts[0], SPAN_LITERAL("{\"a\": 1}")));
    ck_assert_double_eq(cells_of(batch, "raw")->numbers[0], 2);
    ck_assert_double_eq(cells_of(batch, "tags")->numbers[0], 3);
    ck_assert_double_eq(cells_of(batch, "essay")->numbers[0], 5);
    ck_assert_uint_eq(cells_of(batch, "essay")->classes[0], SYMBOL_PLAIN);
    ck_assert_uint_eq(cells_of(batch, "document")->classes[0], SYMBOL_LIST);
    ck_assert_double_eq(cells_of(batch, "document")->numbers[0], 2);
    for (size_t i = 0; i < batch->table->column_count; i++) {
        const struct survey_cells *cells = &batch->columns[i];
        const bool is_key = i == find(batch, "id")->index;
        ck_assert(cells->is_null[1] == !is_key);
        ck_assert(is_key || !cells->symbols || cells->symbols[1] == SYMBOL_NULL);
        ck_assert(is_key || !cells->numbers || cells->numbers[1] == 0);
        ck_assert(is_key || !cells->hashes || cells->hashes[1] == 0);
        ck_assert(is_key || !cells->classes || cells->classes[1] == SYMBOL_NULL);
    }
}

START_TEST(each_form_has_its_columns)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "id", "int8", 0);
    builder_column(trial.builder, "day", "date", 0);
    builder_column(trial.builder, "word", "text", 0);
    builder_column(trial.builder, "total", "numeric(12,2)", 0);
    builder_column(trial.builder, "body", "jsonb", 0);
    builder_column(trial.builder, "raw", "bytea", 0);
    builder_column(trial.builder, "tags", "int4[]", 0);
    builder_column(trial.builder, "token", "uuid", 0);
    trial_wide(builder_column(trial.builder, "essay", "text", 0));
    trial_wide(builder_column(trial.builder, "document", "json", 0));
    builder_column(trial.builder, "words", "tsvector", 0);
    builder_primary(trial.builder, "id");
    trial_row(&trial, "7", "1970-01-02", "a\tb", "-0.25", "{\"a\": 1}", "\\x0102", "{1,2,3}",
              "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "plain", "[]", NULL);
    trial_row(&trial, "8", NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    looked = look_at_values;
    batches = 0;
    trial_run(&trial, &detector_looking, 1, 0);
    ck_assert_uint_eq(batches, 1);
    trial_end(&trial);
}
END_TEST

static void look_at_witnesses(const struct survey_batch *batch)
{
    struct witness first, second, again;
    struct error err = {0};

    ck_assert(survey_witness(batch, 0, &first, &err));
    ck_assert(survey_witness(batch, 1, &second, &err));
    ck_assert(survey_witness(batch, 0, &again, &err));
    ck_assert_uint_eq(first.hash, again.hash);
    ck_assert_uint_ne(first.hash, second.hash);
    ck_assert_uint_eq(first.address, 1);
    ck_assert_uint_eq(second.address, 2);
}

START_TEST(a_row_has_one_hash_and_its_address)
{
    struct survey_trial trial;

    trial_begin(&trial);
    builder_column(trial.builder, "a", "int8", 0);
    builder_column(trial.builder, "b", "text", 0);
    trial_row(&trial, "1", "x");
    trial_row(&trial, "1", NULL);
    looked = look_at_witnesses;
    trial_run(&trial, &detector_looking, 1, 0);
    trial_end(&trial);
}
END_TEST

static bool is_before(const struct bound_table **tables, size_t count, const char *first,
                      const char *then)
{
    size_t at = count, behind = 0;

    for (size_t i = 0; i < count; i++) {
        at = strcmp(tables[i]->table->name, first) == 0 ? i : at;
        behind = strcmp(tables[i]->table->name, then) == 0 ? i : behind;
    }
    return at < behind;
}

START_TEST(parents_come_before_children_and_circles_end)
{
    static const char *const names[] = {"lines", "orders", "people", "teams", "t"};
    struct survey_trial trial;
    const struct bound_table **tables;
    bool is_surveyed[] = {true, true, true, true, true};
    struct error err = {0};
    size_t count;

    trial_begin(&trial);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        builder_table(trial.builder, "public", names[i]);
        builder_column(trial.builder, "id", "int8", 0);
        builder_column(trial.builder, "up", "int8", 0);
        builder_primary(trial.builder, "id");
    }
    builder_edge(trial.builder, "lines", "up", "orders", "id");
    builder_edge(trial.builder, "orders", "up", "people", "id");
    builder_edge(trial.builder, "orders", "id", "orders", "id");
    builder_edge(trial.builder, "people", "up", "teams", "id");
    builder_edge(trial.builder, "teams", "up", "people", "id");
    trial_bind(&trial);
    ck_assert(order_tables(&trial.binding, is_surveyed, trial.arena, &tables, &count, &err));
    ck_assert_uint_eq(count, COUNT_OF(names));
    ck_assert(is_before(tables, count, "people", "teams"));
    ck_assert(is_before(tables, count, "people", "orders"));
    ck_assert(is_before(tables, count, "orders", "lines"));
    is_surveyed[builder_find_table(trial.builder, "people")->index] = false;
    ck_assert(order_tables(&trial.binding, is_surveyed, trial.arena, &tables, &count, &err));
    ck_assert_uint_eq(count, COUNT_OF(names) - 1);
    trial_end(&trial);
}
END_TEST

Suite *suite_survey_frame(void);

Suite *suite_survey_frame(void)
{
    Suite *suite = suite_create("survey/frame");
    TCase *tcase = tcase_create("frame");

    tcase_add_test(tcase, each_form_has_its_columns);
    tcase_add_test(tcase, a_row_has_one_hash_and_its_address);
    tcase_add_test(tcase, parents_come_before_children_and_circles_end);
    suite_add_tcase(suite, tcase);
    return suite;
}
