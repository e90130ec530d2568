SELECT 'NULLs came', count(*) = 10 FROM public.item WHERE name IS NULL;
SELECT 'names were rewritten, each to its own', count(DISTINCT name) = 20 AND NOT bool_or(name LIKE 'name %') FROM public.item;
SELECT 'a rule may write NULL', count(*) = 30 FROM public.item WHERE phone IS NULL;
SELECT 'the constraints are not valid still', NOT convalidated FROM pg_catalog.pg_constraint WHERE conname IN ('name_given', 'phone_given');
SELECT 'names of the others stay', count(*) = 5 AND bool_and(convalidated) FROM pg_catalog.pg_constraint WHERE conname IN ('code_given', 'a_given', 'b_given', 'must');
SELECT 'inheritance stays as it was', count(*) = 1 FROM public.derived WHERE a IS NULL;
