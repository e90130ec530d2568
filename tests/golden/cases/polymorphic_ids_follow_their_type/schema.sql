CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE TABLE product (id bigint PRIMARY KEY);
CREATE TABLE audit (id bigint PRIMARY KEY, subject_type text, subject_id bigint);
INSERT INTO orders SELECT g FROM generate_series(1, 400) g;
INSERT INTO product SELECT g FROM generate_series(1, 400) g;
INSERT INTO audit SELECT g, (ARRAY['Order', 'Product', 'Robot', NULL])[1 + g % 4], 1 + g / 4 FROM generate_series(1, 1600) g;
