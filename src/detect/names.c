/* Splits names into words at blanks, '_', '-', dots and changes of case, drops case and accents,
 * and looks runs of words up in the dictionaries. */
#include "detect/names.h"

#include "base/words.h"

#include <string.h>

#define LETTERS_MAX                                                                                \
    192 /* of a name; what is longer is cut: engines stop at 63 or 64 characters                   \
         */
#define WORDS_MAX 32

/* "BillingPostalCode2" as letters "billingpostalcode2" with starts 0, 7, 13, 17. */
struct split {
    char letters[LETTERS_MAX + 4];
    size_t len;
    size_t starts[WORDS_MAX + 1]; /* starts[count] is len */
    size_t count;
};

enum match { MATCH_RUN, MATCH_INSIDE };

struct name_row {
    enum meaning meaning;
    const char *words;
    enum match match;
};

static const struct name_row name_rows[] = {
#define NAME(meaning, words, match) {MEANING_##meaning, words, MATCH_##match},
#include "detect/names.def"
#undef NAME
};

struct table_row {
    enum table_meaning meaning;
    const char *words;
};

static const struct table_row table_rows[] = {
#define TABLE(meaning, words) {TABLE_MEANING_##meaning, words},
#include "detect/tables.def"
#undef TABLE
};

/* Latin letters with marks, U+00C0 to U+017F, without them; '*' is ae, '+' oe, '~' ue, '#' ss,
 * ' ' none. German umlauts take the spelling that the dictionaries have. */
static const char unmarked[] = "aaaa*a*ceeeeiiiidnoooo+ ouuu~yt#"
                               "aaaa*a*ceeeeiiiidnoooo+ ouuu~yty"
                               "aaaaaaccccccccddddeeeeeeeeeegggg"
                               "gggghhhhiiiiiiiiiiiijjkkklllllll"
                               "lllnnnnnnnnnoooooo++rrrrrrssssss"
                               "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

_Static_assert(sizeof(unmarked) - 1 == 0x180 - 0xC0, "one letter for each code point");

enum letter_class { CLASS_BREAK, CLASS_LOWER, CLASS_UPPER, CLASS_DIGIT };

static enum letter_class classify(int32_t point)
{
    if (point >= '0' && point <= '9')
        return CLASS_DIGIT;
    if (point >= 'A' && point <= 'Z')
        return CLASS_UPPER;
    if (point >= 0x80 || (point >= 'a' && point <= 'z'))
        return CLASS_LOWER;
    return CLASS_BREAK;
}

static const char *find_pair(char letter)
{
    switch (letter) {
    case '*':
        return "ae";
    case '+':
        return "oe";
    case '~':
        return "ue";
    case '#':
        return "ss";
    default:
        return NULL;
    }
}

static void add_letter(struct split *split, int32_t point)
{
    char letter = (char)(point < 0x80 ? point : 'x');
    const char *pair = NULL;

    if (point >= 'A' && point <= 'Z')
        letter = (char)(point - 'A' + 'a');
    if (point >= 0xC0 && point < 0x180) {
        letter = unmarked[point - 0xC0];
        pair = find_pair(letter);
    }
    if (letter == ' ' || split->len + 2 > LETTERS_MAX)
        return;
    split->letters[split->len++] = pair ? pair[0] : letter;
    if (pair)
        split->letters[split->len++] = pair[1];
}

static void begin_word(struct split *split)
{
    bool is_fresh = split->count > 0 && split->starts[split->count - 1] == split->len;

    if (!is_fresh && split->count < WORDS_MAX)
        split->starts[split->count++] = split->len;
}

/* A word begins behind a break, at a capital after a small letter, at the last of several capitals
 * before a small letter (XMLFile), and where digits begin or end. */
static bool is_boundary(enum letter_class before, enum letter_class now, enum letter_class next)
{
    if (before == CLASS_BREAK || (before == CLASS_DIGIT) != (now == CLASS_DIGIT))
        return true;
    return now == CLASS_UPPER && (before == CLASS_LOWER || next == CLASS_LOWER);
}

static void split_name(const char *name, struct split *split)
{
    const char *at = name, *end = name + strlen(name);
    enum letter_class before = CLASS_BREAK;

    split->len = 0;
    split->count = 0;
    while (at < end) {
        int32_t point = utf8_next(&at, end);
        const char *ahead = at;
        enum letter_class now = classify(point < 0 ? 'x' : point);
        enum letter_class next = at < end ? classify(utf8_next(&ahead, end)) : CLASS_BREAK;
        if (now != CLASS_BREAK && is_boundary(before, now, next))
            begin_word(split);
        if (now != CLASS_BREAK)
            add_letter(split, point < 0 ? 'x' : point);
        before = now;
    }
    if (split->count > 0 && split->starts[split->count - 1] == split->len)
        split->count--; /* nothing but marks behind the last start */
    split->starts[split->count] = split->len;
    split->letters[split->len] = '\0';
}

/* The pattern's letters without its blanks. */
static size_t join(const char *words, char *letters, size_t size)
{
    size_t len = 0;

    for (; *words; words++)
        if (*words != ' ' && len + 1 < size)
            letters[len++] = *words;
    letters[len] = '\0';
    return len;
}

/* The words of the name from `first` on that make up the letters; *behind is the next word. */
static bool is_run(const struct split *split, size_t first, const char *letters, size_t len,
                   size_t *behind)
{
    size_t start = split->starts[first];

    assert(first < split->count && len > 0);
    if (split->len - start < len || memcmp(split->letters + start, letters, len) != 0)
        return false;
    for (size_t w = first + 1; w <= split->count; w++) {
        if (split->starts[w] - start > len)
            return false;
        *behind = w;
        if (split->starts[w] - start == len)
            return true;
    }
    return false;
}

static bool find_run(const struct split *split, const char *words, size_t *behind)
{
    char letters[64];
    size_t len = join(words, letters, sizeof(letters));

    for (size_t w = 0; w < split->count; w++)
        if (is_run(split, w, letters, len, behind))
            return true;
    return false;
}

static bool find_inside(const struct split *split, const char *words, size_t *behind)
{
    char letters[64];
    size_t len = join(words, letters, sizeof(letters));
    const char *found = strstr(split->letters, letters);

    if (!found)
        return false;
    size_t end = (size_t)(found - split->letters) + len;
    for (*behind = 0; *behind < split->count && split->starts[*behind] < end; (*behind)++)
        continue;
    return true;
}

/* Words that turn a name into one about a property of the thing. */
static bool is_property(const char *word)
{
    static const char *const properties[] = {
        "type",   "kind",     "status",    "state",    "flag",   "verified", "confirmed",
        "valid",  "count",    "enabled",   "optin",    "format", "provider", "template",
        "source", "category", "frequency", "priority", "typ",    "art",      "tipo"};

    for (size_t i = 0; i < COUNT_OF(properties); i++)
        if (strcmp(word, properties[i]) == 0)
            return true;
    return false;
}

static bool ends_in_property(const struct split *split, size_t behind)
{
    assert(behind <= split->count);
    return behind < split->count && is_property(split->letters + split->starts[split->count - 1]);
}

enum meaning name_meaning(const char *column)
{
    struct split split;
    size_t behind = 0;

    split_name(column, &split);
    for (size_t i = 0; i < COUNT_OF(name_rows); i++) {
        const struct name_row *row = &name_rows[i];
        bool fits = row->match == MATCH_RUN ? find_run(&split, row->words, &behind)
                                            : find_inside(&split, row->words, &behind);
        if (fits && !ends_in_property(&split, behind))
            return row->meaning;
    }
    return MEANING_NONE;
}

const char *meaning_reason(enum meaning meaning)
{
    static const char *const reasons[] = {
        [MEANING_NONE] = "",
        [MEANING_SECRET] = "named like a secret",
        [MEANING_EMAIL] = "named like an e-mail address",
        [MEANING_IP] = "named like a network address",
        [MEANING_URL] = "named like a link",
        [MEANING_AGENT] = "named like a device or browser",
        [MEANING_PHONE] = "named like a phone number",
        [MEANING_NATIONAL_ID] = "named like an official number",
        [MEANING_CARD] = "named like a card number",
        [MEANING_IBAN] = "named like a bank account",
        [MEANING_BIRTH] = "named like a birth date",
        [MEANING_USER_NAME] = "named like a user name",
        [MEANING_FIRST_NAME] = "named like a first name",
        [MEANING_FAMILY_NAME] = "named like a family name",
        [MEANING_FULL_NAME] = "named like a person's name",
        [MEANING_COMPANY] = "named like a company",
        [MEANING_POSTCODE] = "named like a postcode",
        [MEANING_CITY] = "named like a city",
        [MEANING_REGION] = "named like a part of an address",
        [MEANING_STREET] = "named like a street address",
        [MEANING_PLACE] = "named like a place on the map",
        [MEANING_SENSITIVE] = "named like a sensitive trait",
        [MEANING_TEXT] = "named like free text",
        [MEANING_AMOUNT] = "named like an amount",
        [MEANING_MEASURE] = "named like a measurement",
        [MEANING_COUNT] = "named like a count",
        [MEANING_ORDINAL] = "named like a position in a list",
        [MEANING_NAME] = "named like a name",
    };

    assert((size_t)meaning < COUNT_OF(reasons) && reasons[meaning]);
    return reasons[meaning];
}

bool meaning_is_personal(enum meaning meaning)
{
    return meaning != MEANING_NONE && meaning != MEANING_MEASURE && meaning != MEANING_COUNT &&
           meaning != MEANING_ORDINAL && meaning != MEANING_NAME && meaning != MEANING_AMOUNT;
}

/* "customer" fits Customer, customers, VIP_Customers and stammkunden ("kunden"), but only as
 * the name's last word: customer_orders is about orders. */
static bool is_last_word(const struct split *split, const char *words)
{
    static const char *const plurals[] = {"", "s", "es", "n", "en"};
    char letters[64], plural[72];
    size_t len = join(words, letters, sizeof(letters));

    assert(split->count > 0);
    for (size_t i = 0; i < COUNT_OF(plurals); i++) {
        size_t suffix = strlen(plurals[i]), total = len + suffix;
        memcpy(plural, letters, len);
        memcpy(plural + len, plurals[i], suffix + 1);
        if (len > 0 && letters[len - 1] == 'y' && strcmp(plurals[i], "es") == 0) {
            plural[len - 1] = 'i';
        }
        if (split->len < total || strcmp(split->letters + split->len - total, plural) != 0)
            continue;
        size_t start = split->len - total;
        for (size_t w = 0; w < split->count; w++)
            if (split->starts[w] == start)
                return true;
        if (len >= 5 && split->starts[split->count - 1] < start)
            return true;
    }
    return false;
}

enum table_meaning table_name_meaning(const char *table)
{
    struct split split;

    split_name(table, &split);
    for (size_t i = 0; split.count > 0 && i < COUNT_OF(table_rows); i++)
        if (is_last_word(&split, table_rows[i].words))
            return table_rows[i].meaning;
    return TABLE_MEANING_NONE;
}

bool name_has_words(const char *name, const char *words)
{
    struct split split;
    size_t behind;

    split_name(name, &split);
    return find_run(&split, words, &behind);
}

bool name_ends_with(const char *name, const char *word)
{
    struct split split;

    split_name(name, &split);
    return split.count > 0 && strcmp(split.letters + split.starts[split.count - 1], word) == 0;
}
