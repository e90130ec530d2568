# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with run
# Secrets on MySQL and MariaDB, and a replica that replays the source's binary log. Sourced by
# secrets.sh.

secrets_of='servers and federated tables'
secret_words='far_orders'
reader_has='SELECT, SHOW VIEW, TRIGGER and EVENT'

my_sql source -e "CREATE USER far@'127.0.0.1' IDENTIFIED BY 'swordfish-federated';
    GRANT SELECT ON *.* TO far@'127.0.0.1';
    CREATE SERVER far_away FOREIGN DATA WRAPPER mysql
        OPTIONS (HOST '127.0.0.1', DATABASE 'x', USER 'x', PASSWORD 'swordfish-server')"

passwords_dump() {
    my_dump target --routines --events --triggers plain_staging >"$1/dump.sql"
    my_sql target -e 'SELECT * FROM mysql.servers' >"$1/globals.sql"
}

passwords_are_there() {
    my_dump source --no-data plain far_orders | grep -q swordfish &&
        my_sql source -e 'SELECT * FROM mysql.servers' | grep -q swordfish
}

# MySQL counts the rows of its own temporary tables among InnoDB's; MariaDB's performance schema sleeps.
counters() {
    if my_is_mariadb; then
        my_sql "$1" -e "SHOW GLOBAL STATUS WHERE Variable_name LIKE 'Innodb\\_rows\\_%ed'"
    else
        my_sql "$1" -e "SELECT object_name, count_write FROM performance_schema.table_io_waits_summary_by_table
            WHERE object_type = 'TABLE' AND object_schema = 'plain' ORDER BY 1"
    fi
}

# The federated table has a session of its own.
nobody_in_plain() {
    [ -z "$(my_sql "$1" -e "SELECT 1 FROM information_schema.processlist WHERE db = 'plain' AND user <> 'far'")" ]
}

# SERVER: the account that a source's user has, and what lets it lock on a replica.
reader_make() {
    my_sql "$1" -e "SET sql_log_bin = 0; CREATE USER reader@'127.0.0.1';
        GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON plain.* TO reader@'127.0.0.1'"
}

reader_make source

has_caught_up() {
    [ "$(my_checksum standby plain 2>/dev/null)" = "$as_on_primary" ]
}

standby_start() {
    my_start standby server-id=2 read_only=ON relay-log=relay replicate-do-db=plain 2>"$work/standby" || return 1
    reader_make standby
    my_sql standby -e "GRANT RELOAD, PROCESS ON *.* TO reader@'127.0.0.1'"
    my_sql source -e "CREATE USER copier@'127.0.0.1' IDENTIFIED BY 'x'; GRANT REPLICATION SLAVE ON *.* TO copier@'127.0.0.1'"
    # The primary alone has the federated table.
    my_sql source -e 'SET sql_log_bin = 0; DROP TABLE plain.far_orders'
    as_on_primary=$(my_checksum source plain)
    if my_is_mariadb; then
        my_sql standby -e "CHANGE MASTER TO master_host = '127.0.0.1', master_port = $(my_port source), master_user = 'copier',
            master_password = 'x', master_log_file = 'bin.000001', master_log_pos = 4; START SLAVE"
    else
        my_sql standby -e "CHANGE REPLICATION SOURCE TO source_host = '127.0.0.1', source_port = $(my_port source), source_user = 'copier',
            source_password = 'x', source_log_file = 'bin.000001', source_log_pos = 4, get_source_public_key = 1; START REPLICA"
    fi
    wait_until 60 has_caught_up ||
        { my_sql standby -e 'SHOW REPLICA STATUS' >"$work/standby" 2>&1; return 1; }
}
