CREATE TABLE people (id int PRIMARY KEY, span interval NOT NULL);
