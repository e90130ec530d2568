/* Numbers that states give people, told by their check digits. Chance passes one in ten or fewer of
 * other numbers, so a column is judged by most of its values. Sources: the issuing offices' own
 * published rules. */
#include "detect/shapes.h"

#define DIGITS_MAX 20

static bool is_letter(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* The number without blanks and marks. Returns its length, 0 where it is none. */
static uint32_t pack(struct span text, char packed[DIGITS_MAX + 1])
{
    uint32_t len = 0;

    for (uint32_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (byte == ' ' || byte == '-' || byte == '.' || byte == '/')
            continue;
        if ((!is_letter(byte) && !(byte >= '0' && byte <= '9')) || len == DIGITS_MAX)
            return 0;
        packed[len++] = byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
    }
    packed[len] = '\0';
    return len;
}

static int digit_at(const char *packed, uint32_t place)
{
    return packed[place] - '0';
}

static bool are_digits(const char *packed, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        if (packed[i] < '0' || packed[i] > '9')
            return false;
    return true;
}

static bool are_equal_digits(const char *packed, uint32_t len)
{
    for (uint32_t i = 1; i < len; i++)
        if (packed[i] != packed[0])
            return false;
    return true;
}

static int weigh(const char *packed, const int *weights, uint32_t count)
{
    int sum = 0;

    for (uint32_t i = 0; i < count; i++)
        sum += digit_at(packed, i) * weights[i];
    return sum;
}

/* A day and month as two digits each. */
static bool is_day(const char *packed, uint32_t month, uint32_t day)
{
    int m = digit_at(packed, month) * 10 + digit_at(packed, month + 1);
    int d = digit_at(packed, day) * 10 + digit_at(packed, day + 1);

    return m >= 1 && m <= 12 && d >= 1 && d <= 31;
}

/* United States: no check digit, so only in its own spelling. */
static bool is_ssn(struct span text)
{
    static const char form[] = "###-##-####";

    if (text.len != sizeof(form) - 1)
        return false;
    for (uint32_t i = 0; i < text.len; i++)
        if (form[i] == '#' ? text.ptr[i] < '0' || text.ptr[i] > '9' : text.ptr[i] != form[i])
            return false;
    return text.ptr[0] != '9' && memcmp(text.ptr, "000", 3) != 0 && memcmp(text.ptr, "666", 3) != 0;
}

/* Brazil. */
static bool is_cpf(const char *packed)
{
    for (uint32_t check = 9; check < 11; check++) {
        int sum = 0;
        for (uint32_t i = 0; i < check; i++)
            sum += digit_at(packed, i) * (int)(check + 1 - i);
        if (sum * 10 % 11 % 10 != digit_at(packed, check))
            return false;
    }
    return true;
}

/* Poland: a birth date with the century in the month. */
static bool is_pesel(const char *packed)
{
    static const int weights[] = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};
    int month = (digit_at(packed, 2) * 10 + digit_at(packed, 3)) % 20;
    int day = digit_at(packed, 4) * 10 + digit_at(packed, 5);

    return month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
           (10 - weigh(packed, weights, 10) % 10) % 10 == digit_at(packed, 10);
}

/* Turkey. */
static bool is_tckn(const char *packed)
{
    int odd = 0, even = 0, sum = 0;

    for (uint32_t i = 0; i < 9; i++)
        *(i % 2 == 0 ? &odd : &even) += digit_at(packed, i);
    for (uint32_t i = 0; i < 10; i++)
        sum += digit_at(packed, i);
    return packed[0] != '0' && ((odd * 7 - even) % 10 + 10) % 10 == digit_at(packed, 9) &&
           sum % 10 == digit_at(packed, 10);
}

/* Norway. */
static bool is_fodselsnummer(const char *packed)
{
    static const int first[] = {3, 7, 6, 1, 8, 9, 4, 5, 2};
    static const int second[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};

    return is_day(packed, 2, 0) &&
           (11 - weigh(packed, first, 9) % 11) % 11 == digit_at(packed, 9) &&
           (11 - weigh(packed, second, 10) % 11) % 11 == digit_at(packed, 10);
}

static int64_t number_of(const char *packed, uint32_t len)
{
    int64_t number = 0;

    for (uint32_t i = 0; i < len; i++)
        number = number * 10 + digit_at(packed, i);
    return number;
}

/* Belgium, born before 2000 and since. */
static bool is_rijksregister(const char *packed)
{
    int64_t number = number_of(packed, 9), check = number_of(packed + 9, 2);

    return is_day(packed, 2, 4) &&
           (97 - number % 97 == check || 97 - (number + 2000000000) % 97 == check);
}

/* Germany's tax number: ISO 7064, mod 11, 10. */
static bool is_steuer_id(const char *packed)
{
    int product = 10;

    for (uint32_t i = 0; i < 10; i++) {
        int sum = (digit_at(packed, i) + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return packed[0] != '0' && (11 - product) % 10 == digit_at(packed, 10);
}

static bool is_of_eleven(const char *packed)
{
    return are_digits(packed, 0, 11) && !are_equal_digits(packed, 11) &&
           (is_cpf(packed) || is_pesel(packed) || is_tckn(packed) || is_fodselsnummer(packed) ||
            is_rijksregister(packed) || is_steuer_id(packed));
}

/* The Netherlands. */
static bool is_bsn(const char *packed)
{
    static const int weights[] = {9, 8, 7, 6, 5, 4, 3, 2, -1};

    return are_digits(packed, 0, 9) && !are_equal_digits(packed, 9) &&
           weigh(packed, weights, 9) % 11 == 0;
}

/* Spain: eight digits, or X, Y, Z and seven, and a letter. */
static bool is_dni(const char *packed)
{
    static const char letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";
    bool is_foreign = packed[0] >= 'X' && packed[0] <= 'Z';

    if (!are_digits(packed, is_foreign ? 1 : 0, 8))
        return false;
    int64_t number = number_of(packed + (is_foreign ? 1 : 0), is_foreign ? 7 : 8);
    number += is_foreign ? (packed[0] - 'X') * INT64_C(10000000) : 0;
    return packed[8] == letters[number % 23];
}

/* United Kingdom: two letters, six digits, A to D. */
static bool is_nino(const char *packed)
{
    return is_letter(packed[0]) && is_letter(packed[1]) && are_digits(packed, 2, 8) &&
           packed[8] >= 'A' && packed[8] <= 'D' && !strchr("DFIQUV", packed[0]) &&
           !strchr("DFIOQUV", packed[1]);
}

/* Italy: by its form, six letters of the name and the birth date. */
static bool is_codice_fiscale(const char *packed)
{
    static const char form[] = "AAAAAA##A##A###A";

    for (uint32_t i = 0; i < sizeof(form) - 1; i++)
        if (form[i] == 'A' ? !is_letter(packed[i]) : !are_digits(packed, i, i + 1))
            return false;
    return strchr("ABCDEHLMPRST", packed[8]) != NULL;
}

/* Sweden: Luhn over ten digits that begin with a birth date. */
static bool is_personnummer(const char *packed)
{
    int sum = 0;

    for (uint32_t i = 0; i < 10; i++) {
        int digit = digit_at(packed, i) * (i % 2 == 0 ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return is_day(packed, 2, 4) && sum % 10 == 0;
}

/* Finland: a birth date, the century, three digits and a mark. */
static bool is_hetu(struct span text)
{
    static const char marks[] = "0123456789ABCDEFHJKLMNPRSTUVWXY";

    if (text.len != 11 || !strchr("+-ABCDEFYXWVU", text.ptr[6]) || !are_digits(text.ptr, 0, 6) ||
        !are_digits(text.ptr, 7, 10) || !is_day(text.ptr, 2, 0))
        return false;
    return marks[(number_of(text.ptr, 6) * 1000 + number_of(text.ptr + 7, 3)) % 31] == text.ptr[10];
}

/* Denmark: no check digit any more, so only in its own spelling. */
static bool is_cpr(struct span text)
{
    return text.len == 11 && text.ptr[6] == '-' && are_digits(text.ptr, 0, 6) &&
           are_digits(text.ptr, 7, 11) && is_day(text.ptr, 2, 0);
}

/* France: sex, birth, place, order and the rest by 97. */
static bool is_nir(const char *packed)
{
    return are_digits(packed, 0, 15) && (packed[0] == '1' || packed[0] == '2') &&
           97 - number_of(packed, 13) % 97 == number_of(packed + 13, 2);
}

/* China: place, birth date and order, weighed modulo 11. */
static bool is_shenfenzheng(const char *packed)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};

    return are_digits(packed, 0, 17) && is_day(packed, 10, 12) &&
           "10X98765432"[weigh(packed, weights, 17) % 11] == packed[17];
}

/* Switzerland: 756, nine digits, and the check digit of an EAN. */
static bool is_ahv(const char *packed)
{
    static const int weights[] = {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3};

    return are_digits(packed, 0, 13) && memcmp(packed, "756", 3) == 0 &&
           (10 - weigh(packed, weights, 12) % 10) % 10 == digit_at(packed, 12);
}

/* India: Verhoeff's check digit over twelve. */
static bool is_aadhaar(const char *packed)
{
    static const char permuted[8][11] = {"0123456789", "1576283094", "5803796142", "8916043527",
                                         "9453126870", "4286573901", "2793806415", "7046913258"};
    static const char multiplied[10][11] = {"0123456789", "1234067895", "2340178956", "3401289567",
                                            "4012395678", "5987604321", "6598710432", "7659821043",
                                            "8765932104", "9876543210"};
    int check = 0;

    if (!are_digits(packed, 0, 12) || packed[0] < '2')
        return false;
    for (uint32_t i = 0; i < 12; i++)
        check = multiplied[check][permuted[i % 8][digit_at(packed, 11 - i)] - '0'] - '0';
    return check == 0;
}

static bool is_packed_number(const char *packed, uint32_t len)
{
    switch (len) {
    case 9:
        return is_bsn(packed) || is_dni(packed) || is_nino(packed);
    case 10:
        return are_digits(packed, 0, 10) && is_personnummer(packed);
    case 11:
        return is_of_eleven(packed);
    case 12:
        return (are_digits(packed, 0, 12) && is_personnummer(packed + 2)) || is_aadhaar(packed);
    case 13:
        return is_ahv(packed);
    case 15:
        return is_nir(packed);
    case 16:
        return is_codice_fiscale(packed);
    case 18:
        return is_shenfenzheng(packed);
    default:
        return false;
    }
}

bool shape_is_national(struct span text)
{
    char packed[DIGITS_MAX + 1];

    while (text.len > 0 && text.ptr[0] == ' ')
        text = (struct span){text.ptr + 1, text.len - 1};
    while (text.len > 0 && text.ptr[text.len - 1] == ' ')
        text.len--;
    if (text.len < 9 || text.len > 24)
        return false;
    if (is_ssn(text) || is_hetu(text) || is_cpr(text))
        return true;
    uint32_t len = pack(text, packed);
    return len >= 9 && is_packed_number(packed, len);
}
