DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stg_owner') THEN CREATE ROLE stg_owner; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stg_reader') THEN CREATE ROLE stg_reader; END IF;
END $$;
CREATE DATABASE staging OWNER stg_owner CONNECTION LIMIT 17;
ALTER DATABASE staging SET work_mem = '11MB';
ALTER ROLE stg_reader IN DATABASE staging SET statement_timeout = '13s';
REVOKE CONNECT ON DATABASE staging FROM PUBLIC;
GRANT CONNECT ON DATABASE staging TO stg_reader;
\c staging
CREATE TABLE what_was_there ();
