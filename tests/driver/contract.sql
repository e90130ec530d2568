-- What the contract's cases read, in words that every engine takes; LONG TEXT stands for the type of
-- long texts, MOMENT for a time without a zone to six digits, and TO READER for who may only read.
CREATE TABLE digits (d int PRIMARY KEY);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE people (id int PRIMARY KEY, name varchar(50), referred_by int,
    CONSTRAINT people_referred FOREIGN KEY (referred_by) REFERENCES people (id));
INSERT INTO people SELECT 1 + a.d * 100 + b.d * 10 + c.d, CASE c.d WHEN 3 THEN '' WHEN 4 THEN NULL
    ELSE concat('n''"{}, ', a.d, b.d, c.d) END, NULL FROM digits a, digits b, digits c;
UPDATE people SET referred_by = 1 + id % 7 WHERE id > 1;
CREATE TABLE orders (id bigint PRIMARY KEY, person_id int NOT NULL, placed int,
    CONSTRAINT orders_person FOREIGN KEY (person_id) REFERENCES people (id));
CREATE INDEX orders_person_id ON orders (person_id);
INSERT INTO orders SELECT 5000000000 + n.id, 1 + n.id % 100, n.id FROM people n;
INSERT INTO orders SELECT 6000000000 + n.id, 1 + n.id % 100, 1000 + n.id FROM people n;
CREATE TABLE ledger (region varchar(20) NOT NULL, number int NOT NULL, amount decimal(12, 2), at MOMENT,
    PRIMARY KEY (region, number));
INSERT INTO ledger SELECT concat('r''|', id % 10), id, id - 0.25, '2024-02-29 12:34:56.789012'
    FROM people WHERE id <= 500;
CREATE TABLE keyless (a int, b varchar(10));
INSERT INTO keyless SELECT a.d % 3, concat('b', b.d % 5) FROM digits a, digits b WHERE a.d < 3;
CREATE TABLE wide (id int PRIMARY KEY, body LONG TEXT);
INSERT INTO wide SELECT 1 + d, repeat('x', CASE d WHEN 2 THEN 12000000 ELSE 3000000 END)
    FROM digits WHERE d < 6;
CREATE TABLE loaded (region varchar(20) NOT NULL, number int NOT NULL, amount decimal(12, 2), at MOMENT,
    CONSTRAINT loaded_key UNIQUE (number));
CREATE TABLE changed (id int PRIMARY KEY);
CREATE TABLE secret (id int PRIMARY KEY);
CREATE TABLE slow (id int PRIMARY KEY);
INSERT INTO slow SELECT 1000 * p.id + q.id FROM people p, people q WHERE p.id <= 100;
GRANT SELECT ON digits TO READER;
GRANT SELECT ON people TO READER;
GRANT SELECT ON orders TO READER;
GRANT SELECT ON ledger TO READER;
GRANT SELECT ON keyless TO READER;
GRANT SELECT ON wide TO READER;
GRANT SELECT ON loaded TO READER;
GRANT SELECT ON changed TO READER;
GRANT SELECT ON slow TO READER;
