SELECT 'codes of production stand in staging, each of another row', count(*) BETWEEN 10 AND 90
    FROM public.person JOIN generate_series(1, 600) g ON code = '1234' || lpad((g * 37 % 10000)::text, 4, '0');
