/* Turns a CHECK as MySQL or MariaDB prints it into the words that PostgreSQL would use.
 *
 * By recursive descent, each part returned as a text of the arena. What the grammar does not know
 * makes the whole clause stand as it came: rules read such a one as a CHECK that they cannot keep.
 */
#include "db/my_check.h"
#include "db/my_catalog.h"

#define COMPARISONS_MAX 8 /* in a row: a = b = c */

static const char *list_read(struct check_reader *reader, const char *text, bool is_negated)
{
    const char *list;

    if (!my_check_accept(&reader->lexer, "("))
        return my_check_fail(reader);
    list = my_check_arguments(reader);
    list = my_check_join(reader, is_negated ? "<> ALL (ARRAY[1])" : "= ANY (ARRAY[1])", list, "");
    return my_check_join(reader, "(1 2)", text, list);
}

static const char *between_read(struct check_reader *reader, const char *text, bool is_negated)
{
    const char *low = my_check_operand(reader), *high;

    if (!my_check_accept(&reader->lexer, "and"))
        return my_check_fail(reader);
    high = my_check_operand(reader);
    low = my_check_join(reader, is_negated ? "(1 < 2)" : "(1 >= 2)", text, low);
    high = my_check_join(reader, is_negated ? "(1 > 2)" : "(1 <= 2)", text, high);
    return my_check_join(reader, is_negated ? "(1 OR 2)" : "(1 AND 2)", low, high);
}

static const char *like_read(struct check_reader *reader, const char *text, bool is_negated)
{
    const char *pattern = my_check_operand(reader);

    if (my_check_accept(&reader->lexer, "escape"))
        return my_check_fail(reader);
    return my_check_join(reader, is_negated ? "(1 !~~ 2)" : "(1 ~~ 2)", text, pattern);
}

static const char *is_read(struct check_reader *reader, const char *text)
{
    const bool is_negated = my_check_accept(&reader->lexer, "not");
    const char *word = reader->lexer.token.text;

    if (my_check_is(&reader->lexer, "null"))
        word = "NULL";
    else if (!my_check_is(&reader->lexer, "true") && !my_check_is(&reader->lexer, "false"))
        return my_check_fail(reader);
    my_check_next(&reader->lexer);
    return my_check_join(reader, is_negated ? "(1 IS NOT 2)" : "(1 IS 2)", text, word);
}

/* Behind an operand: one of the comparisons that are words. NULL: none of them. */
static const char *predicate_read(struct check_reader *reader, const char *text)
{
    const bool is_negated = my_check_accept(&reader->lexer, "not");

    if (my_check_accept(&reader->lexer, "in"))
        return list_read(reader, text, is_negated);
    if (my_check_accept(&reader->lexer, "between"))
        return between_read(reader, text, is_negated);
    if (my_check_accept(&reader->lexer, "like"))
        return like_read(reader, text, is_negated);
    if (my_check_accept(&reader->lexer, "regexp") || my_check_accept(&reader->lexer, "rlike"))
        return my_check_join(reader, is_negated ? "(1 !~ 2)" : "(1 ~ 2)", text,
                             my_check_operand(reader));
    if (is_negated)
        return my_check_fail(reader);
    return my_check_accept(&reader->lexer, "is") ? is_read(reader, text) : NULL;
}

static const char *comparison_read(struct check_reader *reader)
{
    static const char *const signs[][2] = {
        {"=", "(1 = 2)"},   {"<>", "(1 <> 2)"},
        {"!=", "(1 <> 2)"}, {"<", "(1 < 2)"},
        {">", "(1 > 2)"},   {"<=", "(1 <= 2)"},
        {">=", "(1 >= 2)"}, {"<=>", "(NOT (1 IS DISTINCT FROM 2))"},
    };
    const char *text = my_check_operand(reader);
    unsigned count = 0;

    for (bool is_more = true; is_more && !reader->has_failed;) {
        if (++count > COMPARISONS_MAX)
            return my_check_fail(reader);
        const char *predicate = predicate_read(reader, text);

        is_more = predicate != NULL;
        text = predicate ? predicate : text;
        for (size_t i = 0; i < COUNT_OF(signs) && !is_more; i++) {
            if (!my_check_accept(&reader->lexer, signs[i][0]))
                continue;
            text = my_check_join(reader, signs[i][1], text, my_check_operand(reader));
            is_more = true;
        }
    }
    return text;
}

static const char *negation_read(struct check_reader *reader)
{
    if (!my_check_accept(&reader->lexer, "not") && !my_check_accept(&reader->lexer, "!"))
        return comparison_read(reader);
    if (++reader->depth > CHECK_DEPTH_MAX)
        return my_check_fail(reader);
    const char *text = my_check_join(reader, "(NOT 1)", negation_read(reader), "");
    reader->depth--;
    return text;
}

typedef const char *read_function(struct check_reader *reader);

/* Parts joined by one word, in parentheses where there are several. */
static const char *chain_read(struct check_reader *reader, const char *word,
                              read_function *part_read, const char *format)
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
        text = my_check_join(reader, "(1)", buf_text(&chain), "");
    if (!buf_ok(&chain))
        text = my_check_fail(reader);
    buf_release(&chain);
    return text;
}

static const char *and_read(struct check_reader *reader)
{
    return chain_read(reader, "and", negation_read, " AND ");
}

static const char *xor_read(struct check_reader *reader)
{
    return chain_read(reader, "xor", and_read, " <> ");
}

const char *my_check_expression(struct check_reader *reader)
{
    const char *text = "";

    if (++reader->depth > CHECK_DEPTH_MAX)
        return my_check_fail(reader);
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
static bool columns_note(struct check_reader *reader, const char *clause)
{
    struct my_scan scan;

    for (const char *at = strchr(clause, '`'); at; at = strchr(scan.at, '`')) {
        my_scan_begin(&scan, span_of(at));
        struct my_piece piece = my_scan_next(&scan);
        if (scan.is_broken)
            break;
        const char *name = my_piece_text(&piece, reader->arena);
        const struct column *column = name ? my_find_column(reader->table, name) : NULL;

        if (!name || (column && !my_check_note(reader, column)))
            return false;
    }
    return true;
}

bool my_check_fill(const struct table *table, const char *clause, bool is_escaped,
                   struct arena *arena, struct check *check, struct error *err)
{
    const char *plain = is_escaped ? layer_remove(arena, clause) : arena_strdup(arena, clause);
    struct check_reader reader = {.lexer = {.arena = arena, .is_mysql = is_escaped},
                                  .arena = arena,
                                  .table = table,
                                  .check = check};

    assert(table && clause && check);
    if (!plain)
        return error_memory(err);
    check->column_count = 0;
    my_scan_begin(&reader.lexer.scan, span_of(plain));
    my_check_next(&reader.lexer);
    check->expression = my_check_expression(&reader);
    if (!reader.has_failed && reader.lexer.token.kind == CHECK_TOKEN_END)
        return true;
    check->column_count = 0;
    check->expression = plain;
    return columns_note(&reader, plain) || error_memory(err);
}
