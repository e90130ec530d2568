CREATE DOMAIN percent AS int CHECK (VALUE BETWEEN 0 AND 100);
CREATE TABLE thing (id int PRIMARY KEY, share percent);
INSERT INTO thing SELECT g, g + 55 FROM generate_series(1, 45) g;
