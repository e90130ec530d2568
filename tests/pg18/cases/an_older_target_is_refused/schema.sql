CREATE TABLE word (w text PRIMARY KEY, c text);
INSERT INTO word VALUES ('straße', 'a'), ('Ärger', 'B'), ('zoo', 'c');
