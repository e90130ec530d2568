#include "fixture.h"
#include "transform/national.h"

#include <check.h>
#include <ctype.h>
#include <string.h>

/* Numbers that authorities and handbooks print as examples. */
static const struct {
    const char *kind, *number;
} examples[] = {
    {"us_ssn", "078-05-1120"},
    {"de_tax_id", "86 095 742 719"},
    {"de_tax_id", "65929970489"},
    {"fr_nir", "2 55 08 14 168 025 38"},
    {"es_dni", "12345678Z"},
    {"es_dni", "X-1234567-L"},
    {"it_codice_fiscale", "RSSMRA85T10A562S"},
    {"nl_bsn", "111222333"},
    {"br_cpf", "529.982.247-25"},
    {"pl_pesel", "44051401359"},
    {"se_personnummer", "811218-9876"},
    {"se_personnummer", "19811218-9876"},
    {"uk_nino", "AB 12 34 56 C"},
    {"in_aadhaar", "2341 2341 2346"},
    {"ca_sin", "046 454 286"},
    {"ch_ahv", "756.9217.0769.85"},
};

static const struct national *kind_of(const char *name)
{
    for (size_t i = 0; i < national_count; i++) {
        if (strcmp(nationals[i].name, name) == 0)
            return &nationals[i];
    }
    ck_abort_msg("no kind %s", name);
}

/* The number without separators; whether its check characters are right. */
static bool check_holds(const struct national *kind, const char *text)
{
    char chars[NATIONAL_CHARS_MAX + 1] = "", right[NATIONAL_CHARS_MAX];
    size_t count = 0;

    for (; *text; text++) {
        if (isalnum(*text))
            chars[count++] = *text;
    }
    memcpy(right, chars, sizeof(right));
    return (!kind->check || kind->check(chars, count, right)) &&
           (!kind->is_valid || kind->is_valid(chars, count)) && memcmp(chars, right, count) == 0;
}

START_TEST(every_example_holds_and_becomes_one_that_holds)
{
    const struct national *kind = kind_of(examples[_i].kind);
    const char *in = examples[_i].number, *moved;
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture.site.is_unique = true;
    ck_assert_msg(fixture_prepare(&fixture, "national_id",
                                  arena_printf(fixture.arena, "{ kind: %s%s }", kind->name,
                                               kind->has_unissued ? ", numbers: issued" : "")),
                  "%s", fixture.err.cause);
    ck_assert_msg(check_holds(kind, in), "%s", in);
    moved = fixture_text(&fixture, in);
    ck_assert_uint_eq(fixture.scrambled, 0);
    ck_assert_msg(check_holds(kind, moved), "%s -> %s", in, moved);
    ck_assert_str_ne(moved, in);
    ck_assert_uint_eq(strlen(moved), strlen(in));
    for (size_t i = 0; moved[i]; i++) {
        ck_assert_int_eq(isdigit(moved[i]) != 0, isdigit(in[i]) != 0);
        if (!isalnum(in[i]))
            ck_assert_int_eq(moved[i], in[i]);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_wrong_check_stays_wrong_and_distinct_numbers_stay_distinct)
{
    static struct value values[1000];
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture.site.is_unique = true;
    ck_assert(fixture_prepare(&fixture, "national_id", "{ kind: nl_bsn }"));
    for (unsigned i = 0; i < COUNT_OF(values); i++)
        values[i] = value_text(arena_printf(fixture.arena, "111222%03u", i));
    fixture_apply(&fixture, values, COUNT_OF(values));
    for (unsigned i = 0; i < COUNT_OF(values); i++) {
        const char *in = arena_printf(fixture.arena, "111222%03u", i);
        const char *moved = arena_strndup(fixture.arena, values[i].bytes.ptr, values[i].bytes.len);

        ck_assert_int_eq(check_holds(kind_of("nl_bsn"), in), check_holds(kind_of("nl_bsn"), moved));
        for (unsigned j = 0; j < i; j++)
            ck_assert(!values_equal(KIND_TEXT, &values[i], &values[j]));
    }
    ck_assert_uint_eq(fixture.scrambled, 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_date_of_birth_inside_a_number_moves_and_exists)
{
    struct fixture fixture;
    unsigned same = 0;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "national_id", "{ kind: pl_pesel }"));
    for (unsigned i = 0; i < 200; i++) {
        const char *moved =
            fixture_text(&fixture, arena_printf(fixture.arena, "0223%02u%05u", 1 + i % 28, i * 37));
        const unsigned month = (unsigned)(moved[2] - '0') * 10 + (unsigned)(moved[3] - '0');

        ck_assert(month >= 21 && month <= 32);
        same += memcmp(moved, "0223", 4) == 0;
    }
    ck_assert_uint_lt(same, 5);
    ck_assert_uint_eq(fixture.scrambled, 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_social_security_number_is_never_issued_or_said_to_be)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "national_id", "{ kind: us_ssn }"));
    ck_assert_int_eq(fixture.prepared->uniqueness, UNIQUENESS_NOT_GUARANTEED);
    for (unsigned i = 0; i < 300; i++) {
        const char *moved =
            fixture_text(&fixture, arena_printf(fixture.arena, "123-45-%04u", i + 1));

        ck_assert(moved[0] == '9' && moved[4] < '5' && moved[3] == '-' && moved[6] == '-');
        ck_assert(strncmp(moved + 4, "00", 2) != 0 && strcmp(moved + 7, "0000") != 0);
    }
    fixture.site.is_unique = true;
    ck_assert(!fixture_prepare(&fixture, "national_id", "{ kind: us_ssn }"));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    fixture_release(&fixture);
}
END_TEST

START_TEST(what_has_another_form_is_scrambled_and_a_kind_is_needed)
{
    static const char *const broken[] = {"A55081416802538", "2550814168025", "255A81416802538",
                                         "255131416802538", "n/a",           "25508141680253 8x",
                                         "255081416802500"};
    static const char *const wrong[] = {NULL, "{ kind: us_snn }", "{ kind: moon }",
                                        "{ kind: nl_bsn, numbers: unissued }"};
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        ck_assert(!fixture_prepare(&fixture, "national_id", wrong[i]));
        ck_assert_int_eq(fixture.err.status, STATUS_PROFILE);
    }
    ck_assert(fixture_prepare(&fixture, "national_id", "{ kind: fr_nir }"));
    for (size_t i = 0; i < COUNT_OF(broken); i++)
        ck_assert_str_ne(fixture_text(&fixture, broken[i]), broken[i]);
    ck_assert_uint_eq(fixture.scrambled, COUNT_OF(broken));
    ck_assert_int_eq(fixture_text(&fixture, "2 55 08 2A 168 025 38")[8] - '2', 0);
    ck_assert_uint_eq(fixture.scrambled, COUNT_OF(broken));
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_national_id(void);
Suite *suite_transform_national_id(void)
{
    Suite *suite = suite_create("transform/national_id");
    TCase *tcase = tcase_create("national_id");

    tcase_add_loop_test(tcase, every_example_holds_and_becomes_one_that_holds, 0,
                        COUNT_OF(examples));
    tcase_add_test(tcase, a_wrong_check_stays_wrong_and_distinct_numbers_stay_distinct);
    tcase_add_test(tcase, a_date_of_birth_inside_a_number_moves_and_exists);
    tcase_add_test(tcase, a_social_security_number_is_never_issued_or_said_to_be);
    tcase_add_test(tcase, what_has_another_form_is_scrambled_and_a_kind_is_needed);
    suite_add_tcase(suite, tcase);
    return suite;
}
