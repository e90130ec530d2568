SELECT 'orders bring their entries', (SELECT count(*) FROM public.audit a JOIN public.orders o ON o.id = a.subject_id WHERE subject_type = 'Order') = 19;
SELECT 'no entry of an order is without it', NOT EXISTS (SELECT FROM public.audit a WHERE subject_type = 'Order' AND NOT EXISTS (SELECT FROM public.orders o WHERE o.id = a.subject_id));
SELECT 'no entry of a product is without it', NOT EXISTS (SELECT FROM public.audit a WHERE subject_type = 'Product' AND NOT EXISTS (SELECT FROM public.product p WHERE p.id = a.subject_id));
SELECT 'products do not bring theirs', (SELECT count(*) FROM public.audit WHERE subject_type = 'Product') = 2;
