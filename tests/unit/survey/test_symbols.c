#include "fixture.h"
#include <check.h>
#include <pthread.h>

static uint8_t name(struct symbols *symbols, unsigned number)
{
    struct span cell = span_make(&number, sizeof(number));

    return symbol_of(symbols, survey_cell_hash(cell), cell, SYMBOL_POSITIVE);
}

START_TEST(equal_values_have_one_symbol_and_64_fit)
{
    struct symbols *symbols = symbols_new();

    for (unsigned i = 0; i < SYMBOL_DISTINCT; i++)
        ck_assert_uint_eq(name(symbols, i), SYMBOL_FINE + i);
    for (unsigned i = 0; i < SYMBOL_DISTINCT; i++)
        ck_assert_uint_eq(name(symbols, i), SYMBOL_FINE + i);
    ck_assert(!symbols_have_overflowed(symbols));
    ck_assert_uint_eq(symbols_count(symbols), SYMBOL_DISTINCT);
    ck_assert_uint_eq(symbol_fold(symbols, SYMBOL_FINE + 3), SYMBOL_FINE + 3);
    symbols_free(symbols);
}
END_TEST

START_TEST(the_65th_value_folds_all_of_them_into_their_classes)
{
    struct symbols *symbols = symbols_new();

    for (unsigned i = 0; i <= SYMBOL_DISTINCT; i++)
        name(symbols, i);
    ck_assert(symbols_have_overflowed(symbols));
    ck_assert_uint_eq(symbols_count(symbols), SYMBOL_DISTINCT);
    ck_assert_uint_eq(symbol_fold(symbols, SYMBOL_FINE), SYMBOL_POSITIVE);
    ck_assert_uint_eq(symbol_fold(symbols, SYMBOL_NULL), SYMBOL_NULL);
    ck_assert_uint_eq(name(symbols, 0), SYMBOL_POSITIVE);
    symbols_free(symbols);
}
END_TEST

START_TEST(a_symbol_knows_its_cell_and_hash)
{
    struct symbols *symbols = symbols_new();
    struct span cell = SPAN_LITERAL("legacy_v1");
    uint8_t symbol = symbol_of(symbols, survey_cell_hash(cell), cell, SYMBOL_PLAIN);

    ck_assert(span_equal(symbol_cell(symbols, symbol), cell));
    ck_assert_uint_eq(symbol_hash(symbols, symbol), survey_cell_hash(cell));
    symbols_free(symbols);
}
END_TEST

START_TEST(a_long_cell_is_cut)
{
    static char text[1000] = "x";
    struct symbols *symbols = symbols_new();
    struct span cell = span_make(text, sizeof(text));
    uint8_t symbol = symbol_of(symbols, survey_cell_hash(cell), cell, SYMBOL_PLAIN);

    ck_assert_uint_eq(symbol_cell(symbols, symbol).len, 256);
    symbols_free(symbols);
}
END_TEST

/* Hashes that meet in one slot, the one that marks a free slot among them. */
START_TEST(hashes_that_collide_in_the_table_stay_apart)
{
    struct symbols *symbols = symbols_new();
    struct span cell = SPAN_LITERAL("x");

    uint8_t zero = symbol_of(symbols, 0, cell, SYMBOL_PLAIN);
    ck_assert_uint_eq(symbol_of(symbols, 0, cell, SYMBOL_PLAIN), zero);
    for (uint64_t i = 1; i < 20; i++) {
        uint8_t symbol = symbol_of(symbols, i << 32, cell, SYMBOL_PLAIN);
        ck_assert_uint_eq(symbol, zero + i);
        ck_assert_uint_eq(symbol_of(symbols, i << 32, cell, SYMBOL_PLAIN), symbol);
    }
    symbols_free(symbols);
}
END_TEST

enum { READERS = 4, VALUES = 60, TURNS = 2000 };

struct reading {
    struct symbols *symbols;
    unsigned start;
    uint8_t seen[VALUES];
    bool has_changed;
};

static void *values_read(void *context)
{
    struct reading *reading = context;

    for (unsigned i = 0; i < TURNS; i++) {
        unsigned value = (reading->start + i * 7) % VALUES;
        uint8_t symbol = name(reading->symbols, value);
        if (reading->seen[value] && reading->seen[value] != symbol)
            reading->has_changed = true;
        reading->seen[value] = symbol;
    }
    return NULL;
}

START_TEST(threads_agree_on_symbols)
{
    struct symbols *symbols = symbols_new();
    struct reading readings[READERS];
    pthread_t threads[READERS];

    for (unsigned i = 0; i < READERS; i++) {
        readings[i] = (struct reading){.symbols = symbols, .start = i * 13};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, values_read, &readings[i]), 0);
    }
    for (unsigned i = 0; i < READERS; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
    ck_assert_uint_eq(symbols_count(symbols), VALUES);
    for (unsigned i = 0; i < READERS; i++) {
        ck_assert(!readings[i].has_changed);
        ck_assert_mem_eq(readings[i].seen, readings[0].seen, VALUES);
    }
    symbols_free(symbols);
}
END_TEST

START_TEST(coarse_classes_are_functions_of_the_value)
{
    ck_assert_uint_eq(coarse_number(-0.5), SYMBOL_NEGATIVE);
    ck_assert_uint_eq(coarse_number(-0.0), SYMBOL_ZERO);
    ck_assert_uint_eq(coarse_number(1e300), SYMBOL_POSITIVE);
    ck_assert_uint_eq(coarse_number((double)__builtin_nanf("")), SYMBOL_SPECIAL);
    ck_assert_uint_eq(coarse_text(SPAN_LITERAL("")), SYMBOL_EMPTY);
    ck_assert_uint_eq(coarse_text(SPAN_LITERAL("Orders, 12!")), SYMBOL_PLAIN);
    ck_assert_uint_eq(coarse_text(SPAN_LITERAL("12345678~")), SYMBOL_PLAIN);
    ck_assert_uint_eq(coarse_text(SPAN_LITERAL("Z\xc3\xbcrich is a town")), SYMBOL_LETTERS);
    ck_assert_uint_eq(coarse_text(SPAN_LITERAL(" x")), SYMBOL_ODD);
    ck_assert_uint_eq(coarse_text(SPAN_LITERAL("x ")), SYMBOL_ODD);
    ck_assert_uint_eq(coarse_text(SPAN_LITERAL("a line\nanother line")), SYMBOL_ODD);
    ck_assert_uint_eq(coarse_text(SPAN_LITERAL("1234567\x7f")), SYMBOL_ODD);
    ck_assert_uint_eq(coarse_text(SPAN_LITERAL("\xff\xfe")), SYMBOL_ODD);
    ck_assert_uint_eq(coarse_text(SPAN_LITERAL("a\xc2\x85z")), SYMBOL_ODD);
}
END_TEST

Suite *suite_survey_symbols(void);

Suite *suite_survey_symbols(void)
{
    Suite *suite = suite_create("survey/symbols");
    TCase *tcase = tcase_create("symbols");

    tcase_add_test(tcase, equal_values_have_one_symbol_and_64_fit);
    tcase_add_test(tcase, the_65th_value_folds_all_of_them_into_their_classes);
    tcase_add_test(tcase, a_symbol_knows_its_cell_and_hash);
    tcase_add_test(tcase, a_long_cell_is_cut);
    tcase_add_test(tcase, hashes_that_collide_in_the_table_stay_apart);
    tcase_add_test(tcase, threads_agree_on_symbols);
    tcase_add_test(tcase, coarse_classes_are_functions_of_the_value);
    suite_add_tcase(suite, tcase);
    return suite;
}
