/* Keys of integers without a sign, beside those with one, and UUIDs that are kept in texts. */
#include "graph/key.h"

#include <check.h>
#include <string.h>

static const struct type with_sign = {
    .schema = "", .name = "bigint", .kind = KIND_INTEGER, .width = 8};
static const struct type without_sign = {
    .schema = "", .name = "bigint unsigned", .kind = KIND_INTEGER, .width = 8, .is_unsigned = true};
static const struct type narrow = {.schema = "",
                                   .name = "tinyint unsigned",
                                   .kind = KIND_INTEGER,
                                   .width = 1,
                                   .is_unsigned = true};

static struct key_scratch scratch;

static void begin(void)
{
    struct error err = {0};

    ck_assert(key_scratch_init(&scratch, codec_of(ENGINE_MYSQL), &err));
}

static void end(void)
{
    key_scratch_release(&scratch);
}

/* One column's key read on a side of `type`, for an edge to a column of `form`. */
static void image_read(const struct type *type, const struct type *form, const char *text,
                       struct key_image *image)
{
    static uint32_t position;
    static const struct column column = {.name = "c"};
    static const struct column *columns[] = {&column};
    const struct type *types[] = {type}, *forms[] = {form};
    const struct key_form made = {1, forms, true};
    const struct key_side side = {
        .count = 1, .positions = &position, .columns = columns, .types = types, .form = &made};
    const struct span row[] = {span_of(text)};
    struct key_images images;
    struct error err = {0};

    ck_assert_msg(key_images_read(&scratch, &side, row, &images, &err), "%s", err.cause);
    ck_assert_uint_eq(images.count, 1);
    *image = images.items[0];
}

START_TEST(the_greatest_number_without_a_sign_is_not_minus_one)
{
    struct key_image greatest, minus_one, twin;

    image_read(&without_sign, &without_sign, "18446744073709551615", &greatest);
    image_read(&with_sign, &without_sign, "-1", &minus_one);
    image_read(&without_sign, &without_sign, "18446744073709551615", &twin);
    ck_assert(greatest.is_number && twin.is_number && greatest.number == twin.number);
    ck_assert(!minus_one.is_number);
    image_read(&without_sign, &with_sign, "18446744073709551615", &greatest);
    ck_assert(!greatest.is_number);
}
END_TEST

START_TEST(small_numbers_meet_whatever_their_sign)
{
    struct key_image a, b;

    image_read(&without_sign, &with_sign, "42", &a);
    image_read(&with_sign, &with_sign, "42", &b);
    ck_assert(a.is_number && b.is_number && a.number == b.number);
}
END_TEST

START_TEST(a_number_is_sought_only_where_it_fits)
{
    static const struct column column = {.name = "c"};
    static const struct column *columns[] = {&column};
    const struct type *types[] = {&narrow}, *forms[] = {&with_sign};
    const struct key_form form = {1, forms, true};
    const struct key_side to = {.count = 1, .columns = columns, .types = types, .form = &form};
    struct error err = {0};
    struct key_image image;
    struct span cell;
    bool is_possible;

    image_read(&with_sign, &with_sign, "200", &image);
    ck_assert(key_number_encode(&scratch, &to, image.number, &cell, &is_possible, &err));
    ck_assert(is_possible && span_equal(cell, span_of("200")));
    image_read(&with_sign, &with_sign, "300", &image);
    ck_assert(key_number_encode(&scratch, &to, image.number, &cell, &is_possible, &err));
    ck_assert(!is_possible);
    image_read(&with_sign, &with_sign, "-1", &image);
    ck_assert(key_number_encode(&scratch, &to, image.number, &cell, &is_possible, &err));
    ck_assert(!is_possible);
}
END_TEST

START_TEST(canonical_bytes_are_the_decimal_without_a_sign)
{
    const struct type *forms[] = {&without_sign};
    const struct key_form form = {1, forms, true};
    struct key_image image;
    struct buf spelled;

    image_read(&without_sign, &without_sign, "18446744073709551615", &image);
    buf_init(&spelled, 4096);
    key_number_bytes(&form, image.number, &spelled);
    ck_assert_uint_eq(spelled.len, 24);
    ck_assert_mem_eq(spelled.ptr,
                     "\0\0\0\x14"
                     "18446744073709551615",
                     24);
    buf_release(&spelled);
}
END_TEST

static const struct type text = {.schema = "", .name = "varchar", .kind = KIND_TEXT};
static const struct type uuid = {.schema = "", .name = "uuid", .kind = KIND_UUID};

/* Bytes of a key of three columns, the second of which is NULL, settled behind a name. */
static struct span settled(const struct type *type, struct span last)
{
    const struct type *types[] = {&text, &text, type};
    const struct span cells[] = {SPAN_LITERAL("north"), {NULL, 0}, last};
    struct error err = {0};
    bool has_null = false;

    buf_reset(&scratch.bytes);
    buf_add_text(&scratch.bytes, "name");
    ck_assert(key_bytes_add(&scratch, types, cells, 3, &has_null, &err));
    key_bytes_settle(&scratch, 4);
    return arena_span(scratch.arena, buf_span(&scratch.bytes));
}

START_TEST(a_uuid_in_a_text_settles_to_its_bytes)
{
    const struct span own = settled(&uuid, SPAN_LITERAL("00112233-4455-6677-8899-aabbccddeeff"));

    ck_assert_uint_eq(own.len, 4 + 9 + 4 + 20);
    ck_assert(
        span_equal(settled(&text, SPAN_LITERAL("00112233-4455-6677-8899-aabbccddeeff")), own));
}
END_TEST

START_TEST(what_is_no_uuid_in_lower_case_stays_as_it_is)
{
    ck_assert_uint_eq(settled(&text, SPAN_LITERAL("00112233-4455-6677-8899-AABBCCDDEEFF")).len,
                      4 + 9 + 4 + 40);
    ck_assert_uint_eq(settled(&text, SPAN_LITERAL("00112233-4455-6677-8899-aabbccddeef")).len,
                      4 + 9 + 4 + 39);
    ck_assert_uint_eq(settled(&text, SPAN_LITERAL("00112233-4455-66-7-8899-aabbccddeeff")).len,
                      4 + 9 + 4 + 40);
    ck_assert_uint_eq(settled(&text, SPAN_LITERAL("")).len, 4 + 9 + 4 + 4);
}
END_TEST

START_TEST(bytes_that_no_letter_stands_for_equal_themselves_alone)
{
    static const struct type greek = {.schema = "",
                                      .name = "varchar",
                                      .kind = KIND_TEXT,
                                      .charset = "greek",
                                      .is_case_insensitive = true,
                                      .folds_accents = true,
                                      .is_padded = true};
    static const struct column column = {.name = "c"};
    static const struct column *columns[] = {&column};
    const struct type *here[] = {&greek}, *there[] = {&text};
    const struct key_form form = {1, here, false};
    const struct key_side from = {.count = 1, .columns = columns, .types = here, .form = &form};
    const struct key_side same = from, other = {.count = 1, .columns = columns, .types = there};
    const struct span stored = SPAN_LITERAL("\xffgreek:a? \xff"
                                            "a\xae");
    struct key_image image, upper, letter;
    struct error err = {0};
    struct span cell;
    bool is_possible;

    image_read(&greek, &greek, stored.ptr, &image);
    image.cells = &stored;
    image_read(&greek, &greek,
               "\xffgreek:A? \xff"
               "A\xae",
               &upper);
    image_read(&greek, &greek, "a?", &letter);
    ck_assert(!span_equal(image.bytes, upper.bytes) && !span_equal(image.bytes, letter.bytes));
    ck_assert(key_cells_convert(&scratch, &from, &same, &image, &cell, &is_possible, &err));
    ck_assert(is_possible && span_equal(cell, stored));
    ck_assert(key_cells_convert(&scratch, &from, &other, &image, &cell, &is_possible, &err));
    ck_assert(!is_possible);
}
END_TEST

Suite *suite_graph_key(void);
Suite *suite_graph_key(void)
{
    Suite *suite = suite_create("graph/key");
    TCase *tests = tcase_create("key");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, the_greatest_number_without_a_sign_is_not_minus_one);
    tcase_add_test(tests, small_numbers_meet_whatever_their_sign);
    tcase_add_test(tests, a_number_is_sought_only_where_it_fits);
    tcase_add_test(tests, canonical_bytes_are_the_decimal_without_a_sign);
    tcase_add_test(tests, a_uuid_in_a_text_settles_to_its_bytes);
    tcase_add_test(tests, what_is_no_uuid_in_lower_case_stays_as_it_is);
    tcase_add_test(tests, bytes_that_no_letter_stands_for_equal_themselves_alone);
    suite_add_tcase(suite, tests);
    return suite;
}
