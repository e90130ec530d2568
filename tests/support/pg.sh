# shellcheck shell=sh
# PostgreSQL servers for tests; sourced, in the project's directory. Each is a server of its own: a
# private directory, a unix socket in it, a free port of 127.0.0.1, trust, fsync off, logical
# decoding on. Root starts them as user postgres. All that were started stop when the script ends,
# however it ends; my.sh may be sourced beside.
#
#   pg_start NAME [SETTING=VALUE...]   start a server; sets PG_NAME_DIR, PG_NAME_PORT, PG_NAME_URL
#   pg_stop NAME                       stop it and remove its directory
#   pg_kill NAME                       end it at once, as a crash would; pg_resume NAME brings it back
#   pg_psql NAME [ARGUMENT...]         psql on it: quiet, unaligned, stops at the first error
#   pg_dir | pg_port | pg_url NAME [DATABASE]   what was set, printed (database: postgres)
#   pg_on_exit COMMAND                 what the script's own trap at exit would have done
#
# NAME is a word of small letters, digits and _. The superuser is postgres, without a password.
# UNDERSTUDY_PG_BIN says where the programs are (default /usr/lib/postgresql/15/bin).

PG_BIN=${UNDERSTUDY_PG_BIN:-/usr/lib/postgresql/15/bin}
PG_NAMES=

. tests/support/servers.sh
server_stops_by pg_stop_all

# Runs a server program as a user that is not root.
pg_as_user() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

pg_fail() {
    echo "pg.sh: $*" >&2
    return 1
}

# The data directory a server is a copy of: made once a user, version and name. Servers of other
# names are of another template, since a copy would share its system identifier.
pg_template() {
    PG_VERSION=$("$PG_BIN/postgres" --version) || return 1
    PG_TEMPLATE=${TMPDIR:-/tmp}/understudy-pg-$(id -u)-$(echo "$PG_VERSION" | tr -c 'A-Za-z0-9.\n' -)-$1
    [ -e "$PG_TEMPLATE/ready" ] && return 0
    pg_made=$(mktemp -d "${TMPDIR:-/tmp}/understudy-pg-XXXXXX") || return 1
    [ "$(id -u)" != 0 ] || chown postgres "$pg_made"
    chmod 755 "$pg_made"
    (cd / && pg_as_user "$PG_BIN/initdb" --pgdata "$pg_made/data" --username postgres \
        --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync --no-instructions) \
        >"$pg_made/log" 2>&1 || { cat "$pg_made/log" >&2; return 1; }
    cat >>"$pg_made/data/postgresql.conf" <<'CONF'
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = logical
max_wal_senders = 4
max_replication_slots = 4
shared_buffers = 64MB
max_connections = 60
max_wal_size = 2GB
autovacuum_naptime = 5s
log_min_messages = warning
CONF
    : >"$pg_made/ready"
    # Two scripts may make it at once; the first to arrive wins.
    if ! mv -T "$pg_made" "$PG_TEMPLATE" 2>/dev/null; then
        rm -rf "$pg_made"
        [ -e "$PG_TEMPLATE/ready" ] || pg_fail "'$PG_TEMPLATE' is in the way"
    fi
}

pg_get() {
    eval "printf '%s\n' \"\${PG_$1_$2-}\""
}

pg_dir() {
    pg_get "$1" DIR
}

pg_port() {
    pg_get "$1" PORT
}

pg_url() {
    printf 'postgresql://postgres@127.0.0.1:%s/%s\n' "$(pg_get "$1" PORT)" "${2:-postgres}"
}

# Starts the server in directory $1 on port $2 with the settings behind; waits until it answers.
pg_launch() {
    pg_launch_dir=$1
    pg_launch_port=$2
    shift 2
    for setting; do
        set -- "$@" -c "$setting"
        shift
    done
    (cd "$pg_launch_dir" && pg_as_user "$PG_BIN/pg_ctl" start --wait --timeout 60 --silent \
        --pgdata data --log log --options "$(server_quote -p "$pg_launch_port" \
            -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$pg_launch_dir" "$@")") \
        >"$pg_launch_dir/ctl" 2>&1
}

pg_start() {
    pg_name=$1
    shift
    case $pg_name in
        '' | *[!a-z0-9_]*) pg_fail "'$pg_name' is no name for a server"; return 1 ;;
    esac
    [ -z "$(pg_get "$pg_name" DIR)" ] || { pg_fail "'$pg_name' runs already"; return 1; }
    pg_template "$pg_name" || return 1
    # A short path: the name of a unix socket has room for 107 bytes.
    pg_new=$(mktemp -d /tmp/upg-XXXXXX) || return 1
    cp -a "$PG_TEMPLATE/data" "$pg_new/data" || return 1
    [ "$(id -u)" != 0 ] || chown postgres "$pg_new"
    eval "PG_${pg_name}_DIR=\$pg_new"
    PG_NAMES="$PG_NAMES $pg_name"
    for pg_attempt in 1 2 3; do
        pg_new_port=$(server_free_port) || return 1
        if pg_launch "$pg_new" "$pg_new_port" "$@"; then
            eval "PG_${pg_name}_PORT=\$pg_new_port"
            eval "PG_${pg_name}_URL=\$(pg_url \"\$pg_name\")"
            server_quote "$@" >"$pg_new/settings"
            return 0
        fi
        grep -q 'Address already in use' "$pg_new/log" || break
    done
    cat "$pg_new/ctl" "$pg_new/log" >&2
    pg_fail "server '$pg_name' does not start (attempt $pg_attempt)"
}

# The process id of the server; empty when it does not run.
pg_pid() {
    [ ! -f "$(pg_dir "$1")/data/postmaster.pid" ] || head -n 1 "$(pg_dir "$1")/data/postmaster.pid"
}

pg_stop() {
    pg_gone=$(pg_pid "$1")
    if [ -n "$pg_gone" ]; then
        kill -INT "$pg_gone" 2>/dev/null || true
        server_wait_gone "$pg_gone"
    fi
    pg_gone_dir=$(pg_dir "$1")
    case $pg_gone_dir in
        /tmp/upg-*) rm -rf "$pg_gone_dir" ;;
    esac
    unset "PG_$1_DIR" "PG_$1_PORT" "PG_$1_URL"
}

pg_kill() {
    pg_gone=$(pg_pid "$1")
    [ -n "$pg_gone" ] || { pg_fail "server '$1' does not run"; return 1; }
    kill -QUIT "$pg_gone"
    server_wait_gone "$pg_gone"
}

pg_resume() {
    pg_resume_dir=$(pg_dir "$1")
    eval "pg_launch \"\$pg_resume_dir\" \"\$(pg_port \"\$1\")\" $(cat "$pg_resume_dir/settings")" ||
        { cat "$pg_resume_dir/ctl" >&2; pg_fail "server '$1' does not come back"; return 1; }
}

pg_psql() {
    pg_psql_name=$1
    shift
    PGOPTIONS='-c client_min_messages=warning' "$PG_BIN/psql" --host 127.0.0.1 \
        --port "$(pg_port "$pg_psql_name")" --username postgres --no-psqlrc --quiet \
        --no-align --tuples-only --set ON_ERROR_STOP=1 "$@"
}

pg_on_exit() {
    server_on_exit "$1"
}

pg_stop_all() {
    for pg_each in $PG_NAMES; do
        [ -z "$(pg_dir "$pg_each")" ] || pg_stop "$pg_each"
    done
}
