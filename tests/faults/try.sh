hold source production 'LOCK TABLE orders IN ACCESS EXCLUSIVE MODE'
cat $work/held
begin
for i in 1 2 3 4 5 6; do pg_psql source -c "select state, wait_event_type, wait_event, left(query,60) from pg_stat_activity where datname='production'"; echo; sleep 0.3;  done
cat $work/stderr; cat /proc/$program/status | grep State
let_go
end_with 0; echo $why
