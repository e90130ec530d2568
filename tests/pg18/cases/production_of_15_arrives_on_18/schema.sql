CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE DOMAIN short AS text NOT NULL CHECK (length(value) < 20);
CREATE TABLE person (id serial PRIMARY KEY, name short, feels mood, born date, boss int REFERENCES person,
    full_name text GENERATED ALWAYS AS (name || '!') STORED);
INSERT INTO person (name, feels, born, boss) SELECT 'n' || g, CASE g % 2 WHEN 0 THEN 'good' ELSE 'bad' END::mood, date '1980-01-01' + g, nullif(g / 2, 0) FROM generate_series(1, 100) g;
CREATE TABLE visit (id int GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, person_id int REFERENCES person, tags text[], PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE visit_1 PARTITION OF visit FOR VALUES FROM ('2020-01-01') TO ('2020-07-01');
CREATE TABLE visit_2 PARTITION OF visit FOR VALUES FROM ('2020-07-01') TO ('2021-01-01');
INSERT INTO visit (at, person_id, tags) SELECT timestamptz '2020-01-02' + g * interval '1 day', 1 + g % 100, ARRAY['t' || g] FROM generate_series(1, 300) g;
CREATE VIEW bosses AS SELECT DISTINCT b.* FROM person p JOIN person b ON b.id = p.boss;
CREATE MATERIALIZED VIEW visits AS SELECT person_id, count(*) FROM visit GROUP BY 1;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER touched BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION touch();
CREATE INDEX ON visit (person_id) INCLUDE (at);
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY grown ON person USING (born < '1999-01-01');
ANALYZE;
