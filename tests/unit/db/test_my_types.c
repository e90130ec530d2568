/* What the texts of MySQL's types and CHECKs are read as; no server needed. */
#include "db/my_catalog.h"
#include <check.h>

static struct arena *arena;

static void setup(void)
{
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
}

static struct type type_of(const char *data_type, const char *column_type)
{
    const struct my_type_form form = {.data_type = data_type, .column_type = column_type};
    struct error err = {0};
    struct type type;

    ck_assert_msg(my_type_fill(&form, arena, &type, &err), "%s: %s", column_type, err.cause);
    return type;
}

static struct type text_of(const char *data_type, const char *collation, bool is_no_pad)
{
    const struct my_type_form form = {.data_type = data_type,
                                      .column_type = data_type,
                                      .charset = "utf8mb4",
                                      .collation = collation,
                                      .is_no_pad = is_no_pad};
    struct error err = {0};
    struct type type;

    ck_assert(my_type_fill(&form, arena, &type, &err));
    return type;
}

START_TEST(numbers_are_unsigned_where_they_say_so)
{
    struct type type = type_of("int", "int(10) unsigned zerofill");

    ck_assert_str_eq(type.name, "int unsigned");
    ck_assert(type.is_unsigned && !type.is_flag);
    ck_assert_str_eq(type_of("bigint", "bigint").name, "bigint");
    ck_assert(!type_of("bigint", "bigint").is_unsigned);
    ck_assert_str_eq(type_of("decimal", "decimal(10,2) unsigned").name, "decimal unsigned");
    type = type_of("bit", "bit(64)");
    ck_assert(type.is_unsigned && !type.is_flag);
    ck_assert_str_eq(type.name, "bit");
}
END_TEST

START_TEST(one_digit_is_a_flag)
{
    ck_assert(type_of("tinyint", "tinyint(1)").is_flag);
    ck_assert(type_of("bit", "bit(1)").is_flag);
    ck_assert(!type_of("tinyint", "tinyint(4)").is_flag);
    ck_assert(!type_of("tinyint", "tinyint").is_flag);
    ck_assert(!type_of("bit", "bit(10)").is_flag);
}
END_TEST

START_TEST(a_label_may_hold_what_ends_labels)
{
    struct type type =
        type_of("enum", "enum('a','b''c','d,e',')','','x unsigned','\\\\','\\n','\\'')");

    ck_assert_uint_eq(type.label_count, 9);
    ck_assert_str_eq(type.labels[0], "a");
    ck_assert_str_eq(type.labels[1], "b'c");
    ck_assert_str_eq(type.labels[2], "d,e");
    ck_assert_str_eq(type.labels[3], ")");
    ck_assert_str_eq(type.labels[4], "");
    ck_assert_str_eq(type.labels[5], "x unsigned");
    ck_assert_str_eq(type.labels[6], "\\");
    ck_assert_str_eq(type.labels[7], "\n");
    ck_assert_str_eq(type.labels[8], "'");
    ck_assert(!type.is_unsigned && type.class == TYPE_ENUM);
    type = type_of("set", "set('''','''''')");
    ck_assert(type.is_set);
    ck_assert_str_eq(type.labels[0], "'");
    ck_assert_str_eq(type.labels[1], "''");
}
END_TEST

START_TEST(labels_that_are_not_closed_are_refused)
{
    static const char *const texts[] = {"enum",       "enum(",     "enum()",     "enum('a",
                                        "enum('a'",   "enum('a',", "enum('a',)", "enum('a'b)",
                                        "enum('a')x", "enum(''"};

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const struct my_type_form form = {.data_type = "enum", .column_type = texts[i]};
        struct error err = {0};
        struct type type;

        ck_assert_msg(!my_type_fill(&form, arena, &type, &err), "%s", texts[i]);
        ck_assert_int_eq(err.status, STATUS_SOURCE);
    }
}
END_TEST

START_TEST(a_collation_tells_by_its_name_what_is_equal)
{
    struct type type = text_of("varchar", "utf8mb4_0900_as_ci", true);

    ck_assert(type.is_case_insensitive && !type.folds_accents && !type.is_padded);
    type = text_of("varchar", "utf8mb4_general_ci", false);
    ck_assert(type.is_case_insensitive && type.folds_accents && type.is_padded);
    type = text_of("varchar", "utf8mb4_0900_as_cs", true);
    ck_assert(!type.is_case_insensitive && !type.folds_accents);
    type = text_of("varchar", "utf8mb4_ja_0900_as_cs_ks", true);
    ck_assert(!type.is_case_insensitive && !type.folds_accents);
    type = text_of("char", "utf8mb4_0900_bin", true);
    ck_assert(type.is_padded && !type.is_case_insensitive);
    ck_assert_str_eq(type.charset, "utf8mb4");
}
END_TEST

START_TEST(only_collations_that_are_known_are_called_so)
{
    static const char *const known[] = {"binary",
                                        "utf8mb4_bin",
                                        "latin1_bin",
                                        "utf8mb4_general_ci",
                                        "utf8mb3_unicode_ci",
                                        "utf8mb4_unicode_520_ci",
                                        "utf8mb4_unicode_nopad_ci",
                                        "utf8mb4_0900_ai_ci",
                                        "utf8mb4_0900_bin",
                                        "utf8mb4_uca1400_as_ci",
                                        "latin1_swedish_ci"};
    static const char *const others[] = {"utf8mb4_turkish_ci", "utf8mb4_tr_0900_ai_ci",
                                         "utf8mb4_danish_ci",  "utf8mb4_uca1400_danish_ai_ci",
                                         "latin2_czech_cs",    "utf8mb4_ja_0900_as_cs_ks"};

    for (size_t i = 0; i < COUNT_OF(known); i++)
        ck_assert_msg(my_collation_is_known(known[i]), "%s", known[i]);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        ck_assert_msg(!my_collation_is_known(others[i]), "%s", others[i]);
}
END_TEST

START_TEST(a_type_that_nobody_knows_is_other)
{
    const struct my_type_form json = {
        .data_type = "longtext", .column_type = "longtext", .is_json = true};
    struct error err = {0};
    struct type type;

    ck_assert_int_eq(type_of("geomcollection", "geomcollection").kind, KIND_OTHER);
    ck_assert_int_eq(type_of("QYZ", "QYZ(3)").kind, KIND_OTHER);
    ck_assert_str_eq(type_of("QYZ", "QYZ(3)").name, "qyz");
    ck_assert(my_type_fill(&json, arena, &type, &err));
    ck_assert_str_eq(type.name, "json");
    ck_assert_int_eq(type.kind, KIND_JSON);
}
END_TEST

/* A table with columns a, b, code, Mixed, "odd `n" and a key word. */
static const struct table *checked_table(void)
{
    static const char *const names[] = {"a", "b", "code", "Mixed", "odd `n", "sel\"ect"};
    struct table *table = arena_alloc(arena, sizeof(*table));

    table->columns = arena_alloc(arena, sizeof(struct column *) * COUNT_OF(names));
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        table->columns[i] = arena_alloc(arena, sizeof(struct column));
        table->columns[i]->name = names[i];
        table->columns[i]->table = table;
    }
    table->column_count = COUNT_OF(names);
    return table;
}

static struct check check_of(const char *clause, bool is_mysql)
{
    struct check check = {0};
    struct error err = {0};

    ck_assert(my_check_fill(checked_table(), clause, is_mysql, arena, &check, &err));
    return check;
}

static void both_are(const char *mariadb, const char *mysql, const char *expected)
{
    ck_assert_str_eq(check_of(mariadb, false).expression, expected);
    ck_assert_str_eq(check_of(mysql, true).expression, expected);
}

START_TEST(both_servers_say_it_in_the_words_of_postgresql)
{
    both_are("`a` between 1 and 5 and `b` > 3", "((`a` between 1 and 5) and (`b` > 3))",
             "(((a >= 1) AND (a <= 5)) AND (b > 3))");
    both_are("`a` not between 1 and 2", "(`a` not between 1 and 2)", "((a < 1) OR (a > 2))");
    both_are("`code` in ('x','y\\'z')", "(`code` in (_utf8mb4\\'x\\',_utf8mb4\\'y\\\\\\'z\\'))",
             "(code = ANY (ARRAY['x', 'y''z']))");
    both_are("`a` not in (1,2)", "(`a` not in (1,2))", "(a <> ALL (ARRAY[1, 2]))");
    both_are("`code` like '%@%.%'", "(`code` like _utf8mb4\\'%@%.%\\')", "(code ~~ '%@%.%')");
    both_are("!(`code` regexp 'x')", "(not(regexp_like(`code`,_utf8mb4\\'x\\')))",
             "(NOT (code ~ 'x'))");
    both_are("`a` >= -5", "(`a` >= -(5))", "(a >= -5)");
    both_are("octet_length(`code`) > 3", "(length(`code`) > 3)", "(octet_length(code) > 3)");
    both_are("lcase(`code`) = `code`", "(lower(`code`) = `code`)", "(lower(code) = code)");
    both_are("trim(`code`) <> ''", "(trim(`code`) <> _utf8mb4\\'\\')", "(btrim(code) <> '')");
    both_are("`a` + `b` between 1 and 3", "((`a` + `b`) between 1 and 3)",
             "(((a + b) >= 1) AND ((a + b) <= 3))");
    both_are("`a` <=> 5", "(`a` <=> 5)", "(NOT (a IS DISTINCT FROM 5))");
    both_are("`a` is not null or `b` is null", "((`a` is not null) or (`b` is null))",
             "((a IS NOT NULL) OR (b IS NULL))");
}
END_TEST

START_TEST(joints_bind_as_the_server_binds_them)
{
    ck_assert_str_eq(check_of("`a` = 1 or `a` = 2 and `b` = 3", false).expression,
                     "((a = 1) OR ((a = 2) AND (b = 3)))");
    ck_assert_str_eq(check_of("case when `a` > 3 then `b` > 2 else 0 end = 1", false).expression,
                     "(CASE WHEN (a > 3) THEN (b > 2) ELSE 0 END = 1)");
    ck_assert_str_eq(check_of("cast(`a` as unsigned) > 3", false).expression,
                     "(cast(a as unsigned) > 3)");
    ck_assert_str_eq(check_of("`a` & 1 = 0", false).expression, "((a & 1) = 0)");
    ck_assert_str_eq(check_of("`a` > DATE'2020-01-01'", false).expression,
                     "(a > '2020-01-01'::DATE)");
}
END_TEST

START_TEST(names_stand_as_the_column_has_them)
{
    struct check check = check_of("`mixed` > 1 and `odd ``n` > 2 and `A` > 3 and `a` > 4", false);

    ck_assert_str_eq(check.expression,
                     "((\"Mixed\" > 1) AND (\"odd `n\" > 2) AND (a > 3) AND (a > 4))");
    ck_assert_uint_eq(check.column_count, 3);
    ck_assert_str_eq(check.columns[0]->name, "Mixed");
    ck_assert_str_eq(check_of("`sel\"ect` > 1", false).expression, "(\"sel\"\"ect\" > 1)");
}
END_TEST

START_TEST(bytes_of_a_literal_are_letters_again)
{
    ck_assert_str_eq(check_of("(`code` = _utf8mb4\\'\xc3\x83\xc2\xbc\\')", true).expression,
                     "(code = '\xc3\xbc')");
    ck_assert_str_eq(check_of("(`code` = \\'\xc3\xbc\\')", true).expression, "(code = '\xc3\xbc')");
    ck_assert_str_eq(check_of("`code` = '\xc3\xbc'", false).expression, "(code = '\xc3\xbc')");
}
END_TEST

START_TEST(what_is_not_understood_stands_as_it_came)
{
    static const char *const clauses[] = {"`a` sounds like `b`",
                                          "`a` like 'x|%' escape '|'",
                                          "`a` > 'open",
                                          "`unknown` > 1",
                                          "`a` > ",
                                          "(`a` > 1",
                                          "`a` > 1)",
                                          "`a` member of (`b`)",
                                          ""};
    char deep[4096];

    for (size_t i = 0; i < COUNT_OF(clauses); i++)
        ck_assert_str_eq(check_of(clauses[i], false).expression, clauses[i]);
    ck_assert_uint_eq(check_of("`a` sounds like `b`", false).column_count, 2);
    memset(deep, '(', sizeof(deep));
    deep[sizeof(deep) - 1] = '\0';
    ck_assert_str_eq(check_of(deep, false).expression, deep);
    memset(deep, '-', sizeof(deep) - 1);
    ck_assert_str_eq(check_of(deep, false).expression, deep);
    memset(deep, '!', sizeof(deep) - 1);
    ck_assert_str_eq(check_of(deep, false).expression, deep);
}
END_TEST

START_TEST(a_long_clause_takes_no_more_than_its_length_in_memory)
{
    struct buf sum, chain;

    buf_init(&sum, 1 << 20);
    buf_init(&chain, 1 << 20);
    buf_add_text(&sum, "`a` + 1");
    buf_add_text(&chain, "`a` = 1");
    for (int i = 0; i < 5000; i++) {
        buf_add_text(&sum, " + 1");
        buf_add_text(&chain, " = 1");
    }
    buf_add_text(&sum, " > 'x'");
    struct check check = check_of(buf_text(&sum), false);
    ck_assert_uint_eq(strlen(check.expression), sum.len + 2);
    check = check_of(buf_text(&chain), false);
    ck_assert_str_eq(check.expression, buf_text(&chain));
    ck_assert_uint_lt(arena_bytes(arena), 64 * (sum.len + chain.len));
    buf_release(&sum);
    buf_release(&chain);
}
END_TEST

Suite *suite_db_my_types(void);
Suite *suite_db_my_types(void)
{
    Suite *suite = suite_create("db/my_types");
    TCase *tcase = tcase_create("types");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, numbers_are_unsigned_where_they_say_so);
    tcase_add_test(tcase, one_digit_is_a_flag);
    tcase_add_test(tcase, a_label_may_hold_what_ends_labels);
    tcase_add_test(tcase, labels_that_are_not_closed_are_refused);
    tcase_add_test(tcase, a_collation_tells_by_its_name_what_is_equal);
    tcase_add_test(tcase, only_collations_that_are_known_are_called_so);
    tcase_add_test(tcase, a_type_that_nobody_knows_is_other);
    tcase_add_test(tcase, both_servers_say_it_in_the_words_of_postgresql);
    tcase_add_test(tcase, joints_bind_as_the_server_binds_them);
    tcase_add_test(tcase, names_stand_as_the_column_has_them);
    tcase_add_test(tcase, bytes_of_a_literal_are_letters_again);
    tcase_add_test(tcase, what_is_not_understood_stands_as_it_came);
    tcase_add_test(tcase, a_long_clause_takes_no_more_than_its_length_in_memory);
    suite_add_tcase(suite, tcase);
    return suite;
}
