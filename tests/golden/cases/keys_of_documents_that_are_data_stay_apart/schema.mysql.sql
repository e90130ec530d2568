CREATE TABLE docs (id int PRIMARY KEY, b json, j json, t text) COLLATE utf8mb4_bin;
INSERT INTO docs SELECT g, json_object('1', g, '2', g, '3', g, '4', 'x', '5', 'x', '6', 'x', 'bob@corp.test', 1, 'amy@corp.test', 2, '99', 3, 'name', 'Bob'),
    '{"7":1,"8":2,"big":9007199254740993,"long key here":[1,{"2":3}]}', CASE g % 2 WHEN 0 THEN '{"1":1,"2":2}' ELSE concat('no document ', g) END FROM tests.series WHERE g BETWEEN 1 AND 40;
