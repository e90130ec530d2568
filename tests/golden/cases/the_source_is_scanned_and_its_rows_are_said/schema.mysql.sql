CREATE TABLE person (id int PRIMARY KEY, mail varchar(100) NOT NULL) COLLATE utf8mb4_bin;
CREATE TABLE note (id int PRIMARY KEY, body text NOT NULL) COLLATE utf8mb4_bin;
INSERT INTO person SELECT g, concat('person', g, '@shop.test') FROM tests.series WHERE g BETWEEN 1 AND 60;
INSERT INTO note VALUES (1, 'ask person61@shop.test'), (2, 'all is well');
