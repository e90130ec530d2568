/* Which rights reading tables of MySQL and MariaDB takes, and what a catalog leaves out. */
#include "my_case.h"

struct catalog *case_catalog_of(const char *database, const char *user, struct db **db)
{
    case_database = database;
    *db = case_open(DB_SOURCE, user);
    return case_catalog(*db);
}

void case_catalog_close(struct catalog *catalog, struct db *db)
{
    catalog_free(catalog);
    db_close(db);
}

bool case_is_skipped(const struct catalog *catalog, const char *object)
{
    for (size_t i = 0; i < catalog->skipped_count; i++) {
        if (strcmp(catalog->skipped[i].object, object) == 0)
            return true;
    }
    return false;
}

static size_t copied_tables(const struct catalog *catalog, const struct table **tables)
{
    size_t count = 0;

    for (size_t i = 0; i < catalog->table_count; i++) {
        if (catalog->tables[i]->class != TABLE_FOREIGN && !catalog->tables[i]->is_outside)
            tables[count++] = catalog->tables[i];
    }
    return count;
}

static size_t denials_of(const char *user, struct denial_list *denials)
{
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", user, &db);
    const struct table **tables = arena_alloc(arena, catalog->table_count * sizeof(struct table *));
    struct error err = {0};

    *denials = (struct denial_list){.arena = arena};
    case_ok(db_find_denials(db, tables, copied_tables(catalog, tables), denials, &err), &err);
    case_catalog_close(catalog, db);
    return denials->count;
}

START_TEST(a_right_on_the_schema_or_by_a_role_is_enough)
{
    struct denial_list denials;

    ck_assert_uint_eq(denials_of("reader", &denials), 0);
    ck_assert_uint_eq(denials_of("roled", &denials), 0);
}
END_TEST

START_TEST(rights_on_some_columns_or_to_write_are_not)
{
    struct denial_list denials;
    struct db *db;

    ck_assert_uint_eq(denials_of("partly", &denials), 2);
    ck_assert_str_eq(denials.items[0].what, "may not read table 'shop.changed'");
    ck_assert_str_eq(denials.items[0].grant, "GRANT SELECT ON `shop`.`changed` TO 'partly'@'%'");
    ck_assert_str_eq(denials.items[1].what, "may not read table 'shop.secret'");

    struct catalog *catalog = case_catalog_of("shop", "partly", &db);
    ck_assert(case_is_skipped(catalog, "further tables of schema shop"));
    case_catalog_close(catalog, db);
}
END_TEST

void case_add_my_rights(Suite *suite)
{
    TCase *tcase = case_new(suite, "rights");

    tcase_add_test(tcase, a_right_on_the_schema_or_by_a_role_is_enough);
    tcase_add_test(tcase, rights_on_some_columns_or_to_write_are_not);
}
