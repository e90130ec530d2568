CREATE TABLE person (id int PRIMARY KEY, joined_at timestamptz NOT NULL, born_on date, kind text NOT NULL, email text);
CREATE TABLE visit (id int PRIMARY KEY, person_id int NOT NULL REFERENCES person, at timestamptz NOT NULL, paid numeric(10, 2) NOT NULL, litres numeric(6, 2) NOT NULL);
CREATE TABLE price (day date PRIMARY KEY, price numeric(8, 3));
INSERT INTO person SELECT g, timestamptz '2022-01-01 00:00+00' + (g * 7919 % 500) * interval '1 hour', date '1960-01-01' + g % 7 * 366, 'k' || g % 3, 'p' || g || '@mail.test' FROM generate_series(1, 130) g;
INSERT INTO visit SELECT g, 1 + (g * 7907 % 4001) % 128, timestamptz '2023-01-01 00:00+00' + (g * 104729 % 1000003) * interval '50 seconds', 10 + g * 7 % 5000 / 100.0, 1 + g * 13 % 900 / 100.0 FROM generate_series(1, 4000) g;
INSERT INTO visit SELECT 4000 + g, 1 + g % 130, CASE g % 3 WHEN 0 THEN timestamptz 'infinity' WHEN 1 THEN timestamptz '1970-01-01 00:00+00' ELSE timestamptz '2024-06-01 00:00+00' + g * interval '1 minute' END, 1, 1 FROM generate_series(1, 390) g;
INSERT INTO price SELECT date '2023-01-01' + g, 1 + g % 17 / 100.0 FROM generate_series(0, 600) g;
