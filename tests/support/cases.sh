# shellcheck shell=sh
# What runners of cases share; sourced after pg.sh.
#
#   case_pass NAME | case_fail NAME WHY | case_skip NAME WHY    one line each, counted
#   case_missing NAME WHY      a skip; a failure when CI=true
#   case_summary               the closing line; false when a case failed
#   wait_until SECONDS COMMAND...   polls until it succeeds; false when the time is over
#   pg_contents NAME DATABASE DIRECTORY    a file for every table: its rows, in the order of their text
#   pg_checksum NAME DATABASE  one line for the rows of all tables
#   pg_databases NAME PATTERN  what is there: names, numbers and comments of databases LIKE PATTERN
#   pg_new_database NAME DATABASE          makes it anew, empty
#   pg_drop_like NAME PATTERN  drops all databases LIKE PATTERN

CASES_PASSED=0
CASES_FAILED=0
CASES_SKIPPED=0

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
