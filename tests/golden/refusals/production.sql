CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE customers (id int PRIMARY KEY, email text UNIQUE NOT NULL, full_name text, born_on date, created_at timestamptz NOT NULL, credit numeric(10, 2));
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, recipient_id int REFERENCES customers, state state NOT NULL, placed_at timestamptz NOT NULL, total numeric(10, 2) CHECK (total >= 0));
CREATE TABLE sessions (id int PRIMARY KEY, customer_id int REFERENCES customers);
CREATE TABLE logins (id int PRIMARY KEY, session_id int REFERENCES sessions, at timestamptz);
CREATE SCHEMA archive;
CREATE TABLE archive.orders (id bigint PRIMARY KEY, note text);
INSERT INTO customers SELECT g, 'user' || g || '@corp.test', 'Ann Smith ' || g, date '1970-01-01' + g * 99, '2020-01-01 00:00+00'::timestamptz + g * interval '1 day', g FROM generate_series(1, 50) g;
INSERT INTO orders SELECT g, 1 + g % 50, 1 + (g * 3) % 50, 'new', '2021-01-01 00:00+00'::timestamptz + g * interval '1 hour', g FROM generate_series(1, 200) g;
INSERT INTO sessions SELECT g, g FROM generate_series(1, 50) g;
INSERT INTO logins SELECT g, g, '2021-01-01 00:00+00' FROM generate_series(1, 50) g;
INSERT INTO archive.orders SELECT g, 'note' FROM generate_series(1, 10) g;
CREATE SEQUENCE counter;

-- Hints may speak of estimated rows: they must not depend on when autovacuum comes.
ANALYZE;
