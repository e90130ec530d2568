SOURCE tests/golden/refusals/production.mysql.sql;
CREATE USER IF NOT EXISTS restricted@'127.0.0.1';
GRANT SELECT ON production.customers TO restricted@'127.0.0.1';
GRANT SELECT ON production.logins TO restricted@'127.0.0.1';
GRANT INSERT ON production.sessions TO restricted@'127.0.0.1';
GRANT DELETE ON production.orders TO restricted@'127.0.0.1';
GRANT SELECT (id), UPDATE (note) ON production.archive_orders TO restricted@'127.0.0.1';
