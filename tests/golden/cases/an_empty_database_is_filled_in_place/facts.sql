SELECT 'the rows are there', count(*) = 2 FROM public.thing;
SELECT 'no other database is', count(*) = 1 FROM pg_catalog.pg_database WHERE datname LIKE 'staging%';
