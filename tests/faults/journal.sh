# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with run
# Killed in the middle of MySQL's swap, which is many statements and a journal. Sourced by run.

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
settle "killed at statements of the swap, the next run finishes or takes back" killed_at_every_statement
