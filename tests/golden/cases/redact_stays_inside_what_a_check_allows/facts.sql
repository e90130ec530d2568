SELECT 'every row came', count(*) = 45 FROM public.thing;
SELECT 'shares moved', count(DISTINCT share) > 20 FROM public.thing;
