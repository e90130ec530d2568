CREATE TABLE tenants (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE orders (tenant_id int NOT NULL REFERENCES tenants, number int NOT NULL, email text NOT NULL, PRIMARY KEY (tenant_id, number));
CREATE TABLE lines (id int PRIMARY KEY, tenant_id int NOT NULL, number int NOT NULL, FOREIGN KEY (tenant_id, number) REFERENCES orders);
INSERT INTO tenants SELECT g, 'Corp ' || g FROM generate_series(1, 5) g;
INSERT INTO orders SELECT t, g, 'user' || g || '@corp.test' FROM generate_series(1, 5) t, generate_series(1, 20) g;
INSERT INTO lines SELECT row_number() OVER (), tenant_id, number FROM orders, generate_series(1, 2);
