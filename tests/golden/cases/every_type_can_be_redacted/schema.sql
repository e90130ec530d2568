CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s "fine", \ really');
CREATE TYPE place AS (street text, number int, marks text[]);
CREATE TYPE house AS (at place, since date, moods mood[]);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE DOMAIN percent AS numeric(5, 2) CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN percents AS percent[];
CREATE DOMAIN home AS place;

CREATE TABLE numbers (
    id int PRIMARY KEY, i2 int2, i4 int4, i8 int8, n numeric, n2 numeric(12, 2), f4 float4, f8 float8,
    m money, o oid, b boolean, p percent);
INSERT INTO numbers VALUES
    (1, -32768, -2147483648, -9223372036854775808, 'NaN', -0.01, 'NaN', 'NaN', -92233720368547758.08, 0, true, 0),
    (2, 32767, 2147483647, 9223372036854775807, 'Infinity', 9999999999.99, 'Infinity', '-Infinity', 92233720368547758.07, 4294967295, false, 100),
    (3, 0, 0, 0, 0.0000, 0.00, '-0', '-0', 0, 1, NULL, 12.5),
    (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (5, 1, 1, 1, 123456789012345678901234567890.123456789012345678901234567890, 1.10, 1.17549435e-38, 5e-324, 1, 2, true, 1),
    (6, -1, -1, -1, -1e-300, 1, 3.4028235e38, 1.7976931348623157e308, 1, 3, false, 1),
    (7, 1, 1, 1, '-Infinity', 1, 0.1, 0.1, 1, 4, true, 99.99),
    (8, 1, 1, 1, 1e131000, 1, 1, 1, 1, 4, true, 99.99);

CREATE TABLE texts (
    id int PRIMARY KEY, t text, v varchar(20), c char(8), nm name, q "char", e mood, b bytea, x xml, bits bit(5), vb varbit);
INSERT INTO texts VALUES
    (1, '', '', '', '', '', 'sad', '', NULL, B'00000', B''),
    (2, E'tab\tline\nreturn\rback\\slash\\N', '\N', 'a', 'postgres', 'x', 'ok', '\x00ff0a0d5c09', '<a b="c">d</a>', B'10101', B'1'),
    (3, E'\u00e9 e\u0301 \U0001F469\u200D\U0001F692 \u0639\u0631\u0628\u064A \u4E2D\u6587', E'\u00df', 'exactly8', repeat('n', 63), '\', E'it''s "fine", \\ really', decode('5c78', 'hex'), '<!-- c -->', B'11111', B'111111111'),
    (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (5, E'\x01\x7f \.', '\.', '\.', '\.', 'y', 'ok', repeat('ab', 300)::bytea, 'plain', B'00001', B'0');

CREATE TABLE times (
    id int PRIMARY KEY, d date, t time, tz timetz, ts timestamp, ti timestamptz, i interval, t3 time(3), ts0 timestamp(0));
INSERT INTO times VALUES
    (1, '4713-01-01 BC', '00:00', '00:00+15:59', '4713-01-01 00:00 BC', '4713-01-02 00:00+00 BC', '-178000000 years', '00:00:00.001', '2000-01-01'),
    (2, '5874897-12-31', '24:00', '24:00-15:59', '294246-12-31 23:59:59', '294246-12-31 23:59:59+00', '178000000 years', '23:59:59.999', '1999-12-31 23:59:59'),
    (3, 'infinity', '12:34:56.789012', '12:34:56.789012+05:45', 'infinity', 'infinity', '1 mon -1 day +00:00:00.000001', '12:00', '0001-01-01 BC'),
    (4, '-infinity', '23:59:59.999999', '01:02:03+00:00:01', '-infinity', '-infinity', '-1 years -2 mons +3 days -04:05:06.7', '12:00', '1970-01-01'),
    (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (6, '0001-12-31 BC', '00:00', '00:00Z', '0001-12-31 23:59 BC', '1883-11-18 12:03:58+00', '0', '00:00', '1970-01-01');

CREATE TABLE networks (
    id int PRIMARY KEY, u uuid, i inet, c cidr, m macaddr, m8 macaddr8, l pg_lsn, s pg_snapshot, x xid, x8 xid8, t tid);
INSERT INTO networks VALUES
    (1, '00000000-0000-0000-0000-000000000000', '10.1.2.3/8', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', '0/0', '10:20:10,14,15', '1', '1', '(0,1)'),
    (2, 'ffffffff-ffff-ffff-ffff-ffffffffffff', '::ffff:1.2.3.4/128', '2001:db8::/32', NULL, NULL, 'FFFFFFFF/FFFFFFFF', '1:1:', '4294967295', '18446744073709551615', '(4294967295,65535)'),
    (3, NULL, 'fe80::1', '::/0', NULL, NULL, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE documents (
    id int PRIMARY KEY, j json, jb jsonb, p jsonpath, v tsvector, q tsquery);
INSERT INTO documents VALUES
    (1, '{"b": 1, "a": 1.00, "a": 12345678901234567890123456789}', '{"b": 1, "a": 1.00, "z": 12345678901234567890123456789, "e": "\u00e9\n\"", "n": [null, true, {}]}', '$.a[*] ? (@ > 1)', 'a:1A fat:2B,4C cat:5D ''it''''s''', 'fat & (rat | !cat:A*)'),
    (2, '  [ ] ', '"text"', NULL, '', ''),
    (3, 'null', 'null', NULL, NULL, NULL),
    (4, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE shapes (
    id int PRIMARY KEY, p point, l line, s lseg, b box, pa path, po polygon, c circle);
INSERT INTO shapes VALUES
    (1, '(1,2)', '{1,2,3}', '[(0,0),(1,1)]', '(2,2),(0,0)', '[(0,0),(1,1),(2,0)]', '((0,0),(1,1),(2,0))', '<(1,2),3>'),
    (2, '(NaN,-Infinity)', NULL, NULL, NULL, '((0,0),(1,1))', NULL, '<(0.1,0.2),0.3>');

CREATE TABLE compounds (
    id int PRIMARY KEY, ia int[], ta text[], ba bytea[], pl place, ho house, pls place[], ma mood[],
    ps percents, pd percent[], hm home, r int4range, nr numrange, tr tstzrange, sp span, mr int8multirange, ra daterange[], ja jsonb[], iv int2vector, ov oidvector);
INSERT INTO compounds VALUES
    (1, '{}', '{}', '{}', '("",,"{}")', '("(a,1,{x})",2001-02-03,{ok})', '{}', '{}', '{}', '{}', '(a,1,{})', 'empty', '[1.5,)', '(,)', '(0.1,0.2]', '{}', '{}', '{}', '', ''),
    (2, '{1,NULL,-3}', '{"NULL",NULL,"","a,b","q\"\\q","{}"}', '{"\\x00","\\x5c",NULL}', '("O''Neil ""x"", (y)",-1,"{NULL,""a,b""}")', '("(""a """"b"""""",,)",,"{sad,NULL}")', '{"(a,1,)",NULL,"(,,)"}', '{sad,NULL,"it''s \"fine\", \\ really"}', '{0,100,NULL}', '{1.5}', NULL, '[1,10)', '[-Infinity,Infinity]', '["2001-01-01 00:00+00",infinity)', '[-Infinity,NaN)', '{[1,3),[5,9)}', '{"[2001-01-01,2001-02-01)",empty,NULL}', '{"{\"a\": 1}",null,NULL}', '1 2 3', '4294967295 0'),
    (3, '[0:1][-2:0]={{1,2,3},{4,5,6}}', '{{a,b},{c,NULL}}', NULL, NULL, NULL, '{{"(a,1,)"},{"(b,2,)"}}', NULL, NULL, NULL, '(x,2,"{y}")', '[-2147483648,2147483647)', 'empty', NULL, NULL, '{(,)}', NULL, NULL, NULL, NULL);

CREATE TABLE no_send (id int PRIMARY KEY, c regclass, t regtype, r regrole, a aclitem, "as" aclitem[]);
INSERT INTO no_send VALUES
    (1, 'numbers', 'integer', 'postgres', 'postgres=r/postgres', '{postgres=arwdDxt/postgres,=r/postgres}'),
    (2, 'pg_class', 'mood', NULL, NULL, '{}');

CREATE TABLE wide (id int PRIMARY KEY);
DO $$ BEGIN
    FOR i IN 1..300 LOOP EXECUTE format('ALTER TABLE wide ADD COLUMN c%s int DEFAULT %s', i, i); END LOOP;
    EXECUTE 'ALTER TABLE wide DROP COLUMN c7, DROP COLUMN c299';
END $$;
INSERT INTO wide (id, c1) VALUES (1, NULL), (2, 2);
