CREATE TABLE person (id int PRIMARY KEY, joined_at timestamptz NOT NULL);
CREATE TABLE message (id int PRIMARY KEY, sender_id int NOT NULL REFERENCES person, receiver_id int NOT NULL REFERENCES person, sent_at timestamptz NOT NULL, read_at timestamptz);
INSERT INTO person SELECT g, timestamptz '2022-01-01 00:00+00' + (g * 7919 % 500) * interval '1 hour' FROM generate_series(1, 40) g;
INSERT INTO message SELECT g, 1 + g % 40, 1 + g * 7 % 40, t, t + (g % 9) * interval '11 hours' FROM (SELECT g, timestamptz '2022-01-23 00:00+00' + (g * 104729 % 100003) * interval '50 seconds' AS t FROM generate_series(1, 400) g) m;
INSERT INTO message VALUES (401, 2, 3, '2021-12-31 00:00+00', NULL);
