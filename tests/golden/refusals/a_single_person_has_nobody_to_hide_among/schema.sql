CREATE TABLE person (id int PRIMARY KEY, joined_at timestamptz NOT NULL);
CREATE TABLE visit (id int PRIMARY KEY, person_id int NOT NULL REFERENCES person, at timestamptz NOT NULL);
INSERT INTO person SELECT g, timestamptz '2022-01-01 00:00+00' + (g * 7919 % 500) * interval '1 hour' FROM generate_series(1, 60) g;
INSERT INTO visit SELECT g, 1 + g % 60, timestamptz '2023-01-01 00:00+00' + (g * 104729 % 1000003) * interval '50 seconds' FROM generate_series(1, 900) g;
