-- A production database with a gate: while a session has the lock gate_NAME, whoever evaluates
-- gate('NAME', ...) waits. Views, a trigger and a routine, which a swap carries over by itself.
CREATE FUNCTION gate(name varchar(20), value int) RETURNS int DETERMINISTIC NO SQL
    RETURN IF(IS_USED_LOCK(CONCAT('gate_', name)) IS NULL, value,
        value + 0 * GET_LOCK(CONCAT('gate_', name), 600) * RELEASE_LOCK(CONCAT('gate_', name)));
CREATE TABLE customers (id int PRIMARY KEY, email varchar(100) NOT NULL, name varchar(100));
CREATE TABLE orders (
    id int PRIMARY KEY, customer_id int NOT NULL, body text, KEY orders_gate (customer_id, id),
    CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id));
CREATE TABLE digits (d int);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
INSERT INTO customers SELECT g, CONCAT('user', g, '@corp.test'), CONCAT('Ann Smith ', g)
    FROM (SELECT 1 + a.d + 10 * b.d + 100 * c.d AS g FROM digits a, digits b, digits c) s WHERE g <= 200;
INSERT INTO orders SELECT g, 1 + g % 200, REPEAT(LEFT(SHA2(g, 256), 32), 100)
    FROM (SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS g FROM digits a, digits b, digits c, digits e) s
    WHERE g <= 2000;
DROP TABLE digits;
CREATE VIEW totals AS SELECT customer_id, count(*) AS orders FROM orders GROUP BY customer_id;
CREATE TRIGGER orders_body BEFORE INSERT ON orders FOR EACH ROW SET NEW.body = COALESCE(NEW.body, '');
ANALYZE TABLE customers, orders;
