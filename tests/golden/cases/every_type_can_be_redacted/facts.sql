SELECT 'NULL stays NULL', num_nulls(i2, i4, i8, n, n2, f4, f8, m, o, b, p) = 11 FROM public.numbers WHERE id = 4;
SELECT 'no number stays', bool_and(i4 NOT IN (-2147483648, 2147483647)) FROM public.numbers;
SELECT 'infinities and NaN stay what they are', (SELECT f8 = 'NaN' FROM public.numbers WHERE id = 1) AND (SELECT d = 'infinity' FROM public.times WHERE id = 3);
SELECT 'a domain''s CHECK holds', bool_and(p BETWEEN 0 AND 100) FROM public.numbers;
SELECT 'the empty string stays empty', t = '' FROM public.texts WHERE id = 1;
SELECT 'no text stays', t NOT LIKE '%tab%' FROM public.texts WHERE id = 2;
SELECT 'documents stay documents', count(*) = 3 FROM public.documents WHERE jb IS NOT NULL;
