/* What a URL and option files say of TLS, and which passwords a server is given: against a server
 * whose certificate is for 127.0.0.1, and against one that has no TLS. */
#include "my_case.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A name that the certificate does not hold, and an address that leads to this machine. */
#define OTHER_HOST "0.0.0.0"
#define HOST       "127.0.0.1"

static void server_with_tls(void)
{
    case_server = "UNDERSTUDY_TEST_MY_TLS";
}

static void server_without(void)
{
    case_server = "UNDERSTUDY_TEST_MY";
}

/* A file of my_certificates; `other` is a second authority, which the server knows nothing of. */
static const char *certificate(const char *name)
{
    const char *directory = getenv("UNDERSTUDY_TEST_MY_CERTIFICATES");

    ck_assert_msg(directory != NULL, "UNDERSTUDY_TEST_MY_CERTIFICATES is not set");
    return arena_printf(arena, "%s/%s", directory, name);
}

static const char *url_of(const char *user, const char *host, const char *words)
{
    const char *port = strrchr(case_url("root"), ':');

    return arena_printf(arena, "mysql://%s%s%s%.*s/mysql?%s", user, *user ? "@" : "", host,
                        (int)strcspn(port, "/"), port, words);
}

static bool opens(const char *url, struct db **db, struct error *err)
{
    const struct db_config config = {.side = DB_SOURCE, .engine = ENGINE_MYSQL, .url = url};

    *db = NULL;
    *err = (struct error){0};
    return db_open(&config, arena, db, err);
}

/* How the connection is made, in the words of the report; "refused: ..." where it is not. */
static const char *made(const char *url)
{
    struct my_result result = {0};
    struct error err;
    struct db *db;

    if (!opens(url, &db, &err))
        return arena_printf(arena, "refused: %s", err.cause);
    const char *tls = arena_strdup(arena, db_info(db)->tls);
    bool is_bare = strcmp(tls, "local") == 0 || strcmp(tls, "none") == 0;

    case_ok(my_query(db, "SHOW SESSION STATUS LIKE 'Ssl_cipher'", &result, &err), &err);
    ck_assert_msg(is_bare == !*my_text(&result, 0, 1), "%s: the server says '%s'", tls,
                  my_text(&result, 0, 1));
    my_result_release(&result);
    db_close(db);
    return tls;
}

static void check_made(const char *host, const char *words, const char *wanted)
{
    const char *found = made(url_of("root", host, words));

    ck_assert_msg(strncmp(found, wanted, strlen(wanted)) == 0, "%s, %s: %s", host, words, found);
}

START_TEST(a_report_says_what_was_checked_of_the_server)
{
    const char *ca = arena_printf(arena, "&ssl-ca=%s", certificate("ca.pem"));

    check_made(HOST, "ssl-mode=DISABLED", "local");
    check_made(HOST, "ssl-mode=PREFERRED", "prefer");
    check_made(HOST, "ssl-mode=REQUIRED", "require");
    check_made(HOST, arena_printf(arena, "ssl-mode=VERIFY_CA%s", ca), "verify-ca");
    check_made(HOST, arena_printf(arena, "ssl-mode=VERIFY_IDENTITY%s", ca), "verify-full");
    check_made(OTHER_HOST, "ssl-mode=DISABLED", "none");
    check_made(OTHER_HOST, "", "require");
}
END_TEST

START_TEST(a_certificate_of_another_authority_is_refused)
{
    const char *ca = arena_printf(arena, "&ssl-ca=%s", certificate("other/ca.pem"));

    check_made(HOST, arena_printf(arena, "ssl-mode=VERIFY_CA%s", ca), "refused: no TLS connection");
    check_made(HOST, arena_printf(arena, "ssl-mode=VERIFY_IDENTITY%s", ca),
               "refused: no TLS connection");
    check_made(HOST, "ssl-mode=VERIFY_IDENTITY", "refused: no TLS connection");
}
END_TEST

START_TEST(a_certificate_of_another_host_is_refused_where_the_name_counts)
{
    const char *ca = arena_printf(arena, "&ssl-ca=%s", certificate("ca.pem"));

    check_made(OTHER_HOST, arena_printf(arena, "ssl-mode=VERIFY_CA%s", ca), "verify-ca");
    check_made(OTHER_HOST, arena_printf(arena, "ssl-mode=VERIFY_IDENTITY%s", ca),
               "refused: no TLS connection");
}
END_TEST

START_TEST(an_authority_is_a_file_that_can_be_read)
{
    check_made(HOST, "ssl-mode=VERIFY_CA&ssl-ca=/absent",
               "refused: the URL's ssl-ca '/absent' cannot");
    check_made(HOST, "ssl-mode=VERIFY_CA", "refused: ssl-mode VERIFY_CA needs an authority");
}
END_TEST

START_TEST(a_user_who_must_show_a_certificate_shows_it)
{
    const char *words = arena_printf(arena, "ssl-ca=%s", certificate("ca.pem"));

    case_run("CREATE USER shower REQUIRE X509");
    case_run("GRANT SELECT ON mysql.* TO shower");
    ck_assert_ptr_nonnull(strstr(made(url_of("shower", HOST, words)), "error 1045"));
    words = arena_printf(arena, "%s&ssl-cert=%s&ssl-key=%s", words, certificate("cert.pem"),
                         certificate("client.key"));
    ck_assert_str_eq(made(url_of("shower", HOST, words)), "verify-ca");
    case_run("DROP USER shower");
}
END_TEST

START_TEST(a_server_without_tls_is_refused_where_tls_is_asked_for)
{
    const char *ca = arena_printf(arena, "&ssl-ca=%s", certificate("ca.pem"));

    check_made(HOST, "", "local");
    check_made(HOST, "ssl-mode=PREFERRED", "local");
    check_made(HOST, "ssl-mode=REQUIRED", "refused: ");
    check_made(HOST, arena_printf(arena, "ssl-mode=VERIFY_CA%s", ca), "refused: ");
    check_made(HOST, arena_printf(arena, "ssl-mode=VERIFY_IDENTITY%s", ca), "refused: ");
    check_made(OTHER_HOST, "", "refused: ");
    check_made(OTHER_HOST, "ssl-mode=PREFERRED", "none");
    check_made(OTHER_HOST, "ssl-mode=DISABLED", "none");
}
END_TEST

static void home_write(const char *home, const char *lines)
{
    FILE *file = fopen(arena_printf(arena, "%s/.my.cnf", home), "w");

    ck_assert_ptr_nonnull(file);
    fputs(lines, file);
    fclose(file);
}

/* A home of its own, gone with home_remove. Oracle's client library looks for it once, before
 * anything else: so it is made before the first connection. */
static const char *home_make(void)
{
    static char home[] = "/tmp/understudy-home-XXXXXX";

    ck_assert_ptr_nonnull(mkdtemp(home));
    setenv("HOME", home, 1);
    return home;
}

static void home_remove(const char *home)
{
    unlink(arena_printf(arena, "%s/.my.cnf", home));
    rmdir(home);
}

START_TEST(what_an_option_file_at_home_says_counts_below_the_url)
{
    const char *home = home_make(), *port = strrchr(case_url("root"), ':') + 1;
    struct error err;
    struct db *db;

    case_run("CREATE USER keeper IDENTIFIED BY 'geheim'");
    case_run("GRANT SELECT ON mysql.* TO keeper");
    home_write(home, arena_printf(arena,
                                  "[client]\nhost=127.0.0.1\nport=%.*s\nprotocol=tcp\n"
                                  "user=stranger\npassword=geheim\nlocal-infile=1\n"
                                  "[understudy]\nuser=keeper\n",
                                  (int)strcspn(port, "/"), port));
    case_ok(opens("mysql:///mysql", &db, &err), &err);
    ck_assert_ptr_nonnull(strstr(db_info(db)->user, "keeper"));
    db_close(db);
    ck_assert(!opens("mysql://stranger@/mysql", &db, &err));
    ck_assert(case_says(&err, "error 1045"));
    home_remove(home);
    case_run("DROP USER keeper");
}
END_TEST

START_TEST(an_authority_in_an_option_file_is_asked_whatever_the_address)
{
    const char *home = home_make();

    home_write(home, arena_printf(arena, "[client]\nssl-ca=%s\n", certificate("ca.pem")));
    check_made(HOST, "", "verify-ca");
    check_made(OTHER_HOST, "", "verify-ca");
    check_made(HOST, "ssl-mode=VERIFY_CA", "verify-ca");
    home_write(home, arena_printf(arena, "[client]\nssl-ca=%s\n", certificate("other/ca.pem")));
    check_made(HOST, "", "refused: no TLS connection");
    check_made(OTHER_HOST, "", "refused: no TLS connection");
    check_made(OTHER_HOST, "ssl-mode=VERIFY_CA", "refused: no TLS connection");
    check_made(OTHER_HOST, arena_printf(arena, "ssl-ca=%s", certificate("ca.pem")), "verify-ca");
    check_made(OTHER_HOST, "ssl-mode=DISABLED", "none");
    home_remove(home);
}
END_TEST

/* A user's first connection: the server keeps what makes later ones short. */
static void check_password(const char *host, const char *words, const char *wanted)
{
    struct error err;
    struct db *db;

    case_run("CREATE USER fresh IDENTIFIED BY 'geheim'");
    case_run("GRANT SELECT ON mysql.* TO fresh");
    const char *url = url_of("fresh", host, words);
    ck_assert(!opens(url, &db, &err));
    ck_assert(case_says(&err, "error 1045"));
    setenv("MYSQL_PWD", "geheim", 1);
    for (int i = 0; i < 2; i++) {
        case_ok(opens(url, &db, &err), &err);
        ck_assert_str_eq(db_info(db)->tls, wanted);
        db_close(db);
    }
    unsetenv("MYSQL_PWD");
    case_run("DROP USER fresh");
}

START_TEST(a_password_passes_through_tls)
{
    check_password(HOST, "ssl-mode=REQUIRED", "require");
    check_password(OTHER_HOST, "", "require");
}
END_TEST

START_TEST(a_password_passes_through_a_socket)
{
    const char *words = arena_printf(arena, "socket=%s", case_ask("SELECT @@socket"));

    check_password("", words, "local");
}
END_TEST

START_TEST(a_password_passes_without_tls_under_the_servers_key)
{
    check_password(HOST, "", "local");
    check_password(HOST, "ssl-mode=DISABLED", "local");
}
END_TEST

static const char *made_with_password(const char *url)
{
    setenv("MYSQL_PWD", "geheim", 1);
    const char *found = made(url);
    unsetenv("MYSQL_PWD");
    return found;
}

/* Oracle's client library does not tell why. */
#ifdef MARIADB_BASE_VERSION
#define NO_TLS "refused: the server offers no TLS"
#else
#define NO_TLS "refused: no TLS connection could be made"
#endif

/* Who was authenticated stands in the table, whatever came of it. MariaDB's ways of authentication
 * never send a password as it is. */
START_TEST(a_password_is_not_shown_to_a_server_that_lacks_the_tls_it_was_to_have)
{
    const char *known = "SELECT COUNT(*) FROM performance_schema.accounts WHERE USER = 'fresh'";
    const char *refusal = case_is_mariadb() ? "refused: " : NO_TLS;
    const char *ca = arena_printf(arena, "ssl-mode=VERIFY_CA&ssl-ca=%s", certificate("ca.pem"));
    const char *const words[] = {"ssl-mode=REQUIRED", ca};

    case_run("CREATE USER fresh IDENTIFIED BY 'geheim'");
    case_run("GRANT SELECT ON mysql.* TO fresh");
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        const char *found = made_with_password(url_of("fresh", HOST, words[i]));
        ck_assert_msg(strncmp(found, refusal, strlen(refusal)) == 0, "%s: %s", words[i], found);
    }
    ck_assert_str_eq(made_with_password(url_of("fresh", OTHER_HOST, "")), NO_TLS);
    if (!case_is_mariadb())
        ck_assert_str_eq(case_ask(known), "0");
    ck_assert_str_eq(made_with_password(url_of("fresh", HOST, "ssl-mode=PREFERRED")), "local");
    if (!case_is_mariadb())
        ck_assert_str_eq(case_ask(known), "1");
    case_run("DROP USER fresh");
}
END_TEST

void case_add_my_tls(Suite *suite)
{
    TCase *with = case_new(suite, "tls"), *without = case_new(suite, "no tls");

    tcase_add_checked_fixture(with, server_with_tls, server_without);
    tcase_add_test(with, a_report_says_what_was_checked_of_the_server);
    tcase_add_test(with, a_certificate_of_another_authority_is_refused);
    tcase_add_test(with, a_certificate_of_another_host_is_refused_where_the_name_counts);
    tcase_add_test(with, an_authority_is_a_file_that_can_be_read);
    tcase_add_test(with, a_user_who_must_show_a_certificate_shows_it);
    tcase_add_test(with, an_authority_in_an_option_file_is_asked_whatever_the_address);
    tcase_add_test(with, a_password_passes_through_tls);
    tcase_add_test(with, a_password_passes_through_a_socket);
    tcase_add_test(without, a_server_without_tls_is_refused_where_tls_is_asked_for);
    tcase_add_test(without, a_password_is_not_shown_to_a_server_that_lacks_the_tls_it_was_to_have);
    tcase_add_test(without, what_an_option_file_at_home_says_counts_below_the_url);
    tcase_add_test(without, a_password_passes_without_tls_under_the_servers_key);
}
