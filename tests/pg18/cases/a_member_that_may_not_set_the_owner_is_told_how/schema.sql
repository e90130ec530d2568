CREATE TABLE word (w text PRIMARY KEY, c text COLLATE "pg_c_utf8");
INSERT INTO word VALUES ('straße', 'a'), ('Ärger', 'B'), ('zoo', 'c');
