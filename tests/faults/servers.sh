# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154 # variables are shared with run
# Connections and servers that go away, and production that changes meanwhile. Sourced by run.

end_sessions() {
    pg_psql "$1" -c "SELECT $3(pid) FROM pg_stat_activity WHERE datname LIKE '$2' AND pid <> pg_backend_pid()" >/dev/null
}

# PHASE-GATE, SERVER whose sessions end, DATABASE, FUNCTION that ends them, expected code.
sessions_end_in() {
    case $1 in
        choose) gate_close source choose ;;
        *) gate_close target "$1" ;;
    esac
    begin
    case $1 in
        choose) reach source '%gate%' ;;
        load) reach target 'COPY%' ;;
        index) reach target 'CREATE INDEX%' ;;
    esac || { gates_open; return 1; }
    end_sessions "$2" "$3" "$4"
    gates_open
    end_with "$5" && staging_is_whole && nothing_is_left
}

settle "source sessions ended while choosing: exit 5" sessions_end_in choose source production pg_terminate_backend 5
settle "source statement cancelled while choosing: exit 5" sessions_end_in choose source production pg_cancel_backend 5
settle "source sessions ended while copying: exit 5" sessions_end_in load source production pg_terminate_backend 5
settle "target sessions ended while copying: exit 6" sessions_end_in load target 'staging__new%' pg_terminate_backend 6
settle "target statement cancelled while copying: exit 6" sessions_end_in load target 'staging__new%' pg_cancel_backend 6
settle "target sessions ended while building indexes: exit 6" sessions_end_in index target 'staging__new%' pg_terminate_backend 6

source_stops() {
    gate_close source choose
    begin
    reach source '%gate%' || { gates_open; return 1; }
    pg_kill source
    code_seen=0
    end_with 5 || code_seen=1
    said=$why
    gates_open
    pg_resume source
    why=$said
    [ "$code_seen" = 0 ] && staging_is_whole && nothing_is_left && next_run_cleans_up
}

target_stops() {
    gate_close target load
    begin
    reach target 'COPY%' || { gates_open; return 1; }
    pg_kill target
    code_seen=0
    end_with 6 || code_seen=1
    said=$why
    gates_open
    pg_resume target
    why=$said
    [ "$code_seen" = 0 ] && staging_is_whole && next_run_cleans_up
}

settle "the source server stops: exit 5" source_stops
settle "the target server stops: exit 6" target_stops

unreachable() {
    UNDERSTUDY_SOURCE="$2" UNDERSTUDY_TARGET="$3" "$build/understudy" refresh -p "$profile" \
        >"$work/stdout" 2>"$work/stderr" 9>&- &
    program=$!
    end_with "$1" && staging_is_whole
}

nowhere=postgresql://postgres@127.0.0.1:1/production
settle "a source that is not there: exit 5" unreachable 5 "$nowhere" "$UNDERSTUDY_TARGET"
settle "a target that is not there: exit 6" unreachable 6 "$UNDERSTUDY_SOURCE" "$nowhere"

# A change that waits for its commit while the snapshot is taken, and comes before the lock.
changes_meanwhile() {
    hold source production "$1"
    begin
    reach source '%' || { let_go; return 1; }
    let_go COMMIT
    result=0
    { end_with 5 && staging_is_whole && nothing_is_left; } || result=1
    pg_psql source -d production -c "$2"
    return "$result"
}

changes_before() {
    pg_psql source -d production -c 'ALTER TABLE orders ADD COLUMN late text'
    begin
    result=0
    { end_with 4 && staging_is_whole && nothing_is_left; } || result=1
    pg_psql source -d production -c 'ALTER TABLE orders DROP COLUMN late'
    return "$result"
}

settle "a column added between snapshot and lock: exit 5" changes_meanwhile \
    'ALTER TABLE orders ADD COLUMN late text' 'ALTER TABLE orders DROP COLUMN late'
settle "a table rewritten between snapshot and lock: exit 5" changes_meanwhile \
    'ALTER TABLE orders ALTER COLUMN body TYPE varchar(9999)' 'ALTER TABLE orders ALTER COLUMN body TYPE text'
settle "a table truncated between snapshot and lock: exit 5" changes_meanwhile \
    'CREATE TABLE saved AS TABLE orders; TRUNCATE orders' 'INSERT INTO orders TABLE saved; DROP TABLE saved'
settle "a column added since the profile was written: exit 4" changes_before
