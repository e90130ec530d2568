/* SHOW CREATE TABLE taken apart and put together, with names and texts that look like its words. */
#include "stage/my_define.h"

#include <check.h>
#include <string.h>

static struct arena *arena;
static struct my_definition definition;
static struct buf out;

static void setup(void)
{
    arena = arena_new();
    buf_init(&out, 1 << 20);
}

static void teardown(void)
{
    buf_release(&out);
    arena_free(arena);
}

static void parse(const char *text)
{
    struct error err = {.status = STATUS_OK};

    ck_assert_msg(my_definition_parse(span_of(text), arena, &definition, &err), "%s", err.cause);
}

static const char *early(void)
{
    buf_reset(&out);
    my_definition_write(&definition, "t", "shop", &out);
    return buf_text(&out);
}

static const char *late(bool is_foreign)
{
    buf_reset(&out);
    my_definition_write_late(&definition, "t", "shop", is_foreign, &out);
    return buf_text(&out);
}

START_TEST(secondary_keys_and_references_come_later_and_the_rest_at_once)
{
    parse("CREATE TABLE `t` (\n"
          "  `id` int NOT NULL,\n"
          "  `a` varchar(9) DEFAULT 'x, KEY `k` (`a`)',\n"
          "  PRIMARY KEY (`id`),\n"
          "  UNIQUE KEY `u` (`a`(3)),\n"
          "  KEY `k` (`a` DESC) /*!80000 INVISIBLE */,\n"
          "  FULLTEXT KEY `f` (`a`) /*!50100 WITH PARSER `ngram` */ ,\n"
          "  CONSTRAINT `r` FOREIGN KEY (`a`) REFERENCES `p` (`b`) ON DELETE SET NULL,\n"
          "  CONSTRAINT `c` CHECK ((`a` <> _utf8mb4'),'))\n"
          ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
    ck_assert_str_eq(early(), "CREATE TABLE `t` (\n"
                              "  `id` int NOT NULL,\n"
                              "  `a` varchar(9) DEFAULT 'x, KEY `k` (`a`)',\n"
                              "  PRIMARY KEY (`id`),\n"
                              "  CONSTRAINT `c` CHECK ((`a` <> _utf8mb4'),'))\n"
                              ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
    ck_assert_str_eq(late(false), "ALTER TABLE `t` ADD UNIQUE KEY `u` (`a`(3)),"
                                  " ADD KEY `k` (`a` DESC) /*!80000 INVISIBLE */,"
                                  " ADD FULLTEXT KEY `f` (`a`) /*!50100 WITH PARSER `ngram` */");
    ck_assert_str_eq(late(true), "ALTER TABLE `t` ADD CONSTRAINT `r` FOREIGN KEY (`a`) REFERENCES"
                                 " `p` (`b`) ON DELETE SET NULL");
    ck_assert_str_eq(definition.storage, "InnoDB");
}
END_TEST

START_TEST(nothing_is_added_where_nothing_was_taken_off)
{
    parse("CREATE TABLE `t` (\n  `id` int NOT NULL,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB");
    ck_assert_str_eq(late(false), "");
    ck_assert_str_eq(late(true), "");
}
END_TEST

START_TEST(names_may_hold_anything)
{
    parse("CREATE TABLE `odd ``(,` (\n"
          "  `a ``b``, c)\n KEY` int DEFAULT NULL COMMENT 'it''s ) , ` \\' \\\\',\n"
          "  KEY `k (``,\nPRIMARY` (`a ``b``, c)\n KEY`),\n"
          "  CONSTRAINT `f ``) REFERENCES` FOREIGN KEY (`x`) REFERENCES `o.``p` (`id`)\n"
          ") ENGINE=InnoDB COMMENT='AUTO_INCREMENT=7 ) PARTITION'");
    ck_assert_uint_eq(definition.count, 3);
    ck_assert_str_eq(definition.items[0].name, "a `b`, c)\n KEY");
    ck_assert_str_eq(definition.items[1].name, "k (`,\nPRIMARY");
    ck_assert_str_eq(definition.items[1].first, "a `b`, c)\n KEY");
    ck_assert_str_eq(definition.items[2].name, "f `) REFERENCES");
    ck_assert_str_eq(definition.items[2].parent, "o.`p");
    ck_assert_ptr_null(definition.items[2].schema);
    ck_assert_ptr_nonnull(strstr(early(), "COMMENT='AUTO_INCREMENT=7 ) PARTITION'"));
}
END_TEST

START_TEST(a_column_that_counts_keeps_the_key_it_leads)
{
    parse("CREATE TABLE `t` (\n"
          "  `p` int NOT NULL,\n"
          "  `n` int NOT NULL AUTO_INCREMENT,\n"
          "  PRIMARY KEY (`p`,`n`),\n"
          "  KEY `other` (`p`),\n"
          "  KEY `counts` (`n`,`p`)\n"
          ") ENGINE=InnoDB AUTO_INCREMENT=4711");
    ck_assert_ptr_nonnull(strstr(early(), "KEY `counts`"));
    ck_assert_ptr_null(strstr(early(), "KEY `other`"));
    ck_assert_ptr_null(strstr(early(), "4711"));
}
END_TEST

START_TEST(a_primary_key_that_counts_needs_no_other)
{
    parse("CREATE TABLE `t` (\n"
          "  `n` int NOT NULL AUTO_INCREMENT,\n"
          "  UNIQUE KEY `u` (`n`),\n"
          "  PRIMARY KEY (`n`)\n"
          ") ENGINE=InnoDB");
    ck_assert_ptr_null(strstr(early(), "KEY `u`"));
}
END_TEST

START_TEST(in_myisam_a_column_may_count_behind_another)
{
    parse("CREATE TABLE `t` (\n"
          "  `p` int NOT NULL,\n"
          "  `n` int NOT NULL AUTO_INCREMENT,\n"
          "  KEY `behind` (`p`,`n`),\n"
          "  KEY `none` (`p`)\n"
          ") ENGINE=MyISAM");
    ck_assert_ptr_nonnull(strstr(early(), "KEY `behind`"));
    ck_assert_ptr_null(strstr(early(), "KEY `none`"));
}
END_TEST

START_TEST(what_binds_a_table_to_its_server_is_left_out)
{
    parse("CREATE TABLE `t` (\n  `connection` int NOT NULL\n"
          ") /*!50100 TABLESPACE `ts 1` */ ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=latin1"
          " DATA DIRECTORY='/srv/a' INDEX DIRECTORY='/srv/b' CONNECTION='mysql://u:pw@h/d/t'"
          " ENCRYPTION='Y' `ENCRYPTED`=YES `ENCRYPTION_KEY_ID`=3 PAGE_CHECKSUM=1"
          " COMMENT='CONNECTION=''x'''\n"
          "/*!50500 PARTITION BY RANGE  COLUMNS(connection)\n"
          "(PARTITION tablespace VALUES LESS THAN (10) DATA DIRECTORY = '/srv/c' ENGINE = InnoDB,\n"
          " PARTITION b VALUES LESS THAN (MAXVALUE) TABLESPACE = `x` ENGINE = InnoDB) */");
    const char *text = early();
    static const char *const gone[] = {"ts 1", "=5", "/srv", "u:pw", "'Y'", "YES", "KEY_ID", "`x`"};
    static const char *const kept[] = {"ENGINE=InnoDB",
                                       "latin1",
                                       "PAGE_CHECKSUM=1",
                                       "COMMENT='CONNECTION=''x'''",
                                       "COLUMNS(connection)",
                                       "PARTITION tablespace VALUES LESS THAN (10)",
                                       "PARTITION b VALUES LESS THAN (MAXVALUE)"};
    for (size_t i = 0; i < COUNT_OF(gone); i++)
        ck_assert_msg(!strstr(text, gone[i]), "%s in %s", gone[i], text);
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        ck_assert_msg(strstr(text, kept[i]) != NULL, "no %s in %s", kept[i], text);
}
END_TEST

START_TEST(the_sources_schema_is_taken_off)
{
    parse("CREATE TABLE `t` (\n"
          "  `id` int DEFAULT nextval(`shop`.`numbers`),\n"
          "  `shop` int CHECK (`shop` > 0),\n"
          "  KEY `shop` (`shop`),\n"
          "  CONSTRAINT `r` FOREIGN KEY (`id`) REFERENCES `other`.`p` (`id`)\n"
          ") ENGINE=InnoDB");
    ck_assert(definition.items[0].has_sequence);
    ck_assert_ptr_nonnull(strstr(early(), "nextval(`numbers`)"));
    ck_assert_ptr_nonnull(strstr(early(), "`shop` int CHECK (`shop` > 0)"));
    ck_assert_str_eq(definition.items[3].schema, "other");
    ck_assert_ptr_nonnull(strstr(late(true), "`other`.`p`"));
}
END_TEST

START_TEST(what_is_not_printed_by_the_server_is_refused)
{
    static const char *const texts[] = {"",
                                        "CREATE TABLE t",
                                        "CREATE TABLE `t` (",
                                        "CREATE TABLE `t` (\n `a` int",
                                        "CREATE TABLE `t` (\n `a` int DEFAULT 'x)\n)",
                                        "CREATE TABLE `t` (\n NONSENSE `a`\n)",
                                        "CREATE TABLE `t` (\n CONSTRAINT `a` FOREIGN KEY (`x`)\n)",
                                        "CREATE TABLE `t` (\n `a` int, \n)"};

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct error err = {.status = STATUS_OK};

        ck_assert_msg(!my_definition_parse(span_of(texts[i]), arena, &definition, &err), "%s",
                      texts[i]);
        ck_assert_int_eq(err.status, STATUS_LOCAL);
    }
}
END_TEST

Suite *suite_stage_my_define(void);
Suite *suite_stage_my_define(void)
{
    Suite *suite = suite_create("stage/my_define");
    TCase *tcase = tcase_create("my_define");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, secondary_keys_and_references_come_later_and_the_rest_at_once);
    tcase_add_test(tcase, nothing_is_added_where_nothing_was_taken_off);
    tcase_add_test(tcase, names_may_hold_anything);
    tcase_add_test(tcase, a_column_that_counts_keeps_the_key_it_leads);
    tcase_add_test(tcase, a_primary_key_that_counts_needs_no_other);
    tcase_add_test(tcase, in_myisam_a_column_may_count_behind_another);
    tcase_add_test(tcase, what_binds_a_table_to_its_server_is_left_out);
    tcase_add_test(tcase, the_sources_schema_is_taken_off);
    tcase_add_test(tcase, what_is_not_printed_by_the_server_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
