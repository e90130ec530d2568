-- A source with everything that staging must not get, and everything that must come along.
CREATE DATABASE shop CHARACTER SET latin1 COLLATE latin1_german1_ci;
CREATE DATABASE elsewhere;
CREATE TABLE elsewhere.rates (id int PRIMARY KEY, rate int);
USE shop;
SET sql_mode = '';

CREATE TABLE customers (
    id int NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name varchar(40) NOT NULL,
    mail varchar(60) DEFAULT 'a,b) KEY `x` (''y'') -- \\ "z"',
    FULLTEXT KEY words (name),
    UNIQUE KEY mail (mail)
) ENGINE = InnoDB AUTO_INCREMENT = 4711 DEFAULT CHARSET = utf8mb4;
CREATE TABLE orders (
    id bigint unsigned NOT NULL AUTO_INCREMENT,
    customer_id int,
    total decimal(10, 2),
    remark varchar(20),
    doubled decimal(11, 2) GENERATED ALWAYS AS (total * 2) STORED,
    placed datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
    PRIMARY KEY (customer_id, id),
    UNIQUE KEY counts (id),
    KEY by_total (total DESC) COMMENT 'x, (y',
    CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE,
    CONSTRAINT not_less CHECK (total >= 0 AND remark <> 'a)`,')
);
CREATE TABLE `Odd ``Name``
x; y, (z` (
    id int PRIMARY KEY,
    `from` varchar(20) DEFAULT 'a;b',
    `a ``b``, c)` int COMMENT 'two
lines; and ''quotes'', "others"',
    KEY `k (``,x` (`a ``b``, c)`),
    CONSTRAINT `odd ``key`` (x` FOREIGN KEY (id) REFERENCES customers (id)
) COMMENT 'KEY `x` (`y`), AUTO_INCREMENT=7';
CREATE TABLE shop (id int PRIMARY KEY, x int);
CREATE TABLE selves (id int PRIMARY KEY, up int, CONSTRAINT up FOREIGN KEY (up) REFERENCES selves (id));
CREATE TABLE secrets (id int PRIMARY KEY, customer_id int, FOREIGN KEY (customer_id) REFERENCES customers (id));
CREATE TABLE hints (id int PRIMARY KEY, secret_id int, rate_id int,
    CONSTRAINT to_secret FOREIGN KEY (secret_id) REFERENCES secrets (id),
    CONSTRAINT to_rate FOREIGN KEY (rate_id) REFERENCES elsewhere.rates (id));
CREATE TABLE events (id int NOT NULL, at_year int NOT NULL, note varchar(20), PRIMARY KEY (id, at_year))
    PARTITION BY RANGE (at_year) (PARTITION p0 VALUES LESS THAN (2020) COMMENT 'x)', PARTITION `p``,1` VALUES LESS THAN (2021));
CREATE TABLE months (id int NOT NULL, y int NOT NULL, m varchar(2) NOT NULL, PRIMARY KEY (id, y, m))
    PARTITION BY RANGE COLUMNS (y, m) (PARTITION p0 VALUES LESS THAN (2020, 'MA'), PARTITION p1 VALUES LESS THAN (2021, MAXVALUE));
CREATE TABLE lists (id int NOT NULL, PRIMARY KEY (id)) PARTITION BY HASH (id) PARTITIONS 3;
CREATE TABLE counted (
    part int NOT NULL, number smallint NOT NULL AUTO_INCREMENT, PRIMARY KEY (part, number)) ENGINE = MyISAM;

CREATE FUNCTION taxed (amount decimal(10, 2)) RETURNS decimal(10, 2) DETERMINISTIC RETURN amount * 1.2;
CREATE FUNCTION names_it () RETURNS int READS SQL DATA RETURN (SELECT count(*) FROM shop.customers);
CREATE VIEW zeta AS SELECT o.id, taxed(o.total) AS taxed, c.name FROM orders o JOIN customers c ON c.id = o.customer_id;
CREATE VIEW alpha AS SELECT z.id, shop.x FROM zeta z JOIN shop ON shop.id = z.id;
CREATE VIEW of_secrets AS SELECT id FROM secrets;
CREATE VIEW over_secrets AS SELECT id FROM of_secrets;
CREATE VIEW of_rates AS SELECT r.rate, s.x FROM elsewhere.rates r JOIN shop.shop s ON s.id = r.id;
SET NAMES latin1;
CREATE TRIGGER shop.first_one BEFORE INSERT ON shop.orders FOR EACH ROW SET NEW.total = coalesce(NEW.total, 0) + 1;
CREATE TRIGGER then_double BEFORE INSERT ON orders FOR EACH ROW FOLLOWS first_one SET NEW.total = NEW.total * 2;
CREATE TRIGGER in_between BEFORE INSERT ON orders FOR EACH ROW PRECEDES then_double SET NEW.total = NEW.total + 10;
SET NAMES utf8mb4;
SET sql_mode = 'PIPES_AS_CONCAT';
delimiter //
CREATE PROCEDURE greet (INOUT who varchar(100) CHARACTER SET utf8mb4)
    COMMENT 'DEFINER=`x`@`y`' SQL SECURITY INVOKER
BEGIN
    SET who = 'Gr' || 'ü' || 'ße, ' || who; -- a comment
END//
delimiter ;
SET sql_mode = DEFAULT;
SET time_zone = '+05:00';
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 03:00:00' ON COMPLETION PRESERVE ENABLE
    COMMENT 'ENABLE DO' DO DELETE FROM orders WHERE total < 0;
SET time_zone = DEFAULT;
-- A zone that only this server knows.
INSERT INTO mysql.time_zone (Time_zone_id, Use_leap_seconds) VALUES (4711, 'N');
INSERT INTO mysql.time_zone_name (Name, Time_zone_id) VALUES ('Far/Away', 4711);
INSERT INTO mysql.time_zone_transition_type
    (Time_zone_id, Transition_type_id, `Offset`, Is_DST, Abbreviation) VALUES (4711, 0, 3600, 0, 'FAR');
SET time_zone = 'Far/Away';
CREATE EVENT zoned ON SCHEDULE EVERY 1 DAY DISABLE DO DO 1;
SET time_zone = DEFAULT;
CREATE TABLE gone (id int);
CREATE VIEW of_gone AS SELECT id FROM gone;
DROP TABLE gone;
CREATE EVENT copied ON SCHEDULE EVERY 1 HOUR DISABLE ON SLAVE DO SELECT 1;
INSERT INTO customers VALUES (1, 'production', 'p');
