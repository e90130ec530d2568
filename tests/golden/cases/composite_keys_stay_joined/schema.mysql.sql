CREATE TABLE region (code char(2), year int, name text NOT NULL, PRIMARY KEY (code, year)) COLLATE utf8mb4_bin;
CREATE TABLE store (region_year int, region_code char(2), number smallint, opened date,
    PRIMARY KEY (number, region_code, region_year),
    FOREIGN KEY (region_code, region_year) REFERENCES region (code, year)) COLLATE utf8mb4_bin;
CREATE TABLE shelf (id bigint PRIMARY KEY, store_number smallint, region_code char(2), region_year int,
    FOREIGN KEY (store_number, region_code, region_year) REFERENCES store (number, region_code, region_year)) COLLATE utf8mb4_bin;
CREATE TABLE swap_columns (a int, b int, UNIQUE (b, a), c int PRIMARY KEY, d int, e int, FOREIGN KEY (d, e) REFERENCES swap_columns (b, a));
INSERT INTO region SELECT concat(char(65 + g % 26 USING utf8mb4), char(65 + g DIV 26 USING utf8mb4)), 2000 + g, concat('region ', g) FROM tests.series WHERE g BETWEEN 0 AND 39;
INSERT INTO store SELECT 2000 + g % 40, concat(char(65 + g % 40 % 26 USING utf8mb4), char(65 + g % 40 DIV 26 USING utf8mb4)), 1 + g DIV 40, date '2001-01-01' + INTERVAL g DAY FROM tests.series WHERE g BETWEEN 0 AND 199;
INSERT INTO shelf SELECT row_number() OVER (ORDER BY region_code, number), number, region_code, region_year FROM store;
INSERT INTO shelf VALUES (10001, NULL, 'ZZ', 1), (10002, 7, NULL, NULL), (10003, NULL, NULL, NULL);
INSERT INTO swap_columns VALUES (1, 2, 1, NULL, NULL), (2, 1, 2, 2, 1), (3, 9, 3, 1, 2), (9, 3, 4, 9, 3);
