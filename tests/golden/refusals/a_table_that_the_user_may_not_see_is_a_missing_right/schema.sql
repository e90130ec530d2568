\ir ../production.sql
CREATE TABLE month (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE month_1 PARTITION OF month FOR VALUES FROM (0) TO (100);
DO $$ BEGIN CREATE ROLE restricted LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT SELECT ON customers, logins, sessions, month, archive.orders TO restricted;
ALTER TABLE logins ENABLE ROW LEVEL SECURITY;
