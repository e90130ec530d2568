CREATE TABLE parent (id int PRIMARY KEY);
INSERT INTO parent SELECT g FROM generate_series(1, 10) g;
CREATE TABLE child (id int, parent_id int) PARTITION BY RANGE (id);
CREATE TABLE child_1 PARTITION OF child FOR VALUES FROM (1) TO (100);
CREATE TABLE child_2 PARTITION OF child FOR VALUES FROM (100) TO (200);
INSERT INTO child SELECT g, 1 + g % 10 FROM generate_series(1, 150) g;
INSERT INTO child VALUES (199, 77);
ALTER TABLE child ADD CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent NOT VALID;
ANALYZE;
