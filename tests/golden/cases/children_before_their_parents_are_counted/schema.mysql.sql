CREATE TABLE person (id int PRIMARY KEY, joined_at timestamp(6) NOT NULL);
CREATE TABLE message (id int PRIMARY KEY, sender_id int NOT NULL, receiver_id int NOT NULL, sent_at timestamp(6) NOT NULL, read_at timestamp(6) NULL,
    FOREIGN KEY (sender_id) REFERENCES person (id), FOREIGN KEY (receiver_id) REFERENCES person (id));
INSERT INTO person SELECT g, timestamp '2022-01-01 00:00:00' + INTERVAL g * 7919 % 500 HOUR FROM tests.series WHERE g BETWEEN 1 AND 40;
INSERT INTO message SELECT g, 1 + g % 40, 1 + g * 7 % 40, t, t + INTERVAL (g % 9) * 11 HOUR FROM (SELECT g, timestamp '2022-01-23 00:00:00' + INTERVAL (g * 104729 % 100003) * 50 SECOND AS t FROM tests.series WHERE g BETWEEN 1 AND 400) m;
INSERT INTO message VALUES (401, 2, 3, '2021-12-31 00:00:00', NULL);
