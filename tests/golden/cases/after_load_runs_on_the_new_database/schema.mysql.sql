CREATE TABLE orders (id int PRIMARY KEY, total decimal(12,2) NOT NULL, note text);
CREATE TABLE `lines` (id int PRIMARY KEY, order_id int NOT NULL, amount decimal(12,2) NOT NULL, FOREIGN KEY (order_id) REFERENCES orders (id));
CREATE TABLE countries (code char(2) PRIMARY KEY, name varchar(40) NOT NULL);
INSERT INTO orders SELECT g, 0, CASE WHEN g % 3 = 0 THEN concat('note ', g) END FROM tests.series WHERE g BETWEEN 1 AND 40;
INSERT INTO `lines` SELECT g, 1 + g % 40, g * 3.25 FROM tests.series WHERE g BETWEEN 1 AND 160;
INSERT INTO countries VALUES ('DE', 'Germany'), ('FR', 'France');
UPDATE orders o SET total = (SELECT sum(amount) FROM `lines` l WHERE l.order_id = o.id);
