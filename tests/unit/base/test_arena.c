/* Arenas: alignment, zeroing, growth, ceiling, reset. */
#include "base/arena.h"
#include <check.h>
#include <stdalign.h>

static struct arena *arena;

static void setup(void)
{
    arena = arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void teardown(void)
{
    arena_free(arena);
}

START_TEST(memory_is_zeroed_and_aligned_also_after_a_reset)
{
    static const size_t sizes[] = {1, 3, 17, 100, 5000, 300000, 2};

    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 200; i++) {
            size_t size = sizes[i % COUNT_OF(sizes)];
            char *memory = arena_alloc(arena, size);
            ck_assert_ptr_nonnull(memory);
            ck_assert_uint_eq((uintptr_t)memory % alignof(max_align_t), 0);
            ck_assert(memory[0] == 0 && memcmp(memory, memory + 1, size - 1) == 0);
            memset(memory, 0xaa, size);
        }
        arena_reset(arena);
    }
}
END_TEST

START_TEST(allocations_do_not_overlap)
{
    unsigned char *memory[500];

    for (size_t i = 0; i < COUNT_OF(memory); i++) {
        memory[i] = arena_alloc(arena, i * 7 + 1);
        memset(memory[i], (int)(i % 251), i * 7 + 1);
    }
    for (size_t i = 0; i < COUNT_OF(memory); i++)
        ck_assert(memory[i][0] == i % 251 && memcmp(memory[i], memory[i] + 1, i * 7) == 0);
}
END_TEST

START_TEST(a_reset_gives_most_memory_back)
{
    for (int i = 0; i < 1000; i++)
        arena_alloc(arena, 10000);
    ck_assert_uint_gt(arena_bytes(arena), 10000000);
    arena_reset(arena);
    ck_assert_uint_lt(arena_bytes(arena), 300000);
}
END_TEST

START_TEST(past_the_ceiling_there_is_no_memory)
{
    arena_set_ceiling(arena, 100000);
    ck_assert_ptr_null(arena_alloc(arena, 200000));
    size_t count = 0;
    while (arena_alloc(arena, 100))
        count++;
    ck_assert_uint_gt(count, 300);
    ck_assert_uint_le(arena_bytes(arena), 100000);
}
END_TEST

START_TEST(an_impossible_size_is_refused)
{
    ck_assert_ptr_null(arena_alloc(arena, SIZE_MAX));
    ck_assert_ptr_null(arena_alloc(arena, SIZE_MAX - 64));
    ck_assert_ptr_null(arena_array(arena, SIZE_MAX / 8 + 1, 16));
    ck_assert_ptr_nonnull(arena_alloc(arena, 0));
}
END_TEST

START_TEST(an_array_that_grows_keeps_its_items)
{
    size_t capacity = 0;
    size_t *items = NULL;

    for (size_t count = 0; count < 5000; count++) {
        items = arena_grow(arena, items, count, &capacity, sizeof(*items));
        ck_assert_ptr_nonnull(items);
        ck_assert_uint_gt(capacity, count);
        items[count] = count;
    }
    for (size_t i = 0; i < 5000; i++)
        ck_assert_uint_eq(items[i], i);
}
END_TEST

START_TEST(text_is_copied_and_ends_with_nul)
{
    char *text = arena_strndup(arena, "hello world", 5);
    char *long_text = arena_printf(arena, "%5000d", 7);

    ck_assert_str_eq(text, "hello");
    ck_assert_uint_eq(strlen(long_text), 5000);
    ck_assert_str_eq(arena_strdup(arena, ""), "");
    struct span null = arena_span(arena, (struct span){NULL, 0});
    struct span empty = arena_span(arena, SPAN_LITERAL(""));
    ck_assert(span_is_null(null) && !span_is_null(empty));
}
END_TEST

Suite *suite_base_arena(void);
Suite *suite_base_arena(void)
{
    Suite *suite = suite_create("base/arena");
    TCase *tests = tcase_create("arena");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, memory_is_zeroed_and_aligned_also_after_a_reset);
    tcase_add_test(tests, allocations_do_not_overlap);
    tcase_add_test(tests, a_reset_gives_most_memory_back);
    tcase_add_test(tests, past_the_ceiling_there_is_no_memory);
    tcase_add_test(tests, an_impossible_size_is_refused);
    tcase_add_test(tests, an_array_that_grows_keeps_its_items);
    tcase_add_test(tests, text_is_copied_and_ends_with_nul);
    suite_add_tcase(suite, tests);
    return suite;
}
