#include "value/pg_numeric.h"
#include "value_types.h"
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

struct captured {
    const char *type;
    struct span binary, text;
};

#define CAPTURED(type, binary, text) {#type, SPAN_LITERAL(binary), SPAN_LITERAL(text)},
static const struct captured captures[] = {
#include "captured.def"
};
#undef CAPTURED

struct measured {
    double number;
    int64_t time;
    struct span text;
};

static bool measure_one(const struct codec *codec, const struct type *type, struct span cell,
                        struct arena *arena, struct measured *measured)
{
    const struct cell_column column = {.cells = &cell, .stride = 1, .count = 1};
    const struct cell_measures measures = {&measured->number, &measured->time, &measured->text,
                                           arena};
    struct error err = {0};

    *measured = (struct measured){.number = -77};
    bool is_ok = codec->measure(type, &column, &measures, &err);
    ck_assert(is_ok == (err.status == STATUS_OK));
    return is_ok;
}

static bool has_measures(const struct type *type)
{
    switch (type->kind) {
    case KIND_INTEGER:
    case KIND_REAL:
    case KIND_DECIMAL:
    case KIND_TEXT:
    case KIND_BYTES:
    case KIND_DATE:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
    case KIND_JSON:
        return true;
    default:
        return false;
    }
}

START_TEST(both_codecs_measure_the_same)
{
    struct arena *arena = arena_new();
    unsigned measured = 0;

    for (size_t i = 0; i < COUNT_OF(captures); i++) {
        const struct type *type = test_type(captures[i].type);
        struct measured binary, text;

        if (!has_measures(type))
            continue;
        ck_assert(measure_one(&codec_pg_binary, type, captures[i].binary, arena, &binary));
        ck_assert(measure_one(&codec_pg_text, type, captures[i].text, arena, &text));
        ck_assert_msg((isnan(binary.number) && isnan(text.number)) ||
                          fabs(binary.number - text.number) <= fabs(text.number) * DBL_EPSILON ||
                          binary.number == text.number,
                      "%s %s: %.17g and %.17g", captures[i].type, captures[i].text.ptr,
                      binary.number, text.number);
        ck_assert_int_eq(binary.time, text.time);
        ck_assert(span_equal(binary.text, text.text));
        measured++;
    }
    ck_assert_uint_gt(measured, 100);
    arena_free(arena);
}
END_TEST

START_TEST(a_number_is_what_its_text_says)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < COUNT_OF(captures); i++) {
        const struct type *type = test_type(captures[i].type);
        struct measured binary;

        if (type->kind != KIND_INTEGER && type->kind != KIND_REAL)
            continue;
        ck_assert(measure_one(&codec_pg_binary, type, captures[i].binary, arena, &binary));
        const char *text = captures[i].text.ptr;
        bool is_single = type->kind == KIND_REAL && type->width == sizeof(float);
        double number = is_single ? (double)strtof(text, NULL) : strtod(text, NULL);
        ck_assert_msg((isnan(number) && isnan(binary.number)) || number == binary.number, "%s",
                      text);
    }
    arena_free(arena);
}
END_TEST

static double decimal(const char *text, struct arena *arena)
{
    struct span cell;
    double number = -77;

    ck_assert_int_eq(numeric_from_text(span_of(text), arena, &cell), NUMERIC_OK);
    ck_assert(numeric_to_double(cell, &number));
    return number;
}

START_TEST(decimals_of_money_are_exact)
{
    static const char *const texts[] = {"0",       "0.01",        "-0.01",          "19.99",
                                        "1234.56", "99999999.99", "-12345678.90",   "1000000",
                                        "0.0001",  "0.00000001",  "123456789012.34"};
    struct arena *arena = arena_new();

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        ck_assert_msg(decimal(texts[i], arena) == strtod(texts[i], NULL), "%s", texts[i]);
    arena_free(arena);
}
END_TEST

START_TEST(long_decimals_are_right_to_the_last_digit_but_one)
{
    static const char *const texts[] = {
        "3.14159265358979323846264338327950288", "123456789012345678901234567890",
        "0.000000000000000000000000000123456789", "99999999999999999999999999999999.9999",
        "-10000000000000000000000000000000000000000000000000000000001"};
    struct arena *arena = arena_new();

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        double expected = strtod(texts[i], NULL);
        ck_assert_msg(fabs(decimal(texts[i], arena) - expected) <= 4 * fabs(expected) * DBL_EPSILON,
                      "%s: %.17g", texts[i], decimal(texts[i], arena));
    }
    arena_free(arena);
}
END_TEST

START_TEST(decimals_beyond_a_double_end_where_doubles_end)
{
    struct arena *arena = arena_new();
    char great[500], tiny[500];

    memset(great, '9', 400);
    great[400] = 0;
    memset(tiny, '0', 400);
    tiny[1] = '.';
    memcpy(tiny + 400, "1", 2);
    ck_assert_double_eq(decimal(great, arena), DBL_MAX);
    ck_assert(decimal(tiny, arena) > 0);
    ck_assert(isnan(decimal("NaN", arena)));
    ck_assert_double_eq(decimal("-Infinity", arena), -HUGE_VAL);
    arena_free(arena);
}
END_TEST

START_TEST(times_beyond_64_bits_stand_next_to_the_infinities)
{
    /* 5874897-12-31, the last date there is; 294276-12-31 23:59:59 */
    struct measured date, timestamp, infinite;
    struct arena *arena = arena_new();

    ck_assert(measure_one(&codec_pg_binary, test_type("date"), SPAN_LITERAL("\177\332\177\365"),
                          arena, &date));
    ck_assert_int_eq(date.time, TIME_MAX - 1);
    ck_assert(measure_one(&codec_pg_binary, test_type("timestamp"),
                          SPAN_LITERAL("\177\377\377\370\0\0\0\0"), arena, &timestamp));
    ck_assert_int_eq(timestamp.time, TIME_MAX - 1);
    ck_assert(measure_one(&codec_pg_binary, test_type("timestamp"),
                          SPAN_LITERAL("\200\0\0\0\0\0\0\0"), arena, &infinite));
    ck_assert_int_eq(infinite.time, TIME_MIN);
    ck_assert_double_eq(infinite.number, -HUGE_VAL);
    arena_free(arena);
}
END_TEST

START_TEST(null_measures_nothing)
{
    struct measured measured;
    struct arena *arena = arena_new();

    ck_assert(measure_one(&codec_pg_binary, test_type("timestamptz"), (struct span){NULL, 0}, arena,
                          &measured));
    ck_assert_double_eq(measured.number, 0);
    ck_assert_int_eq(measured.time, 0);
    ck_assert(
        measure_one(&codec_pg_text, test_type("text"), (struct span){NULL, 0}, arena, &measured));
    ck_assert_ptr_null(measured.text.ptr);
    ck_assert_double_eq(measured.number, 0);
    arena_free(arena);
}
END_TEST

START_TEST(cells_of_a_wrong_length_are_refused)
{
    static const char *const types[] = {"int2",   "int4",    "int8",      "oid",  "float4",
                                        "float8", "numeric", "timestamp", "date", "jsonb"};
    struct measured measured;
    struct arena *arena = arena_new();

    for (size_t i = 0; i < COUNT_OF(types); i++) {
        ck_assert(!measure_one(&codec_pg_binary, test_type(types[i]), SPAN_LITERAL(""), arena,
                               &measured));
        ck_assert(!measure_one(&codec_pg_binary, test_type(types[i]),
                               SPAN_LITERAL("\2\1\1\1\1\1\1\1\1"), arena, &measured));
    }
    arena_free(arena);
}
END_TEST

START_TEST(a_jsonb_is_measured_without_its_version)
{
    struct measured measured;
    struct arena *arena = arena_new();

    ck_assert(
        measure_one(&codec_pg_binary, test_type("jsonb"), SPAN_LITERAL("\1{}"), arena, &measured));
    ck_assert(span_equal(measured.text, SPAN_LITERAL("{}")));
    ck_assert_double_eq(measured.number, 2);
    arena_free(arena);
}
END_TEST

Suite *suite_value_measure(void);

Suite *suite_value_measure(void)
{
    Suite *suite = suite_create("value/measure");
    TCase *tcase = tcase_create("measure");

    tcase_add_test(tcase, both_codecs_measure_the_same);
    tcase_add_test(tcase, a_number_is_what_its_text_says);
    tcase_add_test(tcase, decimals_of_money_are_exact);
    tcase_add_test(tcase, long_decimals_are_right_to_the_last_digit_but_one);
    tcase_add_test(tcase, decimals_beyond_a_double_end_where_doubles_end);
    tcase_add_test(tcase, times_beyond_64_bits_stand_next_to_the_infinities);
    tcase_add_test(tcase, null_measures_nothing);
    tcase_add_test(tcase, cells_of_a_wrong_length_are_refused);
    tcase_add_test(tcase, a_jsonb_is_measured_without_its_version);
    suite_add_tcase(suite, tcase);
    return suite;
}
