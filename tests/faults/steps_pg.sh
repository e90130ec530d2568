# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with run
# The steps on PostgreSQL; sourced by run. Gates are files, see production.sql.

gate_close() {
    : >"$(pg_dir "$1")/data/gate_$2"
}

gate_open() {
    rm -f "$(pg_dir "$1")/data/gate_$2"
}

pg_gates_open() {
    rm -f "$(pg_dir source)"/data/gate_* "$(pg_dir target)"/data/gate_*
    let_go
}

pg_close_at() {
    case $1 in
        open) hold source production 'LOCK TABLE orders IN ACCESS EXCLUSIVE MODE' ;;
        choose) gate_close source choose ;;
        schema) hold target postgres 'LOCK TABLE pg_shdescription IN SHARE MODE' ;;
        load | busy) gate_close target load ;;
        *) gate_close target index ;;
    esac
}

pg_reach_at() {
    case $1 in
        open) reach source '%' ;;
        choose) reach source '%gate%' ;;
        schema) reach target 'COMMENT ON DATABASE%' ;;
        load | busy) reach target 'COPY%' ;;
        *) reach target 'CREATE INDEX%' ;;
    esac || return 1
    case $1 in
        verify)
            gate_open target index
            wait_until 30 grep -q '^indexes.*done' "$work/stderr"
            ;;
        mark)
            hold target postgres "COMMENT ON DATABASE \"$(pg_filled)\" IS 'held'"
            gate_open target index
            reach target 'COMMENT ON DATABASE%'
            ;;
        swap)
            hold target postgres "COMMENT ON DATABASE staging IS 'held'"
            gate_open target index
            reach target 'ALTER DATABASE%'
            ;;
    esac
}

# Nothing of ours is in the way of a database that is dropped.
pg_cancelled_at() {
    :
}

pg_session() {
    pg_psql "$1" -d "$2"
}

pg_is_stuck() {
    [ -n "$(pg_psql "$1" -c "SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid()
        AND (wait_event = 'PgSleep' OR wait_event_type = 'Lock') AND query LIKE '$2'" 2>/dev/null)" ]
}

pg_filled() {
    pg_psql target -c "SELECT datname FROM pg_database WHERE datname LIKE 'staging\\_\\_new%'"
}

pg_nobody_is_left() {
    [ -z "$(pg_psql target -c "SELECT 1 FROM pg_stat_activity WHERE datname LIKE 'staging%'")" ]
}

pg_nobody_reads() {
    [ -z "$(pg_psql source -c "SELECT 1 FROM pg_stat_activity WHERE datname = 'production'")" ]
}

pg_end_sessions() {
    how=pg_terminate_backend
    [ "$3" = kill ] || how=pg_cancel_backend
    pg_psql "$1" -c "SELECT $how(pid) FROM pg_stat_activity WHERE datname LIKE '$2' AND pid <> pg_backend_pid()" >/dev/null
}

pg_unmarked_close() {
    hold target postgres 'LOCK TABLE pg_shdescription IN SHARE MODE'
}

pg_unmarked_reach() {
    reach target 'COMMENT ON DATABASE%'
}

pg_unmarked_cut() {
    pg_psql target -c "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
        WHERE query LIKE 'COMMENT ON DATABASE%' AND pid <> pg_backend_pid()" >/dev/null
}

pg_unmarked_marks() {
    pg_psql target -c "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$(pg_filled)'"
}

pg_end_all() {
    pg_psql "$1" -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name LIKE 'understudy%' OR application_name IN ('pg_dump', 'pg_restore')" >/dev/null
}
