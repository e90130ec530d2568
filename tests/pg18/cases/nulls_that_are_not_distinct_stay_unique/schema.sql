CREATE TABLE grp (id int PRIMARY KEY);
INSERT INTO grp SELECT g FROM generate_series(1, 10) g;
CREATE TABLE seat (id int PRIMARY KEY, grp int REFERENCES grp, place int, UNIQUE NULLS NOT DISTINCT (grp, place));
INSERT INTO seat SELECT g, CASE WHEN g > 1 THEN g END, CASE WHEN g > 2 THEN g END FROM generate_series(1, 10) g;
