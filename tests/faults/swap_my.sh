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

# Root writes all the same where there is no super_read_only: an account that has what a run needs.
read_only_to_others() {
    definer='SET USER'
    my_is_mariadb || definer=SET_ANY_DEFINER
    my_sql target -e "CREATE USER writer@'%'; GRANT $definer ON *.* TO writer@'%'; GRANT ALL ON \`staging%\`.* TO writer@'%'"
    UNDERSTUDY_TARGET=$(target_url staging | sed 's/root@/writer@/')
    if ! my_is_mariadb; then
        # Root defined the old view and trigger.
        begin
        end_with 6 && staging_is_whole && nothing_is_left && grep -q 'GRANT SYSTEM_USER' "$work/stderr" || return 1
        my_sql target -e "GRANT SYSTEM_USER ON *.* TO writer@'%'"
    fi
    begin
    end_with 0 && staging_is_whole && read_only 'SET GLOBAL read_only = ON' 'SET GLOBAL read_only = OFF'
    result=$?
    UNDERSTUDY_TARGET=$(target_url staging)
    my_sql target -e "DROP USER writer@'%'"
    return "$result"
}

settle "a read-only target, by an account that can do all else: exit 6" read_only_to_others
my_is_mariadb || settle "a target that is read-only to root, too: exit 6" read_only 'SET GLOBAL super_read_only = ON' \
    'SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF'

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
