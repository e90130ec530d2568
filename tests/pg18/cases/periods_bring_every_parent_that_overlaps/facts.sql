SELECT 'the contracts came', count(*) = 12 FROM public.contract;
SELECT 'the key is there and valid', convalidated AND conperiod FROM pg_catalog.pg_constraint WHERE conname = 'contract_price';
SELECT 'every contract is covered', bool_and(during <@ (SELECT range_agg(valid) FROM public.price p WHERE p.product = c.product)) FROM public.contract c WHERE product IS NOT NULL;
SELECT 'prices before came only where they overlap', bool_and(EXISTS (SELECT FROM public.contract c WHERE c.product = p.product AND c.during && p.valid)
    OR EXISTS (SELECT FROM public.loose c WHERE c.product = p.product AND c.during && p.valid)) FROM public.price p;
SELECT 'all of the long one', count(*) = 4 FROM public.price p JOIN public.contract c USING (product) WHERE c.id = 901;
SELECT 'products were rewritten', count(*) > 0 FROM public.price WHERE product > 50 OR amount % product <> 0;
SELECT 'amounts tell what it was', bool_and(amount % 10 = 0) FROM public.price p JOIN public.loose USING (product) WHERE loose.id = 1;
SELECT 'an exclusion by equality holds', count(*) BETWEEN 20 AND 80 FROM public.stay;
SELECT 'what refers to nothing came', count(*) = 3 FROM public.loose;
