# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154 # variables are shared with run
# Disks that are full: small file systems in memory, where root may mount them. Sourced by run.

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
    UNDERSTUDY_SOURCE=$(pg_url source wide) profile=tests/faults/wide.yaml
    begin --memory 64MiB
    profile=tests/faults/profile.yaml
    UNDERSTUDY_SOURCE=$(pg_url source production)
}

# A chunk of 40 MB is more than its share of 64 MiB and goes to --tmpdir.
tmpdir_full() {
    tmpdir=$work/small
    wide_refresh
    tmpdir=
    end_with 8 && staging_is_whole && nothing_is_left
}

target_full() {
    pg_psql target -c "CREATE TABLESPACE small LOCATION '$work/small'" -c 'ALTER DATABASE staging SET TABLESPACE small'
    wide_refresh
    result=0
    end_with 6 || result=1
    said=$why
    staging_is_whole || { result=1; said=$why; }
    nothing_is_left || { result=1; said=$why; }
    pg_psql target -c 'ALTER DATABASE staging SET TABLESPACE pg_default'
    pg_drop_like target 'staging\_\_%'
    pg_psql target -c 'DROP TABLESPACE small'
    why=$said
    return "$result"
}

if small_disk "$work/small" 1m root; then
    pg_new_database source wide
    pg_psql source -d wide -f tests/faults/wide.sql
    settle "a full --tmpdir: exit 8" tmpdir_full
    disk_gone
    # Room for two databases, not for the rows.
    small_disk "$work/small" 40m postgres
    settle "a full disk of the target: exit 6" target_full
    disk_gone
else
    case_skip "full disks" "no file system can be mounted here"
fi
