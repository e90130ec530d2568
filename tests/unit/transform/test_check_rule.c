/* Which CHECKs on texts still hold when a rule has rewritten them. */
#include "fixture.h"
#include "transform/check_rule.h"

#include <check.h>

static bool survives(const char *rule, const char *expression)
{
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, rule, NULL));
    bool is_kept = check_survives(fixture.prepared, expression);
    fixture_release(&fixture);
    return is_kept;
}

START_TEST(what_a_rule_keeps_survives)
{
    ck_assert(survives("email", "((email ~~ '%@%'::text) AND (length(email) <= 60))"));
    ck_assert(survives("scramble", "(slug = lower(slug))"));
    ck_assert(survives("scramble", "((VALUE)::text ~ '^[A-Z]{2}-[0-9]+$'::text)"));
    ck_assert(survives("redact", "((note IS NULL) OR (char_length(note) < 40))"));
    ck_assert(survives("redact", "((note <> ''::text) AND (length((note)::text) <= 40))"));
    ck_assert(survives("null", "(sku ~ '^SKU'::text)"));
}
END_TEST

START_TEST(what_is_not_understood_is_answered_with_no)
{
    ck_assert(!survives("scramble", "(sku ~ '^SKU-'::text)"));
    ck_assert(!survives("redact", "(slug = lower(slug))"));
    ck_assert(!survives("redact", "((VALUE)::text ~ '^[A-Z]{2}-[0-9]+$'::text)"));
    ck_assert(!survives("scramble", "((code)::integer > 5)"));
    ck_assert(!survives("scramble", "is_valid(code)"));
    ck_assert(!survives("email", "(NOT (email ~~ '%@%'::text))"));
    ck_assert(!survives("email", "((email ~~ '%@%'::text) OR (email = 'none'::text))"));
    ck_assert(!survives("null", "(sku IS NOT NULL)"));
    ck_assert(!survives("redact", ""));
}
END_TEST

Suite *suite_transform_check_rule(void);
Suite *suite_transform_check_rule(void)
{
    Suite *suite = suite_create("transform/check_rule");
    TCase *tcase = tcase_create("check_rule");

    tcase_add_test(tcase, what_a_rule_keeps_survives);
    tcase_add_test(tcase, what_is_not_understood_is_answered_with_no);
    suite_add_tcase(suite, tcase);
    return suite;
}
