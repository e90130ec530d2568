SELECT 'all stores of a chosen region come', bool_and(n = 5) FROM (SELECT count(s.number) AS n FROM public.region r LEFT JOIN public.store s ON s.region_code = r.code AND s.region_year = r.year GROUP BY r.code, r.year) x;
SELECT 'every store has its region', NOT EXISTS (SELECT FROM public.store s WHERE NOT EXISTS (SELECT FROM public.region r WHERE (r.code, r.year) = (s.region_code, s.region_year)));
SELECT 'one shelf for each store', (SELECT count(*) FROM public.store) = (SELECT count(*) FROM public.shelf f JOIN public.store s ON (s.number, s.region_code, s.region_year) = (f.store_number, f.region_code, f.region_year));
SELECT 'the constraints are valid', bool_and(convalidated) FROM pg_catalog.pg_constraint WHERE contype = 'f';
SELECT 'some but not all regions came', count(*) BETWEEN 1 AND 25 FROM public.region;
SELECT 'self references hold over swapped columns', NOT EXISTS (SELECT FROM public.swap_columns s WHERE d IS NOT NULL AND NOT EXISTS (SELECT FROM public.swap_columns p WHERE (p.b, p.a) = (s.d, s.e)));
