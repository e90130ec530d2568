CREATE TABLE customer (id integer PRIMARY KEY, joined date NOT NULL);
-- Office hours of weekdays only, 09:00 to 17:00; what ends does so at most 90 minutes later.
CREATE TABLE visit (
    id integer PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customer,
    begins timestamptz NOT NULL,
    ends timestamptz,
    CHECK (begins < ends)
);
CREATE TABLE entry (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer);
CREATE TABLE line (
    id integer PRIMARY KEY,
    entry_id integer NOT NULL REFERENCES entry,
    amount numeric(10,2) NOT NULL,
    debit numeric(10,2) NOT NULL CHECK (debit >= 0),
    credit numeric(10,2) NOT NULL CHECK (credit >= 0)
);
CREATE INDEX ON line (entry_id);
-- Sides of one column, in whole cents.
CREATE TABLE posting (
    entry_id integer NOT NULL REFERENCES entry,
    number smallint NOT NULL,
    side char(1) NOT NULL,
    cents bigint NOT NULL CHECK (cents > 0),
    PRIMARY KEY (entry_id, number)
);
INSERT INTO customer SELECT i, '2023-01-02'::date + i FROM generate_series(1, 40) i;
INSERT INTO visit
SELECT i, 1 + i % 40, b, CASE WHEN i % 9 > 0 THEN b + (1 + i % 90) * interval '1 minute' END
FROM (SELECT i, '2023-03-06 09:00+00'::timestamptz + (i % 60 / 5 * 7 + i % 5) * interval '1 day'
               + (i * 37 % 480) * interval '1 minute' AS b FROM generate_series(1, 600) i) v;
INSERT INTO entry SELECT i, 1 + i % 40 FROM generate_series(1, 200) i;
INSERT INTO line
SELECT e * 10 + l, e, (e * 7919 + l * 104729) % 100000 / 100.0 - 300, 0, 0
FROM generate_series(1, 200) e, generate_series(1, 6) l WHERE l < 6 OR e % 3 > 0;
UPDATE line SET debit = abs(amount) WHERE id % 10 IN (1, 2);
UPDATE line SET debit = 0.01 WHERE id % 10 = 3 AND entry_id % 5 = 0;
UPDATE line l SET credit = s.debit FROM (SELECT entry_id, sum(debit) AS debit FROM line GROUP BY entry_id) s
WHERE s.entry_id = l.entry_id AND l.id % 10 = 5;
UPDATE line l SET amount = l.amount - s.amount
FROM (SELECT entry_id, sum(amount) AS amount FROM line GROUP BY entry_id) s
WHERE s.entry_id = l.entry_id AND l.id % 10 = 4;
INSERT INTO posting SELECT e, n, 'D', 1 + (e * 31 + n * 17) % 900 FROM generate_series(1, 200) e, generate_series(1, 4) n;
INSERT INTO posting SELECT entry_id, 5, 'C', sum(cents) - 2 FROM posting GROUP BY entry_id;
INSERT INTO posting SELECT entry_id, 6 + n, 'C', 1 FROM posting, generate_series(0, 1) n WHERE number = 5;
