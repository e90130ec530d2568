CREATE TABLE crm (number int PRIMARY KEY, mail varchar(100) NOT NULL);
CREATE TABLE shop (id int PRIMARY KEY, customer bigint unsigned, contact varchar(100) NOT NULL);
INSERT INTO crm SELECT g * 7, concat('user', g, '@corp.test') FROM tests.series WHERE g BETWEEN 1 AND 30;
INSERT INTO shop SELECT g, g * 7, concat('user', g, '@corp.test') FROM tests.series WHERE g BETWEEN 1 AND 30;
