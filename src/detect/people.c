/* Tells tables of people by their names and columns. */
#include "detect/people.h"

/* An e-mail address or phone beside somebody's name, or a first beside a family name. */
static bool has_personal_columns(const struct names *names, const struct table *table)
{
    bool has_contact = false, has_name = false, has_first = false, has_family = false;

    for (size_t c = 0; c < table->column_count; c++) {
        const struct column *column = table->columns[c];
        if (column->type->kind != KIND_TEXT)
            continue;
        switch (name_meaning(names, column->name)) {
        case MEANING_EMAIL:
            has_contact = true;
            break;
        case MEANING_FIRST_NAME:
            has_first = true;
            break;
        case MEANING_FAMILY_NAME:
            has_family = true;
            break;
        case MEANING_FULL_NAME:
        case MEANING_USER_NAME:
        case MEANING_NAME:
            has_name = true;
            break;
        default:
            break;
        }
    }
    return (has_first && has_family && has_contact) || (has_contact && has_name);
}

static bool leads_to_people(const struct graph *graph, const struct table *table,
                            const bool *is_people)
{
    const struct edge_list *up = &graph->up[table->index];

    for (size_t e = 0; e < up->count; e++)
        if (up->edges[e]->parent != table && is_people[up->edges[e]->parent->index])
            return true;
    return false;
}

bool people_find(const struct graph *graph, const struct names *names, struct arena *arena,
                 bool **is_people, struct error *err)
{
    const struct catalog *catalog = graph->catalog;
    bool *found = ARENA_ARRAY(arena, catalog->table_count + 1, bool);
    bool *maybe = ARENA_ARRAY(arena, catalog->table_count + 1, bool);

    if (!found || !maybe)
        return error_memory(err);
    for (size_t t = 0; t < catalog->table_count; t++) {
        const struct table *table = catalog->tables[t];
        enum table_meaning meaning = table_name_meaning(names, table->name);
        bool has_key = table_identity(table) != NULL;
        found[t] = has_key && (meaning == TABLE_MEANING_PERSON || meaning == TABLE_MEANING_STAFF);
        maybe[t] = has_key && !found[t] &&
                   (meaning == TABLE_MEANING_LOGIN || has_personal_columns(names, table));
    }
    for (size_t t = 0; t < catalog->table_count; t++)
        maybe[t] = maybe[t] && !leads_to_people(graph, catalog->tables[t], found);
    for (size_t t = 0; t < catalog->table_count; t++)
        found[t] = found[t] || (maybe[t] && !leads_to_people(graph, catalog->tables[t], maybe));
    *is_people = found;
    return true;
}

/* What workers write into a row of a queue. */
static bool has_queue_columns(const struct table *table)
{
    static const char *const words[] = {"attempts", "payload", "locked at",    "locked by",
                                        "run at",   "queue",   "available at", "reserved at",
                                        "retries",  "handler", "processed at", "dequeued at"};
    size_t count = 0;

    for (size_t c = 0; c < table->column_count; c++)
        for (size_t i = 0; i < COUNT_OF(words); i++)
            count += name_has_words(table->columns[c]->name, words[i]);
    return count >= 2;
}

bool table_is_volatile(const struct graph *graph, const struct names *names,
                       const struct table *table)
{
    enum table_meaning meaning = table_name_meaning(names, table->name);
    const struct edge_list *down = &graph->down[table->index];

    if (meaning != TABLE_MEANING_VOLATILE &&
        !(meaning == TABLE_MEANING_QUEUE && has_queue_columns(table)))
        return false;
    for (size_t e = 0; e < down->count; e++)
        if (down->edges[e]->child != table && !down->edges[e]->is_nullable)
            return false;
    return true;
}

bool table_is_unsafe(const struct table *table)
{
    return table->storage && !table->is_transactional && !table->is_outside &&
           table->class != TABLE_FOREIGN;
}
