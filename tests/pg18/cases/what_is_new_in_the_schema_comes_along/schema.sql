CREATE TABLE stock (id uuid PRIMARY KEY DEFAULT uuidv7(), code text NOT NULL UNIQUE, amount int NOT NULL CHECK (amount >= 0), data jsonb);
INSERT INTO stock (code, amount, data) SELECT 'c' || g, g, jsonb_build_object('parts', jsonb_build_array(g, g + 1)) FROM generate_series(1, 20) g;
CREATE FUNCTION take(c text, n int) RETURNS TABLE (was int, is_now int) BEGIN ATOMIC
    UPDATE stock SET amount = amount - n WHERE code = c RETURNING old.amount, new.amount;
END;
CREATE FUNCTION put(c text, n int) RETURNS TABLE (what text, total int) BEGIN ATOMIC
    MERGE INTO stock s USING (VALUES (c, n)) v(code, n) ON s.code = v.code
        WHEN MATCHED THEN UPDATE SET amount = s.amount + v.n
        WHEN NOT MATCHED THEN INSERT (code, amount) VALUES (v.code, v.n)
        RETURNING merge_action(), s.amount;
END;
CREATE VIEW parts AS SELECT s.code, j.part FROM stock s, JSON_TABLE(s.data, '$.parts[*]' COLUMNS (part int PATH '$')) j;
CREATE VIEW mine WITH (security_invoker = true) AS SELECT * FROM stock;
CREATE TABLE log (id int GENERATED ALWAYS AS IDENTITY, at date, note text COMPRESSION lz4, EXCLUDE USING btree (at WITH =, id WITH =)) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
INSERT INTO log (at, note) SELECT date '2020-01-01' + g, 'n' FROM generate_series(1, 20) g;
ALTER TABLE log_1 ALTER note SET STORAGE MAIN;
CREATE FUNCTION greet() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER on_login ON login EXECUTE FUNCTION greet();
CREATE STATISTICS pair (ndistinct) ON code, amount FROM stock;
ANALYZE;
