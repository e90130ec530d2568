# shellcheck shell=sh
# Debian's packages of its suite sid, unpacked beside the system and never installed; sourced by the
# scripts that fetch a server.
#
#   sid_place NAME [DIR] sets cache and place, where NAME is kept: absolute
#   sid_fetch PACKAGE... the packages and what they depend on, as $work/apt/cache/archives/*.deb
#   sid_unpack PACKAGE... unpacks these, and the libraries among the rest, into $work/root
#   sid_keep             what is in $work becomes $place
#   sid_fail WORDS       ends

sid_fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# For root /var/cache: root starts servers as a user who cannot read root's home.
sid_place() {
    if [ "$(id -u)" = 0 ]; then
        cache=${2:-/var/cache/understudy}
    else
        cache=${2:-${XDG_CACHE_HOME:-$HOME/.cache}/understudy}
    fi
    case $cache in
        /*) ;;
        *) cache=$PWD/$cache ;;
    esac
    place=$cache/$1
}

# The mirror this machine's own packages come from.
sid_mirror() {
    # shellcheck disable=SC2016 # apt-get substitutes it
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
        grep '/debian/\{0,1\}$' | sort -u | head -n 1
}

# apt-get with lists, cache and record of installed packages of its own: nothing is installed.
sid_apt() {
    apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/apt/etc" \
        -o Dir::State="$work/apt" -o Dir::State::lists="$work/apt/lists" \
        -o Dir::State::status="$work/apt/status" -o Dir::Cache="$work/apt/cache" \
        -o Acquire::Languages=none -o APT::Install-Recommends=false -o APT::Sandbox::User=root "$@"
}

sid_fetch() {
    mirror=$(sid_mirror)
    [ -n "$mirror" ] || sid_fail "this machine has no Debian mirror in its list of sources"
    mkdir -p "$cache"
    work=$(mktemp -d "$cache/fetch-XXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT TERM HUP
    chmod 755 "$work"
    mkdir -p "$work/apt/etc" "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
    : >"$work/apt/status"
    printf '%s\n' 'Types: deb' "URIs: $mirror" 'Suites: sid' 'Components: main' \
        'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >"$work/apt/etc/sid.sources"
    sid_apt update >&2
    sid_apt -y --download-only install "$@" >&2
}

# The packages named, and libraries: what else they depend on sets up services.
sid_unpack() {
    for package in "$work"/apt/cache/archives/*.deb; do
        case ${package##*/} in
            libperl* | libsystemd-shared*) continue ;;
            lib* | zlib1g_*) dpkg -x "$package" "$work/root" ;;
        esac
        for name; do
            case ${package##*/} in
                "$name"_*) dpkg -x "$package" "$work/root" ;;
            esac
        done
    done
}

sid_keep() {
    rm -rf "$work/apt" "$place"
    mv -T "$work" "$place"
}
