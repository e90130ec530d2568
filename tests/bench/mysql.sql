-- The table orders of bench.sql for MySQL and MariaDB, made by the server: MILLIONS million rows.
CREATE TABLE digits (d int PRIMARY KEY);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE thousands AS SELECT a.d * 100 + b.d * 10 + c.d AS n FROM digits a, digits b, digits c;
CREATE TABLE orders (order_id bigint NOT NULL PRIMARY KEY, customer_id bigint NOT NULL,
    order_no varchar(20) NOT NULL, status varchar(10) NOT NULL, placed_at datetime NOT NULL,
    total decimal(12, 2) NOT NULL, ship_name varchar(50) NOT NULL, ship_street varchar(50) NOT NULL,
    ship_zip varchar(10) NOT NULL, note varchar(100)) DEFAULT CHARSET utf8mb4;
INSERT INTO orders
SELECT g, 1 + CRC32(CONCAT(18, g)) % 500000, CONCAT('ORD-', LPAD(g, 10, '0')),
    ELT(1 + CRC32(CONCAT(19, g)) % 4, 'new', 'paid', 'shipped', 'returned'),
    '2016-01-01' + INTERVAL g * 90 SECOND, CRC32(CONCAT(20, g)) % 500000 / 100,
    CONCAT('Recipient ', CRC32(CONCAT(21, g)) % 1000000), CONCAT(1 + CRC32(CONCAT(22, g)) % 999, ' Elm Street'),
    LPAD(CRC32(CONCAT(23, g)) % 100000, 5, '0'), CASE WHEN g % 10 = 0 THEN CONCAT('leave at door ', g) END
FROM (SELECT 1 + m.n * 1000000 + a.n * 1000 + b.n AS g FROM thousands m, thousands a, thousands b
      WHERE m.n < MILLIONS ORDER BY 1) z;
DROP TABLE thousands, digits;
ANALYZE TABLE orders;
