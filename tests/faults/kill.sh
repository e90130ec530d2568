# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154 # variables are shared with run
# Killed in every phase; signals and the deadline, which leave time to clean up. Sourced by run.

new_database() {
    pg_psql target -c "SELECT datname FROM pg_database WHERE datname LIKE 'staging\\_\\_new%'"
}

# Where the program is stopped, phase by phase: stop_in PHASE leaves it there.
stop_in() {
    case $1 in
        open) hold source production 'LOCK TABLE orders IN ACCESS EXCLUSIVE MODE' ;;
        choose) gate_close source choose ;;
        schema) hold target postgres 'LOCK TABLE pg_shdescription IN SHARE MODE' ;;
        copy) gate_close target load ;;
        *) gate_close target index ;;
    esac
    begin
    case $1 in
        open) reach source '%' ;;
        choose) reach source '%gate%' ;;
        schema) reach target 'COMMENT ON DATABASE%' ;;
        copy) reach target 'COPY%' ;;
        *) reach target 'CREATE INDEX%' ;;
    esac || return 1
    case $1 in
        verify)
            gate_open target index
            wait_until 30 grep -q '^indexes.*done' "$work/stderr"
            ;;
        mark)
            hold target postgres "COMMENT ON DATABASE \"$(new_database)\" IS 'held'"
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

nobody_reads() {
    [ -z "$(pg_psql source -c "SELECT 1 FROM pg_stat_activity WHERE datname = 'production'")" ]
}

# What stopped it goes, and so do sessions that it left waiting.
go_on() {
    gates_open
    let_go
    wait_until 30 nobody_reads || true
}

killed_in() {
    stop_in "$1" || { go_on; return 1; }
    kill -KILL "$program"
    end_with 137 || { go_on; return 1; }
    staging_is_whole || { go_on; return 1; }
    go_on
    why="its sessions stay on the target"
    wait_until 30 nobody_is_left && staging_is_whole && next_run_cleans_up
}

signalled_in() {
    stop_in "$2" || { go_on; return 1; }
    kill "-$1" "$program"
    if end_with 9 && staging_is_whole && nothing_is_left; then go_on; else go_on; return 1; fi
}

late_in() {
    gate_close "$1" "$2"
    begin --deadline 2s
    if end_with 9 && staging_is_whole && nothing_is_left; then go_on; else go_on; return 1; fi
}

for phase in open choose schema copy indexes verify mark swap; do
    settle "killed in '$phase', the next run cleans up" killed_in "$phase"
done
for phase in open choose copy indexes; do
    settle "SIGINT in '$phase' ends it in order" signalled_in INT "$phase"
    settle "SIGTERM in '$phase' ends it in order" signalled_in TERM "$phase"
done
settle "the deadline ends choosing" late_in source choose
settle "the deadline ends loading" late_in target load
settle "the deadline ends building indexes" late_in target index
