/* Canonical bytes: what the database calls equal is equal, what it tells apart is not. */
#include "value_types.h"
#include <check.h>

struct side {
    const char *type;
    struct span text; /* a cell of the text codec */
};

struct comparison {
    struct side a, b;
};

#define SIDE(type, text)                                                                           \
    {                                                                                              \
        (type),                                                                                    \
        {                                                                                          \
            text, sizeof(text) - 1                                                                 \
        }                                                                                          \
    }
#define NFC_E_ACUTE "\303\251"
#define NFD_E_ACUTE "e\314\201"

static const struct comparison equal[] = {
    {SIDE("int2", "7"), SIDE("int8", "7")},
    {SIDE("int4", "-12"), SIDE("int8", "-12")},
    {SIDE("int4", "100"), SIDE("numeric", "100.00")},
    {SIDE("posint", "5"), SIDE("int2", "5")},
    {SIDE("bigpos", "5"), SIDE("oid", "5")},
    {SIDE("numeric", "1.0"), SIDE("numeric", "1.00")},
    {SIDE("numeric", "0"), SIDE("numeric", "0.000")},
    {SIDE("float8", "1"), SIDE("int4", "1")},
    {SIDE("float8", "-0"), SIDE("float8", "0")},
    {SIDE("float8", "1e+20"), SIDE("numeric", "100000000000000000000")},
    {SIDE("float8", "0.1"), SIDE("numeric", "0.10")},
    {SIDE("float4", "0.5"), SIDE("float8", "0.5")},
    {SIDE("float8", "NaN"), SIDE("numeric", "NaN")},
    {SIDE("bpchar", "ab    "), SIDE("bpchar", "ab")},
    {SIDE("bpchar", "ab    "), SIDE("text", "ab")},
    {SIDE("bpchar", "      "), SIDE("bpchar", "")},
    {SIDE("citext", "MiXed"), SIDE("citext", "mIxED")},
    {SIDE("citext", "\303\204\320\226\316\243"), SIDE("citext", "\303\244\320\266\317\203")},
    {SIDE("date", "2024-02-29"), SIDE("timestamp", "2024-02-29 00:00:00")},
    {SIDE("date", "2024-02-29"), SIDE("timestamptz", "2024-02-29 00:00:00+00")},
    {SIDE("date", "1970-01-01"), SIDE("timestamp", "1970-01-01 00:00:00")},
    {SIDE("date", "0044-03-15 BC"), SIDE("timestamp", "0044-03-15 00:00:00 BC")},
    {SIDE("date", "infinity"), SIDE("timestamp", "infinity")},
    {SIDE("date", "-infinity"), SIDE("timestamptz", "-infinity")},
    {SIDE("text", "a"), SIDE("mood", "a")},
    {SIDE("float4", "-0"), SIDE("int2", "0")},
    {SIDE("varchar", "ab"), SIDE("text", "ab")},
    {SIDE("name", "ab"), SIDE("varchar", "ab")},
    {SIDE("inet", "10.0.0.0/8"), SIDE("cidr", "10.0.0.0/8")},
    {SIDE("inet", "10.0.0.1"), SIDE("cidr", "10.0.0.1/32")},
    {SIDE("macaddr", "08:00:2b:01:02:03"), SIDE("macaddr8", "08:00:2b:ff:fe:01:02:03")},
    {SIDE("uuid", "12345678-9abc-4def-8123-456789abcdef"),
     SIDE("uuid", "12345678-9abc-4def-8123-456789abcdef")},
    {SIDE("numrange", "[1.0,2)"), SIDE("numrange", "[1.00,2.0)")},
    {SIDE("hstore", "\"a\"=>\"1\""), SIDE("hstore", "\"a\"=>\"1\"")},
};

static const struct comparison unequal[] = {
    {SIDE("int4", "1"), SIDE("int4", "-1")},
    {SIDE("numeric", "10"), SIDE("numeric", "1")},
    {SIDE("numeric", "0.1"), SIDE("numeric", "0.01")},
    {SIDE("float4", "0.1"), SIDE("float8", "0.1")},
    {SIDE("float8", "0.1"), SIDE("float8", "0.10000000000000002")},
    {SIDE("text", "ab "), SIDE("text", "ab")},
    {SIDE("text", "A"), SIDE("text", "a")},
    {SIDE("text", NFC_E_ACUTE), SIDE("text", NFD_E_ACUTE)},
    {SIDE("citext", "a "), SIDE("citext", "a")},
    {SIDE("bpchar", " a"), SIDE("bpchar", "a")},
    {SIDE("date", "2024-02-29"), SIDE("timestamp", "2024-02-29 00:00:00.000001")},
    {SIDE("date", "5874897-12-31"), SIDE("date", "5874897-12-30")},
    {SIDE("timestamp", "infinity"), SIDE("timestamp", "-infinity")},
    {SIDE("inet", "10.0.0.1/8"), SIDE("inet", "10.0.0.1")},
    {SIDE("inet", "1.2.3.4"), SIDE("inet", "::ffff:1.2.3.4")},
    {SIDE("macaddr8", "08:00:2b:ff:fd:01:02:03"), SIDE("macaddr", "08:00:2b:01:02:03")},
    {SIDE("uuid", "12345678-9abc-4def-8123-456789abcdef"),
     SIDE("uuid", "12345678-9abc-4def-8123-456789abcdee")},
    {SIDE("numrange", "[1,2)"), SIDE("numrange", "[1,2]")},
    {SIDE("numrange", "empty"), SIDE("numrange", "(,)")},
    {SIDE("texts", "{ab,c}"), SIDE("texts", "{a,bc}")},
    {SIDE("pair", "(1,,)"), SIDE("pair", "(1,\"\",)")},
    {SIDE("hstore", "\"a\"=>NULL"), SIDE("hstore", "\"a\"=>\"\"")},
};

static struct arena *arena;
static struct buf left, right;

static void buffers_make(void)
{
    arena = arena_new();
    buf_init(&left, 1000);
    buf_init(&right, 1000);
}

static void buffers_drop(void)
{
    buf_release(&left);
    buf_release(&right);
    arena_free(arena);
}

static void canonical(const struct side *side, struct buf *out)
{
    struct error err = {0};
    struct value value;

    ck_assert_msg(codec_pg_text.decode(test_type(side->type), side->text, arena, &value, &err),
                  "%s '%s'", side->type, side->text.ptr);
    value_canonical(test_type(side->type), &value, out);
    ck_assert(buf_ok(out));
}

START_TEST(what_the_database_calls_equal_has_equal_bytes)
{
    canonical(&equal[_i].a, &left);
    canonical(&equal[_i].b, &right);
    ck_assert_msg(span_equal(buf_span(&left), buf_span(&right)), "'%s' and '%s'", buf_text(&left),
                  buf_text(&right));
}
END_TEST

START_TEST(what_the_database_tells_apart_has_different_bytes)
{
    canonical(&unequal[_i].a, &left);
    canonical(&unequal[_i].b, &right);
    ck_assert_msg(!span_equal(buf_span(&left), buf_span(&right)), "'%s'", buf_text(&left));
}
END_TEST

struct form {
    struct side side;
    const char *bytes;
};

static const struct form forms[] = {
    {SIDE("bool", "t"), "t"},
    {SIDE("int8", "-9223372036854775808"), "-9223372036854775808"},
    {SIDE("float8", "1e-07"), "0.0000001"},
    {SIDE("float8", "-123.5"), "-123.5"},
    {SIDE("time", "00:00:01"), "1000000"},
    {SIDE("date", "1970-01-02"), "86400000000"},
    {SIDE("date", "1970-01-01"), "0"},
    {SIDE("date", "5874897-12-31"), "185331706992000000000"},
    {SIDE("timestamp", "1969-12-31 23:59:59"), "-1000000"},
    {SIDE("bytea", "\\\\x4142"), "AB"},
    {SIDE("uuid", "41424344-4546-4748-494a-4b4c4d4e4f50"), "ABCDEFGHIJKLMNOP"},
    {SIDE("json", "{\"a\": 1}"), "{\"a\": 1}"},
    {SIDE("citext", "A\304\260"), "ai"},
    {SIDE("citext", "\304\200\304\201"), "\304\201\304\201"},
};

START_TEST(the_bytes_are_the_documented_ones)
{
    canonical(&forms[_i].side, &left);
    ck_assert_str_eq(buf_text(&left), forms[_i].bytes);
}
END_TEST

START_TEST(folding_leaves_bytes_that_are_not_text_alone)
{
    const struct type *type = test_type("citext");
    struct value value = {.bytes = SPAN_LITERAL("A\xff\xc3(B\xf0\x9f")};

    value_canonical(type, &value, &left);
    ck_assert(span_equal(buf_span(&left), SPAN_LITERAL("a\xff\xc3(b\xf0\x9f")));
}
END_TEST

Suite *suite_value_canonical(void);
Suite *suite_value_canonical(void)
{
    Suite *suite = suite_create("value/canonical");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, buffers_make, buffers_drop);
    tcase_add_loop_test(tests, what_the_database_calls_equal_has_equal_bytes, 0,
                        (int)COUNT_OF(equal));
    tcase_add_loop_test(tests, what_the_database_tells_apart_has_different_bytes, 0,
                        (int)COUNT_OF(unequal));
    tcase_add_loop_test(tests, the_bytes_are_the_documented_ones, 0, (int)COUNT_OF(forms));
    tcase_add_test(tests, folding_leaves_bytes_that_are_not_text_alone);
    suite_add_tcase(suite, tests);
    return suite;
}
