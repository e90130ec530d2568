CREATE TABLE customer (id int PRIMARY KEY, referred_by int, name varchar(40) NOT NULL, FOREIGN KEY (referred_by) REFERENCES customer (id)) COLLATE utf8mb4_bin;
CREATE TABLE session (id int PRIMARY KEY);
CREATE TABLE visit (id int PRIMARY KEY, customer_id int NOT NULL, session_id int, FOREIGN KEY (customer_id) REFERENCES customer (id), FOREIGN KEY (session_id) REFERENCES session (id));
INSERT INTO customer SELECT g, nullif(g - 1, 0), concat('c', g) FROM tests.series WHERE g BETWEEN 1 AND 40 ORDER BY g;
INSERT INTO session SELECT g FROM tests.series WHERE g BETWEEN 1 AND 40;
INSERT INTO visit SELECT g, g, g FROM tests.series WHERE g BETWEEN 1 AND 40;
