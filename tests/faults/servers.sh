# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154 # variables are shared with run
# Connections and servers that go away, and production that changes meanwhile. Sourced by run.

# PLACE, SERVER whose sessions end, DATABASES, how, expected code.
sessions_end_in() {
    close_at "$1"
    begin
    reach_at "$1" || { gates_open; return 1; }
    end_sessions "$2" "$3" "$4"
    gates_open
    end_with "$5" && staging_is_whole && nothing_is_left
}

# PLACE, SERVER where the program loses all sessions, expected code. Who lost the target's cleans up no
# more.
lost_in() {
    close_at "$1"
    begin
    reach_at "$1" || { gates_open; return 1; }
    end_all "$2"
    gates_open
    end_with "$3" && staging_is_whole || return 1
    if [ "$2" = target ]; then
        wait_until 30 nobody_is_left && next_run_cleans_up
    else
        nothing_is_left
    fi
}

for phase in open choose schema load; do
    settle "the source's sessions lost in '$phase': exit 5" lost_in "$phase" source 5
done
for phase in index verify mark swap; do
    settle "the source's sessions lost in '$phase', where it is needed no more" lost_in "$phase" source 0
done
# PostgreSQL's target is opened behind the source's lock.
[ "$ENGINE" = postgresql ] || settle "the target's sessions lost in 'open': exit 6" lost_in open target 6
for phase in choose schema load index verify mark swap; do
    settle "the target's sessions lost in '$phase': exit 6" lost_in "$phase" target 6
done
settle "source statement cancelled while choosing: exit 5" sessions_end_in choose source production cancel 5
settle "target sessions ended while copying: exit 6" sessions_end_in load target 'staging__new%' kill 6
settle "target statement cancelled while copying: exit 6" sessions_end_in load target 'staging__new%' cancel 6
settle "target sessions ended while building indexes: exit 6" sessions_end_in index target 'staging__new%' kill 6

# Nobody lets go of it: the program gives up.
source_stays_locked() {
    close_at open
    begin
    result=0
    { reach_at open && end_with 5; } || result=1
    gates_open
    [ "$result" = 0 ] && staging_is_whole && nothing_is_left
}

settle "a table of the source that stays locked: exit 5" source_stays_locked

source_stops() {
    close_at choose
    begin
    reach_at choose || { gates_open; return 1; }
    db_kill source
    code_seen=0
    end_with 5 || code_seen=1
    said=$why
    gates_open
    db_resume source
    why=$said
    [ "$code_seen" = 0 ] && staging_is_whole && nothing_is_left && next_run_cleans_up
}

target_stops() {
    close_at load
    begin
    reach_at load || { gates_open; return 1; }
    db_kill target
    code_seen=0
    end_with 6 || code_seen=1
    said=$why
    gates_open
    db_resume target
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

nowhere=$(db_url source production | sed 's/:[0-9]*\/production/:1\/production/')
settle "a source that is not there: exit 5" unreachable 5 "$nowhere" "$UNDERSTUDY_TARGET"
settle "a target that is not there: exit 6" unreachable 6 "$UNDERSTUDY_SOURCE" "$nowhere"

# A change that is there once the snapshot is taken, and comes before the lock: MySQL commits each at
# once, so there the session that makes it holds the table.
changes_meanwhile() {
    if [ "$ENGINE" = mysql ]; then
        [ -z "${3-}" ] || db_sql source production "$3"
        hold source production 'LOCK TABLES orders WRITE'
    else
        hold source production "${3:+$3; }$1"
    fi
    begin
    reach source '%' || { let_go; return 1; }
    if [ "$ENGINE" = mysql ]; then let_go "$1; UNLOCK TABLES"; else let_go COMMIT; fi
    result=0
    { end_with 5 && staging_is_whole && nothing_is_left; } || result=1
    db_sql source production "$2"
    return "$result"
}

changes_before() {
    db_sql source production 'ALTER TABLE orders ADD COLUMN late text'
    begin
    result=0
    { end_with 4 && staging_is_whole && nothing_is_left; } || result=1
    db_sql source production 'ALTER TABLE orders DROP COLUMN late'
    return "$result"
}

settle "a column added between snapshot and lock: exit 5" changes_meanwhile \
    'ALTER TABLE orders ADD COLUMN late text' 'ALTER TABLE orders DROP COLUMN late'
cascade=' CASCADE'
narrower='ALTER COLUMN body TYPE varchar(9999)' wider='ALTER COLUMN body TYPE text'
[ "$ENGINE" = postgresql ] || { narrower='MODIFY body varchar(9999)'; wider='MODIFY body text' cascade=; }
settle "a table rewritten between snapshot and lock: exit 5" changes_meanwhile \
    "ALTER TABLE orders $narrower" "ALTER TABLE orders $wider"
settle "a table truncated between snapshot and lock: exit 5" changes_meanwhile \
    'TRUNCATE orders' "INSERT INTO orders SELECT * FROM saved.orders; DROP SCHEMA saved$cascade" \
    "CREATE SCHEMA saved; CREATE TABLE saved.orders AS SELECT * FROM orders"
settle "a column added since the profile was written: exit 4" changes_before
