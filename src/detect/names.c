/* Looks names of columns and tables up in a dictionary. */
#include "detect/names_rows.h"

#include <string.h>

static bool is_property(const struct names *names, struct span word)
{
    for (size_t i = 0; i < names->property_count; i++)
        if (span_equal(word, names->properties[i]))
            return true;
    return false;
}

static bool ends_in_property(const struct names *names, const struct split *split, size_t behind)
{
    assert(behind <= split->count);
    return behind < split->count && is_property(names, split_word(split, split->count - 1));
}

/* The name with its abbreviations written out. Returns false where there are none. */
static bool expand(const struct names *names, const struct split *split, struct split *expanded)
{
    bool has_any = false;

    *expanded = (struct split){.len = 0};
    for (size_t w = 0; w < split->count; w++) {
        const struct split *found = NULL;
        for (size_t i = 0; i < names->abbreviation_count && !found; i++)
            if (span_equal(split_word(split, w), names->abbreviations[i].letters))
                found = names->abbreviations[i].stands_for;
        has_any = has_any || found;
        for (size_t i = 0; found && i < found->count; i++)
            split_add(expanded, split_word(found, i));
        if (!found)
            split_add(expanded, split_word(split, w));
    }
    return has_any;
}

static bool row_fits(const struct names *names, const struct name_row *row,
                     const struct split *split)
{
    size_t behind = 0;

    if (row->match == MATCH_ALONE)
        return span_equal(row->letters, span_make(split->letters, split->len));
    return (row->match == MATCH_WORDS ? split_has_run(split, row->letters, &behind)
                                      : split_has_letters(split, row->letters, &behind)) &&
           !ends_in_property(names, split, behind);
}

/* "customer" fits Customer, customers, VIP_Customers and stammkunden ("kunden"), but only as
 * the name's last word: customer_orders is about orders. */
static bool is_last_word(const struct split *split, struct span letters)
{
    static const char *const plurals[] = {"", "s", "es", "n", "en", "ies"};

    assert(split->count > 0 && letters.len > 0);
    for (size_t i = 0; i < COUNT_OF(plurals); i++) {
        bool drops = strcmp(plurals[i], "ies") == 0;
        size_t stem = letters.len - (drops ? 1 : 0), total = stem + strlen(plurals[i]);
        if (split->len < total || (drops && letters.ptr[stem] != 'y'))
            continue;
        size_t start = split->len - total;
        if (memcmp(split->letters + start, letters.ptr, stem) != 0 ||
            memcmp(split->letters + start + stem, plurals[i], total - stem) != 0)
            continue;
        for (size_t w = 0; w < split->count; w++)
            if (split->starts[w] == start)
                return true;
        if (letters.len >= 5 && split->starts[split->count - 1] < start)
            return true;
    }
    return false;
}

/* A longer word tells more than one within it: geburtsname is a name, and no birth. */
static bool is_within(const struct name_row *shorter, const struct name_row *longer)
{
    return longer->letters.len > shorter->letters.len &&
           memmem(longer->letters.ptr, longer->letters.len, shorter->letters.ptr,
                  shorter->letters.len);
}

/* The ways a name may be read: umlauts as two letters or one, abbreviations written out. */
struct readings {
    size_t count;
    struct split splits[4];
};

static void add_reading(const struct names *names, struct readings *readings)
{
    struct split *split = &readings->splits[readings->count++];

    assert(readings->count < COUNT_OF(readings->splits));
    if (expand(names, split, &readings->splits[readings->count]))
        readings->count++;
}

static void read_name(const struct names *names, const char *column, struct readings *readings)
{
    readings->count = 0;
    name_split(column, &readings->splits[0]);
    struct split plain;
    name_split_plain(column, &plain);
    bool has_umlaut = plain.len != readings->splits[0].len;
    add_reading(names, readings);
    if (!has_umlaut)
        return;
    readings->splits[readings->count] = plain;
    add_reading(names, readings);
}

static bool fits_any(const struct names *names, const struct name_row *row,
                     const struct readings *readings)
{
    for (size_t i = 0; i < readings->count; i++)
        if (row_fits(names, row, &readings->splits[i]))
            return true;
    return false;
}

enum meaning name_meaning(const struct names *names, const char *column)
{
    const struct name_row *found = NULL;
    struct readings readings;

    read_name(names, column, &readings);
    for (size_t i = 0; i < names->column_count; i++) {
        const struct name_row *row = &names->columns[i];
        if ((!found || is_within(found, row)) && fits_any(names, row, &readings))
            found = row;
    }
    return found ? found->meaning : MEANING_NONE;
}

static bool is_word_of_people(const struct names *names, const struct split *split, size_t index)
{
    struct split word = {.len = 0};

    split_add(&word, split_word(split, index));
    for (size_t i = 0; i < names->table_count; i++) {
        enum table_meaning meaning = names->tables[i].meaning;
        if ((meaning == TABLE_MEANING_PERSON || meaning == TABLE_MEANING_STAFF) &&
            is_last_word(&word, names->tables[i].letters))
            return true;
    }
    return false;
}

bool name_is_of_people(const struct names *names, const char *column)
{
    struct split split;

    name_split(column, &split);
    return split.count > 0 && is_word_of_people(names, &split, split.count - 1);
}

bool name_mentions_people(const struct names *names, const char *column)
{
    struct split split;

    name_split(column, &split);
    for (size_t w = 0; w < split.count; w++)
        if (is_word_of_people(names, &split, w))
            return true;
    return false;
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

/* "users_2024", "customers1" */
static void drop_number(struct split *split)
{
    while (split->count > 1 && split->letters[split->starts[split->count - 1]] >= '0' &&
           split->letters[split->starts[split->count - 1]] <= '9')
        split->len = split->starts[--split->count];
}

enum table_meaning table_name_meaning(const struct names *names, const char *table)
{
    struct split split, plain;

    name_split(table, &split);
    name_split_plain(table, &plain);
    drop_number(&split);
    drop_number(&plain);
    for (size_t i = 0; split.count > 0 && plain.count > 0 && i < names->table_count; i++)
        if (is_last_word(&split, names->tables[i].letters) ||
            is_last_word(&plain, names->tables[i].letters))
            return names->tables[i].meaning;
    return TABLE_MEANING_NONE;
}

bool name_has_words(const char *name, const char *words)
{
    struct split split, wanted;
    size_t behind;

    name_split(name, &split);
    name_split(words, &wanted);
    return split_has_run(&split, span_make(wanted.letters, wanted.len), &behind);
}

bool name_ends_with(const char *name, const char *word)
{
    struct split split;

    name_split(name, &split);
    return split.count > 0 && span_equal(split_word(&split, split.count - 1), span_of(word));
}

const char *name_last_word(struct arena *arena, const char *name)
{
    struct split split;

    name_split(name, &split);
    if (split.count == 0)
        return "";
    struct span word = split_word(&split, split.count - 1);
    const char *copy = arena_strndup(arena, word.ptr, word.len);
    return copy ? copy : "";
}

bool name_is_bare(const char *name)
{
    struct split split;

    name_split(name, &split);
    return split.count == 1;
}
