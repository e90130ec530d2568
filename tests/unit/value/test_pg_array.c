/* Arrays in both forms: elements out, elements back, the shape untouched. */
#include "value_types.h"
#include <check.h>

struct captured_array {
    const char *element;
    struct span binary, text;
};

static const struct captured_array captured[] = {
#define CAPTURED_ARRAY(type, binary, text)                                                         \
    {#type, {binary, sizeof(binary) - 1}, {text, sizeof(text) - 1}},
#include "captured_arrays.def"
#undef CAPTURED_ARRAY
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

static struct span join_again(const struct codec *codec, struct span cell)
{
    struct span *elements, joined;
    uint32_t count;

    ck_assert_msg(codec->array_split(cell, arena, &elements, &count, &err), "%s", err.cause);
    ck_assert(codec->array_join(cell, elements, count, arena, &joined, &err));
    return joined;
}

START_TEST(an_array_comes_back_as_the_server_sent_it)
{
    struct span text = join_again(&codec_pg_text, captured[_i].text);

    ck_assert(span_equal(join_again(&codec_pg_binary, captured[_i].binary), captured[_i].binary));
    ck_assert_msg(span_equal(text, captured[_i].text), "'%.*s' for '%s'", (int)text.len, text.ptr,
                  captured[_i].text.ptr);
}
END_TEST

START_TEST(both_codecs_find_the_same_elements)
{
    const struct type *type = test_type(captured[_i].element);
    struct span *binary, *text;
    uint32_t binary_count, text_count;

    ck_assert(
        codec_pg_binary.array_split(captured[_i].binary, arena, &binary, &binary_count, &err));
    ck_assert(codec_pg_text.array_split(captured[_i].text, arena, &text, &text_count, &err));
    ck_assert_uint_eq(binary_count, text_count);
    for (uint32_t i = 0; i < text_count; i++) {
        struct value a, b;

        ck_assert_int_eq(binary[i].ptr == NULL, text[i].ptr == NULL);
        if (!binary[i].ptr)
            continue;
        ck_assert(codec_pg_binary.decode(type, binary[i], arena, &a, &err));
        ck_assert(codec_pg_text.decode(type, text[i], arena, &b, &err));
        assert_same_value(type, &a, &b);
    }
}
END_TEST

START_TEST(no_prefix_of_an_array_is_an_array)
{
    struct span *elements;
    uint32_t count;

    for (uint32_t len = 0; len < captured[_i].binary.len; len++)
        ck_assert(
            !codec_pg_binary.array_split(arena_span(arena, span_make(captured[_i].binary.ptr, len)),
                                         arena, &elements, &count, &err));
    for (uint32_t len = 0; len < captured[_i].text.len; len++) {
        err = (struct error){0};
        ck_assert(
            !codec_pg_text.array_split(arena_span(arena, span_make(captured[_i].text.ptr, len)),
                                       arena, &elements, &count, &err));
        ck_assert_int_eq(err.status, STATUS_SOURCE);
    }
}
END_TEST

static struct span join_text(struct span cell, const struct span *elements, uint32_t count)
{
    struct span joined;

    ck_assert(codec_pg_text.array_join(cell, elements, count, arena, &joined, &err));
    return joined;
}

START_TEST(an_element_is_quoted_where_it_must_be)
{
    const struct span elements[] = {
        SPAN_LITERAL("null"),  SPAN_LITERAL(""),     SPAN_LITERAL("a b"), {NULL, 0},
        SPAN_LITERAL("x\\ty"), SPAN_LITERAL("\\\\"), SPAN_LITERAL("z")};

    ck_assert(
        span_equal(join_text(SPAN_LITERAL("[5:11]={1,2,3,4,5,6,7}"), elements, COUNT_OF(elements)),
                   SPAN_LITERAL("[5:11]={\"null\",\"\",\"a b\",NULL,\"x\\ty\",\"\\\\\\\\\",z}")));
}
END_TEST

START_TEST(a_new_null_is_flagged_in_binary)
{
    struct span cell = SPAN_LITERAL("\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\1\0\0\0\1\0\0\0\4\0\0\0\1");
    struct span element = {NULL, 0}, joined;

    ck_assert(codec_pg_binary.array_join(cell, &element, 1, arena, &joined, &err));
    ck_assert(span_equal(
        joined, SPAN_LITERAL("\0\0\0\1\0\0\0\1\0\0\0\x17\0\0\0\1\0\0\0\1\377\377\377\377")));
}
END_TEST

static const struct span malformed_text[] = {
    SPAN_LITERAL(""),         SPAN_LITERAL("x"),        SPAN_LITERAL("{a}b"),
    SPAN_LITERAL("{a}{b}"),   SPAN_LITERAL("{,}"),      SPAN_LITERAL("{a,}"),
    SPAN_LITERAL("{,a}"),     SPAN_LITERAL("{a b}"),    SPAN_LITERAL("{{}}"),
    SPAN_LITERAL("}{"),       SPAN_LITERAL("{\"a}"),    SPAN_LITERAL("{a\"b\"}"),
    SPAN_LITERAL("{a}}"),     SPAN_LITERAL("{\"a\"b}"), SPAN_LITERAL("[1:2]"),
    SPAN_LITERAL("{a{b}}"),   SPAN_LITERAL("{{a}b}"),   SPAN_LITERAL("{{{{{{{1}}}}}}}"),
    SPAN_LITERAL("{a\\\\b}"), SPAN_LITERAL("{\"\\\\"),
};

START_TEST(malformed_text_is_refused)
{
    struct span *elements;
    uint32_t count;

    ck_assert_msg(!codec_pg_text.array_split(malformed_text[_i], arena, &elements, &count, &err),
                  "%s", malformed_text[_i].ptr);
    ck_assert_int_eq(err.status, STATUS_SOURCE);
}
END_TEST

/* Seven dimensions; a flag of 2; counts that multiply to 2^32; a length of 2^31. */
static const struct span malformed_binary[] = {
    SPAN_LITERAL("\0\0\0\7\0\0\0\0\0\0\0\x17"
                 "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1"
                 "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1"),
    SPAN_LITERAL("\0\0\0\0\0\0\0\2\0\0\0\x17"),
    SPAN_LITERAL("\0\0\0\2\0\0\0\0\0\0\0\x17\0\1\0\0\0\0\0\1\0\1\0\0\0\0\0\1"),
    SPAN_LITERAL("\0\0\0\1\0\0\0\0\0\0\0\x17\x80\0\0\0\0\0\0\1"),
    SPAN_LITERAL("\xff\xff\xff\xff\0\0\0\0\0\0\0\x17"),
    SPAN_LITERAL("\0\0\0\0\0\0\0\0\0\0\0\x17\0"),
};

START_TEST(malformed_binary_is_refused)
{
    struct span *elements;
    uint32_t count;

    ck_assert(!codec_pg_binary.array_split(malformed_binary[_i], arena, &elements, &count, &err));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
}
END_TEST

Suite *suite_value_pg_array(void);
Suite *suite_value_pg_array(void)
{
    Suite *suite = suite_create("value/pg_array");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, arena_make, arena_drop);
    tcase_add_loop_test(tests, an_array_comes_back_as_the_server_sent_it, 0,
                        (int)COUNT_OF(captured));
    tcase_add_loop_test(tests, both_codecs_find_the_same_elements, 0, (int)COUNT_OF(captured));
    tcase_add_loop_test(tests, no_prefix_of_an_array_is_an_array, 0, (int)COUNT_OF(captured));
    tcase_add_test(tests, an_element_is_quoted_where_it_must_be);
    tcase_add_test(tests, a_new_null_is_flagged_in_binary);
    tcase_add_loop_test(tests, malformed_text_is_refused, 0, (int)COUNT_OF(malformed_text));
    tcase_add_loop_test(tests, malformed_binary_is_refused, 0, (int)COUNT_OF(malformed_binary));
    suite_add_tcase(suite, tests);
    return suite;
}
