SELECT 'each customer has three orders, or all that there are', min(n = least(3, id)) AND count(*) = 30 FROM (SELECT c.id, count(o.id) AS n FROM customer c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id) x;
SELECT 'each order has two lines', min(n = 2) FROM (SELECT count(*) AS n FROM line GROUP BY order_id) x;
