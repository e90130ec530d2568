-- Tables that a survey reads in every way it knows, each with rows that few others are like.
CREATE TYPE mood AS ENUM ('calm', 'on hold', 'angry', 'retired');
CREATE TYPE pair AS (a int, b int);
CREATE DOMAIN amount AS numeric(12, 2) CHECK (VALUE > -1000000);

CREATE TABLE people (
    id bigint PRIMARY KEY,
    mood mood NOT NULL,
    born_on date,
    left_at timestamptz,
    balance amount,
    is_open boolean,
    words tsvector,
    place point,
    span int4range,
    both_numbers pair,
    tags text[],
    essay text,
    document jsonb,
    raw bytea
);
INSERT INTO people
SELECT n, CASE WHEN n % 20011 = 7 THEN 'retired' WHEN n % 3 = 0 THEN 'calm' ELSE 'on hold' END::mood,
    date '1950-01-01' + (n::bigint * 7919 % 20000)::int,
    CASE WHEN n % 30011 = 5 THEN NULL ELSE timestamptz '2025-01-01' + n * interval '1 minute' END,
    (n::bigint * 104729 % 1000000) / 100.0, n % 2 = 0, to_tsvector('simple', 'a b'), point(n, n),
    int4range(n, n + 5), ROW(n::int, n::int)::pair, ARRAY['x', 'y'],
    CASE WHEN n % 19997 = 11 THEN ' begins with a blank'
         WHEN n % 19997 = 12 THEN ''
         ELSE repeat('some words ', 40) || n || '.' END,
    CASE WHEN n % 19997 = 11 THEN '[]'::jsonb
         ELSE jsonb_build_object('text', (SELECT string_agg(md5((n + i)::text), ' ') FROM generate_series(1, 12) i), 'n', n) END,
    CASE WHEN n % 19997 = 12 THEN ''::bytea ELSE decode((SELECT string_agg(md5((n + i)::text), '') FROM generate_series(1, 20) i), 'hex') END
FROM generate_series(1, 60000) n;

-- Partitions, no key, equal rows.
CREATE TABLE visits (person bigint REFERENCES people, seen_on date NOT NULL, page text)
    PARTITION BY RANGE (seen_on);
CREATE TABLE visits_old PARTITION OF visits FOR VALUES FROM (MINVALUE) TO ('2025-01-01');
CREATE TABLE visits_new PARTITION OF visits FOR VALUES FROM ('2025-01-01') TO (MAXVALUE);
INSERT INTO visits
SELECT n % 60000 + 1, date '2024-10-01' + (n % 200)::int, CASE WHEN n % 25013 = 3 THEN NULL ELSE 'home' END
FROM generate_series(1, 100000) n;

-- Values out of line, which statistics hold for short.
CREATE TABLE letters (id int PRIMARY KEY, body text);
ALTER TABLE letters ALTER body SET STORAGE EXTERNAL;
INSERT INTO letters SELECT n, repeat(md5(n::text), 100) FROM generate_series(1, 3000) n;

-- References in a circle.
CREATE TABLE teams (id int PRIMARY KEY, head int, name text);
CREATE TABLE members (id int PRIMARY KEY, team int REFERENCES teams, kind text);
INSERT INTO teams SELECT n, n, 'team ' || n FROM generate_series(1, 2000) n;
INSERT INTO members SELECT n, n % 2000 + 1, CASE WHEN n = 1717 THEN 'guest' ELSE 'staff' END
FROM generate_series(1, 5000) n;
ALTER TABLE teams ADD FOREIGN KEY (head) REFERENCES members;
ALTER TABLE people SET (autovacuum_enabled = off);
ALTER TABLE visits_old SET (autovacuum_enabled = off);
ALTER TABLE visits_new SET (autovacuum_enabled = off);
