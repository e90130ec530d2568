/* Runs the contract's cases on the scripted server; see run. */
#include "case.h"
#include "support/catalog_builder.h"
#include "support/fake_driver.h"
#include <stdio.h>

const enum engine case_engine = ENGINE_POSTGRESQL;
const char *const case_superuser = "nobody";
const char *const case_slow = "true";

/* People as the servers have them, fewer; slow has more rows than a cancel leaves time for. */
static const struct span people[] = {SPAN_LITERAL("1\tn\n"), SPAN_LITERAL("2\t\n"),
                                     SPAN_LITERAL("3\t\\N\n"), SPAN_LITERAL("4\tm\n"),
                                     SPAN_LITERAL("5\to\n")};
static struct span numbers[200000];
static struct fake_rows tables[2];
static struct fake_script script = {.table_count = COUNT_OF(tables), .tables = tables};
static struct fake_db fakes[4];
static size_t fake_count;

static void fill(const struct builder *builder)
{
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        numbers[i] = SPAN_LITERAL("1\n");
    tables[0] = (struct fake_rows){
        .table = builder_find_table(builder, "people"), .count = COUNT_OF(people), .rows = people};
    tables[1] = (struct fake_rows){
        .table = builder_find_table(builder, "slow"), .count = COUNT_OF(numbers), .rows = numbers};
}

struct db_config case_config(enum db_side side, const char *user)
{
    UNUSED(user);
    return (struct db_config){.side = side, .engine = case_engine, .url = "fake"};
}

struct db *case_open(enum db_side side, const char *user)
{
    UNUSED(user);
    ck_assert_uint_lt(fake_count, COUNT_OF(fakes));
    fake_init(&fakes[fake_count], side, &script);
    fakes[fake_count].db.info.snapshot_readers = 2;
    return &fakes[fake_count++].db;
}

char *case_ask(const char *sql)
{
    ck_abort_msg("a scripted server runs no '%s'", sql);
    return NULL;
}

void case_kill(const char *user)
{
    ck_abort_msg("a scripted server has no user '%s'", user);
}

int main(void)
{
    Suite *suite = suite_create("fake_driver");
    struct builder *builder = builder_new();

    builder_table(builder, "public", "people");
    builder_column(builder, "id", "int4", 0);
    builder_column(builder, "name", "varchar(50)", 0);
    builder_primary(builder, "id");
    builder_table(builder, "public", "slow");
    builder_column(builder, "id", "int4", 0);
    script.catalog = (struct catalog *)(uintptr_t)builder_finish(builder);
    fill(builder);
    case_add_contract(suite);
    int result = case_main(suite);
    builder_free(builder);
    return result;
}
