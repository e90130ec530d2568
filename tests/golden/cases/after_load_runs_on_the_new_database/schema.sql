CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, total numeric(12,2) NOT NULL, note text);
CREATE TABLE app.lines (id int PRIMARY KEY, order_id int NOT NULL REFERENCES app.orders, amount numeric(12,2) NOT NULL);
CREATE TABLE app.countries (code text PRIMARY KEY, name text NOT NULL);
INSERT INTO app.orders SELECT g, 0, CASE WHEN g % 3 = 0 THEN 'note ' || g END FROM generate_series(1, 40) g;
INSERT INTO app.lines SELECT g, 1 + g % 40, g * 3.25 FROM generate_series(1, 160) g;
INSERT INTO app.countries VALUES ('DE', 'Germany'), ('FR', 'France');
UPDATE app.orders o SET total = (SELECT sum(amount) FROM app.lines l WHERE l.order_id = o.id);
