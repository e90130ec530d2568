# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154 # variables are shared with run
# What production keeps secret, and a role that may only read, also on a standby. Sourced by run.
# Of each engine: passwords_dump DIRECTORY and passwords_are_there, secret_words, counters SERVER,
# standby_start.

plain_profile=tests/faults/plain.yaml

plain_source() {
    db_new_database source plain
    db_load source plain "$(own_file plain sql)" >/dev/null
}

# What the target holds, and what was said.
passwords_found() {
    mkdir -p "$work/dumps"
    passwords_dump "$work/dumps"
    grep -r -l 'swordfish' "$work/dumps" "$work/stdout" "$work/stderr" "$work/report.json" "$work/tmp"
}

secrets_stay() {
    why="production holds no password that could be found"
    passwords_are_there || return 1
    begin
    end_with 0 || return 1
    why="a password is found in $(passwords_found || true)"
    ! passwords_found >/dev/null || return 1
    why="it does not say what it left out: $(cat "$work/report.json")"
    for word in $secret_words; do
        grep -q "$word" "$work/report.json" || return 1
    done
}

reader_alone() {
    wait_until 30 nobody_in_plain "$1" || true
    before=$(counters "$1")
    begin
    end_with 0 || return 1
    wait_until 30 nobody_in_plain "$1" || true
    after=$(counters "$1")
    why="rows were written: $before before, $after after"
    [ "$before" = "$after" ]
}

standby_serves() {
    UNDERSTUDY_SOURCE=$(reader_url standby)
    reader_alone standby || return 1
    why="the standby gives other rows than the primary"
    [ "$(db_checksum target plain_staging)" = "$on_primary" ]
}

reader_url() {
    db_url "$1" plain | sed 's,//[a-z]*@,//reader@,'
}

# shellcheck source=/dev/null
. "tests/faults/secrets_$(db_prefix).sh"

old_profile=$profile
profile=$plain_profile
plain_source
UNDERSTUDY_SOURCE=$(db_url source plain) UNDERSTUDY_TARGET=$(db_url target plain_staging)
settle "passwords of $secrets_of stay in production" secrets_stay
UNDERSTUDY_SOURCE=$(reader_url source)
settle "a role with $reader_has is enough, and nothing is written" reader_alone source
on_primary=$(db_checksum target plain_staging)

db_drop_like target 'plain\_staging%'
if standby_start; then
    settle "a standby serves the same rows, and nothing is written" standby_serves
    db_stop standby
else
    case_fail "a standby$of_engine" "it does not start: $(tail -n 3 "$work/standby")"
fi
profile=$old_profile
UNDERSTUDY_SOURCE=$(db_url source production) UNDERSTUDY_TARGET=$(target_url staging)
