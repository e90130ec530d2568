/* What a CHECK compares: columns, constants, calls, and what binds closer than a comparison. */
#include "db/my_catalog.h"
#include "db/my_check.h"
#include <ctype.h>
#include <strings.h>

#define TEXT_MAX ((size_t)1 << 20) /* a clause may say its operands twice, and those theirs */

/* Not understood, or no memory: the text that the callers pass on. */
const char *my_check_fail(struct check_reader *reader)
{
    reader->has_failed = true;
    return "";
}

/* The text of `out`, which is released; in the arena. */
static const char *text_take(struct check_reader *reader, struct buf *out)
{
    const char *copy = buf_ok(out) ? arena_strdup(reader->arena, buf_text(out)) : NULL;

    buf_release(out);
    return copy ? copy : my_check_fail(reader);
}

const char *my_check_join(struct check_reader *reader, const char *format, const char *a,
                          const char *b)
{
    struct buf text;

    assert(format && a && b);
    buf_init(&text, TEXT_MAX);
    for (; *format; format++) {
        if (*format == '1')
            buf_add_text(&text, a);
        else if (*format == '2')
            buf_add_text(&text, b);
        else
            buf_add_char(&text, *format);
    }
    return text_take(reader, &text);
}

static const char *quoted(struct check_reader *reader, const char *text, char quote)
{
    struct buf out;

    buf_init(&out, TEXT_MAX);
    buf_add_char(&out, quote);
    for (; *text; text++) {
        if (*text == quote)
            buf_add_char(&out, quote);
        buf_add_char(&out, *text);
    }
    buf_add_char(&out, quote);
    return text_take(reader, &out);
}

static bool is_plain_name(const char *name)
{
    if (isdigit((unsigned char)name[0]))
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name) && name[0];
}

/* Once in the CHECK's list, however often it is named. */
bool my_check_note(struct check_reader *reader, const struct column *column)
{
    struct check *check = reader->check;

    assert(column->table == reader->table);
    for (size_t i = 0; i < check->column_count; i++) {
        if (check->columns[i] == column)
            return true;
    }
    const struct column **grown =
        ARENA_ARRAY(reader->arena, check->column_count + 1, const struct column *);
    if (!grown)
        return false;
    if (check->column_count > 0)
        memcpy(grown, check->columns, check->column_count * sizeof(*grown));
    grown[check->column_count++] = column;
    check->columns = grown;
    return true;
}

static const char *name_read(struct check_reader *reader)
{
    const struct column *column = my_find_column(reader->table, reader->lexer.token.text);

    if (!column || !my_check_note(reader, column))
        return my_check_fail(reader);
    my_check_next(&reader->lexer);
    return is_plain_name(column->name) ? column->name : quoted(reader, column->name, '"');
}

/* Functions that mean the same under another name; length() counts bytes here. */
static const char *function_name(const char *name)
{
    static const char *const names[][2] = {
        {"length", "octet_length"},
        {"lcase", "lower"},
        {"ucase", "upper"},
        {"trim", "btrim"},
        {"character_length", "char_length"},
    };

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strcasecmp(names[i][0], name) == 0)
            return names[i][1];
    }
    return name;
}

/* Words between the arguments of CAST(x AS unsigned), TRIM(both 'x' from y). */
static bool is_argument_word(const struct check_reader *reader)
{
    static const char *const words[] = {"as",   "from",    "using",    "unsigned", "signed",
                                        "both", "leading", "trailing", "charset"};

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (my_check_is(&reader->lexer, words[i]))
            return true;
    }
    return false;
}

const char *my_check_arguments(struct check_reader *reader)
{
    struct buf list;

    buf_init(&list, TEXT_MAX);
    while (!reader->has_failed && !my_check_is(&reader->lexer, ")")) {
        if (my_check_accept(&reader->lexer, ",")) {
            buf_add_char(&list, ',');
            continue;
        }
        buf_add_text(&list, list.len > 0 ? " " : "");
        if (is_argument_word(reader)) {
            buf_add_text(&list, reader->lexer.token.text);
            my_check_next(&reader->lexer);
        } else {
            buf_add_text(&list, my_check_expression(reader));
        }
    }
    my_check_next(&reader->lexer);
    return text_take(reader, &list);
}

/* regexp_like(a,'b') is how MySQL prints a REGEXP 'b'. */
static const char *regexp_read(struct check_reader *reader)
{
    const char *text = my_check_expression(reader);

    if (!my_check_accept(&reader->lexer, ","))
        return my_check_fail(reader);
    const char *pattern = my_check_expression(reader);
    if (!my_check_accept(&reader->lexer, ")")) /* its third argument says what is equal */
        return my_check_fail(reader);
    return my_check_join(reader, "(1 ~ 2)", text, pattern);
}

static const char *case_read(struct check_reader *reader)
{
    const char *text = "CASE";

    if (!my_check_is(&reader->lexer, "when"))
        text = my_check_join(reader, "1 2", text, my_check_expression(reader));
    while (!reader->has_failed && my_check_accept(&reader->lexer, "when")) {
        text = my_check_join(reader, "1 WHEN 2", text, my_check_expression(reader));
        if (!my_check_accept(&reader->lexer, "then"))
            return my_check_fail(reader);
        text = my_check_join(reader, "1 THEN 2", text, my_check_expression(reader));
    }
    if (my_check_accept(&reader->lexer, "else"))
        text = my_check_join(reader, "1 ELSE 2", text, my_check_expression(reader));
    if (!my_check_accept(&reader->lexer, "end"))
        return my_check_fail(reader);
    return my_check_join(reader, "1 END", text, "");
}

static const char *word_read(struct check_reader *reader)
{
    const struct check_token word = reader->lexer.token;
    const char *literal;

    my_check_next(&reader->lexer);
    if (word.is_before_string && reader->lexer.token.kind == CHECK_TOKEN_STRING) {
        literal = quoted(reader, reader->lexer.token.text, '\'');
        my_check_next(&reader->lexer);
        return my_check_join(reader, "1::2", literal, word.text);
    }
    if (strcasecmp(word.text, "case") == 0)
        return case_read(reader);
    if (strcasecmp(word.text, "null") == 0)
        return "NULL";
    if (strcasecmp(word.text, "interval") == 0) {
        const char *amount = my_check_operand(reader);
        const char *unit = reader->lexer.token.text;

        if (reader->lexer.token.kind != CHECK_TOKEN_WORD)
            return my_check_fail(reader);
        my_check_next(&reader->lexer);
        return my_check_join(reader, "interval 1 2", amount, unit);
    }
    if (!my_check_accept(&reader->lexer, "("))
        return strcasecmp(word.text, "true") == 0 || strcasecmp(word.text, "false") == 0
                   ? word.text
                   : my_check_fail(reader);
    if (strcasecmp(word.text, "regexp_like") == 0)
        return regexp_read(reader);
    return my_check_join(reader, "1(2)", function_name(word.text), my_check_arguments(reader));
}

/* (a), (a,b) */
static const char *parentheses_read(struct check_reader *reader)
{
    const char *text = my_check_expression(reader);
    bool is_row = false;

    while (!reader->has_failed && my_check_accept(&reader->lexer, ",")) {
        text = my_check_join(reader, "1, 2", text, my_check_expression(reader));
        is_row = true;
    }
    if (!my_check_accept(&reader->lexer, ")"))
        return my_check_fail(reader);
    return my_check_join(reader, is_row || text[0] != '(' ? "(1)" : "1", text, "");
}

static bool is_number(const char *text)
{
    return isdigit((unsigned char)text[0]) || text[0] == '.';
}

/* MySQL prints -(5). */
static const char *negative_read(struct check_reader *reader)
{
    const char *text;

    if (my_check_accept(&reader->lexer, "(")) {
        text = reader->lexer.token.text;
        if (reader->lexer.token.kind == CHECK_TOKEN_NUMBER) {
            my_check_next(&reader->lexer);
            if (my_check_accept(&reader->lexer, ")"))
                return my_check_join(reader, "-1", text, "");
            return my_check_fail(reader);
        }
        text = parentheses_read(reader);
    } else {
        text = my_check_operand(reader);
    }
    return my_check_join(reader, is_number(text) ? "-1" : "-(1)", text, "");
}

static const char *primary_read(struct check_reader *reader)
{
    const char *text = reader->lexer.token.text;

    switch (reader->lexer.token.kind) {
    case CHECK_TOKEN_NAME:
        return name_read(reader);
    case CHECK_TOKEN_STRING:
        my_check_next(&reader->lexer);
        return quoted(reader, text, '\'');
    case CHECK_TOKEN_NUMBER:
        my_check_next(&reader->lexer);
        return text;
    case CHECK_TOKEN_WORD:
        return word_read(reader);
    case CHECK_TOKEN_SIGN:
        if (my_check_accept(&reader->lexer, "("))
            return parentheses_read(reader);
        if (my_check_accept(&reader->lexer, "-"))
            return negative_read(reader);
        break;
    default:
        break;
    }
    return my_check_fail(reader);
}

static bool is_arithmetic(const struct check_reader *reader)
{
    static const char *const signs[] = {"+", "-",  "*",  "/",  "%",   "&",   "|",
                                        "^", "<<", ">>", "->", "->>", "div", "mod"};

    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        if (my_check_is(&reader->lexer, signs[i]))
            return true;
    }
    return false;
}

/* One more operand behind a sign, or the collation of what stands before. */
static void sum_add(struct check_reader *reader, struct buf *sum)
{
    if (my_check_accept(&reader->lexer, "collate")) {
        buf_add_format(sum, " COLLATE \"%s\"", reader->lexer.token.text);
        my_check_next(&reader->lexer);
        return;
    }
    buf_add_format(sum, " %s ", reader->lexer.token.text);
    my_check_next(&reader->lexer);
    buf_add_text(sum, primary_read(reader));
}

/* Operands joined by what binds closer than any comparison; in parentheses where there are more. */
const char *my_check_operand(struct check_reader *reader)
{
    const char *text = "";
    struct buf sum;

    if (++reader->depth > CHECK_DEPTH_MAX)
        return my_check_fail(reader);
    text = primary_read(reader);
    buf_init(&sum, TEXT_MAX);
    while (!reader->has_failed &&
           (is_arithmetic(reader) || my_check_is(&reader->lexer, "collate"))) {
        buf_add_text(&sum, sum.len > 0 ? "" : text);
        sum_add(reader, &sum);
    }
    reader->depth--;
    if (sum.len > 0)
        return my_check_join(reader, "(1)", text_take(reader, &sum), "");
    buf_release(&sum);
    return text;
}
