# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with run
# A full disk of PostgreSQL's target: a tablespace of its own. Sourced by limits.sh.

target_full() {
    # Room for two databases, not for the rows.
    small_disk "$work/small" 40m postgres
    pg_psql target -c "CREATE TABLESPACE small LOCATION '$work/small'" -c 'ALTER DATABASE staging SET TABLESPACE small'
    wide_refresh
    result=0
    end_with 6 || result=1
    said=$why
    staging_is_whole || { result=1; said=$why; }
    nothing_is_left || { result=1; said=$why; }
    pg_psql target -c 'ALTER DATABASE staging SET TABLESPACE pg_default'
    pg_drop_like target 'staging\_\_%'
    pg_psql target -c 'DROP TABLESPACE small'
    disk_gone
    why=$said
    return "$result"
}
