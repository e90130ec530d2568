SELECT 'every boss comes, up to the first', (SELECT count(*) FROM public.employee WHERE name IN ('employee 290', 'employee 96', 'employee 32', 'employee 10', 'employee 3', 'employee 1')) = 6;
SELECT 'bosses come to the end of the cycle through departments', NOT EXISTS (SELECT FROM public.employee e WHERE boss_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.employee b WHERE b.id = e.boss_id));
SELECT 'heads of departments come', NOT EXISTS (SELECT FROM public.department d WHERE NOT EXISTS (SELECT FROM public.employee e WHERE e.id = d.head_id));
SELECT 'the ring is walked round', (SELECT count(*) FROM public.ring_a) = 50 AND (SELECT count(*) FROM public.ring_b) = 50 AND (SELECT count(*) FROM public.ring_c) = 50;
SELECT 'nobody else comes', NOT EXISTS (SELECT FROM public.employee WHERE name = 'own boss');
SELECT 'constraints stay deferrable', bool_and(condeferrable AND condeferred AND convalidated) FROM pg_catalog.pg_constraint WHERE contype = 'f' AND conrelid::regclass::text LIKE 'public.ring%';
