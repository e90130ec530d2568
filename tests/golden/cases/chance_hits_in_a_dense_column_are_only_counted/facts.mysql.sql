SELECT 'codes of production stand in staging, each of another row', count(*) BETWEEN 10 AND 90
    FROM person WHERE substr(code, 5) * 1 IN (SELECT * FROM (WITH RECURSIVE s (g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM s WHERE g < 600) SELECT g * 37 % 10000 FROM s) x);
