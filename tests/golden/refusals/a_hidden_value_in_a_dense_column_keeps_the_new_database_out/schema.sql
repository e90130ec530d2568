CREATE TABLE person (id int PRIMARY KEY, code text NOT NULL);
INSERT INTO person SELECT g, '1234' || lpad((g * 37 % 10000)::text, 4, '0') FROM generate_series(1, 200) g;
