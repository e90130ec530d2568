SELECT 'every row found a partition', (SELECT count(*) FROM public.event) = 75 * (SELECT count(*) FROM public.account);
SELECT 'rows lie where their key says', bool_and(at >= '2023-01-01'::date + substr(tableoid::regclass::text, 14)::int * interval '1 month' AND at < '2023-01-01'::date + (1 + substr(tableoid::regclass::text, 14)::int) * interval '1 month') FROM public.event WHERE tableoid::regclass::text ~ '_[0-9]+$';
SELECT 'what no month takes lies in a default partition', count(*) > 0 AND bool_and(at < '2023-01-01') FROM public.event WHERE tableoid::regclass::text !~ '_[0-9]+$';
SELECT 'a primary key with the shifted key holds', (SELECT count(*) FROM public.ledger) > 300 AND bool_and(conrelid::regclass::text IS NOT NULL) FROM pg_catalog.pg_constraint WHERE conname = 'ledger_pkey';
SELECT 'nothing lies in the future', max(at) < '2025-01-01' FROM public.event;
SELECT 'kept partitions keep their rows', (SELECT count(*) FROM public.kept_old_1) = 3 AND (SELECT count(*) FROM public.kept_new) = 5;
SELECT 'hash partitions take permuted keys', count(*) = 50 FROM public.hashed;
