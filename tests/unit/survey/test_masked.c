#include "survey/core.h"
#include <check.h>

/* Two tables, orders(a, b) and lines(c); a line goes up to its order. */
static struct table tables[2] = {{.index = 0}, {.index = 1}};
static struct column columns[3] = {
    {.table = &tables[0]}, {.table = &tables[0]}, {.table = &tables[1]}};
static const struct edge edge = {.child = &tables[1], .parent = &tables[0]};
static const struct edge *const edges[] = {&edge};
static const struct transform one = {.name = "one"}, other = {.name = "other"};

struct scene {
    struct prepared_transform rules[3];
    struct bound_variant variants[3];
    struct bound_column bound[3];
    struct bound_table tables[2];
    struct binding binding;
};

static void keep(struct scene *scene, size_t i)
{
    scene->variants[i].rule = NULL;
    scene->bound[i].is_copied = true;
}

/* Every column has the same rule, which preserves everything. */
static void scene_make(struct scene *scene)
{
    *scene = (struct scene){0};
    for (size_t i = 0; i < 3; i++) {
        scene->rules[i] = (struct prepared_transform){.transform = &one, .preserves = PROPERTY_ALL};
        scene->variants[i] = (struct bound_variant){.when = -1, .rule = &scene->rules[i]};
        scene->bound[i] = (struct bound_column){
            .column = &columns[i], .variant_count = 1, .variants = &scene->variants[i]};
    }
    for (size_t i = 0; i < 2; i++)
        scene->tables[i].table = &tables[i];
    scene->binding.tables = scene->tables;
}

/* The column that masks what needs `needs` of columns `first` and `second`; -1: none does. */
static int masking(const struct scene *scene, unsigned needs, size_t first, size_t second)
{
    const struct bound_column *asked[] = {&scene->bound[first], &scene->bound[second]};
    const struct stratum_draft draft = {
        .column_count = first == second ? 1 : 2,
        .columns = asked,
        .edge = columns[first].table == columns[second].table ? NULL : &edge,
        .needs = needs};
    const struct bound_column *found = masking_column(&scene->binding, &draft);

    return found ? (int)(found - scene->bound) : -1;
}

START_TEST(a_rule_that_makes_values_one_masks_rare_values_but_not_equality_in_a_row)
{
    struct scene scene;

    scene_make(&scene);
    ck_assert_int_eq(masking(&scene, NEEDS_VALUES, 0, 0), -1);
    scene.rules[0].uniqueness = UNIQUENESS_LOSSY;
    ck_assert_int_eq(masking(&scene, NEEDS_VALUES, 0, 0), 0);
    ck_assert_int_eq(masking(&scene, PROPERTY_EQUALITY, 0, 0), -1);
    scene.rules[0].uniqueness = UNIQUENESS_NOT_GUARANTEED;
    ck_assert_int_eq(masking(&scene, NEEDS_VALUES, 0, 0), -1);
    scene.rules[0].preserves = PROPERTY_ALL & ~(unsigned)PROPERTY_EQUALITY;
    ck_assert_int_eq(masking(&scene, NEEDS_VALUES, 0, 0), 0);
}
END_TEST

START_TEST(a_rule_that_goes_by_subject_or_row_masks_rare_values)
{
    static const unsigned needs[] = {NEED_SUBJECT, NEED_IDENTITY, NEED_COMPANIONS, NEED_GROUP};
    struct scene scene;

    for (size_t i = 0; i < COUNT_OF(needs); i++) {
        scene_make(&scene);
        scene.rules[0].needs = needs[i];
        ck_assert_int_eq(masking(&scene, NEEDS_VALUES, 0, 0), 0);
    }
    keep(&scene, 0);
    ck_assert_int_eq(masking(&scene, NEEDS_VALUES, 0, 0), -1);
}
END_TEST

START_TEST(columns_are_compared_where_both_are_kept_or_masked_by_one_rule)
{
    const unsigned needs = PROPERTY_ORDER | NEEDS_COMPARED;
    struct scene scene;

    scene_make(&scene);
    ck_assert_int_eq(masking(&scene, needs, 0, 1), -1);
    scene.rules[1].transform = &other;
    ck_assert_int_eq(masking(&scene, needs, 0, 1), 0);
    keep(&scene, 0);
    ck_assert_int_eq(masking(&scene, needs, 0, 1), 1);
    keep(&scene, 1);
    ck_assert_int_eq(masking(&scene, needs, 0, 1), -1);
    scene_make(&scene);
    scene.rules[0].uniqueness = scene.rules[1].uniqueness = UNIQUENESS_LOSSY;
    ck_assert_int_eq(masking(&scene, needs, 0, 1), 0);
}
END_TEST

START_TEST(times_of_two_tables_are_compared_where_one_subject_moves_both)
{
    const unsigned needs = PROPERTY_ORDER | NEEDS_COMPARED;
    const struct subject_step step = {1, (const struct edge **)(void *)(uintptr_t)edges};
    const struct subject_path child = {.table = &tables[1], .step_count = 2, .first = &step};
    const struct subject_path own = {
        .table = &tables[1], .is_subject = true, .step_count = 2, .first = &step};
    struct scene scene;

    scene_make(&scene);
    for (size_t i = 0; i < 3; i++)
        scene.rules[i].needs = NEED_SUBJECT;
    ck_assert_int_eq(masking(&scene, needs, 0, 1), -1);
    ck_assert_int_eq(masking(&scene, needs, 2, 0), 2);
    scene.tables[1].subject = &child;
    ck_assert_int_eq(masking(&scene, needs, 2, 0), -1);
    scene.tables[1].subject = &own;
    ck_assert_int_eq(masking(&scene, needs, 2, 0), 2);
    scene.tables[1].subject = &child;
    scene.tables[0].is_subject_shared = true;
    ck_assert_int_eq(masking(&scene, needs, 2, 0), 2);
    scene.tables[1].is_subject_shared = true;
    ck_assert_int_eq(masking(&scene, needs, 2, 0), -1);
}
END_TEST

Suite *suite_survey_masked(void);

Suite *suite_survey_masked(void)
{
    Suite *suite = suite_create("survey/masked");
    TCase *tcase = tcase_create("masked");

    tcase_add_test(tcase, a_rule_that_makes_values_one_masks_rare_values_but_not_equality_in_a_row);
    tcase_add_test(tcase, a_rule_that_goes_by_subject_or_row_masks_rare_values);
    tcase_add_test(tcase, columns_are_compared_where_both_are_kept_or_masked_by_one_rule);
    tcase_add_test(tcase, times_of_two_tables_are_compared_where_one_subject_moves_both);
    suite_add_tcase(suite, tcase);
    return suite;
}
