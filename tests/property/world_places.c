/* Where each row is, asked of the server by its column n. On PostgreSQL it is the server that says
 * a row's ctid. On MySQL an address is the program's own number, so there the driver is asked,
 * which its own tests hold to account; what is tested here is which rows are chosen. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

bool selection_has(const struct selected_table *table, const struct place *place)
{
    const struct selected_relation *relation = &table->relations[place->relation];

    assert(place->relation < table->relation_count);
    return relation->is_everything || bitmap_has(relation->rows, place->address);
}

int cell_number(enum engine engine, struct span cell)
{
    char text[20];

    if (engine == ENGINE_POSTGRESQL)
        return (unsigned char)cell.ptr[3];
    snprintf(text, sizeof(text), "%.*s", (int)cell.len, cell.ptr);
    return (int)strtol(text, NULL, 10);
}

static void pg_places(const struct table *table, int t, struct server *server, struct place *places)
{
    struct answer rows;
    char sql[100];

    snprintf(sql, sizeof(sql), "SELECT tableoid, ctid, n FROM w.t%d", t);
    server_ask(server, sql, &rows);
    for (size_t i = 0; i < rows.rows; i++) {
        unsigned block = 0, offset = 0;
        struct place *place = &places[answer_number(&rows, i, 2)];
        sscanf(answer_text(&rows, i, 1), "(%u,%u)", &block, &offset);
        place->address = (uint64_t)block << 16 | offset;
        for (size_t r = 0; r < table->relation_count; r++)
            if (table->relations[r].oid == (uint32_t)answer_number(&rows, i, 0)) {
                place->relation = (uint16_t)r;
                place->is_there = true;
            }
    }
    answer_release(&rows);
}

static void my_places(const struct table *table, struct db *leader, struct place *places)
{
    const struct field field = {.column = table_find_column(table, "n")};
    struct read read = {.table = table,
                        .field_count = 1,
                        .fields = &field,
                        .codec = codec_of(ENGINE_MYSQL),
                        .with_address = true};
    struct batch batch;
    struct error err = {0};
    bool more = true;

    if (!batch_init(&batch, 100, 1, &err) || !db_read_begin(leader, &read, &err))
        more = false;
    while (more && db_read_next(leader, &batch, &more, &err))
        for (uint32_t r = 0; r < batch.rows; r++)
            places[cell_number(ENGINE_MYSQL, batch.cells[r])] =
                (struct place){true, batch.relations[r], batch.addresses[r]};
    batch_release(&batch);
    if (err.status == STATUS_OK)
        return;
    fprintf(stderr, "property: places: %s: %s\n", err.context, err.cause);
    exit(2);
}

void world_places(const struct world *world, const struct bound_world *bound, int t,
                  struct server *server, struct db *leader, struct place *places)
{
    for (int n = 0; n < ROWS_MOST; n++)
        places[n] = (struct place){0};
    if (world->engine == ENGINE_MYSQL)
        my_places(bound->tables[t], leader, places);
    else
        pg_places(bound->tables[t], t, server, places);
}
