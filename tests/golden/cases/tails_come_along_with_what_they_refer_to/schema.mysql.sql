SET foreign_key_checks = 0;
CREATE TABLE customer (
    id int PRIMARY KEY, email varchar(100), city varchar(40), status varchar(20) NOT NULL, is_active boolean NOT NULL,
    joined_at timestamp(6) NOT NULL, left_at timestamp(6) NULL) COLLATE utf8mb4_bin;
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id int, state enum('open', 'paid', 'sent', 'held_v1') NOT NULL, placed_at timestamp(6) NOT NULL,
    delivered_at timestamp(6) NULL, total decimal(10, 2) NOT NULL, memo text, FOREIGN KEY (customer_id) REFERENCES customer (id)) COLLATE utf8mb4_bin;
CREATE TABLE line (
    order_id bigint, number int, quantity int NOT NULL, PRIMARY KEY (order_id, number), FOREIGN KEY (order_id) REFERENCES orders (id));

INSERT INTO customer
SELECT g, concat('user', g, '@corp.test'), elt(1 + g % 4, 'Oslo', 'Lima', 'Pune', 'Graz'),
    elt(1 + g % 3, 'new', 'silver', 'gold'), true, timestamp '2021-01-01 08:00:00' + INTERVAL g * 7 HOUR, NULL
FROM tests.series WHERE g BETWEEN 1 AND 2000;
INSERT INTO orders
SELECT g, 1 + g * 7 % 2000, elt(1 + g % 3, 'open', 'paid', 'sent'), timestamp '2023-02-01 09:00:00' + INTERVAL g * 3 HOUR,
    timestamp '2023-02-01 09:00:00' + INTERVAL g * 3 HOUR + INTERVAL 1 + g % 5 DAY, 10 + g % 900, concat('memo ', g)
FROM tests.series WHERE g BETWEEN 1 AND 3000;
INSERT INTO line SELECT o.g, n.g, 1 + (o.g + n.g) % 4 FROM tests.series o, tests.series n WHERE o.g BETWEEN 1 AND 3000 AND n.g BETWEEN 1 AND 2;

-- What a uniform sample would lose.
UPDATE customer SET status = 'legacy_v1' WHERE id IN (311, 1207);
UPDATE customer SET left_at = '2022-05-05 10:00:00' WHERE id IN (640, 1820);
UPDATE customer SET email = 'nobody' WHERE id IN (99, 1500);
UPDATE orders SET delivered_at = placed_at - INTERVAL 3 DAY WHERE id IN (1444, 2222);
UPDATE orders SET total = -total WHERE id = 777;
UPDATE orders SET state = 'held_v1' WHERE id IN (58, 2901);
UPDATE orders SET customer_id = 1111 WHERE id BETWEEN 500 AND 579;
UPDATE orders SET memo = repeat('x', 5000) WHERE id = 1717;
UPDATE line SET quantity = 40000 WHERE order_id = 888 AND number = 2;
UPDATE orders SET customer_id = 900000 + id WHERE id IN (600, 601, 602);
