CREATE TABLE grp (id int PRIMARY KEY);
INSERT INTO grp SELECT g FROM generate_series(1, 100) g;
CREATE TABLE seat (id int PRIMARY KEY, grp int UNIQUE NULLS NOT DISTINCT REFERENCES grp);
INSERT INTO seat SELECT g, g FROM generate_series(1, 50) g;
