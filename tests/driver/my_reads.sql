-- What MySQL's own cases of reads look at: keys of every kind, and none; character sets; equal rows.
-- The runner has made the database and connected to it.
SET NAMES utf8mb4;
SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES';
CREATE TABLE tens (d int PRIMARY KEY);
INSERT INTO tens VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE key_signed (id bigint PRIMARY KEY);
INSERT INTO key_signed VALUES (-9223372036854775808), (-1), (0), (1), (9223372036854775807);
CREATE TABLE key_unsigned (id bigint unsigned PRIMARY KEY);
INSERT INTO key_unsigned VALUES (0), (1), (9223372036854775808), (18446744073709551615);
CREATE TABLE key_three (a smallint NOT NULL, b int unsigned NOT NULL, c tinyint NOT NULL, PRIMARY KEY (a, b, c));
INSERT INTO key_three VALUES (-32768, 0, -128), (-1, 4294967295, 127), (-1, 7, 1), (-1, 7, 2),
    (0, 0, 0), (5, 1, -1), (5, 1, 1), (32767, 4294967295, 127);
CREATE TABLE key_bits (id bit(10) PRIMARY KEY, y year NOT NULL);
INSERT INTO key_bits VALUES (b'0', 1901), (b'1', 0), (b'1111111111', 2155);
CREATE TABLE key_text (code varchar(30) CHARACTER SET latin1 PRIMARY KEY, n int);
INSERT INTO key_text VALUES ('a', 1), ('B', 2), ('é', 3), ('?', 4), ('it''s \\', 5), ('', 6);
CREATE TABLE key_bytes (id binary(16) PRIMARY KEY, n int);
INSERT INTO key_bytes SELECT unhex(left(sha2(d, 256), 32)), d FROM tens;
INSERT INTO key_bytes VALUES (repeat('\0', 16), 10), (repeat('''', 16), 11);
CREATE TABLE key_mixed (day date NOT NULL, kind enum('x', 'é', 'it''s') NOT NULL, at time(3) NOT NULL,
    price decimal(10, 2) NOT NULL, n int, UNIQUE KEY (day, kind, at, price));
INSERT INTO key_mixed VALUES ('0000-00-00', 'x', '-10:00:00.5', 1.5, 1), ('2021-02-31', 'é', '100:00:00', -0.01, 2),
    ('2024-02-29', 'it''s', '00:00:00', 99999999.99, 3);
CREATE TABLE key_real (id double PRIMARY KEY, n int);
INSERT INTO key_real VALUES (0.1, 1), (1e300, 2);
CREATE TABLE key_prefix (name varchar(200) NOT NULL, UNIQUE KEY (name(3)));
INSERT INTO key_prefix VALUES ('abcdef'), ('bcdefg');
CREATE TABLE words (word varchar(40) CHARACTER SET utf8mb4 PRIMARY KEY, n int);
INSERT INTO words SELECT concat('wörd ', a.d, b.d, c.d, d.d, e.d), a.d * 10000 + b.d * 1000 + c.d * 100 + d.d * 10 + e.d
    FROM tens a, tens b, tens c, tens d, tens e WHERE a.d < 7;
CREATE TABLE long_keys (id varchar(700) CHARACTER SET utf8mb4 PRIMARY KEY);
INSERT INTO long_keys SELECT concat(repeat('x', 690), a.d, b.d, c.d, d.d) FROM tens a, tens b, tens c, tens d WHERE a.d < 8;
CREATE TABLE keyless_rows (a int, b varchar(10));
INSERT INTO keyless_rows VALUES (1, 'x'), (1, 'x'), (1, 'x'), (1, NULL), (1, ''), (NULL, NULL), (NULL, NULL), (2, 'x');
CREATE TABLE odd_texts (id int PRIMARY KEY, greek varchar(9) CHARACTER SET greek, baltic text CHARACTER SET cp1257,
    hebrew varchar(9) CHARACTER SET hebrew, gbk varchar(9) CHARACTER SET gbk, japan longtext CHARACTER SET cp932,
    thai varchar(9) CHARACTER SET tis620, sjis varchar(9) CHARACTER SET sjis, wide varchar(9) CHARACTER SET ucs2,
    ascii varchar(9) CHARACTER SET ascii, latin varchar(9) CHARACTER SET latin1);
INSERT INTO odd_texts VALUES (1, X'41AE42', X'A1', X'BF', X'A2E3', X'FA54', X'DB', X'8740', X'D800', 'a', X'81'),
    (2, _greek X'E1E2', _cp1257 X'E0', _hebrew X'E0', _gbk X'D6D0CEC45C', _cp932 X'81CA', _tis620 X'A1', _sjis X'5C', _ucs2 X'03A9', '', 'é'),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (4, '', '', '', '', '', '', '', '', '', ''),
    (5, X'09AE0A5C0027FF3A', 'x', 'x', X'A2E35C', 'x', X'DB', 'x', 'x', 'x', 'x');
CREATE TABLE odd_arrived LIKE odd_texts;
CREATE TABLE odd_keys (code varchar(9) CHARACTER SET greek COLLATE greek_bin PRIMARY KEY, n int);
INSERT INTO odd_keys VALUES (X'41AE42', 1), (X'413F42', 2), (_greek X'E1', 3), (X'41D242', 4), ('', 5);
CREATE TABLE children (id int PRIMARY KEY, code varchar(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, KEY (code));
INSERT INTO children VALUES (1, 'A'), (2, 'a'), (3, 'E'), (4, '你'), (5, 'b');
CREATE TABLE values_of_types (id int PRIMARY KEY, t1 tinyint, i8u bigint unsigned, filled int(6) unsigned zerofill,
    y year, bits bit(20), n decimal(20, 5), f4 float, f8 double, c char(5), v varchar(50) CHARACTER SET utf8mb4,
    latin varchar(20) CHARACTER SET latin1, ucs varchar(20) CHARACTER SET utf16, three varchar(20) CHARACTER SET utf8mb3,
    by1 binary(16), vb varbinary(30), bl blob, d date, ti time, dt6 datetime(6), ts timestamp NULL,
    e enum('sad', 'happy', 'naïve'), s set('a', 'b', 'ç')) DEFAULT CHARACTER SET latin1;
INSERT INTO values_of_types VALUES (1, -7, 18446744073709551615, 42, 1999, b'10101010101010101010', -12345.67891, 0.1, 1e-300,
    'é ', 'ö\0''"\\', 'naïve', '你好', 'žluť', unhex('000102030405060708090a0b0c0d0e0f'), unhex('00ff27'), unhex('5c00'),
    '2021-02-31', '-838:59:59', '2024-02-29 12:34:56.789012', '2001-09-09 01:46:40', 'naïve', 'a,ç');
INSERT INTO values_of_types (id) VALUES (2);
CREATE TABLE slow_rows (id int PRIMARY KEY, pad char(200));
INSERT INTO slow_rows SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d, 'x'
    FROM tens a, tens b, tens c, tens d, tens e;
CREATE TABLE parted (id int, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (year(at)) (
    PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE);
INSERT INTO parted SELECT d, IF(d < 4, '2019-01-01', '2021-01-01') FROM tens;
ANALYZE TABLE words, slow_rows, key_signed;
GRANT SELECT ON * TO reader;
