# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with run
# The swap of MySQL and MariaDB. Sourced by swap.sh.

# A transaction that has read an old table keeps it; nobody is put out.
client_stays() {
    hold target staging 'SELECT count(*) FROM customers'
    begin
    result=0
    end_with 6 || result=1
    let_go
    [ "$result" = 0 ] || return 1
    why="it does not name the session: $(cat "$work/stderr")"
    grep -q 'is held by session [0-9]* of user root' "$work/stderr" || return 1
    staging_is_whole && nothing_is_left && next_run_cleans_up
}

settle "a transaction that does not end keeps the old tables: exit 6" client_stays

dropped_away() {
    gate_arm 'ALTER TABLE .*KEY'
    begin
    gate_reach || { gates_open; return 1; }
    my_sql target -e 'DROP DATABASE staging'
    gates_open
    end_with 6 && nothing_is_left && next_run_cleans_up
}

settle "the target dropped meanwhile: exit 6" dropped_away

read_only() {
    my_sql target -e "$1"
    begin
    result=0
    end_with 6 || result=1
    my_sql target -e "$2"
    [ "$result" = 0 ] && staging_is_whole && nothing_is_left
}

if my_is_mariadb; then
    case_skip "a read-only target$of_engine" "root may write all the same"
else
    settle "a read-only target: exit 6" read_only 'SET GLOBAL super_read_only = ON' \
        'SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF'
fi

# A row larger than what a session may send, which only new sessions are told: CODE, LOCAL INFILE or not.
packet_too_small() {
    my_sql source -e "INSERT INTO production.orders VALUES (5000, 1, REPEAT('x', 60000))"
    my_sql target -e "SET GLOBAL max_allowed_packet = 16384, GLOBAL local_infile = $2"
    begin
    result=0
    end_with "$1" || result=1
    my_sql target -e 'SET GLOBAL max_allowed_packet = 67108864, GLOBAL local_infile = ON'
    my_sql source -e 'DELETE FROM production.orders WHERE id = 5000'
    if [ "$result" = 0 ] && [ "$1" = 0 ]; then
        why="the row is not as it was"
        [ "$(my_sql target -e 'SELECT MAX(LENGTH(body)) FROM staging.orders')" = 60000 ] || result=1
    elif [ "$result" = 0 ]; then
        { staging_is_whole && nothing_is_left; } || result=1
        why="$why; $(tail -n 2 "$work/stderr")"
    fi
    said=$why
    next_run_cleans_up || return 1
    why=$said
    [ "$result" = 0 ]
}

settle "a row larger than max_allowed_packet loads in pieces" packet_too_small 0 ON
settle "a row larger than max_allowed_packet without LOCAL INFILE: exit 6" packet_too_small 6 OFF

# Views, triggers and routines, whatever they are made with.
programs() {
    my_sql target -e "SELECT 'view', table_name FROM information_schema.views WHERE table_schema = 'staging'
        UNION ALL SELECT 'trigger', trigger_name FROM information_schema.triggers WHERE trigger_schema = 'staging'
        UNION ALL SELECT 'routine', routine_name FROM information_schema.routines WHERE routine_schema = 'staging'
        ORDER BY 1, 2"
}

# Killed at the statement, so many behind the first that names the journal: is_last once it is over.
killed_behind_journal() {
    gate_arm 'understudy_swap' "$1"
    begin
    wait_until 30 gate_is_held || { gates_open; return 1; }
    if has_ended; then
        gates_open
        is_last=yes
        end_with 0 && staging_is_whole
        return
    fi
    said=$(tr -d '\0' <"$gate/held" | tr '\n\t' '  ' | cut -c 1-80)
    kill -KILL "$program"
    end_with 137 || { gates_open; return 1; }
    gates_open
    why="its sessions stay on the target"
    wait_until 30 nobody_is_left && staging_is_whole && next_run_cleans_up || { why="$said: $why"; return 1; }
    why="views, triggers or routines are missing, killed at: $said"
    [ "$(programs)" = "$all_programs" ]
}

killed_at_every_statement() {
    is_last=
    statement=0
    while [ -z "$is_last" ]; do
        killed_behind_journal "$statement" || { why="statement $statement: $why"; return 1; }
        statement=$((statement + ${UNDERSTUDY_FAULTS_STRIDE:-1}))
    done
    why="the journal is not met"
    [ "$statement" -gt 1 ]
}

all_programs=$(programs)
settle "killed at every statement of the swap, the next run finishes or takes back" killed_at_every_statement
