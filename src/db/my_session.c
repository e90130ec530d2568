/* The settings of a session, and what the server says of itself. Everything that could make two
 * servers print, order or take a value differently is set; nothing is left to a server's
 * defaults. */
#include "base/fasthash.h"
#include "db/my_conn.h"
#include <stdlib.h>

#define LOCK_TIMEOUT_US 10000000 /* where the caller names none */
#define US_PER_S        1000000
#define OLDEST_MYSQL    80016 /* the first with CHECK constraints */
#define OLDEST_MARIADB  100600

enum servers { ALL, ONLY_MYSQL, ONLY_MARIADB };

struct setting {
    enum servers servers;
    const char *sql;
};

/* Partial and impossible dates are values that a source may hold and a target must take. */
static const struct setting settings[] = {
    {ALL, "SET NAMES utf8mb4"},
    {ALL, "SET character_set_results = NULL"}, /* bytes as they are stored */
    {ALL, "SET time_zone = '+00:00', lc_time_names = 'en_US'"},
    {ALL, "SET autocommit = 1, completion_type = 0"},
    {ALL, "SET net_read_timeout = 86400, net_write_timeout = 86400, wait_timeout = 31536000"},
    {ALL, "SET sql_select_limit = 18446744073709551615, max_join_size = 18446744073709551615,"
          " sql_big_selects = 1, sql_safe_updates = 0, sql_auto_is_null = 0,"
          " group_concat_max_len = 1048576"},
    {ALL, "SET sql_quote_show_create = 1"},
    {ONLY_MYSQL, "SET max_execution_time = 0, range_optimizer_max_mem_size = 0,"
                 " information_schema_stats_expiry = 0"},
    {ONLY_MARIADB, "SET max_statement_time = 0, in_predicate_conversion_threshold = 0"},
};

static const char source_mode[] = "SET sql_mode = 'ALLOW_INVALID_DATES'";
static const char target_mode[] =
    "SET sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO,"
    "ALLOW_INVALID_DATES', foreign_key_checks = 0, unique_checks = 1";

static bool locks_bound(struct my_db *my, struct error *err)
{
    int64_t timeout = my->config.lock_timeout_us ? my->config.lock_timeout_us : LOCK_TIMEOUT_US;
    long long seconds = (timeout + US_PER_S - 1) / US_PER_S;
    struct buf sql;

    buf_init(&sql, 256);
    buf_add_format(&sql, "SET lock_wait_timeout = %lld, innodb_lock_wait_timeout = %lld", seconds,
                   seconds);
    bool is_done = buf_ok(&sql) ? my_run(&my->base, buf_text(&sql), err) : error_memory(err);
    buf_release(&sql);
    return is_done;
}

static bool settings_apply(struct my_db *my, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(settings); i++) {
        bool is_meant = settings[i].servers == ALL ||
                        (settings[i].servers == ONLY_MARIADB) == my->base.info.is_mariadb;

        if (is_meant && !my_run(&my->base, settings[i].sql, err))
            return false;
    }
    return my_run(&my->base, my->base.side == DB_SOURCE ? source_mode : target_mode, err) &&
           locks_bound(my, err);
}

/* "10.11.19-MariaDB-..." is 101119, "9.7.0" 90700. */
static int version_number(const char *version)
{
    long parts[3] = {0, 0, 0};
    char *at;

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        parts[i] = strtol(version, &at, 10);
        if (at == version || parts[i] < 0 || parts[i] > 999)
            return 0;
        version = *at == '.' ? at + 1 : at;
        if (*at != '.')
            break;
    }
    return (int)(parts[0] * 10000 + parts[1] * 100 + parts[2]);
}

static bool version_read(struct my_db *my, const char *text, struct arena *arena, struct error *err)
{
    struct db_info *info = &my->base.info;

    if (!text)
        return error_set(err, my_status(my), "the server does not say what it is");
    /* MariaDB says so first for the sake of old replicas */
    if (strncmp(text, "5.5.5-", 6) == 0)
        text += 6;
    info->is_mariadb = strcasestr(text, "mariadb") != NULL;
    info->version = arena_strndup(arena, text, strspn(text, "0123456789."));
    info->version_number = version_number(text);
    if (!info->version)
        return error_memory(err);
    if (info->version_number >= (info->is_mariadb ? OLDEST_MARIADB : OLDEST_MYSQL))
        return true;
    return error_set(err, my_status(my), "%s %s is too old: %s or later is needed",
                     info->is_mariadb ? "MariaDB" : "MySQL", info->version,
                     info->is_mariadb ? "10.6" : "8.0.16");
}

/* Never 0, which says that there is no such schema. */
static uint32_t database_number(const char *name)
{
    uint32_t hash = (uint32_t)fasthash(0, name, strlen(name));

    return hash ? hash : 1;
}

/* The columns of the statements below. */
enum info_column {
    INFO_DATABASE,
    INFO_USER,
    INFO_STARTED,
    INFO_READ_ONLY,
    INFO_HOST,
    INFO_DATADIR,
    INFO_PORT,
    INFO_PACKET,
    INFO_COUNT
};

/* Where no identifier is kept, what makes a server out: host, data directory and port. */
static const char *system_print(struct my_result *result, const char *uid, struct arena *arena)
{
    struct buf facts;

    if (uid && uid[0])
        return arena_strdup(arena, uid);
    buf_init(&facts, 1 << 16);
    for (unsigned column = INFO_HOST; column <= INFO_PORT; column++) {
        const char *fact = my_text(result, 0, column);

        buf_add_format(&facts, "%s\n", fact ? fact : "");
    }
    const char *text =
        buf_ok(&facts)
            ? arena_printf(arena, "%016llx", (unsigned long long)fasthash(0, facts.ptr, facts.len))
            : NULL;
    buf_release(&facts);
    return text;
}

static const char uid_sql[] =
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uuid', 'server_uid')";

/* Uptime is counted from the statement's own second, so that the difference is always the same. */
static const char info_mysql_sql[] =
    "SELECT DATABASE(), CURRENT_USER(),"
    " UNIX_TIMESTAMP() - (SELECT VARIABLE_VALUE FROM performance_schema.global_status"
    "  WHERE VARIABLE_NAME = 'Uptime'), @@global.super_read_only,"
    " @@global.hostname, @@global.datadir, @@global.port, @@max_allowed_packet";
static const char info_mariadb_sql[] =
    "SELECT DATABASE(), CURRENT_USER(),"
    " UNIX_TIMESTAMP() - (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
    "  WHERE VARIABLE_NAME = 'UPTIME'), 0,"
    " @@global.hostname, @@global.datadir, @@global.port, @@max_allowed_packet";

static bool system_read(struct my_db *my, struct my_result *facts, struct arena *arena,
                        struct error *err)
{
    struct my_result result = {.rows = NULL};
    const char *uid = NULL;

    if (!my_query(&my->base, uid_sql, &result, err))
        return false;
    for (size_t row = 0; row < result.count && result.columns == 2; row++)
        uid = my_text(&result, row, 1);
    my->base.info.system = system_print(facts, uid, arena);
    my_result_release(&result);
    return my->base.info.system ? true : error_memory(err);
}

static bool info_fill(struct my_db *my, struct my_result *result, struct arena *arena,
                      struct error *err)
{
    struct db_info *info = &my->base.info;
    const char *database = my_text(result, 0, INFO_DATABASE);

    info->database = arena_strdup(arena, database ? database : "");
    info->user = my_copy(arena, result, 0, INFO_USER);
    info->database_oid = database ? database_number(database) : 0;
    info->started_us = my_integer(result, 0, INFO_STARTED) * US_PER_S;
    info->is_standby = my_true(result, 0, INFO_READ_ONLY);
    my->packet_max = (size_t)my_integer(result, 0, INFO_PACKET);
    if (!info->database || !info->user)
        return error_memory(err);
    return system_read(my, result, arena, err);
}

/* A replica is what it is while it takes another server's changes. Where the user may not ask,
 * super_read_only has said it. */
static bool standby_read(struct my_db *my, struct error *err)
{
    struct my_result result = {.rows = NULL};
    struct error ignored = {.status = STATUS_OK};
    const char *sql = my->base.info.is_mariadb
                          ? "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
                            " WHERE VARIABLE_NAME = 'SLAVES_RUNNING'"
                          : "SELECT COUNT(*) FROM performance_schema.replication_applier_status"
                            " WHERE SERVICE_STATE = 'ON' AND CHANNEL_NAME NOT LIKE 'group\\_%'";

    if (my_query_row(&my->base, sql, 1, &result, &ignored)) {
        if (my_integer(&result, 0, 0) > 0)
            my->base.info.is_standby = true;
    } else if (!my_number_is_denial(mysql_errno(my->connection))) {
        *err = ignored;
        return false;
    }
    my_result_release(&result);
    return true;
}

static bool info_read(struct my_db *my, struct arena *arena, struct error *err)
{
    struct my_result result = {.rows = NULL};

    if (!my_query_row(&my->base, "SELECT VERSION()", 1, &result, err))
        return false;
    bool is_known = version_read(my, my_text(&result, 0, 0), arena, err);
    my_result_release(&result);
    if (!is_known ||
        !my_query_row(&my->base, my->base.info.is_mariadb ? info_mariadb_sql : info_mysql_sql,
                      INFO_COUNT, &result, err))
        return false;
    bool is_read = info_fill(my, &result, arena, err);
    my_result_release(&result);
    return is_read && standby_read(my, err);
}

/* Nothing is written to a source, from its first statement on. */
bool my_session_begin(struct my_db *my, struct arena *arena, struct error *err)
{
    const char *access = my->base.side == DB_SOURCE
                             ? "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
                             : "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ "
                               "WRITE";

    assert(my->connection && arena);
    if (!my_run(&my->base, access, err) || !info_read(my, arena, err) || !settings_apply(my, err))
        return error_context(err, "setting up the session");
    if (my->base.side == DB_SOURCE && my->base.info.database_oid == 0) {
        error_set(err, STATUS_USAGE, "the source's URL names no database");
        return error_hint(err, "write mysql://user@host/database");
    }
    return true;
}
