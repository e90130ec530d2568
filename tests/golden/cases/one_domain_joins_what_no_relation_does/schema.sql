CREATE TABLE crm (number int PRIMARY KEY, mail text NOT NULL);
CREATE TABLE shop (id int PRIMARY KEY, customer bigint, contact text NOT NULL);
INSERT INTO crm SELECT g * 7, 'user' || g || '@corp.test' FROM generate_series(1, 30) g;
INSERT INTO shop SELECT g, g * 7, 'user' || g || '@corp.test' FROM generate_series(1, 30) g;
