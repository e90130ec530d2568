CREATE TABLE thing (id int PRIMARY KEY, share int, CONSTRAINT percent CHECK (share BETWEEN 0 AND 100));
INSERT INTO thing SELECT g, g + 55 FROM tests.series WHERE g BETWEEN 1 AND 45;
