SELECT 'the customer in the document is the one that came', count(*) = 12 FROM public.document d JOIN public.customer c ON c.id = (d.body ->> 'customer_id')::bigint WHERE c.name = 'customer ' || (1 + d.id % 300);
SELECT 'ids were permuted', NOT EXISTS (SELECT FROM public.document d WHERE d.id <= 12 AND (body ->> 'customer_id')::int = 1 + d.id % 300);
SELECT 'the tags of a post are the ones that came', bool_and(t.label IS NOT NULL) FROM public.post p, unnest(p.tag_ids) u(id) LEFT JOIN public.tag t ON t.id = u.id WHERE p.id <> 1004 AND u.id IS NOT NULL;
SELECT 'the shape of an array stays', array_dims(tag_ids) = '[1:2][1:2]' FROM public.post WHERE id = 1003;
SELECT 'phones in it are masked', NOT EXISTS (SELECT FROM public.document WHERE body ->> 'phone' = '+49 30 1234567');
SELECT 'a kept path stays', bool_and((body #>> '{deep,n}')::int = id) FROM public.document WHERE id <= 12;
