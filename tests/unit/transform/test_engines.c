/* Rules on MySQL's types: the same as on PostgreSQL's where values are equal, and what only MySQL
 * has. */
#include "fixture.h"

#include "base/words.h"
#include "transform/bands.h"
#include "value/codec.h"
#include "value/fold.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

/* The same value as both engines print it, and the rules that must treat both alike. */
struct twin {
    enum kind kind;
    const char *pg_type, *my_type;
    unsigned pg_width, my_width;
    bool is_unsigned, is_flag;
    const char *text; /* of the text codecs */
    const char *my_text;
    const char *rules; /* "permute redact ..." */
};

#define INTEGERS "permute redact perturb round:to=10 bucket:width=7"
#define TIMES    "shift redact truncate:to=7d"

static const struct twin twins[] = {
    {KIND_INTEGER, "int4", "int", 4, 4, false, false, "4711", NULL, INTEGERS},
    {KIND_INTEGER, "int8", "bigint", 8, 8, false, false, "-123456789012", NULL, INTEGERS},
    {KIND_INTEGER, "int8", "int unsigned", 8, 4, true, false, "70000", NULL, "permute"},
    {KIND_INTEGER, "int8", "int unsigned", 8, 4, true, false, "2147483647", NULL, "permute"},
    {KIND_INTEGER, "int2", "mediumint", 2, 3, false, false, "20000", NULL, "permute"},
    {KIND_INTEGER, "int8", "bigint unsigned", 8, 8, true, false, "9007199254740993", NULL,
     "permute perturb"},
    {KIND_REAL, "float8", "double", 8, 8, false, false, "12.5", NULL, "redact perturb"},
    {KIND_REAL, "float4", "float", 4, 4, false, false, "0.1", "0.10000000149011612",
     "redact perturb"},
    {KIND_DECIMAL, "numeric", "decimal", 0, 0, false, false, "1234.50", NULL,
     "permute redact perturb round:to=10"},
    {KIND_TEXT, "text", "varchar", 0, 0, false, false, "Anna-Maria 42", NULL,
     "permute redact scramble email first_name full_name phone text"},
    {KIND_TEXT, "text", "varchar", 0, 0, false, false, "J\303\251r\303\264me", NULL,
     "permute redact scramble first_name company"},
    {KIND_BYTES, "bytea", "varbinary", 0, 0, false, false, "\\\\xff4142",
     "\xff"
     "AB",
     "redact"},
    {KIND_UUID, "uuid", "uuid", 0, 0, false, false, "12345678-9abc-4def-8123-456789abcdef", NULL,
     "permute redact"},
    {KIND_UUID, "uuid", "binary", 0, 0, false, false, "12345678-9abc-4def-8123-456789abcdef",
     "\x12\x34\x56\x78\x9a\xbc\x4d\xef\x81\x23\x45\x67\x89\xab\xcd\xef", "permute redact"},
    {KIND_DATE, "date", "date", 0, 0, false, false, "2024-02-29", NULL, TIMES " birth_date"},
    {KIND_TIMESTAMP, "timestamp", "datetime", 0, 0, false, false, "2024-02-29 12:34:56.789", NULL,
     TIMES " birth_date"},
    {KIND_INSTANT, "timestamptz", "timestamp", 0, 0, false, false, "2014-02-28 12:34:56+00",
     "2014-02-28 12:34:56", TIMES},
    {KIND_TIME, "time", "time", 0, 0, false, false, "12:34:56", NULL, "redact truncate:to=1h"},
    {KIND_JSON, "json", "json", 0, 0, false, false, "{\"a\": 1}", NULL, "redact"},
    {KIND_INET, "inet", "inet4", 0, 0, false, false, "192.0.2.77", NULL, "redact ip"},
    {KIND_INET, "inet", "inet6", 0, 0, false, false, "2001:db8::77", NULL, "redact"},
    {KIND_ENUM, "mood", "enum", 0, 0, false, false, "green", NULL, "redact"},
};

static struct span result_of(const struct twin *twin, const char *rule, bool is_my,
                             struct fixture *fixture)
{
    const struct codec *codec = is_my ? &codec_my : &codec_pg_text;
    const char *text = is_my && twin->my_text ? twin->my_text : twin->text;
    struct value value;
    struct buf canonical;
    struct span bytes;

    fixture_init(fixture, twin->kind, 1);
    fixture->type.name = is_my ? twin->my_type : twin->pg_type;
    fixture->type.schema = is_my ? "" : "pg_catalog";
    fixture->type.width = is_my ? twin->my_width : twin->pg_width;
    fixture->type.is_unsigned = is_my && twin->is_unsigned;
    fixture->type.charset = is_my && twin->kind == KIND_TEXT ? "utf8mb4" : NULL;
    fixture_prepare_short(fixture, rule);
    ck_assert_msg(
        codec->decode(&fixture->type, span_of(text), fixture->arena, &value, &fixture->err),
        "%s %s: %s", twin->my_type, rule, fixture->err.cause);
    fixture_apply(fixture, &value, 1);
    ck_assert(!value.is_null);
    buf_init(&canonical, BUF_CEILING_MAX);
    value_canonical(&fixture->type, &value, &canonical);
    bytes = arena_span(fixture->arena, buf_span(&canonical));
    buf_release(&canonical);
    return bytes;
}

START_TEST(equal_values_have_equal_results_on_both_engines)
{
    const struct twin *twin = &twins[_i];
    char rules[200], *next = rules;

    ck_assert_uint_lt(strlen(twin->rules), sizeof(rules));
    strncpy(rules, twin->rules, sizeof(rules) - 1);
    for (char *rule; (rule = strsep(&next, " ")) && *rule;) {
        struct fixture pg, my;
        const struct span a = result_of(twin, rule, false, &pg);
        const struct span b = result_of(twin, rule, true, &my);

        ck_assert_msg(span_equal(a, b), "%s of %s and %s: '%.*s', '%.*s'", rule, twin->pg_type,
                      twin->my_type, (int)a.len, a.ptr, (int)b.len, b.ptr);
        fixture_release(&pg);
        fixture_release(&my);
    }
}
END_TEST

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static const struct {
    const char *name;
    unsigned width;
    bool is_unsigned;
    int64_t low, high;
} narrow[] = {
    {"tinyint", 1, false, -128, 127},
    {"tinyint unsigned", 1, true, 0, 255},
    {"smallint unsigned", 2, true, 0, 65535},
    {"mediumint", 3, false, -8388608, 8388607},
    {"mediumint unsigned", 3, true, 0, 16777215},
    {"int unsigned", 4, true, 0, 4294967295},
};

START_TEST(a_band_is_cut_where_the_type_ends)
{
    static int64_t out[65536];
    struct fixture fixture;
    size_t count = 0;

    fixture_init_my(&fixture, KIND_INTEGER, narrow[_i].name, narrow[_i].width);
    fixture.type.is_unsigned = narrow[_i].is_unsigned;
    ck_assert(fixture_prepare(&fixture, "permute", NULL));
    for (int64_t i = 0; i < 30000 && narrow[_i].high - i >= narrow[_i].low; i++) {
        out[count] = fixture_integer(&fixture, narrow[_i].high - i);
        ck_assert_int_le(out[count], narrow[_i].high);
        ck_assert_int_ge(out[count], narrow[_i].low);
        count++;
    }
    qsort(out, count, sizeof(*out), compare);
    for (size_t i = 1; i < count; i++)
        ck_assert_int_ne(out[i - 1], out[i]);
    ck_assert_int_eq(fixture_integer(&fixture, 0), 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(numbers_from_2_63_on_have_a_band_of_their_own)
{
    static const char *const rules[] = {"permute", "redact"};
    static const uint64_t numbers[] = {UINT64_C(1) << 63, (UINT64_C(1) << 63) + 1, UINT64_MAX - 1,
                                       UINT64_MAX};

    for (size_t r = 0; r < COUNT_OF(rules); r++) {
        struct fixture fixture;

        fixture_init_my(&fixture, KIND_INTEGER, "bigint unsigned", 8);
        fixture.type.is_unsigned = true;
        ck_assert(fixture_prepare(&fixture, rules[r], NULL));
        for (size_t i = 0; i < COUNT_OF(numbers); i++) {
            const uint64_t moved = (uint64_t)fixture_integer(&fixture, (int64_t)numbers[i]);

            ck_assert_uint_ge(moved, UINT64_C(1) << 63);
            ck_assert_uint_ne(moved, numbers[i]);
        }
        fixture_release(&fixture);
    }
}
END_TEST

START_TEST(amounts_without_a_sign_are_no_negative_ones)
{
    const uint64_t number = UINT64_C(10000000000000000000);
    struct fixture fixture;
    uint64_t moved;

    fixture_init_my(&fixture, KIND_INTEGER, "bigint unsigned", 8);
    fixture.type.is_unsigned = true;
    ck_assert(fixture_prepare(&fixture, "round", "to: 1000000000000000000\n"));
    ck_assert_uint_eq((uint64_t)fixture_integer(&fixture, (int64_t)(number + 4)), number);
    ck_assert(fixture_prepare(&fixture, "perturb", "mode: decade\n"));
    moved = (uint64_t)fixture_integer(&fixture, (int64_t)number);
    ck_assert_uint_ge(moved, number);
    fixture_release(&fixture);
}
END_TEST

START_TEST(bytes_stay_as_long_as_their_column)
{
    static const char png[] = "\211PNG\r\n\032\n12345678";
    struct fixture fixture;

    fixture_init_my(&fixture, KIND_BYTES, "binary", 0);
    fixture.column.max_length = 9;
    ck_assert(fixture_prepare(&fixture, "redact", NULL));
    ck_assert_uint_eq(strlen(fixture_text(&fixture, "123456789")), 9);
    fixture.type.name = "varbinary";
    for (int i = 0; i < 50; i++) {
        struct value value = value_text(i ? arena_printf(fixture.arena, "%d3456789", 9 + i) : png);

        fixture_apply(&fixture, &value, 1);
        ck_assert_uint_le(value.bytes.len, 9);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(types_that_hold_the_same_numbers_map_alike)
{
    static const struct {
        const char *name;
        unsigned width;
        bool is_unsigned, agrees; /* with int unsigned */
    } cases[] = {{"int unsigned", 4, true, true},
                 {"int", 4, false, true},
                 {"bigint", 8, false, false},
                 {"bigint unsigned", 8, true, false},
                 {"smallint unsigned", 2, true, false},
                 {"smallint", 2, false, true},
                 {"mediumint unsigned", 3, true, false},
                 {"tinyint", 1, false, false}};
    const struct type type = {.schema = "",
                              .name = "int unsigned",
                              .kind = KIND_INTEGER,
                              .width = 4,
                              .is_unsigned = true};
    const struct column column = {.name = "a", .type = &type, .modifier = -1};

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct type other_type = {.schema = "",
                                        .name = cases[i].name,
                                        .kind = KIND_INTEGER,
                                        .width = cases[i].width,
                                        .is_unsigned = cases[i].is_unsigned};
        const struct column other = {.name = "b", .type = &other_type, .modifier = -1};

        ck_assert_msg(bands_agree(&column, &other) == cases[i].agrees, "%s", cases[i].name);
        ck_assert_msg(bands_agree(&other, &column) == cases[i].agrees, "%s", cases[i].name);
    }
}
END_TEST

START_TEST(a_flag_is_drawn_by_row_as_a_boolean_is)
{
    struct fixture flag, boolean;
    int ones = 0;

    fixture_init_my(&flag, KIND_INTEGER, "tinyint", 1);
    flag.type.is_flag = true;
    fixture_init(&boolean, KIND_BOOLEAN, 1);
    ck_assert(fixture_prepare(&flag, "redact", NULL));
    ck_assert(fixture_prepare(&boolean, "redact", NULL));
    static struct value flags[200], booleans[200];

    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        flags[i] = value_integer(i % 3 == 0 ? 7 : 1);
        booleans[i] = (struct value){.boolean = true};
    }
    fixture_apply(&flag, flags, COUNT_OF(flags));
    fixture_apply(&boolean, booleans, COUNT_OF(booleans));
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        ck_assert_int_eq(flags[i].integer, booleans[i].boolean);
        ones += flags[i].integer == 1;
    }
    ck_assert_int_gt(ones, 60);
    ck_assert_int_lt(ones, 140);
    fixture_release(&flag);
    fixture_release(&boolean);
}
END_TEST

START_TEST(a_set_is_drawn_member_by_member)
{
    static struct value values[100];
    struct fixture fixture;
    unsigned commas = 0, empty = 0;

    fixture_init_my(&fixture, KIND_ENUM, "set", 0);
    fixture.type.is_set = true;
    ck_assert(fixture_prepare(&fixture, "redact", NULL));
    for (size_t i = 0; i < COUNT_OF(values); i++)
        values[i] = value_text("red,blue");
    fixture_apply(&fixture, values, COUNT_OF(values));
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        commas += values[i].bytes.len > 0 &&
                  memchr(values[i].bytes.ptr, ',', values[i].bytes.len) != NULL;
        empty += values[i].bytes.len == 0;
    }
    ck_assert_uint_gt(commas, 50);
    ck_assert_uint_lt(empty, 20);
    fixture.site.is_unique = true;
    ck_assert(!fixture_prepare(&fixture, "redact", NULL));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    fixture_release(&fixture);
}
END_TEST

START_TEST(an_enum_without_a_label_stays_so)
{
    struct fixture fixture;

    fixture_init_my(&fixture, KIND_ENUM, "enum", 0);
    ck_assert(fixture_prepare(&fixture, "redact", NULL));
    ck_assert_str_eq(fixture_text(&fixture, ""), "");
    ck_assert_uint_eq(fixture.unchanged, 1);
    fixture_release(&fixture);
}
END_TEST

START_TEST(years_stay_years)
{
    struct fixture fixture;
    bool seen[256] = {false};

    fixture_init_my(&fixture, KIND_INTEGER, "year", 2);
    ck_assert(fixture_prepare(&fixture, "redact", NULL));
    for (int year = 1901; year <= 2155; year++) {
        const int64_t moved = fixture_integer(&fixture, year);

        ck_assert(moved >= 1901 && moved <= 2155 && !seen[moved - 1901]);
        seen[moved - 1901] = true;
    }
    ck_assert_int_eq(fixture_integer(&fixture, 0), 0);
    ck_assert(!fixture_prepare(&fixture, "permute", NULL));
    ck_assert(fixture_prepare(&fixture, "permute", "range: [1901, 2155]\n"));
    ck_assert(!fixture_prepare(&fixture, "permute", "range: [1900, 2155]\n"));
    ck_assert(fixture_prepare(&fixture, "bucket", "width: 100\n"));
    ck_assert_int_eq(fixture_integer(&fixture, 1950), 1901);
    fixture_release(&fixture);
}
END_TEST

START_TEST(bits_stay_within_their_column)
{
    struct fixture fixture;

    fixture_init_my(&fixture, KIND_INTEGER, "bit", 8);
    fixture.type.is_unsigned = true;
    fixture.column.modifier = 12;
    for (int r = 0; r < 2; r++) {
        ck_assert(fixture_prepare(&fixture, r ? "redact" : "permute", NULL));
        for (int64_t i = 1; i < 4096; i++) {
            const int64_t moved = fixture_integer(&fixture, i);

            ck_assert(moved > 0 && moved < 4096);
        }
    }
    fixture_release(&fixture);
}
END_TEST

static const char *folded(const char *text, struct arena *arena)
{
    struct buf out;
    const char *copy;

    buf_init(&out, BUF_CEILING_MAX);
    fold_marks(span_of(text), &out);
    copy = arena_strndup(arena, buf_text(&out), out.len);
    buf_release(&out);
    return copy;
}

START_TEST(keys_that_are_equal_without_case_and_accents_go_one_way)
{
    struct fixture fixture;

    fixture_init_my(&fixture, KIND_TEXT, "varchar", 0);
    fixture.type.is_case_insensitive = fixture.type.folds_accents = true;
    fixture.site.is_key = true;
    for (int r = 0; r < 2; r++) {
        const char *moved, *greek;

        ck_assert_msg(fixture_prepare(&fixture, r ? "redact" : "permute", NULL), "%s",
                      fixture.err.cause);
        moved = fixture_text(&fixture, "jerome-7");
        ck_assert_str_eq(fixture_text(&fixture, "J\303\211R\303\264ME-7"), moved);
        ck_assert_str_eq(fixture_text(&fixture, "je\314\201ro\314\202me-7"), moved);
        ck_assert_str_ne(fixture_text(&fixture, "jerome-8"), moved);
        ck_assert_str_eq(folded(moved, fixture.arena), moved);
        /* alpha with tonos, alpha: the same token */
        greek = fixture_text(&fixture, "\316\254\316\262");
        ck_assert_uint_eq(strlen(greek), 26);
        ck_assert_str_eq(fixture_text(&fixture, "\316\261\316\262"), greek);
        ck_assert_str_eq(fixture_text(&fixture, "\316\221\316\222"), greek);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_plain_column_is_keyed_by_its_bytes_whatever_the_collation)
{
    static const char *const rules[] = {"redact", "scramble", "first_name", "permute"};

    for (size_t r = 0; r < COUNT_OF(rules); r++) {
        struct fixture folds, bytes;

        fixture_init_my(&folds, KIND_TEXT, "varchar", 0);
        fixture_init_my(&bytes, KIND_TEXT, "varchar", 0);
        folds.type.is_case_insensitive = folds.type.folds_accents = folds.type.is_padded = true;
        fixture_prepare_short(&folds, rules[r]);
        fixture_prepare_short(&bytes, rules[r]);
        ck_assert_str_eq(fixture_text(&folds, "Ren\303\251e "),
                         fixture_text(&bytes, "Ren\303\251e "));
        fixture_release(&folds);
        fixture_release(&bytes);
    }
}
END_TEST

START_TEST(no_rule_writes_what_the_character_set_lacks)
{
    static const char *const rules[] = {"first_name", "full_name", "family_name", "company",
                                        "city",       "street",    "redact",      "scramble"};
    static const char *const inputs[] = {"J\303\251r\303\264me Dupr\303\251", "\303\237\303\245",
                                         "Muster"};

    for (size_t r = 0; r < COUNT_OF(rules); r++) {
        for (size_t i = 0; i < COUNT_OF(inputs); i++) {
            const bool is_ascii = i == 2;
            struct fixture fixture;

            fixture_init_my(&fixture, KIND_TEXT, "varchar", 0);
            fixture.type.charset = is_ascii ? "ascii" : "latin1";
            fixture_prepare_short(&fixture, rules[r]);
            for (int n = 0; n < 200; n++) {
                const char *moved =
                    fixture_text(&fixture, arena_printf(fixture.arena, "%s%c%c", inputs[i],
                                                        'a' + n % 26, 'a' + n / 26));
                const char *next = moved, *end = moved + strlen(moved);

                while (next < end) {
                    const int32_t code = utf8_next(&next, end);

                    ck_assert_msg(code >= 0 && (is_ascii ? code < 0x80 : code < 0x100), "%s: %s",
                                  rules[r], moved);
                }
            }
            fixture_release(&fixture);
        }
    }
}
END_TEST

START_TEST(constants_are_what_the_column_can_hold)
{
    static const struct {
        enum kind kind;
        const char *name;
        unsigned width;
        const char *value;
        bool is_held;
    } cases[] = {
        {KIND_INTEGER, "tinyint", 1, "127", true},
        {KIND_INTEGER, "tinyint", 1, "128", false},
        {KIND_INTEGER, "mediumint", 3, "8388607", true},
        {KIND_INTEGER, "mediumint", 3, "8388608", false},
        {KIND_INTEGER, "year", 2, "1900", false},
        {KIND_INTEGER, "year", 2, "0", true},
        {KIND_DATE, "date", 0, "'0000-00-00'", true},
        {KIND_DATE, "date", 0, "'2020-00-00'", true},
        {KIND_DATE, "date", 0, "'2020-13-00'", false},
        {KIND_INSTANT, "timestamp", 0, "'2020-00-00 00:00:00'", false},
        {KIND_INSTANT, "timestamp", 0, "'2020-01-01'", true},
        {KIND_TIME, "time", 0, "'-100:00:00'", true},
        {KIND_TIME, "time", 0, "'839:00:00'", false},
        {KIND_ENUM, "enum", 0, "red", true},
        {KIND_ENUM, "enum", 0, "pink", false},
        {KIND_ENUM, "set", 0, "'red,blue'", true},
        {KIND_ENUM, "set", 0, "'blue,red'", false},
        {KIND_ENUM, "set", 0, "'red,'", false},
        {KIND_INET, "inet4", 0, "192.0.2.1", true},
        {KIND_INET, "inet4", 0, "'::1'", false},
        {KIND_INET, "inet6", 0, "'::1'", true},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture;

        fixture_init_my(&fixture, cases[i].kind, cases[i].name, cases[i].width);
        fixture.type.is_set = strcmp(cases[i].name, "set") == 0;
        ck_assert_msg(fixture_prepare(&fixture, "constant",
                                      arena_printf(fixture.arena, "value: %s\n", cases[i].value)) ==
                          cases[i].is_held,
                      "%s of %s: %s", cases[i].value, cases[i].name, fixture.err.cause);
        fixture_release(&fixture);
    }
}
END_TEST

Suite *suite_transform_engines(void);
Suite *suite_transform_engines(void)
{
    Suite *suite = suite_create("transform/engines");
    TCase *tests = tcase_create("all");

    tcase_add_loop_test(tests, equal_values_have_equal_results_on_both_engines, 0,
                        (int)COUNT_OF(twins));
    tcase_add_loop_test(tests, a_band_is_cut_where_the_type_ends, 0, (int)COUNT_OF(narrow));
    tcase_add_test(tests, numbers_from_2_63_on_have_a_band_of_their_own);
    tcase_add_test(tests, amounts_without_a_sign_are_no_negative_ones);
    tcase_add_test(tests, bytes_stay_as_long_as_their_column);
    tcase_add_test(tests, types_that_hold_the_same_numbers_map_alike);
    tcase_add_test(tests, a_flag_is_drawn_by_row_as_a_boolean_is);
    tcase_add_test(tests, a_set_is_drawn_member_by_member);
    tcase_add_test(tests, an_enum_without_a_label_stays_so);
    tcase_add_test(tests, years_stay_years);
    tcase_add_test(tests, bits_stay_within_their_column);
    tcase_add_test(tests, keys_that_are_equal_without_case_and_accents_go_one_way);
    tcase_add_test(tests, a_plain_column_is_keyed_by_its_bytes_whatever_the_collation);
    tcase_add_test(tests, no_rule_writes_what_the_character_set_lacks);
    tcase_add_test(tests, constants_are_what_the_column_can_hold);
    suite_add_tcase(suite, tests);
    return suite;
}
