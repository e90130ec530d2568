SELECT 'no two tenants number alike', count(DISTINCT numbers) = 5 FROM (SELECT group_concat(number ORDER BY number) AS numbers FROM orders GROUP BY tenant_id) x;
SELECT 'nor do they share a user', count(DISTINCT email) = 100 FROM orders;
SELECT 'lines stay with their orders', count(*) = 200 FROM `lines` JOIN orders USING (tenant_id, number);
