/* Small matchers over bytes; each looks at the value once. */
#include "detect/shapes.h"

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_upper(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

static bool is_lower(char byte)
{
    return byte >= 'a' && byte <= 'z';
}

static bool is_high(char byte) /* part of a character beyond ASCII */
{
    return ((unsigned char)byte & 0x80) != 0;
}

static bool is_word(char byte)
{
    return is_digit(byte) || is_upper(byte) || is_lower(byte);
}

static bool is_hex(char byte)
{
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

static struct span trim(struct span text)
{
    while (text.len > 0 && (text.ptr[0] == ' ' || text.ptr[0] == '\t'))
        text = (struct span){text.ptr + 1, text.len - 1};
    while (text.len > 0 && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\n'))
        text.len--;
    return text;
}

/* Bytes other than digits in `allowed`; *digits counts the digits. */
static bool has_only(struct span text, const char *allowed, uint32_t *digits)
{
    *digits = 0;
    for (uint32_t i = 0; i < text.len; i++) {
        if (is_digit(text.ptr[i]))
            ++*digits;
        else if (text.ptr[i] == '\0' || !strchr(allowed, text.ptr[i]))
            return false;
    }
    return true;
}

bool shape_has_email(struct span text)
{
    for (uint32_t at = 1; at + 3 < text.len; at++) {
        if (text.ptr[at] != '@' || text.ptr[at - 1] == ' ')
            continue;
        for (uint32_t i = at + 1; i < text.len && (is_word(text.ptr[i]) || text.ptr[i] == '-' ||
                                                   text.ptr[i] == '.' || is_high(text.ptr[i]));
             i++)
            if (text.ptr[i] == '.' && i > at + 1)
                return true;
    }
    return false;
}

bool shape_is_email(struct span text)
{
    uint32_t blanks = 0, marks = 0;

    text = trim(text);
    if (text.len > 320 || !shape_has_email(text) || shape_is_url(text))
        return false;
    for (uint32_t i = 0; i < text.len; i++) {
        blanks +=
            text.ptr[i] == ' ' || text.ptr[i] == ',' || text.ptr[i] == ';' || text.ptr[i] == '\n';
        marks += text.ptr[i] == '@';
    }
    return marks == 1 && (blanks == 0 || (blanks <= 4 && text.ptr[text.len - 1] == '>'));
}

static uint32_t read_number(const char *at, uint32_t len)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < len; i++)
        number = number * 10 + (uint32_t)(at[i] - '0');
    return number;
}

bool shape_is_birth(struct span text)
{
    text = trim(text);
    if (!shape_is_date(text) || text.len != 10)
        return false;
    bool is_first = is_digit(text.ptr[2]) && is_digit(text.ptr[3]);
    uint32_t year = read_number(is_first ? text.ptr : text.ptr + 6, 4);
    return year >= 1900 && year <= 2015;
}

bool shape_is_mac(struct span text)
{
    uint32_t digits = 0, marks = 0;

    text = trim(text);
    for (uint32_t i = 0; i < text.len; i++) {
        bool is_mark = text.ptr[i] == ':' || text.ptr[i] == '-' || text.ptr[i] == '.';
        if (!is_mark && !is_hex(text.ptr[i]))
            return false;
        if (is_mark && (i == 0 || i + 1 == text.len || digits % 2 != 0))
            return false;
        digits += !is_mark;
        marks += is_mark;
    }
    return (digits == 12 && (marks == 5 || (marks == 2 && text.ptr[4] == '.'))) ||
           (digits == 16 && marks == 7);
}

static bool read_degrees(const char **at, const char *end, double most)
{
    double degrees = 0, unit = 1;
    uint32_t decimals = 0, digits = 0;

    while (*at < end && (**at == ' ' || **at == '-' || **at == '+'))
        ++*at;
    for (; *at < end && is_digit(**at) && digits < 4; ++*at, digits++)
        degrees = degrees * 10 + (**at - '0');
    if (digits == 0 || *at == end || **at != '.')
        return false;
    for (++*at; *at < end && is_digit(**at); ++*at, decimals++)
        degrees += (**at - '0') * (unit /= 10);
    return decimals >= 3 && degrees <= most;
}

bool shape_is_place(struct span text)
{
    text = trim(text);
    const char *at = text.ptr, *end = text.ptr + text.len;

    if (text.len < 9 || text.len > 64)
        return false;
    if (text.len > 5 && strncasecmp(at, "POINT", 5) == 0)
        at += 5;
    while (at < end && (*at == ' ' || *at == '(' || *at == '['))
        at++;
    if (!read_degrees(&at, end, 180) || at == end || !strchr(" ,;", *at))
        return false;
    at++;
    return read_degrees(&at, end, 180) && (at == end || *at == ')' || *at == ']' || *at == ',');
}

bool shape_is_date(struct span text)
{
    uint32_t digits = 0, marks = 0;

    text = trim(text);
    if (text.len < 8 || text.len > 10 || !has_only(text, "-./", &digits))
        return false;
    for (uint32_t i = 0; i < text.len; i++)
        marks += !is_digit(text.ptr[i]);
    return marks == 2 && digits >= 6 && is_digit(text.ptr[0]) && is_digit(text.ptr[text.len - 1]);
}

bool shape_is_phone(struct span text)
{
    uint32_t digits = 0, i = 0;

    text = trim(text);
    if (!has_only(text, "+()-./ x#", &digits) || digits < 7 || digits > 15)
        return false;
    if (shape_is_date(text) || shape_is_ip(text))
        return false;
    while (i < text.len && is_digit(text.ptr[i]))
        i++;
    return i < text.len || digits >= 9 || text.ptr[0] == '0';
}

/* Begins with +, 0 or (, or is grouped 3-3-4: other numbers with dashes are of anything. */
bool shape_is_dialed(struct span text)
{
    text = trim(text);
    if (!shape_is_phone(text))
        return false;
    if (text.ptr[0] == '+' || text.ptr[0] == '0' || text.ptr[0] == '(')
        return true;
    return text.len == 12 && !is_digit(text.ptr[3]) && text.ptr[3] == text.ptr[7];
}

bool shape_is_url(struct span text)
{
    static const char *const schemes[] = {"http://", "https://", "ftp://", "www."};

    text = trim(text);
    for (size_t i = 0; i < COUNT_OF(schemes); i++)
        if (text.len > strlen(schemes[i]) + 2 &&
            memcmp(text.ptr, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

static bool is_ipv4(struct span text)
{
    uint32_t octets = 0, digits = 0, value = 0;

    for (uint32_t i = 0; i <= text.len; i++) {
        if (i < text.len && is_digit(text.ptr[i])) {
            value = value * 10 + (uint32_t)(text.ptr[i] - '0');
            if (++digits > 3 || value > 255)
                return false;
            continue;
        }
        if (digits == 0 || (i < text.len && text.ptr[i] != '.'))
            return false;
        octets++;
        digits = value = 0;
    }
    return octets == 4;
}

bool shape_is_ip(struct span text)
{
    uint32_t colons = 0, digits = 0;

    text = trim(text);
    if (is_ipv4(text))
        return true;
    for (uint32_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != ':' && !is_hex(text.ptr[i]))
            return false;
        colons += text.ptr[i] == ':';
        digits += text.ptr[i] != ':';
    }
    return colons >= 2 && colons <= 7 && digits > 0 && text.len >= 4;
}

bool shape_is_uuid(struct span text)
{
    text = trim(text);
    if (text.len != 36)
        return false;
    for (uint32_t i = 0; i < text.len; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? text.ptr[i] != '-' : !is_hex(text.ptr[i]))
            return false;
    }
    return true;
}

bool shape_is_card(struct span text)
{
    uint32_t digits = 0, sum = 0;
    bool doubles = false;

    text = trim(text);
    if (!has_only(text, " -", &digits) || digits < 13 || digits > 19)
        return false;
    for (uint32_t i = text.len; i > 0; i--) {
        if (!is_digit(text.ptr[i - 1]))
            continue;
        uint32_t digit = (uint32_t)(text.ptr[i - 1] - '0');
        digit = doubles ? digit * 2 : digit;
        sum += digit > 9 ? digit - 9 : digit;
        doubles = !doubles;
    }
    return sum > 0 && sum % 10 == 0;
}

/* The remainder modulo 97 of a number that is written with letters as 10 to 35. */
static uint32_t add_mod97(uint32_t remainder, char byte)
{
    if (is_digit(byte))
        return (remainder * 10 + (uint32_t)(byte - '0')) % 97;
    return (remainder * 100 + (uint32_t)((byte | 0x20) - 'a') + 10) % 97;
}

bool shape_is_iban(struct span text)
{
    char packed[40];
    uint32_t len = 0, remainder = 0;

    text = trim(text);
    for (uint32_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == ' ')
            continue;
        if (!is_word(text.ptr[i]) || len == sizeof(packed))
            return false;
        packed[len++] = text.ptr[i];
    }
    if (len < 15 || len > 34 || is_digit(packed[0]) || is_digit(packed[1]) ||
        !is_digit(packed[2]) || !is_digit(packed[3]))
        return false;
    for (uint32_t i = 0; i < len; i++)
        remainder = add_mod97(remainder, packed[(i + 4) % len]);
    return remainder == 1;
}

bool shape_is_name(struct span text)
{
    uint32_t words = 0;

    text = trim(text);
    if (text.len < 4 || text.len > 80)
        return false;
    for (uint32_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        bool starts = i == 0 || text.ptr[i - 1] == ' ';
        bool is_letter = is_upper(byte) || is_lower(byte) || is_high(byte);
        if (starts && !is_upper(byte) && !is_high(byte))
            return false;
        if (!is_letter && byte != ' ' && byte != '-' && byte != '\'' && byte != '.')
            return false;
        words += starts && is_letter;
    }
    return words >= 2 && words <= 4;
}

bool shape_is_word(struct span text)
{
    text = trim(text);
    if (text.len < 2 || (!is_upper(text.ptr[0]) && !is_high(text.ptr[0])))
        return false;
    for (uint32_t i = 1; i < text.len; i++)
        if (!is_lower(text.ptr[i]) && !is_high(text.ptr[i]))
            return false;
    return true;
}

bool shape_is_number(struct span text)
{
    uint32_t digits = 0;

    text = trim(text);
    return text.len > 0 && has_only(text, "+-.,", &digits) && digits > 0;
}

bool shape_is_digits(struct span text)
{
    uint32_t digits = 0;

    text = trim(text);
    return text.len > 0 && has_only(text, "", &digits);
}

bool shape_is_code(struct span text)
{
    uint32_t blanks = 0;

    text = trim(text);
    if (text.len == 0 || text.len > 40)
        return false;
    for (uint32_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        blanks += byte == ' ';
        if (!is_word(byte) && byte != '_' && byte != '.' && byte != '-' && byte != ' ' &&
            byte != '/' && byte != ':')
            return false;
    }
    return blanks <= 2;
}

bool shape_is_json(struct span text)
{
    text = trim(text);
    if (text.len < 2)
        return false;
    uint32_t next = 1;
    while (next < text.len && strchr(" \t\r\n", text.ptr[next]) && text.ptr[next] != '\0')
        next++;
    if (text.ptr[0] == '{' && text.ptr[next] != '"' && text.ptr[next] != '}')
        return false; /* a template: {street} {city} */
    return (text.ptr[0] == '{' && text.ptr[text.len - 1] == '}') ||
           (text.ptr[0] == '[' && text.ptr[text.len - 1] == ']');
}

bool shape_is_hash(struct span text)
{
    static const uint32_t lengths[] = {32, 40, 56, 64, 96, 128};
    bool is_length = false;

    text = trim(text);
    if (text.len >= 20 && text.ptr[0] == '$' && memchr(text.ptr + 1, '$', text.len - 1))
        return true;
    for (size_t i = 0; i < COUNT_OF(lengths); i++)
        is_length = is_length || text.len == lengths[i];
    for (uint32_t i = 0; is_length && i < text.len; i++)
        is_length = is_hex(text.ptr[i]);
    return is_length;
}

bool shape_has_blank(struct span text)
{
    return text.len > 0 && memchr(text.ptr, ' ', text.len) != NULL;
}

bool shape_is_ascii(struct span text)
{
    for (uint32_t i = 0; i < text.len; i++)
        if (is_high(text.ptr[i]))
            return false;
    return true;
}
