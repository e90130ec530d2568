CREATE TYPE place AS (street text, number int);
CREATE TABLE people (id int PRIMARY KEY, home place);
