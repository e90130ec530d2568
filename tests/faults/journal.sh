# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with run
# Killed or cut off in the middle of MySQL's swap, which is many statements and a journal. Sourced by
# run.

# Views, triggers and routines, whatever they are made with.
programs() {
    my_sql target -e "SELECT 'view', table_name FROM information_schema.views WHERE table_schema = 'staging'
        UNION ALL SELECT 'trigger', trigger_name FROM information_schema.triggers WHERE trigger_schema = 'staging'
        UNION ALL SELECT 'routine', routine_name FROM information_schema.routines WHERE routine_schema = 'staging'
        ORDER BY 1, 2"
}

# Killed at a statement, so many behind the first that names the journal (UNDERSTUDY_FAULTS_STRIDE: 1
# for each one, by itself every ninth): is_last once it is over.
killed_behind_journal() {
    gate_arm 'CREATE TABLE .*understudy_swap' "$1"
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
    if ! wait_until 30 nobody_is_left || ! staging_is_whole || ! next_run_cleans_up; then
        why="$said: $why"
        return 1
    fi
    why="views, triggers or routines are missing, killed at: $said"
    [ "$(programs)" = "$all_programs" ]
}

killed_at_every_statement() {
    is_last=
    statement=0
    while [ -z "$is_last" ]; do
        killed_behind_journal "$statement" || { why="statement $statement: $why"; return 1; }
        statement=$((statement + ${UNDERSTUDY_FAULTS_STRIDE:-9}))
    done
    why="the journal is not met"
    [ "$statement" -gt 1 ]
}

all_programs=$(programs)

# Did the last run's tables come in?
is_new() {
    [ "$(my_sql target -e "SELECT mark LIKE CONCAT('%\"', '$(python3 -c 'import json, sys
print(json.load(open(sys.argv[1]))["run"])' "$work/report.json")', '\"%') FROM staging.understudy_mark")" = 1 ]
}

formers() {
    my_sql target -e "SELECT schema_name FROM information_schema.schemata
        WHERE schema_name LIKE 'staging\\_\\_old%'"
}

# As many as were asked for, and each of them with its mark.
formers_are() {
    why="beside staging: $(formers | tr '\n' ' ')"
    [ "$(formers | grep -c .)" = "$1" ] || return 1
    for former in $(formers); do
        why="'$former' has the wrong mark"
        [ "$(my_sql target -e "SELECT mark LIKE '%\"old\"%' FROM \`$former\`.understudy_mark")" = 1 ] || return 1
    done
}

programs_are_whole() {
    why="views, triggers or routines are missing: $(programs | tr '\t\n' '  ')"
    [ "$(programs)" = "$all_programs" ]
}

# PATTERN, WORDS for the gate, the code expected then, and the state; how many packets behind.
cut_off() {
    gate_arm "$1" "${5-0}" "$2"
    begin
    end_with "$3" || { gates_open; return 1; }
    why="'$1' never came to the gate"
    [ -e "$gate/held" ] || { gates_open; return 1; }
    gates_open
    "$4" && next_run_cleans_up && programs_are_whole && formers_are 1
}

new_is_whole() {
    why="the new tables did not come in"
    is_new && staging_is_whole && programs_are_whole && nothing_is_left && formers_are 1
}

old_is_whole() {
    why="the old tables went away"
    ! is_new && staging_is_whole && programs_are_whole && nothing_is_left && formers_are 0
}

# Nothing more could be done: it says so, and leaves what the next start needs.
journal_stays() {
    why="it does not say that the journal stays: $(cat "$work/stderr")"
    grep -q 'the next start of a refresh finishes' "$work/stderr" || return 1
    why="there is no journal"
    [ -n "$(filled)" ] && [ -n "$(my_sql target -e "SELECT 1 FROM \`$(filled)\`.understudy_swap WHERE id = 1")" ] &&
        staging_is_whole
}

settle "the answer to RENAME TABLE lost: the new stands, exit 0" cut_off 'RENAME TABLE' answer 0 new_is_whole
settle "the answer lost, and the server does not know: exit 0" cut_off 'RENAME TABLE' deaf 0 new_is_whole
settle "cut off before RENAME TABLE: the old is whole, exit 6" cut_off 'RENAME TABLE' cut 6 old_is_whole
settle "cut off before LOCK TABLES: the old is whole, exit 6" cut_off 'LOCK TABLES' cut 6 old_is_whole
settle "the answer to a step of the journal lost: exit 0" cut_off 'SET step' answer 0 new_is_whole
settle "cut off while the old views go: exit 0" cut_off 'SET step' cut 0 new_is_whole 2
settle "the answer to RENAME TABLE lost with the server: exit 6, the next start finishes" \
    cut_off 'RENAME TABLE' 'answer alone' 6 journal_stays
settle "cut off before RENAME TABLE for good: exit 6, the next start takes back" \
    cut_off 'RENAME TABLE' 'cut alone' 6 journal_stays

# Its session is ended while it waits for the old tables.
killed_waiting() {
    close_at swap
    begin
    reach_at swap || { gates_open; return 1; }
    my_sql target -e "SELECT CONCAT('KILL ', id, ';') FROM information_schema.processlist
        WHERE info LIKE 'LOCK TABLES%' AND state LIKE 'Waiting%'" | my_sql target
    gates_open
    end_with 6 && old_is_whole && next_run_cleans_up
}

settle "its session ended in LOCK TABLES: the old is whole, exit 6" killed_waiting
settle "killed at statements of the swap, the next run finishes or takes back" killed_at_every_statement
