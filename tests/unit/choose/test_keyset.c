/* Sets of keys: one image for both sides of an edge, sorted lists, keys that cannot be met. */
#include "choose/keyset.h"
#include "support/catalog_builder.h"
#include <check.h>

static struct builder *builder;
static struct key_scratch scratch;
static struct error err;

/* A side of one column, as links make it. */
struct one_side {
    struct key_side side;
    uint32_t position;
    const struct column *column;
    const struct type *type;
    struct key_form form;
};

static void setup(void)
{
    err = (struct error){0};
    builder = builder_new();
    builder_table(builder, "public", "t");
    builder_column(builder, "big", "int8", 0);
    builder_column(builder, "small", "int2", 0);
    builder_column(builder, "text", "text", 0);
    builder_column(builder, "uuid", "uuid", 0);
    builder_column(builder, "list", "int4[]", 0);
    builder_finish(builder);
    ck_assert(key_scratch_init(&scratch, &codec_pg_binary, &err));
}

static void teardown(void)
{
    key_scratch_release(&scratch);
    builder_free(builder);
}

static void side_make(struct one_side *one, const char *column, const struct key_form *form)
{
    *one = (struct one_side){.column = builder_find_column(builder, "t", column)};
    one->type = one->column->type;
    one->form = (struct key_form){1, &one->type, key_is_integer(one->type)};
    one->side = (struct key_side){.count = 1,
                                  .positions = &one->position,
                                  .columns = &one->column,
                                  .types = &one->type,
                                  .form = form ? form : &one->form};
}

static struct key_image image_of(const struct one_side *one, struct span cell)
{
    struct key_images images;

    ck_assert(key_images_read(&scratch, &one->side, &cell, &images, &err));
    ck_assert_uint_eq(images.count, 1);
    images.items[0].cells = NULL;
    return images.items[0];
}

START_TEST(a_narrow_child_meets_its_wide_parent)
{
    struct one_side parent, child;
    struct keyset set = {0};
    bool is_new;

    side_make(&parent, "big", NULL);
    side_make(&child, "small", &parent.form);
    struct key_image key = image_of(&parent, span_make("\377\377\377\377\377\377\377\376", 8));
    ck_assert(keyset_add(&set, &key, &is_new, &err));
    ck_assert(is_new);
    key = image_of(&child, span_make("\377\376", 2));
    ck_assert(keyset_has(&set, &key));
    key = image_of(&child, span_make("\0\2", 2));
    ck_assert(!keyset_has(&set, &key));
    keyset_release(&set);
}
END_TEST

START_TEST(a_parent_too_great_for_the_child_has_no_children)
{
    struct one_side parent, child;
    struct span cell;
    bool is_possible = true;

    side_make(&parent, "big", NULL);
    side_make(&child, "small", &parent.form);
    struct key_image key = image_of(&parent, span_make("\0\0\0\0\0\1\0\0", 8));
    ck_assert(key_number_encode(&scratch, &child.side, key.number, &cell, &is_possible, &err));
    ck_assert(!is_possible);
}
END_TEST

START_TEST(digits_in_json_are_a_number_only_as_numbers_are_written)
{
    struct one_side parent, path;

    side_make(&parent, "big", NULL);
    side_make(&path, "text", &parent.form);
    ck_assert(image_of(&path, SPAN_LITERAL("12")).is_number);
    ck_assert(image_of(&path, SPAN_LITERAL("-7")).is_number);
    ck_assert(!image_of(&path, SPAN_LITERAL("012")).is_number);
    ck_assert(!image_of(&path, SPAN_LITERAL("12x")).is_number);
    ck_assert(!image_of(&path, SPAN_LITERAL("99999999999999999999")).is_number);
    ck_assert(!image_of(&path, SPAN_LITERAL("")).is_number);
}
END_TEST

START_TEST(a_uuid_written_in_json_is_the_uuid)
{
    struct span raw =
        SPAN_LITERAL("\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff");
    struct one_side parent, path;
    struct span cell;
    bool is_possible;

    side_make(&parent, "uuid", NULL);
    side_make(&path, "text", &parent.form);
    struct key_image key = image_of(&parent, raw);
    struct key_image written =
        image_of(&path, SPAN_LITERAL("00112233-4455-6677-8899-aabbccddeeff"));
    ck_assert(span_equal(key.bytes, written.bytes));
    key.cells = &raw;
    ck_assert(
        key_cells_convert(&scratch, &parent.side, &path.side, &key, &cell, &is_possible, &err));
    ck_assert(is_possible);
    ck_assert(span_equal(cell, SPAN_LITERAL("00112233-4455-6677-8899-aabbccddeeff")));
}
END_TEST

START_TEST(numbers_are_listed_as_integers_sort)
{
    static const char *const cells[] = {"\0\3", "\377\373", "\0\0", "\200\0", "\177\377"};
    static const char *const sorted[] = {"\200\0", "\377\373", "\0\0", "\0\3", "\177\377"};
    struct one_side one;
    struct wanted wanted;
    struct key_list list;
    struct span *found = NULL;
    uint32_t count = 0;

    side_make(&one, "small", NULL);
    wanted_init(&wanted, 1);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < COUNT_OF(cells); i++) {
            struct key_image key = image_of(&one, span_make(cells[i], 2));
            ck_assert(wanted_add(&wanted, &key, NULL, &err));
        }
    ck_assert(wanted_list(&wanted, scratch.arena, &list, &err));
    ck_assert(key_list_cells(&list, 0, 5, &one.side, &scratch, &found, &count, &err));
    ck_assert_uint_eq(count, 5);
    for (size_t i = 0; i < 5; i++)
        ck_assert_mem_eq(found[i].ptr, sorted[i], 2);
    wanted_release(&wanted);
}
END_TEST

START_TEST(a_list_does_not_depend_on_the_order_of_finding)
{
    static const char *const texts[] = {"pear", "", "apple", "app", "quince", "banana"};
    struct one_side one;
    struct key_list lists[2];
    struct wanted wanted[2];

    side_make(&one, "text", NULL);
    for (int way = 0; way < 2; way++) {
        wanted_init(&wanted[way], 1);
        for (size_t i = 0; i < COUNT_OF(texts); i++) {
            struct span cell = span_of(texts[way ? COUNT_OF(texts) - 1 - i : i]);
            struct key_image key = image_of(&one, cell);
            ck_assert(wanted_add(&wanted[way], &key, &cell, &err));
        }
        ck_assert(wanted_list(&wanted[way], scratch.arena, &lists[way], &err));
        ck_assert_uint_eq(lists[way].other_count, COUNT_OF(texts));
    }
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        ck_assert(span_equal(lists[0].others[i].cells, lists[1].others[i].cells));
    wanted_release(&wanted[0]);
    wanted_release(&wanted[1]);
}
END_TEST

START_TEST(each_element_refers_and_a_null_one_does_not)
{
    /* {5, NULL, 6} of int4 */
    struct span array = SPAN_LITERAL("\0\0\0\1\0\0\0\1\0\0\0\27\0\0\0\3\0\0\0\1"
                                     "\0\0\0\4\0\0\0\5\377\377\377\377\0\0\0\4\0\0\0\6");
    struct one_side parent, child;
    struct key_images images;

    side_make(&parent, "big", NULL);
    side_make(&child, "list", &parent.form);
    child.type = child.column->type->element;
    child.side.is_array = true;
    ck_assert(key_images_read(&scratch, &child.side, &array, &images, &err));
    ck_assert_uint_eq(images.count, 2);
    ck_assert_uint_eq(images.items[0].number ^ (UINT64_C(1) << 63), 5);
    ck_assert_uint_eq(images.items[1].number ^ (UINT64_C(1) << 63), 6);
}
END_TEST

Suite *suite_choose_keyset(void);
Suite *suite_choose_keyset(void)
{
    Suite *suite = suite_create("choose/keyset");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, a_narrow_child_meets_its_wide_parent);
    tcase_add_test(all, a_parent_too_great_for_the_child_has_no_children);
    tcase_add_test(all, digits_in_json_are_a_number_only_as_numbers_are_written);
    tcase_add_test(all, a_uuid_written_in_json_is_the_uuid);
    tcase_add_test(all, numbers_are_listed_as_integers_sort);
    tcase_add_test(all, a_list_does_not_depend_on_the_order_of_finding);
    tcase_add_test(all, each_element_refers_and_a_null_one_does_not);
    suite_add_tcase(suite, all);
    return suite;
}
