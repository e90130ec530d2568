CREATE TABLE customer (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer, placed date NOT NULL, amount int NOT NULL);
CREATE TABLE line (order_id int REFERENCES orders, number int, PRIMARY KEY (order_id, number));
INSERT INTO customer SELECT g FROM generate_series(1, 30) g;
INSERT INTO orders SELECT c * 1000 + o, c, date '2020-01-01' + o % 7, o FROM generate_series(1, 30) c, generate_series(1, c) o;
INSERT INTO line SELECT id, n FROM orders, generate_series(1, 4) n;
CREATE INDEX ON orders (customer_id);
