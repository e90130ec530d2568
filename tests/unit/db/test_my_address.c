/* Addresses of MySQL's rows: integers packed, and the book behind hashes. */
#include "db/my_address.h"
#include "db/my_book.h"
#include "db/my_conn.h"
#include <check.h>
#include <stdlib.h>

#define COLUMNS_MAX 4

static struct type types[COLUMNS_MAX];
static struct column columns[COLUMNS_MAX];
static const struct column *pointers[COLUMNS_MAX];
static struct key key;

static void key_begin(void)
{
    key = (struct key){.columns = pointers};
}

static void key_add(const char *name, unsigned width, bool is_unsigned, int32_t modifier)
{
    const size_t at = key.column_count++;

    ck_assert_uint_lt(at, COLUMNS_MAX);
    types[at] = (struct type){.schema = "",
                              .name = name,
                              .kind = KIND_INTEGER,
                              .width = width,
                              .is_unsigned = is_unsigned};
    columns[at] =
        (struct column){.name = "c", .type = &types[at], .modifier = modifier, .is_not_null = true};
    pointers[at] = &columns[at];
}

static uint64_t pack(const char *a, const char *b)
{
    const struct span cells[] = {span_of(a), b ? span_of(b) : (struct span){NULL, 0}};
    uint64_t address = 0;

    ck_assert_msg(my_address_pack(&key, cells, &address), "%s, %s", a, b ? b : "-");
    return address;
}

static bool is_refused(const char *cell)
{
    const struct span cells[] = {span_of(cell)};
    uint64_t address;

    return !my_address_pack(&key, cells, &address);
}

static const struct {
    const char *name;
    unsigned width;
    bool is_unsigned;
    const char *const cells[6]; /* ascending */
    const char *const refused[3];
} integers[] = {
    {"tinyint", 1, false, {"-128", "-1", "0", "1", "127"}, {"128", "-129", "1.0"}},
    {"tinyint unsigned", 1, true, {"0", "1", "127", "128", "255"}, {"256", "-1", ""}},
    {"mediumint", 3, false, {"-8388608", "-1", "0", "8388607"}, {"8388608", "-", "+1"}},
    {"int", 4, false, {"-2147483648", "-2", "0", "00012", "2147483647"}, {"2147483648", "x", " 1"}},
    {"year", 2, false, {"0000", "1901", "2155"}, {"-1", "65536", "1e3"}},
    {"bigint",
     8,
     false,
     {"-9223372036854775808", "-9223372036854775807", "-1", "0", "1", "9223372036854775807"},
     {"9223372036854775808", "-9223372036854775809", "99999999999999999999"}},
    {"bigint unsigned",
     8,
     true,
     {"0", "1", "9223372036854775807", "9223372036854775808", "18446744073709551615"},
     {"18446744073709551616", "-1", "184467440737095516150"}},
};

START_TEST(packed_integers_keep_their_order_and_come_back)
{
    uint64_t last = 0, values[1];
    struct buf text;

    buf_init(&text, 64);
    key_begin();
    key_add(integers[_i].name, integers[_i].width, integers[_i].is_unsigned, -1);
    for (size_t i = 0; i < COUNT_OF(integers[_i].cells) && integers[_i].cells[i]; i++) {
        const char *cell = integers[_i].cells[i];
        const uint64_t address = pack(cell, NULL);

        ck_assert_msg(i == 0 || address > last, "%s", cell);
        ck_assert_uint_le(address, my_address_highest(&key));
        last = address;
        my_address_unpack(&key, address, values);
        buf_reset(&text);
        my_address_add_value(&text, key.columns[0], values[0]);
        ck_assert_int_eq(strtoll(buf_text(&text), NULL, 10), strtoll(cell, NULL, 10));
    }
    buf_release(&text);
}
END_TEST

START_TEST(what_a_column_cannot_hold_has_no_address)
{
    key_begin();
    key_add(integers[_i].name, integers[_i].width, integers[_i].is_unsigned, -1);
    for (size_t i = 0; i < COUNT_OF(integers[_i].refused); i++)
        ck_assert_msg(is_refused(integers[_i].refused[i]), "%s", integers[_i].refused[i]);
}
END_TEST

START_TEST(the_first_column_of_a_key_counts_most)
{
    uint64_t values[2];

    key_begin();
    key_add("int", 4, false, -1);
    key_add("int unsigned", 4, true, -1);
    ck_assert_uint_lt(pack("-5", "4294967295"), pack("-4", "0"));
    ck_assert_uint_lt(pack("-4", "0"), pack("-4", "1"));
    ck_assert_uint_eq(pack("2147483647", "4294967295"), UINT64_MAX);
    my_address_unpack(&key, pack("-4", "7"), values);
    ck_assert(values[0] == (uint64_t)-4 && values[1] == 7);
}
END_TEST

START_TEST(bits_are_read_from_their_bytes)
{
    const struct span cells[] = {SPAN_LITERAL("\2\1")}, more[] = {SPAN_LITERAL("\4\1")};
    uint64_t address;

    key_begin();
    key_add("bit", 8, true, 10);
    ck_assert(my_address_pack(&key, cells, &address));
    ck_assert_uint_eq(address, 513);
    ck_assert(!my_address_pack(&key, more, &address)); /* 11 bits */
    ck_assert_uint_eq(my_address_highest(&key), 1023);
}
END_TEST

static enum address_class class_of(bool is_primary)
{
    struct key *keys[] = {&key};
    struct relation relation = {.address_key = NULL};
    const struct table table = {.keys = keys,
                                .key_count = 1,
                                .primary = is_primary ? &key : NULL,
                                .relations = &relation,
                                .relation_count = 1};

    my_address_decide(&table, &relation);
    ck_assert((relation.address_class == ADDRESS_ROW) == !relation.address_key);
    return relation.address_class;
}

START_TEST(a_key_that_fits_64_bits_is_a_place_and_a_longer_one_is_hashed)
{
    key_begin();
    key_add("int", 4, false, -1);
    key_add("int", 4, false, -1);
    ck_assert_int_eq(class_of(true), ADDRESS_PLACE);
    key_add("tinyint", 1, false, -1);
    ck_assert_int_eq(class_of(true), ADDRESS_KEY);
    ck_assert_int_eq(class_of(false), ADDRESS_KEY);
    types[2].kind = KIND_TEXT;
    ck_assert_int_eq(class_of(true), ADDRESS_KEY);
}
END_TEST

START_TEST(a_key_that_does_not_tell_every_row_is_none)
{
    key_begin();
    key_add("int", 4, false, -1);
    columns[0].is_not_null = false;
    ck_assert_int_eq(class_of(false), ADDRESS_ROW);
    columns[0].is_not_null = true;
    columns[0].is_virtual = true;
    ck_assert_int_eq(class_of(false), ADDRESS_ROW);
    columns[0].is_virtual = false;
    types[0].kind = KIND_REAL;
    ck_assert_int_eq(class_of(true), ADDRESS_ROW);
    types[0].kind = KIND_INTEGER;
    key.is_partial = true;
    ck_assert_int_eq(class_of(false), ADDRESS_ROW);
    key.is_partial = false;
    key.is_expression = true;
    ck_assert_int_eq(class_of(false), ADDRESS_ROW);
    key.is_expression = false;
    ck_assert_int_eq(class_of(false), ADDRESS_PLACE);
}
END_TEST

START_TEST(a_book_gives_back_what_was_noted)
{
    const struct table first = {.index = 0, .label = "a"}, third = {.index = 2, .label = "c"};
    struct my_book *book = NULL;
    struct error err = {0};
    struct span found;

    ck_assert(my_book_new(&book, &err));
    for (uint32_t i = 0; i < 10000; i++)
        ck_assert(my_book_put(book, i % 2 ? &first : &third, (uint64_t)i << 32,
                              span_make(&i, sizeof(i)), &err));
    for (uint32_t i = 0; i < 10000; i++) {
        ck_assert(my_book_find(book, i % 2 ? &first : &third, (uint64_t)i << 32, &found));
        ck_assert(span_equal(found, span_make(&i, sizeof(i))));
        ck_assert(!my_book_find(book, i % 2 ? &third : &first, (uint64_t)i << 32, &found));
    }
    ck_assert_uint_eq(my_book_count(book, &first), 5000);
    ck_assert_uint_gt(my_book_bytes(book), 10000 * 24);
    my_book_drop(book);
}
END_TEST

START_TEST(two_keys_with_one_address_are_noticed)
{
    const struct table table = {.index = 7, .label = "shop.words"};
    struct my_book *book = NULL;
    struct error err = {0};

    ck_assert(my_book_new(&book, &err));
    ck_assert(my_book_put(book, &table, 5, SPAN_LITERAL("\1a"), &err));
    ck_assert(my_book_put(book, &table, 5, SPAN_LITERAL("\1a"), &err));
    ck_assert(my_book_check(book, &table, 6, SPAN_LITERAL("\1b"), &err));
    ck_assert(!my_book_check(book, &table, 5, SPAN_LITERAL("\1b"), &err));
    err = (struct error){0};
    ck_assert(!my_book_put(book, &table, 5, SPAN_LITERAL("\1b"), &err));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    ck_assert_ptr_nonnull(strstr(err.cause, "'shop.words'"));
    my_book_drop(book);
}
END_TEST

START_TEST(a_book_lives_until_its_last_holder_drops_it)
{
    const struct table table = {.index = 0, .label = "t"};
    struct my_book *book = NULL;
    struct error err = {0};

    ck_assert(my_book_new(&book, &err));
    my_book_hold(book);
    my_book_drop(book);
    ck_assert(my_book_put(book, &table, 1, SPAN_LITERAL("\1a"), &err));
    my_book_drop(book);
    my_book_drop(NULL);
}
END_TEST

START_TEST(books_make_different_addresses_of_one_key)
{
    struct my_book *one = NULL, *other = NULL;
    struct error err = {0};

    ck_assert(my_book_new(&one, &err) && my_book_new(&other, &err));
    ck_assert_uint_eq(my_book_address(one, SPAN_LITERAL("k")),
                      my_book_address(one, SPAN_LITERAL("k")));
    ck_assert_uint_ne(my_book_address(one, SPAN_LITERAL("k")),
                      my_book_address(other, SPAN_LITERAL("k")));
    my_book_drop(one);
    my_book_drop(other);
}
END_TEST

Suite *suite_db_my_address(void);
Suite *suite_db_my_address(void)
{
    Suite *suite = suite_create("db/my_address");
    TCase *tcase = tcase_create("my_address");

    tcase_add_loop_test(tcase, packed_integers_keep_their_order_and_come_back, 0,
                        (int)COUNT_OF(integers));
    tcase_add_loop_test(tcase, what_a_column_cannot_hold_has_no_address, 0,
                        (int)COUNT_OF(integers));
    tcase_add_test(tcase, the_first_column_of_a_key_counts_most);
    tcase_add_test(tcase, bits_are_read_from_their_bytes);
    tcase_add_test(tcase, a_key_that_fits_64_bits_is_a_place_and_a_longer_one_is_hashed);
    tcase_add_test(tcase, a_key_that_does_not_tell_every_row_is_none);
    tcase_add_test(tcase, a_book_gives_back_what_was_noted);
    tcase_add_test(tcase, two_keys_with_one_address_are_noticed);
    tcase_add_test(tcase, a_book_lives_until_its_last_holder_drops_it);
    tcase_add_test(tcase, books_make_different_addresses_of_one_key);
    suite_add_tcase(suite, tcase);
    return suite;
}
