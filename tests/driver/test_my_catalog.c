/* What the catalog says of the test schema on MySQL and MariaDB. */
#include "base/clock.h"
#include "my_case.h"

static bool has_table(const struct catalog *catalog, const char *schema, const char *name)
{
    bool is_ambiguous;

    return catalog_find_table(catalog, schema, name, &is_ambiguous) != NULL;
}

START_TEST(names_of_any_shape_come_through)
{
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);
    const struct table *table = case_table(catalog, "select `from`\nwhere.\xc3\xa9 \"x\"");
    const struct edge *edge = case_edge(catalog, "odd `fk");

    ck_assert_str_eq(table->columns[0]->name, "a.b `c");
    ck_assert_ptr_nonnull(table_find_column(table, "\xc3\xbcml\xc3\xa4ut 'n'"));
    ck_assert_ptr_nonnull(table_find_column(
        table, "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz01"));
    ck_assert_ptr_null(strchr(table->label, '\n'));
    ck_assert_ptr_eq(table->indexes[0].columns[0]->table, table);
    ck_assert_ptr_eq(edge->parent, table);
    ck_assert_int_eq(strlen(edge->child->name), 64);
    ck_assert_str_eq(catalog->default_schema, "shop");
    ck_assert_ptr_nonnull(strstr(catalog->identity, "/shop"));
    case_catalog_close(catalog, db);
}
END_TEST

static const struct column *column_of(const struct catalog *catalog, const char *name)
{
    const struct column *column = table_find_column(case_table(catalog, "every_type"), name);

    ck_assert_msg(column != NULL, "no column %s", name);
    return column;
}

START_TEST(types_have_the_kind_their_column_means)
{
    static const struct {
        const char *column, *name;
        enum kind kind;
        unsigned width;
    } expected[] = {
        {"t1", "tinyint", KIND_INTEGER, 1},
        {"t1u", "tinyint unsigned", KIND_INTEGER, 1},
        {"i2", "smallint", KIND_INTEGER, 2},
        {"i3u", "mediumint unsigned", KIND_INTEGER, 3},
        {"i8u", "bigint unsigned", KIND_INTEGER, 8},
        {"filled", "int unsigned", KIND_INTEGER, 4},
        {"y", "year", KIND_INTEGER, 2},
        {"bits", "bit", KIND_INTEGER, 8},
        {"n", "decimal", KIND_DECIMAL, 0},
        {"nu", "decimal unsigned", KIND_DECIMAL, 0},
        {"f4", "float", KIND_REAL, 4},
        {"f8u", "double unsigned", KIND_REAL, 8},
        {"c", "char", KIND_TEXT, 0},
        {"lt", "longtext", KIND_TEXT, 0},
        {"by1", "binary", KIND_BYTES, 0},
        {"lb", "longblob", KIND_BYTES, 0},
        {"d", "date", KIND_DATE, 0},
        {"ti", "time", KIND_TIME, 0},
        {"dt", "datetime", KIND_TIMESTAMP, 0},
        {"ts", "timestamp", KIND_INSTANT, 0},
        {"e", "enum", KIND_ENUM, 0},
        {"s", "set", KIND_ENUM, 0},
        {"j", "json", KIND_JSON, 0},
        {"g", "geometry", KIND_OTHER, 0},
    };
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);

    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const struct type *type = column_of(catalog, expected[i].column)->type;

        ck_assert_msg(type->kind == expected[i].kind, "%s", expected[i].column);
        ck_assert_str_eq(type->name, expected[i].name);
        ck_assert_str_eq(type->schema, "");
        ck_assert_uint_eq(type->width, expected[i].width);
        ck_assert(type->has_binary);
    }
    ck_assert(column_of(catalog, "i8u")->type->is_unsigned);
    ck_assert(column_of(catalog, "bit1")->type->is_unsigned);
    ck_assert(!column_of(catalog, "i8")->type->is_unsigned);
    ck_assert(column_of(catalog, "flag")->type->is_flag);
    ck_assert(column_of(catalog, "bit1")->type->is_flag);
    ck_assert(!column_of(catalog, "t1")->type->is_flag);
    ck_assert_ptr_eq(column_of(catalog, "id")->type, column_of(catalog, "last")->type);
    case_catalog_close(catalog, db);
}
END_TEST

START_TEST(limits_are_those_of_the_server)
{
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);

    ck_assert_int_eq(column_of(catalog, "bits")->modifier, 20);
    ck_assert_int_eq(column_of(catalog, "i8")->modifier, -1);
    ck_assert_int_eq(column_of(catalog, "n0")->precision, 65);
    ck_assert_int_eq(column_of(catalog, "n0")->scale, 30);
    ck_assert_int_eq(column_of(catalog, "f8")->precision, 0);
    ck_assert_int_eq(column_of(catalog, "v")->max_length, 50);
    ck_assert_int_eq(column_of(catalog, "tt")->max_length, 63);
    ck_assert_int_eq(column_of(catalog, "t")->max_length, 16383);
    ck_assert_int_eq(column_of(catalog, "lt")->max_length, 0);
    ck_assert_int_eq(column_of(catalog, "by1")->max_length, 16);
    ck_assert_int_eq(column_of(catalog, "bl")->max_length, 65535);
    ck_assert_int_eq(column_of(catalog, "ti3")->precision, 3);
    ck_assert_int_eq(column_of(catalog, "dt")->precision, 0);
    ck_assert_int_eq(column_of(catalog, "dt6")->precision, 6);
    ck_assert_str_eq(column_of(catalog, "v")->type_text, "varchar(50)");
    case_catalog_close(catalog, db);
}
END_TEST

START_TEST(labels_are_read_to_the_letter)
{
    static const char *const expected[] = {"sad",          "it's, ok", "happy", "",
                                           "na\xc3\xafve", "a\\b",     "l\nf"};
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);
    const struct type *type = column_of(catalog, "e")->type;

    ck_assert_uint_eq(type->label_count, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        ck_assert_str_eq(type->labels[i], expected[i]);
    ck_assert(type->class == TYPE_ENUM && !type->is_set);
    type = column_of(catalog, "s")->type;
    ck_assert(type->class == TYPE_ENUM && type->is_set);
    ck_assert_uint_eq(type->label_count, 3);
    ck_assert_str_eq(type->labels[1], "b'c");
    case_catalog_close(catalog, db);
}
END_TEST

struct equality {
    const char *column, *charset;
    bool is_padded, is_case_insensitive, folds_accents, is_nondeterministic;
};

static void equality_check(const struct catalog *catalog, const struct equality *expected)
{
    const struct column *column = column_of(catalog, expected->column);

    ck_assert_str_eq(column->type->charset, expected->charset);
    ck_assert_msg(column->type->is_padded == expected->is_padded &&
                      column->type->is_case_insensitive == expected->is_case_insensitive &&
                      column->type->folds_accents == expected->folds_accents &&
                      column->is_nondeterministic == expected->is_nondeterministic,
                  "%s", expected->column);
}

START_TEST(collations_say_what_is_equal)
{
    static const struct equality both[] = {
        {"vbin", "utf8mb4", true, false, false, false},
        {"cbin", "ascii", true, false, false, false},
        {"latin", "latin1", true, true, true, false},
        {"cs", "latin1", true, false, false, false},
        {"uni", "utf8mb4", true, true, true, false},
        {"danish", "utf8mb4", true, true, true, true},
        {"ucs", "utf16", true, true, true, false},
        {"nopad", "utf8mb4", false, true, true, false},
    };
    static const struct equality mysql[] = {
        {"as_cs", "utf8mb4", false, false, false, false},
        {"bin9", "utf8mb4", false, false, false, false},
    };
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);

    for (size_t i = 0; i < COUNT_OF(both); i++)
        equality_check(catalog, &both[i]);
    for (size_t i = 0; i < COUNT_OF(mysql) && !case_is_mariadb(); i++)
        equality_check(catalog, &mysql[i]);
    ck_assert(column_of(catalog, "c")->type->is_padded);
    ck_assert_str_eq(column_of(catalog, "e")->type->charset, "utf8mb4");
    ck_assert_ptr_null(column_of(catalog, "by1")->type->charset);
    case_catalog_close(catalog, db);
}
END_TEST

START_TEST(types_of_mariadb_alone_are_known)
{
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);

    if (case_is_mariadb()) {
        ck_assert_int_eq(column_of(catalog, "u")->type->kind, KIND_UUID);
        ck_assert_int_eq(column_of(catalog, "ip")->type->kind, KIND_INET);
        ck_assert_int_eq(column_of(catalog, "ip6")->type->kind, KIND_INET);
        ck_assert_int_eq(column_of(catalog, "checked")->type->kind, KIND_JSON);
        ck_assert_str_eq(column_of(catalog, "j")->type->charset, "utf8mb4");
        ck_assert_uint_eq(case_table(catalog, "every_type")->check_count, 0);
        ck_assert_str_eq(table_find_column(case_table(catalog, "compressed"), "body")->type_text,
                         "text");
        ck_assert_str_eq(table_find_column(case_table(catalog, "numbered"), "id")->sequence,
                         "`shop`.`numbers`");
        ck_assert(!has_table(catalog, NULL, "numbers"));
    } else {
        ck_assert_ptr_null(column_of(catalog, "j")->type->charset);
        ck_assert_int_eq(column_of(catalog, "vec")->modifier, 3);
        ck_assert_int_eq(column_of(catalog, "placed")->modifier, 4326);
    }
    case_catalog_close(catalog, db);
}
END_TEST

START_TEST(columns_say_who_fills_them)
{
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);
    const struct table *customers = case_table(catalog, "customers");
    const struct table *orders = case_table(catalog, "orders");

    ck_assert_int_eq(table_find_column(customers, "id")->identity, 'd');
    ck_assert_int_eq(table_find_column(customers, "email")->identity, 0);
    ck_assert_str_eq(table_find_column(customers, "id")->comment, "who");
    ck_assert_ptr_null(table_find_column(customers, "email")->comment);
    ck_assert_str_eq(customers->comment, "who buys");
    ck_assert(table_find_column(customers, "name")->is_not_null);
    ck_assert(!table_find_column(customers, "email")->is_not_null);
    ck_assert_ptr_null(table_find_column(customers, "email")->default_text);
    ck_assert_str_eq(table_find_column(customers, "born")->default_text, "'1970-01-01'");
    ck_assert(table_find_column(customers, "hidden")->is_invisible);
    ck_assert(!table_find_column(customers, "born")->is_invisible);
    ck_assert(table_find_column(orders, "twice")->is_generated);
    ck_assert(!table_find_column(orders, "twice")->is_virtual);
    ck_assert(table_find_column(orders, "thrice")->is_virtual);
    ck_assert_ptr_null(table_find_column(orders, "thrice")->default_text);
    ck_assert_int_eq(table_find_column(orders, "body")->number, 8);
    case_catalog_close(catalog, db);
}
END_TEST

static const struct key *key_of(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->key_count; i++) {
        if (strcmp(table->keys[i]->name, name) == 0)
            return table->keys[i];
    }
    ck_abort_msg("no key %s", name);
    return NULL;
}

START_TEST(keys_say_what_they_are)
{
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);
    const struct table *odd = case_table(catalog, "odd_keys");

    ck_assert(key_of(odd, "by_prefix")->is_partial && !key_of(odd, "by_both")->is_partial);
    ck_assert_ptr_null(odd->primary);
    ck_assert_ptr_eq(table_identity(odd), key_of(odd, "by_both"));
    ck_assert_str_eq(key_of(odd, "by_both")->columns[0]->name, "b");
    ck_assert_ptr_null(table_identity(case_table(catalog, "keyless")));
    ck_assert_ptr_eq(odd->relations[0].address_key, key_of(odd, "by_both"));
    ck_assert_int_eq(odd->relations[0].address_class, ADDRESS_PLACE);
    ck_assert_int_eq(case_table(catalog, "ledger")->relations[0].address_class, ADDRESS_KEY);
    ck_assert_int_eq(case_table(catalog, "keyless")->relations[0].address_class, ADDRESS_ROW);
    for (size_t i = 0; i < odd->index_count; i++)
        ck_assert(odd->indexes[i].column_count != 2 ||
                  strcmp(odd->indexes[i].columns[0]->name, "c") != 0); /* hidden_one */
    if (!case_is_mariadb()) {
        ck_assert(key_of(odd, "by_sum")->is_expression);
        ck_assert(key_of(odd, "by_mixed")->is_expression);
        ck_assert_uint_eq(key_of(odd, "by_mixed")->column_count, 1);
    } else {
        const struct table *hashed = case_table(catalog, "hashed_key");
        const struct key *period = key_of(case_table(catalog, "periods"), "id");

        ck_assert(hashed->key_count == 1 && hashed->index_count == 0);
        ck_assert(period->is_exclusion && period->is_equal[0] && !period->is_equal[1]);
        ck_assert(!key_of(case_table(catalog, "spans"), "plain")->is_exclusion);
        ck_assert_uint_eq(case_table(catalog, "versioned_plainly")->primary->column_count, 1);
    }
    case_catalog_close(catalog, db);
}
END_TEST

START_TEST(sixteen_bytes_in_a_key_are_a_uuid)
{
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);
    const struct table *users = case_table(catalog, "users");
    const struct table *sessions = case_table(catalog, "sessions");

    ck_assert_int_eq(table_find_column(users, "id")->type->kind, KIND_UUID);
    ck_assert_str_eq(table_find_column(users, "id")->type->name, "binary");
    ck_assert_int_eq(table_find_column(users, "payload")->type->kind, KIND_BYTES);
    ck_assert_int_eq(table_find_column(users, "tag")->type->kind, KIND_BYTES);
    ck_assert_int_eq(table_find_column(sessions, "user_id")->type->kind, KIND_UUID);
    ck_assert_int_eq(table_find_column(sessions, "other_bytes")->type->kind, KIND_BYTES);
    ck_assert(case_edge(catalog, "sessions_user")->is_bytes_equal);
    case_catalog_close(catalog, db);
}
END_TEST

START_TEST(foreign_keys_say_what_they_are)
{
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "root", &db);
    const struct edge *ledger = case_edge(catalog, "entries_ledger");
    const struct edge *email = case_edge(catalog, "orders_email");
    const struct edge *orders = case_edge(catalog, "orders_customer");
    const struct edge *self = case_edge(catalog, "customers_referrer");

    ck_assert_str_eq(ledger->name, "shop.entries(region, number) -> shop.ledger(region, number)");
    ck_assert(ledger->is_bytes_equal && ledger->is_all_nullable && ledger->parent_is_indexed);
    ck_assert_str_eq(ledger->equals[1], "=");
    ck_assert(ledger->on_delete == 'a' || ledger->on_delete == 'r');
    ck_assert(!email->is_bytes_equal && !edge_is_exact(email) && edge_is_exact(ledger));
    ck_assert_int_eq(orders->on_delete, 'c');
    ck_assert(!orders->is_nullable && orders->child_is_indexed && orders->is_bytes_equal);
    ck_assert_int_eq(self->on_delete, 'n');
    ck_assert(self->child == self->parent && self->is_nullable);
    case_catalog_close(catalog, db);
    catalog = case_catalog_of("shop", "reader", &db);
    ck_assert_int_eq(case_edge(catalog, "orders_customer")->on_delete,
                     case_is_mariadb() ? '?' : 'c');
    case_catalog_close(catalog, db);
}
END_TEST

START_TEST(parents_in_other_schemas_are_stubs)
{
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);
    const struct edge *country = case_edge(catalog, "customers_country");
    const struct edge *outer = case_edge(catalog, "outer_parent");

    ck_assert(country->parent->is_outside && outer->parent->is_outside);
    ck_assert_str_eq(country->parent->label, "other.countries");
    ck_assert_uint_eq(country->parent->column_count, 1);
    ck_assert_str_eq(outer->parent_columns[1]->name, "b.c");
    ck_assert(outer->parent_is_indexed && column_is_unique(country->parent_columns[0]));
    ck_assert(!case_table(catalog, "customers")->is_outside);
    case_catalog_close(catalog, db);
}
END_TEST

static const struct check *check_of(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->check_count; i++) {
        if (strcmp(table->checks[i].name, name) == 0)
            return &table->checks[i];
    }
    ck_abort_msg("no check %s", name);
    return NULL;
}

START_TEST(checks_read_as_those_of_postgresql)
{
    static const struct {
        const char *name, *expression;
        size_t columns;
    } expected[] = {
        {"price_is_positive", "(price > 0)", 1},
        {"price_between", "((price >= 1) AND (price <= 1000.50))", 1},
        {"low_below", "(low < high)", 2},
        {"status_listed", "(status = ANY (ARRAY['open', 'it''s', 'paid']))", 1},
        {"code_length", "((char_length(code) <= 10) AND (code <> ''))", 1},
        {"mail_like", "(mail ~~ '%@%')", 1},
        {"mail_regexp", "(mail ~ '^[^@]+@[^@]+$')", 1},
        {"odd_positive", "((\"odd `name\" >= -5) AND (\"odd `name\" < 100))", 1},
        {"kind_either", "((kind = 'a') OR (kind = 'b'))", 1},
        {"code_null", "((code IS NOT NULL) OR (mail IS NULL))", 2},
    };
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);
    const struct table *table = case_table(catalog, "checked");

    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const struct check *check = check_of(table, expected[i].name);

        ck_assert_str_eq(check->expression, expected[i].expression);
        ck_assert_uint_eq(check->column_count, expected[i].columns);
        ck_assert(!check->is_not_valid);
    }
    if (!case_is_mariadb())
        ck_assert(check_of(table, "unenforced")->is_not_valid);
    ck_assert_str_eq(case_table(catalog, "field_checked")->checks[0].expression, "(a > 3)");
    case_catalog_close(catalog, db);
}
END_TEST

START_TEST(a_partitioned_table_is_one_relation)
{
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);
    const struct table *events = case_table(catalog, "events");
    const struct table *listed = case_table(catalog, "listed");
    const struct table *layered = case_table(catalog, "layered");

    ck_assert_int_eq(events->class, TABLE_PARTITIONED);
    ck_assert_uint_eq(events->relation_count, 1);
    ck_assert_uint_eq(events->partition_column_count, 1);
    ck_assert_str_eq(events->partition_columns[0]->name, "at");
    ck_assert(!events->has_list_partitions && listed->has_list_partitions);
    ck_assert_uint_eq(listed->partition_column_count, 2);
    ck_assert_str_eq(listed->partition_columns[1]->name, "odd `k");
    ck_assert_uint_eq(layered->partition_column_count, 1);
    ck_assert_uint_eq(case_table(catalog, "spread")->partition_column_count, 0);
    ck_assert_int_eq(case_table(catalog, "spread")->class, TABLE_PARTITIONED);
    case_catalog_close(catalog, db);
}
END_TEST

START_TEST(engines_that_do_not_follow_a_snapshot_are_told)
{
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);

    ck_assert(case_table(catalog, "customers")->is_transactional);
    ck_assert(!case_table(catalog, "plain_myisam")->is_transactional);
    ck_assert(!case_table(catalog, "in_memory")->is_transactional);
    ck_assert(!case_table(catalog, "lined")->is_transactional);
    ck_assert_str_eq(case_table(catalog, "plain_myisam")->storage, "MyISAM");
    ck_assert_int_eq(case_table(catalog, "merged")->class, TABLE_FOREIGN);
    ck_assert_uint_eq(case_table(catalog, "merged")->relation_count, 0);
    ck_assert(!has_table(catalog, NULL, "rich"));
    ck_assert(!has_table(catalog, NULL, "understudy_mark"));
    case_catalog_close(catalog, db);
}
END_TEST

START_TEST(what_acts_or_cannot_be_seen_is_skipped_and_said)
{
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);

    ck_assert(case_is_skipped(catalog, "table shop.merged"));
    ck_assert(case_is_skipped(catalog, "triggers of schema shop"));
    ck_assert(case_is_skipped(catalog, "events of schema shop"));
    ck_assert(case_is_skipped(catalog, "routines of schema shop"));
    ck_assert(case_is_skipped(catalog, "definitions of views of schema shop"));
    ck_assert(!case_is_skipped(catalog, "further tables of schema shop"));
    if (case_is_mariadb()) {
        ck_assert(case_is_skipped(catalog, "history of table shop.versioned"));
        ck_assert(case_is_skipped(catalog, "table shop.faraway"));
        ck_assert_int_eq(case_table(catalog, "faraway")->class, TABLE_FOREIGN);
    }
    case_catalog_close(catalog, db);
    catalog = case_catalog_of("shop", "root", &db);
    ck_assert(!case_is_skipped(catalog, "triggers of schema shop"));
    ck_assert(!case_is_skipped(catalog, "events of schema shop"));
    ck_assert(!case_is_skipped(catalog, "routines of schema shop"));
    ck_assert(!case_is_skipped(catalog, "definitions of views of schema shop"));
    ck_assert(case_table(catalog, "orders")->has_insert_triggers);
    ck_assert(!case_table(catalog, "customers")->has_insert_triggers);
    case_catalog_close(catalog, db);
}
END_TEST

static const char *definition_of(const char *table)
{
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);
    const char *copy = arena_strdup(arena, case_table(catalog, table)->relations[0].definition);

    case_catalog_close(catalog, db);
    return copy;
}

START_TEST(a_definition_changes_with_the_table_and_not_with_its_rows)
{
    const char *before = definition_of("changed");

    case_database = "shop";
    case_run("INSERT INTO changed VALUES (1)");
    ck_assert_str_eq(definition_of("changed"), before);
    case_run("ALTER TABLE changed ADD COLUMN more int");
    const char *altered = definition_of("changed");
    ck_assert_str_ne(altered, before);
    case_run("ALTER TABLE changed MODIFY more bigint");
    ck_assert_str_ne(definition_of("changed"), altered);
    case_run("ALTER TABLE changed DROP COLUMN more");
    case_run("DELETE FROM changed");
}
END_TEST

/* The class and the bytes that the server tells of the only value of wide_cases.column. */
static void wide_check(const struct catalog *catalog, const char *name, enum wide_class class,
                       int bytes)
{
    const struct table *table = case_table(catalog, "wide_cases");
    const struct column *column = table_find_column(table, name);
    struct db *db = case_open(DB_SOURCE, "reader");
    const char *expression = NULL;
    struct error err = {0};

    case_ok(db_wide_expression(db, column, arena, &expression, &err), &err);
    db_close(db);
    const char *answer = case_ask(arena_printf(arena, "SELECT %s FROM wide_cases", expression));
    ck_assert_str_eq(answer, arena_printf(arena, "%d", bytes * WIDE_STEP + (int)class));
}

START_TEST(a_long_value_tells_its_length_and_what_it_is)
{
    struct db *db;
    struct catalog *catalog = case_catalog_of("shop", "reader", &db);

    wide_check(catalog, "nothing", WIDE_EMPTY, 0);
    wide_check(catalog, "plain", WIDE_ASCII, 3);
    wide_check(catalog, "accented", WIDE_OTHER, 5);
    wide_check(catalog, "latin", WIDE_OTHER, 5);
    wide_check(catalog, "blanks", WIDE_ODD, 2);
    wide_check(catalog, "object", WIDE_OBJECT, 8);
    wide_check(catalog, "list", WIDE_LIST, 3);
    wide_check(catalog, "scalar", WIDE_SCALAR, 1);
    wide_check(catalog, "bytes", WIDE_BYTES, 2);
    case_catalog_close(catalog, db);
}
END_TEST

/* The fastest of three, since the machine has other work as well. */
START_TEST(a_thousand_tables_take_less_than_a_second)
{
    case_database = "big";
    struct db *db = case_open(DB_SOURCE, "root");
    double seconds = 1000;

    for (int i = 0; i < 3; i++) {
        double start = clock_monotonic();
        struct catalog *catalog = case_catalog(db);
        double taken = clock_monotonic() - start;

        seconds = taken < seconds ? taken : seconds;
        ck_assert_uint_eq(catalog->table_count, 1000);
        ck_assert_uint_eq(catalog->edge_count, 2000);
        catalog_free(catalog);
    }
    ck_assert_msg(seconds < 1.0, "%.2f seconds", seconds);
    db_close(db);
}
END_TEST

void case_add_my_catalog(Suite *suite)
{
    TCase *tcase = case_new(suite, "catalog");

    tcase_add_test(tcase, names_of_any_shape_come_through);
    tcase_add_test(tcase, types_have_the_kind_their_column_means);
    tcase_add_test(tcase, limits_are_those_of_the_server);
    tcase_add_test(tcase, labels_are_read_to_the_letter);
    tcase_add_test(tcase, collations_say_what_is_equal);
    tcase_add_test(tcase, types_of_mariadb_alone_are_known);
    tcase_add_test(tcase, columns_say_who_fills_them);
    tcase_add_test(tcase, keys_say_what_they_are);
    tcase_add_test(tcase, sixteen_bytes_in_a_key_are_a_uuid);
    tcase_add_test(tcase, foreign_keys_say_what_they_are);
    tcase_add_test(tcase, parents_in_other_schemas_are_stubs);
    tcase_add_test(tcase, checks_read_as_those_of_postgresql);
    tcase_add_test(tcase, a_partitioned_table_is_one_relation);
    tcase_add_test(tcase, engines_that_do_not_follow_a_snapshot_are_told);
    tcase_add_test(tcase, what_acts_or_cannot_be_seen_is_skipped_and_said);
    tcase_add_test(tcase, a_definition_changes_with_the_table_and_not_with_its_rows);
    tcase_add_test(tcase, a_long_value_tells_its_length_and_what_it_is);
    tcase_add_test(tcase, a_thousand_tables_take_less_than_a_second);
}
