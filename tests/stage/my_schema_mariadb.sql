-- What only MariaDB has.
USE shop;
CREATE SEQUENCE numbers START WITH 100 INCREMENT BY 5;
CREATE SEQUENCE downward START WITH -1 INCREMENT BY -1 MINVALUE -1000 MAXVALUE -1;
CREATE TABLE numbered (id int PRIMARY KEY DEFAULT nextval(shop.numbers), low int DEFAULT nextval(downward), u uuid,
    j json, c int CHECK (c > 0));
CREATE TABLE dated (id int PRIMARY KEY, a date NOT NULL, b date NOT NULL, PERIOD FOR p (a, b),
    UNIQUE KEY once (id, p WITHOUT OVERLAPS));
CREATE TABLE versioned (id int PRIMARY KEY, v int, KEY v (v)) WITH SYSTEM VERSIONING;
SET sql_mode = 'ORACLE';
delimiter //
CREATE PACKAGE tools AS FUNCTION one RETURN int; END//
CREATE PACKAGE BODY tools AS FUNCTION one RETURN int AS BEGIN RETURN 1; END; END//
delimiter ;
