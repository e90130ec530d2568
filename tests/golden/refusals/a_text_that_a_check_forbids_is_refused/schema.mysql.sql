CREATE TABLE thing (id int PRIMARY KEY, email varchar(100), sku varchar(40) NOT NULL, plate varchar(40), vat varchar(40), slug varchar(40),
    CONSTRAINT email CHECK (email LIKE '%@%' AND char_length(email) <= 60), CONSTRAINT sku CHECK (sku REGEXP '^SKU-'), CONSTRAINT plate CHECK (plate REGEXP '^[A-Z]{2}-[0-9]+$'),
    CONSTRAINT vat CHECK (vat IS NULL OR vat REGEXP '^DE[0-9]{9}$'), CONSTRAINT slug CHECK (slug = lower(slug) AND char_length(slug) < 40 AND slug <> ''));
INSERT INTO thing VALUES (1, 'ann@shop.test', 'SKU-7', 'AB-12', 'DE123456789', 'x-y');
