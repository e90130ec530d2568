CREATE TABLE thing (id int PRIMARY KEY, colour text CHECK (colour IN ('red', 'green')));
INSERT INTO thing VALUES (1, 'red');
