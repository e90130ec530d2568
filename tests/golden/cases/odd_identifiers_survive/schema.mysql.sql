CREATE TABLE `Order Items` (id int PRIMARY KEY, `select` varchar(20), `a.b` int, `Größe` text, `line
break` text, `quote"d` int, `(paren), comma` text);
CREATE TABLE `Odd ``Name``.1` (`ID` int PRIMARY KEY, `order item` int, `it's` varchar(40) UNIQUE, `back\slash` int,
    CONSTRAINT `to the ``items``` FOREIGN KEY (`order item`) REFERENCES `Order Items` (id), KEY `odd ``key``` (`back\slash`));
CREATE TABLE `select` (`from` int PRIMARY KEY, `where` int, FOREIGN KEY (`where`) REFERENCES `select` (`from`));
CREATE TABLE `nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn` (`cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc` int PRIMARY KEY);
CREATE TABLE ` lead` (id int PRIMARY KEY);
CREATE TABLE `表` (`列` enum('a''b', 'c\\d', 'e"f', 'é') PRIMARY KEY, `50%` int AS (length(`列`)) VIRTUAL);
INSERT INTO `Order Items` SELECT g, concat('s', g), g, concat('gr', g), concat('lb', g), g, concat('p', g) FROM tests.series WHERE g BETWEEN 1 AND 30;
INSERT INTO `Odd ``Name``.1` SELECT g, 1 + g % 30, concat('it''s ', g), g FROM tests.series WHERE g BETWEEN 1 AND 60;
INSERT INTO `select` SELECT g, nullif(g - 1, 0) FROM tests.series WHERE g BETWEEN 1 AND 20 ORDER BY g;
INSERT INTO `nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn` VALUES (1);
INSERT INTO ` lead` VALUES (1);
INSERT INTO `表` (`列`) VALUES ('a''b'), ('c\\d');
CREATE VIEW `a ``view``` AS SELECT `a.b` AS `x``y` FROM `Order Items`;
CREATE TRIGGER `a ``trigger``` BEFORE UPDATE ON `select` FOR EACH ROW SET NEW.`where` = NULL;
