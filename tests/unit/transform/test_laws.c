/* The laws every rule keeps, driven over all rows of the registry and every kind each accepts, with
 * nasty values. Rules that need parameters take those of their own example. */
#include "base/words.h"
#include "fixture.h"
#include "nasty.h"

#include "value/codec.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_MAX = 512 };

static const char *const files[] = {"%PDF-1.7 x", "GIF89a----", "PK\3\4abcd", "\x1f\x8b\x08zzz",
                                    "\xff\xd8\xff\xe0zz"};

static struct value long_text(struct arena *arena)
{
    const size_t len = 70000;
    char *text = arena_alloc(arena, len);

    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < len; i++)
        text[i] = "the quick brown fox "[i % 20];
    return (struct value){.bytes = span_make(text, len)};
}

static uint32_t strings_fill(const char *const *list, size_t count, struct value *values)
{
    for (size_t i = 0; i < count; i++)
        values[i] = value_text(list[i]);
    return (uint32_t)count;
}

static uint32_t numbers_fill(const int64_t *list, size_t count, struct value *values)
{
    for (size_t i = 0; i < count; i++)
        values[i] = value_integer(list[i]);
    return (uint32_t)count;
}

/* Values of one kind; text of other kinds too. */
static uint32_t values_fill(struct arena *arena, enum kind kind, struct value *values)
{
    uint32_t count = 0;

    memset(values, 0, VALUES_MAX * sizeof(*values));
    switch (kind) {
    case KIND_BOOLEAN:
        values[1].boolean = true;
        return 2;
    case KIND_INTEGER:
        return numbers_fill(nasty_integers, COUNT_OF(nasty_integers), values);
    case KIND_REAL:
        for (; count < COUNT_OF(nasty_reals); count++)
            values[count].real = nasty_reals[count];
        return count;
    case KIND_DECIMAL:
        return strings_fill(nasty_decimals, COUNT_OF(nasty_decimals), values);
    case KIND_ENUM:
        values[0] = value_text("red");
        values[1] = value_text("white");
        return 2;
    case KIND_UUID:
        for (; count < 40; count++)
            memset(values[count].uuid, (int)count * 13, 16);
        memset(values[count].uuid, 0xff, 16);
        return count + 1;
    case KIND_DATE:
        return numbers_fill(nasty_dates, COUNT_OF(nasty_dates), values);
    case KIND_TIME:
        values[1].integer = 86399999999;
        values[2].integer = 86400000000;
        values[3].integer = 1;
        return 4;
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        return numbers_fill(nasty_times, COUNT_OF(nasty_times), values);
    case KIND_JSON:
        return strings_fill(nasty_jsons, COUNT_OF(nasty_jsons), values);
    case KIND_TEXT:
    case KIND_BYTES:
        count = strings_fill(nasty_texts, COUNT_OF(nasty_texts), values);
        values[count++] = value_text("தமிழ் ไทย ქართული Հայերեն");
        values[count++] = long_text(arena);
        if (kind == KIND_BYTES) {
            values[count++].bytes = span_make("a\0b\0\0", 5);
            count += strings_fill(files, COUNT_OF(files), values + count);
        }
        return count;
    default:
        return 0;
    }
}

/* The parameters in a rule's example: `column: { rule: ..., more }`; NULL: it has none. */
static const char *example_params(struct arena *arena, const struct transform *transform)
{
    const char *open = strchr(transform->example, '{');

    return open ? arena_strdup(arena, open) : NULL;
}

static const char *params_of(struct fixture *fixture, const struct transform *transform,
                             enum kind kind)
{
    static const char *const constants[KIND_COUNT] = {
        [KIND_BOOLEAN] = "{ value: true }",
        [KIND_INTEGER] = "{ value: 7 }",
        [KIND_REAL] = "{ value: 1.5 }",
        [KIND_DECIMAL] = "{ value: \"1.50\" }",
        [KIND_ENUM] = "{ value: green }",
        [KIND_BYTES] = "{ value: '\\x00ff' }",
        [KIND_DATE] = "{ value: \"2024-02-29\" }",
        [KIND_UUID] = "{ value: 12345678-9abc-4def-8123-456789abcdef }",
        [KIND_TIME] = "{ value: \"12:00:00\" }",
        [KIND_TIMESTAMP] = "{ value: \"2024-02-29 12:00:00\" }",
        [KIND_INSTANT] = "{ value: \"2024-02-29T12:00:00Z\" }",
        [KIND_JSON] = "{ value: \"{}\" }",
    };

    if (strcmp(transform->name, "constant") == 0 && constants[kind])
        return constants[kind];
    if (strcmp(transform->name, "bucket") == 0)
        return kind == KIND_DATE || kind == KIND_TIMESTAMP || kind == KIND_INSTANT
                   ? "{ width: year }"
                   : "{ width: 10 }";
    if (strcmp(transform->name, "derive") == 0)
        return "{ expression: a + b }";
    return example_params(fixture->arena, transform);
}

struct law {
    struct fixture fixture;
    const struct transform *transform;
    enum kind kind;
    struct value in[VALUES_MAX], out[VALUES_MAX], a[VALUES_MAX];
    uint64_t scrambled[VALUES_MAX], unchanged[VALUES_MAX];
    uint32_t count;
};

static bool law_prepare(struct law *law)
{
    return fixture_prepare(&law->fixture, law->transform->name, NULL) ||
           fixture_prepare(&law->fixture, law->transform->name,
                           params_of(&law->fixture, law->transform, law->kind));
}

/* One value after the other, so that counts belong to values. */
static void law_run(struct law *law)
{
    struct fixture *fixture = &law->fixture;

    for (uint32_t i = 0; i < law->count; i++) {
        fixture->scrambled = fixture->unchanged = 0;
        law->out[i] = law->in[i];
        law->a[0] = law->kind == KIND_DECIMAL ? value_text("1.25") : value_integer(1);
        for (size_t j = 0; j < FIXTURE_COMPANIONS; j++)
            fixture->companions[j] = fixture->companion_inputs[j] = law->a;
        fixture_apply(fixture, &law->out[i], 1);
        law->scrambled[i] = fixture->scrambled;
        law->unchanged[i] = fixture->unchanged;
    }
}

/* false: the rule is not put on such a column. */
static bool law_begin(struct law *law, const struct transform *transform, enum kind kind,
                      uint8_t key)
{
    memset(law, 0, sizeof(*law));
    law->transform = transform;
    law->kind = kind;
    fixture_init(&law->fixture, kind, key);
    if (!(transform->accepts & KIND_BIT(kind)) || !law_prepare(law))
        return false;
    law->count = values_fill(law->fixture.arena, kind, law->in);
    law_run(law);
    return true;
}

/* More rules than the registry will hold; a loop ends at the last one. */
enum { RULES_MAX = 96 };

static const struct transform *rule_at(int index)
{
    size_t count;
    const struct transform *const *rows = transform_rows(&count);

    ck_assert_uint_le(count, RULES_MAX);
    return (size_t)index < count ? rows[index] : NULL;
}

static bool is_named(const struct transform *transform, const char *name)
{
    return strcmp(transform->name, name) == 0;
}

static bool is_text(enum kind kind)
{
    return KIND_BIT(kind) & (KIND_BIT(KIND_TEXT) | KIND_BIT(KIND_DECIMAL) | KIND_BIT(KIND_ENUM) |
                             KIND_BIT(KIND_JSON));
}

static bool is_valid_utf8(struct span text)
{
    const char *next = text.ptr, *end = text.ptr + text.len;

    while (next < end) {
        if (utf8_next(&next, end) < 0)
            return false;
    }
    return true;
}

static const char *law_label(const struct law *law, uint32_t i)
{
    return arena_printf(law->fixture.arena, "%s on %s, value %u: %s", law->transform->name,
                        kind_word(law->kind), i, law->fixture.err.cause);
}

static const struct codec *const codecs[] = {&codec_pg_binary, &codec_pg_text};

/* Through the form of one codec and back. */
static bool value_travel(struct law *law, const struct codec *codec, const struct value *value,
                         struct value *back)
{
    struct fixture *fixture = &law->fixture;
    struct span cell;

    *back = (struct value){0};
    return codec->encode(&fixture->column, &fixture->type, value, fixture->arena, &cell,
                         &fixture->err) &&
           codec->decode(&fixture->type, cell, fixture->arena, back, &fixture->err);
}

static void check_result(struct law *law, uint32_t i)
{
    const struct value *in = &law->in[i], *out = &law->out[i];
    const struct transform *transform = law->transform;
    struct value back;

    if (is_named(transform, "null") || (law->kind == KIND_OTHER && out->is_null)) {
        ck_assert(out->is_null);
        return;
    }
    ck_assert_msg(!out->is_null, "%s", law_label(law, i));
    for (size_t j = 0; j < COUNT_OF(codecs); j++)
        ck_assert_msg(value_travel(law, codecs[j], out, &back), "%s", law_label(law, i));
    if (is_text(law->kind) && is_valid_utf8(in->bytes))
        ck_assert_msg(is_valid_utf8(out->bytes), "%s", law_label(law, i));
    if (law->kind == KIND_TEXT && law->fixture.column.max_length > 0 &&
        utf8_length(in->bytes.ptr, in->bytes.len) <= law->fixture.column.max_length)
        ck_assert_msg(utf8_length(out->bytes.ptr, out->bytes.len) <= law->fixture.column.max_length,
                      "%s", law_label(law, i));
    /* Names of a dictionary are only about as long. */
    if (law->kind == KIND_TEXT && transform->preserves & PROPERTY_LENGTH && !transform->identifies)
        ck_assert_msg(utf8_length(in->bytes.ptr, in->bytes.len) ==
                          utf8_length(out->bytes.ptr, out->bytes.len),
                      "%s", law_label(law, i));
}

START_TEST(results_are_values_of_the_column)
{
    static struct law law;
    const struct transform *transform = rule_at(_i);

    for (int kind = 0; transform && kind < KIND_COUNT; kind++) {
        const bool is_begun = law_begin(&law, transform, (enum kind)kind, 1);

        for (uint32_t i = 0; is_begun && i < law.count; i++)
            check_result(&law, i);
        fixture_release(&law.fixture);
    }
}
END_TEST

/* Columns of narrow types and few characters take what they get. */
START_TEST(results_fit_narrow_columns)
{
    static const unsigned widths[] = {2, 4};
    static const uint32_t lengths[] = {1, 2, 11, 20, 36};
    static struct law law;
    const struct transform *transform = rule_at(_i);

    for (size_t w = 0; transform && w < COUNT_OF(widths) + COUNT_OF(lengths); w++) {
        const bool is_integer = w < COUNT_OF(widths);
        uint32_t kept = 0;

        memset(&law, 0, sizeof(law));
        law.transform = transform;
        law.kind = is_integer ? KIND_INTEGER : KIND_TEXT;
        fixture_init(&law.fixture, law.kind, 1);
        if (is_integer)
            law.fixture.type.width = widths[w];
        else
            law.fixture.column.max_length = lengths[w - COUNT_OF(widths)];
        law.fixture.other_type = law.fixture.type;
        if (transform->accepts & KIND_BIT(law.kind) && law_prepare(&law)) {
            law.count = values_fill(law.fixture.arena, law.kind, law.in);
            for (uint32_t i = 0; i < law.count; i++) {
                struct value back;
                const bool fits = is_integer
                                      ? value_travel(&law, codecs[0], &law.in[i], &back)
                                      : utf8_length(law.in[i].bytes.ptr, law.in[i].bytes.len) <=
                                            law.fixture.column.max_length;

                if (fits)
                    law.in[kept++] = law.in[i];
            }
            law.count = kept;
            law_run(&law);
            for (uint32_t i = 0; i < law.count; i++)
                check_result(&law, i);
        }
        fixture_release(&law.fixture);
    }
}
END_TEST

START_TEST(null_stays_null)
{
    static struct law law;
    const struct transform *transform = rule_at(_i);

    for (int kind = 0; transform && kind < KIND_COUNT; kind++) {
        if (law_begin(&law, transform, (enum kind)kind, 1)) {
            law.in[0] = (struct value){.is_null = true};
            law.count = 1;
            law_run(&law);
            ck_assert_int_eq(law.out[0].is_null, !is_named(transform, "constant"));
        }
        fixture_release(&law.fixture);
    }
}
END_TEST

static bool is_canonically_equal(const struct law *law, const struct value *a,
                                 const struct value *b)
{
    struct buf bytes;
    size_t len;
    bool is_equal;

    if (a->is_null || b->is_null)
        return a->is_null == b->is_null;
    buf_init(&bytes, BUF_CEILING_MAX);
    value_canonical(&law->fixture.type, a, &bytes);
    len = bytes.len;
    value_canonical(&law->fixture.type, b, &bytes);
    is_equal = bytes.len == 2 * len && memcmp(bytes.ptr, bytes.ptr + len, len) == 0;
    buf_release(&bytes);
    return is_equal;
}

START_TEST(values_of_both_codecs_give_equal_results)
{
    static struct law law, other;
    const struct transform *transform = rule_at(_i);

    for (int kind = 0; transform && kind < KIND_COUNT; kind++) {
        if (law_begin(&law, transform, (enum kind)kind, 1)) {
            for (size_t j = 0; j < COUNT_OF(codecs); j++) {
                (void)law_begin(&other, transform, (enum kind)kind, 1);
                for (uint32_t i = 0; i < law.count; i++)
                    ck_assert_msg(value_travel(&law, codecs[j], &law.in[i], &other.in[i]), "%s",
                                  law_label(&law, i));
                law_run(&other);
                for (uint32_t i = 0; i < law.count; i++)
                    ck_assert_msg(is_canonically_equal(&law, &law.out[i], &other.out[i]), "%s",
                                  law_label(&law, i));
                fixture_release(&other.fixture);
            }
        }
        fixture_release(&law.fixture);
    }
}
END_TEST

static bool is_unkeyed(const struct transform *transform)
{
    static const char *const names[] = {"keep",   "null",  "constant", "bucket",
                                        "derive", "round", "truncate"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (is_named(transform, names[i]))
            return true;
    }
    return false;
}

START_TEST(another_key_gives_other_results)
{
    static struct law law, other;
    const struct transform *transform = rule_at(_i);

    for (int kind = 0; transform && !is_unkeyed(transform) && kind < KIND_COUNT; kind++) {
        uint32_t different = 0;

        if (law_begin(&law, transform, (enum kind)kind, 1) && law.count > 2) {
            ck_assert(law_begin(&other, transform, (enum kind)kind, 2));
            for (uint32_t i = 0; i < law.count; i++)
                different += !values_equal((enum kind)kind, &law.out[i], &other.out[i]);
            ck_assert_msg(different > 0, "%s", law_label(&law, 0));
            fixture_release(&other.fixture);
        }
        fixture_release(&law.fixture);
    }
}
END_TEST

/* Whoever is identified by a value is not by what comes out for it, readable or not. */
START_TEST(no_identifying_value_passes_uncounted)
{
    static struct law law;
    const struct transform *transform = rule_at(_i);
    const bool is_safe =
        transform && (transform->identifies || is_named(transform, "redact") ||
                      is_named(transform, "scramble") || is_named(transform, "text"));

    for (int kind = 0; is_safe && kind < KIND_COUNT; kind++) {
        const bool is_begun = kind != KIND_BOOLEAN && kind != KIND_ENUM &&
                              law_begin(&law, transform, (enum kind)kind, 1);

        for (uint32_t i = 0; is_begun && i < law.count; i++) {
            const bool is_empty =
                (is_text((enum kind)kind) || kind == KIND_BYTES) && law.in[i].bytes.len == 0;

            if (!is_empty && law.unchanged[i] == 0 && kind != KIND_REAL)
                ck_assert_msg(!values_equal((enum kind)kind, &law.in[i], &law.out[i]), "%s",
                              law_label(&law, i));
        }
        if (kind != KIND_BOOLEAN && kind != KIND_ENUM)
            fixture_release(&law.fixture);
    }
}
END_TEST

static enum kind sort_kind;

static int value_compare(const void *a, const void *b)
{
    const struct value *x = a, *y = b;
    const size_t len = sort_kind == KIND_UUID ? 16 : 8;

    if (!is_text(sort_kind) && sort_kind != KIND_BYTES)
        return memcmp(x->uuid, y->uuid, len);
    if (x->bytes.len != y->bytes.len)
        return x->bytes.len < y->bytes.len ? -1 : 1;
    return memcmp(x->bytes.ptr, y->bytes.ptr, x->bytes.len);
}

/* All of a small domain, or as many as matter: every number of two bytes, every text of a digit,
 * a letter and a digit, every second of a day. */
static uint32_t domain_fill(struct fixture *fixture, enum kind kind, struct value *values)
{
    uint32_t count = 0;

    switch (kind) {
    case KIND_INTEGER:
        for (; count < 65536; count++)
            values[count].integer = (int64_t)count - 32768;
        return count;
    case KIND_DATE:
        for (; count < 40000; count++)
            values[count].integer = (int64_t)count - 20000;
        return count;
    case KIND_TIME:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        for (; count < 86400; count++)
            values[count].integer = (int64_t)count * 1000000;
        return count;
    case KIND_REAL:
        for (; count < 20000; count++)
            values[count].real = ((double)count - 10000) / 8;
        return count;
    case KIND_DECIMAL:
    case KIND_JSON:
    case KIND_TEXT:
    case KIND_BYTES:
        for (; count < 30000; count++)
            values[count].bytes =
                span_of(kind == KIND_DECIMAL
                            ? arena_printf(fixture->arena, "%u.%02u", count / 100, count % 100)
                        : kind == KIND_JSON
                            ? arena_printf(fixture->arena, "[%u,%u]", count / 100, count % 100)
                            : arena_printf(fixture->arena, "%u%c%u", count / 1000,
                                           (int)('a' + count % 100 / 10),
                                           count % 1000 / 100 * 10 + count % 10));
        return count;
    default:
        return 0;
    }
}

START_TEST(what_is_promised_to_stay_distinct_does)
{
    static struct value in[90000];
    static struct law law;
    const struct transform *transform = rule_at(_i);

    for (int kind = 0; transform && kind < KIND_COUNT; kind++) {
        struct fixture *fixture = &law.fixture;
        uint32_t count;

        memset(&law, 0, sizeof(law));
        memset(in, 0, sizeof(in));
        law.transform = transform;
        law.kind = sort_kind = (enum kind)kind;
        fixture_init(fixture, (enum kind)kind, 1);
        fixture->site.is_unique = true;
        fixture->column.precision =
            kind == KIND_TIME || kind == KIND_TIMESTAMP || kind == KIND_INSTANT ? 6 : 0;
        if (transform->accepts & KIND_BIT(kind) && !is_named(transform, "null") &&
            law_prepare(&law) && law.fixture.prepared->companion_count == 0) {
            count = domain_fill(fixture, (enum kind)kind, in);
            for (uint32_t at = 0; at < count; at += FIXTURE_ROWS)
                fixture_apply(fixture, in + at,
                              count - at < FIXTURE_ROWS ? count - at : FIXTURE_ROWS);
            qsort(in, count, sizeof(*in), value_compare);
            for (uint32_t i = 1; i < count; i++)
                ck_assert_msg(value_compare(&in[i - 1], &in[i]) != 0, "%s", law_label(&law, i));
        }
        fixture_release(fixture);
    }
}
END_TEST

Suite *suite_transform_laws(void);
Suite *suite_transform_laws(void)
{
    Suite *suite = suite_create("transform/laws");
    TCase *tcase = tcase_create("laws");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, results_are_values_of_the_column, 0, RULES_MAX);
    tcase_add_loop_test(tcase, results_fit_narrow_columns, 0, RULES_MAX);
    tcase_add_loop_test(tcase, null_stays_null, 0, RULES_MAX);
    tcase_add_loop_test(tcase, values_of_both_codecs_give_equal_results, 0, RULES_MAX);
    tcase_add_loop_test(tcase, another_key_gives_other_results, 0, RULES_MAX);
    tcase_add_loop_test(tcase, no_identifying_value_passes_uncounted, 0, RULES_MAX);
    tcase_add_loop_test(tcase, what_is_promised_to_stay_distinct_does, 0, RULES_MAX);
    suite_add_tcase(suite, tcase);
    return suite;
}
