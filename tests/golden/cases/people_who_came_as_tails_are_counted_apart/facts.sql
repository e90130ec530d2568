SELECT 'who lives where nobody else does comes', (SELECT count(*) FROM public.person WHERE city = 'Graz' AND code = E'a"b\\c') = 1;
SELECT 'the tallest comes', (SELECT count(*) FROM public.person WHERE height = 230 AND code = E'{x,\t y}') = 1;
