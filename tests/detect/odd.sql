-- Types and CHECKs that rules have little to say of, all NOT NULL: what init writes must run, and
-- table strange, which no rule fits, must come empty with what needs it.
CREATE DOMAIN plate AS text CHECK (VALUE ~ '^[A-Z]{2}-[0-9]+$');
CREATE DOMAIN mail AS varchar(80) CHECK (VALUE LIKE '%@%');
CREATE TABLE people (id bigserial PRIMARY KEY, full_name text NOT NULL, email mail NOT NULL, country text NOT NULL, gender text, CHECK (gender IN ('m','f','x')));
INSERT INTO people (full_name, email, country, gender) SELECT 'Ann Miller' || g, 'ann' || g || '@shop.test', (ARRAY['DE','FR','IT'])[1 + g % 3], (ARRAY['m','f','x'])[1+g%3] FROM generate_series(1, 400) g;
CREATE TABLE odd (id bigserial PRIMARY KEY, person_id bigint NOT NULL REFERENCES people,
  span interval NOT NULL, cash money NOT NULL, flag bit(5) NOT NULL, vb bit varying(9) NOT NULL, tz timetz NOT NULL,
  during tstzrange NOT NULL, days daterange NOT NULL, band int4range NOT NULL, wide int8range, nums numrange NOT NULL, loc tsrange, multi tstzmultirange NOT NULL,
  p point NOT NULL, b box NOT NULL, ls lseg NOT NULL, c circle NOT NULL, pa path NOT NULL, po polygon NOT NULL, ln line, lsn pg_lsn NOT NULL, jp jsonpath NOT NULL, x xml NOT NULL,
  spans interval[] NOT NULL, nm name NOT NULL,
  plate plate NOT NULL, slug text NOT NULL CHECK (slug = lower(slug)), note text NOT NULL CHECK (length(note) BETWEEN 3 AND 200),
  tz2 timetz, vec tsvector NOT NULL);
INSERT INTO odd (person_id, span, cash, flag, vb, tz, during, days, band, wide, nums, loc, multi, p, b, ls, c, pa, po, ln, lsn, jp, x, spans, nm, plate, slug, note, tz2,  vec)
 SELECT 1 + g % 400, g * interval '1 hour', g::money, b'10101', b'101', '10:11+02', tstzrange(now() - g * interval '1 day', now() - g * interval '1 hour'), daterange(current_date - g - 40, current_date - g), int4range(g, g + 5), int8range(g, g+1), numrange(g, g+1.5), tsrange(localtimestamp - g * interval '1 day', localtimestamp), tstzmultirange(tstzrange(now() - g * interval '1 day', now())),
 point(g,g), box(point(0,0),point(g,g)), lseg(point(0,0),point(g,g)), circle(point(g,g),2), path '((1,2),(3,4))', polygon '((1,2),(3,4))', line '{1,2,3}', '0/1', '$.a', '<a>x</a>', ARRAY[g * interval '1 hour'], 'nm' || g, 'AB-' || g, 'slug-' || g, 'some note here ' || g, '10:00+01', to_tsvector('simple', 'ann miller ' || g) FROM generate_series(1, 300) g;
CREATE TABLE strange (id bigint PRIMARY KEY, sku text NOT NULL CHECK (sku ~ '^SKU-[0-9]+$'), row_of regclass NOT NULL);
CREATE TABLE needs (id bigint PRIMARY KEY, strange_id bigint NOT NULL REFERENCES strange);
CREATE TABLE may_have (id bigint PRIMARY KEY, strange_id bigint REFERENCES strange);
INSERT INTO strange SELECT g, 'SKU-' || g, 'people' FROM generate_series(1, 50) g;
INSERT INTO needs SELECT g, g FROM generate_series(1, 50) g;
INSERT INTO may_have SELECT g, g FROM generate_series(1, 50) g;
