CREATE TABLE customer (id int PRIMARY KEY, legacy_no varchar(20) UNIQUE) COLLATE utf8mb4_bin;
CREATE TABLE invoice (id int PRIMARY KEY, customer_no varchar(20)) COLLATE utf8mb4_bin;
CREATE TABLE bill (region char(2), number int, PRIMARY KEY (region, number)) COLLATE utf8mb4_bin;
CREATE TABLE bill_line (id int PRIMARY KEY, bill_region char(2), bill_number int) COLLATE utf8mb4_bin;
INSERT INTO customer SELECT g, concat('K-', lpad(g, 5, '0')) FROM tests.series WHERE g BETWEEN 1 AND 500;
INSERT INTO invoice SELECT g, concat('K-', lpad(1 + g % 500, 5, '0')) FROM tests.series WHERE g BETWEEN 1 AND 1500;
INSERT INTO invoice VALUES (9001, 'K-99999'), (9002, NULL);
INSERT INTO bill SELECT elt(1 + g % 2, 'DE', 'FR'), g FROM tests.series WHERE g BETWEEN 1 AND 400;
INSERT INTO bill_line SELECT g, elt(1 + g % 2, 'DE', 'FR'), 1 + (g - 1) % 400 FROM tests.series WHERE g BETWEEN 1 AND 1200;
