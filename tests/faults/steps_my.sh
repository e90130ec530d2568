# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with run
# The steps on MySQL and MariaDB; sourced by run. The target is reached through gate.py, which stops
# the program at a statement; then a lock is taken that this statement will wait for, and it goes on.

gate_start() {
    gate=$work/gate
    rm -rf "$gate"
    mkdir "$gate"
    python3 tests/faults/gate.py "$(my_port target)" "$gate" 9>&- >"$work/gate.err" 2>&1 &
    gate_process=$!
    wait_until 30 test -s "$gate/port"
}

gate_stop() {
    [ -z "${gate_process-}" ] || kill "$gate_process"
    gate_process=
}

# The target's URL through the gate.
gate_url() {
    echo "mysql://root@127.0.0.1:$(cat "$gate/port")/$1"
}

# PATTERN [COUNT [WORDS]]; what is held goes on.
gate_arm() {
    printf '%s\n%s\n%s\n%s\n' "$1" "${2:-0}" "$(date +%s%N)" "${3-}" >"$gate/stop.new"
    mv "$gate/stop.new" "$gate/stop"
    wait_until 10 gate_is_free
}

gate_is_free() {
    [ ! -e "$gate/held" ]
}

gate_is_held() {
    [ -e "$gate/held" ] || has_ended
}

gate_reach() {
    wait_until 30 gate_is_held || { why="it never came to the gate"; return 1; }
    if has_ended; then
        why="it ended before it came to the gate: $(tail -n 2 "$work/stderr")"
        return 1
    fi
}

my_gates_open() {
    rm -f "$gate/stop"
    let_go
}

my_close_at() {
    case $1 in
        open) hold source production 'LOCK TABLES orders WRITE' ;;
        choose) hold source production "SELECT GET_LOCK('gate_choose', 0)" ;;
        schema) gate_arm 'CREATE TABLE `?orders' ;;
        load | busy) gate_arm 'LOAD DATA' ;;
        index | mark) gate_arm 'ALTER TABLE .*KEY' ;;
        verify) gate_arm 'SELECT COUNT.* FROM `' ;;
        swap) gate_arm 'LOCK TABLES' ;;
    esac
}

# What the program waits for from now on: TABLE or all, and what it is about to say.
my_wait_for() {
    gate_reach || return 1
    case $1 in
        all) hold target '' 'FLUSH TABLES WITH READ LOCK' ;;
        *) hold target '' "LOCK TABLES $1 READ" ;;
    esac || { why="'$1' cannot be locked: $(cat "$work/held")"; return 1; }
    rm -f "$gate/stop"
    waits_at=$2
    reach target "$2"
}

is_stuck_no_more() {
    ! is_stuck target "$waits_at"
}

my_cancelled_at() {
    case $1 in
        open | choose) ;;
        *) wait_until 30 is_stuck_no_more || true; my_gates_open ;;
    esac
}

my_reach_at() {
    case $1 in
        open) reach source '%' ;;
        choose) reach source '%gate%' ;;
        schema) my_wait_for all 'CREATE TABLE%' ;;
        load) my_wait_for all 'LOAD DATA%' ;;
        index) my_wait_for all 'ALTER TABLE%' ;;
        mark)
            gate_reach || return 1
            gate_arm 'INSERT INTO .*understudy_mark'
            my_wait_for all '%understudy_mark%'
            ;;
        swap) my_wait_for staging.customers 'LOCK TABLES%' ;;
        verify | busy) gate_reach ;;
    esac
}

my_session() {
    set -- "$1" "${2:-mysql}"
    my_sql "$1" -D "$2" --unbuffered
}

my_is_stuck() {
    [ -n "$(my_sql "$1" -e "SELECT 1 FROM information_schema.processlist WHERE id <> CONNECTION_ID()
        AND (state LIKE 'Waiting for %lock' OR state = 'User lock') AND info LIKE '$2'" 2>/dev/null)" ]
}

my_filled() {
    my_sql target -e "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'staging\\_\\_new%'"
}

my_nobody() {
    [ -z "$(my_sql "$1" -e "SELECT 1 FROM information_schema.processlist
        WHERE user = 'root' AND id <> CONNECTION_ID() LIMIT 1")" ]
}

my_nobody_is_left() {
    my_nobody target
}

my_nobody_reads() {
    my_nobody source
}

my_end_sessions() {
    how=KILL
    [ "$3" = kill ] || how='KILL QUERY'
    my_sql "$1" -e "SELECT CONCAT('$how ', id, ';') FROM information_schema.processlist
        WHERE db LIKE '$2' AND id <> CONNECTION_ID()" | my_sql "$1"
}

my_unmarked_close() {
    gate_arm "$1 .*understudy_mark"
}

my_unmarked_reach() {
    gate_reach
}

# What the gate holds of one that is gone it does not pass on.
my_unmarked_cut() {
    wait_until 10 gate_is_free
}

my_unmarked_marks() {
    my_sql target -e "SELECT mark FROM \`$(filled)\`.understudy_mark" 2>/dev/null
}

# Ours come by the socket.
my_end_all() {
    my_sql "$1" -e "SELECT CONCAT('KILL ', id, ';') FROM information_schema.processlist
        WHERE host LIKE '%:%'" | my_sql "$1" --force 2>/dev/null || true
}
