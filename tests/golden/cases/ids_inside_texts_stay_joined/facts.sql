SELECT 'ids in paths still name their tenant and person', count(*) = 60 FROM public.files f JOIN public.people p ON f.path LIKE 'tenant-' || p.tenant_id || '/' || upper(p.id::text) || '/__ __ %';
SELECT 'ids in gateway names do too, with their zeros', count(*) = 60 FROM public.files f JOIN public.people p ON f.gateway = 'gw_' || p.id || ':' || lpad(p.tenant_id::text, 8, '0');
SELECT 'what does not match is scrambled', bool_and(path !~ 'no path|Anna') FROM public.files;
SELECT 'the template holds what stands beside it', bool_and(email = first_name || '.' || coalesce(family_name, '') || '.' || number || '@mail.example') FROM public.people;
SELECT 'the choices are of the list', bool_and(tier IN ('gold', 'silver', 'bronze') AND area IN ('north', 'south', 'east')) FROM public.people;
SELECT 'weights are rounded', bool_and(weight % 10 = 0) FROM public.people;
SELECT 'times are months', bool_and(seen = date_trunc('month', seen AT TIME ZONE 'UTC') AT TIME ZONE 'UTC') FROM public.people;
