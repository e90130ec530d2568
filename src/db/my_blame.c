/* Compares messages with the sentences that servers write about rows, one for each known name. */
#include "db/my_blame.h"

#include "base/buf.h"
#include <string.h>

/* A sentence around a name. %s.%t stands for the table as MariaDB quotes it. */
struct form {
    unsigned number;
    bool is_constraint;
    bool has_value; /* begins with "Incorrect", and the value is anything that comes before */
    bool has_row;   /* ends with " at row N" */
    const char *before, *after;
};

static const char of_column[] = "' for column '";
static const char of_full_column[] = "' for column `%s`.`%t`.`";

static const struct form forms[] = {
    {1048, false, false, false, "Column '", "' cannot be null"},
    {1263, false, false, true, "Column set to default value; NULL supplied to NOT NULL column '",
     "'"},
    {1264, false, false, true, "Out of range value for column '", "'"},
    {1265, false, false, true, "Data truncated for column '", "'"},
    {1292, false, true, true, of_column, "'"},
    {1292, false, true, true, of_full_column, "`"},
    {1364, false, false, false, "Field '", "' doesn't have a default value"},
    {1366, false, true, true, of_column, "'"},
    {1366, false, true, true, of_full_column, "`"},
    {1406, false, false, true, "Data too long for column '", "'"},
    {3819, true, false, false, "Check constraint '", "' is violated."},
    {4025, true, false, false, "CONSTRAINT `", "` failed for `%s`.`%t`"},
};

struct question {
    const struct form *form;
    struct span message; /* without its " at row N" */
    const char *schema;
    const struct table *table;
};

/* Takes " at row N" off; false where it is not there. */
static bool row_cut(struct span *message)
{
    static const char words[] = " at row ";
    size_t len = message->len;

    while (len > 0 && message->ptr[len - 1] >= '0' && message->ptr[len - 1] <= '9')
        len--;
    if (len == message->len || len < strlen(words) ||
        memcmp(message->ptr + len - strlen(words), words, strlen(words)) != 0)
        return false;
    message->len = (uint32_t)(len - strlen(words));
    return true;
}

static void add_part(struct buf *out, const struct question *question, const char *part)
{
    for (; *part; part++) {
        if (*part != '%') {
            buf_add_char(out, *part);
            continue;
        }
        part++;
        assert(*part == 's' || *part == 't');
        buf_add_text(out, *part == 's' ? question->schema : question->table->name);
    }
}

/* Is this the sentence about that name? A constraint of a column is called `table.column`. */
static bool is_about(const struct question *question, bool is_dotted, const char *name)
{
    const struct span message = question->message;
    static const char begin[] = "Incorrect ";
    struct buf sentence;

    buf_init(&sentence, 4096);
    add_part(&sentence, question, question->form->before);
    if (is_dotted)
        add_part(&sentence, question, "%t.");
    buf_add_text(&sentence, name);
    add_part(&sentence, question, question->form->after);
    const struct span tail = buf_span(&sentence);
    bool is_it = buf_ok(&sentence);
    if (question->form->has_value)
        is_it = is_it && message.len > tail.len + strlen(begin) &&
                memcmp(message.ptr, begin, strlen(begin)) == 0 &&
                memcmp(message.ptr + message.len - tail.len, tail.ptr, tail.len) == 0;
    else
        is_it = is_it && span_equal(message, tail);
    buf_release(&sentence);
    return is_it;
}

/* Adds what the form says of each name; more than one answer is none. */
static size_t names_ask(const struct question *question, struct my_blame *blame)
{
    const struct table *table = question->table;
    bool is_constraint = question->form->is_constraint;
    size_t count = 0;

    for (size_t i = 0; is_constraint && i < table->check_count; i++) {
        if (!is_about(question, false, table->checks[i].name))
            continue;
        *blame = (struct my_blame){.kind = "constraint", .name = table->checks[i].name};
        count++;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = table->columns[i];

        if (!is_about(question, is_constraint, column->name))
            continue;
        *blame = (struct my_blame){.kind = "column", .name = column->name, .column = column};
        count++;
    }
    return count;
}

struct my_blame my_blame_find(unsigned number, struct span message, const char *schema,
                              const struct table *table)
{
    struct my_blame blame = {.kind = NULL};
    size_t count = 0;

    assert(schema && table);
    assert(message.ptr || message.len == 0);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct question question = {&forms[i], message, schema, table};

        if (forms[i].number == number && (!forms[i].has_row || row_cut(&question.message)))
            count += names_ask(&question, &blame);
    }
    return count == 1 ? blame : (struct my_blame){.kind = NULL};
}
