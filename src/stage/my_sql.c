/* Statements from a format and their pieces, quoted as each must be. */
#include "stage/my_stage.h"

#include <stdarg.h>
#include <string.h>

#define STATEMENT_MAX ((size_t)1 << 28)

static void format_piece(struct buf *sql, char what, va_list *args)
{
    switch (what) {
    case 'n':
        my_quote_name(sql, va_arg(*args, const char *));
        break;
    case 't':
        my_quote_literal(sql, span_of(va_arg(*args, const char *)));
        break;
    case 's':
        buf_add_text(sql, va_arg(*args, const char *));
        break;
    case 'd':
        buf_add_integer(sql, va_arg(*args, int));
        break;
    case 'l':
        buf_add_integer(sql, va_arg(*args, long long));
        break;
    default:
        assert(what == '%');
        buf_add_char(sql, what);
        break;
    }
}

static void format_all(struct buf *sql, const char *format, va_list *args)
{
    assert(sql && format);
    for (const char *at = format; *at; at++) {
        if (*at != '%') {
            buf_add_char(sql, *at);
            continue;
        }
        at++;
        assert(*at);
        format_piece(sql, *at, args);
    }
}

void my_format(struct buf *sql, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    format_all(sql, format, &args);
    va_end(args);
}

bool my_do(struct db *db, struct error *err, const char *format, ...)
{
    struct buf sql;
    va_list args;

    assert(db && format);
    buf_init(&sql, STATEMENT_MAX);
    va_start(args, format);
    format_all(&sql, format, &args);
    va_end(args);
    bool is_done = buf_ok(&sql) ? my_run(db, buf_text(&sql), err) : error_memory(err);
    buf_release(&sql);
    return is_done;
}

bool my_ask(struct db *db, struct my_result *result, struct error *err, const char *format, ...)
{
    struct buf sql;
    va_list args;

    assert(db && result && format);
    buf_init(&sql, STATEMENT_MAX);
    va_start(args, format);
    format_all(&sql, format, &args);
    va_end(args);
    bool is_done = buf_ok(&sql) ? my_query(db, buf_text(&sql), result, err) : error_memory(err);
    buf_release(&sql);
    return is_done;
}

/* The host holds no @, the user may. */
const char *my_account(const char *user, struct arena *arena)
{
    const char *at = strrchr(user, '@');
    const char *name = at ? arena_strndup(arena, user, (size_t)(at - user)) : user;
    const char *account = NULL;
    struct buf quoted;

    assert(user && arena);
    if (!name)
        return NULL;
    buf_init(&quoted, 4096);
    my_quote_name(&quoted, name);
    if (at)
        my_format(&quoted, "@%n", at + 1);
    if (buf_ok(&quoted))
        account = arena_strndup(arena, quoted.ptr, quoted.len);
    buf_release(&quoted);
    return account;
}
