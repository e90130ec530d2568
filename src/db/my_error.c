/* Turns what a server reports into our own sentence: never its text, which quotes values. */
#include "base/words.h"
#include "db/my_blame.h"
#include "db/my_conn.h"
#include <errmsg.h>
#include <mysqld_error.h>

struct sentence {
    unsigned number;
    const char *words;
    const char *hint;
};

static const struct sentence sentences[] = {
#define ERRNO(number, words, hint) {number, words, hint},
#include "db/my_errno.def"
#undef ERRNO
};

static const struct sentence *sentence_find(unsigned number)
{
    for (size_t i = 0; i < COUNT_OF(sentences); i++)
        if (sentences[i].number == number)
            return &sentences[i];
    return NULL;
}

enum status my_status(const struct my_db *my)
{
    if (atomic_load(&my->is_canceled))
        return STATUS_INTERRUPTED;
    return my->base.side == DB_SOURCE ? STATUS_SOURCE : STATUS_TARGET;
}

static bool number_is_in(unsigned number, const unsigned *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

bool my_number_is_denial(unsigned number)
{
    static const unsigned numbers[] = {1044, 1045, 1142, 1143, 1227, 1370, 1698};

    return number_is_in(number, numbers, COUNT_OF(numbers));
}

bool my_number_is_loss(unsigned number)
{
    static const unsigned numbers[] = {0,    1053, 1158, 1159, 1160, 1161,
                                       1927, 2006, 2013, 2055, 4031};

    return number_is_in(number, numbers, COUNT_OF(numbers));
}

static bool error_sentence(enum status status, unsigned number, const char *sqlstate,
                           const char *details, struct error *err)
{
    const struct sentence *sentence = sentence_find(number);

    if (status == STATUS_INTERRUPTED)
        return error_set(err, status, "interrupted");
    if (number == 0)
        return error_set(err, status, "the connection was lost");
    error_set(err, status, "%s (error %u%s%s%s)", sentence ? sentence->words : "the server refused",
              number, sqlstate[0] ? ", SQLSTATE " : "", sqlstate, details);
    if (sentence && sentence->hint)
        error_hint(err, "%s", sentence->hint);
    return false;
}

bool my_error_number(enum status status, unsigned number, const char *sqlstate, struct error *err)
{
    assert(sqlstate);
    return error_sentence(status, number, sqlstate, "", err);
}

bool my_error_row(enum status status, unsigned number, const struct my_blame *blame,
                  struct error *err)
{
    struct buf details;

    assert(blame);
    buf_init(&details, 4096);
    if (blame->name) {
        buf_add_format(&details, "; %s '", blame->kind);
        words_add_printable(&details, blame->name, strlen(blame->name));
        buf_add_text(&details, "'");
    }
    error_sentence(status, number, "", buf_text(&details), err);
    buf_release(&details);
    return false;
}

bool my_error(struct db *db, const char *what, struct error *err)
{
    struct my_db *my = my_of(db);
    char sqlstate[6] = "HY000";

    assert(what);
    /* five letters and digits, or it is no SQLSTATE and is not shown */
    if (strspn(mysql_sqlstate(my->connection), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5)
        memcpy(sqlstate, mysql_sqlstate(my->connection), 5);
    my_error_number(my_status(my), mysql_errno(my->connection), sqlstate, err);
    return error_context(err, "%s", what);
}

/* Numbers of the class HY000 that an expression of the profile fails with while rows are read. */
static bool number_is_of_expression(unsigned number)
{
    static const unsigned numbers[] = {1105, 1111, 1139, 1267, 1270, 1271, 1300, 1365,
                                       1411, 1424, 1435, 1525, 1644, 1792, 3057, 3140,
                                       3141, 3143, 3146, 3149, 3150, 3156, 3903};

    return number_is_in(number, numbers, COUNT_OF(numbers)) || (number >= 3685 && number <= 3699) ||
           (number >= 4032 && number <= 4042);
}

bool my_error_expression(struct db *db, const char *what, struct error *err)
{
    assert(what);
    struct my_db *my = my_of(db);
    unsigned number = mysql_errno(my->connection);
    const char *sqlstate = mysql_sqlstate(my->connection);

    my_error(db, what, err);
    if (err->status == STATUS_INTERRUPTED || my_number_is_denial(number) ||
        my_number_is_loss(number))
        return false;
    if (number_is_of_expression(number) || strncmp(sqlstate, "21", 2) == 0 ||
        strncmp(sqlstate, "22", 2) == 0 || strncmp(sqlstate, "42", 2) == 0 ||
        strncmp(sqlstate, "45", 2) == 0 || strcmp(sqlstate, "25006") == 0)
        err->status = STATUS_PROFILE;
    return false;
}
