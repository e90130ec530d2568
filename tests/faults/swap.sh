# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154 # variables are shared with run
# Two runs at once, a pool that reconnects, a target that moves away, what the target refuses.
# Sourced by run.

run_id() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["run"])' "$1"
}

second_run() {
    "$build/understudy" refresh -p "$profile" --progress none --json "$work/second.json" "$@" \
        >"$work/second.out" 2>"$work/second.err" 9>&-
}

two_at_once() {
    close_at busy
    begin
    reach_at busy || { gates_open; return 1; }
    code=0
    second_run || code=$?
    gates_open
    end_with 0 || return 1
    why="the second run: exit $code: $(cat "$work/second.err")"
    [ "$code" = 6 ] || return 1
    why="the second run does not name the first, $(run_id "$work/report.json"): $(cat "$work/second.err")"
    grep -q "$(run_id "$work/report.json")" "$work/second.err"
}

second_waits() {
    close_at busy
    begin
    reach_at busy || { gates_open; return 1; }
    second_run --lock-wait 60s &
    second=$!
    why="the second run does not wait"
    wait_until 30 is_second_waiting || { gates_open; wait "$second" || true; return 1; }
    gates_open
    end_with 0 || return 1
    code=0
    wait "$second" || code=$?
    why="the second run: exit $code: $(cat "$work/second.err")"
    [ "$code" = 0 ] && staging_is_whole && nothing_is_left
}

# Sessions on the target that are in no staging database.
admins() {
    if [ "$ENGINE" = mysql ]; then
        my_sql target -e "SELECT count(*) FROM information_schema.processlist
            WHERE user = 'root' AND db IS NULL AND id <> CONNECTION_ID() AND info IS NULL"
    else
        pg_psql target -c "SELECT count(*) FROM pg_stat_activity WHERE datname = 'postgres'
            AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    fi
}

# Two programs are there, and the second has opened its connection to the target.
is_second_waiting() {
    kill -0 "$second" &&
        [ "$(admins)" -ge 2 ]
}

settle "two refreshes at once: exit 6, and the holder is named" two_at_once
settle "a second refresh waits for the first with --lock-wait" second_waits

# A client of the pool: connects again and again until $work/stop is there.
client() {
    until [ -e "$work/stop" ]; do
        if [ "$(db_sql target staging 'SELECT count(*) FROM customers' 2>/dev/null)" = 150 ]; then
            echo ok
        else
            echo failed
        fi
    done >"$work/client.$1"
}

clients_are_busy() {
    for number in 1 2 3 4 5 6 7 8; do
        [ "$(grep -c ok "$work/client.$number")" -ge "$1" ] || return 1
    done
}

pool_reconnects() {
    rm -f "$work/stop" "$work"/client.*
    clients=
    for number in 1 2 3 4 5 6 7 8; do
        client "$number" 9>&- &
        clients="$clients $!"
    done
    why="the clients do not come to work"
    wait_until 30 clients_are_busy 1 || { : >"$work/stop"; return 1; }
    begin
    result=0
    end_with 0 || result=1
    said=$why
    for number in 1 2 3 4 5 6 7 8; do
        : >"$work/client.$number"
    done
    wait_until 30 clients_are_busy 1 || { result=1; said="the clients do not get in after the swap"; }
    : >"$work/stop"
    for client in $clients; do
        wait "$client" || true
    done
    why=$said
    [ "$result" = 0 ] && staging_is_whole && nothing_is_left
}

settle "eight clients that reconnect do not stop the swap" pool_reconnects

# What one engine has of its own.
# shellcheck source=/dev/null
. "tests/faults/swap_$(db_prefix).sh"

# Rows that only the rewritten values make wrong, in a profile that was told of it and goes on.
refused_by_target() {
    sed 's/email: email/email: { rule: email, accept_risk: "a test" }/' "$profile" >"$work/risk.yaml"
    db_sql source production "ALTER TABLE customers ADD CONSTRAINT corporate CHECK (email LIKE '%@corp.test')"
    profile=$work/risk.yaml
    begin
    profile=$(own_file profile yaml)
    result=0
    end_with 6 || result=1
    db_sql source production 'ALTER TABLE customers DROP CONSTRAINT corporate'
    [ "$result" = 0 ] || return 1
    why="the message does not say where: $(cat "$work/stderr")"
    grep -q "table '[a-z]*.customers'" "$work/stderr" || return 1
    why="the message does not say what refuses it: $(cat "$work/stderr")"
    grep -q "constraint 'corporate'" "$work/stderr" || return 1
    why="the message quotes a value: $(cat "$work/stderr")"
    ! grep -q -i 'user[0-9]\|@\|Smith' "$work/stderr" || return 1
    staging_is_whole && nothing_is_left
}

settle "a row that the target refuses is named by table and constraint, never by value" refused_by_target
