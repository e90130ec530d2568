/* Texts that UTF-8 does not hold: kept apart from all others, and from every rule. */
#include "value/my_opaque.h"
#include "value_types.h"
#include <check.h>

static struct arena *arena;

static void arena_make(void)
{
    arena = arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void arena_drop(void)
{
    arena_free(arena);
}

static const struct type greek = {.name = "varchar", .kind = KIND_TEXT, .charset = "greek"};

START_TEST(no_rule_is_given_bytes_that_no_letter_stands_for)
{
    const struct span cell = SPAN_LITERAL("\xffgreek:secret? \xffsecret\xae");
    struct value value;
    struct error err = {0};

    ck_assert(!codec_my.decode(&greek, cell, arena, &value, &err));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    ck_assert_ptr_nonnull(strstr(err.cause, "'greek'"));
    ck_assert_ptr_nonnull(strstr(err.hint, "utf8mb4"));
    ck_assert_ptr_null(strstr(err.cause, "secret"));
}
END_TEST

START_TEST(of_bytes_that_no_letter_stands_for_the_others_can_be_read)
{
    const struct span cells[] = {SPAN_LITERAL("\xffgreek:a? \xff"
                                              "a\xae"),
                                 SPAN_LITERAL("\xff"), SPAN_LITERAL("a?"), SPAN_LITERAL("")};
    static const char *const legible[] = {"a?", "\xef\xbf\xbd", "a?", ""};
    const struct cell_column column = {.cells = cells, .stride = 1, .count = COUNT_OF(cells)};
    struct span texts[COUNT_OF(cells)], found;
    const struct cell_measures measures = {NULL, NULL, texts, arena};
    struct error err = {0};

    ck_assert(codec_my.measure(&greek, &column, &measures, &err));
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        ck_assert(span_equal(texts[i], span_of(legible[i])));
        ck_assert_int_eq(codec_opaque(&codec_my, &greek, cells[i], &found), i < 2);
    }
    ck_assert(!codec_opaque(&codec_my, test_my_type("binary"), cells[1], &found));
    ck_assert(!codec_opaque(&codec_pg_text, &greek, cells[0], &found));
}
END_TEST

START_TEST(ascii_with_other_bytes_is_no_text)
{
    static const struct type ascii = {.name = "char", .kind = KIND_TEXT, .charset = "ascii"};
    struct my_opaque parts;
    struct span found;

    ck_assert(codec_opaque(&codec_my, &ascii, SPAN_LITERAL("a\x80"), &found));
    ck_assert(span_equal(found, SPAN_LITERAL("\xef\xbf\xbd")));
    ck_assert(!my_opaque_split(SPAN_LITERAL("a\x80"), &parts));
    ck_assert(!codec_opaque(&codec_my, &ascii, SPAN_LITERAL("a\x7f"), &found));
}
END_TEST

START_TEST(a_text_of_stored_bytes_comes_apart)
{
    static const char *const broken[] = {"\xff", "\xffgreek", "\xffgreek:", "\xffgreek:\xff",
                                         "\xffgreek:a?\xff"};
    struct my_opaque parts;

    ck_assert(my_opaque_split(SPAN_LITERAL("\xffgbk: : \xff\xff: \xff\\0"), &parts));
    ck_assert(span_equal(parts.charset, SPAN_LITERAL("gbk")));
    ck_assert(span_equal(parts.legible, SPAN_LITERAL(" :")));
    ck_assert(span_equal(parts.bytes, SPAN_LITERAL("\xff: \xff\\0")));
    ck_assert(my_opaque_split(SPAN_LITERAL("\xffgbk: \xff"), &parts));
    ck_assert_uint_eq(parts.legible.len + parts.bytes.len, 0);
    for (size_t i = 0; i < COUNT_OF(broken); i++)
        ck_assert_msg(!my_opaque_split(span_of(broken[i]), &parts), "%zu", i);
}
END_TEST

Suite *suite_value_my_opaque(void);

Suite *suite_value_my_opaque(void)
{
    Suite *suite = suite_create("value/my_opaque");
    TCase *tests = tcase_create("my_opaque");

    tcase_add_checked_fixture(tests, arena_make, arena_drop);
    tcase_add_test(tests, no_rule_is_given_bytes_that_no_letter_stands_for);
    tcase_add_test(tests, of_bytes_that_no_letter_stands_for_the_others_can_be_read);
    tcase_add_test(tests, ascii_with_other_bytes_is_no_text);
    tcase_add_test(tests, a_text_of_stored_bytes_comes_apart);
    suite_add_tcase(suite, tests);
    return suite;
}
