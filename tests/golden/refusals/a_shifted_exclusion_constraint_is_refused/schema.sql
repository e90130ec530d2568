CREATE TABLE room (id int PRIMARY KEY, during tstzrange, EXCLUDE USING gist (during WITH &&));
INSERT INTO room VALUES (1, '[2020-01-01 00:00+00,2020-01-02 00:00+00)');
