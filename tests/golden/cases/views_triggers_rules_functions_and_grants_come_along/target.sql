DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app_stg') THEN CREATE ROLE app_stg; END IF;
END $$;
