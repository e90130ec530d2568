#include "fixture.h"

#include <check.h>
#include <ctype.h>
#include <string.h>

/* The registry's own example of each country. */
static const char *const examples[] = {
    "AD1200012030200359100100",
    "AE070331234567890123456",
    "AL47212110090000000235698741",
    "AT611904300234573201",
    "AZ21NABZ00000000137010001944",
    "BA391290079401028494",
    "BE68539007547034",
    "BG80BNBG96611020345678",
    "BH67BMAG00001299123456",
    "BR1800360305000010009795493C1",
    "BY13NBRB3600900000002Z00AB00",
    "CH9300762011623852957",
    "CR05015202001026284066",
    "CY17002001280000001200527600",
    "CZ6508000000192000145399",
    "DE89370400440532013000",
    "DK5000400440116243",
    "DO28BAGR00000001212453611324",
    "EE382200221020145685",
    "EG380019000500000000263180002",
    "ES9121000418450200051332",
    "FI2112345600000785",
    "FO6264600001631634",
    "FR1420041010050500013M02606",
    "GB29NWBK60161331926819",
    "GE29NB0000000101904917",
    "GI75NWBK000000007099453",
    "GL8964710001000206",
    "GR1601101250000000012300695",
    "GT82TRAJ01020000001210029690",
    "HR1210010051863000160",
    "HU42117730161111101800000000",
    "IE29AIBK93115212345678",
    "IL620108000000099999999",
    "IQ98NBIQ850123456789012",
    "IS140159260076545510730339",
    "IT60X0542811101000000123456",
    "JO94CBJO0010000000000131000302",
    "KW81CBKU0000000000001234560101",
    "KZ86125KZT5004100100",
    "LB62099900000001001901229114",
    "LC55HEMM000100010012001200023015",
    "LI21088100002324013AA",
    "LT121000011101001000",
    "LU280019400644750000",
    "LV80BANK0000435195001",
    "LY83002048000020100120361",
    "MC5811222000010123456789030",
    "MD24AG000225100013104168",
    "ME25505000012345678951",
    "MK07250120000058984",
    "MR1300020001010000123456753",
    "MT84MALT011000012345MTLCAST001S",
    "MU17BOMM0101101030300200000MUR",
    "NL91ABNA0417164300",
    "NO9386011117947",
    "PK36SCBL0000001123456702",
    "PL61109010140000071219812874",
    "PS92PALS000000000400123456702",
    "PT50000201231234567890154",
    "QA58DOHB00001234567890ABCDEFG",
    "RO49AAAA1B31007593840000",
    "RS35260005601001611379",
    "SA0380000000608010167519",
    "SC18SSCB11010000000000001497USD",
    "SE4550000000058398257466",
    "SI56263300012039086",
    "SK3112000000198742637541",
    "SM86U0322509800000000270100",
    "ST23000100010051845310146",
    "SV62CENR00000000000000700025",
    "TL380080012345678910157",
    "TN5910006035183598478831",
    "TR330006100519786457841326",
    "UA213223130000026007233566001",
    "VA59001123000012345678",
    "VG96VPVG0000012345678901",
    "XK051212012345678906",
};

static unsigned remainder_of(const char *text)
{
    char chars[40];
    size_t count = 0;
    unsigned remainder = 0;

    for (; *text; text++) {
        if (isalnum(*text))
            chars[count++] = (char)toupper(*text);
    }
    for (size_t i = 0; i < count; i++) {
        const char c = chars[(i + 4) % count];

        remainder = isdigit(c) ? (remainder * 10 + (unsigned)(c - '0')) % 97
                               : (remainder * 100 + (unsigned)(c - 'A' + 10)) % 97;
    }
    return remainder;
}

START_TEST(every_example_of_the_registry_is_read_and_stays_valid)
{
    const char *iban = examples[_i], *moved;
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "iban", NULL));
    ck_assert_uint_eq(remainder_of(iban), 1);
    moved = fixture_text(&fixture, iban);
    ck_assert_msg(fixture.scrambled == 0, "%s", iban);
    ck_assert_msg(remainder_of(moved) == 1, "%s -> %s", iban, moved);
    ck_assert_int_eq(memcmp(moved, iban, 2), 0);
    ck_assert_str_ne(moved + 4, iban + 4);
    ck_assert_uint_eq(strlen(moved), strlen(iban));
    for (size_t i = 0; moved[i]; i++)
        ck_assert_int_eq(isdigit(moved[i]) != 0, isdigit(iban[i]) != 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(grouping_and_case_stay_and_equal_numbers_stay_equal)
{
    struct fixture fixture;
    const char *grouped, *plain;
    char without[40];
    size_t len = 0;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "iban", NULL));
    plain = fixture_text(&fixture, "GB29NWBK60161331926819");
    grouped = fixture_text(&fixture, "gb29 nwbk 6016 1331 9268 19");
    ck_assert_uint_eq(strlen(grouped), 27);
    for (size_t i = 0; grouped[i]; i++) {
        ck_assert(!isupper(grouped[i]));
        if (grouped[i] != ' ')
            without[len++] = (char)toupper(grouped[i]);
    }
    without[len] = '\0';
    ck_assert_str_eq(without, plain);
    fixture_release(&fixture);
}
END_TEST

START_TEST(an_invalid_number_is_off_by_as_much_and_distinct_ones_stay_distinct)
{
    static struct value values[97];
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "iban", NULL));
    for (unsigned i = 0; i < COUNT_OF(values); i++)
        values[i] = value_text(arena_printf(fixture.arena, "NO%02u86011117947", i + 2));
    fixture_apply(&fixture, values, COUNT_OF(values));
    for (unsigned i = 0; i < COUNT_OF(values); i++) {
        const char *moved = arena_strndup(fixture.arena, values[i].bytes.ptr, 15);

        ck_assert_uint_eq(remainder_of(moved), (i + 2 + 97 - 93 + 1) % 97);
        for (unsigned j = 0; j < i; j++)
            ck_assert(!values_equal(KIND_TEXT, &values[i], &values[j]));
    }
    ck_assert_uint_eq(fixture.scrambled, 0);
    fixture_release(&fixture);
}
END_TEST

START_TEST(what_is_no_iban_is_scrambled_and_counted)
{
    static const char *const broken[] = {"QQ89370400440532013000",
                                         "DE8937040044053201300",
                                         "DE01370400440532013000",
                                         "DEXX370400440532013000",
                                         "DE89 3704 0044 0532 0130 0O",
                                         "none",
                                         "DE",
                                         "DE89_370400440532013000"};
    struct fixture fixture;

    fixture_init(&fixture, KIND_TEXT, 1);
    ck_assert(fixture_prepare(&fixture, "iban", NULL));
    for (size_t i = 0; i < COUNT_OF(broken); i++)
        ck_assert_str_ne(fixture_text(&fixture, broken[i]), broken[i]);
    ck_assert_uint_eq(fixture.scrambled, COUNT_OF(broken));
    fixture_release(&fixture);
}
END_TEST

Suite *suite_transform_iban(void);
Suite *suite_transform_iban(void)
{
    Suite *suite = suite_create("transform/iban");
    TCase *tcase = tcase_create("iban");

    tcase_add_loop_test(tcase, every_example_of_the_registry_is_read_and_stays_valid, 0,
                        COUNT_OF(examples));
    tcase_add_test(tcase, grouping_and_case_stay_and_equal_numbers_stay_equal);
    tcase_add_test(tcase, an_invalid_number_is_off_by_as_much_and_distinct_ones_stay_distinct);
    tcase_add_test(tcase, what_is_no_iban_is_scrambled_and_counted);
    suite_add_tcase(suite, tcase);
    return suite;
}
