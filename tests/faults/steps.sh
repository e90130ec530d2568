# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154 # variables are shared with run
# The steps that faults are made of; sourced by run.
#
#   begin [OPTION...]      starts a refresh in the background: $program is its process
#   end_with CODE          waits until it ends (30 s); true when it ended so, else $why says how
#   close_at PLACE         a refresh that begins now will wait at open, choose, schema, load, index,
#                          verify, mark or swap: for a lock of a server's own, but at verify;
#                          at busy as at load, but for no lock that MySQL would tire of
#   reach_at PLACE         waits until it does; false, with $why, when it ends or 30 s pass first
#   gates_open             what it waits for goes
#   cancelled_at PLACE     behind a signal: a lock of ours goes as soon as the program waits for it no more
#   hold SERVER DATABASE SQL    a session of ours runs SQL in a transaction and keeps it; let_go ends it
#   is_stuck SERVER PATTERN     does a session wait whose statement is LIKE it (in a gate, for a lock)?
#   reach SERVER PATTERN   waits for that, as reach_at does
#   unmarked_close PLACE   a refresh that begins now waits before it marks what it has made, at one of
#                          $unmarked_places; unmarked_reach waits until it does; unmarked_cut: what it
#                          asked for last does not come about; unmarked_marks: the marks there are
#   filled                 the name of the one that is being filled
#   end_sessions SERVER DATABASES HOW    "kill" or "cancel", those inside databases LIKE it
#   end_all SERVER         kills all that the program has there, and nothing of ours
#   staging_is_whole       the old staging database answers as before, or a new one of equal contents
#   next_run_cleans_up     the next refresh succeeds and leaves nothing behind
#   settle NAME COMMAND... passes or fails a case by what the command says
# Those that need the engine are in steps_pg.sh and steps_my.sh, as pg_ and my_.

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

holder=
hold() {
    rm -f "$work/hold" "$work/held"
    mkfifo "$work/hold"
    db_session "$1" "$2" <"$work/hold" >"$work/held" 2>&1 &
    holder=$!
    exec 9>"$work/hold"
    printf "BEGIN;\n%s;\nSELECT 'held';\n" "$3" >&9
    wait_until 10 grep -q held "$work/held"
}

let_go() {
    [ -z "$holder" ] || { (trap '' PIPE && echo "${1:-ROLLBACK};" >&9) 2>/dev/null || true; exec 9>&-; wait "$holder" || true; }
    holder=
}

steps_end() {
    let_go
    gate_stop
    [ -z "$program" ] || kill -KILL "$program" 2>/dev/null || true
    [ -z "${mounted-}" ] || umount "$mounted" 2>/dev/null || true
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
    [ "$(db_checksum target staging)" = "$old" ]
}

nothing_is_left() {
    why="there are leftovers: $(filled)"
    [ -z "$(filled)" ] || return 1
    why="files are left in --tmpdir: $(ls -A "$work/tmp")"
    [ -z "$(ls -A "$work/tmp")" ]
}

next_run_cleans_up() {
    begin
    end_with 0 && nothing_is_left && staging_is_whole
}

settle() {
    settle_name="$1$of_engine"
    shift
    if "$@"; then case_pass "$settle_name"; else case_fail "$settle_name" "$why"; fi
}

target_url() {
    if [ "$ENGINE" = mysql ]; then gate_url "$1"; else db_url target "$1"; fi
}

for steps_each in close_at reach_at gates_open cancelled_at session is_stuck filled nobody_is_left nobody_reads \
    end_sessions end_all unmarked_close unmarked_reach unmarked_cut unmarked_marks; do
    eval "db_$steps_each() { \"\$(db_prefix)_$steps_each\" \"\$@\"; }"
    eval "$steps_each() { db_$steps_each \"\$@\"; }"
done
