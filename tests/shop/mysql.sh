# shellcheck shell=sh
# The shop database on MySQL and MariaDB: the rows, keys and 38 tails that shop.sql makes in PostgreSQL.
# Sourced after pg.sh and my.sh.
#
#   shop_export NAME DATABASE DIRECTORY    from a PostgreSQL server that holds it: files of what it is
#   shop_import NAME DATABASE DIRECTORY    from those files into a new database of a MySQL server
#   shop_ask NAME DATABASE MANIFEST        plant and count for every query of the manifest that stands in
#                                          the database MANIFEST, asked on DATABASE of the same server

shop_export() {
    rm -rf "$3"
    mkdir -p "$3"
    { echo 'SET TimeZone = UTC;'; cat tests/shop/catalog.sql; } |
        pg_psql "$1" -d "$2" -f - >"$3/catalog.json" || return 1
    python3 tests/shop/mysql.py "$3" <"$3/catalog.json" || return 1
    pg_psql "$1" -d "$2" -f "$3/export.sql"
}

# Strict, and a warning is a failure: every cell arrives as it left.
shop_import() {
    shop_collation=utf8mb4_0900_bin
    ! my_is_mariadb "$1" || shop_collation=utf8mb4_nopad_bin
    my_new_database "$1" "$2" || return 1
    my_sql "$1" -e "ALTER DATABASE \`$2\` CHARACTER SET utf8mb4 COLLATE $shop_collation" || return 1
    my_sql "$1" -D "$2" <"$3/schema.sql" || return 1
    my_sql "$1" -D "$2" --local-infile=1 --show-warnings \
        --init-command="SET sql_mode = 'STRICT_ALL_TABLES'" <"$3/load.sql" >"$3/warnings" || return 1
    if [ -s "$3/warnings" ]; then
        head -n 5 "$3/warnings" >&2
        return 1
    fi
    my_sql "$1" -D "$2" <"$3/keys.sql" || return 1
    my_sql "$1" -D "$2" -e "ANALYZE TABLE $(sed -n 's/^CREATE TABLE \([^ ]*\) .*/\1/p' "$3/schema.sql" |
        paste -sd , -)" >/dev/null
}

shop_ask() {
    my_sql "$1" -D "$3" -e "SELECT CONCAT('SELECT ''', plant, ''', COUNT(*) FROM (', q, ') z;')
        FROM manifest ORDER BY plant" | my_sql "$1" -D "$2"
}
