SELECT 'the rows the virtual column chose', count(*) = 10 FROM public.person;
SELECT 'values follow the new columns', bool_and(twice = price * 2 AND named = id || ':' || first AND stored = id + 1) FROM public.person;
SELECT 'the id was rewritten', count(*) > 0 FROM public.person WHERE id NOT BETWEEN 1 AND 10;
SELECT 'they are virtual still', string_agg(attname || attgenerated::text, ' ' ORDER BY attnum) = 'twicev namedv storeds' FROM pg_catalog.pg_attribute WHERE attrelid = 'public.person'::regclass AND attgenerated <> '';
SELECT 'equal rows of no key come as often', count(*) = 20 AND bool_and(length = length(note)) FROM public.visit;
SELECT 'partitions too', count(*) = 2 AND bool_and(day = 7) FROM public.event;
SELECT 'the comment too', col_description('public.person'::regclass, 4) = 'only when it is read';
