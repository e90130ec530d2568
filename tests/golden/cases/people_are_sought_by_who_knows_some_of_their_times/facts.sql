SELECT 'the times of everybody moved', bool_and(at < '2024-09-01') FROM public.visit WHERE isfinite(at);
SELECT 'sentinels stayed', count(*) = 260 FROM public.visit WHERE at = 'infinity' OR at = '1970-01-01 00:00+00';
