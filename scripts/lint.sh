#!/bin/sh
# usage: lint.sh [--fast] CC FLAG...      (make lint gives the compiler and its flags)
# Format, tidy, headers that stand alone, layers, banned calls, lengths, shellcheck. Runs them all,
# names what failed, ends with one line. --fast leaves clang-tidy out.
set -u

tidy=yes
if [ "${1-}" = --fast ]; then
    tidy=no
    shift
fi
[ $# -gt 0 ] || { echo "usage: lint.sh [--fast] CC FLAG..." >&2; exit 2; }

folders=
for folder in src include tests; do
    [ ! -d "$folder" ] || folders="$folders $folder"
done
# shellcheck disable=SC2086 # a list of words
c_files=$(find $folders -name '*.[ch]' | LC_ALL=C sort)
sources=$(find src -name '*.c' | LC_ALL=C sort)
# shellcheck disable=SC2086
headers=$(find $folders -name '*.h' | LC_ALL=C sort)
jobs=$(nproc 2>/dev/null || echo 2)
passed=0
failed=

# Runs one check: its name, then its command.
check() {
    check_name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        echo "lint: $check_name failed" >&2
        failed="$failed $check_name"
    fi
}

format() {
    # shellcheck disable=SC2086
    clang-format --dry-run --Werror $c_files
}

# xargs ends with 123 where one of its commands failed.
run_tidy() {
    # shellcheck disable=SC2016,SC2086 # the inner shell expands, and splits
    printf '%s\n' $sources | xargs -P "$jobs" -n 4 sh -c '
        flags=$1; shift
        clang-tidy --quiet "$@" -- $flags 2>/dev/null' sh "$tidy_flags"
}

headers_alone() {
    headers_failed=0
    for header in $headers; do
        "$@" -Itests -Wall -Wextra -Werror -Wno-unused-function -fsyntax-only -x c "$header" || headers_failed=1
    done
    return "$headers_failed"
}

# Calls that are banned everywhere, and the allocator outside base/: what a foreign library is to
# own stands on a line that says so (/* for LIBRARY */).
banned() {
    banned_failed=0
    # shellcheck disable=SC2086
    if printf '%s\n' $c_files | xargs grep -nE \
        '(^|[^_[:alnum:]])(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof|alloca|rand|srand|system|popen|tmpnam|mktemp)[[:space:]]*\(' \
        /dev/null; then
        echo "lint: banned call" >&2
        banned_failed=1
    fi
    # shellcheck disable=SC2086
    if printf '%s\n' $sources | grep -v '^src/base/' |
        xargs grep -nE '(^|[^_[:alnum:]])(malloc|calloc|realloc|strdup|strndup)[[:space:]]*\(' /dev/null |
        grep -v '/\* for [^*]* \*/'; then
        echo "lint: allocation outside base/" >&2
        banned_failed=1
    fi
    # shellcheck disable=SC2086
    if printf '%s\n' $c_files | xargs grep -nwE 'TODO|FIXME|XXX|goto' /dev/null; then
        echo "lint: unfinished or goto" >&2
        banned_failed=1
    fi
    return "$banned_failed"
}

# Files to 600 lines, functions to 100: a function begins and ends with a brace in column one.
lengths() {
    # shellcheck disable=SC2086
    awk '
        FNR == 1 { start = 0 }
        /^\{$/ { start = FNR }
        /^\}$/ && start {
            if (FNR - start + 1 > 100) {
                printf "%s:%d: a function of %d lines, at most 100\n", FILENAME, start, FNR - start + 1
                failed = 1
            }
            start = 0
        }
        FNR == 601 {
            printf "%s: more than 600 lines\n", FILENAME
            failed = 1
        }
        END { exit failed }' $c_files
}

shells() {
    # shellcheck disable=SC2046
    shellcheck $(find scripts tests .ci -type f \( -name '*.sh' -o -name run -o -path 'scripts/*' \) |
        while read -r file; do
            case $(head -n 1 "$file") in
                '#!/bin/sh'* | '#!/bin/bash'* | '# shellcheck shell='*) echo "$file" ;;
            esac
        done | LC_ALL=C sort)
}

tidy_flags=
first=yes
for flag; do
    # A define with quotes in it would have to pass two shells; clang-tidy needs no version.
    case $flag in
        *UNDERSTUDY_VERSION*) flag="-DUNDERSTUDY_VERSION=\"\"" ;;
    esac
    [ "$first" = yes ] || tidy_flags="$tidy_flags $flag"
    first=no
done

check format format
check headers headers_alone "$@"
check layers scripts/layers.sh
check banned banned
check lengths lengths
check shellcheck shells
[ "$tidy" = no ] || check tidy run_tidy

# shellcheck disable=SC2086
awk '/(^|[^_])assert\(/ { asserts++ } { lines++ }
    END { printf "lint: %d lines in src/*.c, %.0f asserts a thousand\n", lines, asserts * 1000 / lines }' $sources
# shellcheck disable=SC2086
set -- $failed
echo "lint: $passed passed, $# failed, 0 skipped"
[ $# -eq 0 ]
