#include "base/words.h"
#include "fixture.h"
#include "nasty.h"

#include <check.h>
#include <string.h>

/* 10.0.0.1, 10.0.0.0/8, 10.1.2.3/8, 0.0.0.0/0, 2001:db8::/32, ::1 */
static const struct span internet[] = {
    {"\2\x20\x0a\0\0\1", 6},
    {"\2\x08\x0a\0\0\0", 6},
    {"\2\x08\x0a\1\2\3", 6},
    {"\2\0\0\0\0\0", 6},
    {"\3\x20\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\0", 18},
    {"\3\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 18},
};

static const struct span hardware[] = {
    {"\0\0\0\0\0\0", 6}, {"\x08\0\x2b\1\2\3", 6}, {"\x08\0\x2b\xff\xfe\1\2\3", 8}};

static const char *const pairs[] = {"a", "one", "b", NULL, "9 9", "two", "name", ""};

enum { CASES_MAX = 64 };

/* Nasty values of one kind, the last one NULL. */
static uint32_t cases_fill(struct arena *arena, enum kind kind, struct value *values)
{
    uint32_t count = 0;

#define FILL(list, field, expression)                                                              \
    for (size_t i = 0; i < COUNT_OF(list); i++)                                                    \
    values[count++] = (struct value){.field = (expression)}
    memset(values, 0, CASES_MAX * sizeof(*values));
    switch (kind) {
    case KIND_BOOLEAN:
        values[count++].boolean = true;
        values[count++].boolean = false;
        break;
    case KIND_INTEGER:
        FILL(nasty_integers, integer, nasty_integers[i]);
        break;
    case KIND_REAL:
        FILL(nasty_reals, real, nasty_reals[i]);
        break;
    case KIND_DECIMAL:
        FILL(nasty_decimals, bytes, span_of(nasty_decimals[i]));
        break;
    case KIND_ENUM:
        values[count++] = value_text("red");
        values[count++] = value_text("white");
        break;
    case KIND_UUID:
        for (uint8_t i = 0; i < 20; i++)
            memset(values[count++].uuid, i * 13, 16);
        break;
    case KIND_DATE:
        FILL(nasty_dates, integer, nasty_dates[i]);
        break;
    case KIND_TIME:
        values[count++].integer = 0;
        values[count++].integer = 86399999999;
        values[count++].integer = 86400000000;
        break;
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        FILL(nasty_times, integer, nasty_times[i]);
        break;
    case KIND_INET:
        FILL(internet, bytes, internet[i]);
        break;
    case KIND_MAC:
        FILL(hardware, bytes, hardware[i]);
        break;
    case KIND_COMPOSITE:
        values[count++] = value_pair(arena, "Ann", 7);
        values[count++] = value_pair(arena, NULL, 123456);
        values[count++] = value_pair(arena, "", -1);
        break;
    case KIND_HSTORE:
        values[count++] = value_words(arena, pairs, 0);
        values[count++] = value_words(arena, pairs, COUNT_OF(pairs));
        break;
    case KIND_JSON:
        FILL(nasty_jsons, bytes, span_of(nasty_jsons[i]));
        break;
    default:
        FILL(nasty_texts, bytes, span_of(nasty_texts[i]));
        break;
    }
#undef FILL
    values[count++].is_null = true;
    return count;
}

/* Three values of the kind for a lookup. */
static const char *list_of(enum kind kind)
{
    static const char *const lists[KIND_COUNT] = {
        [KIND_BOOLEAN] = "{ values: [true, false] }",
        [KIND_INTEGER] = "{ values: [1, 2, 3] }",
        [KIND_REAL] = "{ values: [1.5, 2, -3] }",
        [KIND_DECIMAL] = "{ values: [1.5, 2, -3] }",
        [KIND_TEXT] = "{ values: { x: 1, y: 5, z: 2 } }",
        [KIND_ENUM] = "{ values: [red, green] }",
        [KIND_BYTES] = "{ values: ['\\x00', '\\x01', '\\x02'] }",
        [KIND_DATE] = "{ values: [2024-02-29, 2024-03-01, 2024-03-02] }",
        [KIND_UUID] = "{ values: [12345678-9abc-4def-8123-456789abcdef, "
                      "22345678-9abc-4def-8123-456789abcdef] }",
        [KIND_TIME] = "{ values: ['12:00:00', '13:00:00'] }",
        [KIND_TIMESTAMP] = "{ values: ['2024-02-29 12:00:00', '2024-02-29 13:00:00'] }",
        [KIND_INSTANT] = "{ values: ['2024-02-29T12:00:00Z', '2024-02-29T13:00:00Z'] }",
        [KIND_JSON] = "{ values: ['{}', '[]', '1'] }",
    };

    return lists[kind];
}

static const char *params_of(const char *rule, enum kind kind)
{
    const bool is_time = kind == KIND_DATE || kind == KIND_TIMESTAMP || kind == KIND_INSTANT;
    static const char *const constants[KIND_COUNT] = {
        [KIND_BOOLEAN] = "{ value: true }",
        [KIND_INTEGER] = "{ value: 7 }",
        [KIND_REAL] = "{ value: 1.5 }",
        [KIND_DECIMAL] = "{ value: \"1.50\" }",
        [KIND_TEXT] = "{ value: x }",
        [KIND_ENUM] = "{ value: green }",
        [KIND_BYTES] = "{ value: '\\x00ff' }",
        [KIND_DATE] = "{ value: \"2024-02-29\" }",
        [KIND_UUID] = "{ value: 12345678-9abc-4def-8123-456789abcdef }",
        [KIND_TIME] = "{ value: \"12:00:00\" }",
        [KIND_TIMESTAMP] = "{ value: \"2024-02-29 12:00:00\" }",
        [KIND_INSTANT] = "{ value: \"2024-02-29T12:00:00Z\" }",
        [KIND_JSON] = "{ value: \"{}\" }",
        [KIND_INET] = "{ value: \"192.0.2.1/24\" }",
        [KIND_MAC] = "{ value: \"08:00:2b:01:02:03\" }",
    };

    if (strcmp(rule, "constant") == 0)
        return constants[kind];
    if (strcmp(rule, "pattern") == 0)
        return "{ match: '(?<a>[^@]+)@(?<b>.+)', groups: { a: scramble, b: text } }";
    if (strcmp(rule, "lookup") == 0)
        return list_of(kind);
    if (strcmp(rule, "bucket") == 0)
        return is_time ? "{ width: year }" : "{ width: 10 }";
    if (strcmp(rule, "derive") == 0)
        return "{ expression: a + b }";
    if (strcmp(rule, "national_id") == 0)
        return "{ kind: nl_bsn }";
    if (strcmp(rule, "geo") == 0)
        return kind == KIND_TEXT ? NULL : "{ lon: a }";
    if (strcmp(rule, "template") == 0)
        return "{ text: '{a}/{b}' }";
    if (strcmp(rule, "round") == 0)
        return kind == KIND_TIME ? "{ to: 1h }" : is_time ? "{ to: year }" : "{ to: 10 }";
    if (strcmp(rule, "truncate") == 0 && kind == KIND_TEXT)
        return "{ length: 3, accept_risk: short }";
    if (strcmp(rule, "truncate") == 0)
        return kind == KIND_TIME ? "{ to: 1h }" : is_time ? "{ to: year }" : "{ to: 10 }";
    return NULL;
}

struct run {
    struct value in[CASES_MAX], out[CASES_MAX];
    struct value a[CASES_MAX], b[CASES_MAX];
    uint32_t count;
};

/* Prepares the rule for the kind and runs all cases through it. */
static void run_make(struct run *run, struct fixture *fixture, const struct transform *transform,
                     enum kind kind, uint8_t key)
{
    fixture_init(fixture, kind, key);
    ck_assert_msg(fixture_prepare(fixture, transform->name, params_of(transform->name, kind)),
                  "%s on %s: %s", transform->name, kind_word(kind), fixture->err.cause);
    run->count = cases_fill(fixture->arena, kind, run->in);
    memcpy(run->out, run->in, sizeof(run->in));
    for (uint32_t i = 0; i < run->count; i++) {
        run->a[i] = run->b[i] = (struct value){.integer = 1};
        if (kind == KIND_DECIMAL || kind == KIND_TEXT)
            run->a[i] = run->b[i] = value_text("1.25");
    }
    fixture->companions[0] = fixture->companion_inputs[0] = run->a;
    fixture->companions[1] = fixture->companion_inputs[1] = run->b;
    fixture_apply(fixture, run->out, run->count);
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

static bool is_rule(const struct transform *transform, const char *name)
{
    return strcmp(transform->name, name) == 0;
}

static void check_value(const struct transform *transform, enum kind kind, const struct value *in,
                        const struct value *out)
{
    const bool has_text =
        kind == KIND_TEXT || kind == KIND_DECIMAL || kind == KIND_JSON || kind == KIND_ENUM;

    if (is_rule(transform, "null")) {
        ck_assert(out->is_null);
        return;
    }
    if (in->is_null) {
        ck_assert_int_eq(out->is_null, !is_rule(transform, "constant"));
        return;
    }
    ck_assert(kind == KIND_OTHER || !out->is_null);
    if (out->is_null || !has_text)
        return;
    if (is_valid_utf8(in->bytes))
        ck_assert_msg(is_valid_utf8(out->bytes), "%s", transform->name);
    if (transform->preserves & PROPERTY_LENGTH && kind == KIND_TEXT)
        ck_assert_uint_eq(utf8_length(out->bytes.ptr, out->bytes.len),
                          utf8_length(in->bytes.ptr, in->bytes.len));
    if (kind == KIND_TEXT && in->bytes.len == 0 && !is_rule(transform, "constant"))
        ck_assert_uint_eq(out->bytes.len, 0);
}

START_TEST(null_stays_null_and_text_stays_text)
{
    size_t count;
    const struct transform *transform = transform_rows(&count)[_i];

    for (int kind = 0; kind < KIND_COUNT; kind++) {
        struct fixture fixture;
        struct run run;

        if (!(transform->accepts & KIND_BIT(kind)))
            continue;
        run_make(&run, &fixture, transform, (enum kind)kind, 1);
        for (uint32_t i = 0; i < run.count; i++)
            check_value(transform, (enum kind)kind, &run.in[i], &run.out[i]);
        fixture_release(&fixture);
    }
}
END_TEST

START_TEST(the_same_key_gives_the_same_result_one_by_one_and_in_a_batch)
{
    size_t count;
    const struct transform *transform = transform_rows(&count)[_i];

    for (int kind = 0; kind < KIND_COUNT; kind++) {
        struct fixture first, second;
        struct run run;
        struct value in[CASES_MAX];
        uint32_t cases;

        if (!(transform->accepts & KIND_BIT(kind)))
            continue;
        run_make(&run, &first, transform, (enum kind)kind, 1);
        fixture_init(&second, (enum kind)kind, 1);
        ck_assert(
            fixture_prepare(&second, transform->name, params_of(transform->name, (enum kind)kind)));
        second.companions[0] = second.companion_inputs[0] = run.a;
        second.companions[1] = second.companion_inputs[1] = run.b;
        cases = cases_fill(second.arena, (enum kind)kind, in);
        for (uint32_t i = 0; i < cases; i++) {
            second.subjects[0] = first.subjects[i];
            second.identities[0] = first.identities[i];
            fixture_apply(&second, &in[i], 1);
            ck_assert_msg(values_equal((enum kind)kind, &in[i], &run.out[i]), "%s on %s, case %u",
                          transform->name, kind_word((enum kind)kind), i);
        }
        fixture_release(&first);
        fixture_release(&second);
    }
}
END_TEST

START_TEST(another_key_gives_another_result)
{
    static const char *const unkeyed[] = {"keep",   "null",     "constant", "bucket",
                                          "derive", "template", "round",    "truncate"};
    size_t count;
    const struct transform *transform = transform_rows(&count)[_i];

    for (size_t i = 0; i < COUNT_OF(unkeyed); i++) {
        if (is_rule(transform, unkeyed[i]))
            return;
    }
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        struct fixture first, second;
        struct run one, two;
        uint32_t different = 0;

        if (!(transform->accepts & KIND_BIT(kind)) || kind == KIND_OTHER || kind == KIND_BOOLEAN ||
            kind == KIND_ENUM)
            continue;
        run_make(&one, &first, transform, (enum kind)kind, 1);
        run_make(&two, &second, transform, (enum kind)kind, 2);
        for (uint32_t i = 0; i < one.count; i++)
            different += !values_equal((enum kind)kind, &one.out[i], &two.out[i]);
        ck_assert_msg(different > 0, "%s on %s", transform->name, kind_word((enum kind)kind));
        fixture_release(&first);
        fixture_release(&second);
    }
}
END_TEST

static struct span address_of(struct arena *arena, enum kind kind, uint64_t bits)
{
    char bytes[8];

    memcpy(bytes, &bits, sizeof(bytes));
    if (kind == KIND_MAC)
        return arena_span(arena, span_make(bytes, 6));
    bytes[0] = 2;
    bytes[1] = (char)(bits >> 8 & 15) + 17;
    return arena_span(arena, span_make(bytes, 6));
}

START_TEST(what_a_rule_promises_to_keep_distinct_stays_distinct)
{
    size_t count;
    const struct transform *transform = transform_rows(&count)[_i];

    for (int kind = 0; kind < KIND_COUNT; kind++) {
        struct fixture fixture;
        static struct value in[FIXTURE_ROWS], out[FIXTURE_ROWS];
        uint64_t state = 3;

        if (!(transform->accepts & KIND_BIT(kind)) || kind == KIND_BOOLEAN || kind == KIND_ENUM ||
            kind == KIND_COMPOSITE || kind == KIND_HSTORE)
            continue;
        fixture_init(&fixture, (enum kind)kind, 1);
        fixture.site.is_unique = true;
        if (!fixture_prepare(&fixture, transform->name,
                             params_of(transform->name, (enum kind)kind)) ||
            is_rule(transform, "null")) {
            fixture_release(&fixture);
            continue;
        }
        for (uint32_t i = 0; i < 1500; i++) {
            uint64_t bits = random_next(&state);

            in[i] = (struct value){0};
            if (kind == KIND_UUID)
                memcpy(in[i].uuid, &bits, 8);
            else if (kind == KIND_INTEGER || kind == KIND_TIMESTAMP || kind == KIND_INSTANT)
                in[i].integer = (int64_t)(bits >> (12 + i % 40));
            else if (kind == KIND_DATE)
                in[i].integer = (int64_t)i * 5;
            else if (kind == KIND_TIME)
                in[i].integer = (int64_t)i * 57000000;
            else if (kind == KIND_REAL)
                in[i].real = (double)bits / 1e9;
            else if (kind == KIND_INET || kind == KIND_MAC)
                in[i].bytes = address_of(fixture.arena, (enum kind)kind, bits);
            else
                in[i].bytes = span_of(arena_printf(fixture.arena,
                                                   kind == KIND_DECIMAL ? "%u.%02u" : "%u-%02u",
                                                   (unsigned)(bits >> 44), i % 100));
            out[i] = in[i];
        }
        fixture_apply(&fixture, out, 1500);
        for (uint32_t i = 0; i < 1500; i++) {
            for (uint32_t j = 0; j < i; j++) {
                if (values_equal((enum kind)kind, &out[i], &out[j]))
                    ck_assert_msg(values_equal((enum kind)kind, &in[i], &in[j]), "%s on %s",
                                  transform->name, kind_word((enum kind)kind));
            }
        }
        fixture_release(&fixture);
    }
}
END_TEST

struct refusal {
    const char *rule, *params;
    enum kind kind;
    enum { PLAIN, UNIQUE, NOT_NULL, SHORT } site;
    enum status status;
    const char *says, *hint;
};

static const struct refusal refusals[] = {
    {"emial", NULL, KIND_TEXT, PLAIN, STATUS_PROFILE, "no transform is called 'emial'", "'email'"},
    {"email", NULL, KIND_INTEGER, PLAIN, STATUS_POLICY, "does not work on an integer", "permute"},
    {"email", "{ tokn: 5 }", KIND_TEXT, PLAIN, STATUS_PROFILE, "tokn", "token"},
    {"scramble", NULL, KIND_TEXT, UNIQUE, STATUS_POLICY, "distinct", "permute"},
    {"bucket", "{ width: 5 }", KIND_INTEGER, UNIQUE, STATUS_POLICY, "distinct", "permute"},
    {"shift", NULL, KIND_DATE, UNIQUE, STATUS_POLICY, "distinct", "unique: true"},
    {"shift", "{ mode: constant }", KIND_DATE, PLAIN, STATUS_POLICY, "constant", "accept_risk"},
    {"shift", "{ back: [2w, 8w] }", KIND_DATE, PLAIN, STATUS_PROFILE, "future", "weeks"},
    {"null", NULL, KIND_TEXT, NOT_NULL, STATUS_POLICY, "NOT NULL", "redact"},
    {"redact", NULL, KIND_OTHER, NOT_NULL, STATUS_POLICY, "NOT NULL", "keep"},
    {"email", NULL, KIND_TEXT, SHORT, STATUS_POLICY, "does not fit", "redact"},
    {"phone", "{ length: grow }", KIND_TEXT, SHORT, STATUS_POLICY, "distinct", "permute"},
    {"constant", NULL, KIND_TEXT, PLAIN, STATUS_PROFILE, "needs a 'value'", "value"},
    {"constant", "{ value: 123456 }", KIND_TEXT, SHORT, STATUS_PROFILE, "can hold", NULL},
    {"constant", "{ value: mauve }", KIND_ENUM, PLAIN, STATUS_PROFILE, "can hold", NULL},
    {"constant", "{ value: \"2023-02-29\" }", KIND_DATE, PLAIN, STATUS_PROFILE, "can hold", NULL},
    {"derive", NULL, KIND_DECIMAL, PLAIN, STATUS_PROFILE, "needs an 'expression'", "net"},
    {"derive", "{ expression: a + nope }", KIND_DECIMAL, PLAIN, STATUS_PROFILE, "nope", NULL},
    {"derive", "{ expression: a + c }", KIND_DECIMAL, PLAIN, STATUS_PROFILE, "its own", NULL},
    {"derive", "{ expression: \"(a + b\" }", KIND_DECIMAL, PLAIN, STATUS_PROFILE, "closed", NULL},
    {"bucket", NULL, KIND_INTEGER, PLAIN, STATUS_PROFILE, "either", "width"},
    {"bucket", "{ edges: [3, 2] }", KIND_INTEGER, PLAIN, STATUS_PROFILE, "greater", NULL},
    {"birth_date", "{ keep: month }", KIND_DATE, PLAIN, STATUS_PROFILE, "year, age_band", NULL},
    {"perturb", "{ sigma: 9 }", KIND_DECIMAL, PLAIN, STATUS_PROFILE, NULL, NULL},
    {"json", "{ paths: { a.b: redact } }", KIND_JSON, PLAIN, STATUS_PROFILE, "begins with $", NULL},
    {"json", "{ paths: { $.a: shift } }", KIND_JSON, PLAIN, STATUS_POLICY, "does not work", NULL},
    {"json", "{ paths: { $.a: emial } }", KIND_JSON, PLAIN, STATUS_PROFILE, "emial", NULL},
};

START_TEST(refusals_have_their_status_and_say_what_to_do)
{
    const struct refusal *refusal = &refusals[_i];
    struct fixture fixture;
    bool is_prepared;

    fixture_init(&fixture, refusal->kind, 1);
    fixture.site.is_unique = refusal->site == UNIQUE;
    fixture.column.is_not_null = refusal->site == NOT_NULL;
    fixture.column.max_length = refusal->site == SHORT ? 5 : 0;
    is_prepared = fixture_prepare(&fixture, refusal->rule, refusal->params);
    ck_assert_msg(is_prepared == (refusal->status == STATUS_OK), "%s: %s", refusal->rule,
                  fixture.err.cause);
    ck_assert_int_eq(fixture.err.status, refusal->status);
    if (refusal->says)
        ck_assert_msg(strstr(fixture.err.cause, refusal->says) != NULL, "%s: %s", refusal->rule,
                      fixture.err.cause);
    if (refusal->hint)
        ck_assert_msg(strstr(fixture.err.hint, refusal->hint) != NULL, "%s: %s", refusal->rule,
                      fixture.err.hint);
    fixture_release(&fixture);
}
END_TEST

START_TEST(parts_make_a_value_dense_and_copied_as_they_are)
{
    static const struct {
        const char *params;
        bool is_dense, copies;
    } documents[] = {
        {"{ paths: { $.a: ip } }", true, false},
        {"{ paths: { $.a: email } }", false, false},
        {"{ paths: { $.a: ip, $.b: { keep: why } } }", true, true},
        {"{ paths: { $.a: { rule: json, paths: { $.b: permute } } } }", true, false},
    };

    for (size_t i = 0; i < COUNT_OF(documents); i++) {
        struct fixture fixture;

        fixture_init(&fixture, KIND_JSON, 1);
        ck_assert_msg(fixture_prepare(&fixture, "json", documents[i].params), "%s",
                      fixture.err.cause);
        ck_assert_int_eq(fixture.prepared->is_dense, documents[i].is_dense);
        ck_assert_int_eq(fixture.prepared->copies, documents[i].copies);
        fixture_release(&fixture);
    }
}
END_TEST

START_TEST(an_unknown_parameter_is_an_error_with_its_place)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_INTEGER, 1);
    ck_assert(!fixture_prepare(&fixture, "permute", "rule: permute\nrnage: [1, 2]\n"));
    ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    ck_assert_ptr_nonnull(strstr(fixture.err.context, "test.yaml:2:1"));
    ck_assert_ptr_nonnull(strstr(fixture.err.hint, "range"));
    fixture_release(&fixture);
}
END_TEST

enum {
    RULES = 0
#define TRANSFORM(name) +1
#include "transform/transforms.def"
#undef TRANSFORM
};

Suite *suite_transform_registry(void);
Suite *suite_transform_registry(void)
{
    Suite *suite = suite_create("transform/registry");
    TCase *tcase = tcase_create("registry");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, null_stays_null_and_text_stays_text, 0, RULES);
    tcase_add_loop_test(tcase, the_same_key_gives_the_same_result_one_by_one_and_in_a_batch, 0,
                        RULES);
    tcase_add_loop_test(tcase, another_key_gives_another_result, 0, RULES);
    tcase_add_loop_test(tcase, what_a_rule_promises_to_keep_distinct_stays_distinct, 0, RULES);
    tcase_add_loop_test(tcase, refusals_have_their_status_and_say_what_to_do, 0,
                        COUNT_OF(refusals));
    tcase_add_test(tcase, an_unknown_parameter_is_an_error_with_its_place);
    tcase_add_test(tcase, parts_make_a_value_dense_and_copied_as_they_are);
    suite_add_tcase(suite, tcase);
    return suite;
}
