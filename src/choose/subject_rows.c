/* Rows for each subject, for the plan: how many subjects there are, and how many rows the greatest
 * of them has. Rows are counted by what their way up begins with, since the rest of the way may be
 * read later; one number is held for each such reference, not for each row. */
#include "choose/state.h"

bool subject_rows_wanted(const struct chooser *chooser, const struct table_state *table)
{
    const struct bound_table *bound = table->bound;

    if (!chooser->subject_rows || bound->is_subject_shared || !bound->subject)
        return false;
    for (size_t i = 0; i < bound->column_count; i++)
        if (bound->columns[i].needs & NEED_SUBJECT)
            return true;
    return false;
}

bool subject_rows_add(struct chooser *chooser, const struct subject_entry *entry, struct error *err)
{
    bool is_new;
    uint64_t *rows = map_put(chooser->subject_rows, span_make(entry, sizeof(*entry)), 0, &is_new);

    assert(entry->padding == 0);
    if (!rows)
        return error_memory(err);
    ++*rows;
    return true;
}

bool subject_rows_settle(const struct chooser *chooser, struct selection *selection,
                         struct error *err)
{
    AUTO(map) struct map *subjects = map_new();
    struct subject_entry entry;
    bool is_new;

    if (!chooser->subject_rows)
        return true;
    for (size_t i = 0; subjects && i < map_count(chooser->subject_rows); i++) {
        assert(map_key(chooser->subject_rows, i).len == sizeof(entry));
        memcpy(&entry, map_key(chooser->subject_rows, i).ptr, sizeof(entry));

        const uint64_t subject = subject_resolve(chooser, entry);
        uint64_t *rows = map_put(subjects, span_make(&subject, sizeof(subject)), 0, &is_new);

        if (!rows)
            return error_memory(err);
        *rows += map_value(chooser->subject_rows, i);
        selection->subject_rows += map_value(chooser->subject_rows, i);
        if (*rows > selection->subject_rows_most)
            selection->subject_rows_most = *rows;
    }
    if (!subjects)
        return error_memory(err);
    selection->subject_count = map_count(subjects);
    selection->has_subject_rows = true;
    return true;
}
