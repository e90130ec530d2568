SELECT 'no two tenants number alike', count(DISTINCT numbers) = 5 FROM (SELECT array_agg(number ORDER BY number) AS numbers FROM public.orders GROUP BY tenant_id) x;
SELECT 'nor do they share a user', count(DISTINCT email) = 100 FROM public.orders;
SELECT 'lines stay with their orders', count(*) = 200 FROM public.lines JOIN public.orders USING (tenant_id, number);
