CREATE TABLE tenants (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE people (id uuid PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants, first_name text NOT NULL, family_name text, email text UNIQUE NOT NULL, number int NOT NULL UNIQUE, tier text, weight numeric(6,2), seen timestamptz, area varchar(10));
CREATE TABLE files (id int PRIMARY KEY, path text NOT NULL, gateway varchar(60));
INSERT INTO tenants SELECT g * 37, 'Corp ' || g FROM generate_series(1, 12) g;
INSERT INTO people SELECT md5('p' || g)::uuid, 37 * (1 + g % 12), (ARRAY['Anna', 'Bob', 'Carla', 'David'])[1 + g % 4], CASE WHEN g % 5 > 0 THEN (ARRAY['Smith', 'Jones', 'Brown'])[1 + g % 3] END, 'user' || g || '@corp.test', 1000 + g, (ARRAY['gold', 'tin'])[1 + g % 2], g * 1.37, '2024-03-05 11:22:33+00'::timestamptz + g * interval '77 min', 'AREA' || g FROM generate_series(1, 60) g;
INSERT INTO files SELECT row_number() OVER (ORDER BY number), 'tenant-' || tenant_id || '/' || upper(id::text) || '/cv of ' || first_name || '.pdf', 'gw_' || id || ':' || lpad(tenant_id::text, 8, '0') FROM people;
INSERT INTO files VALUES (900, 'no path at all', NULL), (901, '', 'gw_x:00000001');
