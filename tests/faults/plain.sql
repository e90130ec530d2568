-- A production database with secrets, and a role that may only read it.
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader') THEN CREATE ROLE reader LOGIN; END IF;
END $$;
CREATE EXTENSION IF NOT EXISTS postgres_fdw;
CREATE TABLE customers (id int PRIMARY KEY, email text NOT NULL);
CREATE TABLE orders (id serial PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, placed date NOT NULL);
CREATE UNLOGGED TABLE scratch (id int PRIMARY KEY);
INSERT INTO customers SELECT g, 'user' || g || '@corp.test' FROM generate_series(1, 500) g;
INSERT INTO orders (customer_id, placed) SELECT 1 + g % 500, date '2020-01-01' + g FROM generate_series(1, 3000) g;
CREATE VIEW totals AS SELECT customer_id, count(*) FROM orders GROUP BY 1;
CREATE SERVER far_away FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1', dbname 'x');
CREATE USER MAPPING FOR postgres SERVER far_away OPTIONS (user 'x', password 'swordfish-mapping');
CREATE FOREIGN TABLE far_orders (id int) SERVER far_away;
CREATE SUBSCRIPTION sub_secret CONNECTION 'host=127.0.0.1 port=1 password=swordfish-subscription' PUBLICATION p
    WITH (connect = false, slot_name = NONE, enabled = false, create_slot = false);
GRANT CONNECT ON DATABASE plain TO reader;
GRANT USAGE ON SCHEMA public TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO reader;
ANALYZE;
