-- A source with everything that staging must not get, and everything that must come along.
CREATE ROLE app_prod LOGIN;
CREATE ROLE auditor;
CREATE ROLE reporting;
CREATE ROLE shop_owner LOGIN;
CREATE DATABASE shop;
\connect shop
ALTER DATABASE shop SET work_mem = '5MB';

CREATE EXTENSION postgres_fdw;
CREATE EXTENSION citext;
CREATE SERVER prod FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', dbname 'x');
CREATE USER MAPPING FOR app_prod SERVER prod OPTIONS (user 'u', password 'sesame-4711');
CREATE FOREIGN TABLE remote_rates (code text, rate numeric) SERVER prod;
COMMENT ON FOREIGN TABLE remote_rates IS 'far away';
CREATE VIEW rates AS SELECT * FROM remote_rates;
COMMENT ON VIEW rates IS 'falls with the foreign table';
CREATE VIEW rates_twice AS SELECT * FROM rates;
CREATE MATERIALIZED VIEW rates_kept AS SELECT * FROM rates_twice WITH NO DATA;
CREATE FUNCTION rate_of(r remote_rates) RETURNS numeric LANGUAGE sql AS 'SELECT r.rate';
CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER watch_ddl ON ddl_command_start EXECUTE FUNCTION on_ddl();

CREATE TABLE customers (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name citext NOT NULL
);
CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    customer_id int REFERENCES customers,
    total numeric CHECK (total >= 0),
    doubled numeric GENERATED ALWAYS AS (total * 2) STORED
);
CREATE INDEX ON orders (customer_id);
CREATE TABLE "Odd ""Name""
x; y" (id int PRIMARY KEY REFERENCES customers, "from" text DEFAULT 'a;b');
COMMENT ON TABLE "Odd ""Name""
x; y" IS 'two
lines; and a semicolon';
CREATE SCHEMA "DATA";
CREATE TABLE "DATA".t (id int);
CREATE RULE no_delete AS ON DELETE TO customers DO INSTEAD NOTHING;

ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON orders FOR SELECT TO app_prod, auditor USING (customer_id > 0);
COMMENT ON POLICY seen ON orders IS 'policy comment';
CREATE POLICY own ON orders TO reporting USING (true) WITH CHECK (total < 10);

CREATE FUNCTION total_of(int) RETURNS numeric LANGUAGE sql
    AS 'SELECT sum(total) FROM public.orders WHERE customer_id = $1';
CREATE AGGREGATE nothing(int) (sfunc = int4pl, stype = int);
CREATE TYPE mood AS ENUM ('sad', 'ok');
ALTER TABLE customers OWNER TO shop_owner;
ALTER TYPE mood OWNER TO shop_owner;
ALTER FUNCTION total_of(int) OWNER TO shop_owner;
ALTER AGGREGATE nothing(int) OWNER TO shop_owner;
GRANT SELECT ON orders TO app_prod;
GRANT SELECT ON orders TO auditor;
GRANT INSERT (name), SELECT (name) ON customers TO app_prod WITH GRANT OPTION;
REVOKE EXECUTE ON FUNCTION total_of(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION total_of(int) TO app_prod;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app_prod;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE TABLE events (id int, at date NOT NULL, note text) PARTITION BY RANGE (at);
CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')
    PARTITION BY RANGE (id);
CREATE TABLE events_2020_a PARTITION OF events_2020 FOR VALUES FROM (0) TO (100);
CREATE INDEX ON events (at);
CREATE TABLE lines (order_id bigint, part int, FOREIGN KEY (order_id) REFERENCES orders)
    PARTITION BY LIST (part);
CREATE TABLE lines_1 PARTITION OF lines FOR VALUES IN (1);
CREATE TABLE lines_2 PARTITION OF lines FOR VALUES IN (2);

CREATE TABLE payments (id int, paid date);
CREATE TABLE payments_2020 (CONSTRAINT in_2020 CHECK (paid >= '2020-01-01' AND paid < '2021-01-01'))
    INHERITS (payments);
CREATE TABLE payments_2021 (CONSTRAINT in_2021 CHECK (paid >= '2021-01-01' AND paid < '2022-01-01'))
    INHERITS (payments);

CREATE SCHEMA vault;
CREATE TABLE vault.secrets (id int PRIMARY KEY, customer_id int REFERENCES public.customers);
CREATE TABLE hints (id int, secret_id int REFERENCES vault.secrets);
CREATE VIEW secret_hints AS SELECT h.id FROM hints h JOIN vault.secrets s ON s.id = h.secret_id;

CREATE MATERIALIZED VIEW later AS SELECT count(*) AS orders FROM orders;
CREATE MATERIALIZED VIEW earlier AS SELECT count(*) AS customers FROM customers;
CREATE VIEW between_them AS SELECT orders FROM later;
CREATE MATERIALIZED VIEW everything AS SELECT * FROM between_them, earlier;
CREATE MATERIALIZED VIEW never_filled AS SELECT 1 AS one WITH NO DATA;
CREATE MATERIALIZED VIEW over_never AS SELECT 2 AS two;

CREATE PUBLICATION everything FOR ALL TABLES;
CREATE SUBSCRIPTION from_prod CONNECTION 'host=127.0.0.1 port=1 password=sesame-4711'
    PUBLICATION p WITH (connect = false);
SELECT lo_create(4711);
