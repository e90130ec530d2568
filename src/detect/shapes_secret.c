/* What lets somebody in, and what is too mixed to be a word. */
#include "detect/shapes.h"

#include <math.h>

#define TOKEN_LENGTH   20
#define TOKEN_RUN      14  /* without a mark: words of an address in a browser are shorter */
#define TOKEN_BITS     3.2 /* of one character, by the counts of its characters */
#define BASE64_LENGTH  40
#define SENTENCE_WORDS 6
#define LOOK_AHEAD     4096u /* of a value; the rest of it tells no more */

static bool is_word_byte(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z');
}

static bool begins_with(struct span text, const char *start)
{
    size_t len = strlen(start);

    return text.len > len && memcmp(text.ptr, start, len) == 0;
}

/* Three parts of base64url, the first of which is a JSON object. */
static bool is_signed_token(struct span text)
{
    uint32_t dots = 0;

    if (!begins_with(text, "eyJ"))
        return false;
    for (uint32_t i = 0; i < text.len; i++) {
        dots += text.ptr[i] == '.';
        if (!is_word_byte(text.ptr[i]) && !strchr("-_.=", text.ptr[i]))
            return false;
    }
    return dots == 2 || dots == 4;
}

bool shape_is_secret(struct span text)
{
    static const char *const starts[] = {
        "$2a$",       "$2b$",        "$2y$",     "$argon2",  "$scrypt$",    "$pbkdf2",
        "$5$",        "$6$",         "$1$",      "$P$",      "$apr1$",      "{SSHA",
        "{SHA",       "{CRYPT}",     "{bcrypt}", "pbkdf2_",  "bcrypt_",     "argon2",
        "scrypt:",    "pbkdf2:",     "sha256$",  "sha1$",    "md5$",        "SCRAM-SHA-",
        "-----BEGIN", "sk_live_",    "sk_test_", "rk_live_", "pk_live_",    "ghp_",
        "gho_",       "github_pat_", "glpat-",   "xoxb-",    "xoxp-",       "AKIA",
        "ASIA",       "AIza",        "ya29.",    "ssh-rsa ", "ssh-ed25519", "whsec_",
        "Bearer ",    "-----begin ", "SG."};

    if (text.len < 12)
        return false;
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (begins_with(text, starts[i]))
            return text.len >= 16;
    return is_signed_token(text);
}

/* Bits of a character if each were drawn by how often it stands here. */
static double entropy(struct span text)
{
    uint32_t counts[256] = {0};
    double bits = 0;

    for (uint32_t i = 0; i < text.len; i++)
        counts[(unsigned char)text.ptr[i]]++;
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        double share = (double)counts[i] / text.len;
        bits -= counts[i] ? share * log2(share) : 0;
    }
    return bits;
}

bool shape_is_token(struct span text)
{
    uint32_t digits = 0, letters = 0, run = 0, longest = 0;

    if (text.len < TOKEN_LENGTH || text.len > LOOK_AHEAD)
        return false;
    for (uint32_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (!is_word_byte(byte) && !strchr("-_+/=", byte))
            return false;
        run = is_word_byte(byte) ? run + 1 : 0;
        longest = run > longest ? run : longest;
        digits += byte >= '0' && byte <= '9';
        letters += is_word_byte(byte) && !(byte >= '0' && byte <= '9');
    }
    return longest >= TOKEN_RUN && digits >= 3 && letters >= 3 && entropy(text) >= TOKEN_BITS;
}

bool shape_is_base64(struct span text)
{
    uint32_t upper = 0, lower = 0, digits = 0;

    if (text.len < BASE64_LENGTH || text.len % 4 != 0)
        return false;
    text.len = text.len < LOOK_AHEAD ? text.len : LOOK_AHEAD;
    for (uint32_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (!is_word_byte(byte) && !strchr("+/=", byte))
            return false;
        upper += byte >= 'A' && byte <= 'Z';
        lower += byte >= 'a' && byte <= 'z';
        digits += byte >= '0' && byte <= '9';
    }
    return upper > 0 && lower > 0 && digits > 0;
}

bool shape_is_sentence(struct span text)
{
    uint32_t words = 0, small = 0;

    text.len = text.len < LOOK_AHEAD ? text.len : LOOK_AHEAD;
    for (uint32_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        bool is_letter =
            byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        bool starts = is_letter && (i == 0 || strchr(" \n\t(\"'", text.ptr[i - 1]));
        words += starts;
        small += starts && (byte >= 0x80 || byte >= 'a');
    }
    return words >= SENTENCE_WORDS && small >= words / 3;
}
