CREATE TABLE stay (id int PRIMARY KEY, a timestamp NULL, b timestamp NULL, CONSTRAINT stay_check CHECK (a < b));
INSERT INTO stay VALUES (1, '2020-01-01 00:00:00', '2020-01-02 00:00:00');
