SELECT 'equal rows stand or fall together', min(n = 4) FROM (SELECT count(*) AS n FROM reading GROUP BY sensor, `at`, value) x;
SELECT 'some but not all come', count(*) BETWEEN 60 AND 350 FROM reading;
SELECT 'fifty twins are fifty twins', count(*) = 50 AND count(DISTINCT word) = 1 FROM twin WHERE word <> '';
SELECT 'NULL stays NULL and empty stays empty', sum(word IS NULL) = 2 AND sum(word = '') = 1 FROM twin;
SELECT 'an identity may be given', count(*) BETWEEN 60 AND 200 FROM loose;
