/* Turns a CHECK as MySQL or MariaDB prints it into the words that PostgreSQL would use.
 *
 * By recursive descent, each part returned as a text of the arena. What the grammar does not know
 * makes the whole clause stand as it came: rules read such a one as a CHECK that they cannot keep.
 */
#include "db/my_check.h"
#include "db/my_catalog.h"
#include <ctype.h>
#include <strings.h>

#define DEPTH_MAX 64

struct reader {
    struct check_lexer lexer;
    struct arena *arena;
    const struct table *table;
    struct check *check;
    bool has_failed;
    unsigned depth;
};

static const char *expression_read(struct reader *reader);
static const char *sum_read(struct reader *reader);

/* Not understood, or no memory: the text that the callers pass on. */
static const char *reader_fail(struct reader *reader)
{
    reader->has_failed = true;
    return "";
}

static const char *text_join(struct reader *reader, const char *format, const char *a,
                             const char *b)
{
    struct buf text;

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
    return copy ? copy : reader_fail(reader);
}

static const char *quoted(struct reader *reader, const char *text, char quote)
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
    return copy ? copy : reader_fail(reader);
}

static bool is_plain_name(const char *name)
{
    if (isdigit((unsigned char)name[0]))
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name) && name[0];
}

/* Once in the CHECK's list, however often it is named. */
static bool column_note(struct reader *reader, const struct column *column)
{
    struct check *check = reader->check;

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

static const char *name_read(struct reader *reader)
{
    const struct column *column = my_find_column(reader->table, reader->lexer.token.text);

    if (!column || !column_note(reader, column))
        return reader_fail(reader);
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
static bool is_argument_word(const struct reader *reader)
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
static const char *arguments_read(struct reader *reader)
{
    const char *list = "";

    while (!reader->has_failed && !my_check_is(&reader->lexer, ")")) {
        const char *item;

        if (my_check_accept(&reader->lexer, ",")) {
            list = text_join(reader, "1,", list, "");
            continue;
        }
        if (is_argument_word(reader)) {
            item = reader->lexer.token.text;
            my_check_next(&reader->lexer);
        } else {
            item = expression_read(reader);
        }
        list = list[0] ? text_join(reader, "1 2", list, item) : item;
    }
    my_check_next(&reader->lexer);
    return list;
}

/* regexp_like(a,'b') is how MySQL prints a REGEXP 'b'. */
static const char *regexp_read(struct reader *reader)
{
    const char *text = expression_read(reader);

    if (!my_check_accept(&reader->lexer, ","))
        return reader_fail(reader);
    const char *pattern = expression_read(reader);
    if (!my_check_accept(&reader->lexer, ")")) /* its third argument says what is equal */
        return reader_fail(reader);
    return text_join(reader, "(1 ~ 2)", text, pattern);
}

static const char *case_read(struct reader *reader)
{
    const char *text = "CASE";

    if (!my_check_is(&reader->lexer, "when"))
        text = text_join(reader, "1 2", text, expression_read(reader));
    while (!reader->has_failed && my_check_accept(&reader->lexer, "when")) {
        text = text_join(reader, "1 WHEN 2", text, expression_read(reader));
        if (!my_check_accept(&reader->lexer, "then"))
            return reader_fail(reader);
        text = text_join(reader, "1 THEN 2", text, expression_read(reader));
    }
    if (my_check_accept(&reader->lexer, "else"))
        text = text_join(reader, "1 ELSE 2", text, expression_read(reader));
    if (!my_check_accept(&reader->lexer, "end"))
        return reader_fail(reader);
    return text_join(reader, "1 END", text, "");
}

static const char *word_read(struct reader *reader)
{
    const struct check_token word = reader->lexer.token;
    const char *literal;

    my_check_next(&reader->lexer);
    if (word.is_before_string && reader->lexer.token.kind == CHECK_TOKEN_STRING) {
        literal = quoted(reader, reader->lexer.token.text, '\'');
        my_check_next(&reader->lexer);
        return text_join(reader, "1::2", literal, word.text);
    }
    if (strcasecmp(word.text, "case") == 0)
        return case_read(reader);
    if (strcasecmp(word.text, "null") == 0)
        return "NULL";
    if (strcasecmp(word.text, "interval") == 0) {
        const char *amount = sum_read(reader);
        const char *unit = reader->lexer.token.text;

        if (reader->lexer.token.kind != CHECK_TOKEN_WORD)
            return reader_fail(reader);
        my_check_next(&reader->lexer);
        return text_join(reader, "interval 1 2", amount, unit);
    }
    if (!my_check_accept(&reader->lexer, "("))
        return strcasecmp(word.text, "true") == 0 || strcasecmp(word.text, "false") == 0
                   ? word.text
                   : reader_fail(reader);
    if (strcasecmp(word.text, "regexp_like") == 0)
        return regexp_read(reader);
    return text_join(reader, "1(2)", function_name(word.text), arguments_read(reader));
}

/* (a), (a,b) */
static const char *parentheses_read(struct reader *reader)
{
    const char *text = expression_read(reader);
    bool is_row = false;

    while (!reader->has_failed && my_check_accept(&reader->lexer, ",")) {
        text = text_join(reader, "1, 2", text, expression_read(reader));
        is_row = true;
    }
    if (!my_check_accept(&reader->lexer, ")"))
        return reader_fail(reader);
    return text_join(reader, is_row || text[0] != '(' ? "(1)" : "1", text, "");
}

static bool is_number(const char *text)
{
    return isdigit((unsigned char)text[0]) || text[0] == '.';
}

/* MySQL prints -(5). */
static const char *negative_read(struct reader *reader)
{
    const char *text;

    if (my_check_accept(&reader->lexer, "(")) {
        text = reader->lexer.token.text;
        if (reader->lexer.token.kind == CHECK_TOKEN_NUMBER) {
            my_check_next(&reader->lexer);
            if (my_check_accept(&reader->lexer, ")"))
                return text_join(reader, "-1", text, "");
            return reader_fail(reader);
        }
        text = parentheses_read(reader);
    } else {
        text = sum_read(reader);
    }
    return text_join(reader, is_number(text) ? "-1" : "-(1)", text, "");
}

static const char *primary_read(struct reader *reader)
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
    return reader_fail(reader);
}

static bool is_arithmetic(const struct reader *reader)
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
static const char *sum_read(struct reader *reader)
{
    const char *text = "";
    size_t count = 1;

    if (++reader->depth > DEPTH_MAX)
        return reader_fail(reader);
    text = primary_read(reader);
    while (!reader->has_failed &&
           (is_arithmetic(reader) || my_check_is(&reader->lexer, "collate"))) {
        const char *sign = text_join(reader, " 1 ", reader->lexer.token.text, "");

        if (my_check_accept(&reader->lexer, "collate")) {
            sign = reader->lexer.token.text;
            my_check_next(&reader->lexer);
            text = text_join(reader, "1 COLLATE \"2\"", text, sign);
        } else {
            my_check_next(&reader->lexer);
            text = text_join(reader, "12", text, sign);
            text = text_join(reader, "12", text, primary_read(reader));
        }
        count++;
    }
    reader->depth--;
    return count > 1 ? text_join(reader, "(1)", text, "") : text;
}

static const char *list_read(struct reader *reader, const char *text, bool is_negated)
{
    const char *list;

    if (!my_check_accept(&reader->lexer, "("))
        return reader_fail(reader);
    list = arguments_read(reader);
    list = text_join(reader, is_negated ? "<> ALL (ARRAY[1])" : "= ANY (ARRAY[1])", list, "");
    return text_join(reader, "(1 2)", text, list);
}

static const char *between_read(struct reader *reader, const char *text, bool is_negated)
{
    const char *low = sum_read(reader), *high;

    if (!my_check_accept(&reader->lexer, "and"))
        return reader_fail(reader);
    high = sum_read(reader);
    low = text_join(reader, is_negated ? "(1 < 2)" : "(1 >= 2)", text, low);
    high = text_join(reader, is_negated ? "(1 > 2)" : "(1 <= 2)", text, high);
    return text_join(reader, is_negated ? "(1 OR 2)" : "(1 AND 2)", low, high);
}

static const char *like_read(struct reader *reader, const char *text, bool is_negated)
{
    const char *pattern = sum_read(reader);

    if (my_check_accept(&reader->lexer, "escape"))
        return reader_fail(reader);
    return text_join(reader, is_negated ? "(1 !~~ 2)" : "(1 ~~ 2)", text, pattern);
}

static const char *is_read(struct reader *reader, const char *text)
{
    const bool is_negated = my_check_accept(&reader->lexer, "not");
    const char *word = reader->lexer.token.text;

    if (my_check_is(&reader->lexer, "null"))
        word = "NULL";
    else if (!my_check_is(&reader->lexer, "true") && !my_check_is(&reader->lexer, "false"))
        return reader_fail(reader);
    my_check_next(&reader->lexer);
    return text_join(reader, is_negated ? "(1 IS NOT 2)" : "(1 IS 2)", text, word);
}

/* Behind an operand: one of the comparisons that are words. NULL: none of them. */
static const char *predicate_read(struct reader *reader, const char *text)
{
    const bool is_negated = my_check_accept(&reader->lexer, "not");

    if (my_check_accept(&reader->lexer, "in"))
        return list_read(reader, text, is_negated);
    if (my_check_accept(&reader->lexer, "between"))
        return between_read(reader, text, is_negated);
    if (my_check_accept(&reader->lexer, "like"))
        return like_read(reader, text, is_negated);
    if (my_check_accept(&reader->lexer, "regexp") || my_check_accept(&reader->lexer, "rlike"))
        return text_join(reader, is_negated ? "(1 !~ 2)" : "(1 ~ 2)", text, sum_read(reader));
    if (is_negated)
        return reader_fail(reader);
    return my_check_accept(&reader->lexer, "is") ? is_read(reader, text) : NULL;
}

static const char *comparison_read(struct reader *reader)
{
    static const char *const signs[][2] = {
        {"=", "(1 = 2)"},   {"<>", "(1 <> 2)"},
        {"!=", "(1 <> 2)"}, {"<", "(1 < 2)"},
        {">", "(1 > 2)"},   {"<=", "(1 <= 2)"},
        {">=", "(1 >= 2)"}, {"<=>", "(NOT (1 IS DISTINCT FROM 2))"},
    };
    const char *text = sum_read(reader);

    for (bool is_more = true; is_more && !reader->has_failed;) {
        const char *predicate = predicate_read(reader, text);

        is_more = predicate != NULL;
        text = predicate ? predicate : text;
        for (size_t i = 0; i < COUNT_OF(signs) && !is_more; i++) {
            if (!my_check_accept(&reader->lexer, signs[i][0]))
                continue;
            text = text_join(reader, signs[i][1], text, sum_read(reader));
            is_more = true;
        }
    }
    return text;
}

static const char *negation_read(struct reader *reader)
{
    if (!my_check_accept(&reader->lexer, "not") && !my_check_accept(&reader->lexer, "!"))
        return comparison_read(reader);
    if (++reader->depth > DEPTH_MAX)
        return reader_fail(reader);
    const char *text = text_join(reader, "(NOT 1)", negation_read(reader), "");
    reader->depth--;
    return text;
}

typedef const char *read_function(struct reader *reader);

/* Parts joined by one word, in parentheses where there are several. */
static const char *chain_read(struct reader *reader, const char *word, read_function *part_read,
                              const char *format)
{
    const char *text = part_read(reader);
    struct buf chain;
    size_t count = 1;

    buf_init(&chain, 1 << 20);
    buf_add_text(&chain, text);
    for (; !reader->has_failed && my_check_accept(&reader->lexer, word); count++) {
        buf_add_text(&chain, format);
        buf_add_text(&chain, part_read(reader));
    }
    if (count > 1)
        text = text_join(reader, "(1)", buf_text(&chain), "");
    if (!buf_ok(&chain))
        text = reader_fail(reader);
    buf_release(&chain);
    return text;
}

static const char *and_read(struct reader *reader)
{
    return chain_read(reader, "and", negation_read, " AND ");
}

static const char *xor_read(struct reader *reader)
{
    return chain_read(reader, "xor", and_read, " <> ");
}

static const char *expression_read(struct reader *reader)
{
    const char *text = "";

    if (++reader->depth > DEPTH_MAX)
        return reader_fail(reader);
    text = chain_read(reader, "or", xor_read, " OR ");
    reader->depth--;
    return text;
}

/* One layer of \' and \\ taken off; arena memory. */
static const char *layer_remove(struct arena *arena, const char *clause)
{
    char *text = arena_alloc(arena, strlen(clause) + 1);
    size_t len = 0;

    for (; text && *clause; clause++) {
        if (*clause == '\\' && clause[1])
            clause++;
        text[len++] = *clause;
    }
    return text;
}

/* The columns of a clause that is not understood: whatever stands in backticks. */
static bool columns_note(struct reader *reader, const char *clause)
{
    struct check_lexer *lexer = &reader->lexer;

    for (lexer->at = strchr(clause, '`'); lexer->at; lexer->at = strchr(lexer->at, '`')) {
        const char *name = my_check_name(lexer);
        const struct column *column = name ? my_find_column(reader->table, name) : NULL;

        if (column && !column_note(reader, column))
            return false;
        if (!name)
            break;
    }
    return true;
}

bool my_check_fill(const struct table *table, const char *clause, bool is_escaped,
                   struct arena *arena, struct check *check, struct error *err)
{
    const char *plain = is_escaped ? layer_remove(arena, clause) : arena_strdup(arena, clause);
    struct reader reader = {.lexer = {.at = plain, .arena = arena, .is_mysql = is_escaped},
                            .arena = arena,
                            .table = table,
                            .check = check};

    assert(table && clause && check);
    if (!plain)
        return error_memory(err);
    check->column_count = 0;
    my_check_next(&reader.lexer);
    check->expression = expression_read(&reader);
    if (!reader.has_failed && reader.lexer.token.kind == CHECK_TOKEN_END)
        return true;
    check->column_count = 0;
    check->expression = plain;
    return columns_note(&reader, plain) || error_memory(err);
}
