-- What the driver test reads: odd names, every type, partitions, inheritance, keys of all sorts.
CREATE EXTENSION citext;
CREATE SCHEMA app;
CREATE SCHEMA "Odd ""Schema.";
CREATE ROLE reader LOGIN;
CREATE ROLE nobody LOGIN;
ALTER ROLE reader SET search_path = app, public;
CREATE FUNCTION app.is_big(n int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT n > 900';

CREATE FUNCTION app.tells(t text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a cell: %', (SELECT email FROM public.customers WHERE id = 1)
        USING ERRCODE = '42601';
END $$;

CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy');
CREATE TYPE pair AS (a int, b mood);
CREATE DOMAIN positive AS int CHECK (VALUE > 0) NOT NULL;
CREATE DOMAIN code AS varchar(7);
CREATE DOMAIN small_code AS code;

CREATE TABLE every_type (
    id int PRIMARY KEY, i2 int2, i8 int8, f4 float4, f8 float8, n numeric(10, 2), n0 numeric,
    t text, v varchar(50), c char(5), ci citext, nm name, b bool, by bytea, u uuid,
    d date, ti time(3), tz timetz, ts timestamp, tst timestamptz, iv interval, j json, jb jsonb,
    e mood, dom positive, sc small_code, ints int[], moods mood[], p pair, r int4range, m money,
    ip inet, x xml, vec tsvector, bits bit(3), o oid, reg regclass, pt point);
INSERT INTO every_type VALUES
 (1, 2, 3, 1.5, 2.5, 12.30, 1e20, E'tab\t"quote''\\', 'v', 'c', 'MiXed', 'nm', true, '\x00ff',
  'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '2024-02-29', '12:34:56.789', '12:34+02',
  '2024-02-29 12:34:56.789012', '2024-02-29 12:34:56+02', '1 mon 2 days', '{"a": 1}', '{"a": 1}',
  'it''s ok', 5, 'abc', '{1,2,NULL}', '{sad,happy}', '(1,sad)', '[1,5)', 12.5, '10.0.0.1',
  '<a/>', 'a b', B'101', 4000000000, 'pg_class', '(1,2)'),
 (2, NULL, NULL, 'NaN', '-Infinity', 'NaN', NULL, '', NULL, NULL, 'mixed2', NULL, NULL, NULL, NULL,
  'infinity', NULL, NULL, '-infinity', 'infinity', NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL,
  NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE "Odd ""Schema."."select ""from""
where.é" ("a.b ""c" int PRIMARY KEY, "select" text,
 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0" text);
INSERT INTO "Odd ""Schema."."select ""from""
where.é" VALUES (1, 'x', 'y');

CREATE TABLE customers (id int PRIMARY KEY, email citext UNIQUE, name text NOT NULL,
    referred_by int REFERENCES customers, gone int);
ALTER TABLE customers DROP COLUMN gone;
ALTER TABLE customers ADD COLUMN tag text;
INSERT INTO customers SELECT i, 'User' || i || '@x.com', E'n\'\\"{},' || i,
    CASE WHEN i > 1 THEN i / 2 END FROM generate_series(1, 1000) i;
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id int NOT NULL
    REFERENCES customers DEFERRABLE, email citext REFERENCES customers (email), placed int,
    twice int GENERATED ALWAYS AS (placed * 2) STORED);
CREATE INDEX ON orders (customer_id);
INSERT INTO orders (customer_id, email, placed)
    SELECT 1 + i % 100, lower('USER' || 1 + i % 100) || '@X.com', i FROM generate_series(1, 2000) i;
CREATE TABLE ledger (region text, number int, day date, tags text[], PRIMARY KEY (region, number));
INSERT INTO ledger SELECT 'r''\' || i % 10, i, '2024-01-01'::date + i, ARRAY['t' || i % 7]
    FROM generate_series(1, 500) i;
CREATE TABLE entries (id serial PRIMARY KEY, number int, region text);
INSERT INTO entries (number, region) VALUES (1, 'nowhere');
ALTER TABLE entries ADD CONSTRAINT entries_ledger FOREIGN KEY (region, number)
    REFERENCES ledger (region, number) MATCH FULL NOT VALID;

CREATE TABLE events (id int, at date NOT NULL, kind text, customer_id int REFERENCES customers,
    PRIMARY KEY (id, at, kind)) PARTITION BY RANGE (at);
CREATE TABLE events_b PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
    PARTITION BY LIST (kind);
CREATE TABLE events_b_x PARTITION OF events_b FOR VALUES IN ('x');
CREATE TABLE events_b_rest PARTITION OF events_b DEFAULT;
CREATE TABLE app.events_a (kind text NOT NULL, gone int, customer_id int, at date NOT NULL, id int NOT NULL);
ALTER TABLE app.events_a DROP COLUMN gone;
ALTER TABLE events ATTACH PARTITION app.events_a FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
INSERT INTO events SELECT i, '2023-06-01'::date + i, CASE WHEN i % 2 = 0 THEN 'x' ELSE 'y' END,
    1 + i % 1000 FROM generate_series(1, 400) i;
CREATE TABLE event_notes (event_id int, event_at date, event_kind text,
    CONSTRAINT event_notes_event FOREIGN KEY (event_id, event_at, event_kind)
    REFERENCES events);

CREATE TABLE vehicles (id int PRIMARY KEY, wheels int CHECK (wheels > 0));
CREATE TABLE trucks (load int) INHERITS (vehicles);
INSERT INTO vehicles VALUES (1, 4);
INSERT INTO trucks VALUES (2, 6, 10);

CREATE TABLE keyless (a int, b text);
INSERT INTO keyless SELECT i % 3, 'b' || i % 5 FROM generate_series(1, 30) i;
CREATE TABLE odd_keys (a int NOT NULL, b int NOT NULL, c int, d tsrange NOT NULL,
    UNIQUE (a, b), EXCLUDE USING gist (d WITH &&));
CREATE UNIQUE INDEX ON odd_keys (c) WHERE c > 0;
CREATE UNIQUE INDEX ON odd_keys ((a + b));
ALTER TABLE odd_keys ADD UNIQUE (b) DEFERRABLE;
CREATE TABLE guarded (id int PRIMARY KEY, owner text);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE TABLE secret (id int);
CREATE TABLE wide (id int, body text);
ALTER TABLE wide ALTER body SET STORAGE EXTERNAL;
INSERT INTO wide SELECT i, repeat('x', CASE i WHEN 3 THEN 12000000 ELSE 3000000 END)
    FROM generate_series(1, 6) i;

CREATE TABLE loaded (id int PRIMARY KEY, note text, mood mood);
CREATE TABLE changed (id int PRIMARY KEY);
CREATE TABLE spread (id int) PARTITION BY LIST (id);
CREATE TABLE spread_1 PARTITION OF spread FOR VALUES IN (1);
CREATE TABLE slow AS SELECT i AS id FROM generate_series(1, 300000) i;

CREATE PUBLICATION everything FOR TABLE customers;
CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER nowhere OPTIONS (host 'production');
CREATE USER MAPPING FOR reader SERVER elsewhere OPTIONS (password 'topsecret');
CREATE FOREIGN TABLE faraway (id int) SERVER elsewhere;
CREATE SUBSCRIPTION feed CONNECTION 'password=topsecret' PUBLICATION p
    WITH (connect = false, slot_name = NONE, enabled = false);

GRANT USAGE ON SCHEMA app, "Odd ""Schema." TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public, app, "Odd ""Schema." TO reader;
REVOKE SELECT ON secret FROM reader;
ANALYZE;
