SELECT 'locale and rules', datlocprovider = 'i' AND datlocale = 'und' AND daticurules = '&a < z' FROM pg_catalog.pg_database WHERE datname = current_database();
SELECT 'they sort', string_agg(w, '' ORDER BY w) = 'azb' FROM public.word;
SELECT 'those of a collation', collicurules = '&b < y' AND NOT collisdeterministic FROM pg_catalog.pg_collation WHERE collname = 'odd';
SELECT 'references', count(*) = 2 FROM public.used JOIN public.word USING (w);
