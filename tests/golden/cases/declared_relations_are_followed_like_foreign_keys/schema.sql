CREATE TABLE customer (id int PRIMARY KEY, legacy_no text UNIQUE);
CREATE TABLE invoice (id int PRIMARY KEY, customer_no text);
CREATE TABLE bill (region char(2), number int, PRIMARY KEY (region, number));
CREATE TABLE bill_line (id int PRIMARY KEY, bill_region char(2), bill_number int);
INSERT INTO customer SELECT g, 'K-' || lpad(g::text, 5, '0') FROM generate_series(1, 500) g;
INSERT INTO invoice SELECT g, 'K-' || lpad((1 + g % 500)::text, 5, '0') FROM generate_series(1, 1500) g;
INSERT INTO invoice VALUES (9001, 'K-99999'), (9002, NULL);
INSERT INTO bill SELECT (ARRAY['DE', 'FR'])[1 + g % 2], g FROM generate_series(1, 400) g;
INSERT INTO bill_line SELECT g, (ARRAY['DE', 'FR'])[1 + g % 2], 1 + (g - 1) % 400 FROM generate_series(1, 1200) g;
