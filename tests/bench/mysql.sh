#!/bin/sh
# One table of 10 columns on MariaDB (MySQL, where UNDERSTUDY_MYSQL names one): refresh with 4 of them
# rewritten against mysqldump | mysql of the same rows and against mydumper and myloader, which move
# whole tables. usage: tests/bench/mysql.sh
#   MILLIONS=1   rows of the table
#   ROUNDS=3     how often each is timed; the medians make the ratios
#   JOBS=2       workers of the program, threads of mydumper and myloader
set -eu
cd "$(dirname "$0")/../.."
. tests/support/my.sh
MILLIONS=${MILLIONS:-1}
ROUNDS=${ROUNDS:-3}
JOBS=${JOBS:-2}
WORK=$(mktemp -d)
server_on_exit "rm -rf '$WORK'"
program=build/understudy

now() { date +%s.%N; }
# timed FILE COMMAND...: appends the seconds that COMMAND takes to FILE
timed() {
    file=$1
    shift
    begin=$(now)
    "$@" >"$WORK/out" 2>&1 || { cat "$WORK/out" >&2; exit 1; }
    now | awk -v begin="$begin" '{ printf "%.3f\n", $1 - begin }' >>"$file"
}
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
fresh() { my_sql target -e "DROP DATABASE IF EXISTS $1; CREATE DATABASE $1"; }

dump_and_load() { # WHERE
    my_dump source --single-transaction --quick --where="$1" shop orders >"$WORK/pipe" &
    my_sql target -D floor <"$WORK/pipe"
    wait $!
}
dumper_and_loader() {
    rm -rf "$WORK/dump"
    mydumper --host 127.0.0.1 --port "$(my_port source)" --user root --database shop --tables-list orders \
        --trx-consistency-only --threads "$JOBS" --rows 250000 --outputdir "$WORK/dump"
    myloader --host 127.0.0.1 --port "$(my_port target)" --user root --database floor --threads "$JOBS" \
        --overwrite-tables --directory "$WORK/dump"
}
refresh() { # NAME FRACTION
    $program refresh -p tests/bench/mysql.yaml --fraction "$2" --jobs "$JOBS" --json "$WORK/$1.json" --progress none
}
phases() {
    awk '/"phase":/ { gsub(/[",]/, ""); name = $2 }
         /"seconds":/ && name { gsub(/,/, ""); printf " %s %.2f", name, $2; name = "" } END { print "" }' "$1"
}

redo=innodb_redo_log_capacity=1G
! my_is_mariadb "" || redo=innodb_log_file_size=1G
my_start source innodb_buffer_pool_size=1G $redo
my_start target innodb_buffer_pool_size=1G $redo
my_sql source -e 'CREATE DATABASE shop'
sed "s/MILLIONS/$MILLIONS/" tests/bench/mysql.sql | my_sql source -D shop >/dev/null
mkfifo "$WORK/pipe"
$program key new "$WORK/key" >/dev/null
export UNDERSTUDY_KEY_FILE="$WORK/key"
UNDERSTUDY_SOURCE=$(my_url source shop) UNDERSTUDY_TARGET=$(my_url target staging)
export UNDERSTUDY_SOURCE UNDERSTUDY_TARGET

echo "$(my_sql source -e 'SELECT VERSION()'), $MILLIONS million rows, 4 of 10 columns rewritten, -j$JOBS"
for tenths in 10 1; do
    name=$WORK/$tenths
    round=0
    while [ "$round" -lt "$ROUNDS" ]; do
        fresh floor
        timed "$name.dump" dump_and_load "order_id % 10 < $tenths"
        if [ "$tenths" = 10 ] && my_is_mariadb source; then
            fresh floor
            timed "$name.dumper" dumper_and_loader
        fi
        my_sql target -e 'DROP DATABASE IF EXISTS staging'
        timed "$name.program" refresh "$tenths" "$(awk -v t=$tenths 'BEGIN { print t / 10 }')"
        round=$((round + 1))
    done
    ours=$(median "$name.program")
    echo "$tenths of 10 rows: understudy refresh $ours s:$(phases "$name.json")"
    echo "  to mysqldump | mysql ($(median "$name.dump") s): $(ratio "$ours" "$(median "$name.dump")")   (to reach 1.00)"
    [ ! -f "$name.dumper" ] ||
        echo "  to mydumper, myloader ($(median "$name.dumper") s): $(ratio "$ours" "$(median "$name.dumper")")   (to reach 1.00)"
done
