/* The table of identity numbers. Sources: the issuing authorities' descriptions; checks by ISO/IEC
 * 7064 (MOD 11,10), Luhn, Verhoeff ("Error detecting decimal codes", 1969) and weighted sums. */
#include "transform/national.h"

#include "transform/luhn.h"

#include <string.h>

static unsigned digit_at(const char *chars, size_t at)
{
    assert(chars[at] >= '0' && chars[at] <= '9');
    return (unsigned)(chars[at] - '0');
}

static unsigned number_at(const char *chars, size_t at, size_t count)
{
    unsigned number = 0;

    for (size_t i = 0; i < count; i++)
        number = number * 10 + digit_at(chars, at + i);
    return number;
}

static unsigned weighted_sum(const char *chars, const uint8_t *weights, size_t count)
{
    unsigned sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += weights[i] * digit_at(chars, i);
    return sum;
}

static bool day_exists(unsigned month, unsigned day)
{
    static const uint8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

/* Areas 000, 666 and 900 to 999, group 00 and serial 0000 are never issued. */
static bool us_is_valid(const char *chars, size_t count)
{
    const unsigned area = number_at(chars, 0, 3);

    assert(count == 9);
    return area > 0 && area != 666 && area < 900 && number_at(chars, 3, 2) > 0 &&
           number_at(chars, 5, 4) > 0;
}

/* Steuer-Identifikationsnummer: of the first ten digits one stands two or three times, all others
 * once or never. */
static bool de_is_valid(const char *chars, size_t count)
{
    unsigned times[10] = {0}, twice = 0, thrice = 0;

    assert(count == 11);
    for (size_t i = 0; i < 10; i++)
        times[digit_at(chars, i)]++;
    for (size_t i = 0; i < 10; i++) {
        twice += times[i] == 2;
        thrice += times[i] == 3;
        if (times[i] > 3)
            return false;
    }
    return twice + thrice == 1;
}

static bool de_check(const char *chars, size_t count, char *right)
{
    unsigned product = 10;

    for (size_t i = 0; i + 1 < count; i++) {
        unsigned sum = (digit_at(chars, i) + product) % 10;

        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    right[count - 1] = (char)('0' + (11 - product) % 10);
    return true;
}

/* 97 less the remainder; Corsica's 2A and 2B count as 19 and 18. */
static bool fr_check(const char *chars, size_t count, char *right)
{
    char plain[NATIONAL_CHARS_MAX];
    unsigned remainder = 0;

    assert(count == 15);
    memcpy(plain, chars, count);
    if (plain[6] == 'A' || plain[6] == 'B') {
        plain[5] = '1';
        plain[6] = plain[6] == 'A' ? '9' : '8';
    }
    for (size_t i = 0; i < 13; i++)
        remainder = (remainder * 10 + digit_at(plain, i)) % 97;
    remainder = 97 - remainder;
    right[13] = (char)('0' + remainder / 10);
    right[14] = (char)('0' + remainder % 10);
    return true;
}

static const char es_letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";

static bool es_check(const char *chars, size_t count, char *right)
{
    const bool is_foreign = chars[0] >= 'X';
    unsigned number = is_foreign ? (unsigned)(chars[0] - 'X') : digit_at(chars, 0);

    assert(count == 9);
    for (size_t i = 1; i < 8; i++)
        number = number * 10 + digit_at(chars, i);
    right[8] = es_letters[number % 23];
    return true;
}

/* Codice fiscale: characters at odd places count by a table, those at even ones as they are. */
static bool it_check(const char *chars, size_t count, char *right)
{
    static const uint8_t odd[] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                  20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    unsigned sum = 0;

    assert(count == 16);
    for (size_t i = 0; i < 15; i++) {
        const unsigned rank = chars[i] <= '9' ? digit_at(chars, i) : (unsigned)(chars[i] - 'A');

        sum += i % 2 == 0 ? odd[rank] : rank;
    }
    right[15] = (char)('A' + sum % 26);
    return true;
}

static bool it_is_valid(const char *chars, size_t count)
{
    static const char months[] = "ABCDEHLMPRST";

    assert(count == 16);
    return day_exists((unsigned)(strchr(months, chars[8]) - months) + 1,
                      number_at(chars, 9, 2) % 40);
}

static bool nl_check(const char *chars, size_t count, char *right)
{
    static const uint8_t weights[] = {9, 8, 7, 6, 5, 4, 3, 2};
    const unsigned digit = weighted_sum(chars, weights, 8) % 11;

    assert(count == 9);
    right[8] = (char)('0' + digit % 10);
    return digit < 10;
}

static bool br_check(const char *chars, size_t count, char *right)
{
    static const uint8_t weights[] = {11, 10, 9, 8, 7, 6, 5, 4, 3, 2};
    const unsigned first = weighted_sum(chars, weights + 1, 9) * 10 % 11 % 10;

    assert(count == 11);
    right[9] = (char)('0' + first);
    right[10] = (char)('0' + (weighted_sum(chars, weights, 9) + 2 * first) * 10 % 11 % 10);
    return true;
}

static bool pl_check(const char *chars, size_t count, char *right)
{
    static const uint8_t weights[] = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};

    assert(count == 11);
    right[10] = (char)('0' + (10 - weighted_sum(chars, weights, 10) % 10) % 10);
    return true;
}

static bool pl_is_valid(const char *chars, size_t count)
{
    assert(count == 11);
    return day_exists(number_at(chars, 2, 2) % 20, number_at(chars, 4, 2));
}

/* Luhn over the last `span` characters. */
static void luhn_check(const char *chars, size_t count, size_t span, char *right)
{
    uint8_t digits[NATIONAL_CHARS_MAX] = {0};

    assert(span <= count && span > 1);
    for (size_t i = 0; i + 1 < span; i++)
        digits[i] = (uint8_t)digit_at(chars, count - span + i);
    right[count - 1] = (char)('0' + luhn_digit(digits, span, 0));
}

static bool se_check(const char *chars, size_t count, char *right)
{
    luhn_check(chars, count, 10, right);
    return true;
}

static bool se_is_valid(const char *chars, size_t count)
{
    return day_exists(number_at(chars, count - 8, 2), number_at(chars, count - 6, 2));
}

static bool ca_check(const char *chars, size_t count, char *right)
{
    luhn_check(chars, count, count, right);
    return true;
}

static bool uk_is_valid(const char *chars, size_t count)
{
    static const char never[][3] = {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"};

    assert(count >= 8);
    if (strchr("DFIQUV", chars[0]) || strchr("DFIQUVO", chars[1]))
        return false;
    for (size_t i = 0; i < COUNT_OF(never); i++) {
        if (memcmp(never[i], chars, 2) == 0)
            return false;
    }
    return true;
}

/* The dihedral group of ten elements, and the powers of Verhoeff's permutation. */
static unsigned dihedral(unsigned a, unsigned b)
{
    if (a < 5)
        return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
    return b < 5 ? 5 + (a - b) % 5 : (a - b + 5) % 5;
}

static bool in_check(const char *chars, size_t count, char *right)
{
    static const uint8_t permutation[] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
    unsigned sum = 0;

    for (size_t place = 1; place < count; place++) {
        unsigned digit = digit_at(chars, count - 1 - place);

        for (size_t i = 0; i < place % 8; i++)
            digit = permutation[digit];
        sum = dihedral(sum, digit);
    }
    right[count - 1] = (char)('0' + (sum > 0 && sum < 5 ? 5 - sum : sum));
    return true;
}

static bool in_is_valid(const char *chars, size_t count)
{
    UNUSED(count);
    return chars[0] >= '2';
}

/* EAN-13. */
static bool ch_check(const char *chars, size_t count, char *right)
{
    static const uint8_t weights[] = {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3};

    assert(count == 13);
    right[12] = (char)('0' + (10 - weighted_sum(chars, weights, 12) % 10) % 10);
    return true;
}

const struct national nationals[] = {
    {"us_ssn", "Social Security number", {"999999999"}, NULL, NULL, us_is_valid, true},
    {"de_tax_id",
     "Steuer-Identifikationsnummer",
     {"n999999999C"},
     NULL,
     de_check,
     de_is_valid,
     false},
    {"fr_nir",
     "numéro de sécurité sociale",
     {"=99mm99999999KK", "=99mm2B999999KK"},
     NULL,
     fr_check,
     NULL,
     false},
    {"es_dni", "DNI and NIE", {"99999999L", "X9999999L"}, es_letters, es_check, NULL, false},
    {"it_codice_fiscale",
     "codice fiscale",
     {"AAAAAA99TDDA999L"},
     NULL,
     it_check,
     it_is_valid,
     false},
    {"nl_bsn", "burgerservicenummer", {"99999999C"}, NULL, nl_check, NULL, false},
    {"br_cpf", "CPF", {"999999999CC"}, NULL, br_check, NULL, false},
    {"pl_pesel", "PESEL", {"99PPdd9999C"}, NULL, pl_check, pl_is_valid, false},
    {"se_personnummer",
     "personnummer",
     {"99mmdd999C", "==99mmdd999C"},
     NULL,
     se_check,
     se_is_valid,
     false},
    {"uk_nino",
     "National Insurance number",
     {"AA999999S", "AA999999"},
     NULL,
     NULL,
     uk_is_valid,
     false},
    {"in_aadhaar", "Aadhaar", {"n9999999999C"}, NULL, in_check, in_is_valid, false},
    {"ca_sin", "Social Insurance Number", {"99999999C"}, NULL, ca_check, NULL, false},
    {"ch_ahv", "AHV-Nummer", {"756999999999C"}, NULL, ch_check, NULL, false},
};

const size_t national_count = COUNT_OF(nationals);
