SELECT 'int8 keeps its ends', min(i8) = -9223372036854775808 AND max(i8) = 9223372036854775807 FROM public.numbers;
SELECT 'numeric keeps its scale', (SELECT n::text FROM public.numbers WHERE id = 3) = '0.0000';
SELECT 'numeric keeps 131,001 digits', (SELECT length(n::text) FROM public.numbers WHERE id = 8) = 131001;
SELECT 'minus zero stays minus zero', (SELECT f8::text FROM public.numbers WHERE id = 3) = '-0';
SELECT 'infinities stay', (SELECT d = 'infinity' AND ts = 'infinity' AND ti = 'infinity' FROM public.times WHERE id = 3);
SELECT 'array bounds stay', (SELECT array_dims(ia) FROM public.compounds WHERE id = 3) = '[0:1][-2:0]';
SELECT 'json keeps its blanks and its double keys', (SELECT j::text FROM public.documents WHERE id = 1)
    = '{"b": 1, "a": 1.00, "a": 12345678901234567890123456789}';
SELECT 'an array of composites names types of this database', pls[1] = ROW('a', 1, NULL)::public.place FROM public.compounds WHERE id = 2;
SELECT 'regclass names the new table', c::oid = 'public.numbers'::regclass::oid FROM public.no_send WHERE id = 1;
