SELECT 'the profile''s word counts', bool_and(name LIKE 'Ann %') FROM public.person;
SELECT 'the packs'' words count else', bool_and(email NOT LIKE '%real.test') FROM public.person;
SELECT 'relations of a pack hold', (SELECT count(*) FROM public.message m JOIN public.person p ON p.id = m.sender) = 20;
SELECT 'a rule for every table holds in each', (SELECT bool_and(updated_at < '2024-01-01') FROM public.person) AND (SELECT bool_and(updated_at < '2024-01-20') FROM public.message);
