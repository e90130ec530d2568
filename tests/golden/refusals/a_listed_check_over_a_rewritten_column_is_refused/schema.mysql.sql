CREATE TABLE thing (id int PRIMARY KEY, colour varchar(20), CONSTRAINT thing_colour_check CHECK (colour IN ('red', 'green')));
INSERT INTO thing VALUES (1, 'red');
