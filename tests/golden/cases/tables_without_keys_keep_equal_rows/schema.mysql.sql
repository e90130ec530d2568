CREATE TABLE reading (sensor int, `at` timestamp(6) NULL, value double);
INSERT INTO reading SELECT g % 5, timestamp '2020-01-01 00:00:00' + INTERVAL g % 50 HOUR, g % 3 FROM tests.series WHERE g BETWEEN 1 AND 600;
CREATE TABLE twin (word text) COLLATE utf8mb4_bin;
INSERT INTO twin SELECT 'the same' FROM tests.series WHERE g BETWEEN 1 AND 50;
INSERT INTO twin VALUES (NULL), (NULL), ('');
CREATE TABLE loose (stream int NOT NULL, number int NOT NULL, body text) COLLATE utf8mb4_bin;
INSERT INTO loose SELECT g % 4, g, concat('b', g) FROM tests.series WHERE g BETWEEN 1 AND 400;
CREATE TABLE partly (id int, other int, UNIQUE KEY (other));
INSERT INTO partly SELECT g - 101, g - 101 FROM tests.series WHERE g BETWEEN 1 AND 201;
