SELECT 'three orphans came', count(*) = 3 FROM public.child c WHERE NOT EXISTS (SELECT FROM public.parent p WHERE p.id = c.parent_id);
SELECT 'they still share what is missing', (SELECT count(DISTINCT parent_id) FROM public.child WHERE id > 900) = 2;
SELECT 'their constraint is there, not valid', NOT convalidated FROM pg_catalog.pg_constraint WHERE conname = 'child_parent';
SELECT 'half a reference is none', (SELECT count(*) FROM public.half) = 3 AND (SELECT count(*) FROM public.pair) = 2;
SELECT 'the constraints of it are valid', bool_and(convalidated) AND count(*) = 2 FROM pg_catalog.pg_constraint WHERE conrelid = 'public.half'::regclass AND contype = 'f';
