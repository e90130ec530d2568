# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154 # variables are shared with run
# The steps that faults are made of; sourced by run.
#
#   begin [OPTION...]      starts a refresh in the background: $program is its process
#   end_with CODE          waits until it ends (30 s); true when it ended so, else $why says how
#   gate_close SERVER NAME, gate_open SERVER NAME    see production.sql; gates_open opens all
#   hold SERVER DATABASE SQL    a session of ours runs SQL in a transaction and keeps it; let_go ends it
#   is_stuck SERVER PATTERN     does a session wait whose statement is LIKE it (in a gate, for a lock)?
#   reach SERVER PATTERN   waits for that; false, with $why, when the program ends or 30 s pass first
#   staging_is_whole       the old staging database answers as before, or a new one of equal contents
#   next_run_cleans_up     the next refresh succeeds and leaves nothing behind
#   settle NAME COMMAND... passes or fails a case by what the command says

program=
why=

begin() {
    "$build/understudy" refresh -p "$profile" --jobs 1 --progress plain --json "$work/report.json" --tmpdir "${tmpdir:-$work/tmp}" "$@" \
        >"$work/stdout" 2>"$work/stderr" 9>&- &
    program=$!
}

has_ended() {
    # A zombie is one that ended.
    ! kill -0 "$program" 2>/dev/null || grep -q '^State:[[:space:]]*Z' "/proc/$program/status" 2>/dev/null
}

end_with() {
    if ! wait_until 30 has_ended; then
        why="it does not end within 30 s: $(tail -n 1 "$work/stderr")"
        kill -KILL "$program"
        wait "$program" || true
        return 1
    fi
    end_code=0
    wait "$program" || end_code=$?
    program=
    why="exit $end_code, expected $1: $(grep -v '  done$' "$work/stderr" | tail -n 2)"
    [ "$end_code" = "$1" ]
}

gate_close() {
    : >"$(pg_dir "$1")/data/gate_$2"
}

gate_open() {
    rm -f "$(pg_dir "$1")/data/gate_$2"
}

gates_open() {
    rm -f "$(pg_dir source)"/data/gate_* "$(pg_dir target)"/data/gate_*
}

holder=
hold() {
    rm -f "$work/hold" "$work/held"
    mkfifo "$work/hold"
    pg_psql "$1" -d "$2" <"$work/hold" >"$work/held" 2>&1 &
    holder=$!
    exec 9>"$work/hold"
    printf "BEGIN;\n%s;\nSELECT 'held';\n" "$3" >&9
    wait_until 10 grep -q held "$work/held"
}

let_go() {
    [ -z "$holder" ] || { echo "${1:-ROLLBACK};" >&9 || true; exec 9>&-; wait "$holder" || true; }
    holder=
}

steps_end() {
    let_go
    [ -z "$program" ] || kill -KILL "$program" 2>/dev/null || true
    [ -z "${mounted-}" ] || umount "$mounted" 2>/dev/null || true
}

is_stuck() {
    [ -n "$(pg_psql "$1" -c "SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid()
        AND (wait_event = 'PgSleep' OR wait_event_type = 'Lock') AND query LIKE '$2'" 2>/dev/null)" ]
}

is_stuck_or_over() {
    is_stuck "$1" "$2" || has_ended
}

reach() {
    wait_until 30 is_stuck_or_over "$1" "$2" || { why="it never came to '$2'"; return 1; }
    if has_ended; then
        why="it ended before it came to '$2': $(tail -n 2 "$work/stderr")"
        return 1
    fi
}

staging_is_whole() {
    why="staging is not what it was"
    [ "$(pg_checksum target staging)" = "$old" ]
}

nobody_is_left() {
    [ -z "$(pg_psql target -c "SELECT 1 FROM pg_stat_activity WHERE datname LIKE 'staging%'")" ]
}

nothing_is_left() {
    why="there are leftovers: $(pg_psql target -c "SELECT datname FROM pg_database WHERE datname LIKE 'staging\\_\\_new%'")"
    [ -z "$(pg_psql target -c "SELECT 1 FROM pg_database WHERE datname LIKE 'staging\\_\\_new%'")" ] || return 1
    why="files are left in --tmpdir: $(ls -A "$work/tmp")"
    [ -z "$(ls -A "$work/tmp")" ]
}

next_run_cleans_up() {
    begin
    end_with 0 && nothing_is_left && staging_is_whole
}

settle() {
    settle_name=$1
    shift
    if "$@"; then case_pass "$settle_name"; else case_fail "$settle_name" "$why"; fi
}
