SELECT 'no key is lost', bool_and((SELECT count(*) FROM jsonb_object_keys(b)) = 10) FROM public.docs;
SELECT 'keys that are data are none of those that were', bool_and(NOT (b ? 'bob@corp.test' OR b ? 'amy@corp.test')) FROM public.docs;
SELECT 'names of fields stay', bool_and(b ? 'name') FROM public.docs;
SELECT 'a number beyond 2^53 stays whole', bool_and(j ->> 'big' = '9007199254740993') FROM public.docs;
SELECT 'a key that stands twice does so again', bool_and((SELECT count(*) - count(DISTINCT k) FROM json_object_keys(j) k) = 1) FROM public.docs;
SELECT 'what is no document is scrambled', bool_and(t NOT LIKE '%document%') FROM public.docs;
