CREATE TABLE person (id int PRIMARY KEY, parent_id int, FOREIGN KEY (parent_id) REFERENCES person (id));
CREATE TABLE note (id int PRIMARY KEY, person_id int NOT NULL, body varchar(40), FOREIGN KEY (person_id) REFERENCES person (id)) COLLATE utf8mb4_bin;
INSERT INTO person SELECT g, nullif(g DIV 2, 0) FROM tests.series WHERE g BETWEEN 1 AND 3000 ORDER BY g;
INSERT INTO note SELECT g, 1 + g % 3000, concat('note ', g) FROM tests.series WHERE g BETWEEN 1 AND 6000;
