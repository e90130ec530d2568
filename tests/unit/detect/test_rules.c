/* What a sample changes: labels are kept, and nothing else is, whatever it looks like. */
#include "detect/finding.h"
#include "unit/detect/schemas.h"

#include <check.h>
#include <string.h>

static struct builder *builder;
static struct detection *detection;

static const struct schema *const schemas[] = {&schema_chinook, &schema_sakila, &schema_shop};

static void setup(void)
{
    builder = builder_new();
}

static void teardown(void)
{
    builder_free(builder);
}

/* Every column has these facts. */
static void detect(const struct sample_facts *facts)
{
    struct arena *arena = builder_arena(builder);
    const struct catalog *catalog = builder_finish(builder);
    const struct sample_facts **all = ARENA_ARRAY(arena, 64, const struct sample_facts *);
    const struct names *names;
    struct graph *graph;
    struct error err = {0};

    for (size_t t = 0; t < catalog->table_count; t++) {
        size_t count = catalog->tables[t]->column_count;
        struct sample_facts *copies = ARENA_ARRAY(arena, count, struct sample_facts);
        for (size_t c = 0; c < count; c++)
            copies[c] = *facts;
        all[t] = copies;
    }
    ck_assert(graph_new(catalog, NULL, 0, arena, &graph, &err));
    ck_assert(names_read(NULL, arena, &names, &err));
    ck_assert(detect_from_facts(graph, &(struct evidence){names, all}, arena, &detection, &err));
}

/* Three values in 200 rows, all of them like codes: as near to a label as can be. */
static const struct sample_facts labels = {.rows = 200,
                                           .distinct = 3,
                                           .like_code = 200,
                                           .longest = 6,
                                           .total_length = 1000,
                                           .smallest = 1,
                                           .greatest = 3};

static const struct proposal *one(const char *name, const char *type,
                                  const struct sample_facts *facts)
{
    builder_table(builder, "public", "things");
    builder_column(builder, name, type, 0);
    detect(facts);
    return &detection->proposals[0];
}

START_TEST(what_identifies_is_not_kept_even_where_it_looks_like_a_label)
{
    schema_build(builder, schemas[_i]);
    detect(&labels);
    for (size_t i = 0; i < detection->count; i++) {
        const struct proposal *proposal = &detection->proposals[i];
        bool is_kept = proposal->rule && strcmp(proposal->rule, "keep") == 0;
        ck_assert_msg(!is_kept || !schema_identifies(schemas[_i], proposal->column),
                      "%s.%s would be kept", proposal->column->table->name, proposal->column->name);
    }
}
END_TEST

START_TEST(labels_are_kept_with_a_reason)
{
    const struct proposal *proposal = one("status", "text", &labels);

    ck_assert_str_eq(proposal->rule, "keep");
    ck_assert_str_eq(proposal->reason, "3 values seen, looks like a code");
}
END_TEST

START_TEST(a_tiny_table_has_no_labels)
{
    struct sample_facts facts = labels;

    facts.rows = facts.like_code = 40;
    ck_assert_str_eq(one("status", "text", &facts)->rule, "redact");
}
END_TEST

START_TEST(labels_that_run_with_time_are_not_kept)
{
    struct sample_facts facts = labels;

    facts.order_correlation = .9;
    ck_assert_str_eq(one("batch_code", "text", &facts)->rule, "redact");
    ck_assert_ptr_nonnull(detection->proposals[0].review);
}
END_TEST

START_TEST(capitalized_words_are_no_labels_unless_the_name_says_so)
{
    struct sample_facts facts = labels;

    facts.like_word = 200;
    ck_assert_str_eq(one("attending", "text", &facts)->rule, "redact");
}
END_TEST

START_TEST(a_name_is_no_label)
{
    ck_assert_str_eq(one("name", "text", &labels)->rule, "redact");
}
END_TEST

START_TEST(one_address_in_a_sample_is_enough_against_keeping)
{
    struct sample_facts facts = labels;

    facts.like_email = 1;
    ck_assert_str_eq(one("status", "text", &facts)->rule, "redact");
    ck_assert_str_eq(detection->proposals[0].review, "1 of 200 look like e-mail addresses");
}
END_TEST

START_TEST(addresses_are_found_under_any_name)
{
    struct sample_facts facts = labels;

    facts.distinct = facts.like_email = 200;
    ck_assert_str_eq(one("field_7", "text", &facts)->rule, "email");
}
END_TEST

START_TEST(times_that_are_held_as_numbers_are_not_kept)
{
    struct sample_facts facts = labels;

    facts.smallest = 1700000000;
    facts.greatest = 1760000000;
    ck_assert_str_eq(one("stamp", "int8", &facts)->rule, "redact");
}
END_TEST

START_TEST(prose_is_free_text)
{
    struct sample_facts facts = labels;

    facts.distinct = 190;
    facts.like_code = 0;
    facts.with_blank = 180;
    facts.total_length = 200 * 120;
    ck_assert_str_eq(one("payload", "text", &facts)->rule, "text");
}
END_TEST

START_TEST(an_exclusion_constraint_over_times_is_left_to_a_person)
{
    builder_table(builder, "public", "bookings");
    builder_column(builder, "starts_at", "timestamptz", BUILD_NOT_NULL);
    builder_exclusion(builder, "starts_at");
    detect(&labels);
    ck_assert_str_eq(detection->proposals[0].rule, "redact");
    ck_assert_ptr_nonnull(strstr(detection->proposals[0].review, "exclusion constraint"));
}
END_TEST

START_TEST(list_partitions_keep_their_column)
{
    builder_table(builder, "public", "sales");
    builder_column(builder, "region_code", "text", BUILD_NOT_NULL);
    builder_partition(builder, "region_code", true);
    detect(&labels);
    ck_assert_str_eq(detection->proposals[0].rule, "keep");
}
END_TEST

Suite *suite_detect_rules(void);
Suite *suite_detect_rules(void)
{
    Suite *suite = suite_create("detect/rules");
    TCase *tcase = tcase_create("rules");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, what_identifies_is_not_kept_even_where_it_looks_like_a_label, 0,
                        (int)COUNT_OF(schemas));
    tcase_add_test(tcase, labels_are_kept_with_a_reason);
    tcase_add_test(tcase, a_tiny_table_has_no_labels);
    tcase_add_test(tcase, labels_that_run_with_time_are_not_kept);
    tcase_add_test(tcase, capitalized_words_are_no_labels_unless_the_name_says_so);
    tcase_add_test(tcase, a_name_is_no_label);
    tcase_add_test(tcase, one_address_in_a_sample_is_enough_against_keeping);
    tcase_add_test(tcase, addresses_are_found_under_any_name);
    tcase_add_test(tcase, times_that_are_held_as_numbers_are_not_kept);
    tcase_add_test(tcase, prose_is_free_text);
    tcase_add_test(tcase, an_exclusion_constraint_over_times_is_left_to_a_person);
    tcase_add_test(tcase, list_partitions_keep_their_column);
    suite_add_tcase(suite, tcase);
    return suite;
}
