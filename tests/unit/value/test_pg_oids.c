/* Type numbers inside binary cells, as a server sent them for types of its own:
 *   pair AS (a int4, b text), trip AS (p pair, ps pair[], n numeric), prange AS RANGE (pair). */
#include "value/codec.h"
#include <check.h>
#include <stdlib.h>

enum { PAIR = 16526, PAIRS = 16525, TRIP = 16529, PRANGE = 16533, TO_PAIR = 70001 };

static const struct type int4 = {.name = "int4", .oid = 23, .kind = KIND_INTEGER, .width = 4};
static const struct type text = {.name = "text", .oid = 25, .kind = KIND_TEXT};
static const struct type numeric = {.name = "numeric", .oid = 1700, .kind = KIND_DECIMAL};
static struct type_field pair_fields[] = {{.name = "a", .type = &int4},
                                          {.name = "b", .type = &text}};
static const struct type pair = {.name = "pair",
                                 .oid = PAIR,
                                 .class = TYPE_COMPOSITE,
                                 .kind = KIND_OTHER,
                                 .field_count = 2,
                                 .fields = pair_fields};
static const struct type pairs = {
    .name = "_pair", .oid = PAIRS, .class = TYPE_ARRAY, .kind = KIND_OTHER, .element = &pair};
static struct type_field trip_fields[] = {
    {.name = "p", .type = &pair}, {.name = "ps", .type = &pairs}, {.name = "n", .type = &numeric}};
static const struct type trip = {.name = "trip",
                                 .oid = TRIP,
                                 .class = TYPE_COMPOSITE,
                                 .kind = KIND_OTHER,
                                 .field_count = 3,
                                 .fields = trip_fields};
static const struct type prange = {
    .name = "prange", .oid = PRANGE, .class = TYPE_RANGE, .kind = KIND_OTHER, .element = &pair};
static const struct type pmultirange = {
    .name = "pmultirange", .class = TYPE_MULTIRANGE, .kind = KIND_OTHER, .element = &prange};
static const struct type pranges = {
    .name = "_prange", .class = TYPE_ARRAY, .kind = KIND_OTHER, .element = &prange};
static const struct type pair_domain = {
    .name = "pair_domain", .class = TYPE_DOMAIN, .kind = KIND_OTHER, .element = &pair};
static const struct type ints = {
    .name = "_int4", .class = TYPE_ARRAY, .kind = KIND_OTHER, .element = &int4};

static const struct oid_pair pairs_of_oids[] = {
    {PAIRS, 70000}, {PAIR, TO_PAIR}, {TRIP, 70002}, {PRANGE, 70003}};
static const struct oid_map oids = {COUNT_OF(pairs_of_oids), pairs_of_oids};

/* With N for a number that is mapped: 0000408e is 16526, 00011171 is 70001. */
#define PAIR_CELL(letter) "0000000200000017000000040000000100000019000000016" letter
#define PRANGE_CELL       "1200000019" PAIR_CELL("1")

struct sample {
    const struct type *type;
    const char *before, *after; /* hexadecimal */
};

static const struct sample samples[] = {
    {&pair, PAIR_CELL("1"), PAIR_CELL("1")},
    {&pair_domain, PAIR_CELL("1"), PAIR_CELL("1")},
    {&trip,
     "000000030000408e00000019000000020000001700000004000000010000001900000001780000408d0000004d000"
     "0"
     "0001000000010000408e0000000300000001000000190000000200000017000000040000000200000019000000017"
     "9"
     "ffffffff000000140000000200000017ffffffff00000019ffffffff000006a40000000c000200000000000100011"
     "3"
     "88",
     "00000003000111710000001900000002000000170000000400000001000000190000000178000111700000004d000"
     "0"
     "000100000001000111710000000300000001000000190000000200000017000000040000000200000019000000017"
     "9"
     "ffffffff000000140000000200000017ffffffff00000019ffffffff000006a40000000c000200000000000100011"
     "3"
     "88"},
    {&prange, PRANGE_CELL, PRANGE_CELL},
    {&prange, "01", "01"},
    {&pmultirange, "000000010000001e" PRANGE_CELL, "000000010000001e" PRANGE_CELL},
    {&pranges,
     "000000010000000000004095000000010000000100000022"
     "0800000019" PAIR_CELL("2"),
     NULL},
    {&pranges,
     "00000001000000000000409500000001000000010000001e"
     "0800000019" PAIR_CELL("2"),
     "00000001000000000001117300000001000000010000001e"
     "0800000019" PAIR_CELL("2")},
    {&pairs,
     "0000000000000000"
     "0000408e",
     "0000000000000000"
     "00011171"},
    {&ints,
     "000000010000000000000017000000010000000100000004"
     "00000005",
     "000000010000000000000017000000010000000100000004"
     "00000005"},
    {&int4, "0000408e", "0000408e"},
    {&text, "", ""},
};

static struct arena *arena;
static struct error err;

static void arena_make(void)
{
    arena = arena_new();
    err = (struct error){0};
}

static void arena_drop(void)
{
    arena_free(arena);
}

static struct span bytes_of_hex(const char *hex)
{
    size_t len = strlen(hex) / 2;
    unsigned char *bytes = arena_alloc(arena, len + 1);

    for (size_t i = 0; i < len; i++) {
        const char digits[] = {hex[2 * i], hex[2 * i + 1], '\0'};

        bytes[i] = (unsigned char)strtoul(digits, NULL, 16);
    }
    return span_make(bytes, len);
}

START_TEST(numbers_are_rewritten_at_every_depth)
{
    struct span before = bytes_of_hex(samples[_i].before), out;
    bool is_done =
        codec_pg_binary.translate_oids(samples[_i].type, before, &oids, arena, &out, &err);

    ck_assert_msg(is_done == (samples[_i].after != NULL), "%s", err.cause);
    if (is_done)
        ck_assert(span_equal(out, bytes_of_hex(samples[_i].after)));
    ck_assert(span_equal(before, bytes_of_hex(samples[_i].before)));
}
END_TEST

START_TEST(no_prefix_is_read_beyond_its_end)
{
    struct span whole = bytes_of_hex(samples[_i].before), out;

    for (uint32_t len = 0; len < whole.len; len++) {
        struct span cut = arena_span(arena, span_make(whole.ptr, len));

        err = (struct error){0};
        if (!codec_pg_binary.translate_oids(samples[_i].type, cut, &oids, arena, &out, &err))
            ck_assert_int_eq(err.status, STATUS_SOURCE);
    }
}
END_TEST

START_TEST(a_number_the_target_lacks_is_the_targets_fault)
{
    struct oid_map few = {1, pairs_of_oids};
    struct span out;

    ck_assert(!codec_pg_binary.translate_oids(&pairs, bytes_of_hex("00000000000000000000408e"),
                                              &few, arena, &out, &err));
    ck_assert_int_eq(err.status, STATUS_TARGET);
    ck_assert_ptr_nonnull(strstr(err.cause, "16526"));
}
END_TEST

START_TEST(a_composite_of_another_shape_is_refused)
{
    struct span out;

    ck_assert(!codec_pg_binary.translate_oids(&pair,
                                              bytes_of_hex("00000001"
                                                           "00000017"
                                                           "ffffffff"),
                                              &oids, arena, &out, &err));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    ck_assert(!codec_pg_binary.translate_oids(&pair,
                                              bytes_of_hex("00000002"
                                                           "00000019"
                                                           "ffffffff"
                                                           "00000019"
                                                           "ffffffff"),
                                              &oids, arena, &out, &err));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
}
END_TEST

/* Arrays of composites of arrays …, each holding one value, as deep as asked for. */
static bool nested_translate(size_t depth)
{
    struct type *levels = ARENA_ARRAY(arena, depth + 1, struct type);
    struct type_field *fields = ARENA_ARRAY(arena, depth + 1, struct type_field);
    struct span cell = SPAN_LITERAL("\0\0\0\1"), out;

    levels[0] = int4;
    for (size_t i = 1; i <= depth; i++) {
        struct buf buf;

        fields[i] = (struct type_field){.name = "f", .type = &levels[i - 1]};
        levels[i] = (struct type){.name = "level",
                                  .oid = 23,
                                  .class = i % 2 ? TYPE_ARRAY : TYPE_COMPOSITE,
                                  .kind = KIND_OTHER,
                                  .element = &levels[i - 1],
                                  .field_count = 1,
                                  .fields = &fields[i]};
        buf_init(&buf, 10000);
        buf_add_u32be(&buf, 1);
        if (i % 2)
            buf_add_u32be(&buf, 0);
        buf_add_u32be(&buf, 23);
        if (i % 2)
            buf_add_u64be(&buf, UINT64_C(0x0000000100000001));
        buf_add_u32be(&buf, cell.len);
        buf_add(&buf, cell.ptr, cell.len);
        cell = arena_span(arena, buf_span(&buf));
        buf_release(&buf);
    }
    err = (struct error){0};
    return codec_pg_binary.translate_oids(&levels[depth], cell, &oids, arena, &out, &err);
}

START_TEST(nesting_has_a_bound)
{
    ck_assert_msg(nested_translate(16), "%s", err.cause);
    ck_assert(!nested_translate(40));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    ck_assert_ptr_nonnull(strstr(err.cause, "nested"));
}
END_TEST

START_TEST(text_has_no_numbers_to_rewrite)
{
    struct span cell = SPAN_LITERAL("{\"(1,a)\"}"), out;

    ck_assert(codec_pg_text.translate_oids(&pairs, cell, &oids, arena, &out, &err));
    ck_assert(span_equal(out, cell));
}
END_TEST

Suite *suite_value_pg_oids(void);
Suite *suite_value_pg_oids(void)
{
    Suite *suite = suite_create("value/pg_oids");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, arena_make, arena_drop);
    tcase_add_loop_test(tests, numbers_are_rewritten_at_every_depth, 0, (int)COUNT_OF(samples));
    tcase_add_loop_test(tests, no_prefix_is_read_beyond_its_end, 0, (int)COUNT_OF(samples));
    tcase_add_test(tests, a_number_the_target_lacks_is_the_targets_fault);
    tcase_add_test(tests, a_composite_of_another_shape_is_refused);
    tcase_add_test(tests, nesting_has_a_bound);
    tcase_add_test(tests, text_has_no_numbers_to_rewrite);
    suite_add_tcase(suite, tests);
    return suite;
}
