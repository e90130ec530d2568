CREATE TABLE person (id int PRIMARY KEY, email varchar(100) NOT NULL, name varchar(100) NOT NULL, updated_at timestamp(6) NULL) COLLATE utf8mb4_bin;
CREATE TABLE message (id int PRIMARY KEY, sender int NOT NULL, body text, updated_at timestamp(6) NULL) COLLATE utf8mb4_bin;
INSERT INTO person SELECT g, concat('p', g, '@real.test'), concat('Ann ', g), '2024-01-01 00:00:00' FROM tests.series WHERE g BETWEEN 1 AND 10;
INSERT INTO message SELECT g, 1 + g % 10, concat('hello ', g), '2024-02-01 00:00:00' FROM tests.series WHERE g BETWEEN 1 AND 20;
