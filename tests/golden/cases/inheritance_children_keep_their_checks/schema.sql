CREATE TABLE customer (id int PRIMARY KEY);
CREATE TABLE payment (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer, amount numeric(8, 2) NOT NULL CHECK (amount >= 0), paid timestamptz NOT NULL);
CREATE TABLE payment_01 (note text, CHECK (paid >= '2022-01-01 00:00+00' AND paid < '2022-02-01 00:00+00'), PRIMARY KEY (id), FOREIGN KEY (customer_id) REFERENCES customer) INHERITS (payment);
CREATE TABLE payment_02 (CHECK (paid >= '2022-02-01 00:00+00' AND paid < '2022-03-01 00:00+00'), CHECK (id > 0)) INHERITS (payment);
INSERT INTO customer SELECT g FROM generate_series(1, 20) g;
INSERT INTO payment SELECT g, 1 + g % 20, g, '2021-06-01 00:00+00' FROM generate_series(1, 40) g;
INSERT INTO payment_01 SELECT 100 + g, 1 + g % 20, g, '2022-01-10 00:00+00'::timestamptz + g * interval '3 hours', 'note' FROM generate_series(1, 40) g;
INSERT INTO payment_02 SELECT 200 + g, 1 + g % 20, g, '2022-02-10 00:00+00'::timestamptz + g * interval '3 hours' FROM generate_series(1, 40) g;
