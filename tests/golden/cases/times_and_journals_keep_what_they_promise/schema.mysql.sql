CREATE TABLE customer (id integer PRIMARY KEY, joined date NOT NULL);
-- Office hours of weekdays only, 09:00 to 17:00; what ends does so at most 90 minutes later.
CREATE TABLE visit (
    id integer PRIMARY KEY,
    customer_id integer NOT NULL,
    begins timestamp(6) NOT NULL,
    ends timestamp(6) NULL,
    FOREIGN KEY (customer_id) REFERENCES customer (id),
    CONSTRAINT visit_check CHECK (begins < ends)
);
CREATE TABLE entry (id integer PRIMARY KEY, customer_id integer NOT NULL, FOREIGN KEY (customer_id) REFERENCES customer (id));
CREATE TABLE line (
    id integer PRIMARY KEY,
    entry_id integer NOT NULL,
    amount decimal(10,2) NOT NULL,
    debit decimal(10,2) NOT NULL,
    credit decimal(10,2) NOT NULL,
    FOREIGN KEY (entry_id) REFERENCES entry (id),
    CHECK (debit >= 0),
    CHECK (credit >= 0)
);
-- Sides of one column, in whole cents.
CREATE TABLE posting (
    entry_id integer NOT NULL,
    number smallint NOT NULL,
    side char(1) NOT NULL,
    cents bigint NOT NULL,
    PRIMARY KEY (entry_id, number),
    FOREIGN KEY (entry_id) REFERENCES entry (id),
    CHECK (cents > 0)
) COLLATE utf8mb4_bin;
INSERT INTO customer SELECT g, date '2023-01-02' + INTERVAL g DAY FROM tests.series WHERE g BETWEEN 1 AND 40;
INSERT INTO visit
SELECT g, 1 + g % 40, b, CASE WHEN g % 9 > 0 THEN b + INTERVAL 1 + g % 90 MINUTE END
FROM (SELECT g, timestamp '2023-03-06 09:00:00' + INTERVAL g % 60 DIV 5 * 7 + g % 5 DAY + INTERVAL g * 37 % 480 MINUTE AS b
      FROM tests.series WHERE g BETWEEN 1 AND 600) v;
INSERT INTO entry SELECT g, 1 + g % 40 FROM tests.series WHERE g BETWEEN 1 AND 200;
INSERT INTO line
SELECT e.g * 10 + l.g, e.g, (e.g * 7919 + l.g * 104729) % 100000 / 100.0 - 300, 0, 0
FROM tests.series e, tests.series l WHERE e.g BETWEEN 1 AND 200 AND l.g BETWEEN 1 AND 6 AND (l.g < 6 OR e.g % 3 > 0);
UPDATE line SET debit = abs(amount) WHERE id % 10 IN (1, 2);
UPDATE line SET debit = 0.01 WHERE id % 10 = 3 AND entry_id % 5 = 0;
UPDATE line l JOIN (SELECT entry_id, sum(debit) AS debit FROM line GROUP BY entry_id) s ON s.entry_id = l.entry_id
SET l.credit = s.debit WHERE l.id % 10 = 5;
UPDATE line l JOIN (SELECT entry_id, sum(amount) AS amount FROM line GROUP BY entry_id) s ON s.entry_id = l.entry_id
SET l.amount = l.amount - s.amount WHERE l.id % 10 = 4;
INSERT INTO posting SELECT e.g, n.g, 'D', 1 + (e.g * 31 + n.g * 17) % 900 FROM tests.series e, tests.series n WHERE e.g BETWEEN 1 AND 200 AND n.g BETWEEN 1 AND 4;
INSERT INTO posting SELECT entry_id, 5, 'C', sum(cents) - 2 FROM posting GROUP BY entry_id;
INSERT INTO posting SELECT entry_id, 6 + g, 'C', 1 FROM posting, tests.series WHERE number = 5 AND g BETWEEN 0 AND 1;
