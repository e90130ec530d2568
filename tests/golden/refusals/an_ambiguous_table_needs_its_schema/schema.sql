CREATE SCHEMA one;
CREATE SCHEMA two;
CREATE TABLE one.invoice (id int PRIMARY KEY);
CREATE TABLE two.invoice (id int PRIMARY KEY);
