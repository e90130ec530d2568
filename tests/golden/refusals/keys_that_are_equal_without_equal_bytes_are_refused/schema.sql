CREATE COLLATION anycase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE accounts (mail text COLLATE anycase PRIMARY KEY);
CREATE TABLE logins (id int PRIMARY KEY, mail text COLLATE anycase REFERENCES accounts);
INSERT INTO accounts VALUES ('Ann@shop.test');
INSERT INTO logins VALUES (1, 'ann@shop.test');
