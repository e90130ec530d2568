/* A CHECK is a list when nothing stands in it but the column, equality, texts and casts of texts:
 * ((status)::text = ANY ((ARRAY['open'::character varying, 'paid'::character varying])::text[]))
 * or a chain of equalities with OR. What holds any other word or sign is not read at all. */
#include "survey/labels.h"

#include "config/sql_scan.h"

struct list {
    struct arena *arena;
    struct span *labels;
    size_t count, capacity;
    bool has_memory;
};

static void list_add(struct list *list, struct span label)
{
    struct span *labels =
        arena_grow(list->arena, list->labels, list->count, &list->capacity, sizeof(*labels));

    list->has_memory = labels != NULL;
    if (!labels)
        return;
    list->labels = labels;
    labels[list->count++] = label;
}

/* The token without its quotes, doubled quotes made one. */
static void list_add_string(struct list *list, const struct sql_scan *scan)
{
    size_t len = scan->end - scan->start, out = 0;
    char *text = arena_alloc(list->arena, len);

    assert(len >= 2);
    list->has_memory = text != NULL;
    if (!text)
        return;
    for (size_t i = scan->start + 1; i + 1 < scan->end; i++) {
        text[out++] = scan->text[i];
        if (scan->text[i] == '\'')
            i++;
    }
    list_add(list, span_make(text, out));
}

static bool is_list_word(const struct sql_scan *scan, const struct column *column)
{
    static const char *const words[] = {"any",     "array",  "or",     "text", "character",
                                        "varying", "bpchar", "citext", "value"};
    size_t len = scan->end - scan->start;

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (sql_scan_is(scan, words[i]))
            return true;
    return len == strlen(column->name) && memcmp(scan->text + scan->start, column->name, len) == 0;
}

static bool is_list_token(enum sql_kind kind, const struct sql_scan *scan,
                          const struct column *column)
{
    switch (kind) {
    case SQL_BLANK:
    case SQL_CAST:
    case SQL_STRING:
        return true;
    case SQL_WORD:
        return is_list_word(scan, column);
    case SQL_QUOTED:
        return column->name[0] != '\0';
    case SQL_CHAR:
        return strchr("()[],=", scan->text[scan->start]) != NULL;
    case SQL_END:
    case SQL_COMMENT:
    case SQL_NUMBER:
    case SQL_ESCAPED:
    case SQL_DOLLAR:
    case SQL_BAD:
        break;
    }
    return false;
}

/* Adds the labels of the expression if it is a list, else nothing. */
static void check_read(const char *expression, const struct column *column, struct list *list)
{
    struct sql_scan scan = sql_scan_start(ENGINE_POSTGRESQL, expression);
    const size_t before = list->count;
    bool has_equality = false;

    assert(expression && column);

    for (;;) {
        enum sql_kind kind = sql_scan_next(&scan);
        if (kind == SQL_END || !list->has_memory)
            break;
        if (!is_list_token(kind, &scan, column)) {
            list->count = before;
            return;
        }
        has_equality = has_equality || (kind == SQL_CHAR && expression[scan.start] == '=');
        if (kind == SQL_STRING)
            list_add_string(list, &scan);
    }
    if (!has_equality)
        list->count = before;
}

bool labels_read(const struct column *column, struct arena *arena, const struct span **labels,
                 size_t *count, struct error *err)
{
    struct list list = {.arena = arena, .has_memory = true};
    const struct type *type = column->type;

    assert(labels && count);

    for (; type->class == TYPE_DOMAIN && type->element; type = type->element)
        for (size_t i = 0; i < type->check_count; i++)
            check_read(type->checks[i], column, &list);
    for (size_t i = 0; type->class == TYPE_ENUM && i < type->label_count && list.has_memory; i++)
        list_add(&list, span_of(type->labels[i]));
    for (size_t i = 0; column->table && i < column->table->check_count && list.has_memory; i++) {
        const struct check *check = &column->table->checks[i];
        if (check->column_count == 1 && check->columns[0] == column)
            check_read(check->expression, column, &list);
    }
    if (!list.has_memory)
        return error_memory(err);
    *labels = list.labels;
    *count = list.count < LABELS_MAX ? list.count : LABELS_MAX;
    return true;
}
