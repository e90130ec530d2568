# shellcheck shell=sh
# What runners of cases share; sourced after pg.sh, my.sh or both.
#
#   case_pass NAME | case_fail NAME WHY | case_skip NAME WHY    one line each, counted
#   case_missing NAME WHY      a skip; a failure when CI=true
#   case_summary               the closing line; false when a case failed
#   wait_until SECONDS COMMAND...   polls until it succeeds; false when the time is over
#
# Of servers, for a runner that is written once: ENGINE says what they mean, postgresql (default) or
# mysql. ENGINES is the list that a runner goes through: both, or what UNDERSTUDY_ENGINES says.
# db_start, db_stop, db_kill, db_resume, db_dir, db_port, db_url are those of pg.sh and my.sh.
# A database is a database of PostgreSQL, a schema of MySQL. Each is there as pg_... and my_... too.
#   db_sql NAME DATABASE [SQL]   rows of tabs, NULL as NULL; without SQL from standard input
#   db_load NAME DATABASE FILE   runs a file of SQL
#   db_contents NAME DATABASE DIRECTORY    a file for every table: its rows, in the order of their text
#   db_checksum NAME DATABASE  one line for the rows of all tables
#   db_databases NAME PATTERN  what is there: names, numbers and marks of databases LIKE PATTERN
#   db_new_database NAME DATABASE          makes it anew, empty
#   db_drop_like NAME PATTERN  drops all databases LIKE PATTERN
#   db_data NAME DATA          loads chinook or sakila out of the folder UNDERSTUDY_DATA (../shared/data
#                              beside the project) into a database of that name; false where it is not
#                              there: case_missing is what to say
#   my_orphans NAME DATABASE   the foreign keys that a row violates: MySQL, which does not check what is there
# On MySQL the table of marks does not count, and a cell of more than 1 MB is its length and SHA-256.

CASES_PASSED=0
CASES_FAILED=0
CASES_SKIPPED=0
# shellcheck disable=SC2034 # for who sources this
ENGINES=${UNDERSTUDY_ENGINES:-postgresql mysql}

case_pass() {
    CASES_PASSED=$((CASES_PASSED + 1))
    [ -n "${QUIET-}" ] || echo "ok      $1"
}

case_fail() {
    CASES_FAILED=$((CASES_FAILED + 1))
    echo "FAILED  $1: $2"
}

case_skip() {
    CASES_SKIPPED=$((CASES_SKIPPED + 1))
    echo "skipped $1: $2"
}

case_missing() {
    if [ "${CI-}" = true ] || [ "${UNDERSTUDY_CI-}" = 1 ]; then
        case_fail "$@"
    else
        case_skip "$@"
    fi
}

case_summary() {
    echo "$CASES_PASSED passed, $CASES_FAILED failed, $CASES_SKIPPED skipped"
    [ "$CASES_FAILED" = 0 ]
}

# A bound, not a guess: the state is looked at every 20 ms.
wait_until() {
    wait_ticks=$(($1 * 50))
    shift
    until "$@"; do
        wait_ticks=$((wait_ticks - 1))
        [ "$wait_ticks" -gt 0 ] || return 1
        sleep 0.02
    done
}

# The tables whose rows count: ordinary ones and leaves, and what materialized views hold.
PG_TABLES="
    SELECT c.oid, n.nspname, c.relname, c.relkind
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND (c.relkind = 'r' OR c.relispopulated)
      AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid
                      AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')"

PG_PLAIN="SET TimeZone = 'UTC'; SET extra_float_digits = 1; SET bytea_output = hex; SET search_path = '';"

pg_contents() {
    mkdir -p "$3"
    {
        echo "$PG_PLAIN"
        pg_psql "$1" -d "$2" -c "
            SELECT format(E'\\\\o %s/%s.tsv\\nCOPY (SELECT t.* FROM %s %I.%I t ORDER BY t::text COLLATE \"C\") TO STDOUT (HEADER);',
                '$3', regexp_replace(CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END || relname,
                                     '[^A-Za-z0-9_.-]', '_', 'g'),
                CASE relkind WHEN 'r' THEN 'ONLY' ELSE '' END, nspname, relname)
            FROM ($PG_TABLES) tables ORDER BY nspname, relname"
    } >"$3.sql"
    pg_psql "$1" -d "$2" -f "$3.sql"
}

pg_checksum() {
    pg_psql "$1" -d "$2" -c "
        SELECT format('SELECT %L, count(*), md5(coalesce(string_agg(md5(t::text), '''' ORDER BY md5(t::text)), '''')) FROM %s %I.%I t;',
            nspname || '.' || relname, CASE relkind WHEN 'r' THEN 'ONLY' ELSE '' END, nspname, relname)
        FROM ($PG_TABLES) tables ORDER BY nspname, relname" |
        { echo "$PG_PLAIN"; cat; } | pg_psql "$1" -d "$2" -f - | md5sum | cut -d ' ' -f 1
}

pg_databases() {
    pg_psql "$1" -c "SELECT oid, datname, shobj_description(oid, 'pg_database') FROM pg_database
                     WHERE datname LIKE '$2' ORDER BY datname"
}

pg_drop_like() {
    pg_psql "$1" -c "SELECT format('DROP DATABASE %I (FORCE);', datname) FROM pg_database
                     WHERE datname LIKE '$2'" | pg_psql "$1" -f -
}

pg_new_database() {
    pg_psql "$1" -c "DROP DATABASE IF EXISTS \"$2\" (FORCE)" -c "CREATE DATABASE \"$2\" TEMPLATE template0"
}

pg_sql() {
    pg_sql_name=$1
    pg_sql_database=$2
    shift 2
    [ $# -eq 0 ] || set -- -c "$1"
    pg_psql "$pg_sql_name" -d "$pg_sql_database" --field-separator "$(printf '\t')" --pset null=NULL "$@"
}

pg_load() {
    pg_psql "$1" -d "$2" -f "$3" >/dev/null
}

CASES_DATA=${UNDERSTUDY_DATA:-../shared/data}

pg_data() {
    case $2 in
        chinook) set -- "$1" "$2" "$CASES_DATA/chinook/LOAD.sh" pg ;;
        *) set -- "$1" "$2" "$CASES_DATA/$2-postgresql/LOAD.sh" ;;
    esac
    [ -f "$3" ] || return 1
    pg_new_database "$1" "$2" || return 1
    pg_data_url=$(pg_url "$1" "$2")
    shift 2
    PSQL=$PG_BIN/psql bash "$@" "$pg_data_url"
}

# The files name their databases; chinook's is written otherwise.
my_data() {
    case $2 in
        chinook) set -- "$1" "$CASES_DATA/chinook/LOAD.sh" my ;;
        *) set -- "$1" "$CASES_DATA/$2-mysql/LOAD.sh" ;;
    esac
    [ -f "$2" ] || return 1
    my_data_name=$1
    shift
    # shellcheck disable=SC2016 # for the inner shell
    my_client "$my_data_name" bash "$@" sh -c 'sed "s/\`Chinook\`;/\`chinook\`;/" | "$@"' sh
}

# The expressions that give a table's cells, as rows of: table, its columns' names, expressions of the
# text as COPY would write it, expressions of hashes. Bytes, bits and what has no text: \\xHEX.
MY_CELLS=$(
    cat <<'SQL'
SET SESSION group_concat_max_len = 16000000;
CREATE TEMPORARY TABLE understudy_cells AS
SELECT table_name AS of_table, ordinal_position AS place, column_name AS name, data_type AS kind,
       CONCAT(0x60, REPLACE(column_name, 0x60, 0x6060), 0x60) AS quoted,
       CAST('' AS CHAR(1000)) AS bytes
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
  AND table_name <> 'understudy_mark';
UPDATE understudy_cells SET bytes = CASE
    WHEN kind IN ('char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum', 'set', 'json')
        THEN CONCAT('CAST(CONVERT(', quoted, ' USING utf8mb4) AS BINARY)')
    WHEN kind = 'float' THEN CONCAT('CAST(', quoted, ' + 0e0 AS CHAR)')
    WHEN kind IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal', 'double', 'year', 'date',
                  'datetime', 'timestamp', 'time', 'uuid', 'inet4', 'inet6')
        THEN CONCAT('CAST(', quoted, ' AS CHAR)')
    ELSE CONCAT('CONCAT(0x5C78, LOWER(HEX(', quoted, ')))') END;
SQL
)

# The client, at UTC.
my_plain() {
    my_plain_name=$1
    my_plain_database=$2
    shift 2
    my_sql "$my_plain_name" -D "$my_plain_database" --init-command="SET time_zone = '+00:00'" --quick "$@"
}

my_contents() {
    rm -rf "$3"
    mkdir -p "$3"
    {
        echo "$MY_CELLS"
        cat <<'SQL'
SELECT CONCAT('SELECT ', QUOTE(CONCAT(0x5C21, REGEXP_REPLACE(of_table, '[^A-Za-z0-9_.-]', '_'))), '; SELECT ',
    QUOTE(GROUP_CONCAT(name ORDER BY place SEPARATOR 0x09)), '; SELECT ',
    GROUP_CONCAT(CONCAT('COALESCE(IF(LENGTH(', quoted, ') > 1000000, CONCAT(LENGTH(', quoted, '), 0x3A, SHA2(', quoted,
        ', 256)), REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(', bytes,
        ', 0x5C, 0x5C5C), 0x0A, 0x5C6E), 0x09, 0x5C74), 0x0D, 0x5C72), 0x00, 0x5C30)), 0x5C4E)') ORDER BY place),
    ' FROM ', CONCAT(0x60, REPLACE(of_table, 0x60, 0x6060), 0x60), ';')
FROM understudy_cells GROUP BY of_table ORDER BY HEX(of_table);
SQL
    } | my_plain "$1" "$2" >"$3.sql" || return 1
    my_plain "$1" "$2" <"$3.sql" >"$3.rows" || return 1
    # A line that begins with \! is no row: the name of the next table.
    LC_ALL=C awk -v directory="$3" '
        /^\\!/ {
            if (sort) close(sort)
            file = directory "/" substr($0, 3) ".tsv"
            getline
            print >file
            close(file)
            sort = "LC_ALL=C sort >>\"" file "\""
            next
        }
        { print | sort }' "$3.rows"
    rm -f "$3.rows"
}

my_checksum() {
    my_checksum_sql=$({
        echo "$MY_CELLS"
        cat <<'SQL'
SELECT CONCAT('SELECT ', QUOTE(of_table), ', COUNT(*), SUM(CAST(CONV(LEFT(of_row, 15), 16, 10) AS DECIMAL(30))),
    SUM(CAST(CONV(RIGHT(of_row, 15), 16, 10) AS DECIMAL(30))) FROM (SELECT SHA2(CONCAT(',
    GROUP_CONCAT(CONCAT('COALESCE(SHA2(', bytes, ', 256), 0x2D)') ORDER BY place), '), 256) AS of_row FROM ',
    CONCAT(0x60, REPLACE(of_table, 0x60, 0x6060), 0x60), ') z;')
FROM understudy_cells GROUP BY of_table ORDER BY HEX(of_table);
SQL
    } | my_plain "$1" "$2") || return 1
    my_checksum_rows=$(printf '%s\n' "$my_checksum_sql" | my_plain "$1" "$2") || return 1
    printf '%s\n' "$my_checksum_rows" | md5sum | cut -d ' ' -f 1
}

# The foreign keys of a schema that a row of it violates, by name.
my_orphans() {
    my_sql "$1" -D "$2" -e "
        SELECT CONCAT('SELECT ''', table_name, '.', constraint_name, ''' FROM \`', table_name, '\` c LEFT JOIN \`',
            referenced_table_schema, '\`.\`', referenced_table_name, '\` p ON ',
            GROUP_CONCAT(CONCAT('p.\`', referenced_column_name, '\` = c.\`', column_name, '\`') SEPARATOR ' AND '),
            ' WHERE ', GROUP_CONCAT(CONCAT('c.\`', column_name, '\` IS NOT NULL') SEPARATOR ' AND '),
            ' AND p.\`', MIN(referenced_column_name), '\` IS NULL LIMIT 1;')
        FROM information_schema.key_column_usage
        WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL
        GROUP BY table_name, constraint_name, referenced_table_schema, referenced_table_name" |
        my_sql "$1" -D "$2"
}

# Numbers are those that InnoDB gave to the tables: a table made anew has another.
my_databases() {
    my_innodb=innodb_tables
    ! my_is_mariadb "$1" || my_innodb=innodb_sys_tables
    my_sql "$1" -e "
        SELECT schema_name, (SELECT COALESCE(SUM(table_id), 0) FROM information_schema.$my_innodb
                             WHERE name LIKE CONCAT(REPLACE(schema_name, '_', '\\_'), '/%'))
        FROM information_schema.schemata WHERE schema_name LIKE '$2' ORDER BY schema_name" || return 1
    my_sql "$1" -e "SELECT CONCAT('SELECT * FROM \`', table_schema, '\`.understudy_mark;')
        FROM information_schema.tables WHERE table_schema LIKE '$2' AND table_name = 'understudy_mark'
        ORDER BY table_schema" | my_sql "$1"
}

my_drop_like() {
    my_sql "$1" -e "SELECT CONCAT('DROP DATABASE \`', REPLACE(schema_name, '\`', '\`\`'), '\`;')
        FROM information_schema.schemata WHERE schema_name LIKE '$2'" |
        my_sql "$1" --init-command='SET foreign_key_checks = 0'
}

my_new_database() {
    my_sql "$1" -e "SET foreign_key_checks = 0; DROP DATABASE IF EXISTS \`$2\`; CREATE DATABASE \`$2\`"
}

my_load() {
    my_sql "$1" -D "$2" <"$3"
}

db_prefix() {
    case ${ENGINE:-postgresql} in
        postgresql) echo pg ;;
        mysql) echo my ;;
        *) echo "cases.sh: ENGINE is '$ENGINE'" >&2; return 1 ;;
    esac
}

for db_each in start stop kill resume dir port url load contents checksum databases new_database \
    drop_like data; do
    eval "db_$db_each() { \"\$(db_prefix)_$db_each\" \"\$@\"; }"
done

db_sql() {
    if [ "$(db_prefix)" = pg ]; then
        pg_sql "$@"
        return
    fi
    db_sql_name=$1
    db_sql_database=$2
    shift 2
    [ $# -eq 0 ] || set -- -e "$1"
    my_sql "$db_sql_name" -D "$db_sql_database" "$@"
}
