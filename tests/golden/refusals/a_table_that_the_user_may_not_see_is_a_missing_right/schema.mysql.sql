SOURCE tests/golden/refusals/production.mysql.sql;
CREATE USER IF NOT EXISTS blind@'127.0.0.1';
GRANT SELECT ON production.customers TO blind@'127.0.0.1';
