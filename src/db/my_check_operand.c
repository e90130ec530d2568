/* What a CHECK compares: columns, constants, calls, and what binds closer than a comparison. */
#include "db/my_catalog.h"
#include "db/my_check.h"
#include <ctype.h>
#include <strings.h>

/* Not understood, or no memory: the text that the callers pass on. */
const char *my_check_fail(struct check_reader *reader)
{
    reader->has_failed = true;
    return "";
}

const char *my_check_join(struct check_reader *reader, const char *format, const char *a,
                          const char *b)
{
    struct buf text;

    assert(format && a && b);
    buf_init(&text, 1 << 20);
    for (; *format; format++) {
        if (*format == '1')
            buf_add_text(&text, a);
        else if (*format == '2')
            buf_add_text(&text, b);
        else
            buf_add_char(&text, *format);
    }
    const char *copy = buf_ok(&text) ? arena_strdup(reader->arena, buf_text(&text)) : NULL;
    buf_release(&text);
    return copy ? copy : my_check_fail(reader);
}

static const char *quoted(struct check_reader *reader, const char *text, char quote)
{
    struct buf out;

    buf_init(&out, 1 << 20);
    buf_add_char(&out, quote);
    for (; *text; text++) {
        if (*text == quote)
            buf_add_char(&out, quote);
        buf_add_char(&out, *text);
    }
    buf_add_char(&out, quote);
    const char *copy = buf_ok(&out) ? arena_strdup(reader->arena, buf_text(&out)) : NULL;
    buf_release(&out);
    return copy ? copy : my_check_fail(reader);
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

/* Up to the parenthesis that closes a call or a list. */
const char *my_check_arguments(struct check_reader *reader)
{
    const char *list = "";

    while (!reader->has_failed && !my_check_is(&reader->lexer, ")")) {
        const char *item;

        if (my_check_accept(&reader->lexer, ",")) {
            list = my_check_join(reader, "1,", list, "");
            continue;
        }
        if (is_argument_word(reader)) {
            item = reader->lexer.token.text;
            my_check_next(&reader->lexer);
        } else {
            item = my_check_expression(reader);
        }
        list = list[0] ? my_check_join(reader, "1 2", list, item) : item;
    }
    my_check_next(&reader->lexer);
    return list;
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

/* Operands joined by what binds closer than any comparison; in parentheses where there are more. */
const char *my_check_operand(struct check_reader *reader)
{
    const char *text = "";
    size_t count = 1;

    if (++reader->depth > CHECK_DEPTH_MAX)
        return my_check_fail(reader);
    text = primary_read(reader);
    while (!reader->has_failed &&
           (is_arithmetic(reader) || my_check_is(&reader->lexer, "collate"))) {
        const char *sign = my_check_join(reader, " 1 ", reader->lexer.token.text, "");

        if (my_check_accept(&reader->lexer, "collate")) {
            sign = reader->lexer.token.text;
            my_check_next(&reader->lexer);
            text = my_check_join(reader, "1 COLLATE \"2\"", text, sign);
        } else {
            my_check_next(&reader->lexer);
            text = my_check_join(reader, "12", text, sign);
            text = my_check_join(reader, "12", text, primary_read(reader));
        }
        count++;
    }
    reader->depth--;
    return count > 1 ? my_check_join(reader, "(1)", text, "") : text;
}
