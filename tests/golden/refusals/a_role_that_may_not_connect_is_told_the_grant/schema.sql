\ir ../production.sql
DO $$ BEGIN CREATE ROLE unconnected LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
REVOKE CONNECT ON DATABASE production FROM PUBLIC;
