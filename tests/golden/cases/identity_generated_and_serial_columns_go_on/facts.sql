SELECT 'generated columns are computed anew', bool_and(twice = a * 2) AND count(*) = 20 FROM public.always;
SELECT 'also from masked ones', bool_and(upper_name = upper(name)) FROM public.borrowed;
SELECT 'the next id of an identity is free', nextval('public.always_id_seq') > (SELECT max(id) FROM public.always);
SELECT 'and of one that steps', nextval('public.by_default_id_seq') > (SELECT max(id) FROM public.by_default);
SELECT 'and of a serial', nextval('public.old_style_id_seq') > (SELECT max(id) FROM public.old_style);
SELECT 'and of a borrowed sequence', nextval('public.loose_seq') > (SELECT max(id) FROM public.borrowed);
SELECT 'and of one that counts down', nextval('public.down_id_seq') < (SELECT min(id) FROM public.down);
SELECT 'ids stay in their band', max(id) < 16384 FROM public.always;
