CREATE TABLE item (id int AUTO_INCREMENT PRIMARY KEY, body varchar(60) NOT NULL COMMENT 'what; is it''s "name"', price int DEFAULT 7, changed timestamp DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, CONSTRAINT positive CHECK (price > 0), KEY by_price (price DESC), FULLTEXT KEY words (body)) COMMENT = 'what is sold' AUTO_INCREMENT = 100;
INSERT INTO item (id, body, price) SELECT g, concat('body ', g), g FROM tests.series WHERE g BETWEEN 1 AND 50;
CREATE TABLE log (id int PRIMARY KEY, word varchar(20));
CREATE VIEW cheap AS SELECT id, price FROM item WHERE price < 10;
DELIMITER $$
CREATE FUNCTION both_of(a int, b int) RETURNS int DETERMINISTIC COMMENT 'adds; two'
BEGIN
    DECLARE total int DEFAULT a; -- not the end
    SET total = total + b;
    RETURN total;
END $$
CREATE DEFINER = root@localhost PROCEDURE raise(IN percent int, OUT n int) SQL SECURITY INVOKER MODIFIES SQL DATA
BEGIN
    UPDATE item SET price = price * (100 + percent) DIV 100;
    SET n = ROW_COUNT();
END $$
CREATE TRIGGER item_fired BEFORE INSERT ON item FOR EACH ROW
BEGIN
    SET NEW.body = 'a trigger fired';
END $$
CREATE TRIGGER item_fired_then BEFORE INSERT ON item FOR EACH ROW FOLLOWS item_fired SET NEW.price = both_of(NEW.price, 1) $$
CREATE TRIGGER log_fired AFTER DELETE ON log FOR EACH ROW INSERT INTO log VALUES (-1, 'x') $$
CREATE EVENT cleaning ON SCHEDULE EVERY 1 DAY STARTS '2020-01-01 00:00:00' ON COMPLETION PRESERVE ENABLE COMMENT 'at night' DO
BEGIN
    DELETE FROM log;
END $$
DELIMITER ;
CREATE SQL SECURITY INVOKER VIEW guarded AS SELECT c.*, both_of(c.price, 2) AS more FROM cheap c WITH CASCADED CHECK OPTION;
CREATE VIEW a_view_of_a_view_that_comes_later AS SELECT count(*) AS n FROM guarded;
INSERT INTO log VALUES (1, 'one');
