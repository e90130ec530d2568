CREATE TABLE person (id int PRIMARY KEY, mail text NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, body text NOT NULL);
INSERT INTO person SELECT g, 'person' || g || '@shop.test' FROM generate_series(1, 60) g;
INSERT INTO note VALUES (1, 'mailto:person7%40shop.test'), (2, '{"to":"person8\u0040shop.test"}'),
    (3, 'write to person9&#64;shop.test'), (4, 'all is well');
