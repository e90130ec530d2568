SELECT 'all stores of a chosen region come', min(n = 5) FROM (SELECT count(s.number) AS n FROM region r LEFT JOIN store s ON s.region_code = r.code AND s.region_year = r.year GROUP BY r.code, r.year) x;
SELECT 'every store has its region', NOT EXISTS (SELECT * FROM store s WHERE NOT EXISTS (SELECT * FROM region r WHERE (r.code, r.year) = (s.region_code, s.region_year)));
SELECT 'one shelf for each store', (SELECT count(*) FROM store) = (SELECT count(*) FROM shelf f JOIN store s ON (s.number, s.region_code, s.region_year) = (f.store_number, f.region_code, f.region_year));
SELECT 'the constraints are there', count(*) = 3 FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() AND unique_constraint_schema = DATABASE();
SELECT 'some but not all regions came', count(*) BETWEEN 1 AND 25 FROM region;
SELECT 'self references hold over swapped columns', NOT EXISTS (SELECT * FROM swap_columns s WHERE d IS NOT NULL AND NOT EXISTS (SELECT * FROM swap_columns p WHERE (p.b, p.a) = (s.d, s.e)));
