SELECT 'equal rows stand or fall together', bool_and(n = 4) FROM (SELECT count(*) AS n FROM public.reading GROUP BY sensor, at, value) x;
SELECT 'some but not all come', count(*) BETWEEN 60 AND 350 FROM public.reading;
SELECT 'fifty twins are fifty twins', count(*) = 50 AND count(DISTINCT word) = 1 FROM public.twin WHERE word <> '';
SELECT 'NULL stays NULL and empty stays empty', count(*) FILTER (WHERE word IS NULL) = 2 AND count(*) FILTER (WHERE word = '') = 1 FROM public.twin;
SELECT 'an identity may be given', count(*) BETWEEN 60 AND 200 FROM public.loose;
