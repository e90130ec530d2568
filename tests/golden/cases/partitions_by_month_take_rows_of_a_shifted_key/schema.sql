CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE event (id bigint, account_id int NOT NULL REFERENCES account, at timestamptz NOT NULL, kind text NOT NULL) PARTITION BY RANGE (at);
CREATE INDEX ON event (account_id);
DO $$ BEGIN
    FOR m IN 0..23 LOOP
        EXECUTE format('CREATE TABLE event_%s PARTITION OF event FOR VALUES FROM (%L) TO (%L)', m,
            date '2023-01-01' + m * interval '1 month', date '2023-01-01' + (m + 1) * interval '1 month');
    END LOOP;
END $$;
INSERT INTO account SELECT g FROM generate_series(1, 40) g;
INSERT INTO event SELECT g, 1 + g % 40, '2023-01-01 10:00+00'::timestamptz + g * interval '5 hours', 'k' || g % 3 FROM generate_series(1, 3000) g;
CREATE TABLE ledger (id bigint, account_id int NOT NULL REFERENCES account, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE ledger_2023 PARTITION OF ledger FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE ledger_2024 PARTITION OF ledger FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
INSERT INTO ledger SELECT 1 + g % 7, 1 + g % 40, date '2023-01-01' + g FROM generate_series(0, 700) g;
CREATE TABLE kept (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE kept_old PARTITION OF kept FOR VALUES FROM (MINVALUE) TO ('2020-01-01') PARTITION BY LIST (id);
CREATE TABLE kept_old_1 PARTITION OF kept_old FOR VALUES IN (1, 2, 3);
CREATE TABLE kept_old_rest PARTITION OF kept_old DEFAULT;
CREATE TABLE kept_new PARTITION OF kept FOR VALUES FROM ('2020-01-01') TO (MAXVALUE);
INSERT INTO kept SELECT g, date '2019-12-28' + g FROM generate_series(1, 8) g;
CREATE TABLE hashed (id int PRIMARY KEY, body text) PARTITION BY HASH (id);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO hashed SELECT g, 'b' || g FROM generate_series(1, 50) g;
