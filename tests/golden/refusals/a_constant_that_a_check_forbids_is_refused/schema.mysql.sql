CREATE TABLE thing (id int PRIMARY KEY, share int, CHECK (share >= 0 AND share < 100));
INSERT INTO thing SELECT g, g + 50 FROM tests.series WHERE g BETWEEN 1 AND 45;
