#include "fixture.h"
#include "transform/identifying.h"

#include <check.h>
#include <ctype.h>
#include <sodium.h>
#include <string.h>

START_TEST(a_token_keeps_its_form_and_what_says_its_kind)
{
    static const struct {
        const char *in, *begins;
    } cases[] = {
        {"sk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_live_"},
        {"ghp_16C7e42F292c6912E7710c838347Ae178B4a", "ghp_"},
        {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P", "eyJ"},
        {"d41d8cd98f00b204e9800998ecf8427e", ""},
        {"D41D8CD98F00B204E9800998ECF8427E", ""},
        {"aGVsbG8gd29ybGQ=", ""},
        {"12345678-9abc-4def-8123-456789abcdef", ""},
        {"$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", "$2b$12$"},
        {"$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b",
         "$argon2id$v=19$m=65536,t=3,p=4$"},
        {"pbkdf2_sha256$390000$saltsaltsalt$aGFzaGhhc2g=", "pbkdf2_sha256$390000$"},
        {"hunter2", ""},
        {"$ecret$pass$word", "$"},
    };
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "secret", NULL));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *in = cases[i].in, *moved = fixture_text(&fixture, in);
        const size_t kept = strlen(cases[i].begins);

        ck_assert_uint_eq(strlen(moved), strlen(in));
        ck_assert_msg(memcmp(moved, cases[i].begins, kept) == 0, "%s -> %s", in, moved);
        ck_assert_msg(strncmp(moved + kept, in + kept, 4) != 0, "%s -> %s", in, moved);
        ck_assert_str_ne(moved + strlen(in) - 3, in + strlen(in) - 3);
        for (size_t at = 0; at < strlen(in); at++) {
            if (i != 3 && i != 4 && i != 6)
                ck_assert_int_eq(isdigit(moved[at]) != 0, isdigit(in[at]) != 0);
            else
                ck_assert(isxdigit(in[at]) ? isxdigit(moved[at]) : moved[at] == in[at]);
            ck_assert(!isupper(moved[at]) || i != 3);
            ck_assert(!islower(moved[at]) || i != 4);
        }
    }
    ck_assert_ptr_nonnull(strstr(fixture_text(&fixture, cases[2].in), ".eyJ"));
    ck_assert_ptr_null(strstr(fixture_text(&fixture, "$ecret$pass$word"), "ecret"));
    fixture_release(&fixture);
}
END_TEST

START_TEST(short_hexadecimal_tokens_stay_distinct_and_hexadecimal)
{
    static struct value values[FIXTURE_ROWS];
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture.site.is_unique = true;
    ck_assert(fixture_prepare(&fixture, "secret", NULL));
    for (uint32_t i = 0; i < 3000; i++)
        values[i] = value_text(arena_printf(fixture.arena, i % 3 ? "0000%04x" : "0000%04X", i));
    fixture_apply(&fixture, values, 3000);
    for (uint32_t i = 0; i < 3000; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (values_equal(KIND_TEXT, &values[i], &values[j]))
                ck_abort_msg("%u and %u meet", i, j);
        }
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_known_hash_becomes_that_of_the_known_password)
{
    static const struct {
        const char *in, *begins;
    } cases[] = {
        {"$2y$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", "$2y$04$understudy"},
        {"$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b", "$argon2id$v=19$"},
        {"$argon2i$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b", "$argon2i$v=19$"},
        {"$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBn", "$6$understudy$"},
        {"pbkdf2_sha256$390000$salt$hash=", "pbkdf2_sha256$1000$understudy$"},
    };
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "secret", "{ mode: test_password }"));
    ck_assert_int_eq(fixture.prepared->uniqueness, UNIQUENESS_LOSSY);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *moved = fixture_text(&fixture, cases[i].in);

        ck_assert_int_eq(memcmp(moved, cases[i].begins, strlen(cases[i].begins)), 0);
        if (strncmp(moved, "$argon2id", 9) == 0)
            ck_assert_int_eq(crypto_pwhash_argon2id_str_verify(moved, "understudy", 10), 0);
        else if (strncmp(moved, "$argon2i", 8) == 0)
            ck_assert_int_eq(crypto_pwhash_argon2i_str_verify(moved, "understudy", 10), 0);
    }
    ck_assert_uint_eq(fixture.scrambled, 0);
    ck_assert_str_ne(fixture_text(&fixture, "hunter2"), "hunter2");
    ck_assert_uint_eq(fixture.scrambled, 1);
    fixture.site.is_unique = true;
    ck_assert(!fixture_prepare(&fixture, "secret", "{ mode: test_password }"));
    ck_assert_int_eq(fixture.err.status, STATUS_POLICY);
    fixture_release(&fixture);
}
END_TEST

START_TEST(a_hash_longer_than_its_column_is_moved_as_a_token)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    fixture.column.max_length = 40;
    ck_assert(fixture_prepare(&fixture, "secret", "{ mode: test_password }"));
    ck_assert_uint_eq(strlen(fixture_text(&fixture, "$6$salt$hashhashhash")), 20);
    ck_assert_uint_eq(fixture.scrambled, 1);
    fixture_release(&fixture);
}
END_TEST

static bool secret_note(void *context, struct span text, struct error *err)
{
    UNUSED(err);
    *(struct span *)context = text;
    return true;
}

START_TEST(what_hashes_have_in_common_identifies_nobody)
{
    static const struct {
        const char *in, *found;
    } cases[] = {
        {"$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub",
         "c29tZXNhbHQ$RdescudvJCsgt3ub"},
        {"pbkdf2_sha256$390000$salt$hash=", "salt$hash="},
        {"sk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_live_4eC39HqLyjWDarjtT1zdp7dc"},
        {"hunter2", "hunter2"},
    };
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "secret", NULL));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct value value = {.bytes = span_of(cases[i].in)};
        struct span found = {NULL, 0};

        ck_assert(identifying_visit(fixture.prepared, &fixture.type, &value, fixture.arena,
                                    secret_note, &found, &fixture.err));
        ck_assert(span_equal(found, span_of(cases[i].found)));
    }
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_secret(void);
Suite *suite_transform_secret(void)
{
    Suite *suite = suite_create("transform/secret");
    TCase *tcase = tcase_create("secret");

    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, a_token_keeps_its_form_and_what_says_its_kind);
    tcase_add_test(tcase, short_hexadecimal_tokens_stay_distinct_and_hexadecimal);
    tcase_add_test(tcase, a_known_hash_becomes_that_of_the_known_password);
    tcase_add_test(tcase, what_hashes_have_in_common_identifies_nobody);
    tcase_add_test(tcase, a_hash_longer_than_its_column_is_moved_as_a_token);
    suite_add_tcase(suite, tcase);
    return suite;
}
