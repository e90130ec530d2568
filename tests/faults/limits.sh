# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154 # variables are shared with run
# Disks that are full: small file systems in memory, where root may mount them. Sourced by run.
# Of each engine: target_full, which mounts its own.

# DIRECTORY SIZE OWNER
small_disk() {
    mkdir -p "$1"
    mount -t tmpfs -o "size=$2,mode=700" tmpfs "$1" 2>/dev/null || return 1
    mounted=$1
    chown "$3" "$1"
}

disk_gone() {
    umount "$mounted" && rmdir "$mounted"
    mounted=
}

wide_refresh() {
    UNDERSTUDY_SOURCE=$(db_url source wide) profile=tests/faults/wide.yaml
    begin --memory 64MiB
    profile=$(own_file profile yaml)
    UNDERSTUDY_SOURCE=$(db_url source production)
}

# A chunk of 40 MB is more than its share of 64 MiB and goes to --tmpdir.
tmpdir_full() {
    tmpdir=$work/small
    wide_refresh
    tmpdir=
    end_with 8 && staging_is_whole && nothing_is_left
}

# shellcheck source=/dev/null
. "tests/faults/limits_$(db_prefix).sh"

if small_disk "$work/small" 1m root; then
    db_new_database source wide
    db_load source wide "$(own_file wide sql)"
    settle "a full --tmpdir: exit 8" tmpdir_full
    disk_gone
    settle "a full disk of the target: exit 6" target_full
    db_drop_like source wide
else
    case_skip "full disks$of_engine" "no file system can be mounted here"
fi
