SELECT 'the addresses of the board came along', count(*) = 3 FROM public.person WHERE board ~ '^person[123]@shop';
SELECT 'no other did', count(*) = 0 FROM public.person WHERE mail ~ '^person[0-9]+@';
