CREATE TABLE marks (id int PRIMARY KEY, shop int NOT NULL, region int NOT NULL, number int NOT NULL, UNIQUE KEY marks_region_number_key (region, number));
INSERT INTO marks VALUES (1, 1, 1, 1);
