SELECT 'about a quarter of 1200 orders', count(*) BETWEEN 230 AND 370 FROM orders;
SELECT 'no customer keeps all of them', max(n) < 40 FROM (SELECT count(*) AS n FROM orders GROUP BY customer_id) x;
SELECT 'an empty table of children stays empty', count(*) = 0 FROM line;
