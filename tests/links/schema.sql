-- A thousand customers and what hangs on them; a few references are odd, each in a way of its own.
CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE addresses (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers);
CREATE TABLE orders (id int PRIMARY KEY, customer_id bigint, ship_address_id bigint REFERENCES addresses,
    placed_at timestamptz NOT NULL, total numeric(12,2) NOT NULL);
CREATE TABLE payments (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders,
    paid_at timestamp NOT NULL, amount numeric(12,2) NOT NULL);
CREATE TABLE products (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE lines (order_id int NOT NULL REFERENCES orders, number smallint NOT NULL,
    product_id uuid NOT NULL REFERENCES products, PRIMARY KEY (order_id, number));
CREATE TABLE remarks (id int PRIMARY KEY, order_id int, number smallint,
    FOREIGN KEY (order_id, number) REFERENCES lines);
CREATE TABLE events (id int PRIMARY KEY, kind text, subject_id bigint);
CREATE TABLE categories (id int PRIMARY KEY, parent_id int REFERENCES categories);
CREATE TABLE versions (code text PRIMARY KEY, previous text);
CREATE TABLE posts (id int PRIMARY KEY, tags int[], payload jsonb);
CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL);
-- a circle: one of the two is read first
CREATE TABLE heads (id int PRIMARY KEY, arm_id int);
CREATE TABLE arms (id int PRIMARY KEY, head_id int NOT NULL REFERENCES heads);

INSERT INTO customers SELECT g, 'c' || g, '2020-01-01' FROM generate_series(1, 1000) g;
INSERT INTO addresses SELECT g, g FROM generate_series(1, 1000) g;
INSERT INTO orders SELECT g, (g + 1) / 2, (g + 1) / 2, timestamptz '2021-01-01' + g * interval '1 minute', 100
    FROM generate_series(1, 1996) g; -- 999 and 1000 have none
INSERT INTO orders SELECT g, 500, 500, '2021-01-02', 100 FROM generate_series(3001, 3040) g;
INSERT INTO orders VALUES (4001, 900001, NULL, '2021-01-02', 100), (4002, 900002, NULL, '2021-01-02', 100);
UPDATE orders SET ship_address_id = 700 WHERE id = 21;
INSERT INTO payments SELECT id, id, (placed_at AT TIME ZONE 'UTC') + interval '10 days', total FROM orders WHERE id <> 51;
UPDATE payments SET paid_at = paid_at - interval '13 days' WHERE id = 31;
UPDATE payments SET paid_at = paid_at + interval '700 days' WHERE id = 33;
UPDATE payments SET amount = 250 WHERE id = 41;
UPDATE payments SET amount = -100 WHERE id = 43;
UPDATE payments SET amount = -300 WHERE id = 47;
UPDATE payments SET amount = 0 WHERE id = 45;
UPDATE customers SET created_at = '2015-01-01' WHERE id = 800;
INSERT INTO payments SELECT 5000 + g, 61, '2021-01-12', 100 FROM generate_series(1, 6) g;
INSERT INTO products SELECT md5('p' || g)::uuid, 'p' || g FROM generate_series(1, 800) g;
INSERT INTO lines SELECT id, n, md5('p' || (1 + (id * 2 + n) % 797))::uuid FROM orders, generate_series(1, 2) n;
INSERT INTO remarks SELECT order_id * 2 + number, order_id, number FROM lines WHERE (order_id, number) <> (71, 2);
INSERT INTO remarks SELECT 90000 + g, 81, 1 FROM generate_series(1, 20) g;
INSERT INTO remarks VALUES (99000, 81, NULL);
INSERT INTO events SELECT g, CASE g % 2 WHEN 0 THEN 'order' ELSE 'customer' END, 1 + g % 900 FROM generate_series(1, 2000) g;
UPDATE events SET subject_id = 800000 WHERE id IN (100, 101);
UPDATE events SET kind = 'invoice' WHERE id = 200;
UPDATE events SET kind = 'invoice', subject_id = NULL WHERE id = 201;
INSERT INTO categories SELECT g, CASE WHEN g > 10 THEN 1 + g % 10 END FROM generate_series(1, 1500) g;
INSERT INTO categories SELECT g, g - 1 FROM generate_series(1501, 1520) g; -- 22 levels below 1
UPDATE categories SET parent_id = id WHERE id = 600;
UPDATE categories SET parent_id = 1399 - id WHERE id IN (699, 700);
UPDATE categories SET parent_id = 800 + (id - 799) % 3 WHERE id IN (800, 801, 802);
UPDATE categories SET parent_id = 800 WHERE id = 810;
INSERT INTO versions SELECT 'v' || g, CASE WHEN g % 2 = 0 THEN 'v' || (g - 1) END FROM generate_series(1, 1000) g;
UPDATE versions SET previous = 'v2' WHERE code = 'v3';
UPDATE versions SET previous = 'gone' WHERE code = 'v9';
INSERT INTO tags SELECT g, 't' || g FROM generate_series(1, 1000) g;
INSERT INTO posts SELECT g, ARRAY[g, g % 1000 + 1], jsonb_build_object('author', g::text) FROM generate_series(1, 1000) g;
UPDATE posts SET tags = '{77777,5}' WHERE id = 300;
UPDATE posts SET tags = NULL, payload = '{"author": "nobody"}' WHERE id = 301;
INSERT INTO heads SELECT g, g FROM generate_series(1, 1000) g;
INSERT INTO arms SELECT g, g FROM generate_series(1, 1000) g;
UPDATE heads SET arm_id = 70000 WHERE id = 400;
ANALYZE;
