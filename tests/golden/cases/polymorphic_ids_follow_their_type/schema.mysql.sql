CREATE TABLE orders (id bigint unsigned PRIMARY KEY);
CREATE TABLE product (id bigint unsigned PRIMARY KEY);
CREATE TABLE audit (id bigint PRIMARY KEY, subject_type varchar(20), subject_id bigint unsigned) COLLATE utf8mb4_bin;
INSERT INTO orders SELECT g FROM tests.series WHERE g BETWEEN 1 AND 400;
INSERT INTO product SELECT g FROM tests.series WHERE g BETWEEN 1 AND 400;
INSERT INTO audit SELECT g, elt(1 + g % 4, 'Order', 'Product', 'Robot', NULL), 1 + g DIV 4 FROM tests.series WHERE g BETWEEN 1 AND 1600;
