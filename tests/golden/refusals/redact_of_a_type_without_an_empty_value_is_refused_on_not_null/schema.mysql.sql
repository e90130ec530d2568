CREATE TABLE people (id int PRIMARY KEY, span point NOT NULL);
