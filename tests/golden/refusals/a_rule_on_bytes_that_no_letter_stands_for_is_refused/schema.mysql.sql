CREATE TABLE people (id int PRIMARY KEY, name varchar(40) CHARACTER SET greek);
INSERT INTO people VALUES (1, _greek X'C1EDEDE1'), (2, X'41AE42');
