CREATE TABLE customer (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL, placed date NOT NULL, amount int NOT NULL, FOREIGN KEY (customer_id) REFERENCES customer (id));
CREATE TABLE line (order_id int, number int, PRIMARY KEY (order_id, number), FOREIGN KEY (order_id) REFERENCES orders (id));
INSERT INTO customer SELECT g FROM tests.series WHERE g BETWEEN 1 AND 30;
INSERT INTO orders SELECT c.g * 1000 + o.g, c.g, date '2020-01-01' + INTERVAL o.g % 7 DAY, o.g FROM tests.series c JOIN tests.series o ON o.g BETWEEN 1 AND c.g WHERE c.g BETWEEN 1 AND 30;
INSERT INTO line SELECT id, n.g FROM orders, tests.series n WHERE n.g BETWEEN 1 AND 4;
