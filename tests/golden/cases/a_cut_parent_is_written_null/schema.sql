CREATE TABLE customer (id int PRIMARY KEY, referred_by int REFERENCES customer, name text NOT NULL);
CREATE TABLE session (id int PRIMARY KEY);
CREATE TABLE visit (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer, session_id int REFERENCES session);
INSERT INTO customer SELECT g, nullif(g - 1, 0), 'c' || g FROM generate_series(1, 40) g;
INSERT INTO session SELECT g FROM generate_series(1, 40) g;
INSERT INTO visit SELECT g, g, g FROM generate_series(1, 40) g;
