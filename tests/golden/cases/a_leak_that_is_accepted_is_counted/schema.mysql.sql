CREATE TABLE person (id int PRIMARY KEY, mail varchar(100) NOT NULL, board text) COLLATE utf8mb4_bin;
INSERT INTO person SELECT g, concat('person', g, '@shop.test'), CASE WHEN g < 4 THEN concat('person', g, '@shop.test') END
    FROM tests.series WHERE g BETWEEN 1 AND 20;
