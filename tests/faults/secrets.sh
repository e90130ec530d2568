# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154 # variables are shared with run
# What production keeps secret, and a role that may only read, also on a standby. Sourced by run.

plain_profile=tests/faults/plain.yaml

plain_source() {
    pg_new_database source plain
    pg_psql source -d plain -f tests/faults/plain.sql >/dev/null
}

passwords_found() {
    "$PG_BIN/pg_dump" "$(pg_url target plain_staging)" >"$work/dump.sql"
    "$PG_BIN/pg_dumpall" --globals-only --dbname "$(pg_url target)" >"$work/globals.sql"
    grep -r -l 'swordfish' "$work/dump.sql" "$work/globals.sql" "$work/stdout" "$work/stderr" "$work/report.json" "$work/tmp"
}

secrets_stay() {
    begin
    end_with 0 || return 1
    why="a password is found in $(passwords_found || true)"
    ! passwords_found >/dev/null || return 1
    why="it does not say what it left out: $(cat "$work/report.json")"
    for word in 'sub_secret' 'far_away' 'user mapping'; do
        grep -q "$word" "$work/report.json" || return 1
    done
}

old_profile=$profile
profile=$plain_profile
plain_source
UNDERSTUDY_SOURCE=$(pg_url source plain) UNDERSTUDY_TARGET=$(pg_url target plain_staging)
settle "passwords of subscriptions, servers and user mappings stay in production" secrets_stay

# The counters of rows written, once every session has told its own.
counters() {
    pg_psql "$1" -d plain -c "SELECT pg_stat_force_next_flush()" >/dev/null
    pg_psql "$1" -d postgres -c "SELECT tup_inserted, tup_updated, tup_deleted FROM pg_stat_database WHERE datname = 'plain'"
}

reader_alone() {
    wait_until 30 nobody_in_plain "$1" || true
    before=$(counters "$1")
    begin
    end_with 0 || return 1
    wait_until 30 nobody_in_plain "$1" || true
    after=$(counters "$1")
    why="rows were written: $before before, $after after"
    [ "$before" = "$after" ]
}

nobody_in_plain() {
    [ -z "$(pg_psql "$1" -c "SELECT 1 FROM pg_stat_activity WHERE datname = 'plain'")" ]
}

reader_url() {
    pg_url "$1" plain | sed 's/postgres@/reader@/'
}

UNDERSTUDY_SOURCE=$(reader_url source)
settle "a role with CONNECT, USAGE and SELECT is enough, and nothing is written" reader_alone source
on_primary=$(pg_checksum target plain_staging)

# A physical standby beside the source.
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

standby_serves() {
    UNDERSTUDY_SOURCE=$(reader_url standby)
    reader_alone standby || return 1
    why="the standby gives other rows than the primary"
    [ "$(pg_checksum target plain_staging)" = "$on_primary" ]
}

pg_drop_like target 'plain\_staging%'
if standby_start; then
    settle "a standby serves the same rows, and nothing is written" standby_serves
else
    case_fail "a standby" "it does not start: $(tail -n 3 "$work/standby")"
fi
profile=$old_profile
UNDERSTUDY_SOURCE=$(pg_url source production) UNDERSTUDY_TARGET=$(pg_url target staging)
