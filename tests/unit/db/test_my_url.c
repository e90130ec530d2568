/* What a mysql:// URL says, and what is no such URL. */
#include "db/my.h"
#include "db/my_url.h"

#include <check.h>
#include <string.h>

static struct arena *arena;

static void begin(void)
{
    arena = arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void end(void)
{
    arena_free(arena);
}

static struct my_url parsed(const char *text)
{
    struct error err = {0};
    struct my_url url;

    ck_assert_msg(my_url_parse(text, arena, &url, &err), "%s: %s", text, err.cause);
    return url;
}

START_TEST(every_part_of_a_url_has_its_place)
{
    struct my_url url = parsed("mysql://ann@db.example:3307/shop?ssl-mode=verify_identity&"
                               "ssl-ca=/c/ca.pem&ssl-cert=/c/c.pem&ssl-key=/c/k.pem&"
                               "default-file=/c/my.cnf&default-group=app&connect-timeout=7");

    ck_assert_str_eq(url.user, "ann");
    ck_assert_str_eq(url.host, "db.example");
    ck_assert_uint_eq(url.port, 3307);
    ck_assert_str_eq(url.database, "shop");
    ck_assert_int_eq(url.tls, MY_TLS_VERIFY_IDENTITY);
    ck_assert_str_eq(url.ssl_ca, "/c/ca.pem");
    ck_assert_str_eq(url.ssl_cert, "/c/c.pem");
    ck_assert_str_eq(url.ssl_key, "/c/k.pem");
    ck_assert_str_eq(url.default_file, "/c/my.cnf");
    ck_assert_str_eq(url.default_group, "app");
    ck_assert_uint_eq(url.connect_timeout, 7);
    ck_assert_ptr_null(url.socket);
}
END_TEST

START_TEST(what_a_url_does_not_say_stays_unsaid)
{
    struct my_url url = parsed("mariadb:///shop?socket=/run/s.sock");

    ck_assert_ptr_null(url.user);
    ck_assert_ptr_null(url.host);
    ck_assert_uint_eq(url.port, 0);
    ck_assert_str_eq(url.socket, "/run/s.sock");
    ck_assert_int_eq(url.tls, MY_TLS_UNSAID);
    url = parsed("mysql://");
    ck_assert_ptr_null(url.database);
    url = parsed("mysql://h?");
    ck_assert_str_eq(url.host, "h");
}
END_TEST

START_TEST(an_encoded_delimiter_belongs_to_its_part)
{
    struct my_url url = parsed("mysql://a%40b%3ac@h/d%2Fe%3Ff?&ssl-ca=%2Ftmp%2Fa%26b&&");

    ck_assert_str_eq(url.user, "a@b:c");
    ck_assert_str_eq(url.database, "d/e?f");
    ck_assert_str_eq(url.ssl_ca, "/tmp/a&b");
    ck_assert_str_eq(url.host, "h");
}
END_TEST

START_TEST(an_ipv6_address_stands_in_brackets)
{
    struct my_url url = parsed("mysql://u@[::1]:3306/d");

    ck_assert_str_eq(url.host, "::1");
    ck_assert_uint_eq(url.port, 3306);
    ck_assert_str_eq(parsed("mysql://[fe80::1]/d").host, "fe80::1");
}
END_TEST

START_TEST(the_schema_of_a_url_is_known_without_a_server)
{
    struct error err = {0};
    const char *database;

    ck_assert(my_url_database("mysql://u@h/sh%20op?ssl-mode=DISABLED", arena, &database, &err));
    ck_assert_str_eq(database, "sh op");
    ck_assert(my_url_database("mysql://u@h", arena, &database, &err));
    ck_assert_ptr_null(database);
}
END_TEST

static const struct refusal {
    const char *url, *cause, *hint;
} refusals[] = {
    {"mysql://h/d?ssl-mod=REQUIRED", "the word 'ssl-mod'", "did you mean 'ssl-mode'?"},
    {"mysql://h/d?zzz=1", "the word 'zzz'", "known are socket"},
    {"mysql://h/d?a%1bb=1", "the word 'a\\x1bb'", ""},
    {"mysql://h/d?ssl-mode=MAYBE", "an ssl-mode that does not exist", "DISABLED, PREFERRED"},
    {"mysql://h/d?socket=/a&socket=/b", "'socket' stands twice", ""},
    {"mysql://h/d?socket=", "'socket' has no value", ""},
    {"mysql://h/d?socket", "'socket' has no value", ""},
    {"mysql://h/d?=x", "the query of the URL is not well-formed", ""},
    {"mysql://h/d?socket=/a", "names a host and a socket", ""},
    {"mysql://h:0/d", "the port of the URL is not a number from 1 to 65535", ""},
    {"mysql://h:65536/d", "the port of the URL", ""},
    {"mysql://h:33x/d", "the port of the URL", ""},
    {"mysql://h/d?connect-timeout=0", "the connect-timeout of the URL", ""},
    {"mysql://h/d%4", "the database of the URL is not well-formed", "%XX"},
    {"mysql://h/d%zz", "the database of the URL is not well-formed", "%XX"},
    {"mysql://u%00v@h/d", "the user of the URL is not well-formed", ""},
    {"mysql://[::1/d", "the host of the URL is not well-formed", ""},
    {"mysql://a%20b/d", "the host of the URL is not well-formed", ""},
    {"mysql:h", "the front of the URL is not well-formed", ""},
};

START_TEST(what_is_no_url_is_refused_with_its_part)
{
    const struct refusal *refusal = &refusals[_i];
    struct error err = {0};
    struct my_url url;

    ck_assert_msg(!my_url_parse(refusal->url, arena, &url, &err), "%s", refusal->url);
    ck_assert_int_eq(err.status, STATUS_USAGE);
    ck_assert_msg(strstr(err.cause, refusal->cause), "%s: %s", refusal->url, err.cause);
    ck_assert_msg(strstr(err.hint, refusal->hint), "%s: %s", refusal->url, err.hint);
}
END_TEST

START_TEST(a_host_longer_than_dns_allows_is_refused)
{
    char text[400] = "mysql://";
    struct error err = {0};
    struct my_url url;

    memset(text + 8, 'h', 256);
    ck_assert(!my_url_parse(text, arena, &url, &err));
    text[8 + 255] = '\0';
    ck_assert(my_url_parse(text, arena, &url, &err));
}
END_TEST

Suite *suite_db_my_url(void);
Suite *suite_db_my_url(void)
{
    Suite *suite = suite_create("db/my_url");
    TCase *tests = tcase_create("my_url");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, every_part_of_a_url_has_its_place);
    tcase_add_test(tests, what_a_url_does_not_say_stays_unsaid);
    tcase_add_test(tests, an_encoded_delimiter_belongs_to_its_part);
    tcase_add_test(tests, an_ipv6_address_stands_in_brackets);
    tcase_add_test(tests, the_schema_of_a_url_is_known_without_a_server);
    tcase_add_loop_test(tests, what_is_no_url_is_refused_with_its_part, 0, COUNT_OF(refusals));
    tcase_add_test(tests, a_host_longer_than_dns_allows_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
