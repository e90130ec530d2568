-- Rows that fill disks: 40 MB that do not compress.
CREATE TABLE wide (id int PRIMARY KEY, body mediumtext);
CREATE TABLE digits (d int);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
SET group_concat_max_len = 100000;
INSERT INTO wide SELECT a.d + 10 * b.d + 100 * c.d AS g,
    (SELECT GROUP_CONCAT(SHA2(CONCAT(g, '-', e.d, f.d, h.d, 'x'), 256) SEPARATOR '') FROM digits e, digits f, digits h)
    FROM digits a, digits b, digits c HAVING g < 625;
DROP TABLE digits;
