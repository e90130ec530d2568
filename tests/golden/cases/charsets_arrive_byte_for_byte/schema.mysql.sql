CREATE TABLE texts (
    id int PRIMARY KEY, l varchar(255) CHARACTER SET latin1, u3 varchar(40) CHARACTER SET utf8mb3, u4 varchar(40) CHARACTER SET utf8mb4, a varchar(40) CHARACTER SET ascii,
    u2 varchar(40) CHARACTER SET ucs2, u16 varchar(40) CHARACTER SET utf16, u32 varchar(40) CHARACTER SET utf32, sj varchar(40) CHARACTER SET sjis, g text CHARACTER SET gbk, b5 varchar(40) CHARACTER SET big5, k8 varchar(40) CHARACTER SET koi8r, cp char(20) CHARACTER SET cp1251, bin varchar(40) CHARACTER SET binary)
    CHARACTER SET latin1;
INSERT INTO texts (id, l) SELECT g, convert(unhex(hex(g)) USING latin1) FROM tests.series WHERE g BETWEEN 1 AND 255;
UPDATE texts SET l = convert(unhex(hex(id)) USING latin1);
INSERT INTO texts VALUES
    (1000, 'Grüße €', 'žluťoučký', '🚲 中文', 'plain \\ \' "', 'Ω', '🚲', '🚲', 'ソ表テスト', '中文\\', '功許蓋', 'Привет', 'Привет', x'00FF80'),
    (1001, '', '', '', '', '', '', '', '', '', '', '', '', ''),
    (1002, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE keyed (code varchar(20) CHARACTER SET latin1 COLLATE latin1_general_cs PRIMARY KEY, refers varchar(20) CHARACTER SET latin1 COLLATE latin1_general_cs, FOREIGN KEY (refers) REFERENCES keyed (code)) CHARACTER SET latin1;
INSERT INTO keyed VALUES ('Köln', NULL), ('Zürich', 'Köln'), ('züRICH', 'Zürich');
CREATE TABLE odd (
    id int PRIMARY KEY, gr varchar(40) CHARACTER SET greek, ba varchar(40) CHARACTER SET cp1257, he varchar(40) CHARACTER SET hebrew, gb varchar(40) CHARACTER SET gbk, ja text CHARACTER SET cp932, th varchar(40) CHARACTER SET tis620, sj varchar(40) CHARACTER SET sjis, ce char(9) CHARACTER SET cp1250, gone varchar(9) CHARACTER SET greek)
    CHARACTER SET greek;
INSERT INTO odd VALUES
    (1, X'41AE42', X'A1', X'BF', X'A2E3', X'FA54', X'DB', X'8740', X'81', X'41AE42'),
    (2, X'413F42', X'3F', X'3F', X'3F', X'81CA', X'FF', X'3F', X'3F', 'x'),
    (3, X'09AE0A5C0027', X'E0', X'E0', X'D6D05C', X'5C', X'A1', X'5C', X'E1', X'D2');
CREATE TABLE odd_keyed (code varchar(20) CHARACTER SET greek COLLATE greek_bin PRIMARY KEY, refers varchar(20) CHARACTER SET greek COLLATE greek_bin, FOREIGN KEY (refers) REFERENCES odd_keyed (code)) CHARACTER SET greek;
INSERT INTO odd_keyed VALUES (X'41AE42', NULL), (X'413F42', NULL), (X'41D242', X'41AE42'), (X'E1', X'413F42');
CREATE TABLE odd_named (code varchar(20) CHARACTER SET greek PRIMARY KEY, refers varchar(20) CHARACTER SET greek, FOREIGN KEY (refers) REFERENCES odd_named (code)) CHARACTER SET greek;
INSERT INTO odd_named VALUES (X'41AE42', NULL), (X'41D242', X'41AE42'), (X'E1', X'E1');
