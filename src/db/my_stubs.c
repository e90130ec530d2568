/* Functions of the contract that MySQL does not have yet. */
#include "db/my_conn.h"

static bool error_missing(struct error *err)
{
    return error_set(err, STATUS_BUG, "this part of MySQL is not there yet");
}

bool my_lock_tables(struct db *db, const struct table *const *tables, size_t count,
                    struct error *err)
{
    UNUSED(db);
    UNUSED(tables);
    UNUSED(count);
    return error_missing(err);
}

bool my_read_catalog(struct db *db, struct catalog **catalog, struct error *err)
{
    UNUSED(db);
    UNUSED(catalog);
    return error_missing(err);
}

bool my_find_denials(struct db *db, const struct table *const *tables, size_t count,
                     struct denial_list *denials, struct error *err)
{
    UNUSED(db);
    UNUSED(tables);
    UNUSED(count);
    UNUSED(denials);
    return error_missing(err);
}

bool my_wide_expression(const struct column *column, struct arena *arena, const char **expression,
                        struct error *err)
{
    UNUSED(column);
    UNUSED(arena);
    UNUSED(expression);
    return error_missing(err);
}

bool my_check_sql(struct db *db, const struct table *table, const char *fragment, const char *kind,
                  struct error *err)
{
    UNUSED(db);
    UNUSED(table);
    UNUSED(fragment);
    UNUSED(kind);
    return error_missing(err);
}

bool my_count(struct db *db, const struct table *table, const char *where, int64_t most,
              int64_t *count, struct error *err)
{
    UNUSED(db);
    UNUSED(table);
    UNUSED(where);
    UNUSED(most);
    UNUSED(count);
    return error_missing(err);
}

bool my_address_range(struct db *db, const struct table *table, const struct relation *relation,
                      struct address_range *range, struct error *err)
{
    UNUSED(db);
    UNUSED(table);
    UNUSED(relation);
    UNUSED(range);
    return error_missing(err);
}

bool my_book_new(struct my_book **book, struct error *err)
{
    UNUSED(err);
    *book = NULL;
    return true;
}

void my_book_hold(struct my_book *book)
{
    UNUSED(book);
}

void my_book_drop(struct my_book *book)
{
    UNUSED(book);
}

bool my_resolve(struct db *db, const struct table *table, const struct relation *relation,
                const struct bitmap *addresses, struct error *err)
{
    UNUSED(db);
    UNUSED(table);
    UNUSED(relation);
    UNUSED(addresses);
    return error_missing(err);
}

bool my_read_begin(struct db *db, const struct read *read, struct error *err)
{
    UNUSED(db);
    UNUSED(read);
    return error_missing(err);
}

bool my_read_next(struct db *db, struct batch *batch, bool *more, struct error *err)
{
    UNUSED(db);
    UNUSED(batch);
    UNUSED(more);
    return error_missing(err);
}

bool my_read_end(struct db *db, struct error *err)
{
    UNUSED(db);
    return error_missing(err);
}

void my_read_release(struct my_read *read)
{
    UNUSED(read);
}
