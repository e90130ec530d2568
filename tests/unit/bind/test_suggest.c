/* What the catalog suggests. */
#include "support/bind_trial.h"

#include <check.h>

static struct bind_trial trial;

static void begin(void)
{
    bind_begin_shop(&trial);
}

static void end(void)
{
    bind_end(&trial);
}

static size_t warnings(const char *topic, const char *part)
{
    size_t count = 0;

    ck_assert_bound(&trial);
    for (size_t i = 0; i < trial.binding->warning_count; i++)
        count += strcmp(trial.binding->warnings[i].topic, topic) == 0 &&
                 strstr(trial.binding->warnings[i].text, part) != NULL;
    return count;
}

static const struct {
    const char *column, *type;
    bool has_edge;
    size_t count;
} rows[] = {
    {"customer_id", "int8", false, 1},  {"customerId", "int8", false, 1},
    {"customers_id", "int4", false, 1}, {"customer_id", "int8", true, 0},
    {"customer_id", "text", false, 0},  {"nobody_id", "int8", false, 0},
    {"customerid", "int8", false, 0},   {"id", "int8", false, 0},
};

START_TEST(a_column_named_like_a_key_of_another_table_is_suggested)
{
    struct builder *b = trial.builder;

    builder_table(b, "public", "notes");
    builder_column(b, rows[_i].column, rows[_i].type, 0);
    if (rows[_i].has_edge)
        builder_edge(b, "notes", rows[_i].column, "customers", "id");
    bind_try(&trial, "sample: { fraction: 0.1 }\nunclassified: redact\n");
    ck_assert_uint_eq(warnings("relations", "public.notes."), rows[_i].count);
    if (rows[_i].count)
        ck_assert_uint_eq(warnings("relations", arena_printf(trial.arena,
                                                             "relations: [ { from: "
                                                             "public.notes.%s, to: "
                                                             "public.customers.id } ]",
                                                             rows[_i].column)),
                          1);
}
END_TEST

static const struct {
    const char *id, *id_type, *type, *type_type;
    size_t count;
} pairs[] = {
    {"customer_id", "int8", "customer_type", "text", 1},
    {"subject_id", "uuid", "subject_type", "varchar(20)", 1},
    {"subjectId", "text", "subjectType", "text", 1},
    {"subject_id", "date", "subject_type", "text", 0},
    {"subject_id", "int8", "subject_type", "int4", 0},
    {"subject_id", "int8", "other_type", "text", 0},
};

START_TEST(a_column_beside_its_type_is_suggested_as_a_polymorphic_reference)
{
    struct builder *b = trial.builder;

    builder_table(b, "public", "notes");
    builder_column(b, pairs[_i].id, pairs[_i].id_type, 0);
    builder_column(b, pairs[_i].type, pairs[_i].type_type, 0);
    bind_try(&trial, "sample: { fraction: 0.1 }\nunclassified: redact\n");
    ck_assert_uint_eq(warnings("relations", "public.notes."), pairs[_i].count);
    ck_assert_uint_eq(warnings("relations", "looks like a reference to public."), 0);
    ck_assert_uint_eq(
        warnings("relations",
                 arena_printf(trial.arena,
                              "{ from: public.notes.%s, to: TABLE.KEY, when: \"%s = 'TYPE'\" }",
                              pairs[_i].id, pairs[_i].type)),
        pairs[_i].count);
}
END_TEST

START_TEST(a_polymorphic_reference_that_is_declared_is_not_suggested)
{
    struct builder *b = trial.builder;

    builder_table(b, "public", "notes");
    builder_column(b, "subject_id", "int8", 0);
    builder_column(b, "subject_type", "text", 0);
    bind_try(&trial, "sample: { fraction: 0.1 }\nunclassified: redact\n"
                     "columns: { customers: { id: permute } }\n"
                     "relations: [ { from: notes.subject_id, to: customers.id, when: "
                     "\"subject_type = 'c'\" } ]\n");
    ck_assert_uint_eq(warnings("relations", "public.notes."), 0);
}
END_TEST

START_TEST(without_subjects_the_table_with_most_rows_below_it_is_named)
{
    bind_try(&trial, "sample: { fraction: 0.1 }\nunclassified: redact\n"
                     "subjects: { none: [orders] }\n"
                     "columns: { orders: { placed_at: shift } }\n");
    ck_assert_uint_eq(warnings("subjects", "Most rows lead up to public."), 1);
    bind_try(&trial, "sample: { fraction: 0.1 }\nunclassified: redact\n"
                     "columns: { orders: { placed_at: shift } }\n");
    ck_assert_fault(&trial, STATUS_POLICY, "t.yaml:", "no way up to a subject");
    ck_assert_ptr_nonnull(strstr(trial.err.hint, "name the tables of people under subjects:"));
}
END_TEST

Suite *suite_bind_suggest(void);
Suite *suite_bind_suggest(void)
{
    Suite *suite = suite_create("bind/suggest");
    TCase *tcase = tcase_create("suggest");

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_loop_test(tcase, a_column_named_like_a_key_of_another_table_is_suggested, 0,
                        COUNT_OF(rows));
    tcase_add_loop_test(tcase, a_column_beside_its_type_is_suggested_as_a_polymorphic_reference, 0,
                        COUNT_OF(pairs));
    tcase_add_test(tcase, a_polymorphic_reference_that_is_declared_is_not_suggested);
    tcase_add_test(tcase, without_subjects_the_table_with_most_rows_below_it_is_named);
    suite_add_tcase(suite, tcase);
    return suite;
}
