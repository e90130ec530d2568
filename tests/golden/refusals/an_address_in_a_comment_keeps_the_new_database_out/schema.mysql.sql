CREATE TABLE person (id int PRIMARY KEY, mail varchar(100) NOT NULL COMMENT 'bounces go to person7@shop.test') COLLATE utf8mb4_bin;
INSERT INTO person SELECT g, concat('person', g, '@shop.test') FROM tests.series WHERE g BETWEEN 1 AND 60;
