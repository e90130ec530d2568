CREATE TABLE person (code varchar(40) PRIMARY KEY, city varchar(40) NOT NULL, height int NOT NULL, joined_at timestamp(6) NOT NULL) COLLATE utf8mb4_bin;
CREATE TABLE note (id int PRIMARY KEY, person_code varchar(40), `at` timestamp(6) NOT NULL, FOREIGN KEY (person_code) REFERENCES person (code)) COLLATE utf8mb4_bin;

-- Two keys that a literal has to quote, on rows that are alone in what stays readable.
INSERT INTO person
SELECT CASE g WHEN 11 THEN 'a"b\\c' WHEN 22 THEN '{x,\t y}' ELSE left(of_g, 8) END, CASE g WHEN 11 THEN 'Graz' ELSE elt(1 + g % 2, 'Oslo', 'Lima') END,
    CASE g WHEN 22 THEN 230 ELSE 170 + g % 3 END, timestamp '2021-01-01 08:00:00' + INTERVAL g * 5 HOUR
FROM tests.hashes WHERE g BETWEEN 1 AND 400;
INSERT INTO note
SELECT s.g, CASE h.g WHEN 11 THEN 'a"b\\c' WHEN 22 THEN '{x,\t y}' ELSE left(of_g, 8) END, timestamp '2023-01-01 09:00:00' + INTERVAL s.g * 7 HOUR
FROM tests.series s JOIN tests.hashes h ON h.g = 1 + s.g % 400 WHERE s.g BETWEEN 1 AND 2000;
