DROP ROLE IF EXISTS stager, keeps_staging;
CREATE ROLE keeps_staging;
CREATE ROLE stager LOGIN CREATEDB;
GRANT pg_signal_backend TO stager;
GRANT keeps_staging TO stager WITH INHERIT TRUE, SET TRUE;
