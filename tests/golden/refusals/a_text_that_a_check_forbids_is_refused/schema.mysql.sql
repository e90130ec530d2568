CREATE TABLE thing (id int PRIMARY KEY, email varchar(100), sku varchar(40) NOT NULL, plate varchar(40), vat varchar(40), slug varchar(40),
    CHECK (email LIKE '%@%' AND length(email) <= 60), CHECK (sku REGEXP '^SKU-'), CONSTRAINT plate CHECK (plate REGEXP '^[A-Z]{2}-[0-9]+$'),
    CHECK (vat IS NULL OR vat REGEXP '^DE[0-9]{9}$'), CHECK (slug = lower(slug) AND char_length(slug) < 40 AND slug <> ''));
INSERT INTO thing VALUES (1, 'ann@shop.test', 'SKU-7', 'AB-12', 'DE123456789', 'x-y');
