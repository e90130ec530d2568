CREATE TABLE person (id int PRIMARY KEY, joined_at timestamp(6) NOT NULL);
CREATE TABLE visit (id int PRIMARY KEY, person_id int NOT NULL, `at` timestamp(6) NOT NULL, FOREIGN KEY (person_id) REFERENCES person (id));
INSERT INTO person SELECT g, timestamp '2022-01-01 00:00:00' + INTERVAL g * 7919 % 500 HOUR FROM tests.series WHERE g BETWEEN 1 AND 60;
INSERT INTO visit SELECT g, 1 + g % 60, timestamp '2023-01-01 00:00:00' + INTERVAL (g * 104729 % 1000003) * 50 SECOND FROM tests.series WHERE g BETWEEN 1 AND 900;
