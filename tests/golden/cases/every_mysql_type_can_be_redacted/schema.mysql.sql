SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
CREATE TABLE numbers (
    id int PRIMARY KEY, i1 tinyint, i2 smallint, i3 mediumint, i4 int, i8 bigint, u1 tinyint unsigned, u2 smallint unsigned, u3 mediumint unsigned, u4 int unsigned, u8 bigint unsigned,
    z int(6) zerofill, b boolean, n decimal(65, 30), n2 decimal(12, 2) unsigned, n0 decimal(20), f4 float, f8 double, b1 bit(1), b9 bit(9), b64 bit(64), y year);
INSERT INTO numbers VALUES
    (1, -128, -32768, -8388608, -2147483648, -9223372036854775808, 0, 0, 0, 0, 0, 0, 0, -99999999999999999999999999999999999.999999999999999999999999999999, 0, -99999999999999999999, -3.402823466e38, -1.7976931348623157e308, b'0', b'0', b'0', 0),
    (2, 127, 32767, 8388607, 2147483647, 9223372036854775807, 255, 65535, 16777215, 4294967295, 18446744073709551615, 999999, 1, 99999999999999999999999999999999999.999999999999999999999999999999, 9999999999.99, 99999999999999999999, 3.402823466e38, 1.7976931348623157e308, b'1', b'111111111', 0xFFFFFFFFFFFFFFFF, 2155),
    (3, 0, 0, 0, 0, 0, 128, 32768, 8388608, 2147483648, 9223372036854775808, 7, 7, 0.000000000000000000000000000001, 0.01, 0, 1.17549435e-38, 2.2250738585072014e-308, NULL, b'000001010', 0x5C0A09002C27225C, 1901),
    (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.1, 1.10, 1, 0.1, 0.1, b'1', b'1', b'1', 2024),
    (6, -1, -1, -1, -1, -1, 1, 1, 1, 1, 9007199254740993, 1, -7, -0.5, 1, -1, 16777217, 123456789.123456789, b'1', b'1', b'1', 1999),
    (7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.401298464e-45, 5e-324, b'1', b'1', b'1', 1970);

CREATE TABLE texts (
    id int PRIMARY KEY, c char(8), v varchar(20), t1 tinytext, t text, t3 mediumtext, t4 longtext, b binary(4), vb varbinary(20), b1 tinyblob, bb blob, b3 mediumblob, b4 longblob,
    e enum('sad', 'ok', 'it''s "fine", \\ really', 'é'), s set('a', 'b', 'c''d', 'ü'), ci varchar(40) COLLATE utf8mb4_general_ci, cs varchar(40) COLLATE utf8mb4_bin);
INSERT INTO texts VALUES
    (1, '', '', '', '', '', '', '', '', '', '', '', '', 'sad', '', '', ''),
    (2, 'a', 'tab\tline\nret\rback\\', '\\N', '\\.', 'nul\0inside', '\Z\b', x'005C0A09', x'00FF0A0D5C09270D22', x'5C4E', x'00', x'FFFE', repeat(x'AB', 70000), 'ok', 'a,b', 'Straße ', 'a  '),
    (3, 'exactly8', 'é é', repeat('n', 255), '👩‍🚒 عربي 中文', 'ß', repeat('äö', 40000), x'20202020', '', x'C3', x'C328', '', '', 'it''s "fine", \\ really', 'c''d,ü', 'ÉCLAIR', 'ÉCLAIR'),
    (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (5, ' lead', ' x ', '''', '"', '`', ',', '0000', '0', '1', '2', '3', '4', 'é', 'a,b,c''d,ü', '#', '-- ');
INSERT INTO texts (id, e) VALUES (6, 0);
UPDATE IGNORE texts SET e = 'none of these' WHERE id = 6;

CREATE TABLE times (
    id int PRIMARY KEY, d date, dt datetime, dt3 datetime(3), dt6 datetime(6), ts timestamp NULL, ts6 timestamp(6) NULL, t time, t6 time(6), y year);
INSERT INTO times VALUES
    (1, '1000-01-01', '1000-01-01 00:00:00', '1000-01-01 00:00:00.001', '1000-01-01 00:00:00.000001', '1970-01-01 00:00:01', '1970-01-01 00:00:01.000001', '-838:59:59', '-838:59:59.000000', 1901),
    (2, '9999-12-31', '9999-12-31 23:59:59', '9999-12-31 23:59:59.999', '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07', '2038-01-19 03:14:07.999999', '838:59:59', '838:59:59.000000', 2155),
    (3, '2024-02-29', '2024-02-29 12:34:56', '2024-02-29 12:34:56.7', '2024-02-29 12:34:56.789012', '2024-03-31 02:30:00', '2024-10-27 02:30:00.5', '00:00:00', '-00:00:00.000001', 2024),
    (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (5, '0001-01-01', '0001-01-01 00:00:00', '0999-12-31 23:59:59.999', '1582-10-10 00:00:00', '2000-01-01', '2000-01-01', '24:00:00', '23:59:59.999999', 1970);

CREATE TABLE documents (id int PRIMARY KEY, j json, g geometry, p point, l linestring, m multipolygon);
INSERT INTO documents VALUES
    (1, '{"a": 1, "b": [true, null, 1.5, "x\\ny\\"z"], "é": {"n": 12345678901234567}}', st_geomfromtext('POLYGON((0 0,0 5,5 5,5 0,0 0))'), point(1.5, -2.25), st_geomfromtext('LINESTRING(0 0,1 1,2 0)'), st_geomfromtext('MULTIPOLYGON(((0 0,0 3,3 3,3 0,0 0),(1 1,1 2,2 2,2 1,1 1)))')),
    (2, '[]', st_geomfromtext('GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,9 9))'), st_geomfromtext('POINT(10 20)', 3857), NULL, NULL),
    (3, '"text"', NULL, NULL, NULL, NULL),
    (4, NULL, NULL, NULL, NULL, NULL),
    (5, 'null', NULL, NULL, NULL, NULL);

CREATE TABLE keyed_by_bytes (id binary(16) PRIMARY KEY, body varchar(20));
INSERT INTO keyed_by_bytes VALUES (x'000102030405060708090A0B0C0D0E0F', 'one'), (x'5C5C0A0A09090000272722225C4E2E2C', 'two'), (x'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF', 'three');


