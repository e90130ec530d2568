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

/* As MySQL has them: numbers from `smallest` to `greatest`. */
static const struct proposal *one_flag(const char *name, int64_t smallest, int64_t greatest)
{
    struct sample_facts facts = {
        .rows = 40, .distinct = 2, .smallest = smallest, .greatest = greatest};
    struct type *type = ARENA_NEW(builder_arena(builder), struct type);
    struct column *column;

    builder_table(builder, "public", "customers");
    column = builder_column(builder, name, "int2", BUILD_NOT_NULL);
    *type = *column->type;
    type->is_flag = true;
    column->type = type;
    detect(&facts);
    return &detection->proposals[0];
}

START_TEST(a_flag_that_is_a_number_is_a_boolean)
{
    ck_assert_str_eq(one_flag("email_verified", 0, 1)->rule, "keep");
}
END_TEST

START_TEST(a_flag_about_a_person_is_not_kept)
{
    ck_assert_str_eq(one_flag("smoker_religion", 0, 1)->rule, "redact");
}
END_TEST

START_TEST(a_flag_that_holds_other_numbers_is_a_number)
{
    ck_assert_str_eq(one_flag("email_verified", 0, 7)->rule, "redact");
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

START_TEST(text_with_addresses_in_it_is_no_address)
{
    struct sample_facts facts = labels;

    facts.distinct = 190;
    facts.like_code = 0;
    facts.has_email = facts.with_blank = 200;
    facts.total_length = 200 * 50;
    ck_assert_str_eq(one("notes", "text", &facts)->rule, "text");
}
END_TEST

START_TEST(text_with_addresses_under_a_name_that_says_nothing_is_text)
{
    struct sample_facts facts = labels;

    facts.distinct = 190;
    facts.has_email = facts.with_blank = 200;
    ck_assert_str_eq(one("field_7", "text", &facts)->rule, "text");
}
END_TEST

START_TEST(a_version_is_no_network_address)
{
    struct sample_facts facts = labels;

    facts.distinct = 150;
    facts.like_ip = 200;
    ck_assert_str_eq(one("app_version", "text", &facts)->rule, "redact");
    ck_assert_str_eq(detection->proposals[0].reason, "meaning unknown");
}
END_TEST

START_TEST(orders_numbers_in_digits_are_no_phones)
{
    struct sample_facts facts = labels;

    facts.distinct = 200;
    facts.like_phone = facts.like_dialed = facts.like_digits = 200;
    ck_assert_str_eq(one("order_number", "text", &facts)->rule, "redact");
}
END_TEST

START_TEST(phones_are_found_under_any_name)
{
    struct sample_facts facts = labels;

    facts.distinct = 200;
    facts.like_phone = facts.like_dialed = 200;
    ck_assert_str_eq(one("field_7", "text", &facts)->rule, "phone");
}
END_TEST

START_TEST(dates_of_a_generation_are_births)
{
    struct sample_facts facts = {.rows = 200, .distinct = 190, .like_birth = 200};

    facts.smallest = -10000;
    facts.greatest = 12000;
    ck_assert_str_eq(one("d", "date", &facts)->rule, "birth_date");
}
END_TEST

START_TEST(dates_that_run_with_order_are_events)
{
    struct sample_facts facts = {.rows = 200, .distinct = 190, .like_birth = 200};

    facts.smallest = -10000;
    facts.greatest = 12000;
    facts.order_correlation = .95;
    ck_assert_str_eq(one("d", "date", &facts)->rule, "shift");
}
END_TEST

START_TEST(dates_of_a_few_years_are_events)
{
    struct sample_facts facts = {.rows = 200, .distinct = 190, .like_birth = 200};

    facts.smallest = 9000;
    facts.greatest = 12000;
    ck_assert_str_eq(one("d", "date", &facts)->rule, "shift");
}
END_TEST

START_TEST(elements_of_arrays_are_told_like_values)
{
    struct sample_facts facts = labels;

    facts.distinct = facts.like_email = facts.has_email = 200;
    ck_assert_str_eq(one("cc", "text[]", &facts)->rule, "email");
}
END_TEST

START_TEST(bytes_and_types_that_no_rule_knows_are_for_a_person)
{
    ck_assert_ptr_nonnull(one("blob", "bytea", &labels)->review);
}
END_TEST

START_TEST(members_of_documents_get_rules_of_their_own)
{
    static const struct path_facts paths[] = {
        {"$.contact.mail", "mail", {.rows = 90, .distinct = 90, .like_email = 90}},
        {"$.theme", "theme", {.rows = 90, .distinct = 2, .like_code = 90}},
        {"$.tel", "tel", {.rows = 90, .distinct = 90, .like_phone = 90, .like_dialed = 90}}};
    struct sample_facts facts = {.rows = 100, .distinct = 100, .paths = paths, .path_count = 3};

    ck_assert_str_eq(one("preferences", "jsonb", &facts)->rule, "json");
    ck_assert_str_eq(detection->proposals[0].params,
                     "paths: { \"$.contact.mail\": email, \"$.tel\": phone }");
}
END_TEST

START_TEST(values_that_are_few_are_redacted_by_row)
{
    struct sample_facts facts = labels;

    facts.like_word = 200;
    ck_assert_str_eq(one("attending", "text", &facts)->rule, "redact");
    ck_assert_str_eq(detection->proposals[0].params, "per: row");
}
END_TEST

static const struct proposal *checked(const char *name, const char *expression)
{
    builder_table(builder, "public", "things");
    builder_column(builder, name, "text", 0);
    builder_check(builder, "form", expression, name);
    detect(&labels);
    return &detection->proposals[0];
}

START_TEST(an_address_that_a_pattern_takes_stays_one)
{
    ck_assert_str_eq(checked("email", "(email ~ '^[^@ ]+@[^@ ]+[.][a-z]+$'::text)")->rule, "email");
}
END_TEST

START_TEST(an_address_that_a_pattern_refuses_is_for_a_person)
{
    ck_assert_str_eq(checked("email", "(email ~ '@corp[.]de$'::text)")->rule, "null");
    ck_assert_ptr_nonnull(detection->proposals[0].review);
}
END_TEST

START_TEST(a_rule_that_keeps_the_form_stays_under_a_pattern_of_whole_classes)
{
    ck_assert_str_eq(checked("plz", "(plz ~ '^[0-9]{5}$'::text)")->rule, "postcode");
}
END_TEST

START_TEST(a_rule_that_keeps_the_form_falls_to_a_pattern_of_single_digits)
{
    ck_assert_str_eq(checked("plz", "(plz ~ '^[1-5][0-9]{4}$'::text)")->rule, "null");
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
    tcase_add_test(tcase, a_flag_that_is_a_number_is_a_boolean);
    tcase_add_test(tcase, a_flag_about_a_person_is_not_kept);
    tcase_add_test(tcase, a_flag_that_holds_other_numbers_is_a_number);
    tcase_add_test(tcase, labels_that_run_with_time_are_not_kept);
    tcase_add_test(tcase, capitalized_words_are_no_labels_unless_the_name_says_so);
    tcase_add_test(tcase, a_name_is_no_label);
    tcase_add_test(tcase, one_address_in_a_sample_is_enough_against_keeping);
    tcase_add_test(tcase, addresses_are_found_under_any_name);
    tcase_add_test(tcase, times_that_are_held_as_numbers_are_not_kept);
    tcase_add_test(tcase, prose_is_free_text);
    tcase_add_test(tcase, text_with_addresses_in_it_is_no_address);
    tcase_add_test(tcase, text_with_addresses_under_a_name_that_says_nothing_is_text);
    tcase_add_test(tcase, a_version_is_no_network_address);
    tcase_add_test(tcase, orders_numbers_in_digits_are_no_phones);
    tcase_add_test(tcase, phones_are_found_under_any_name);
    tcase_add_test(tcase, dates_of_a_generation_are_births);
    tcase_add_test(tcase, dates_that_run_with_order_are_events);
    tcase_add_test(tcase, dates_of_a_few_years_are_events);
    tcase_add_test(tcase, elements_of_arrays_are_told_like_values);
    tcase_add_test(tcase, bytes_and_types_that_no_rule_knows_are_for_a_person);
    tcase_add_test(tcase, members_of_documents_get_rules_of_their_own);
    tcase_add_test(tcase, values_that_are_few_are_redacted_by_row);
    tcase_add_test(tcase, an_address_that_a_pattern_takes_stays_one);
    tcase_add_test(tcase, an_address_that_a_pattern_refuses_is_for_a_person);
    tcase_add_test(tcase, a_rule_that_keeps_the_form_stays_under_a_pattern_of_whole_classes);
    tcase_add_test(tcase, a_rule_that_keeps_the_form_falls_to_a_pattern_of_single_digits);
    tcase_add_test(tcase, an_exclusion_constraint_over_times_is_left_to_a_person);
    tcase_add_test(tcase, list_partitions_keep_their_column);
    suite_add_tcase(suite, tcase);
    return suite;
}
