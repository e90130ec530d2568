CREATE TABLE person (id int PRIMARY KEY, parent_id int REFERENCES person);
CREATE TABLE note (id int PRIMARY KEY, person_id int NOT NULL REFERENCES person, body text);
INSERT INTO person SELECT g, nullif(g / 2, 0) FROM generate_series(1, 3000) g;
INSERT INTO note SELECT g, 1 + g % 3000, 'note ' || g FROM generate_series(1, 6000) g;
