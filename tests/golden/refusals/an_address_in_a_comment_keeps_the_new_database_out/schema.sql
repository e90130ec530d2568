CREATE TABLE person (id int PRIMARY KEY, mail text NOT NULL);
INSERT INTO person SELECT g, 'person' || g || '@shop.test' FROM generate_series(1, 60) g;
COMMENT ON COLUMN person.mail IS 'bounces go to person7@shop.test';
