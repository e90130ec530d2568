CREATE TABLE person (id int PRIMARY KEY, code varchar(20) NOT NULL) COLLATE utf8mb4_bin;
INSERT INTO person SELECT g, concat('1234', lpad(g * 37 % 10000, 4, '0')) FROM tests.series WHERE g BETWEEN 1 AND 200;
