SELECT 'the parents came', count(*) = 15 FROM public.parent;
SELECT 'every reference that had a parent has it', count(*) = 10 FROM public.child c JOIN public.parent p ON p.id = c.parent_id WHERE c.id <= 100 AND p.name = 'parent ' || c.id;
SELECT 'the orphans came', count(*) = 3 FROM public.child c WHERE parent_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.parent p WHERE p.id = c.parent_id);
SELECT 'and share what is missing', count(DISTINCT parent_id) = 2 FROM public.child WHERE id > 900;
SELECT 'no key is enforced', count(*) = 3 AND NOT bool_or(conenforced) FROM pg_catalog.pg_constraint WHERE conname IN ('child_parent', 'clean_parent', 'low');
SELECT 'what the CHECK would forbid came', count(*) = 10 FROM public.child WHERE amount >= 10;
