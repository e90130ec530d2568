# shellcheck shell=sh
# What pg.sh and my.sh share, who source it: one trap that ends the servers of both.
#
#   server_on_exit COMMAND     what the script's own trap at exit would have done: before servers stop
#   server_stops_by FUNCTION   FUNCTION stops what it has started, at exit
#   server_free_port           a port of 127.0.0.1 that nobody listens on now
#   server_quote WORD...       the words, each quoted for a shell
#   server_wait_gone PID       waits until the process has ended

SERVER_AT_EXIT=${SERVER_AT_EXIT-}
SERVER_STOPS=${SERVER_STOPS-}

server_on_exit() {
    SERVER_AT_EXIT="$SERVER_AT_EXIT
$1"
}

server_stops_by() {
    SERVER_STOPS="$SERVER_STOPS $1"
}

# Who starts a server on it tries again when it is taken meanwhile.
server_free_port() {
    python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

server_quote() {
    for word; do
        printf " '%s'" "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
    done
}

# What has ended and waits for init to take note of it holds nothing any more.
server_wait_gone() {
    while kill -0 "$1" 2>/dev/null; do
        case $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) in
            Z* | X*) return 0 ;;
        esac
        sleep 0.02
    done
}

server_at_exit() {
    server_status=$?
    trap - EXIT INT TERM HUP
    eval "$SERVER_AT_EXIT"
    for server_stop in $SERVER_STOPS; do
        "$server_stop"
    done
    exit "$server_status"
}
trap server_at_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
