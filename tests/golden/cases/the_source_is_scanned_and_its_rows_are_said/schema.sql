CREATE TABLE person (id int PRIMARY KEY, mail text NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, body text NOT NULL);
INSERT INTO person SELECT g, 'person' || g || '@shop.test' FROM generate_series(1, 60) g;
INSERT INTO note VALUES (1, 'ask person61@shop.test'), (2, 'all is well');
