/* The statements of MySQL's reads, as far as no server is needed. */
#include "db/my_conn.h"
#include "db/my_select.h"
#include <check.h>

static struct type integer = {.name = "int", .kind = KIND_INTEGER, .width = 4};
static struct type tiny = {.name = "tinyint", .kind = KIND_INTEGER, .width = 1};
static struct type latin = {.name = "varchar", .kind = KIND_TEXT, .charset = "latin1"};
static struct type single = {.name = "float", .kind = KIND_REAL, .width = 4};
static struct column id = {.name = "i`d", .type = &integer, .is_not_null = true};
static struct column part = {.name = "part", .type = &tiny, .is_not_null = true};
static struct column text = {.name = "text", .type = &latin};
static struct column real = {.name = "real", .type = &single};
static struct column *columns[] = {&id, &part, &text, &real};
static const struct column *id_columns[] = {&id, &part};
static struct key by_id, by_both;
static struct key *keys[] = {&by_id};
static struct relation relation;
static struct table table;
static struct field fields[2];
static struct arena *arena;
static struct my_statement_list list;

static void setup(void)
{
    arena = arena_new();
    list = (struct my_statement_list){.arena = arena};
    by_id = (struct key){.columns = id_columns, .column_count = 1, .is_primary = true};
    by_both = (struct key){.columns = id_columns, .column_count = 2, .is_primary = true};
    relation = (struct relation){.address_class = ADDRESS_PLACE, .address_key = &by_id};
    table = (struct table){.schema = "shop",
                           .name = "t",
                           .label = "shop.t",
                           .relations = &relation,
                           .relation_count = 1,
                           .columns = columns,
                           .column_count = COUNT_OF(columns),
                           .keys = keys,
                           .key_count = 1,
                           .primary = &by_id};
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        columns[i]->table = &table;
    fields[0] = (struct field){.column = &text, .type = &latin};
    fields[1] = (struct field){.column = &real, .type = &single};
}

static void teardown(void)
{
    arena_free(arena);
}

static struct read read_of(enum read_by by)
{
    return (struct read){.table = &table,
                         .relation = &relation,
                         .field_count = 1,
                         .fields = fields,
                         .codec = &codec_my,
                         .by = by};
}

static const char *statement(const struct read *read)
{
    struct error err = {0};

    list.count = 0;
    ck_assert_msg(my_statements_make(read, NULL, 1 << 20, &list, &err), "%s", err.cause);
    ck_assert_uint_eq(list.count, 1);
    ck_assert_uint_eq(list.items[0].len, strlen(list.items[0].sql));
    return list.items[0].sql;
}

START_TEST(what_the_protocol_prints_in_part_is_asked_for_in_full)
{
    struct read read = read_of(READ_ALL);

    read.field_count = 2;
    read.with_address = true;
    ck_assert_str_eq(statement(&read), "SELECT `t`.`i``d` AS `understudy 1`, "
                                       "CONVERT(`t`.`text` USING utf8mb4) AS `understudy 2`, "
                                       "(`t`.`real` + 0e0) AS `understudy 3` FROM `t`");
}
END_TEST

START_TEST(a_text_that_may_not_come_back_from_utf_8_is_asked_for_with_its_bytes)
{
    static const struct type greek = {.name = "varchar", .kind = KIND_TEXT, .charset = "greek"};
    static const struct column column = {.name = "g", .type = &greek, .table = &table};
    struct read read = read_of(READ_ALL);
    const struct field field = {.column = &column, .type = &greek};

    read.field_count = 1;
    read.fields = &field;
    ck_assert_str_eq(
        statement(&read),
        "SELECT IF(CAST(CONVERT(CONVERT(CAST(CONVERT(`t`.`g` USING utf8mb4) AS BINARY) USING "
        "utf8mb4) USING greek) AS BINARY) = CAST(`t`.`g` AS BINARY), CONVERT(`t`.`g` USING "
        "utf8mb4), IF(`t`.`g` IS NULL, NULL, IFNULL(CONCAT(X'FF', 'greek:', CONVERT(`t`.`g` USING "
        "utf8mb4), X'20FF', CAST(`t`.`g` AS BINARY)), X'FF'))) AS `understudy 1` FROM `t`");
}
END_TEST

START_TEST(stored_bytes_are_looked_up_in_their_own_character_set_only)
{
    const struct column *key[] = {&text};
    const struct span cells[] = {SPAN_LITERAL("\xfflatin1:? \xff\x81'"),
                                 SPAN_LITERAL("\xffgreek:? \xff\xae")};
    const struct span bare[] = {SPAN_LITERAL("\xff")};
    struct key_values values = {.count = 2, .column_count = 1, .cells = cells};
    struct read read = read_of(READ_BY_KEY);
    struct error err = {0};

    read.key_columns = key;
    read.keys = &values;
    ck_assert_str_eq(strstr(statement(&read), " WHERE "),
                     " WHERE `t`.`text` IN (_latin1 X'8127',NULL)");
    values = (struct key_values){.count = 1, .column_count = 1, .cells = bare};
    list.count = 0;
    ck_assert(!my_statements_make(&read, NULL, 1 << 20, &list, &err));
    ck_assert_int_eq(err.status, STATUS_BUG);
}
END_TEST

START_TEST(a_range_of_a_key_of_two_columns_begins_and_ends_in_both)
{
    struct read read = read_of(READ_BY_RANGE);

    relation.address_key = &by_both;
    read.address_low = (UINT64_C(0x80000005) << 8) | 0x82;
    read.address_high = (UINT64_C(0x80000009) << 8) | 0x7f;
    ck_assert_str_eq(
        strstr(statement(&read), " WHERE "),
        " WHERE (`t`.`i``d` >= 5 AND (`t`.`i``d` > 5 OR (`t`.`i``d` = 5 AND (`t`.`part` >= 2))))"
        " AND (`t`.`i``d` <= 9 AND (`t`.`i``d` < 9 OR (`t`.`i``d` = 9 AND (`t`.`part` < -1))))");
    read.address_high = UINT64_MAX;
    ck_assert_ptr_null(strstr(statement(&read), "<"));
    read.address_low = UINT64_C(1) << 40;
    ck_assert_ptr_nonnull(strstr(statement(&read), " WHERE FALSE"));
}
END_TEST

START_TEST(literals_of_keys_cannot_leave_their_quotes)
{
    const struct column *key[] = {&id, &text};
    const struct span cells[] = {SPAN_LITERAL("-7"), SPAN_LITERAL("it's \\"), SPAN_LITERAL("8"),
                                 SPAN_LITERAL("é")};
    const struct key_values values = {.count = 2, .column_count = 2, .cells = cells};
    const struct span hostile[] = {SPAN_LITERAL("1) OR (1=1"), SPAN_LITERAL("x")};
    const struct key_values bad = {.count = 1, .column_count = 2, .cells = hostile};
    struct read read = read_of(READ_BY_KEY);
    struct error err = {0};

    read.key_columns = key;
    read.keys = &values;
    ck_assert_str_eq(strstr(statement(&read), " WHERE "),
                     " WHERE (`t`.`i``d`,`t`.`text`) IN ((-7,'it\\'s \\\\'),"
                     "(8,IF(CONVERT(CONVERT('é' USING latin1) USING utf8mb4) = 'é' "
                     "COLLATE utf8mb4_bin, CONVERT('é' USING latin1), NULL)))");
    read.keys = &bad;
    list.count = 0;
    ck_assert(!my_statements_make(&read, NULL, 1 << 20, &list, &err));
    ck_assert_int_eq(err.status, STATUS_BUG);
}
END_TEST

START_TEST(many_keys_are_several_statements_with_each_key_once)
{
    enum { COUNT = 5000 };
    struct span *cells = ARENA_ARRAY(arena, COUNT, struct span);
    const struct column *key[] = {&id};
    const struct key_values values = {.count = COUNT, .column_count = 1, .cells = cells};
    struct read read = read_of(READ_BY_KEY);
    struct error err = {0};
    size_t found = 0;

    for (size_t i = 0; i < COUNT; i++)
        cells[i] = span_of(arena_printf(arena, "%zu", 100000 + i));
    read.key_columns = key;
    read.keys = &values;
    ck_assert(my_statements_make(&read, NULL, 10000, &list, &err));
    ck_assert_uint_gt(list.count, 3);
    for (size_t i = 0; i < list.count; i++) {
        ck_assert_uint_lt(list.items[i].len, 11000);
        for (const char *at = strstr(list.items[i].sql, " IN ("); at; at = strchr(at + 1, ','))
            found++;
    }
    ck_assert_uint_eq(found, COUNT);
    list.count = 0;
    ck_assert(my_statements_make(&read, NULL, 1, &list, &err)); /* one value is never cut */
    ck_assert_uint_eq(list.count, COUNT);
}
END_TEST

START_TEST(several_columns_are_looked_up_by_an_index_that_has_them_all)
{
    const struct column *of_both[] = {&part, &id, &text}, *of_one[] = {&id};
    struct index indexes[] = {{.name = "PRIMARY", .columns = of_one, .column_count = 1},
                              {.name = "by_b`oth", .columns = of_both, .column_count = 3}};
    struct span cells[400];
    struct key_values values = {.count = 200, .column_count = 2, .cells = cells};
    struct read read = read_of(READ_BY_KEY);
    struct error err = {0};

    for (size_t i = 0; i < COUNT_OF(cells); i++)
        cells[i] = SPAN_LITERAL("7");
    read.key_columns = id_columns;
    read.keys = &values;
    table.indexes = indexes;
    table.index_count = 2;
    list.names_indexes = true;
    ck_assert_ptr_nonnull(strstr(statement(&read), " FROM `t` FORCE INDEX (`by_b``oth`) WHERE "));
    table.index_count = 1; /* none: few at a time */
    list.count = 0;
    ck_assert(my_statements_make(&read, NULL, 1 << 20, &list, &err));
    ck_assert_uint_eq(list.count, 2);
    ck_assert_ptr_null(strstr(list.items[1].sql, "FORCE"));
    values.count = 100;
    values.column_count = 1;
    table.index_count = 2; /* one column finds its way alone */
    ck_assert_ptr_null(strstr(statement(&read), "FORCE"));
}
END_TEST

START_TEST(no_keys_are_no_statement)
{
    const struct key_values none = {.count = 0, .column_count = 1, .cells = NULL};
    const struct column *key[] = {&id};
    struct read read = read_of(READ_BY_KEY);
    struct error err = {0};

    read.key_columns = key;
    read.keys = &none;
    ck_assert(my_statements_make(&read, NULL, 1 << 20, &list, &err));
    ck_assert_uint_eq(list.count, 0);
}
END_TEST

START_TEST(a_limit_numbers_the_rows_of_each_key)
{
    const struct column *key[] = {&part};
    const struct span cells[] = {SPAN_LITERAL("3")};
    const struct key_values values = {.count = 1, .column_count = 1, .cells = cells};
    struct read read = read_of(READ_BY_KEY);

    read.key_columns = key;
    read.keys = &values;
    read.limit = 2;
    read.order = "real DESC";
    read.with_total = true;
    read.max_rows = 9;
    ck_assert_str_eq(statement(&read),
                     "SELECT `understudy 1`, `understudy 2` FROM (SELECT COUNT(*) OVER "
                     "(PARTITION BY `t`.`part`) AS `understudy 1`, CONVERT(`t`.`text` USING "
                     "utf8mb4) AS `understudy 2`, ROW_NUMBER() OVER (PARTITION BY `t`.`part` "
                     "ORDER BY real DESC\n, `t`.`i``d`) AS `understudy rank` FROM `t` WHERE "
                     "`t`.`part` IN (3)) AS `understudy found` WHERE `understudy rank` <= 2 "
                     "LIMIT 9");
}
END_TEST

START_TEST(rows_without_a_key_are_sought_among_all)
{
    const uint64_t addresses[] = {1, 2};
    struct read read = read_of(READ_BY_ADDRESS);

    relation = (struct relation){.address_class = ADDRESS_ROW};
    read.addresses = addresses;
    read.address_count = 2;
    read.max_rows = 1;
    ck_assert(my_read_is_filter(&read));
    ck_assert_str_eq(
        statement(&read),
        "SELECT `t`.`i``d` AS `understudy 1`, `t`.`part` AS `understudy 2`, "
        "CONVERT(`t`.`text` USING utf8mb4) AS `understudy 3`, (`t`.`real` + 0e0) AS "
        "`understudy 4`, CONVERT(`t`.`text` USING utf8mb4) AS `understudy 5` FROM `t`");
}
END_TEST

static const char *const escapes[] = {
    "1 # (\n) OR (1=1",      "1 --1) OR (1=1",         "/*! ) OR (1=1 */ 1", "/*M! ) OR (1=1 */ 1",
    "$a$ ) OR (1=1 $a$ = 1", "\"\\\\\") OR (\"\\\\\"", "'\\\\') OR ('\\\\'", "1; SELECT 1"};

START_TEST(the_profiles_sql_cannot_leave_its_parentheses)
{
    struct read read = read_of(READ_ALL);
    struct error err = {0};

    read.where = escapes[_i];
    ck_assert_msg(!my_statements_make(&read, NULL, 1 << 20, &list, &err), "%s", escapes[_i]);
    ck_assert_int_eq(err.status, STATUS_PROFILE);
}
END_TEST

Suite *suite_db_my_select(void);
Suite *suite_db_my_select(void)
{
    Suite *suite = suite_create("db/my_select");
    TCase *tcase = tcase_create("my_select");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, what_the_protocol_prints_in_part_is_asked_for_in_full);
    tcase_add_test(tcase, a_text_that_may_not_come_back_from_utf_8_is_asked_for_with_its_bytes);
    tcase_add_test(tcase, stored_bytes_are_looked_up_in_their_own_character_set_only);
    tcase_add_test(tcase, a_range_of_a_key_of_two_columns_begins_and_ends_in_both);
    tcase_add_test(tcase, literals_of_keys_cannot_leave_their_quotes);
    tcase_add_test(tcase, many_keys_are_several_statements_with_each_key_once);
    tcase_add_test(tcase, several_columns_are_looked_up_by_an_index_that_has_them_all);
    tcase_add_test(tcase, no_keys_are_no_statement);
    tcase_add_test(tcase, a_limit_numbers_the_rows_of_each_key);
    tcase_add_test(tcase, rows_without_a_key_are_sought_among_all);
    tcase_add_loop_test(tcase, the_profiles_sql_cannot_leave_its_parentheses, 0,
                        (int)COUNT_OF(escapes));
    suite_add_tcase(suite, tcase);
    return suite;
}
