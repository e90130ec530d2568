# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with run
# Secrets on PostgreSQL, and a physical standby. Sourced by secrets.sh.

secrets_of='subscriptions, servers and user mappings'
secret_words='sub_secret far_away user.mapping'
reader_has='CONNECT, USAGE and SELECT'

passwords_dump() {
    "$PG_BIN/pg_dump" "$(pg_url target plain_staging)" >"$1/dump.sql"
    "$PG_BIN/pg_dumpall" --globals-only --dbname "$(pg_url target)" >"$1/globals.sql"
}

passwords_are_there() {
    "$PG_BIN/pg_dump" --schema-only "$(pg_url source plain)" | grep -q swordfish
}

# The counters of rows written, once every session has told its own.
counters() {
    pg_psql "$1" -d plain -c "SELECT pg_stat_force_next_flush()" >/dev/null
    pg_psql "$1" -d postgres -c "SELECT tup_inserted, tup_updated, tup_deleted FROM pg_stat_database WHERE datname = 'plain'"
}

nobody_in_plain() {
    [ -z "$(pg_psql "$1" -c "SELECT 1 FROM pg_stat_activity WHERE datname = 'plain'")" ]
}

standby_start() {
    PG_standby_DIR=$(mktemp -d /tmp/upg-XXXXXX)
    PG_standby_PORT=$(server_free_port)
    PG_NAMES="$PG_NAMES standby"
    [ "$(id -u)" != 0 ] || chown postgres "$PG_standby_DIR"
    (cd / && pg_as_user "$PG_BIN/pg_basebackup" --pgdata "$PG_standby_DIR/data" --write-recovery-conf \
        --checkpoint fast --no-sync --dbname "$(pg_url source)") >"$work/standby" 2>&1 || return 1
    : >"$PG_standby_DIR/settings"
    pg_launch "$PG_standby_DIR" "$PG_standby_PORT"
}
