CREATE TABLE area (id int, country text NOT NULL) PARTITION BY LIST (country);
CREATE TABLE area_de PARTITION OF area FOR VALUES IN ('DE');
INSERT INTO area VALUES (1, 'DE');
