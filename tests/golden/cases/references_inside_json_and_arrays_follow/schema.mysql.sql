CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(40)) COLLATE utf8mb4_bin;
CREATE TABLE document (id int PRIMARY KEY, body json, raw json);
INSERT INTO customer SELECT g, concat('customer ', g) FROM tests.series WHERE g BETWEEN 1 AND 300;
INSERT INTO document SELECT g, json_object('customer_id', 1 + g % 300, 'phone', '+49 30 1234567', 'deep', json_object('n', g)), '{"a": 1, "note": "text"}' FROM tests.series WHERE g BETWEEN 1 AND 600;
INSERT INTO document VALUES (1001, '{"customer_id": null}', NULL), (1002, '{}', '[]'), (1003, NULL, '"s"'), (1004, '[1, 2]', 'true'), (1005, '{"customer_id": 777777}', '1e300');
