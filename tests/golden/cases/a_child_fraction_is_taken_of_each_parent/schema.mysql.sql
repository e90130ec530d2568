CREATE TABLE customer (id smallint PRIMARY KEY);
CREATE TABLE orders (id mediumint PRIMARY KEY, customer_id smallint NOT NULL, placed date NOT NULL, amount int NOT NULL, FOREIGN KEY (customer_id) REFERENCES customer (id));
CREATE TABLE line (order_id mediumint, number int, PRIMARY KEY (order_id, number), FOREIGN KEY (order_id) REFERENCES orders (id));
INSERT INTO customer SELECT g FROM tests.series WHERE g BETWEEN 1 AND 30;
INSERT INTO orders SELECT c.g * 1000 + o.g, c.g, date '2020-01-01' + INTERVAL o.g % 7 DAY, o.g FROM tests.series c, tests.series o WHERE c.g BETWEEN 1 AND 30 AND o.g BETWEEN 1 AND 40;
INSERT INTO line SELECT id, n.g FROM orders, tests.series n WHERE n.g BETWEEN 1 AND 4;
