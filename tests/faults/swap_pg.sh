# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with run
# The swap of PostgreSQL. Sourced by swap.sh.

# A client that stays inside is put out.
client_stays() {
    hold target staging 'SELECT count(*) FROM customers'
    begin
    result=0
    end_with 0 || result=1
    let_go
    [ "$result" = 0 ] && staging_is_whole
}

settle "a client that stays inside is put out" client_stays

prepared_transaction() {
    pg_psql target -d staging -c "BEGIN" -c "CREATE TABLE held ()" -c "PREPARE TRANSACTION 'held'"
    begin
    result=0
    end_with 6 || result=1
    pg_psql target -d staging -c "ROLLBACK PREPARED 'held'"
    [ "$result" = 0 ] && staging_is_whole && next_run_cleans_up
}

if [ "$(pg_psql target -c 'SHOW max_prepared_transactions')" != 0 ]; then
    settle "a prepared transaction keeps the old database: exit 6" prepared_transaction
fi

moved_away() {
    close_at index
    begin
    reach_at index || { gates_open; return 1; }
    pg_psql target -c 'ALTER DATABASE staging RENAME TO moved'
    gates_open
    result=0
    { end_with 6 || [ "$end_code" = 0 ]; } || result=1
    if [ "$end_code" = 0 ]; then
        staging_is_whole || result=1
        pg_psql target -c 'DROP DATABASE moved (FORCE)'
    else
        pg_psql target -c 'ALTER DATABASE moved RENAME TO staging'
        { staging_is_whole && next_run_cleans_up; } || result=1
    fi
    return "$result"
}

settle "the target renamed away meanwhile: either it is made anew or exit 6" moved_away
