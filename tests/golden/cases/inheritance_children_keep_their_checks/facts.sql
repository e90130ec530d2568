SELECT 'each member holds its own rows', (SELECT count(*) FROM ONLY public.payment) = 40 AND (SELECT count(*) FROM public.payment_01) = 40 AND (SELECT count(*) FROM public.payment_02) = 40;
SELECT 'a CHECK over a shifted column is there, not validated', count(*) = 2 AND bool_and(NOT convalidated) FROM pg_catalog.pg_constraint WHERE conname LIKE 'payment_0__paid_check';
SELECT 'a CHECK that still holds is validated', count(*) >= 2 AND bool_and(convalidated) FROM pg_catalog.pg_constraint WHERE conname IN ('payment_amount_check', 'payment_02_id_check');
