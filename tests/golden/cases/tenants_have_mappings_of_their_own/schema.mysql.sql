CREATE TABLE tenants (id int PRIMARY KEY, name varchar(40) NOT NULL) COLLATE utf8mb4_bin;
CREATE TABLE orders (tenant_id int NOT NULL, number int NOT NULL, email varchar(100) NOT NULL, PRIMARY KEY (tenant_id, number), FOREIGN KEY (tenant_id) REFERENCES tenants (id)) COLLATE utf8mb4_bin;
CREATE TABLE `lines` (id int PRIMARY KEY, tenant_id int NOT NULL, number int NOT NULL, FOREIGN KEY (tenant_id, number) REFERENCES orders (tenant_id, number));
INSERT INTO tenants SELECT g, concat('Corp ', g) FROM tests.series WHERE g BETWEEN 1 AND 5;
INSERT INTO orders SELECT t.g, n.g, concat('user', n.g, '@corp.test') FROM tests.series t, tests.series n WHERE t.g BETWEEN 1 AND 5 AND n.g BETWEEN 1 AND 20;
INSERT INTO `lines` SELECT row_number() OVER (ORDER BY tenant_id, number, g), tenant_id, number FROM orders, tests.series WHERE g BETWEEN 1 AND 2;
