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
