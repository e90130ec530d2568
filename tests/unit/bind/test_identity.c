/* Canonical keys and identities, against vectors that were computed by another program: SipHash-2-4
 * under the key 00 01 .. 0f of the name, a zero byte, and length and canonical bytes of each
 * column. */
#include "bind/identity.h"
#include "support/catalog_builder.h"
#include <check.h>

static struct builder *builder;
static struct arena *arena;
static struct sipkey key;

static void setup(void)
{
    uint8_t bytes[16];

    for (uint8_t i = 0; i < 16; i++)
        bytes[i] = i;
    key = sipkey_read(bytes);
    arena = arena_new();
    builder = builder_new();
    builder_table(builder, "public", "customers");
    builder_column(builder, "id", "int8", BUILD_NOT_NULL);
    builder_column(builder, "small", "int2", 0);
    builder_table(builder, "public", "tags");
    builder_column(builder, "name", "text", BUILD_NOT_NULL);
    builder_table(builder, "public", "events");
    builder_column(builder, "id", "uuid", BUILD_NOT_NULL);
    builder_column(builder, "name", "text", 0);
    builder_column(builder, "region", "text", 0);
    builder_column(builder, "other_id", "uuid", 0);
    builder_column(builder, "other_region", "text", 0);
    builder_table(builder, "sales", "bills");
    builder_column(builder, "number", "int4", BUILD_NOT_NULL);
    builder_column(builder, "region", "text", BUILD_NOT_NULL);
    builder_table(builder, "public", "loose");
    builder_column(builder, "a", "int4", 0);
    builder_column(builder, "b", "int4", 0);
    builder_finish(builder);
}

static void teardown(void)
{
    builder_free(builder);
    arena_free(arena);
}

/* Of a row whose identity is `count` columns of the table, from number `first` on. */
static uint64_t hash_from(const char *name, size_t first, const struct span *cells, size_t count)
{
    const struct table *table = builder_find_table(builder, name);
    const struct column *columns[4];
    struct bound_table bound = {
        .table = table, .identity_count = count, .identity_columns = columns};
    struct key_scratch scratch = {.codec = &codec_pg_binary, .arena = arena};
    struct error err = {0};
    uint64_t hash = 0;

    for (size_t i = 0; i < count; i++)
        columns[i] = table->columns[first + i];
    buf_init(&scratch.bytes, BUF_CEILING_MAX);
    ck_assert(identity_hash(&bound, &key, &scratch, cells, &hash, &err));
    buf_release(&scratch.bytes);
    return hash;
}

static uint64_t hash_of(const char *name, const struct span *cells, size_t count)
{
    return hash_from(name, 0, cells, count);
}

static const struct span forty_two = {"\0\0\0\0\0\0\0\52", 8};

START_TEST(an_identity_is_the_same_in_every_program)
{
    struct span text = SPAN_LITERAL("\303\251 \"x\"");
    struct span uuid =
        SPAN_LITERAL("\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff");

    ck_assert_uint_eq(hash_of("customers", &forty_two, 1), UINT64_C(0xa56fdbbb13b690fe));
    ck_assert_uint_eq(hash_of("tags", &text, 1), UINT64_C(0xc9cdaa66392028e9));
    ck_assert_uint_eq(hash_of("events", &uuid, 1), UINT64_C(0x8e01685d188c8c60));
}
END_TEST

START_TEST(a_uuid_written_in_a_text_is_the_uuid)
{
    struct span uuid =
        SPAN_LITERAL("\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff");
    struct span texts[] = {SPAN_LITERAL("00112233-4455-6677-8899-aabbccddeeff"),
                           SPAN_LITERAL("00112233-4455-6677-8899-AABBCCDDEEFF"),
                           SPAN_LITERAL("00112233-4455-6677-8899-aabbccddeef"),
                           SPAN_LITERAL("00112233-4455-6677-8899-aabbccddeeff ")};
    const uint64_t hash = hash_from("events", 0, &uuid, 1);

    ck_assert_uint_eq(hash, UINT64_C(0x8e01685d188c8c60));
    ck_assert_uint_eq(hash_from("events", 1, &texts[0], 1), hash);
    for (size_t i = 1; i < 4; i++)
        ck_assert(hash_from("events", 1, &texts[i], 1) != hash);
}
END_TEST

START_TEST(a_uuid_in_a_text_is_one_wherever_it_stands_in_a_key)
{
    struct span texts[] = {SPAN_LITERAL("00112233-4455-6677-8899-aabbccddeeff"),
                           SPAN_LITERAL("north")};
    struct span uuids[] = {
        SPAN_LITERAL("\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff"), texts[1]};

    ck_assert_uint_eq(hash_from("events", 1, texts, 2), hash_from("events", 3, uuids, 2));
}
END_TEST

START_TEST(another_schema_is_part_of_the_identity)
{
    struct span cells[] = {{"\0\0\0\7", 4}, SPAN_LITERAL("north")};

    ck_assert_uint_eq(hash_of("sales.bills", cells, 2), UINT64_C(0x5045f1fb9f3d2b0c));
}
END_TEST

START_TEST(a_null_of_a_row_without_key_is_no_empty_value)
{
    struct span cells[] = {{"\0\0\0\1", 4}, {NULL, 0}};

    ck_assert_uint_eq(hash_of("loose", cells, 2), UINT64_C(0x97edae9868302ded));
}
END_TEST

static void canonical(const char *table, const char *column, struct span cell, struct buf *out,
                      bool *has_null)
{
    const struct column *found = builder_find_column(builder, table, column);
    struct error err = {0};

    ck_assert(key_canonical(&codec_pg_binary, &found, &cell, 1, arena, out, has_null, &err));
}

START_TEST(integers_of_two_widths_have_one_key)
{
    struct buf wide, narrow;
    bool has_null;

    buf_init(&wide, 100);
    buf_init(&narrow, 100);
    canonical("customers", "id", forty_two, &wide, &has_null);
    ck_assert(!has_null);
    canonical("customers", "small", span_make("\0\52", 2), &narrow, &has_null);
    ck_assert_mem_eq(buf_text(&wide), "\0\0\0\00242", 6);
    ck_assert(span_equal(buf_span(&wide), buf_span(&narrow)));
    buf_release(&wide);
    buf_release(&narrow);
}
END_TEST

START_TEST(a_key_with_a_null_is_no_reference)
{
    struct buf bytes;
    bool has_null = false;

    buf_init(&bytes, 100);
    canonical("customers", "small", (struct span){NULL, 0}, &bytes, &has_null);
    ck_assert(has_null);
    ck_assert_uint_eq(bytes.len, 0);
    buf_release(&bytes);
}
END_TEST

START_TEST(columns_do_not_run_into_one_another)
{
    struct span left[] = {{"\0\0\0\1", 4}, {"\0\0\0\13", 4}};  /* 1, 11 */
    struct span right[] = {{"\0\0\0\13", 4}, {"\0\0\0\1", 4}}; /* 11, 1 */

    ck_assert(hash_of("loose", left, 2) != hash_of("loose", right, 2));
}
END_TEST

Suite *suite_bind_identity(void);
Suite *suite_bind_identity(void)
{
    Suite *suite = suite_create("bind/identity");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, an_identity_is_the_same_in_every_program);
    tcase_add_test(all, a_uuid_written_in_a_text_is_the_uuid);
    tcase_add_test(all, a_uuid_in_a_text_is_one_wherever_it_stands_in_a_key);
    tcase_add_test(all, another_schema_is_part_of_the_identity);
    tcase_add_test(all, a_null_of_a_row_without_key_is_no_empty_value);
    tcase_add_test(all, integers_of_two_widths_have_one_key);
    tcase_add_test(all, a_key_with_a_null_is_no_reference);
    tcase_add_test(all, columns_do_not_run_into_one_another);
    suite_add_tcase(suite, all);
    return suite;
}
