SELECT 'all rows came', count(*) = 151 FROM public.child;
SELECT 'the orphan is one', count(*) = 1 FROM public.child c WHERE NOT EXISTS (SELECT FROM public.parent p WHERE p.id = c.parent_id);
SELECT 'one key of the whole, not valid', count(*) = 1 AND NOT bool_or(convalidated) FROM pg_catalog.pg_constraint WHERE conname = 'child_parent' AND conparentid = 0 AND conrelid = 'public.child'::regclass;
