SELECT 'a full table has every row', count(*) = 300 FROM public.country;
SELECT 'a table of the limit comes in full', count(*) = 100 FROM public.exactly_small;
SELECT 'one of a row more is sampled', count(*) BETWEEN 1 AND 40 FROM public.not_small;
SELECT 'an empty table is empty', count(*) = 0 FROM public.outbox;
SELECT 'rows: 25 are 25 rows', count(*) = 25 FROM public.visitor;
SELECT 'references of a full table bring nobody along', (SELECT count(*) FROM public.visitor) = 25;
