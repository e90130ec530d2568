CREATE EXTENSION hstore;
CREATE TYPE phones AS (home text, mobiles text[]);
CREATE TYPE place AS (street varchar(12), number int, "Zip code" char(5), seen timestamp(0), paid numeric(8, 2));
CREATE TYPE contact AS (mail text, at place, numbers phones, stays daterange, flags boolean[]);
CREATE TYPE width AS RANGE (subtype = float8);
CREATE TYPE words AS RANGE (subtype = text);
CREATE DOMAIN visits AS tstzrange;

CREATE TABLE people (
    id int PRIMARY KEY, c contact, cs contact[], h hstore, hs hstore[], address inet, network cidr,
    mac macaddr, mac8 macaddr8, note text);
INSERT INTO people VALUES
    (1, ROW('ann@shop.test', ROW('High Street', 12, '12345', '2024-03-01 10:00:00', 123.45)::place,
        ROW('+1 212 555 0100', ARRAY['+1 212 555 0101', NULL])::phones, '[2024-01-05,2024-02-01)', '{t,f,NULL}')::contact,
     ARRAY[ROW('bob, "the" (\) best@shop.test', NULL, NULL, 'empty', '{}')::contact, NULL],
     'email=>ann@shop.test, phone=>"+1 212 555 0102", city=>Berlin, "ann@shop.test"=>"x", "12 34"=>NULL, empty=>""',
     ARRAY['a=>1'::hstore, NULL, ''], '10.20.30.40/8', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', 'plain'),
    (2, ROW(NULL, NULL, NULL, NULL, NULL)::contact, '{}', '', '{}', '2001:db8::1', '2001:db8::/32', NULL, '08:00:2b:ff:fe:01:02:03', NULL),
    (3, NULL, NULL, NULL, NULL, '::ffff:1.2.3.4', '0.0.0.0/0', NULL, NULL, NULL),
    (4, ROW('eve@shop.test', ROW('', 0, '', 'infinity', NULL)::place, ROW('', '{}')::phones, '(,2024-02-01)', NULL)::contact,
     ARRAY[ARRAY[ROW('a@shop.test', NULL, NULL, NULL, NULL)::contact], ARRAY[ROW('b@shop.test', NULL, NULL, NULL, NULL)::contact]],
     hstore(ARRAY['1', '2', '3', 'q"\', E'tab\t'], ARRAY['NULL', 'b"c\', NULL, ' ', 'ünï']), NULL, '192.0.2.1', '192.0.2.0/24', NULL, NULL, 'x');
INSERT INTO people SELECT i, NULL, NULL, hstore(i::text, i::text), NULL,
    ('2001:db8:' || to_hex(i * 7919 % 65536) || '::' || to_hex(i * 104729 % 65536) || ':' || to_hex(i % 3))::inet, NULL, NULL, NULL, NULL
  FROM generate_series(100, 400) i;

CREATE TABLE stays (
    id int PRIMARY KEY, person int NOT NULL REFERENCES people, at visits, days daterange, days_all datemultirange,
    times tsmultirange, nums numrange, ints int4range, bigs int8multirange, ws width, list int4range[], keys int4range[]);
INSERT INTO stays VALUES
    (1, 1, '[2024-03-01 10:00+00,2024-03-09 11:30+00)', '[2024-03-01,2024-03-09)', '{[2024-03-01,2024-03-02),[2024-04-01,2024-05-02),[2024-06-01,)}',
     '{(2024-01-01 00:00,2024-01-02 00:00],[2024-02-01 00:00,2024-02-01 00:00]}', '[1.50,99.999]', '[5,6)', '{[1,3),[5,9),[11,12),[100,200),[1000,)}',
     '(0.5,1.5]', '{"[1,2)",NULL,empty,"(,5)"}', '{"[3,9)"}'),
    (2, 2, 'empty', 'empty', '{}', '{}', 'empty', 'empty', '{}', 'empty', '{}', NULL),
    (3, 1, '(,)', '(,)', '{(,)}', NULL, '(,)', '(,)', '{(,)}', '[-Infinity,NaN)', '{{"[1,2)"},{"[7,)"}}', '{}'),
    (4, 4, '[2024-03-01 10:00+00,infinity]', '[-infinity,infinity]', NULL, NULL, '[-Infinity,NaN]', '[-2147483640,2147483647)', NULL, NULL, NULL, NULL),
    (5, 4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO stays SELECT i, 1 + i % 2, tstzrange(t, t + '1 day', '[]'), daterange(t::date, t::date + i % 9),
    datemultirange(daterange(t::date, t::date + 3), daterange(t::date + 5, t::date + 9), daterange(t::date + 10, t::date + 40)),
    tsmultirange(tsrange(t::timestamp, t::timestamp + '1 s', '[]'), tsrange(t::timestamp + '1 min', t::timestamp + '1 h')), numrange(i, i * 1.5 + 0.01), int4range(i * 3, i * 3 + 20),
    int8multirange(int8range(i, i + 2), int8range(i + 10, i + 30), int8range(i + 50, i + 51)), width(i / 7.0, i / 3.0), ARRAY[int4range(i, i + 5)], NULL
  FROM (SELECT i, '2023-01-01 00:00+00'::timestamptz + i * '7919 s'::interval AS t FROM generate_series(100, 400) i) x;

CREATE TABLE others (
    id int PRIMARY KEY, v tsvector NOT NULL, q tsquery NOT NULL, vb varbit NOT NULL, x xml NOT NULL, w words NOT NULL, w2 words,
    b box[] NOT NULL, iv int2vector NOT NULL, m money, b5 bit(5), i interval, tz timetz, p point, l pg_lsn);
INSERT INTO others VALUES
    (1, 'a:1 fat:2', 'fat & rat', B'101', '<a b="c">Ann</a>', '[a,b)', '[a,b)', '{(1,1),(0,0);(2,2),(1,1)}', '1 2 3', 12.5, B'10101', '1 day', '10:00+02', '(1,2)', '0/1'),
    (2, '', '', B'', '', 'empty', NULL, '{}', '', NULL, NULL, NULL, NULL, NULL, NULL);
