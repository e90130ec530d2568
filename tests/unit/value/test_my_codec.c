/* MySQL's codec: what the servers print comes back, what they never print is refused. */
#include "value/my_opaque.h"
#include "value/my_row.h"
#include "value/my_type.h"
#include "value/type.h"
#include "value_types.h"
#include <check.h>
#include <math.h>

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

struct cell {
    const char *type;
    struct span text;
};

#define CELL(type, bytes)                                                                          \
    {                                                                                              \
        (type),                                                                                    \
        {                                                                                          \
            bytes, sizeof(bytes) - 1                                                               \
        }                                                                                          \
    }

/* As MariaDB 10.11 and MySQL 9.7 print them. */
static const struct cell printed[] = {
    CELL("tinyint", "-128"),
    CELL("tinyint", "127"),
    CELL("tinyint unsigned", "255"),
    CELL("flag", "7"),
    CELL("smallint", "-32768"),
    CELL("mediumint", "-8388608"),
    CELL("mediumint", "8388607"),
    CELL("mediumint unsigned", "16777215"),
    CELL("int", "-2147483648"),
    CELL("int unsigned", "4294967295"),
    CELL("bigint", "-9223372036854775808"),
    CELL("bigint", "9223372036854775807"),
    CELL("bigint unsigned", "0"),
    CELL("bigint unsigned", "9223372036854775808"),
    CELL("bigint unsigned", "18446744073709551615"),
    CELL("year", "0000"),
    CELL("year", "1901"),
    CELL("year", "2155"),
    CELL("bit", "\0\0\0\0\0\0\0\0"),
    CELL("bit", "\xff\xff\xff\xff\xff\xff\xff\xff"),
    CELL("decimal", "0.00"),
    CELL("decimal", "-12.30"),
    CELL("decimal", "99999999999999999999999999999999999.999999999999999999999999999999"),
    CELL("decimal unsigned", "0.5"),
    CELL("float", "0.10000000149011612"),
    CELL("float", "3.4028234663852886e38"),
    CELL("float", "1.401298464324817e-45"),
    CELL("float", "-1.5"),
    CELL("float", "16777216"),
    CELL("double", "0"),
    CELL("double", "-0"),
    CELL("double", "0.1"),
    CELL("double", "100000000000000"),
    CELL("double", "1e15"),
    CELL("double", "1.2345678901234568e17"),
    CELL("double", "123456789.12345678"),
    CELL("double", "0.00001"),
    CELL("double", "0.000000000000001"),
    CELL("double", "0.00000000000000125"),
    CELL("double", "1e-16"),
    CELL("double", "-1.5e-300"),
    CELL("double", "5e-324"),
    CELL("double", "1.7976931348623157e308"),
    CELL("varchar", ""),
    CELL("varchar", "tab\tline\nback\\slash \0 zero"),
    CELL("varchar", "\360\237\220\247"),
    CELL("char", "ab"),
    CELL("varbinary", "\0\xff\\N"),
    CELL("binary", "\x12\x34\x56\x78\x9a\xbc\x4d\xef\x81\x23\x45\x67\x89\xab\xcd\xef"),
    CELL("uuid", "12345678-9abc-4def-8123-456789abcdef"),
    CELL("date", "2024-02-29"),
    CELL("date", "0001-01-01"),
    CELL("date", "9999-12-31"),
    CELL("date", "0000-00-00"),
    CELL("date", "2020-00-00"),
    CELL("date", "2021-02-31"),
    CELL("date", "0000-01-01"),
    CELL("datetime", "2024-02-29 12:34:56"),
    CELL("datetime", "2024-02-29 12:34:56.789"),
    CELL("datetime", "1969-12-31 23:59:59.999999"),
    CELL("datetime", "0000-00-00 00:00:00"),
    CELL("datetime", "0000-00-00 12:00:00.5"),
    CELL("datetime", "2021-02-31 23:59:59.000001"),
    CELL("datetime", "9999-12-31 23:59:59.999999"),
    CELL("timestamp", "1970-01-01 00:00:01"),
    CELL("timestamp", "2038-01-19 03:14:07.999999"),
    CELL("timestamp", "2106-02-07 06:28:15"),
    CELL("timestamp", "0000-00-00 00:00:00"),
    CELL("time", "00:00:00"),
    CELL("time", "-00:00:00.1"),
    CELL("time", "-838:59:59"),
    CELL("time", "838:59:59"),
    CELL("time", "100:00:00.000001"),
    CELL("enum", ""),
    CELL("enum", "small"),
    CELL("set", "a,b"),
    CELL("set", ""),
    CELL("json", "{\"a\": [1, 2.5, null]}"),
    CELL("inet4", "192.0.2.1"),
    CELL("inet6", "2001:db8::1"),
    CELL("inet6", "::ffff:1.2.3.4"),
    CELL("inet6", "::1.2.3.4"),
    CELL("inet6", "::102"),
    CELL("inet6", "1::3:4:5:6:7:8"),
    CELL("inet6", "::2:3:4:5:6:7:8"),
    CELL("inet6", "1:2:3:4:5:6:7::"),
    CELL("inet6", "::"),
    CELL("geometry", "\0\0\0\0\1\7\0\0\0\0\0\0\0"),
};

static struct value decode(const struct type *type, struct span cell)
{
    struct error err = {0};
    struct value value = {.is_null = true};

    ck_assert_msg(codec_my.decode(type, cell, arena, &value, &err), "'%s' of %s: %s", cell.ptr,
                  type->name, err.cause);
    return value;
}

static struct span encode(const struct column *column, const struct type *type,
                          const struct value *value)
{
    struct error err = {0};
    struct span cell = {NULL, 0};

    ck_assert_msg(codec_my.encode(column, type, value, arena, &cell, &err), "%s: %s", type->name,
                  err.cause);
    ck_assert_ptr_nonnull(cell.ptr);
    return cell;
}

START_TEST(what_the_server_prints_comes_back)
{
    const struct type *type = test_my_type(printed[_i].type);
    struct value value = decode(type, printed[_i].text);
    struct span cell = encode(NULL, type, &value);

    ck_assert_msg(span_equal(cell, printed[_i].text), "%s: '%.*s' for '%s'", printed[_i].type,
                  (int)cell.len, cell.ptr, printed[_i].text.ptr);
}
END_TEST

START_TEST(a_prefix_of_a_cell_is_never_read_beyond_its_end)
{
    const struct type *type = test_my_type(printed[_i].type);

    for (uint32_t len = 0; len < printed[_i].text.len; len++) {
        struct error err = {0};
        struct value value;
        struct span cut = arena_span(arena, span_make(printed[_i].text.ptr, len));

        if (!codec_my.decode(type, cut, arena, &value, &err))
            ck_assert_int_eq(err.status, STATUS_SOURCE);
    }
}
END_TEST

static const struct cell refused[] = {
    CELL("tinyint", "128"),
    CELL("tinyint unsigned", "256"),
    CELL("tinyint unsigned", "-1"),
    CELL("mediumint", "8388608"),
    CELL("mediumint unsigned", "16777216"),
    CELL("int", ""),
    CELL("int", "-"),
    CELL("int", "+1"),
    CELL("int", " 1"),
    CELL("int", "1.0"),
    CELL("bigint", "9223372036854775808"),
    CELL("bigint", "-9223372036854775809"),
    CELL("bigint unsigned", "18446744073709551616"),
    CELL("bigint unsigned", "99999999999999999999999"),
    CELL("bigint unsigned", "-0"),
    CELL("year", "1900"),
    CELL("year", "2156"),
    CELL("bit", ""),
    CELL("bit", "123456789"),
    CELL("decimal", "1."),
    CELL("decimal", "NaN"),
    CELL("decimal", "1e5"),
    CELL("decimal", ""),
    CELL("float", "0.1"), /* no float */
    CELL("float", "1e39"),
    CELL("double", "NaN"),
    CELL("double", "Infinity"),
    CELL("double", "1e999"),
    CELL("double", ""),
    CELL("binary", "0123456789abcde"),
    CELL("uuid", "12345678-9abc-4def-8123-456789abcdeg"),
    CELL("uuid", "123456789abc4def8123456789abcdef"),
    CELL("date", "2024-13-01"),
    CELL("date", "2024-01-32"),
    CELL("date", "24-01-01"),
    CELL("date", "2024-01-01 00:00:00"),
    CELL("datetime", "2024-01-01"),
    CELL("datetime", "2024-01-01 24:00:00"),
    CELL("datetime", "2024-01-01 12:60:00"),
    CELL("datetime", "2024-01-01 12:00:00."),
    CELL("datetime", "2024-01-01 12:00:00.1234567"),
    CELL("timestamp", "1970-01-01 00:00:00"),
    CELL("timestamp", "2106-02-07 06:28:16"),
    CELL("timestamp", "2020-00-00 00:00:00"),
    CELL("time", "839:00:00"),
    CELL("time", "1:00:00"),
    CELL("time", "--01:00:00"),
    CELL("time", "01:00"),
    CELL("inet4", "::1"),
    CELL("inet4", "192.0.2.1/24"),
    CELL("inet6", "192.0.2.1"),
    CELL("inet6", "2001:db8::/32"),
};

START_TEST(what_no_server_prints_is_refused)
{
    struct error err = {0};
    struct value value;

    ck_assert_msg(
        !codec_my.decode(test_my_type(refused[_i].type), refused[_i].text, arena, &value, &err),
        "%s '%s'", refused[_i].type, refused[_i].text.ptr);
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    if (refused[_i].text.len > 2)
        ck_assert_ptr_null(strstr(err.cause, refused[_i].text.ptr));
}
END_TEST

static void encodes_as(const struct column *column, const char *type, struct value value,
                       struct span expected)
{
    const struct span cell = encode(column, test_my_type(type), &value);

    ck_assert_msg(span_equal(cell, expected), "%s: '%.*s' for '%s'", type, (int)cell.len, cell.ptr,
                  expected.ptr);
}

START_TEST(a_column_says_how_many_digits_a_second_has)
{
    const struct column none = {.precision = 0}, three = {.precision = 3};

    encodes_as(&none, "datetime", (struct value){.integer = INT64_C(1709210096500000)},
               SPAN_LITERAL("2024-02-29 12:34:57"));
    encodes_as(&three, "datetime", (struct value){.integer = 0},
               SPAN_LITERAL("1970-01-01 00:00:00.000"));
    encodes_as(&three, "datetime", (struct value){.integer = -500},
               SPAN_LITERAL("1970-01-01 00:00:00.000"));
    encodes_as(&none, "datetime", (struct value){.integer = INT64_C(253402300799600000)},
               SPAN_LITERAL("9999-12-31 23:59:59"));
    encodes_as(&none, "time", (struct value){.integer = -1500000}, SPAN_LITERAL("-00:00:02"));
    encodes_as(&none, "time", (struct value){.integer = MY_TIME_LIMIT}, SPAN_LITERAL("838:59:59"));
    encodes_as(&none, "datetime", (struct value){.integer = TIME_ZERO + 999999},
               SPAN_LITERAL("0000-00-00 00:00:00"));
}
END_TEST

START_TEST(a_column_says_how_wide_a_number_is)
{
    const struct column bits = {.modifier = 12}, wide = {.modifier = 5};
    const struct column decimal = {.precision = 10, .scale = 2};

    encodes_as(&bits, "bit", (struct value){.integer = 0xabc}, SPAN_LITERAL("\x0a\xbc"));
    encodes_as(&wide, "int unsigned", (struct value){.integer = 42}, SPAN_LITERAL("00042"));
    encodes_as(&decimal, "decimal", (struct value){.bytes = SPAN_LITERAL("-1.005")},
               SPAN_LITERAL("-1.01"));
    ck_assert_int_eq(decode(test_my_type("int unsigned"), SPAN_LITERAL("00042")).integer, 42);
    ck_assert(span_equal(decode(test_my_type("decimal unsigned"), SPAN_LITERAL("0000.50")).bytes,
                         SPAN_LITERAL("0.50")));
    ck_assert_int_eq(decode(test_my_type("bit"), SPAN_LITERAL("\x0a\xbc")).integer, 0xabc);
}
END_TEST

START_TEST(a_column_says_where_its_empty_value_lies)
{
    const struct column mapped = {.modifier = 4326}, vector = {.modifier = 2};
    const struct value empty = {.bytes = SPAN_LITERAL("")};

    encodes_as(NULL, "geometry", empty, SPAN_LITERAL("\0\0\0\0\1\7\0\0\0\0\0\0\0"));
    encodes_as(&mapped, "point", empty,
               SPAN_LITERAL("\xe6\x10\0\0\1\1\0\0\0"
                            "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
    encodes_as(&vector, "vector", empty, SPAN_LITERAL("\0\0\0\0\0\0\0\0"));
    ck_assert(type_has_empty(test_my_type("vector")));
    ck_assert(!type_has_empty(test_my_type("json")));
}
END_TEST

START_TEST(a_value_its_type_cannot_hold_is_our_mistake)
{
    static const struct {
        const char *type;
        struct value value;
    } cases[] = {
        {"tinyint", {.integer = 128}},
        {"mediumint unsigned", {.integer = -1}},
        {"year", {.integer = 1900}},
        {"decimal", {.bytes = SPAN_LITERAL("NaN")}},
        {"decimal unsigned", {.bytes = SPAN_LITERAL("-1")}},
        {"double", {.real = INFINITY}},
        {"float", {.real = 1e300}},
        {"date", {.integer = TIME_MAX}},
        {"date", {.integer = 2932897}},
        {"timestamp", {.integer = 0}},
        {"timestamp", {.integer = TIME_ZERO + 1}},
        {"time", {.integer = MY_TIME_LIMIT + 1}},
        {"inet4", {.bytes = SPAN_LITERAL("\2\30\300\0\2\1")}},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err = {0};
        struct span cell;

        ck_assert_msg(!codec_my.encode(NULL, test_my_type(cases[i].type), &cases[i].value, arena,
                                       &cell, &err),
                      "%s, case %zu", cases[i].type, i);
        ck_assert_int_eq(err.status, STATUS_BUG);
    }
}
END_TEST

START_TEST(partial_dates_lie_in_order_below_all_real_ones)
{
    static const char *const ordered[] = {"0000-00-00", "0000-00-01", "0000-01-01", "2020-00-00",
                                          "2020-00-31", "2020-01-00", "2021-02-30", "2021-02-31",
                                          "9999-12-00", "0001-01-01", "1969-12-31"};
    int64_t last = TIME_MIN;

    for (size_t i = 0; i < COUNT_OF(ordered); i++) {
        struct value value = decode(test_my_type("date"), span_of(ordered[i]));

        ck_assert_int_gt(value.integer, last);
        ck_assert_int_eq(time_is_partial(KIND_DATE, value.integer), i < 9);
        last = value.integer;
    }
    ck_assert_int_eq(decode(test_my_type("date"), SPAN_LITERAL("0000-00-00")).integer, TIME_ZERO);
    ck_assert(!time_is_partial(KIND_DATE, TIME_MIN));
    ck_assert(!time_is_partial(KIND_TIMESTAMP, INT64_C(-211813488000000000)));
}
END_TEST

static struct span canonical_of(const struct codec *codec, const struct type *type,
                                struct span cell)
{
    struct error err = {0};
    struct value value;
    struct buf out;
    struct span bytes;

    ck_assert_msg(codec->decode(type, cell, arena, &value, &err), "%s", err.cause);
    buf_init(&out, BUF_CEILING_MAX);
    value_canonical(type, &value, &out);
    bytes = arena_span(arena, buf_span(&out));
    buf_release(&out);
    return bytes;
}

static const struct {
    struct cell pg, my;
} equal[] = {
    {CELL("int8", "-12"), CELL("mediumint", "-12")},
    {CELL("int4", "42"), CELL("int unsigned", "00042")},
    {CELL("numeric", "18446744073709551615"), CELL("bigint unsigned", "18446744073709551615")},
    {CELL("numeric", "100.0"), CELL("decimal", "100.000")},
    {CELL("float4", "0.1"), CELL("float", "0.10000000149011612")},
    {CELL("float8", "1e+20"), CELL("double", "1e20")},
    {CELL("text", "a\\tb"), CELL("varchar", "a\tb")},
    {CELL("bpchar", "ab   "), CELL("char", "ab")},
    {CELL("text", "ab"), CELL("varchar pad", "ab  ")},
    {CELL("citext", "MiXed"), CELL("varchar ci", "mIxED")},
    {CELL("text", "jerome"), CELL("varchar ai", "J\303\251ro\314\202ME")},
    {CELL("text", "strasse"), CELL("varchar ai", "Stra\303\237e")},
    {CELL("bytea", "\\\\xff00"), CELL("varbinary", "\xff\0")},
    {CELL("uuid", "12345678-9abc-4def-8123-456789abcdef"),
     CELL("binary", "\x12\x34\x56\x78\x9a\xbc\x4d\xef\x81\x23\x45\x67\x89\xab\xcd\xef")},
    {CELL("date", "2024-02-29"), CELL("datetime", "2024-02-29 00:00:00.000")},
    {CELL("timestamptz", "2024-02-29 12:00:00+00"), CELL("timestamp", "2024-02-29 12:00:00")},
    {CELL("time", "12:34:56"), CELL("time", "12:34:56.0")},
    {CELL("inet", "192.0.2.1"), CELL("inet4", "192.0.2.1")},
    {CELL("inet", "1:0:3:4:5:6:7:8"), CELL("inet6", "1::3:4:5:6:7:8")},
    {CELL("text", "0000-00-00"), CELL("date", "0000-00-00")},
    {CELL("text", "2020-00-00"), CELL("datetime", "2020-00-00 00:00:00")},
};

START_TEST(equal_values_have_the_same_canonical_bytes_on_both_engines)
{
    const struct span pg =
        canonical_of(&codec_pg_text, test_type(equal[_i].pg.type), equal[_i].pg.text);
    const struct span my =
        canonical_of(&codec_my, test_my_type(equal[_i].my.type), equal[_i].my.text);

    ck_assert_msg(span_equal(pg, my), "'%.*s' of %s, '%.*s' of %s", (int)pg.len, pg.ptr,
                  equal[_i].pg.type, (int)my.len, my.ptr, equal[_i].my.type);
}
END_TEST

START_TEST(measures_are_those_of_the_values)
{
    static const struct {
        struct cell cell;
        double number;
        int64_t time;
    } cases[] = {
        {CELL("bigint unsigned", "18446744073709551615"), 0x1p64, 0},
        {CELL("bigint", "-5"), -5, 0},
        {CELL("bit", "\1\0"), 256, 0},
        {CELL("double", "1e20"), 1e20, 0},
        {CELL("decimal", "-0.50"), -0.5, 0},
        {CELL("varchar", "abc"), 3, 0},
        {CELL("date", "1970-01-02"), 86400e6, INT64_C(86400000000)},
        {CELL("date", "2020-00-00"), -HUGE_VAL, TIME_MIN},
        {CELL("timestamp", "0000-00-00 00:00:00"), -HUGE_VAL, TIME_MIN},
        {CELL("datetime", "1970-01-01 00:00:01.5"), 1.5e6, 1500000},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct span cells[] = {cases[i].cell.text, {NULL, 0}};
        const struct cell_column column = {.cells = cells, .stride = 1, .count = 2};
        double numbers[2] = {7, 7};
        int64_t times[2] = {0, 0};
        struct span texts[2];
        const struct cell_measures measures = {numbers, times, texts, arena};
        struct error err = {0};

        ck_assert(codec_my.measure(test_my_type(cases[i].cell.type), &column, &measures, &err));
        ck_assert_msg(numbers[0] == cases[i].number, "case %zu: %f", i, numbers[0]);
        ck_assert_int_eq(times[0], cases[i].time);
        ck_assert(numbers[1] == 0);
    }
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        const struct type *type = test_my_type(refused[i].type);
        const struct cell_column column = {.cells = &refused[i].text, .stride = 1, .count = 1};
        double number;
        const struct cell_measures measures = {&number, NULL, NULL, arena};
        struct error err = {0};

        if (type->kind == KIND_UUID || type->kind == KIND_INET || type->kind == KIND_TIME)
            continue;
        ck_assert_msg(!codec_my.measure(type, &column, &measures, &err), "%s '%s'", refused[i].type,
                      refused[i].text.ptr);
        ck_assert_int_eq(err.status, STATUS_SOURCE);
    }
}
END_TEST

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

START_TEST(rows_are_cells_with_their_lengths)
{
    static const uint32_t lengths[] = {0,     1,     250,   251,      252,
                                       65535, 65536, 70000, 16777215, 16777216};
    struct span cells[COUNT_OF(lengths) + 1];
    struct error err = {0};
    struct buf row;
    char *bytes = arena_alloc(arena, 16777216);

    ck_assert_ptr_nonnull(bytes);
    buf_init(&row, BUF_CEILING_MAX);
    for (size_t i = 0; i < COUNT_OF(lengths); i++)
        my_row_add(&row, span_make(bytes, lengths[i]));
    my_row_add(&row, (struct span){NULL, 0});
    ck_assert(buf_ok(&row));
    ck_assert(codec_my.split(buf_span(&row), cells, COUNT_OF(cells), &err));
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        ck_assert_ptr_nonnull(cells[i].ptr);
        ck_assert_uint_eq(cells[i].len, lengths[i]);
    }
    ck_assert_ptr_null(cells[COUNT_OF(lengths)].ptr);
    ck_assert(!codec_my.split(buf_span(&row), cells, COUNT_OF(cells) - 1, &err));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    buf_release(&row);
}
END_TEST

START_TEST(a_row_that_ends_early_is_refused)
{
    static const struct span rows[] = {
        SPAN_LITERAL(""),           SPAN_LITERAL("\5abcd"),
        SPAN_LITERAL("\374\1"),     SPAN_LITERAL("\374\2\0a"),
        SPAN_LITERAL("\375\1\0"),   SPAN_LITERAL("\377a"),
        SPAN_LITERAL("\376\1\0\0"), SPAN_LITERAL("\376\1\0\0\0\0\0\0\200a"),
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct error err = {0};
        struct span cell;

        ck_assert_msg(!codec_my.split(rows[i], &cell, 1, &err), "row %zu", i);
        ck_assert_int_eq(err.status, STATUS_SOURCE);
    }
}
END_TEST

START_TEST(a_written_row_is_a_line_of_load_data)
{
    const struct span cells[] = {
        SPAN_LITERAL("1"), {NULL, 0}, SPAN_LITERAL("old"), SPAN_LITERAL("\\N"), SPAN_LITERAL("")};
    const struct span fresh = SPAN_LITERAL("a\tb\nc\\d\0e 12345678\t\t");
    const struct span *const replaced[] = {NULL, NULL, &fresh, NULL, NULL};
    struct error err = {0};
    struct span back[5];
    struct buf out;

    buf_init(&out, BUF_CEILING_MAX);
    codec_my.write_row((struct span){NULL, 0}, cells, replaced, COUNT_OF(cells), &out);
    ck_assert(span_equal(buf_span(&out),
                         SPAN_LITERAL("1\t\\N\ta\\tb\\nc\\\\d\\0e 12345678\\t\\t\t\\\\N\t\n")));
    ck_assert(codec_my.split_written(buf_span(&out), back, COUNT_OF(back), &err));
    ck_assert(span_equal(back[0], cells[0]));
    ck_assert_ptr_null(back[1].ptr);
    ck_assert(span_equal(back[3], SPAN_LITERAL("\\\\N")));
    ck_assert_uint_eq(back[4].len, 0);
    ck_assert_ptr_nonnull(back[4].ptr);
    ck_assert(!codec_my.split_written(buf_span(&out), back, COUNT_OF(back) - 1, &err));
    buf_release(&out);
}
END_TEST

/* Every byte at every place of a word, among others. */
START_TEST(no_byte_is_lost_to_the_escapes)
{
    char bytes[40];

    for (int byte = 0; byte < 256; byte++) {
        struct span cell = span_make(bytes, sizeof(bytes));
        const bool is_escaped = byte == 0 || byte == '\t' || byte == '\n' || byte == '\\';
        struct buf out;

        for (size_t at = 0; at < sizeof(bytes); at++)
            bytes[at] = (char)(at % 3 == 0 ? byte : 'a' + (int)at % 26);
        buf_init(&out, BUF_CEILING_MAX);
        my_field_add(&out, cell);
        ck_assert_uint_eq(out.len, sizeof(bytes) + (is_escaped ? 14 : 0));
        if (!is_escaped)
            ck_assert_mem_eq(out.ptr, bytes, sizeof(bytes));
        buf_release(&out);
    }
}
END_TEST

Suite *suite_value_my_codec(void);
Suite *suite_value_my_codec(void)
{
    Suite *suite = suite_create("value/my_codec");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, arena_make, arena_drop);
    tcase_add_loop_test(tests, what_the_server_prints_comes_back, 0, (int)COUNT_OF(printed));
    tcase_add_loop_test(tests, a_prefix_of_a_cell_is_never_read_beyond_its_end, 0,
                        (int)COUNT_OF(printed));
    tcase_add_loop_test(tests, what_no_server_prints_is_refused, 0, (int)COUNT_OF(refused));
    tcase_add_test(tests, a_column_says_how_many_digits_a_second_has);
    tcase_add_test(tests, a_column_says_how_wide_a_number_is);
    tcase_add_test(tests, a_column_says_where_its_empty_value_lies);
    tcase_add_test(tests, a_value_its_type_cannot_hold_is_our_mistake);
    tcase_add_test(tests, partial_dates_lie_in_order_below_all_real_ones);
    tcase_add_loop_test(tests, equal_values_have_the_same_canonical_bytes_on_both_engines, 0,
                        (int)COUNT_OF(equal));
    tcase_add_test(tests, measures_are_those_of_the_values);
    tcase_add_test(tests, no_rule_is_given_bytes_that_no_letter_stands_for);
    tcase_add_test(tests, of_bytes_that_no_letter_stands_for_the_others_can_be_read);
    tcase_add_test(tests, a_text_of_stored_bytes_comes_apart);
    tcase_add_test(tests, rows_are_cells_with_their_lengths);
    tcase_add_test(tests, a_row_that_ends_early_is_refused);
    tcase_add_test(tests, a_written_row_is_a_line_of_load_data);
    tcase_add_test(tests, no_byte_is_lost_to_the_escapes);
    suite_add_tcase(suite, tests);
    return suite;
}
