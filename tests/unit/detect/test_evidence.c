/* What single values look like, near the border of what they are not. */
#include "detect/documents.h"
#include "detect/known.h"
#include "detect/sample.h"
#include "detect/shapes.h"

#include <check.h>
#include <stdio.h>

static struct span of(const char *text)
{
    return span_of(text);
}

START_TEST(an_address_is_the_whole_value_or_stands_in_a_text)
{
    ck_assert(shape_is_email(of("ann.smith@mail.example")));
    ck_assert(shape_is_email(of("Ann Smith <ann@mail.example>")));
    ck_assert(!shape_is_email(of("write to ann@mail.example when it is done")));
    ck_assert(shape_has_email(of("write to ann@mail.example when it is done")));
    ck_assert(!shape_is_email(of("a@b.example, c@d.example")));
    ck_assert(!shape_is_email(of("https://user:word@git.example/x.git")));
}
END_TEST

START_TEST(numbers_of_states_are_told_by_their_check_digits)
{
    static const char *const numbers[] = {
        "123-45-6789",      "529.982.247-25",    "44051401359", "10000000146", "01010750160",
        "85073003328",      "12345678Z",         "X1234567L",   "111222333",   "AB123456C",
        "RSSMRA85T10A562S", "811228-9874",       "131052-308T", "010190-1234", "756.9217.0769.85",
        "255081416802538",  "11010519491231002X"};

    ck_assert_msg(shape_is_national(of(numbers[_i])), "%s", numbers[_i]);
}
END_TEST

START_TEST(numbers_that_fail_the_check_are_of_anything)
{
    static const char *const numbers[] = {
        "000-45-6789", "529.982.247-26",   "44051401358",        "10000000143", "11111111111",
        "12345678A",   "111222334",        "QQ123456E",          "811228-9875", "131052-308U",
        "1234567",     "756.9217.0769.84", "110105194912310021", "order-12345"};

    ck_assert_msg(!shape_is_national(of(numbers[_i])), "%s", numbers[_i]);
}
END_TEST

START_TEST(sixteen_digits_that_fail_luhn_are_no_card)
{
    ck_assert(shape_is_card(of("5555555555554444")));
    ck_assert(!shape_is_card(of("5555555555554445")));
    ck_assert(!shape_is_card(of("2026010112345679")));
}
END_TEST

START_TEST(what_people_dial_begins_as_such)
{
    ck_assert(shape_is_dialed(of("+49 171 1234567")));
    ck_assert(shape_is_dialed(of("(555) 010-9999")));
    ck_assert(shape_is_dialed(of("0171/1234567")));
    ck_assert(shape_is_dialed(of("555-010-9999")));
    ck_assert(!shape_is_dialed(of("4500-12345-67")));
    ck_assert(!shape_is_dialed(of("12345-678")));
}
END_TEST

START_TEST(hardware_addresses_and_places_have_their_forms)
{
    ck_assert(shape_is_mac(of("00:1B:44:11:3A:B7")));
    ck_assert(shape_is_mac(of("00-1b-44-11-3a-b7")));
    ck_assert(shape_is_mac(of("001b.4411.3ab7")));
    ck_assert(!shape_is_mac(of("001B44113AB7")));
    ck_assert(!shape_is_mac(of("12:30:45")));
    ck_assert(shape_is_place(of("48.13743, 11.57549")));
    ck_assert(shape_is_place(of("POINT(11.57549 48.13743)")));
    ck_assert(!shape_is_place(of("12.50, 13.20")));
    ck_assert(!shape_is_place(of("481.3743, 11.57549")));
}
END_TEST

START_TEST(secrets_are_told_from_words)
{
    ck_assert(shape_is_secret(of("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW")));
    ck_assert(shape_is_secret(of("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub")));
    ck_assert(shape_is_secret(of("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-DEF_123")));
    ck_assert(!shape_is_secret(of("$25.00")));
    ck_assert(!shape_is_secret(of("eyJ is how they begin")));
    ck_assert(shape_is_token(of("q7x2k4m9bztc3w8e5r6ynhg2vd")));
    ck_assert(!shape_is_token(of("how-to-mask-your-database-in-2026")));
    ck_assert(!shape_is_token(of("aaaaaaaaaaaaaaaaaaaaaaaa1234")));
    ck_assert(!shape_is_token(of("20260101120000123456789")));
    ck_assert(shape_is_base64(of("aGVsbG8gd29ybGQsIHRoaXMgaXMgYSBsb25nIHRleHQ0")));
    ck_assert(!shape_is_base64(of("a plain text of more than forty characters.")));
}
END_TEST

START_TEST(sentences_and_templates_are_what_they_are)
{
    ck_assert(shape_is_sentence(of("She called twice and asked for a refund")));
    ck_assert(!shape_is_sentence(of("Blue Suede Shoes")));
    ck_assert(shape_is_json(of("{ \"a\": 1 }")));
    ck_assert(!shape_is_json(of("{street} {number}, {city}")));
    ck_assert(shape_is_birth(of("1975-03-01")));
    ck_assert(shape_is_birth(of("01.03.1975")));
    ck_assert(!shape_is_birth(of("2024-03-01")));
    ck_assert(!shape_is_birth(of("1.2.3.4")));
}
END_TEST

START_TEST(known_names_are_found)
{
    ck_assert(known_is_given(of("Anna")));
    ck_assert(!known_is_given(of("Invoice")));
    ck_assert(known_has_name(of("Anna Meier")));
    ck_assert(!known_has_name(of("Blue Suede Shoes")));
    ck_assert(!known_is_given(of("")));
}
END_TEST

static struct arena *arena;
static struct documents *documents;

static void setup(void)
{
    arena = arena_new();
    documents = documents_new();
    ck_assert_ptr_nonnull(documents);
}

static void teardown(void)
{
    documents_free(documents);
    arena_free(arena);
}

static struct sample_facts finish(void)
{
    struct sample_facts facts = {0};
    struct error err = {0};

    ck_assert(documents_finish(documents, arena, &facts, &err));
    return facts;
}

START_TEST(texts_are_counted_at_their_paths)
{
    for (int i = 0; i < 10; i++)
        ck_assert(documents_add(documents,
                                of("{\"email\": \"a@b.example\", \"list\": [{\"tel\": \"+49 1\"}, "
                                   "{\"tel\": null}], \"n\": 5, \"deep\": {\"x\": \"y\"}}")));
    struct sample_facts facts = finish();
    ck_assert_uint_eq(facts.path_count, 3);
    ck_assert_str_eq(facts.paths[0].path, "$.deep.x");
    ck_assert_str_eq(facts.paths[1].path, "$.email");
    ck_assert_str_eq(facts.paths[1].name, "email");
    ck_assert_uint_eq(facts.paths[1].facts.like_email, 10);
    ck_assert_str_eq(facts.paths[2].path, "$.list[*].tel");
}
END_TEST

START_TEST(names_of_members_that_are_data_are_not_kept)
{
    char text[128];

    for (int i = 0; i < 40; i++) {
        snprintf(text, sizeof(text),
                 "{\"user%d\": \"x\", \"ann@mail.example\": {\"a\": \"b\"}, \"c\": \"d\"}", i);
        ck_assert(documents_add(documents, of(text)));
    }
    struct sample_facts facts = finish();
    ck_assert_uint_eq(facts.path_count, 1);
    ck_assert_str_eq(facts.paths[0].path, "$.c");
}
END_TEST

START_TEST(what_is_no_document_or_has_no_end_is_left_out)
{
    char deep[4001];

    memset(deep, '[', 4000);
    deep[4000] = '\0';
    ck_assert(documents_add(documents, of(deep)));
    ck_assert(documents_add(documents, of("")));
    ck_assert(documents_add(documents, of("nonsense")));
    ck_assert(documents_add(documents, of("\"text\"")));
    ck_assert_uint_eq(finish().path_count, 0);
}
END_TEST

Suite *suite_detect_evidence(void);
Suite *suite_detect_evidence(void)
{
    Suite *suite = suite_create("detect/evidence");
    TCase *tcase = tcase_create("evidence"), *paths = tcase_create("documents");

    tcase_add_test(tcase, an_address_is_the_whole_value_or_stands_in_a_text);
    tcase_add_loop_test(tcase, numbers_of_states_are_told_by_their_check_digits, 0, 17);
    tcase_add_loop_test(tcase, numbers_that_fail_the_check_are_of_anything, 0, 14);
    tcase_add_test(tcase, sixteen_digits_that_fail_luhn_are_no_card);
    tcase_add_test(tcase, what_people_dial_begins_as_such);
    tcase_add_test(tcase, hardware_addresses_and_places_have_their_forms);
    tcase_add_test(tcase, secrets_are_told_from_words);
    tcase_add_test(tcase, sentences_and_templates_are_what_they_are);
    tcase_add_test(tcase, known_names_are_found);
    suite_add_tcase(suite, tcase);
    tcase_add_checked_fixture(paths, setup, teardown);
    tcase_add_test(paths, texts_are_counted_at_their_paths);
    tcase_add_test(paths, names_of_members_that_are_data_are_not_kept);
    tcase_add_test(paths, what_is_no_document_or_has_no_end_is_left_out);
    suite_add_tcase(suite, paths);
    return suite;
}
