CREATE DOMAIN percent AS numeric(5, 2) CHECK (VALUE BETWEEN 0 AND 100);
CREATE TABLE thing (id int PRIMARY KEY, share percent, stars int CHECK (stars >= 1 AND stars <= 5),
    rate float8 CHECK (rate < 1.5));
INSERT INTO thing SELECT g, g + 55, g % 5 + 1, g / 40.0 FROM generate_series(1, 45) g;
