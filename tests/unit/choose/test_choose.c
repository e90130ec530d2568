/* Choosing over a scripted server: what happens when it fails, is interrupted, or runs out of its
 * memory. Which rows come is tried on a real server, in tests/property. */
#include "choose/choose.h"
#include "support/catalog_builder.h"
#include "support/fake_driver.h"
#include <check.h>

#define ROWS 5000

static struct builder *builder;
static struct arena *arena;
static struct binding binding;
static struct bound_table bound;
static struct profile profile;
static struct options options;
static struct fake_rows rows;
static struct fake_script script;
static struct fake_db fake;
static struct error err;

/* One table of `ROWS` rows with an integer key, sampled by half. */
static void setup(void)
{
    static const struct column *identity[1];
    struct graph *graph = NULL;

    err = (struct error){0};
    arena = arena_new();
    builder = builder_new();
    struct table *table = builder_table(builder, "public", "t");
    identity[0] = builder_column(builder, "id", "int4", BUILD_NOT_NULL);
    builder_primary(builder, "id");
    const struct catalog *catalog = builder_finish(builder);
    ck_assert(graph_new(catalog, NULL, 0, arena, &graph, &err));
    struct span *cells = ARENA_ARRAY(arena, ROWS, struct span);
    for (uint32_t i = 0; i < ROWS; i++) {
        unsigned char row[10] = {0, 1, 0, 0, 0, 4, 0, 0, (unsigned char)(i >> 8), (unsigned char)i};
        cells[i] = arena_span(arena, span_make(row, sizeof(row)));
    }
    bound = (struct bound_table){.table = table,
                                 .role = ROLE_START,
                                 .start = {.fraction = 0.5},
                                 .identity = table->primary,
                                 .identity_count = 1,
                                 .identity_columns = identity,
                                 .choice_key = {1, 2}};
    profile = (struct profile){0};
    options = (struct options){.memory = 1u << 30};
    binding = (struct binding){.catalog = catalog,
                               .graph = graph,
                               .profile = &profile,
                               .options = &options,
                               .tables = &bound};
    rows = (struct fake_rows){.table = table, .count = ROWS, .rows = cells};
    script = (struct fake_script){.table_count = 1, .tables = &rows};
    fake_init(&fake, DB_SOURCE, &script);
}

static void teardown(void)
{
    fake_release(&fake);
    builder_free(builder);
    arena_free(arena);
}

static struct selection *choose(const struct choose_watch *watch)
{
    struct readers readers = {.leader = &fake.db};
    struct selection *selection = NULL;

    if (!choose_rows(&binding, &readers, NULL, watch, &selection, &err)) {
        ck_assert_ptr_null(selection);
        return NULL;
    }
    ck_assert_int_eq(err.status, STATUS_OK);
    return selection;
}

START_TEST(half_of_the_hashes_are_below_one_half)
{
    struct selection *selection = choose(NULL);

    ck_assert_ptr_nonnull(selection);
    const struct selected_table *table = &selection->tables[0];
    ck_assert_uint_ge(table->row_count, ROWS / 2 - 150);
    ck_assert_uint_le(table->row_count, ROWS / 2 + 150);
    ck_assert_uint_eq(table->chosen[CHOSEN_START], table->row_count);
    ck_assert_uint_eq(table->whole_count, table->row_count);
    ck_assert_double_eq(table->threshold, 0.5);
    selection_free(selection);
}
END_TEST

START_TEST(the_n_smallest_hashes_are_n_rows)
{
    bound.start = (struct bound_start){.rows = ROWS};
    struct selection *selection = choose(NULL);

    ck_assert_ptr_nonnull(selection);
    ck_assert_uint_eq(selection->tables[0].row_count, ROWS);
    selection_free(selection);
}
END_TEST

START_TEST(full_tables_above_the_budget_are_the_profiles_fault)
{
    bound.role = ROLE_FULL;
    binding.budget_rows = 100;
    ck_assert_ptr_null(choose(NULL));
    ck_assert_int_eq(err.status, STATUS_PROFILE);
    ck_assert_ptr_nonnull(strstr(err.cause, "5000"));
}
END_TEST

START_TEST(sets_above_the_ceiling_name_the_option)
{
    options.memory = 10;
    ck_assert_ptr_null(choose(NULL));
    ck_assert_int_eq(err.status, STATUS_LOCAL);
    ck_assert_ptr_nonnull(strstr(err.cause, "--memory"));
}
END_TEST

static bool interrupt(void *context)
{
    unsigned *calls = context;

    return ++*calls > 1;
}

START_TEST(an_interruption_ends_choosing_between_batches)
{
    unsigned calls = 0;
    struct choose_watch watch = {.is_interrupted = interrupt, .context = &calls};

    ck_assert_ptr_null(choose(&watch));
    ck_assert_int_eq(err.status, STATUS_INTERRUPTED);
    ck_assert_uint_eq(calls, 2);
}
END_TEST

START_TEST(a_failing_source_is_told_with_its_table)
{
    struct fake_fault fault = {FAKE_READ_NEXT, 1, STATUS_SOURCE};

    script.faults = &fault;
    script.fault_count = 1;
    ck_assert_ptr_null(choose(NULL));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    ck_assert_ptr_nonnull(strstr(err.context, "public.t"));
}
END_TEST

START_TEST(a_table_that_was_thought_small_needs_a_fraction)
{
    bound.role = ROLE_SAMPLE;
    bound.start.fraction = 0;
    binding.sample_fraction = -1;
    profile.small_table_rows = 10;
    ck_assert_ptr_null(choose(NULL));
    ck_assert_int_eq(err.status, STATUS_PROFILE);
}
END_TEST

START_TEST(a_table_of_few_rows_is_everything_before_anything_is_chosen)
{
    struct readers readers = {.leader = &fake.db};
    bool is_present = false, is_everything = false;

    bound.role = ROLE_REACHED;
    profile.small_table_rows = ROWS;
    ck_assert(choose_extent(&binding, &readers, arena, &is_present, &is_everything, &err));
    ck_assert(is_present && is_everything);
    ck_assert_uint_eq(fake.calls[FAKE_COUNT], 1);
    profile.small_table_rows = ROWS - 1;
    ck_assert(choose_extent(&binding, &readers, arena, &is_present, &is_everything, &err));
    ck_assert(is_present && !is_everything);
    bound.role = ROLE_EMPTY;
    ck_assert(choose_extent(&binding, &readers, arena, &is_present, &is_everything, &err));
    ck_assert(!is_present && !is_everything);
}
END_TEST

Suite *suite_choose_choose(void);
Suite *suite_choose_choose(void)
{
    Suite *suite = suite_create("choose/choose");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, half_of_the_hashes_are_below_one_half);
    tcase_add_test(all, the_n_smallest_hashes_are_n_rows);
    tcase_add_test(all, full_tables_above_the_budget_are_the_profiles_fault);
    tcase_add_test(all, sets_above_the_ceiling_name_the_option);
    tcase_add_test(all, an_interruption_ends_choosing_between_batches);
    tcase_add_test(all, a_failing_source_is_told_with_its_table);
    tcase_add_test(all, a_table_that_was_thought_small_needs_a_fraction);
    tcase_add_test(all, a_table_of_few_rows_is_everything_before_anything_is_chosen);
    suite_add_tcase(suite, all);
    return suite;
}
