SELECT 'the budget holds', (SELECT count(*) FROM public.account) + (SELECT count(*) FROM public.entry) BETWEEN 100 AND 300;
SELECT 'the pins are there', (SELECT count(*) FROM public.account WHERE id IN (7, 8, 9)) = 3;
SELECT 'whole accounts came', (SELECT count(*) FROM public.entry) = 5 * (SELECT count(*) FROM public.account);
