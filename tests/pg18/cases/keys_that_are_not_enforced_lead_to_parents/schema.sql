CREATE TABLE parent (id int PRIMARY KEY, name text);
INSERT INTO parent SELECT g, 'parent ' || g FROM generate_series(1, 100) g;
CREATE TABLE child (id int PRIMARY KEY, parent_id int,
    amount int CONSTRAINT low CHECK (amount < 10) NOT ENFORCED,
    CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent NOT ENFORCED);
INSERT INTO child SELECT g, g, g FROM generate_series(1, 100) g;
INSERT INTO child VALUES (901, 5000, 1), (902, 5001, 2), (903, 5000, 3), (904, NULL, NULL);
CREATE TABLE clean (id int PRIMARY KEY, parent_id int CONSTRAINT clean_parent REFERENCES parent NOT ENFORCED);
INSERT INTO clean SELECT g, g FROM generate_series(1, 10) g;
ANALYZE;
