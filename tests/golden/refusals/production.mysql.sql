CREATE TABLE customers (id int PRIMARY KEY, email varchar(255) NOT NULL, full_name varchar(100), born_on date, created_at timestamp(6) NOT NULL, credit decimal(10, 2), UNIQUE KEY customers_email_key (email)) COLLATE utf8mb4_bin;
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id int NOT NULL, recipient_id int, state enum('new', 'paid') NOT NULL, placed_at timestamp(6) NOT NULL, total decimal(10, 2), CHECK (total >= 0),
    FOREIGN KEY (customer_id) REFERENCES customers (id), FOREIGN KEY (recipient_id) REFERENCES customers (id));
CREATE TABLE sessions (id int PRIMARY KEY, customer_id int, FOREIGN KEY (customer_id) REFERENCES customers (id));
CREATE TABLE logins (id int PRIMARY KEY, session_id int, `at` timestamp(6) NULL, FOREIGN KEY (session_id) REFERENCES sessions (id));
CREATE TABLE archive_orders (id bigint PRIMARY KEY, note varchar(100)) COLLATE utf8mb4_bin;
INSERT INTO customers SELECT g, concat('user', g, '@corp.test'), concat('Ann Smith ', g), date '1970-01-01' + INTERVAL g * 99 DAY, timestamp '2020-01-01 00:00:00' + INTERVAL g DAY, g FROM tests.series WHERE g BETWEEN 1 AND 50;
INSERT INTO orders SELECT g, 1 + g % 50, 1 + (g * 3) % 50, 'new', timestamp '2021-01-01 00:00:00' + INTERVAL g HOUR, g FROM tests.series WHERE g BETWEEN 1 AND 200;
INSERT INTO sessions SELECT g, g FROM tests.series WHERE g BETWEEN 1 AND 50;
INSERT INTO logins SELECT g, g, '2021-01-01 00:00:00' FROM tests.series WHERE g BETWEEN 1 AND 50;
INSERT INTO archive_orders SELECT g, 'note' FROM tests.series WHERE g BETWEEN 1 AND 10;

DELIMITER $$
CREATE FUNCTION count_up() RETURNS int MODIFIES SQL DATA
BEGIN
    INSERT INTO archive_orders (id) SELECT max(o.id) + 1 FROM archive_orders o;
    RETURN 1;
END $$
DELIMITER ;

-- Hints may speak of estimated rows: they must not depend on when statistics come.
ANALYZE TABLE customers, orders, sessions, logins, archive_orders;
