CREATE TABLE area (id int, country varchar(2) NOT NULL) PARTITION BY LIST COLUMNS (country) (PARTITION area_de VALUES IN ('DE'));
INSERT INTO area VALUES (1, 'DE');
