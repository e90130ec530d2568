/* Reads dictionaries of names: a user's own, then the one that is built in. */
#include "detect/names_rows.h"

#include "config/yaml.h"
#include "detect/names_text.h"

#include <string.h>

#define ROWS_MAX ((size_t)100000) /* of a dictionary; beyond it lies a file that is none */

static const char *const meaning_words[] = {
    [MEANING_NONE] = "nothing",
    [MEANING_SECRET] = "secret",
    [MEANING_EMAIL] = "email",
    [MEANING_IP] = "ip",
    [MEANING_URL] = "url",
    [MEANING_AGENT] = "agent",
    [MEANING_PHONE] = "phone",
    [MEANING_NATIONAL_ID] = "national_id",
    [MEANING_CARD] = "card",
    [MEANING_IBAN] = "iban",
    [MEANING_BIRTH] = "birth",
    [MEANING_USER_NAME] = "user_name",
    [MEANING_FIRST_NAME] = "first_name",
    [MEANING_FAMILY_NAME] = "family_name",
    [MEANING_FULL_NAME] = "full_name",
    [MEANING_COMPANY] = "company",
    [MEANING_POSTCODE] = "postcode",
    [MEANING_CITY] = "city",
    [MEANING_REGION] = "region",
    [MEANING_STREET] = "street",
    [MEANING_PLACE] = "place",
    [MEANING_SENSITIVE] = "sensitive",
    [MEANING_TEXT] = "text",
    [MEANING_AMOUNT] = "amount",
    [MEANING_MEASURE] = "measure",
    [MEANING_COUNT] = "count",
    [MEANING_ORDINAL] = "ordinal",
    [MEANING_NAME] = "name",
};

static const char *const table_words[] = {
    [TABLE_MEANING_NONE] = "nothing", [TABLE_MEANING_PERSON] = "person",
    [TABLE_MEANING_STAFF] = "staff",  [TABLE_MEANING_LOGIN] = "login",
    [TABLE_MEANING_OTHER] = "other",  [TABLE_MEANING_VOLATILE] = "volatile",
    [TABLE_MEANING_QUEUE] = "queue",  [TABLE_MEANING_REFERENCE] = "reference",
};

static const char *const match_words[] = {
    [MATCH_WORDS] = "words", [MATCH_ANYWHERE] = "anywhere", [MATCH_ALONE] = "alone"};

static bool read_letters(struct names *names, const struct yaml_node *node, struct span *letters,
                         struct error *err)
{
    struct split split;
    const char *text = NULL;

    if (!yaml_read_string(node, &text, err))
        return false;
    name_split(text, &split);
    if (split.len == 0)
        return yaml_error(node, err, "there is no letter in this word");
    const char *copy = arena_strndup(names->arena, split.letters, split.len);
    *letters = copy ? span_make(copy, split.len) : (struct span){0};
    return copy || error_memory(err);
}

/* Room for one more; the rows are few, and counted against what no dictionary needs. */
#define GROW(names, rows, count, capacity)                                                         \
    ((rows) = arena_grow((names)->arena, (rows), (count), &(capacity), sizeof(*(rows))))

static bool check_room(const struct names *names, const struct yaml_node *node, struct error *err)
{
    return names->column_count + names->table_count + names->property_count < ROWS_MAX ||
           yaml_error(node, err, "a dictionary has at most %zu words", ROWS_MAX);
}

static bool read_columns(struct names *names, enum meaning meaning, enum match match,
                         const struct yaml_node *list, struct error *err)
{
    if (!yaml_expect(list, YAML_SEQUENCE, err))
        return false;
    for (size_t i = 0; i < list->count; i++) {
        struct name_row row = {.meaning = meaning, .match = match};
        if (!check_room(names, list->items[i], err) ||
            !read_letters(names, list->items[i], &row.letters, err))
            return false;
        if (!GROW(names, names->columns, names->column_count, names->column_capacity))
            return error_memory(err);
        names->columns[names->column_count++] = row;
    }
    return true;
}

/* The word's place in the list; the key is one of them. */
static size_t find_word(const char *const *words, size_t count, const char *word)
{
    size_t i = 0;

    while (i < count && strcmp(words[i], word) != 0)
        i++;
    assert(i < count);
    return i;
}

static bool read_meanings(struct names *names, const struct yaml_node *section, struct error *err)
{
    if (!section)
        return true;
    if (!yaml_expect(section, YAML_MAPPING, err) ||
        !yaml_check_keys(section, meaning_words, COUNT_OF(meaning_words), err))
        return false;
    for (size_t i = 0; i < section->count; i++) {
        const struct yaml_node *node = section->items[i];
        enum meaning meaning =
            (enum meaning)find_word(meaning_words, COUNT_OF(meaning_words), section->keys[i]->text);
        if (!yaml_expect(node, YAML_MAPPING, err) ||
            !yaml_check_keys(node, match_words, COUNT_OF(match_words), err))
            return false;
        for (size_t m = 0; m < node->count; m++)
            if (!read_columns(
                    names, meaning,
                    (enum match)find_word(match_words, COUNT_OF(match_words), node->keys[m]->text),
                    node->items[m], err))
                return false;
    }
    return true;
}

static bool read_table_words(struct names *names, enum table_meaning meaning,
                             const struct yaml_node *list, struct error *err)
{
    if (!yaml_expect(list, YAML_SEQUENCE, err))
        return false;
    for (size_t i = 0; i < list->count; i++) {
        struct table_row row = {.meaning = meaning};
        if (!check_room(names, list->items[i], err) ||
            !read_letters(names, list->items[i], &row.letters, err))
            return false;
        if (!GROW(names, names->tables, names->table_count, names->table_capacity))
            return error_memory(err);
        names->tables[names->table_count++] = row;
    }
    return true;
}

static bool read_tables(struct names *names, const struct yaml_node *section, struct error *err)
{
    if (!section)
        return true;
    if (!yaml_expect(section, YAML_MAPPING, err) ||
        !yaml_check_keys(section, table_words, COUNT_OF(table_words), err))
        return false;
    for (size_t i = 0; i < section->count; i++)
        if (!read_table_words(names,
                              (enum table_meaning)find_word(table_words, COUNT_OF(table_words),
                                                            section->keys[i]->text),
                              section->items[i], err))
            return false;
    return true;
}

static bool read_properties(struct names *names, const struct yaml_node *list, struct error *err)
{
    if (!list)
        return true;
    if (!yaml_expect(list, YAML_SEQUENCE, err))
        return false;
    for (size_t i = 0; i < list->count; i++) {
        struct span letters = {0};
        if (!check_room(names, list->items[i], err) ||
            !read_letters(names, list->items[i], &letters, err))
            return false;
        if (!GROW(names, names->properties, names->property_count, names->property_capacity))
            return error_memory(err);
        names->properties[names->property_count++] = letters;
    }
    return true;
}

static bool read_abbreviations(struct names *names, const struct yaml_node *section,
                               struct error *err)
{
    if (!section)
        return true;
    if (!yaml_expect(section, YAML_MAPPING, err))
        return false;
    for (size_t i = 0; i < section->count; i++) {
        struct abbreviation row = {0};
        struct split *split = ARENA_NEW(names->arena, struct split);
        const char *text = NULL;
        if (!split)
            return error_memory(err);
        if (!check_room(names, section->keys[i], err) ||
            !read_letters(names, section->keys[i], &row.letters, err) ||
            !yaml_read_string(section->items[i], &text, err))
            return false;
        name_split(text, split);
        row.stands_for = split;
        if (!GROW(names, names->abbreviations, names->abbreviation_count,
                  names->abbreviation_capacity))
            return error_memory(err);
        names->abbreviations[names->abbreviation_count++] = row;
    }
    return true;
}

static bool read_dictionary(struct names *names, const struct yaml_node *root, struct error *err)
{
    static const char *const known[] = {"version", "abbreviations", "properties", "columns",
                                        "tables"};
    const struct yaml_node *version;
    int64_t number;

    if (!yaml_expect(root, YAML_MAPPING, err) ||
        !yaml_check_keys(root, known, COUNT_OF(known), err))
        return false;
    version = yaml_find(root, "version");
    if (!version)
        return yaml_error(root, err, "there is no 'version: 1'");
    return yaml_read_integer(version, 1, 1, &number, err) &&
           read_abbreviations(names, yaml_find(root, "abbreviations"), err) &&
           read_properties(names, yaml_find(root, "properties"), err) &&
           read_meanings(names, yaml_find(root, "columns"), err) &&
           read_tables(names, yaml_find(root, "tables"), err);
}

bool names_read(const char *file, struct arena *arena, const struct names **names,
                struct error *err)
{
    struct names *made = ARENA_NEW(arena, struct names);
    struct span text = span_make((const char *)names_text, names_text_size);
    struct yaml_node *root = NULL;

    if (!made)
        return error_memory(err);
    made->arena = arena;
    if (file && (!yaml_read_file(file, arena, &root, err) || !read_dictionary(made, root, err)))
        return false;
    if (!yaml_read_text("names.yaml", text, arena, &root, err) || !read_dictionary(made, root, err))
        return false;
    *names = made;
    return true;
}
