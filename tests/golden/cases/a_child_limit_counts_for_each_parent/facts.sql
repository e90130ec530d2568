SELECT 'each customer has three orders, or all that there are',
    bool_and(n = least(3, id)) AND count(*) = 30 FROM (SELECT c.id, count(o.id) AS n FROM public.customer c LEFT JOIN public.orders o ON o.customer_id = c.id GROUP BY c.id) x;
SELECT 'they are the latest', bool_and(kept) FROM (
    SELECT (o.placed >= (SELECT x.placed FROM (SELECT date '2020-01-01' + g % 7 AS placed FROM generate_series(1, o.customer_id) g ORDER BY 1 DESC LIMIT 3) x ORDER BY 1 LIMIT 1)) AS kept FROM public.orders o) y;
SELECT 'each order has two lines', bool_and(n = 2) FROM (SELECT count(*) AS n FROM public.line GROUP BY order_id) x;
