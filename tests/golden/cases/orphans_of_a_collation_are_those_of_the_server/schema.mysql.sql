SET foreign_key_checks = 0;
CREATE TABLE place (code varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY, n int);
CREATE TABLE visit (id int PRIMARY KEY, code varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, CONSTRAINT visit_place FOREIGN KEY (code) REFERENCES place (code));
CREATE TABLE note (id int PRIMARY KEY, code varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci);
INSERT INTO place SELECT CONCAT('Place ', g), g FROM tests.series WHERE g BETWEEN 1 AND 50;
INSERT INTO place VALUES ('Déf', 100);
-- Found ignoring case and accents; found by nobody, in two spellings; none.
INSERT INTO visit VALUES (1, 'PLACE 7'), (2, 'def'), (3, 'gone'), (4, 'GÖNE'), (5, NULL), (6, 'place 9');
INSERT INTO note VALUES (1, 'DEF'), (2, 'nope'), (3, 'pläce 11');
