/* What the text of a type says, and one object for each type that differs from the others. */
#include "db/my_catalog.h"
#include <stdlib.h>
#include <strings.h>

struct builtin {
    const char *name;
    enum kind kind;
    unsigned width;
};

static const struct builtin builtins[] = {
    {"tinyint", KIND_INTEGER, 1},    {"smallint", KIND_INTEGER, 2},  {"mediumint", KIND_INTEGER, 3},
    {"int", KIND_INTEGER, 4},        {"bigint", KIND_INTEGER, 8},    {"year", KIND_INTEGER, 2},
    {"bit", KIND_INTEGER, 8},        {"decimal", KIND_DECIMAL, 0},   {"float", KIND_REAL, 4},
    {"double", KIND_REAL, 8},        {"char", KIND_TEXT, 0},         {"varchar", KIND_TEXT, 0},
    {"tinytext", KIND_TEXT, 0},      {"text", KIND_TEXT, 0},         {"mediumtext", KIND_TEXT, 0},
    {"longtext", KIND_TEXT, 0},      {"binary", KIND_BYTES, 0},      {"varbinary", KIND_BYTES, 0},
    {"tinyblob", KIND_BYTES, 0},     {"blob", KIND_BYTES, 0},        {"mediumblob", KIND_BYTES, 0},
    {"longblob", KIND_BYTES, 0},     {"uuid", KIND_UUID, 0},         {"date", KIND_DATE, 0},
    {"datetime", KIND_TIMESTAMP, 0}, {"timestamp", KIND_INSTANT, 0}, {"time", KIND_TIME, 0},
    {"enum", KIND_ENUM, 0},          {"set", KIND_ENUM, 0},          {"json", KIND_JSON, 0},
    {"inet4", KIND_INET, 0},         {"inet6", KIND_INET, 0},
};

bool my_collation_is_binary(const char *collation)
{
    const size_t len = strlen(collation);

    assert(collation);
    return strcmp(collation, "binary") == 0 ||
           (len > 4 && strcmp(collation + len - 4, "_bin") == 0);
}

/* Words of a collation's name: "_ci" in utf8mb4_0900_ai_ci, but not in one of "cs_ci...". */
static bool collation_says(const char *collation, const char *word)
{
    const size_t len = strlen(word);

    for (const char *at = strstr(collation, word); at; at = strstr(at + 1, word)) {
        if (at[len] == '_' || at[len] == '\0')
            return true;
    }
    return false;
}

/* Collations of which it is known what they hold for equal: case, accents and blanks at the end, as
 * the type says. Those of a language may call two ASCII letters equal. */
bool my_collation_is_known(const char *collation)
{
    static const char *const single[] = {"latin1_swedish_ci", "latin1_general_ci",
                                         "latin1_general_cs", "ascii_general_ci"};
    static const char *const families[] = {"_general_", "_0900_", "_unicode_", "_unicode_520_",
                                           "_uca1400_"};
    static const char *const ends[] = {"ci",          "cs",          "ai_ci",      "as_ci",
                                       "as_cs",       "ai_cs",       "nopad_ci",   "nopad_ai_ci",
                                       "nopad_as_ci", "nopad_as_cs", "nopad_ai_cs"};
    const char *rest = strchr(collation, '_');

    if (my_collation_is_binary(collation))
        return true;
    for (size_t i = 0; i < COUNT_OF(single); i++) {
        if (strcmp(collation, single[i]) == 0)
            return true;
    }
    if (strncmp(collation, "utf", 3) != 0 && strncmp(collation, "ucs2", 4) != 0)
        return false;
    for (size_t i = 0; rest && i < COUNT_OF(families); i++) {
        const size_t len = strlen(families[i]);

        for (size_t j = 0; strncmp(rest, families[i], len) == 0 && j < COUNT_OF(ends); j++) {
            if (strcmp(rest + len, ends[j]) == 0)
                return true;
        }
    }
    return false;
}

static void collation_fill(const struct my_type_form *form, struct type *type)
{
    const char *collation = form->collation;

    type->is_padded = !form->is_no_pad || strcmp(form->data_type, "char") == 0;
    type->is_case_insensitive = collation_says(collation, "_ci");
    /* A name from before accents were told apart in it says nothing of them: equal under _ci. */
    type->folds_accents = collation_says(collation, "_ai") ||
                          (type->is_case_insensitive && !collation_says(collation, "_as"));
}

/* Where the next label ends, at its closing quote; NULL: there is none. */
static const char *label_end(const char *at)
{
    while (*at && !(*at == '\'' && at[1] != '\'')) {
        at += (*at == '\'' || *at == '\\') && at[1] ? 2 : 1;
    }
    return *at ? at : NULL;
}

static char unescaped(char letter)
{
    switch (letter) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'Z':
        return '\032';
    case '0':
        return '\0';
    default:
        return letter;
    }
}

/* The server doubles quotes and escapes backslash, line ends and NUL (where a label ends here). */
static const char *label_copy(struct arena *arena, const char *at, const char *end)
{
    char *label = arena_alloc(arena, (size_t)(end - at) + 1);
    size_t len = 0;

    assert(at && end && at <= end);
    while (label && at < end) {
        if (*at == '\\' && at + 1 < end) {
            label[len++] = unescaped(at[1]);
            at += 2;
        } else {
            label[len++] = *at;
            at += *at == '\'' ? 2 : 1;
        }
    }
    return label;
}

static bool labels_malformed(struct error *err)
{
    return error_set(err, STATUS_SOURCE, "the labels of a type are not well-formed");
}

/* "enum('a','b''c')" from its parenthesis on. */
static bool labels_read(const char *text, struct arena *arena, struct type *type, struct error *err)
{
    size_t capacity = 0;
    const char *at = strchr(text, '(');

    if (!at)
        return labels_malformed(err);
    do {
        const char *end = at[1] == '\'' ? label_end(at + 2) : NULL;

        if (!end || (end[1] != ',' && end[1] != ')'))
            return labels_malformed(err);
        const char **grown =
            arena_grow(arena, type->labels, type->label_count, &capacity, sizeof(*grown));
        const char *label = grown ? label_copy(arena, at + 2, end) : NULL;
        if (!label)
            return error_memory(err);
        type->labels = grown;
        type->labels[type->label_count++] = label;
        at = end + 1;
    } while (*at == ',');
    return at[1] == '\0' || at[1] == ' ' || labels_malformed(err);
}

/* What only numbers say behind their name: the labels of an enum may hold any word. */
static void number_fill(const struct my_type_form *form, struct type *type)
{
    const char *text = form->column_type;

    type->is_unsigned = strstr(text, " unsigned") || strcmp(form->data_type, "bit") == 0;
    type->is_flag = strncmp(text, "tinyint(1)", 10) == 0 || strcmp(text, "bit(1)") == 0;
}

static const struct builtin *builtin_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(builtins); i++) {
        if (strcasecmp(builtins[i].name, name) == 0)
            return &builtins[i];
    }
    return NULL;
}

static const char *type_name(const struct my_type_form *form, const struct type *type,
                             struct arena *arena)
{
    char *name;

    if (form->is_json)
        return "json";
    if (type->is_unsigned && strcasecmp(form->data_type, "bit") != 0)
        return arena_printf(arena, "%s unsigned", form->data_type);
    name = arena_strdup(arena, form->data_type);
    for (char *at = name; at && *at; at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + ('a' - 'A') : *at);
    return name;
}

unsigned my_charset_width(const char *charset)
{
    static const struct {
        const char *name;
        unsigned width;
    } widths[] = {
        {"utf8mb4", 4}, {"utf8mb3", 3}, {"utf8", 3}, {"ucs2", 2},    {"utf16", 4}, {"utf16le", 4},
        {"utf32", 4},   {"gb18030", 4}, {"gbk", 2},  {"gb2312", 2},  {"big5", 2},  {"sjis", 2},
        {"cp932", 2},   {"euckr", 2},   {"ujis", 3}, {"eucjpms", 3},
    };

    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        if (strcmp(charset, widths[i].name) == 0)
            return widths[i].width;
    }
    return 1;
}

bool my_type_fill(const struct my_type_form *form, struct arena *arena, struct type *type,
                  struct error *err)
{
    const struct builtin *builtin = builtin_find(form->data_type);

    assert(form->column_type && type);
    *type = (struct type){.schema = "",
                          .kind = builtin ? builtin->kind : KIND_OTHER,
                          .width = builtin ? builtin->width : 0,
                          .has_binary = true,
                          .modifier = -1};
    if (form->is_json)
        type->kind = KIND_JSON;
    if (type->kind == KIND_ENUM) {
        type->class = TYPE_ENUM;
        type->is_set = strcasecmp(form->data_type, "set") == 0;
        if (!labels_read(form->column_type, arena, type, err))
            return false;
    }
    if (type->kind == KIND_INTEGER || type->kind == KIND_DECIMAL || type->kind == KIND_REAL)
        number_fill(form, type);
    if (form->charset) {
        type->charset = arena_strdup(arena, form->charset);
        if (!type->charset)
            return error_memory(err);
    }
    if (type->kind == KIND_TEXT && form->collation)
        collation_fill(form, type);
    type->name = type_name(form, type, arena);
    return type->name || error_memory(err);
}

/* All that two objects of one type have in common. */
static void type_key(const struct type *type, struct buf *key)
{
    buf_add_format(key, "%d%d%d%d%d%d%d|%s|%s", (int)type->kind, type->is_unsigned, type->is_flag,
                   type->is_set, type->is_padded, type->is_case_insensitive, type->folds_accents,
                   type->name, type->charset ? type->charset : "");
    for (size_t i = 0; i < type->label_count; i++)
        buf_add(key, type->labels[i], strlen(type->labels[i]) + 1);
}

static bool type_intern(struct my_reading *reading, const struct type *type,
                        const struct type **found, struct error *err)
{
    struct catalog *catalog = reading->catalog;
    struct buf key;
    bool is_new = false;

    assert(type->name && type->schema);
    buf_init(&key, 1 << 24);
    type_key(type, &key);
    uint64_t *slot = buf_ok(&key) ? map_put(reading->types, buf_span(&key), 0, &is_new) : NULL;
    buf_release(&key);
    if (!slot)
        return error_memory(err);
    if (is_new) {
        struct type *kept = ARENA_NEW(reading->arena, struct type);
        struct type **types = arena_grow(reading->arena, catalog->types, catalog->type_count,
                                         &reading->type_capacity, sizeof(*types));

        if (!kept || !types)
            return error_memory(err);
        *kept = *type;
        catalog->types = types;
        catalog->types[catalog->type_count++] = kept;
        *slot = (uint64_t)(uintptr_t)kept;
    }
    *found = (const struct type *)(uintptr_t)*slot;
    return true;
}

bool my_reading_type(struct my_reading *reading, const struct my_type_form *form,
                     const struct type **type, struct error *err)
{
    struct type filled;

    return my_type_fill(form, reading->arena, &filled, err) &&
           type_intern(reading, &filled, type, err);
}

bool my_reading_uuid_type(struct my_reading *reading, const struct type **type, struct error *err)
{
    const struct type uuid = {
        .schema = "", .name = "binary", .kind = KIND_UUID, .has_binary = true, .modifier = -1};

    return type_intern(reading, &uuid, type, err);
}
