CREATE COLLATION odd (provider = icu, locale = 'und', rules = '&b < y', deterministic = false);
CREATE TABLE word (w text PRIMARY KEY, o text COLLATE odd UNIQUE);
INSERT INTO word VALUES ('a', 'b'), ('z', 'y'), ('b', 'c');
CREATE TABLE used (w text REFERENCES word, o text COLLATE odd REFERENCES word (o));
INSERT INTO used VALUES ('a', 'b'), ('z', 'c');
