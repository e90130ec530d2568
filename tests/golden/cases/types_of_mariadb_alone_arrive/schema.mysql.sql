CREATE TABLE addresses (id uuid PRIMARY KEY, four inet4, six inet6, refers uuid, FOREIGN KEY (refers) REFERENCES addresses (id));
INSERT INTO addresses VALUES
    ('00000000-0000-4000-8000-000000000001', '10.1.2.3', '2001:db8::1', NULL),
    ('123e4567-e89b-42d3-a456-426614174000', '198.51.100.7', '::ffff:1.2.3.4', '00000000-0000-4000-8000-000000000001'),
    ('ffffffff-ffff-4fff-bfff-ffffffffffff', NULL, NULL, '123e4567-e89b-42d3-a456-426614174000');
CREATE SEQUENCE counter START WITH 77 INCREMENT BY 7;
SELECT nextval(counter);
CREATE TABLE counted (id int PRIMARY KEY DEFAULT nextval(counter), body text);
INSERT INTO counted (body) VALUES ('a'), ('b');
CREATE TABLE versioned (id int PRIMARY KEY, price int) WITH SYSTEM VERSIONING;
INSERT INTO versioned VALUES (1, 10), (2, 20);
UPDATE versioned SET price = 11 WHERE id = 1;
CREATE TABLE squeezed (id int PRIMARY KEY, body text COMPRESSED, flexible blob);
INSERT INTO squeezed VALUES (1, repeat('long ', 1000), column_create('a', 1)), (2, '', NULL);
CREATE TABLE old_engine (id int PRIMARY KEY, body text) ENGINE = Aria TRANSACTIONAL = 1;
INSERT INTO old_engine VALUES (1, 'a'), (2, 'b');
