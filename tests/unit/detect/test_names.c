/* What names of columns and tables say. */
#include "detect/names.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct arena *arena;
static const struct names *names;

static void setup(void)
{
    struct error err = {0};

    arena = arena_new();
    ck_assert_msg(names_read(NULL, arena, &names, &err), "%s", err.cause);
}

static void teardown(void)
{
    arena_free(arena);
}

struct expected {
    const char *name;
    enum meaning meaning;
};

static const struct expected personal[] = {
    {"email", MEANING_EMAIL},
    {"EMail", MEANING_EMAIL},
    {"e-mail", MEANING_EMAIL},
    {"KundenEmailAdresse", MEANING_EMAIL},
    {"contactoemail", MEANING_EMAIL},
    {"email_id", MEANING_EMAIL},
    {"courriel", MEANING_EMAIL},
    {"phone_number", MEANING_PHONE},
    {"Telefonnummer", MEANING_PHONE},
    {"Teléfono", MEANING_PHONE},
    {"fax", MEANING_PHONE},
    {"FirstName", MEANING_FIRST_NAME},
    {"first_name", MEANING_FIRST_NAME},
    {"prénom", MEANING_FIRST_NAME},
    {"Vorname", MEANING_FIRST_NAME},
    {"customerLastName", MEANING_FAMILY_NAME},
    {"Nachname", MEANING_FAMILY_NAME},
    {"cognome", MEANING_FAMILY_NAME},
    {"achternaam", MEANING_FAMILY_NAME},
    {"full_name", MEANING_FULL_NAME},
    {"Empfänger", MEANING_FULL_NAME},
    {"username", MEANING_USER_NAME},
    {"billing_postal_code", MEANING_POSTCODE},
    {"plz", MEANING_POSTCODE},
    {"Straße", MEANING_STREET},
    {"address2", MEANING_STREET},
    {"line1", MEANING_STREET},
    {"BillingCity", MEANING_CITY},
    {"Geburtsdatum", MEANING_BIRTH},
    {"birth_date", MEANING_BIRTH},
    {"data_nascimento", MEANING_BIRTH},
    {"password", MEANING_SECRET},
    {"password_hash", MEANING_SECRET},
    {"reset_token", MEANING_SECRET},
    {"apiKey", MEANING_SECRET},
    {"iban", MEANING_IBAN},
    {"last4", MEANING_CARD},
    {"ssn", MEANING_NATIONAL_ID},
    {"ip_address", MEANING_IP},
    {"remote_addr", MEANING_IP},
    {"userAgent", MEANING_AGENT},
    {"gender", MEANING_SENSITIVE},
    {"religion", MEANING_SENSITIVE},
    {"notes", MEANING_TEXT},
    {"Bemerkungen", MEANING_TEXT},
    {"latitude", MEANING_PLACE},
    {"salary", MEANING_AMOUNT},
    {"UnitPrice", MEANING_AMOUNT},
    {"qty", MEANING_COUNT},
    {"token_count", MEANING_COUNT},
    {"line_no", MEANING_ORDINAL},
    {"cust_nm", MEANING_FULL_NAME},
    {"frst_nm", MEANING_FIRST_NAME},
    {"strEmail", MEANING_EMAIL},
    {"txtFName", MEANING_FIRST_NAME},
    {"brth_dt", MEANING_BIRTH},
    {"Geburtsname", MEANING_FAMILY_NAME},
    {"фамилия", MEANING_FAMILY_NAME},
    {"ДатаРождения", MEANING_BIRTH},
    {"номер_телефона", MEANING_PHONE},
    {"氏名", MEANING_FULL_NAME},
    {"メールアドレス", MEANING_EMAIL},
    {"nazwisko", MEANING_FAMILY_NAME},
    {"henkilötunnus", MEANING_NATIONAL_ID},
    {"förnamn", MEANING_FIRST_NAME},
    {"doğum_tarihi", MEANING_BIRTH},
    {"by", MEANING_CITY},
    {"příjmení", MEANING_FAMILY_NAME},
};

START_TEST(a_name_says_what_a_column_holds)
{
    const struct expected *row = &personal[_i];

    ck_assert_msg(name_meaning(names, row->name) == row->meaning, "'%s' means %d, not %d",
                  row->name, (int)name_meaning(names, row->name), (int)row->meaning);
}
END_TEST

static const char *const meaningless[] = {
    "status", "email_status", "phone_type", "id",         "kind",     "email_opt_in_flag",
    "chip",   "shipped_at",   "zipper",     "internal",   "capacity", "created_at",
    "",       "___",          "\xff\xfe",   "customer_id"};

START_TEST(a_name_of_something_else_means_nothing)
{
    ck_assert_msg(name_meaning(names, meaningless[_i]) == MEANING_NONE, "'%s' means %d",
                  meaningless[_i], (int)name_meaning(names, meaningless[_i]));
}
END_TEST

START_TEST(a_long_name_is_cut_and_not_overrun)
{
    char name[4096];

    for (size_t i = 0; i + 1 < sizeof(name); i++)
        name[i] = i % 2 ? '_' : 'a';
    name[sizeof(name) - 1] = '\0';
    ck_assert_int_eq(name_meaning(names, name), MEANING_NONE);
    ck_assert_int_eq(table_name_meaning(names, name), TABLE_MEANING_NONE);
}
END_TEST

START_TEST(tables_of_people_are_known_by_their_last_word)
{
    ck_assert_int_eq(table_name_meaning(names, "customers"), TABLE_MEANING_PERSON);
    ck_assert_int_eq(table_name_meaning(names, "Customer"), TABLE_MEANING_PERSON);
    ck_assert_int_eq(table_name_meaning(names, "vip_customer"), TABLE_MEANING_PERSON);
    ck_assert_int_eq(table_name_meaning(names, "Kunden"), TABLE_MEANING_PERSON);
    ck_assert_int_eq(table_name_meaning(names, "stammkunden"), TABLE_MEANING_PERSON);
    ck_assert_int_eq(table_name_meaning(names, "customer_orders"), TABLE_MEANING_NONE);
    ck_assert_int_eq(table_name_meaning(names, "employees"), TABLE_MEANING_STAFF);
    ck_assert_int_eq(table_name_meaning(names, "countries"), TABLE_MEANING_REFERENCE);
    ck_assert_int_eq(table_name_meaning(names, "user_sessions"), TABLE_MEANING_VOLATILE);
    ck_assert_int_eq(table_name_meaning(names, "orders"), TABLE_MEANING_NONE);
}
END_TEST

static bool read_own(const char *text, const struct names **own, struct error *err)
{
    char path[] = "/tmp/understudy-names-XXXXXX";
    int file = mkstemp(path);

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, strlen(text)), (int)strlen(text));
    close(file);
    bool is_ok = names_read(path, arena, own, err);
    unlink(path);
    return is_ok;
}

START_TEST(words_of_ones_own_come_before_the_built_in_ones)
{
    const struct names *own;
    struct error err = {0};

    ck_assert(read_own("version: 1\nabbreviations: { vrst: personnummer }\n"
                       "columns: { nothing: { words: [pass] }, phone: { anywhere: [rinkel] } }\n"
                       "tables: { person: [betrokkene] }\n",
                       &own, &err));
    ck_assert_int_eq(name_meaning(own, "boarding_pass"), MEANING_NONE);
    ck_assert_int_eq(name_meaning(own, "mijnrinkelnummer"), MEANING_PHONE);
    ck_assert_int_eq(name_meaning(own, "vrst"), MEANING_NATIONAL_ID);
    ck_assert_int_eq(name_meaning(own, "email"), MEANING_EMAIL);
    ck_assert_int_eq(table_name_meaning(own, "betrokkenen"), TABLE_MEANING_PERSON);
}
END_TEST

static const char *const broken[] = {"columns: {}",
                                     "version: 2",
                                     "version: 1\ncolums: {}",
                                     "version: 1\ncolumns: { emial: { words: [a] } }",
                                     "version: 1\ncolumns: { email: { word: [a] } }",
                                     "version: 1\ncolumns: { email: { words: a } }",
                                     "version: 1\ncolumns: { email: { words: ['--'] } }"};

START_TEST(a_broken_dictionary_is_an_error_with_its_place)
{
    const struct names *own;
    struct error err = {0};

    ck_assert(!read_own(broken[_i], &own, &err));
    ck_assert_int_eq(err.status, STATUS_PROFILE);
    ck_assert_ptr_nonnull(strstr(err.context, "/tmp/understudy-names-"));
}
END_TEST

Suite *suite_detect_names(void);
Suite *suite_detect_names(void)
{
    Suite *suite = suite_create("detect/names");
    TCase *tcase = tcase_create("names");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, a_name_says_what_a_column_holds, 0, (int)COUNT_OF(personal));
    tcase_add_loop_test(tcase, a_name_of_something_else_means_nothing, 0,
                        (int)COUNT_OF(meaningless));
    tcase_add_test(tcase, a_long_name_is_cut_and_not_overrun);
    tcase_add_test(tcase, words_of_ones_own_come_before_the_built_in_ones);
    tcase_add_loop_test(tcase, a_broken_dictionary_is_an_error_with_its_place, 0,
                        (int)COUNT_OF(broken));
    tcase_add_test(tcase, tables_of_people_are_known_by_their_last_word);
    suite_add_tcase(suite, tcase);
    return suite;
}
