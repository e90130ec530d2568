/* Connections, snapshots, loads and cancels of MySQL and MariaDB where they differ from what the
 * contract says of every engine. */
#include "base/clock.h"
#include "my_case.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static struct db *opened(const struct db_config *config)
{
    struct error err = {0};
    struct db *db;

    case_ok(db_open(config, arena, &db, &err), &err);
    return db;
}

static const char *asked(struct db *db, const char *sql)
{
    struct my_result result = {0};
    struct error err = {0};

    case_ok(my_query(db, sql, &result, &err), &err);
    const char *answer = result.count > 0 ? my_copy(arena, &result, 0, 0) : NULL;
    my_result_release(&result);
    return answer;
}

static const char *port_of(const char *url)
{
    return arena_strndup(arena, strrchr(url, ':') + 1, strcspn(strrchr(url, ':') + 1, "/"));
}

START_TEST(a_server_says_what_it_is)
{
    struct db *one = case_open(DB_SOURCE, "root"), *two = case_open(DB_TARGET, "root");
    const struct db_info *info = db_info(one);

    ck_assert_int_eq(info->engine, ENGINE_MYSQL);
    ck_assert(info->is_mariadb == case_is_mariadb());
    ck_assert_int_ge(info->version_number, info->is_mariadb ? 100600 : 80016);
    ck_assert_ptr_nonnull(strstr(case_ask("SELECT VERSION()"), info->version));
    ck_assert_str_eq(info->database, case_ask("SELECT DATABASE()"));
    ck_assert_uint_ne(info->database_oid, 0);
    ck_assert_str_eq(info->tls, "local");
    ck_assert(!info->is_standby);
    ck_assert_int_gt(info->started_us, 0);
    ck_assert_int_eq(info->started_us, db_info(two)->started_us);
    ck_assert_str_eq(info->system, db_info(two)->system);
    db_close(one);
    db_close(two);
}
END_TEST

START_TEST(a_session_prints_and_compares_as_it_is_told)
{
    struct db *source = case_open(DB_SOURCE, "reader"), *target = case_open(DB_TARGET, "root");

    ck_assert_str_eq(asked(source, "SELECT @@time_zone"), "+00:00");
    ck_assert_str_eq(asked(source, "SELECT @@character_set_client"), "utf8mb4");
    ck_assert_ptr_null(asked(source, "SELECT @@character_set_results"));
    ck_assert_str_eq(asked(source, "SELECT @@sql_mode"), "ALLOW_INVALID_DATES");
    ck_assert_str_eq(asked(source, "SELECT @@lock_wait_timeout"), "1");
    ck_assert_ptr_nonnull(strstr(asked(target, "SELECT @@sql_mode"), "STRICT_ALL_TABLES"));
    ck_assert_ptr_nonnull(strstr(asked(target, "SELECT @@sql_mode"), "NO_AUTO_VALUE_ON_ZERO"));
    ck_assert_str_eq(asked(target, "SELECT @@foreign_key_checks"), "0");
    ck_assert_str_eq(asked(target, "SELECT @@unique_checks"), "1");
    db_close(source);
    db_close(target);
}
END_TEST

START_TEST(the_source_takes_no_writes)
{
    struct db *db = case_open(DB_SOURCE, "root");
    struct error err = {0};

    ck_assert(!my_run(db, "CREATE TABLE oops (a int)", &err));
    ck_assert(case_says(&err, "the session is read-only"));
    ck_assert(!my_run(db, "DELETE FROM people", &err));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    db_close(db);
}
END_TEST

START_TEST(a_statement_holds_no_second_one)
{
    struct db *db = case_open(DB_SOURCE, "root");
    struct error err = {0};

    ck_assert(!my_run(db, "SELECT 1; SELECT 2", &err));
    ck_assert(case_says(&err, "1064"));
    db_close(db);
}
END_TEST

START_TEST(a_source_that_asks_for_a_file_gets_none)
{
    struct db *db = case_open(DB_SOURCE, "root");
    MYSQL *connection = my_connection(db);

    case_run("SET GLOBAL local_infile = 1");
    case_run("CREATE TABLE stolen (line text)");
    (void)mysql_query(connection, "SET SESSION TRANSACTION READ WRITE");
    ck_assert_int_ne(
        mysql_query(connection, "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE stolen"), 0);
    ck_assert_str_eq(case_ask("SELECT COUNT(*) FROM stolen"), "0");
    db_close(db);

    db = case_open(DB_TARGET, "root");
    connection = my_connection(db);
    ck_assert_int_ne(
        mysql_query(connection, "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE stolen"), 0);
    ck_assert_str_eq(case_ask("SELECT COUNT(*) FROM stolen"), "0");
    db_close(db);
    case_run("DROP TABLE stolen");
}
END_TEST

START_TEST(a_connection_that_fails_says_why_in_our_words)
{
    const char *port = port_of(case_url("root"));
    struct error err;

    ck_assert(case_open_fails("mysql://root@127.0.0.1:1/x", &err));
    ck_assert(case_says(&err, "the server cannot be reached: connection refused"));
    ck_assert_int_eq(err.status, STATUS_SOURCE);
    ck_assert(case_open_fails(arena_printf(arena, "mysql://stranger@127.0.0.1:%s/x", port), &err));
    ck_assert(case_says(&err, "user 'stranger' was refused without a password (error 1045"));
    ck_assert_ptr_nonnull(strstr(err.hint, "password_command"));
    ck_assert(case_open_fails(arena_printf(arena, "mysql://root@127.0.0.1:%s/absent", port), &err));
    ck_assert(case_says(&err, "the database does not exist (error 1049"));
    ck_assert(case_open_fails(arena_printf(arena, "mysql://root@127.0.0.1:%s", port), &err));
    ck_assert(case_says(&err, "names no database"));
    ck_assert_int_eq(err.status, STATUS_USAGE);
    ck_assert(case_open_fails("mysql://root@no-such-host.invalid/x", &err));
    ck_assert(case_says(&err, "its host is unknown"));
    ck_assert(case_open_fails("mysql://root@/x?socket=/absent/socket", &err));
    ck_assert(case_says(&err, "there is no such socket"));
    ck_assert(
        case_open_fails(arena_printf(arena, "mysql://partly@127.0.0.1:%s/mysql", port), &err));
    ck_assert(case_says(&err, "schema 'mysql' may not be entered, or does not exist"));
    ck_assert_ptr_nonnull(strstr(err.hint, "if the name is right: GRANT SELECT ON `mysql`.*"));
    ck_assert(case_open_fails(
        arena_printf(arena, "mysql://root@127.0.0.1:%s/x?ssl-ca=/absent", port), &err));
    ck_assert(case_says(&err, "ssl-ca '/absent' cannot be read"));
    ck_assert_int_eq(err.status, STATUS_LOCAL);
    ck_assert(case_open_fails(
        arena_printf(arena, "mysql://root@127.0.0.1:%s/x?default-file=/absent", port), &err));
    ck_assert(case_says(&err, "option file '/absent' cannot be read"));
}
END_TEST

START_TEST(a_target_may_be_entered_without_a_schema)
{
    struct db_config config = case_config(DB_TARGET, "root");

    config.database = "";
    struct db *db = opened(&config);
    ck_assert_ptr_null(asked(db, "SELECT DATABASE()"));
    ck_assert_str_eq(db_info(db)->database, "");
    ck_assert_uint_eq(db_info(db)->database_oid, 0);
    db_close(db);
}
END_TEST

START_TEST(a_password_comes_from_a_program_a_file_or_the_environment)
{
    const char *port = port_of(case_url("root"));
    const char *url =
        arena_printf(arena, "mysql://keeper@127.0.0.1:%s/%s", port, case_ask("SELECT DATABASE()"));
    const char *command[] = {"/bin/echo", "it's \"geheim\"", NULL};
    char path[] = "/tmp/understudy-my-XXXXXX";
    struct error err;

    case_run("CREATE USER keeper IDENTIFIED BY 'it\\'s \"geheim\"'");
    case_run("GRANT SELECT ON *.* TO keeper");
    ck_assert(case_open_fails(url, &err));
    ck_assert(case_says(&err, "1045"));
    struct db_config config = {
        .side = DB_SOURCE, .engine = ENGINE_MYSQL, .url = url, .password_command = command};
    db_close(opened(&config));

    config.password_command = NULL;
    setenv("MYSQL_PWD", command[1], 1);
    db_close(opened(&config));
    unsetenv("MYSQL_PWD");

    FILE *file = fdopen(mkstemp(path), "w");
    fprintf(file, "[client]\nuser=keeper\npassword=wrong\nlocal-infile=1\n[app]\n"
                  "password='it\\'s \"geheim\"'\n");
    fclose(file);
    config.url = arena_printf(arena, "mysql://127.0.0.1:%s/%s?default-file=%s&default-group=app",
                              port, case_ask("SELECT DATABASE()"), path);
    struct db *db = opened(&config);
    ck_assert_ptr_nonnull(strstr(db_info(db)->user, "keeper"));
    db_close(db);
    remove(path);
    case_run("DROP USER keeper");
}
END_TEST

START_TEST(a_writable_server_is_locked_only_where_that_is_allowed)
{
    struct db_config config = case_config(DB_SOURCE, "root");
    struct db *leader = opened(&config), *reader;
    struct error err = {0};
    const char *token;

    case_ok(db_snapshot_export(leader, 2, arena, &token, &err), &err);
    ck_assert_uint_eq(db_info(leader)->snapshot_readers, 0);
    ck_assert_int_eq(db_info(leader)->lock_us, 0);
    db_close(leader);

    config.may_lock = true;
    leader = opened(&config);
    case_run("CREATE TABLE counted (a int)");
    case_ok(db_snapshot_export(leader, 2, arena, &token, &err), &err);
    ck_assert_uint_eq(db_info(leader)->snapshot_readers, 2);
    ck_assert_int_gt(db_info(leader)->lock_us, 0);
    case_run("INSERT INTO counted VALUES (1)"); /* the lock is given back */
    case_ok(db_snapshot_reader(leader, &config, token, arena, &reader, &err), &err);
    ck_assert_str_eq(asked(leader, "SELECT COUNT(*) FROM counted"), "0");
    ck_assert_str_eq(asked(reader, "SELECT COUNT(*) FROM counted"), "0");
    db_close(reader);
    db_close(leader); /* with the reader that nobody took */
    case_run("DROP TABLE counted");
}
END_TEST

static void *read_for_long(void *db)
{
    struct error err = {0};

    (void)my_run(db, "SELECT SLEEP(600) FROM counted", &err);
    return NULL;
}

/* MySQL's global lock, when it gives up, would keep others from the table as long. */
START_TEST(a_statement_that_reads_for_long_keeps_nobody_else_from_its_table)
{
    const char *running =
        "SELECT COUNT(*) FROM information_schema.processlist WHERE state = 'User sleep'";
    struct db_config config = case_config(DB_SOURCE, "root");
    struct db *slow = opened(&config), *leader;
    struct error err = {0};
    const char *token;
    pthread_t thread;

    case_run("CREATE TABLE counted (a int)");
    case_run("INSERT INTO counted VALUES (1)");
    pthread_create(&thread, NULL, read_for_long, slow);
    while (strcmp(case_ask(running), "0") == 0)
        sched_yield();
    config.may_lock = true;
    leader = opened(&config);
    case_ok(db_snapshot_export(leader, 2, arena, &token, &err), &err);
    if (!case_is_mariadb())
        ck_assert_uint_eq(db_info(leader)->snapshot_readers, 2);
    ck_assert_str_eq(case_ask("SELECT a FROM counted"), "1");
    case_run("INSERT INTO counted VALUES (2)");
    ck_assert_str_eq(case_ask(running), "1");
    db_cancel(slow);
    pthread_join(thread, NULL);
    db_close(leader);
    db_close(slow);
    case_run("DROP TABLE counted");
}
END_TEST

START_TEST(a_read_only_server_is_locked_unasked)
{
    struct db_config config = case_config(DB_SOURCE, "root");
    struct db *leader = opened(&config);
    struct error err = {0};
    const char *token;

    case_run("SET GLOBAL read_only = 1");
    case_ok(db_snapshot_export(leader, 1, arena, &token, &err), &err);
    case_run("SET GLOBAL read_only = 0");
    ck_assert_uint_eq(db_info(leader)->snapshot_readers, 1);
    db_close(leader);
}
END_TEST

START_TEST(without_the_right_to_lock_one_connection_reads)
{
    struct db_config config = case_config(DB_SOURCE, "reader");

    config.may_lock = true;
    struct db *leader = opened(&config);
    struct error err = {0};
    const char *token;

    case_ok(db_snapshot_export(leader, 2, arena, &token, &err), &err);
    ck_assert_uint_eq(db_info(leader)->snapshot_readers, 0);
    db_close(leader);
}
END_TEST

struct canceling {
    struct db *db;
    atomic_bool is_over;
};

/* Again and again: a cancel between two statements lets the next one run. */
static void *cancel_until_over(void *context)
{
    struct canceling *canceling = context;

    while (!atomic_load(&canceling->is_over))
        db_cancel(canceling->db);
    return NULL;
}

START_TEST(a_statement_that_waits_is_canceled_and_no_other_begins)
{
    struct db *db = case_open(DB_SOURCE, "reader");
    struct canceling canceling = {.db = db};
    double since = clock_monotonic();
    struct error err = {0};
    pthread_t thread;

    pthread_create(&thread, NULL, cancel_until_over, &canceling);
    for (int i = 0; i < 1000 && err.status == STATUS_OK; i++)
        (void)my_run(db, "SELECT BENCHMARK(100000000, SHA2('a', 256))", &err);
    atomic_store(&canceling.is_over, true);
    pthread_join(thread, NULL);
    ck_assert_msg(err.status == STATUS_INTERRUPTED, "%d: %s", (int)err.status, err.cause);
    ck_assert_double_lt(clock_monotonic() - since, 20);
    ck_assert(!my_run(db, "SELECT 1", &err));
    ck_assert_int_eq(err.status, STATUS_INTERRUPTED);
    db_close(db);
}
END_TEST

/* A table of the target as db_write_begin wants it, made by hand. */
struct target {
    struct table table;
    struct type types[3];
    struct column columns[3];
    const struct column *list[3];
    struct column *all[3];
};

static void target_make(struct target *target, const char *name, size_t count,
                        const struct type *types)
{
    static const char *const names[] = {"a", "b", "c"};

    *target = (struct target){.table = {.name = name, .label = name}};
    for (size_t i = 0; i < count; i++) {
        target->types[i] = types[i];
        target->columns[i] = (struct column){.name = names[i], .type = &target->types[i]};
        target->list[i] = target->all[i] = &target->columns[i];
    }
    target->table.column_count = count;
    target->table.columns = target->all;
}

static bool load(const struct target *target, size_t columns, const char *lines, int64_t *taken,
                 struct error *err)
{
    struct db *db = case_open(DB_TARGET, "root");
    bool is_loaded = db_write_begin(db, &target->table, target->list, columns, &codec_my, err) &&
                     db_write_rows(db, span_of(lines), err) && db_write_end(db, taken, err);

    db_close(db);
    return is_loaded;
}

static const struct type plain_types[] = {
    {.name = "int", .kind = KIND_INTEGER},
    {.name = "varchar", .kind = KIND_TEXT, .charset = "latin1"},
    {.name = "enum", .kind = KIND_ENUM, .class = TYPE_ENUM},
};

/* By LOAD DATA and by INSERT. */
static void each_way(void (*check)(void))
{
    case_run("SET GLOBAL local_infile = 1");
    check();
    case_run("SET GLOBAL local_infile = 0");
    check();
    case_run("SET GLOBAL local_infile = 1");
}

static void check_rows(void)
{
    struct target target;
    struct error err = {0};
    int64_t taken = 0;

    case_run("CREATE TABLE arrived (a int PRIMARY KEY, b varchar(20) CHARACTER SET latin1,"
             " c enum('x', 'y'))");
    target_make(&target, "arrived", 3, plain_types);
    case_ok(
        load(&target, 3, "1\th\xc3\xa4 'q' \\\\ \\t\\n\\0\tx\n2\t\\N\t\\N\n3\t\t\n", &taken, &err),
        &err);
    ck_assert_int_eq(taken, 3);
    ck_assert_str_eq(case_ask("SELECT GROUP_CONCAT(CONCAT_WS('|', a, IFNULL(HEX(b), 'NULL'),"
                              " IFNULL(c + 0, 'NULL')) ORDER BY a SEPARATOR ';') FROM arrived"),
                     "1|68E420277127205C20090A00|1;2|NULL|NULL;3||0");
    case_run("DROP TABLE arrived");
}

START_TEST(rows_arrive_byte_for_byte_whatever_the_way)
{
    each_way(check_rows);
}
END_TEST

static void check_hidden_zero(void)
{
    static const char *labels[] = {"q", ""};
    static const struct type types[] = {
        {.name = "int", .kind = KIND_INTEGER},
        {.name = "enum", .kind = KIND_ENUM, .class = TYPE_ENUM, .label_count = 2, .labels = labels},
    };
    struct target target;
    struct error err = {0};
    int64_t taken = 0;

    case_run("CREATE TABLE arrived (a int PRIMARY KEY, b enum('q', ''))");
    target_make(&target, "arrived", 2, types);
    case_ok(load(&target, 2, "1\t0\n2\t\n3\tq\n4\t\\N\n", &taken, &err), &err);
    ck_assert_int_eq(taken, 4);
    ck_assert_str_eq(case_ask("SELECT GROUP_CONCAT(IFNULL(b + 0, 'NULL') ORDER BY a) FROM arrived"),
                     "0,2,1,NULL");
    case_run("DROP TABLE arrived");
}

START_TEST(an_enum_of_an_empty_label_keeps_its_value_0_apart)
{
    each_way(check_hidden_zero);
}
END_TEST

static void check_refusals(void)
{
    static const struct {
        const char *lines, *cause;
    } tries[] = {
        {"1\ta\tx\n2\tb\ty\n1\tc\tx\n", "a unique key would hold a value twice"},
        {"1\t0123456789\tx\n", "; column 'b')"},
        {"1\ta\tz\n", "; column 'c')"},
        {"x\ta\tx\n", "; column 'a')"},
        {"1\t\xe4\xb8\x80\tx\n", "; column 'b')"},
    };

    case_run("CREATE TABLE arrived (a int PRIMARY KEY, b varchar(9) CHARACTER SET latin1,"
             " c enum('x', 'y'))");
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        struct target target;
        struct error err = {0};
        int64_t taken = 0;

        target_make(&target, "arrived", 3, plain_types);
        ck_assert_msg(!load(&target, 3, tries[i].lines, &taken, &err), "%s", tries[i].lines);
        ck_assert_int_eq(err.status, STATUS_TARGET);
        ck_assert_msg(case_says(&err, tries[i].cause), "%s: %s", tries[i].lines, err.cause);
        ck_assert(case_says(&err, "loading table 'arrived'"));
        case_run("DELETE FROM arrived");
    }
    case_run("DROP TABLE arrived");
}

START_TEST(a_row_that_would_be_bent_or_left_out_fails_the_load)
{
    each_way(check_refusals);
}
END_TEST

static void check_large_rows(void)
{
    static const struct type types[] = {{.name = "longblob", .kind = KIND_BYTES}};
    size_t len = (size_t)12 << 20;
    char *lines = malloc(2 * len + 3);
    struct target target;
    struct error err = {0};
    int64_t taken = 0;

    ck_assert_ptr_nonnull(lines);
    memset(lines, 'x', 2 * len + 2);
    lines[len] = lines[2 * len + 1] = '\n';
    lines[2 * len + 2] = '\0';
    case_run("CREATE TABLE arrived (a longblob)");
    target_make(&target, "arrived", 1, types);
    case_ok(load(&target, 1, lines, &taken, &err), &err);
    ck_assert_int_eq(taken, 2);
    ck_assert_str_eq(case_ask("SELECT SUM(LENGTH(a)) FROM arrived"), "25165824");
    case_run("DROP TABLE arrived");
    free(lines);
}

START_TEST(a_row_larger_than_a_statement_passes)
{
    each_way(check_large_rows);
}
END_TEST

void case_add_my_sessions(Suite *suite)
{
    TCase *tests = case_new(suite, "sessions");

    tcase_add_test(tests, a_server_says_what_it_is);
    tcase_add_test(tests, a_session_prints_and_compares_as_it_is_told);
    tcase_add_test(tests, the_source_takes_no_writes);
    tcase_add_test(tests, a_statement_holds_no_second_one);
    tcase_add_test(tests, a_source_that_asks_for_a_file_gets_none);
    tcase_add_test(tests, a_connection_that_fails_says_why_in_our_words);
    tcase_add_test(tests, a_target_may_be_entered_without_a_schema);
    tcase_add_test(tests, a_password_comes_from_a_program_a_file_or_the_environment);
    tcase_add_test(tests, a_writable_server_is_locked_only_where_that_is_allowed);
    tcase_add_test(tests, a_statement_that_reads_for_long_keeps_nobody_else_from_its_table);
    tcase_add_test(tests, a_read_only_server_is_locked_unasked);
    tcase_add_test(tests, without_the_right_to_lock_one_connection_reads);
    tcase_add_test(tests, a_statement_that_waits_is_canceled_and_no_other_begins);
    tcase_add_test(tests, rows_arrive_byte_for_byte_whatever_the_way);
    tcase_add_test(tests, an_enum_of_an_empty_label_keeps_its_value_0_apart);
    tcase_add_test(tests, a_row_that_would_be_bent_or_left_out_fails_the_load);
    tcase_add_test(tests, a_row_larger_than_a_statement_passes);
}
