CREATE DOMAIN plate AS text CHECK (VALUE ~ '^[A-Z]{2}-[0-9]+$');
CREATE TABLE thing (id int PRIMARY KEY, email text CHECK (email LIKE '%@%' AND length(email) <= 60),
    sku text NOT NULL CHECK (sku ~ '^SKU-'), plate plate, vat text CHECK (vat IS NULL OR vat ~ '^DE[0-9]{9}$'),
    slug text CHECK (slug = lower(slug) AND char_length(slug) < 40 AND slug <> ''));
INSERT INTO thing VALUES (1, 'ann@shop.test', 'SKU-7', 'AB-12', 'DE123456789', 'x-y');
