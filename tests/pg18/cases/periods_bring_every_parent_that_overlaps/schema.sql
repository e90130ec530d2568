CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE price (product int, valid daterange, amount int, PRIMARY KEY (product, valid WITHOUT OVERLAPS));
INSERT INTO price SELECT p, daterange(date '2020-01-01' + q * 90, date '2020-01-01' + (q + 1) * 90), p * q
    FROM generate_series(1, 50) p, generate_series(0, 3) q;
CREATE TABLE contract (id int PRIMARY KEY, product int, during daterange,
    CONSTRAINT contract_price FOREIGN KEY (product, PERIOD during) REFERENCES price (product, PERIOD valid));
INSERT INTO contract SELECT g, (g % 50) + 1, daterange(date '2020-02-01' + g % 40, date '2020-06-01' + g % 40) FROM generate_series(1, 100) g;
INSERT INTO contract VALUES (901, 7, '[2020-01-01,2020-12-20)'), (902, NULL, '[2020-01-01,2020-01-02)');
CREATE TABLE stay (room int, during tstzrange, CONSTRAINT one_guest EXCLUDE USING gist (room WITH =, during WITH &&));
INSERT INTO stay SELECT r, tstzrange(now() + d * interval '1 day', now() + (d + 1) * interval '1 day') FROM generate_series(1, 5) r, generate_series(1, 20) d;
CREATE TABLE loose (id int PRIMARY KEY, product int, during daterange,
    CONSTRAINT loose_price FOREIGN KEY (product, PERIOD during) REFERENCES price (product, PERIOD valid) NOT ENFORCED);
INSERT INTO loose VALUES (1, 20, '[2020-01-05,2020-01-06)'), (2, 4711, '[2020-01-05,2020-01-06)'), (3, 21, '[2031-01-05,2031-01-06)');
ANALYZE;
