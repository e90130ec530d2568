# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with run
# A full disk of MySQL's target: a server whose data lie on a small file system. Sourced by limits.sh.

# The data directory of the server `full` moves there, and the rest of the room is taken but for 20 MB.
disk_nearly_full() {
    data=$(my_dir full)/data
    my_kill full
    mv "$data" "$data.old"
    small_disk "$data" 400m mysql
    cp -a --sparse=never "$data.old/." "$data"
    my_resume full
    free=$(df --output=avail -B1M "$data" | tail -n 1)
    fallocate -l "$((free - 20))M" "$data/ballast"
}

# A server may die of it, too (MariaDB, while it rolls back): it comes back as soon as there is room.
target_full() {
    my_start full
    UNDERSTUDY_TARGET=$(my_url full staging)
    begin
    if end_with 0 && disk_nearly_full; then
        wide_refresh
        result=0
        end_with 6 || result=1
        said=$why
        rm "$data/ballast"
        my_sql full -e 'SELECT 1' >/dev/null 2>&1 || my_resume full
    else
        result=1 said=$why
    fi
    if [ "$result" = 0 ] && [ "$(my_checksum full staging)" != "$old" ]; then
        result=1 said="staging is not what it was"
    fi
    if [ "$result" = 0 ]; then
        begin
        end_with 0 || result=1
        said=$why
    fi
    if [ "$result" = 0 ] && [ -n "$(my_databases full 'staging\_\_new%')" ]; then
        result=1 said="there are leftovers"
    fi
    my_kill full
    [ -z "$mounted" ] || disk_gone
    my_stop full
    UNDERSTUDY_TARGET=$(target_url staging)
    why=$said
    return "$result"
}
