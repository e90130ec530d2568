CREATE TABLE person (id int PRIMARY KEY, mail varchar(100) NOT NULL) COLLATE utf8mb4_bin;
CREATE TABLE note (id int PRIMARY KEY, body text NOT NULL);
INSERT INTO person SELECT g, concat('person', g, '@shop.test') FROM tests.series WHERE g BETWEEN 1 AND 60;
INSERT INTO note VALUES (1, 'mailto:person7%40shop.test'), (2, '{"to":"person8\\u0040shop.test"}'),
    (3, 'write to person9&#64;shop.test'), (4, 'all is well');
