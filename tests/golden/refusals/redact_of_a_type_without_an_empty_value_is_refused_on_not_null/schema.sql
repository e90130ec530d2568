CREATE TABLE people (id int PRIMARY KEY, span pg_snapshot NOT NULL);
