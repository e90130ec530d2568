SOURCE tests/golden/refusals/production.mysql.sql;
CREATE USER IF NOT EXISTS unconnected@'127.0.0.1';
