CREATE TABLE rooms (id int PRIMARY KEY, numbers int4range UNIQUE);
