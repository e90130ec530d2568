/* Both codecs against what a server sent, and against each other. */
#include "value/pg_type.h"
#include "value_types.h"
#include <check.h>

struct captured {
    const char *type;
    struct span binary, text;
};

static const struct captured captured[] = {
#define CAPTURED(type, binary, text)                                                               \
    {#type, {binary, sizeof(binary) - 1}, {text, sizeof(text) - 1}},
#include "captured.def"
#undef CAPTURED
};

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

static struct value decode(const struct codec *codec, const struct type *type, struct span cell)
{
    struct error err = {0};
    struct value value = {.is_null = true};

    ck_assert_msg(codec->decode(type, cell, arena, &value, &err), "%s of %s: %s", codec->name,
                  type->name, err.cause);
    return value;
}

static struct span encode(const struct codec *codec, const struct column *column,
                          const struct type *type, const struct value *value)
{
    struct error err = {0};
    struct span cell = {NULL, 0};

    ck_assert_msg(codec->encode(column, type, value, arena, &cell, &err), "%s of %s: %s",
                  codec->name, type->name, err.cause);
    ck_assert_ptr_nonnull(cell.ptr);
    return cell;
}

START_TEST(the_servers_own_binary_form_comes_back)
{
    const struct type *type = test_type(captured[_i].type);
    struct value value = decode(&codec_pg_binary, type, captured[_i].binary);

    ck_assert_msg(span_equal(encode(&codec_pg_binary, NULL, type, &value), captured[_i].binary),
                  "%s, row %d", type->name, _i);
}
END_TEST

START_TEST(the_servers_own_text_form_comes_back)
{
    const struct type *type = test_type(captured[_i].type);
    struct value value = decode(&codec_pg_text, type, captured[_i].text);
    struct span cell = encode(&codec_pg_text, NULL, type, &value);

    ck_assert_msg(span_equal(cell, captured[_i].text), "%s, row %d: '%.*s' for '%s'", type->name,
                  _i, (int)cell.len, cell.ptr, captured[_i].text.ptr);
}
END_TEST

START_TEST(both_codecs_read_the_same_value)
{
    const struct type *type = test_type(captured[_i].type);
    struct value binary = decode(&codec_pg_binary, type, captured[_i].binary);
    struct value text = decode(&codec_pg_text, type, captured[_i].text);

    if (type_base(type)->kind != KIND_OTHER || type_has_parts(type_base(type)))
        assert_same_value(type, &binary, &text);
}
END_TEST

START_TEST(a_column_without_modifier_changes_nothing)
{
    const struct column column = {.modifier = -1, .name = "c"};
    const struct type *type = test_type(captured[_i].type);
    struct value value = decode(&codec_pg_text, type, captured[_i].text);

    ck_assert(span_equal(encode(&codec_pg_text, &column, type, &value), captured[_i].text));
}
END_TEST

/* Kinds whose binary form has a fixed length, or a structure: no prefix of it is another value. */
static bool type_is_rigid(const struct type *type)
{
    if (type_base(type)->class > TYPE_DOMAIN)
        return true;
    switch (type_base(type)->kind) {
    case KIND_TEXT:
    case KIND_ENUM:
    case KIND_BYTES:
    case KIND_JSON:
    case KIND_OTHER:
        return false;
    default:
        return true;
    }
}

START_TEST(a_cut_off_cell_is_refused)
{
    const struct type *type = test_type(captured[_i].type);
    struct span cell = captured[_i].binary;

    for (uint32_t len = 0; type_is_rigid(type) && len < cell.len; len++) {
        struct error err = {0};
        struct value value;
        struct span cut = arena_span(arena, span_make(cell.ptr, len));

        ck_assert(!codec_pg_binary.decode(type, cut, arena, &value, &err));
        ck_assert_int_eq(err.status, STATUS_SOURCE);
    }
}
END_TEST

START_TEST(no_prefix_of_a_text_cell_reads_beyond_it)
{
    const struct type *type = test_type(captured[_i].type);

    for (uint32_t len = 0; len < captured[_i].text.len; len++) {
        struct error err = {0};
        struct value value;
        struct span cut = arena_span(arena, span_make(captured[_i].text.ptr, len));

        if (!codec_pg_text.decode(type, cut, arena, &value, &err))
            ck_assert_int_eq(err.status, STATUS_SOURCE);
    }
}
END_TEST

/* A small generator of its own, so that a failure comes again. */
static uint64_t random_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 16 | *state << 48;
}

static void both_ways(const struct type *type, const struct value *value)
{
    struct value binary =
        decode(&codec_pg_binary, type, encode(&codec_pg_binary, NULL, type, value));
    struct value text = decode(&codec_pg_text, type, encode(&codec_pg_text, NULL, type, value));

    assert_same_value(type, &binary, value);
    assert_same_value(type, &text, value);
}

START_TEST(random_numbers_survive_both_codecs)
{
    uint64_t state = 1;

    for (int i = 0; i < 5000; i++) {
        uint64_t bits = random_next(&state) >> (i % 64);
        struct value integer = {.integer = (int64_t)bits}, real = integer;
        struct value single = {.integer = 0};
        uint32_t half = (uint32_t)random_next(&state);
        float number;

        both_ways(test_type("int8"), &integer);
        if (real.real == real.real)
            both_ways(test_type("float8"), &real);
        memcpy(&number, &half, sizeof(number));
        single.real = (double)number;
        if (number == number)
            both_ways(test_type("float4"), &single);
        if (i % 64 == 63)
            arena_reset(arena);
    }
}
END_TEST

/* Anything from 4714 BC to what 64 bits hold. */
static int64_t timestamp_random(uint64_t *state)
{
    const uint64_t span = UINT64_C(9434239657054775807);

    return (int64_t)(random_next(state) % span - UINT64_C(210866803200000000));
}

START_TEST(random_times_survive_both_codecs)
{
    uint64_t state = 2;

    for (int i = 0; i < 5000; i++) {
        struct value date = {.integer = -2440588 + (int64_t)(random_next(&state) % 2147483494)};
        struct value us = {.integer = timestamp_random(&state)};
        struct value time = {.integer = (int64_t)(random_next(&state) % UINT64_C(86400000001))};

        both_ways(test_type("date"), &date);
        both_ways(test_type("timestamp"), &us);
        both_ways(test_type("timestamptz"), &us);
        both_ways(test_type("time"), &time);
    }
}
END_TEST

START_TEST(random_bytes_survive_both_codecs)
{
    uint64_t state = 3;

    for (int i = 0; i < 500; i++) {
        unsigned char bytes[256];
        struct value value = {.bytes = span_make(bytes, (size_t)i % sizeof(bytes))};

        for (size_t at = 0; at < sizeof(bytes); at++)
            bytes[at] = (unsigned char)random_next(&state);
        both_ways(test_type("bytea"), &value);
        both_ways(test_type("text"), &value);
        both_ways(test_type("jsonb"), &value);
        memcpy(value.uuid, bytes, sizeof(value.uuid));
        both_ways(test_type("uuid"), &value);
    }
}
END_TEST

START_TEST(random_decimals_survive_both_codecs)
{
    uint64_t state = 4;

    for (int i = 0; i < 3000; i++) {
        struct value value;
        size_t whole = 1 + random_next(&state) % 30, fraction = random_next(&state) % 30;
        char text[80];
        size_t len = 0;

        text[len++] = '-';
        text[len++] = (char)('1' + random_next(&state) % 9);
        while (len < whole + 1)
            text[len++] = (char)('0' + (random_next(&state) % 3 ? 0 : random_next(&state) % 10));
        if (fraction > 0)
            text[len++] = '.';
        for (; fraction > 0; fraction--)
            text[len++] = (char)('0' + (random_next(&state) % 3 ? 0 : random_next(&state) % 10));
        value = (struct value){.bytes = span_make(text, len)};
        both_ways(test_type("numeric"), &value);
        value.bytes = span_make(text + 1, len - 1);
        both_ways(test_type("numeric"), &value);
    }
}
END_TEST

START_TEST(a_numeric_takes_the_scale_of_its_column)
{
    struct column column = {.precision = 10, .scale = 2, .modifier = 1};
    const struct type *type = test_type("numeric");
    struct value value = {.bytes = SPAN_LITERAL("-12.345")}, back;
    struct span cell = encode(&codec_pg_binary, &column, type, &value);

    back = decode(&codec_pg_binary, type, cell);
    ck_assert(span_equal(back.bytes, SPAN_LITERAL("-12.35")));
    ck_assert(span_equal(encode(&codec_pg_text, &column, type, &value), back.bytes));
    value.bytes = SPAN_LITERAL("7");
    back = decode(&codec_pg_binary, type, encode(&codec_pg_binary, &column, type, &value));
    ck_assert(span_equal(back.bytes, SPAN_LITERAL("7.00")));
    column.scale = (uint16_t)-3;
    value.bytes = SPAN_LITERAL("1499.9");
    ck_assert(span_equal(encode(&codec_pg_text, &column, type, &value), SPAN_LITERAL("1000")));
}
END_TEST

START_TEST(a_timestamp_is_rounded_as_its_column_is)
{
    const struct column column = {.modifier = 0};
    const struct type *type = test_type("timestamp");
    struct value value = {.integer = INT64_C(1709210096500000)};

    ck_assert(span_equal(encode(&codec_pg_text, &column, type, &value),
                         SPAN_LITERAL("2024-02-29 12:34:57")));
    value.integer = INT64_C(-500000); /* half a second before 1970: away from 2000 */
    ck_assert(span_equal(encode(&codec_pg_text, &column, type, &value),
                         SPAN_LITERAL("1969-12-31 23:59:59")));
    value.integer = INT64_C(86399999999);
    ck_assert(span_equal(encode(&codec_pg_text, &column, test_type("time"), &value),
                         SPAN_LITERAL("24:00:00")));
    value.integer = TIME_MAX;
    ck_assert(span_equal(encode(&codec_pg_text, &column, type, &value), SPAN_LITERAL("infinity")));
}
END_TEST

struct refused {
    const char *type;
    struct span cell;
};

#define REFUSED(type, bytes)                                                                       \
    {                                                                                              \
        (type),                                                                                    \
        {                                                                                          \
            bytes, sizeof(bytes) - 1                                                               \
        }                                                                                          \
    }

static const struct refused refused_binary[] = {
    REFUSED("bool", "\2"),
    REFUSED("int4", "\0\0\0\0\0"),
    REFUSED("numeric", "\0\1\0\0\0\0\0\0\x27\x10"), /* digit 10000 */
    REFUSED("numeric", "\0\1\0\0\0\0\0\0"),         /* a digit that is not there */
    REFUSED("numeric", "\0\0\0\0\x12\x34\0\0"),     /* no such sign */
    REFUSED("numeric", "\0\0\0\0\0\0\xff\xff"),     /* more decimals than there can be */
    REFUSED("jsonb", ""),
    REFUSED("jsonb", "\2{}"),
    REFUSED("uuid", "0123456789abcde"),
    REFUSED("date", "\x80\0\0\1"),
    REFUSED("date", "\x7f\xff\xff\xfe"),
    REFUSED("time", "\xff\xff\xff\xff\xff\xff\xff\xff"),
    REFUSED("time", "\0\0\0\x14\x1d\xd7\x60\1"),
    REFUSED("timestamp", "\x80\0\0\0\0\0\0\1"),
    REFUSED("timestamp", "\x7f\xff\xff\xff\xff\xff\xff\xfe"),
};

START_TEST(what_no_server_sends_in_binary_is_refused)
{
    struct error err = {0};
    struct value value;

    ck_assert(!codec_pg_binary.decode(test_type(refused_binary[_i].type), refused_binary[_i].cell,
                                      arena, &value, &err));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    ck_assert_ptr_nonnull(strstr(err.cause, refused_binary[_i].type));
}
END_TEST

static const struct refused refused_text[] = {
    REFUSED("bool", "true"),
    REFUSED("bool", ""),
    REFUSED("int2", "32768"),
    REFUSED("int4", "-2147483649"),
    REFUSED("int8", "9223372036854775808"),
    REFUSED("int8", "-9223372036854775809"),
    REFUSED("int8", "99999999999999999999999"),
    REFUSED("int4", "-"),
    REFUSED("int4", " 1"),
    REFUSED("int4", "1e3"),
    REFUSED("oid", "-1"),
    REFUSED("float8", "0x10"),
    REFUSED("float8", "nan"),
    REFUSED("float8", "1e"),
    REFUSED("float8", "1\\0000"),
    REFUSED("float4", "1e39"),
    REFUSED("numeric", "1."),
    REFUSED("numeric", ".5"),
    REFUSED("numeric", "1e5"),
    REFUSED("numeric", "-NaN"),
    REFUSED("numeric", ""),
    REFUSED("bytea", "abc"),
    REFUSED("bytea", "\\\\x1"),
    REFUSED("bytea", "\\\\xgg"),
    REFUSED("uuid", "a0eebc999c0b4ef8bb6d6bb9bd380a11"),
    REFUSED("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g"),
    REFUSED("date", "2023-02-29"),
    REFUSED("date", "0000-01-01"),
    REFUSED("date", "9999999-01-01"),
    REFUSED("date", "4715-01-01 BC"),
    REFUSED("date", "24-01-01"),
    REFUSED("date", "2024-01-01x"),
    REFUSED("time", "24:00:00.1"),
    REFUSED("time", "12:60:00"),
    REFUSED("time", "12:00:00."),
    REFUSED("timestamp", "2024-01-01"),
    REFUSED("timestamp", "2024-01-01 24:00:00"),
    REFUSED("timestamp", "294277-01-01 00:00:00"),
    REFUSED("timestamp", "5874897-01-01 00:00:00"),
    REFUSED("timestamp", "4715-01-01 00:00:00 BC"),
    REFUSED("timestamptz", "2024-01-01 00:00:00"),
    REFUSED("timestamptz", "2024-01-01 00:00:00+02"),
    REFUSED("text", "ends within\\"),
};

START_TEST(what_no_server_sends_in_text_is_refused)
{
    struct error err = {0};
    struct value value;

    ck_assert_msg(!codec_pg_text.decode(test_type(refused_text[_i].type), refused_text[_i].cell,
                                        arena, &value, &err),
                  "%s '%s'", refused_text[_i].type, refused_text[_i].cell.ptr);
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    if (refused_text[_i].cell.len > 2)
        ck_assert_ptr_null(strstr(err.cause, refused_text[_i].cell.ptr));
}
END_TEST

START_TEST(a_timestamp_after_what_64_bits_hold_is_said)
{
    struct error binary = {0}, text = {0};
    struct value value;

    ck_assert(!codec_pg_binary.decode(
        test_type("timestamp"), SPAN_LITERAL("\x7f\xff\xf8\xc0\0\0\0\0"), arena, &value, &binary));
    ck_assert(!codec_pg_text.decode(test_type("timestamp"),
                                    SPAN_LITERAL("294276-12-31 23:59:59.999999"), arena, &value,
                                    &text));
    ck_assert_ptr_nonnull(strstr(binary.cause, "after the year"));
    ck_assert_str_eq(binary.cause, text.cause);
}
END_TEST

START_TEST(a_value_its_type_cannot_hold_is_our_mistake)
{
    const struct codec *const codecs[] = {&codec_pg_binary, &codec_pg_text};
    struct value integer = {.integer = INT64_C(1) << 40}, real = {.real = 1e300};
    struct value decimal = {.bytes = SPAN_LITERAL("twelve")}, empty = {.bytes = {NULL, 0}};
    struct {
        const char *type;
        const struct value *value;
    } cases[] = {{"int4", &integer}, {"int2", &integer}, {"oid", &integer},     {"date", &integer},
                 {"time", &integer}, {"float4", &real},  {"numeric", &decimal}, {"text", &empty}};

    for (size_t i = 0; i < COUNT_OF(cases) * 2; i++) {
        struct error err = {0};
        struct span cell;

        ck_assert(!codecs[i % 2]->encode(NULL, test_type(cases[i / 2].type), cases[i / 2].value,
                                         arena, &cell, &err));
        ck_assert_int_eq(err.status, STATUS_BUG);
        ck_assert_ptr_null(strstr(err.cause, "twelve"));
    }
}
END_TEST

Suite *suite_value_codec(void);
Suite *suite_value_codec(void)
{
    Suite *suite = suite_create("value/codec");
    TCase *tests = tcase_create("all");
    int count = (int)COUNT_OF(captured);

    tcase_add_checked_fixture(tests, arena_make, arena_drop);
    tcase_add_loop_test(tests, the_servers_own_binary_form_comes_back, 0, count);
    tcase_add_loop_test(tests, the_servers_own_text_form_comes_back, 0, count);
    tcase_add_loop_test(tests, both_codecs_read_the_same_value, 0, count);
    tcase_add_loop_test(tests, a_column_without_modifier_changes_nothing, 0, count);
    tcase_add_loop_test(tests, a_cut_off_cell_is_refused, 0, count);
    tcase_add_loop_test(tests, no_prefix_of_a_text_cell_reads_beyond_it, 0, count);
    tcase_add_test(tests, random_numbers_survive_both_codecs);
    tcase_add_test(tests, random_times_survive_both_codecs);
    tcase_add_test(tests, random_bytes_survive_both_codecs);
    tcase_add_test(tests, random_decimals_survive_both_codecs);
    tcase_add_test(tests, a_numeric_takes_the_scale_of_its_column);
    tcase_add_test(tests, a_timestamp_is_rounded_as_its_column_is);
    tcase_add_loop_test(tests, what_no_server_sends_in_binary_is_refused, 0,
                        (int)COUNT_OF(refused_binary));
    tcase_add_loop_test(tests, what_no_server_sends_in_text_is_refused, 0,
                        (int)COUNT_OF(refused_text));
    tcase_add_test(tests, a_timestamp_after_what_64_bits_hold_is_said);
    tcase_add_test(tests, a_value_its_type_cannot_hold_is_our_mistake);
    suite_add_tcase(suite, tests);
    return suite;
}
