/* Engines and passwords in connection strings. */
#include "config/url.h"

#include <check.h>
#include <string.h>

static const struct {
    const char *url;
    int engine; /* -1: none */
} engines[] = {
    {"postgres://h/d", ENGINE_POSTGRESQL},
    {"postgresql:///d?host=/run", ENGINE_POSTGRESQL},
    {"PostgreSQL://h", ENGINE_POSTGRESQL},
    {"service=shop", ENGINE_POSTGRESQL},
    {" host = h dbname=d", ENGINE_POSTGRESQL},
    {"mysql://u@h:3306/d?ssl-mode=REQUIRED", ENGINE_MYSQL},
    {"mariadb:///d?socket=/s", ENGINE_MYSQL},
    {"", -1},
    {"shop", -1},
    {"sqlite:///x", -1},
    {"http://a=b", -1},
    {"=x", -1},
};

START_TEST(an_engine_is_told_from_the_url)
{
    struct error err = {0};
    enum engine engine;
    bool is_ok = url_engine(engines[_i].url, &engine, &err);

    ck_assert_msg(is_ok == (engines[_i].engine >= 0), "%s", engines[_i].url);
    ck_assert(!is_ok || (int)engine == engines[_i].engine);
}
END_TEST

static const char *const with_password[] = {
    "postgres://u:p@h/d",        "postgres://u:p%40@h/d",           "postgres://u:p?x@h/d",
    "host=h password=x",         "password='a b' host=h",           "dbname=d password\t=\tx",
    "postgres://h/d?password=x", "postgres://h/d?a=b&pa%73sword=x", "mysql://u:p@h/d",
    "mysql://h/d?passwd=x",      "mysql://h/d?PASSWORD=x",          "mysql://u:p:q@h",
    "mysql://u:a@b@h/d",         "postgres://h/d?sslpassword=x",
};

START_TEST(a_password_is_found_wherever_it_stands)
{
    struct error err = {0};

    ck_assert_msg(!url_refuse_password(with_password[_i], "here", &err), "%s", with_password[_i]);
    ck_assert_msg(err.status == STATUS_POLICY, "%s: %s", with_password[_i], err.cause);
    ck_assert_str_eq(err.cause, "a password may not stand here");
}
END_TEST

static const char *const without_password[] = {
    "postgres://u@h/d",         "postgres://u:@h/d",       "service=password",
    "host=h passfile=/x",       "postgres://h:5432/a@b:c", "mysql://u@h:3306/d?ssl-mode=REQUIRED",
    "mysql://h/password=x",     "host=h password=",        "postgres://h/d?passfile=/x",
    "mysql:///d?socket=/a:b@c",
};

START_TEST(the_hint_names_the_places_of_the_engine)
{
    struct error err = {0};

    ck_assert(!url_refuse_password("mysql://u:p@h/d", "here", &err));
    ck_assert_ptr_nonnull(strstr(err.hint, "~/.my.cnf"));
    ck_assert(!url_refuse_password("postgres://u:p@h/d", "here", &err));
    ck_assert_ptr_nonnull(strstr(err.hint, "~/.pgpass"));
}
END_TEST

START_TEST(what_is_no_password_passes)
{
    struct error err = {0};

    ck_assert_msg(url_refuse_password(without_password[_i], "here", &err), "%s: %s",
                  without_password[_i], err.cause);
}
END_TEST

START_TEST(what_libpq_cannot_read_is_refused_without_quoting_it)
{
    struct error err = {0};

    ck_assert(!url_refuse_password("host=h 'x secret", "here", &err));
    ck_assert_int_eq(err.status, STATUS_USAGE);
    ck_assert_ptr_null(strstr(err.cause, "secret"));
}
END_TEST

Suite *suite_config_url(void);
Suite *suite_config_url(void)
{
    Suite *suite = suite_create("config/url");
    TCase *tests = tcase_create("url");

    tcase_add_loop_test(tests, an_engine_is_told_from_the_url, 0, COUNT_OF(engines));
    tcase_add_loop_test(tests, a_password_is_found_wherever_it_stands, 0, COUNT_OF(with_password));
    tcase_add_test(tests, the_hint_names_the_places_of_the_engine);
    tcase_add_loop_test(tests, what_is_no_password_passes, 0, COUNT_OF(without_password));
    tcase_add_test(tests, what_libpq_cannot_read_is_refused_without_quoting_it);
    suite_add_tcase(suite, tests);
    return suite;
}
