CREATE TABLE thing (id int PRIMARY KEY, share int CHECK (share >= 0 AND share < 100));
INSERT INTO thing SELECT g, g + 50 FROM generate_series(1, 45) g;
