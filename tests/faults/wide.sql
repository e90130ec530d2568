-- Rows that fill disks: 40 MB that do not compress.
CREATE TABLE wide (id int PRIMARY KEY, body text);
INSERT INTO wide SELECT g, (SELECT string_agg(md5(g * 1000 + i || 'x'), '') FROM generate_series(1, 1000) i) FROM generate_series(1, 1250) g;
