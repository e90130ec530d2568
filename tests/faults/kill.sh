# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154 # variables are shared with run
# Killed in every phase; signals and the deadline, which leave time to clean up. Sourced by run.

stop_in() {
    close_at "$1"
    begin
    reach_at "$1"
}

# What stopped it goes, and so do sessions that it left waiting.
go_on() {
    gates_open
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
    cancelled_at "$2"
    if end_with 9 && staging_is_whole && nothing_is_left; then go_on; else go_on; return 1; fi
}

late_in() {
    close_at "$1"
    begin --deadline "$late"
    reach_at "$1" || { go_on; return 1; }
    cancelled_at "$1"
    if end_with 9 && staging_is_whole && nothing_is_left; then go_on; else go_on; return 1; fi
}

# Killed between making the new one and marking it, so that nothing but its name tells whose it is.
killed_unmarked() {
    unmarked_close "$1"
    begin
    unmarked_reach || { go_on; return 1; }
    kill -KILL "$program"
    end_with 137 || { go_on; return 1; }
    unmarked_cut
    go_on
    why="its sessions stay on the target"
    wait_until 30 nobody_is_left || return 1
    why="none is left that has no mark"
    [ -n "$(filled)" ] && [ -z "$(unmarked_marks)" ] || return 1
    staging_is_whole && next_run_cleans_up
}

for phase in open choose schema load index verify mark swap; do
    settle "killed in '$phase', the next run cleans up" killed_in "$phase"
done
for place in $unmarked_places; do
    settle "killed before '$place', the next run drops what has no mark" killed_unmarked "$place"
done
for phase in open choose load index; do
    settle "SIGINT in '$phase' ends it in order" signalled_in INT "$phase"
    settle "SIGTERM in '$phase' ends it in order" signalled_in TERM "$phase"
done
# Time to get there on a busy machine, and less than the servers wait for a lock of ours.
late=5s
settle "the deadline ends choosing" late_in choose
settle "the deadline ends loading" late_in load
settle "the deadline ends building indexes" late_in index
