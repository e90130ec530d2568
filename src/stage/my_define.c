/* Takes SHOW CREATE TABLE apart and puts it together again. */
#include "stage/my_define.h"

#include "db/my.h"
#include <string.h>

static bool unreadable(struct error *err)
{
    return error_set(err, STATUS_LOCAL, "a definition is not what SHOW CREATE TABLE prints");
}

/* `text` without blanks at its ends. */
static struct span trimmed(const char *from, const char *to)
{
    while (from < to && (*from == ' ' || *from == '\n' || *from == '\t'))
        from++;
    while (from < to && (to[-1] == ' ' || to[-1] == '\n' || to[-1] == '\t'))
        to--;
    return span_make(from, (size_t)(to - from));
}

static const struct {
    const char *word;
    enum my_item_kind kind;
} beginnings[] = {{"PRIMARY", MY_ITEM_PRIMARY},  {"UNIQUE", MY_ITEM_UNIQUE},
                  {"KEY", MY_ITEM_INDEX},        {"INDEX", MY_ITEM_INDEX},
                  {"FULLTEXT", MY_ITEM_SPECIAL}, {"SPATIAL", MY_ITEM_SPECIAL},
                  {"VECTOR", MY_ITEM_SPECIAL},   {"FOREIGN", MY_ITEM_FOREIGN},
                  {"CHECK", MY_ITEM_CHECK},      {"PERIOD", MY_ITEM_PERIOD}};

static bool kind_find(const struct my_piece *token, enum my_item_kind *kind)
{
    for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
        if (my_piece_is(token, beginnings[i].word)) {
            *kind = beginnings[i].kind;
            return true;
        }
    }
    return false;
}

static bool take_name(const struct my_piece *token, struct arena *arena, const char **name,
                      struct error *err)
{
    if (!my_piece_is_name(token))
        return unreadable(err);
    *name = my_piece_text(token, arena);
    return *name || error_memory(err);
}

/* KEY `name` [USING x] (`first`(10) DESC, ...): from behind the kind's word. */
static bool read_key(struct my_scan *scan, struct arena *arena, struct my_item *item,
                     struct error *err)
{
    struct my_piece token = my_scan_next(scan);

    while (my_piece_is(&token, "KEY") || my_piece_is(&token, "INDEX"))
        token = my_scan_next(scan);
    if (token.kind == MY_PIECE_NAME && !take_name(&token, arena, &item->name, err))
        return false;
    while (token.kind != MY_PIECE_END && !my_piece_is(&token, "("))
        token = my_scan_next(scan);
    token = my_scan_next(scan);
    if (token.kind != MY_PIECE_NAME)
        return token.kind != MY_PIECE_END || unreadable(err);
    return take_name(&token, arena, &item->first, err);
}

/* FOREIGN KEY (...) REFERENCES [`schema`.]`table` (...) */
static bool read_foreign(struct my_scan *scan, struct arena *arena, struct my_item *item,
                         struct error *err)
{
    struct my_piece token = my_scan_next(scan);

    while (token.kind != MY_PIECE_END && !my_piece_is(&token, "REFERENCES"))
        token = my_scan_next(scan);
    token = my_scan_next(scan);
    if (!take_name(&token, arena, &item->parent, err))
        return false;
    token = my_scan_next(scan);
    if (!my_piece_is(&token, "."))
        return true;
    item->schema = item->parent;
    token = my_scan_next(scan);
    return take_name(&token, arena, &item->parent, err);
}

static void read_column(struct my_scan *scan, struct my_item *item)
{
    for (struct my_piece token = my_scan_next(scan); token.kind != MY_PIECE_END;
         token = my_scan_next(scan)) {
        struct my_piece next = my_scan_peek(scan);

        item->is_automatic |= token.depth == 0 && my_piece_is(&token, "AUTO_INCREMENT");
        item->has_sequence |= my_piece_is(&token, "nextval") && my_piece_is(&next, "(");
    }
}

static bool read_item(struct span text, struct arena *arena, struct my_item *item,
                      struct error *err)
{
    struct my_scan scan;

    *item = (struct my_item){.text = text};
    my_scan_begin(&scan, text);
    struct my_piece token = my_scan_next(&scan);
    if (token.kind == MY_PIECE_NAME) {
        read_column(&scan, item);
        return take_name(&token, arena, &item->name, err);
    }
    if (my_piece_is(&token, "CONSTRAINT")) {
        token = my_scan_next(&scan);
        if (token.kind == MY_PIECE_NAME) {
            if (!take_name(&token, arena, &item->name, err))
                return false;
            token = my_scan_next(&scan);
        }
    }
    if (!kind_find(&token, &item->kind))
        return unreadable(err);
    if (item->kind == MY_ITEM_FOREIGN)
        return read_foreign(&scan, arena, item, err);
    if (item->kind == MY_ITEM_CHECK || item->kind == MY_ITEM_PERIOD)
        return true;
    item->is_late = item->kind != MY_ITEM_PRIMARY;
    return read_key(&scan, arena, item, err);
}

static bool add_item(struct my_definition *definition, size_t *capacity, struct span text,
                     struct arena *arena, struct error *err)
{
    struct my_item *grown = arena_grow(arena, definition->items, definition->count, capacity,
                                       sizeof(*definition->items));

    assert(text.ptr);
    if (!grown)
        return error_memory(err);
    definition->items = grown;
    return read_item(text, arena, &grown[definition->count++], err);
}

/* From behind the list's opening parenthesis to its closing one. */
static bool read_items(struct my_scan *scan, struct arena *arena, struct my_definition *definition,
                       struct error *err)
{
    const char *from = scan->at;
    size_t capacity = 0;

    for (;;) {
        struct my_piece token = my_scan_next(scan);
        bool is_last = token.depth == 0 && my_piece_is(&token, ")");

        if (token.kind == MY_PIECE_END)
            return unreadable(err);
        if (!is_last && (token.depth != 1 || !my_piece_is(&token, ",")))
            continue;
        if (!add_item(definition, &capacity, trimmed(from, token.ptr), arena, err))
            return false;
        from = scan->at;
        if (is_last)
            return true;
    }
}

static bool read_storage(struct my_definition *definition, struct arena *arena, struct error *err)
{
    struct my_scan scan;

    my_scan_begin(&scan, definition->options);
    for (struct my_piece token = my_scan_next(&scan); token.kind != MY_PIECE_END;
         token = my_scan_next(&scan)) {
        if (!my_piece_is(&token, "ENGINE"))
            continue;
        token = my_scan_next(&scan);
        if (my_piece_is(&token, "="))
            token = my_scan_next(&scan);
        return take_name(&token, arena, &definition->storage, err);
    }
    return true;
}

static bool has_column(const struct my_item *item, const char *column)
{
    struct my_scan scan;

    my_scan_begin(&scan, item->text);
    for (struct my_piece token = my_scan_next(&scan); token.kind != MY_PIECE_END;
         token = my_scan_next(&scan)) {
        if (token.depth == 1 && token.kind == MY_PIECE_NAME && my_piece_names(&token, column))
            return true;
    }
    return false;
}

static bool is_plain_key(const struct my_item *item)
{
    return item->kind == MY_ITEM_PRIMARY || item->kind == MY_ITEM_UNIQUE ||
           item->kind == MY_ITEM_INDEX;
}

/* A column that counts by itself must lead a key, or (in MyISAM) be part of one. */
static void keep_counting_key(struct my_definition *definition, const char *column)
{
    struct my_item *found = NULL;

    assert(column);
    for (size_t i = 0; i < definition->count; i++) {
        struct my_item *item = &definition->items[i];

        if (!is_plain_key(item) || !item->first || strcmp(item->first, column) != 0)
            continue;
        if (!found || (found->is_late && !item->is_late))
            found = item;
    }
    if (found) {
        found->is_late = false;
        return;
    }
    for (size_t i = 0; i < definition->count; i++) {
        struct my_item *item = &definition->items[i];

        if (is_plain_key(item) && has_column(item, column))
            item->is_late = false;
    }
}

bool my_definition_parse(struct span text, struct arena *arena, struct my_definition *definition,
                         struct error *err)
{
    struct my_piece token;
    struct my_scan scan;

    assert(arena && definition);
    *definition = (struct my_definition){0};
    my_scan_begin(&scan, text);
    do
        token = my_scan_next(&scan);
    while (token.kind != MY_PIECE_END && !my_piece_is(&token, "("));
    if (token.kind == MY_PIECE_END)
        return unreadable(err);
    if (!read_items(&scan, arena, definition, err))
        return false;
    definition->options = trimmed(scan.at, scan.end);
    if (!read_storage(definition, arena, err))
        return false;
    for (size_t i = 0; i < definition->count; i++) {
        struct my_item *item = &definition->items[i];

        item->is_late |= item->kind == MY_ITEM_FOREIGN;
        if (item->is_automatic)
            keep_counting_key(definition, item->name);
    }
    return true;
}

/* Options that name a file, a key, a secret, another server or a counter of this one. */
static const char *const bound_options[] = {"AUTO_INCREMENT",  "ENCRYPTION",        "ENCRYPTED",
                                            "CONNECTION",      "ENCRYPTION_KEY_ID", "TABLESPACE",
                                            "SECONDARY_ENGINE"};

/* At an option that is left out, with the scan behind its first word? Then the scan goes behind its
 * value. */
static bool skip_option(struct my_scan *scan, const struct my_piece *token)
{
    struct my_scan ahead = *scan;
    struct my_piece next = my_scan_next(&ahead);
    bool is_bound = (my_piece_is(token, "DATA") || my_piece_is(token, "INDEX")) &&
                    my_piece_is(&next, "DIRECTORY");

    if (is_bound)
        next = my_scan_next(&ahead);
    for (size_t i = 0; !is_bound && i < COUNT_OF(bound_options); i++) {
        /* MariaDB prints the options of its storage engines in backticks. */
        is_bound = my_piece_is(token, bound_options[i]) ||
                   (token->kind == MY_PIECE_NAME && token->depth == 0 &&
                    my_piece_names(token, bound_options[i]));
    }
    if (!is_bound)
        return false;
    if (my_piece_is(&next, "="))
        next = my_scan_next(&ahead);
    else if (!my_piece_is(token, "TABLESPACE") || next.kind != MY_PIECE_NAME || token->depth > 0)
        return false; /* a name in an expression */
    *scan = ahead;
    return next.kind != MY_PIECE_END;
}

static void write_options(struct span options, struct buf *out)
{
    const char *kept = options.ptr;
    struct my_scan scan;

    my_scan_begin(&scan, options);
    for (struct my_piece token = my_scan_next(&scan); token.kind != MY_PIECE_END;
         token = my_scan_next(&scan)) {
        if (!skip_option(&scan, &token))
            continue;
        buf_add(out, kept, (size_t)(token.ptr - kept));
        kept = scan.at;
    }
    buf_add(out, kept, (size_t)(options.ptr + options.len - kept));
}

void my_definition_write(const struct my_definition *definition, const char *name,
                         const char *schema, struct buf *out)
{
    bool is_first = true;

    assert(name && schema);
    buf_add_text(out, "CREATE TABLE ");
    my_quote_name(out, name);
    buf_add_text(out, " (");
    for (size_t i = 0; i < definition->count; i++) {
        const struct my_item *item = &definition->items[i];

        if (item->is_late || item->is_dropped)
            continue;
        buf_add_text(out, is_first ? "\n  " : ",\n  ");
        my_write_unqualified(out, item->text, schema);
        is_first = false;
    }
    buf_add_text(out, "\n) ");
    write_options(definition->options, out);
}

void my_definition_write_late(const struct my_definition *definition, const char *name,
                              const char *schema, bool is_foreign, struct buf *out)
{
    bool is_first = true;

    assert(name && schema);
    for (size_t i = 0; i < definition->count; i++) {
        const struct my_item *item = &definition->items[i];

        if (!item->is_late || item->is_dropped || (item->kind == MY_ITEM_FOREIGN) != is_foreign)
            continue;
        if (is_first) {
            buf_add_text(out, "ALTER TABLE ");
            my_quote_name(out, name);
        }
        buf_add_text(out, is_first ? " ADD " : ", ADD ");
        my_write_unqualified(out, item->text, schema);
        is_first = false;
    }
}
