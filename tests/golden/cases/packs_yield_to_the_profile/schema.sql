CREATE TABLE person (id int PRIMARY KEY, email text NOT NULL, name text NOT NULL, updated_at timestamptz);
CREATE TABLE message (id int PRIMARY KEY, sender int NOT NULL, body text, updated_at timestamptz);
INSERT INTO person SELECT g, 'p' || g || '@real.test', 'Ann ' || g, '2024-01-01 00:00+00' FROM generate_series(1, 10) g;
INSERT INTO message SELECT g, 1 + g % 10, 'hello ' || g, '2024-02-01 00:00+00' FROM generate_series(1, 20) g;
