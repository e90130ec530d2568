CREATE TABLE person (id int PRIMARY KEY, mail text NOT NULL, board text);
INSERT INTO person SELECT g, 'person' || g || '@shop.test', CASE WHEN g < 4 THEN 'person' || g || '@shop.test' END
    FROM generate_series(1, 20) g;
