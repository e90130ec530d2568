/* Looks for the keys of addresses that nobody has noted: one pass over the key's columns. */
#include "db/my_read.h"

#define BATCH_ROWS 4096

static bool rows_pass(struct db *db, struct batch *batch, struct error *err)
{
    bool more = true;

    while (more)
        if (!my_read_next(db, batch, &more, err))
            return false;
    return true;
}

static bool keys_read(struct db *db, const struct table *table, const struct relation *relation,
                      const struct bitmap *wanted, struct error *err)
{
    const struct field field = {.expression = "NULL"};
    const struct read read = {.table = table,
                              .relation = relation,
                              .field_count = 1,
                              .fields = &field,
                              .codec = &codec_my,
                              .by = READ_ALL,
                              .with_address = true};
    struct batch batch = {0};
    bool is_read = batch_init(&batch, BATCH_ROWS, 1, err) &&
                   my_read_begin_resolving(db, &read, wanted, err) && rows_pass(db, &batch, err);

    batch_release(&batch);
    return is_read;
}

/* Adds an address to `unknown`, made when it is needed, unless its key is noted. */
static bool unknown_add(struct my_db *my, const struct table *table, uint64_t address,
                        struct bitmap **unknown, struct error *err)
{
    struct span noted;
    bool is_new;

    if (my_book_find(my->book, table, address, &noted))
        return true;
    if (!*unknown)
        *unknown = bitmap_new();
    return (*unknown && bitmap_add(*unknown, address, &is_new)) || error_memory(err);
}

bool my_resolve(struct db *db, const struct table *table, const struct relation *relation,
                const struct bitmap *addresses, struct error *err)
{
    struct my_db *my = my_of(db);
    AUTO(bitmap) struct bitmap *unknown = NULL;
    struct bitmap_cursor cursor;
    uint64_t found[512];
    size_t got;

    assert(relation->address_class == ADDRESS_KEY);
    if (!my->book && !my_book_new(&my->book, err))
        return false;
    bitmap_cursor_init(&cursor, addresses);
    while ((got = bitmap_next(&cursor, found, COUNT_OF(found))) > 0)
        for (size_t i = 0; i < got; i++)
            if (!unknown_add(my, table, found[i], &unknown, err))
                return false;
    return !unknown || keys_read(db, table, relation, unknown, err);
}

bool my_resolve_list(struct db *db, const struct read *read, struct error *err)
{
    struct my_db *my = my_of(db);
    AUTO(bitmap) struct bitmap *unknown = NULL;

    if (!my->book && !my_book_new(&my->book, err))
        return false;
    for (size_t i = 0; i < read->address_count; i++)
        if (!unknown_add(my, read->table, read->addresses[i], &unknown, err))
            return false;
    return !unknown || keys_read(db, read->table, my_relation(read), unknown, err);
}

size_t my_memory(const struct db *db)
{
    const struct my_db *my = (const struct my_db *)db; /* base is its first member */

    return my->book ? my_book_bytes(my->book) : 0;
}
