CREATE TABLE tenants (id int PRIMARY KEY, name varchar(40) NOT NULL) COLLATE utf8mb4_bin;
CREATE TABLE people (id binary(16) PRIMARY KEY, tenant_id int NOT NULL, first_name varchar(60) NOT NULL, family_name varchar(60), email varchar(200) UNIQUE NOT NULL, number int NOT NULL UNIQUE, tier text, weight decimal(6,2), seen timestamp(6) NULL, area varchar(10),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)) COLLATE utf8mb4_bin;
CREATE TABLE files (id int PRIMARY KEY, path text NOT NULL, gateway varchar(60)) COLLATE utf8mb4_bin;
CREATE FUNCTION uuid_text(id binary(16)) RETURNS char(36) DETERMINISTIC
    RETURN lower(insert(insert(insert(insert(hex(id), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-'));
INSERT INTO tenants SELECT g * 37, concat('Corp ', g) FROM tests.series WHERE g BETWEEN 1 AND 12;
INSERT INTO people SELECT unhex(of_pg), 37 * (1 + g % 12), elt(1 + g % 4, 'Anna', 'Bob', 'Carla', 'David'), CASE WHEN g % 5 > 0 THEN elt(1 + g % 3, 'Smith', 'Jones', 'Brown') END, concat('user', g, '@corp.test'), 1000 + g, elt(1 + g % 2, 'gold', 'tin'), g * 1.37, timestamp '2024-03-05 11:22:33' + INTERVAL g * 77 MINUTE, concat('AREA', g) FROM tests.hashes WHERE g BETWEEN 1 AND 60;
INSERT INTO files SELECT row_number() OVER (ORDER BY number), concat('tenant-', tenant_id, '/', upper(uuid_text(id)), '/cv of ', first_name, '.pdf'), concat('gw_', uuid_text(id), ':', lpad(tenant_id, 8, '0')) FROM people;
INSERT INTO files VALUES (900, 'no path at all', NULL), (901, '', 'gw_x:00000001');
