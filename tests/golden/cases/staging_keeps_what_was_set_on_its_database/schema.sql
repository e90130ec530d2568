CREATE TABLE thing (id int PRIMARY KEY);
INSERT INTO thing VALUES (1), (2);
ALTER DATABASE production SET work_mem = '77MB';
