# shellcheck shell=sh
# MariaDB and MySQL servers for tests; sourced, in the project's directory. Each is a server of its
# own: a private directory, a unix socket in it, a free port of 127.0.0.1, root without a password,
# nothing waits for the disk, no binary log. Root starts them as user mysql. All that were started
# stop when the script ends, however it ends; pg.sh may be sourced beside.
#
#   my_start NAME [SETTING=VALUE...]   start a server; sets MY_NAME_DIR, MY_NAME_PORT, MY_NAME_URL
#   my_stop NAME                       stop it and remove its directory
#   my_kill NAME                       end it at once, as a crash would; my_resume NAME brings it back
#   my_sql NAME [ARGUMENT...]          the client on it: bare rows, stops at the first error
#   my_client NAME [COMMAND...]        COMMAND, the client's own command line behind its words
#   my_dump NAME [ARGUMENT...]         mariadb-dump or mysqldump on it
#   my_dir | my_port | my_socket NAME  what was set, printed
#   my_url | my_socket_url NAME [DATABASE]   by 127.0.0.1, and by the unix socket
#   my_is_mariadb [NAME]               is it (or: would it be) a MariaDB
#   my_have                            is the server there that my_start takes
#   my_certificates DIRECTORY          ca.pem and a server's cert.pem, key.pem for 127.0.0.1
#
# NAME is a word of small letters, digits and _. UNDERSTUDY_MYSQL says which server my_start takes:
# mariadb (default), the system's, or the directory of a MySQL that scripts/servers/mysql9 unpacked,
# whose programs run by the loader beside them. TLS: my_certificates, then my_start NAME ssl-ca=...
# ssl-cert=... ssl-key=...

MY_NAMES=
PATH=$PATH:/usr/sbin

. tests/support/servers.sh
server_stops_by my_stop_all

my_fail() {
    echo "my.sh: $*" >&2
    return 1
}

# What my_start would take: 'mariadb', or the root of the unpacked system that holds MySQL.
my_kind() {
    case ${UNDERSTUDY_MYSQL:-mariadb} in
        mariadb) echo mariadb ;;
        *)
            for my_root in "$UNDERSTUDY_MYSQL" "$UNDERSTUDY_MYSQL/root"; do
                [ ! -x "$my_root/usr/sbin/mysqld" ] || { echo "$my_root"; return 0; }
            done
            my_fail "'$UNDERSTUDY_MYSQL' (UNDERSTUDY_MYSQL) holds no MySQL"
            ;;
    esac
}

# The loader of an unpacked system; its libraries lie beside it.
my_loader() {
    for my_loader in "$1"/usr/lib/*/ld-linux*.so.* "$1"/lib/*/ld-linux*.so.*; do
        [ ! -x "$my_loader" ] || { echo "$my_loader"; return 0; }
    done
    my_fail "'$1' holds no loader"
}

# Runs COMMAND of words $3... with the command line of a program behind: $1 is a kind, $2 one of
# server, client, admin, dump; the words up to -- are COMMAND's, those after it the program's.
my_with() {
    my_with_kind=$1
    my_with_program=$2
    shift 2
    case $my_with_kind:$my_with_program in
        mariadb:server) my_path=mariadbd ;;
        mariadb:client) my_path=mariadb ;;
        mariadb:*) my_path=mariadb-$my_with_program ;;
        *:server) my_path=$my_with_kind/usr/sbin/mysqld ;;
        *:client) my_path=$my_with_kind/usr/bin/mysql ;;
        *) my_path=$my_with_kind/usr/bin/mysql$my_with_program ;;
    esac
    my_beside=
    [ "$my_with_kind" = mariadb ] || my_beside=$(my_loader "$my_with_kind") || return 1
    for my_word; do
        shift
        if [ -n "$my_path" ] && [ "$my_word" = -- ]; then
            [ -z "$my_beside" ] || set -- "$@" "$my_beside" --library-path "${my_beside%/*}"
            set -- "$@" "$my_path"
            my_path=
        else
            set -- "$@" "$my_word"
        fi
    done
    "$@"
}

# The words of a server on directory $2, before any setting.
my_options() {
    set -- "$1" "$2" "$(id -un)"
    [ "$3" != root ] || set -- "$1" "$2" mysql
    server_quote --no-defaults --user="$3" --datadir="$2/data" --tmpdir="$2/tmp" \
        --innodb-flush-method=nosync --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 \
        --skip-name-resolve --character-set-server=utf8mb4
    if [ "$1" = mariadb ]; then
        server_quote --innodb-log-file-size=48M
    else
        server_quote --basedir="$1/usr" --lc-messages-dir="$1/usr/share/mysql" \
            --character-sets-dir="$1/usr/share/mysql/charsets" \
            --plugin-dir="$1/usr/lib/mysql/plugin" --innodb-redo-log-capacity=64M
    fi
}

# The data directory a server is a copy of: made once a user and version. What tells two servers
# apart is not part of it: each makes its own when it starts.
my_template() {
    my_version=$(my_with "$1" server -- --version) || return 1
    MY_TEMPLATE=${TMPDIR:-/tmp}/understudy-my-$(id -u)-$(echo "${my_version##* Ver }" | tr -c 'A-Za-z0-9.\n' -)
    [ -e "$MY_TEMPLATE/ready" ] && return 0
    my_made=$(mktemp -d "${TMPDIR:-/tmp}/understudy-my-XXXXXX") || return 1
    mkdir "$my_made/tmp"
    [ "$(id -u)" != 0 ] || chown mysql "$my_made" "$my_made/tmp"
    chmod 755 "$my_made"
    cat >"$my_made/root.sql" <<'SQL'
FLUSH PRIVILEGES;
CREATE USER IF NOT EXISTS root@'127.0.0.1';
GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
SQL
    if my_initialize "$1" "$my_made" >"$my_made/log" 2>&1; then
        rm -f "$my_made/data/auto.cnf"
        : >"$my_made/ready"
    else
        cat "$my_made/log" >&2
        rm -rf "$my_made"
        return 1
    fi
    # Two scripts may make it at once; the first to arrive wins.
    if ! mv -T "$my_made" "$MY_TEMPLATE" 2>/dev/null; then
        rm -rf "$my_made"
        [ -e "$MY_TEMPLATE/ready" ] || my_fail "'$MY_TEMPLATE' is in the way"
    fi
}

my_initialize() (
    cd / || exit 1
    kind=$1
    made=$2
    eval "set -- $(my_options "$kind" "$made")"
    if [ "$kind" = mariadb ]; then
        mariadb-install-db "$@" --auth-root-authentication-method=normal --skip-test-db \
            --extra-file="$made/root.sql"
    else
        my_with "$kind" server -- "$@" --initialize-insecure --init-file="$made/root.sql"
    fi
)

my_get() {
    eval "printf '%s\n' \"\${MY_$1_$2-}\""
}

my_dir() {
    my_get "$1" DIR
}

my_port() {
    my_get "$1" PORT
}

my_socket() {
    echo "$(my_get "$1" DIR)/s"
}

my_url() {
    printf 'mysql://root@127.0.0.1:%s/%s\n' "$(my_get "$1" PORT)" "${2-}"
}

my_socket_url() {
    printf 'mysql://root@/%s?socket=%s\n' "${2-}" "$(my_socket "$1")"
}

my_is_mariadb() {
    if [ -n "${1-}" ]; then
        [ "$(my_get "$1" KIND)" = mariadb ]
    else
        [ "${UNDERSTUDY_MYSQL:-mariadb}" = mariadb ]
    fi
}

my_have() {
    my_have_kind=$(my_kind) && my_with "$my_have_kind" server -- --version >/dev/null 2>&1
}

# The process id of the server; empty when it does not run.
my_pid() {
    [ ! -f "$(my_dir "$1")/pid" ] || cat "$(my_dir "$1")/pid"
}

# Starts the server of kind $1 in directory $2 on port $3 with the settings behind; waits until it
# answers. It is a child of nobody here, so that no script waits for it.
my_launch() {
    my_launch_kind=$1
    my_launch_dir=$2
    my_launch_port=$3
    shift 3
    for setting; do
        set -- "$@" "--$setting"
        shift
    done
    [ "$my_launch_kind" = mariadb ] || set -- --mysqlx=OFF "$@"
    eval "set -- $(my_options "$my_launch_kind" "$my_launch_dir") --port=$my_launch_port \
        --bind-address=127.0.0.1 --socket=$my_launch_dir/s --pid-file=$my_launch_dir/data/pid \
        --secure-file-priv= --local-infile=ON --skip-log-bin --max-connections=100 \"\$@\""
    (
        cd "$my_launch_dir" || exit 1
        my_with "$my_launch_kind" server exec setsid -- "$@" >log 2>&1 </dev/null &
        echo $! >pid
    )
    my_launch_pid=$(cat "$my_launch_dir/pid")
    until grep -qs 'ready for connections' "$my_launch_dir/log" &&
        my_with "$my_launch_kind" admin -- --no-defaults --socket="$my_launch_dir/s" --user=root \
            --silent ping >/dev/null 2>&1; do
        kill -0 "$my_launch_pid" 2>/dev/null || return 1
        sleep 0.05
    done
}

my_start() {
    my_name=$1
    shift
    case $my_name in
        '' | *[!a-z0-9_]*) my_fail "'$my_name' is no name for a server"; return 1 ;;
    esac
    [ -z "$(my_get "$my_name" DIR)" ] || { my_fail "'$my_name' runs already"; return 1; }
    my_start_kind=$(my_kind) || return 1
    my_template "$my_start_kind" || return 1
    # A short path: the name of a unix socket has room for 107 bytes.
    my_new=$(mktemp -d /tmp/umy-XXXXXX) || return 1
    cp -a --sparse=always "$MY_TEMPLATE/data" "$MY_TEMPLATE/tmp" "$my_new/" || return 1
    [ "$(id -u)" != 0 ] || chown mysql "$my_new"
    chmod 755 "$my_new"
    eval "MY_${my_name}_DIR=\$my_new MY_${my_name}_KIND=\$my_start_kind"
    MY_NAMES="$MY_NAMES $my_name"
    server_quote "$@" >"$my_new/settings"
    for my_attempt in 1 2 3; do
        my_new_port=$(server_free_port) || return 1
        if my_launch "$my_start_kind" "$my_new" "$my_new_port" "$@"; then
            eval "MY_${my_name}_PORT=\$my_new_port"
            eval "MY_${my_name}_URL=\$(my_url \"\$my_name\")"
            return 0
        fi
        grep -q 'Address already in use' "$my_new/log" || break
    done
    cat "$my_new/log" >&2
    my_fail "server '$my_name' does not start (attempt $my_attempt)"
}

# Its files go with it, so there is nothing to close.
my_stop() {
    my_gone=$(my_pid "$1")
    if [ -n "$my_gone" ]; then
        kill -KILL "$my_gone" 2>/dev/null || true
        server_wait_gone "$my_gone"
    fi
    my_gone_dir=$(my_dir "$1")
    case $my_gone_dir in
        /tmp/umy-*) rm -rf "$my_gone_dir" ;;
    esac
    unset "MY_$1_DIR" "MY_$1_PORT" "MY_$1_URL" "MY_$1_KIND"
}

my_kill() {
    my_gone=$(my_pid "$1")
    [ -n "$my_gone" ] || { my_fail "server '$1' does not run"; return 1; }
    kill -KILL "$my_gone"
    server_wait_gone "$my_gone"
    # MySQL believes the lock of its socket as long as any process has that number
    rm -f "$(my_dir "$1")/pid" "$(my_dir "$1")/s" "$(my_dir "$1")/s.lock"
}

my_resume() {
    my_resume_dir=$(my_dir "$1")
    eval "my_launch \"\$(my_get \"\$1\" KIND)\" \"\$my_resume_dir\" \"\$(my_port \"\$1\")\" \
        $(cat "$my_resume_dir/settings")" ||
        { cat "$my_resume_dir/log" >&2; my_fail "server '$1' does not come back"; return 1; }
}

my_client() {
    my_client_name=$1
    shift
    my_with "$(my_get "$my_client_name" KIND)" client "$@" -- --no-defaults \
        --socket="$(my_socket "$my_client_name")" --user=root
}

my_sql() {
    my_sql_name=$1
    shift
    my_with "$(my_get "$my_sql_name" KIND)" client -- --no-defaults \
        --socket="$(my_socket "$my_sql_name")" --user=root --default-character-set=utf8mb4 \
        --batch --raw --skip-column-names "$@"
}

my_dump() {
    my_dump_name=$1
    shift
    my_is_mariadb "$my_dump_name" || set -- --set-gtid-purged=OFF "$@"
    my_with "$(my_get "$my_dump_name" KIND)" dump -- --no-defaults \
        --socket="$(my_socket "$my_dump_name")" --user=root --default-character-set=utf8mb4 "$@"
}

my_certificates() {
    mkdir -p "$1"
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=understudy test authority' \
        -keyout "$1/ca.key" -out "$1/ca.pem" 2>/dev/null &&
        openssl req -newkey rsa:2048 -nodes -subj '/CN=127.0.0.1' -keyout "$1/key.pem" \
            -out "$1/request.pem" 2>/dev/null &&
        echo 'subjectAltName = IP:127.0.0.1' >"$1/extension" &&
        openssl x509 -req -in "$1/request.pem" -CA "$1/ca.pem" -CAkey "$1/ca.key" -CAcreateserial \
            -days 30 -extfile "$1/extension" -out "$1/cert.pem" 2>/dev/null || return 1
    [ "$(id -u)" != 0 ] || chown mysql "$1/key.pem"
    chmod 755 "$1"
}

my_stop_all() {
    for my_each in $MY_NAMES; do
        [ -z "$(my_dir "$my_each")" ] || my_stop "$my_each"
    done
}
