/* Where a relation can be cut for reads of a part: between the least and the greatest value of the
 * first column of its key. */
#include "db/my_address.h"
#include "db/my_conn.h"
#include "db/my_select.h"

#define ROWS_A_STEP   128 /* about as many as PostgreSQL has on a page */
#define HASHES_A_STEP (UINT64_C(1) << 32)

static bool ends_ask(struct db *db, const struct table *table, const struct column *column,
                     struct my_result *result, struct error *err)
{
    struct buf sql;

    buf_init(&sql, 4096);
    buf_add_text(&sql, "SELECT MIN(");
    my_add_column(&sql, column);
    buf_add_text(&sql, "), MAX(");
    my_add_column(&sql, column);
    buf_add_text(&sql, ") FROM ");
    my_add_from(&sql, table);
    bool is_asked = buf_ok(&sql) ? my_query(db, buf_text(&sql), result, err) : error_memory(err);
    buf_release(&sql);
    return is_asked;
}

/* The address that begins with this value of the first column: the least, or the greatest. */
static bool end_pack(const struct key *key, struct span first, bool is_greatest, uint64_t *address)
{
    const unsigned bits = my_address_bits(key->columns[0]);
    const struct key alone = {.column_count = 1, .columns = key->columns};
    unsigned below = 0;

    for (size_t i = 1; i < key->column_count; i++)
        below += my_address_bits(key->columns[i]);
    assert(bits + below <= 64);
    if (!my_address_pack(&alone, &first, address))
        return false;
    if (below > 0)
        *address = *address << below | (is_greatest ? (UINT64_C(1) << below) - 1 : 0);
    return true;
}

/* The server gives the least of some bits as a number, and there are never many rows. */
static bool is_ordered(const struct relation *relation)
{
    return relation->address_class == ADDRESS_PLACE &&
           strcmp(relation->address_key->columns[0]->type->name, "bit") != 0;
}

static void step_set(const struct table *table, struct address_range *range)
{
    const double rows = table->row_estimate > 0 ? table->row_estimate : 1;
    const double addresses = (double)(range->high - range->low);
    const double step = addresses / rows * ROWS_A_STEP;

    range->step = step < 1 ? 1 : step >= addresses ? range->high - range->low : (uint64_t)step;
}

bool my_address_range(struct db *db, const struct table *table, const struct relation *relation,
                      struct address_range *range, struct error *err)
{
    struct my_result result = {0};
    uint64_t low = 0, high = 0;
    bool is_known = true;

    if (!is_ordered(relation)) {
        range->high = UINT64_MAX;
        range->step = HASHES_A_STEP;
        return true;
    }
    if (!ends_ask(db, table, relation->address_key->columns[0], &result, err))
        return error_context(err, "table '%s'", table->label);
    const struct span least = my_cell(&result, 0, 0), greatest = my_cell(&result, 0, 1);
    if (!span_is_null(least))
        is_known = end_pack(relation->address_key, least, false, &low) &&
                   end_pack(relation->address_key, greatest, true, &high);
    if (is_known && !span_is_null(least) && high < UINT64_MAX)
        high++;
    my_result_release(&result);
    if (!is_known)
        return error_set(err, my_status(my_of(db)), "table '%s': a key is no integer of its column",
                         table->label);
    range->is_divisible = true;
    range->low = low;
    range->high = high;
    assert(low <= high);
    step_set(table, range);
    return true;
}
