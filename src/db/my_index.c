/* Which index to name where rows are looked up by several columns. */
#include "db/my_select.h"

static bool is_sought(const struct column *column, const struct column *const *columns,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i] == column)
            return true;
    return false;
}

/* Its first columns are those sought. */
static bool index_serves(const struct index *index, const struct column *const *columns,
                         size_t count)
{
    if (!index->name || index->is_partial || index->column_count < count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!is_sought(index->columns[i], columns, count))
            return false;
    return true;
}

const struct index *my_index_find(const struct table *table, const struct column *const *columns,
                                  size_t count)
{
    const struct index *best = NULL;

    assert(count > 0);
    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];

        if (index_serves(index, columns, count) &&
            (!best || index->column_count < best->column_count))
            best = index;
    }
    return best;
}
