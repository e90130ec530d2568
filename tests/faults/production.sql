-- A production database with gates: while a file gate_NAME lies in a server's data directory, whoever
-- evaluates gate('NAME', ...) there waits.
CREATE FUNCTION gate(name text, value int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    WHILE (pg_catalog.pg_stat_file('gate_' || name, true)).size IS NOT NULL LOOP
        PERFORM pg_catalog.pg_sleep(0.02);
    END LOOP;
    RETURN value;
END $$;
CREATE TABLE customers (
    id int PRIMARY KEY, email text NOT NULL, name text,
    CONSTRAINT customers_gate CHECK (gate('load', id) IS NOT NULL));
CREATE TABLE orders (
    id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, body text,
    CONSTRAINT orders_gate CHECK (gate('load', id) IS NOT NULL));
INSERT INTO customers SELECT g, 'user' || g || '@corp.test', 'Ann Smith ' || g FROM generate_series(1, 200) g;
INSERT INTO orders SELECT g, 1 + g % 200, repeat(md5(g::text), 100) FROM generate_series(1, 2000) g;
CREATE INDEX orders_gate ON orders (gate('index', id));
ANALYZE;
