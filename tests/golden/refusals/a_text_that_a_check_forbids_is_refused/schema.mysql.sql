CREATE TABLE thing (id int PRIMARY KEY, email varchar(100), sku varchar(40) NOT NULL, plate varchar(40), vat varchar(40), slug varchar(40),
    CONSTRAINT check_1 CHECK (email LIKE '%@%' AND char_length(email) <= 60), CONSTRAINT check_2 CHECK (sku REGEXP '^SKU-'), CONSTRAINT check_3 CHECK (plate REGEXP '^[A-Z]{2}-[0-9]+$'),
    CONSTRAINT check_4 CHECK (vat IS NULL OR vat REGEXP '^DE[0-9]{9}$'), CONSTRAINT check_5 CHECK (slug = lower(slug) AND char_length(slug) < 40 AND slug <> ''));
INSERT INTO thing VALUES (1, 'ann@shop.test', 'SKU-7', 'AB-12', 'DE123456789', 'x-y');
