CREATE TABLE thing (id int PRIMARY KEY, share decimal(5, 2), stars int, rate double, CHECK (share BETWEEN 0 AND 100), CHECK (stars >= 1 AND stars <= 5), CHECK (rate < 1.5));
INSERT INTO thing SELECT g, g + 55, g % 5 + 1, g / 40e0 FROM tests.series WHERE g BETWEEN 1 AND 45;
