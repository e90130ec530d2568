-- A production schema with secrets. The federated table wants a server that answers: this one.
CREATE TABLE customers (id int PRIMARY KEY, email varchar(100) NOT NULL);
CREATE TABLE orders (
    id int AUTO_INCREMENT PRIMARY KEY, customer_id int NOT NULL, placed date NOT NULL,
    FOREIGN KEY (customer_id) REFERENCES customers (id));
CREATE TABLE scratch (id int PRIMARY KEY);
CREATE TABLE digits (d int);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
INSERT INTO customers SELECT 1 + g, CONCAT('user', g, '@corp.test')
    FROM (SELECT a.d + 10 * b.d + 100 * c.d AS g FROM digits a, digits b, digits c) s WHERE g < 500;
INSERT INTO orders (customer_id, placed) SELECT 1 + g % 500, DATE '2020-01-01' + INTERVAL g DAY
    FROM (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS g FROM digits a, digits b, digits c, digits e) s
    WHERE g < 3000 ORDER BY g;
DROP TABLE digits;
CREATE VIEW totals AS SELECT customer_id, count(*) AS orders FROM orders GROUP BY customer_id;
CREATE TRIGGER orders_placed BEFORE INSERT ON orders FOR EACH ROW SET NEW.placed = COALESCE(NEW.placed, '2020-01-01');
SET sql_log_bin = 0;
/*M! INSTALL SONAME 'ha_federatedx' */;
SET @far = CONCAT('CREATE TABLE far_orders (id int) ENGINE = FEDERATED CONNECTION = ',
    QUOTE(CONCAT('mysql://far:swordfish-federated@127.0.0.1:', @@port, '/plain/scratch')));
PREPARE far FROM @far;
EXECUTE far;
SET sql_log_bin = 1;
ANALYZE TABLE customers, orders;
