CREATE TABLE person (id int PRIMARY KEY, joined_at datetime NOT NULL, born_on date, kind varchar(10) NOT NULL, email varchar(100)) COLLATE utf8mb4_bin;
CREATE TABLE visit (id int PRIMARY KEY, person_id int NOT NULL, `at` datetime NOT NULL, paid decimal(10, 2) NOT NULL, litres decimal(6, 2) NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id));
CREATE TABLE price (day date PRIMARY KEY, price decimal(8, 3));
INSERT INTO person SELECT g, timestamp '2022-01-01 00:00:00' + INTERVAL g * 7919 % 500 HOUR, date '1960-01-01' + INTERVAL g % 7 * 366 DAY, concat('k', g % 3), concat('p', g, '@mail.test') FROM tests.series WHERE g BETWEEN 1 AND 130;
INSERT INTO visit SELECT g, 1 + (g * 7907 % 4001) % 128, timestamp '2023-01-01 00:00:00' + INTERVAL (g * 104729 % 1000003) * 50 SECOND, 10 + g * 7 % 5000 / 100.0, 1 + g * 13 % 900 / 100.0 FROM tests.series WHERE g BETWEEN 1 AND 4000;
SET sql_mode = '';
INSERT INTO visit SELECT 4000 + g, 1 + g % 130, CASE g % 3 WHEN 0 THEN '9999-12-31 00:00:00' WHEN 1 THEN '0000-00-00 00:00:00' ELSE timestamp '2024-06-01 00:00:00' + INTERVAL g MINUTE END, 1, 1 FROM tests.series WHERE g BETWEEN 1 AND 390;
INSERT INTO price SELECT date '2023-01-01' + INTERVAL g DAY, 1 + g % 17 / 100.0 FROM tests.series WHERE g BETWEEN 0 AND 600;
