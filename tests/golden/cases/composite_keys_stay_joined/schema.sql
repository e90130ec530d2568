CREATE TABLE region (code char(2), year int, name text NOT NULL, PRIMARY KEY (code, year));
CREATE TABLE store (region_year int, region_code char(2), number smallint, opened date,
    PRIMARY KEY (number, region_code, region_year),
    FOREIGN KEY (region_code, region_year) REFERENCES region (code, year));
CREATE TABLE shelf (id bigint PRIMARY KEY, store_number smallint, region_code char(2), region_year int,
    FOREIGN KEY (store_number, region_code, region_year) REFERENCES store (number, region_code, region_year));
CREATE TABLE swap_columns (a int, b int, UNIQUE (b, a), c int PRIMARY KEY, d int, e int, FOREIGN KEY (d, e) REFERENCES swap_columns (b, a));
INSERT INTO region SELECT chr(65 + g % 26) || chr(65 + g / 26), 2000 + g, 'region ' || g FROM generate_series(0, 39) g;
INSERT INTO store SELECT 2000 + g % 40, chr(65 + g % 40 % 26) || chr(65 + g % 40 / 26), 1 + g / 40, date '2001-01-01' + g FROM generate_series(0, 199) g;
INSERT INTO shelf SELECT g, number, region_code, region_year FROM (SELECT row_number() OVER (ORDER BY region_code, number) AS g, store.* FROM store) s;
INSERT INTO shelf VALUES (10001, NULL, 'ZZ', 1), (10002, 7, NULL, NULL), (10003, NULL, NULL, NULL);
INSERT INTO swap_columns VALUES (1, 2, 1, NULL, NULL), (2, 1, 2, 2, 1), (3, 9, 3, 1, 2), (9, 3, 4, 9, 3);
