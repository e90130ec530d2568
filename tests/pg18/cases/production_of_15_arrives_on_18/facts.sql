SELECT 'the server', current_setting('server_version_num')::int >= 180000;
SELECT 'rows', (SELECT count(*) FROM public.person) >= 20 AND (SELECT count(*) FROM public.visit) >= 60;
SELECT 'keys are valid', count(*) >= 3 AND bool_and(convalidated) FROM pg_catalog.pg_constraint WHERE contype = 'f';
SELECT 'NOT NULL as before', bool_and(attnotnull = (attname IN ('id', 'at'))) FROM pg_catalog.pg_attribute WHERE attrelid = 'public.visit'::regclass AND attnum > 0;
SELECT 'the view', count(*) > 5 FROM public.bosses;
SELECT 'the materialized view', sum(count) = (SELECT count(*) FROM public.visit) FROM public.visits;
SELECT 'policy and trigger', (SELECT count(*) FROM pg_catalog.pg_policy) = 1 AND (SELECT count(*) FROM pg_catalog.pg_trigger WHERE tgname = 'touched') = 1;
SELECT 'sequences', nextval('public.person_id_seq') > (SELECT max(id) FROM public.person);
