CREATE TYPE state AS ENUM ('open', 'paid', 'sent', 'held_v1');
CREATE TABLE customer (
    id int PRIMARY KEY, email text, city text, status text NOT NULL, is_active boolean NOT NULL,
    joined_at timestamptz NOT NULL, left_at timestamptz);
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id int, state state NOT NULL, placed_at timestamptz NOT NULL,
    delivered_at timestamptz, total numeric(10, 2) NOT NULL, memo text);
CREATE TABLE line (
    order_id bigint REFERENCES orders, number int, quantity int NOT NULL, PRIMARY KEY (order_id, number));

INSERT INTO customer
SELECT g, 'user' || g || '@corp.test', (ARRAY['Oslo', 'Lima', 'Pune', 'Graz'])[1 + g % 4],
    (ARRAY['new', 'silver', 'gold'])[1 + g % 3], true, '2021-01-01 08:00+00'::timestamptz + g * interval '7 hours', NULL
FROM generate_series(1, 2000) g;
INSERT INTO orders
SELECT g, 1 + g * 7 % 2000, (ARRAY['open', 'paid', 'sent'])[1 + g % 3]::state,
    '2023-02-01 09:00+00'::timestamptz + g * interval '3 hours',
    '2023-02-01 09:00+00'::timestamptz + g * interval '3 hours' + (1 + g % 5) * interval '1 day', 10 + g % 900, 'memo ' || g
FROM generate_series(1, 3000) g;
INSERT INTO line SELECT g, n, 1 + (g + n) % 4 FROM generate_series(1, 3000) g, generate_series(1, 2) n;

-- What a uniform sample would lose.
UPDATE customer SET status = 'legacy_v1' WHERE id IN (311, 1207);
UPDATE customer SET left_at = '2022-05-05 10:00+00' WHERE id IN (640, 1820);
UPDATE customer SET email = 'nobody' WHERE id IN (99, 1500);
UPDATE orders SET delivered_at = placed_at - interval '3 days' WHERE id IN (1444, 2222);
UPDATE orders SET total = -total WHERE id = 777;
UPDATE orders SET state = 'held_v1' WHERE id IN (58, 2901);
UPDATE orders SET customer_id = 1111 WHERE id BETWEEN 500 AND 579;
UPDATE orders SET memo = repeat('x', 5000) WHERE id = 1717;
UPDATE line SET quantity = 40000 WHERE order_id = 888 AND number = 2;
UPDATE orders SET customer_id = 900000 + id WHERE id IN (600, 601, 602);
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customer NOT VALID;
