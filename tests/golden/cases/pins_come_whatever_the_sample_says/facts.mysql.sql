SELECT 'a pin comes with its children', (SELECT count(*) FROM note WHERE person_id = 2000) = 2;
SELECT 'and with its parents', (SELECT count(*) FROM person WHERE id IN (1000, 500, 250, 125, 62, 31, 15, 7, 3, 1)) = 10;
SELECT 'children: none leaves them', (SELECT count(*) FROM note WHERE person_id = 3000) = 0 AND (SELECT count(*) FROM person WHERE id = 3000) = 1;
SELECT 'a pin of a child brings its parent', (SELECT count(*) FROM person WHERE id = 18) = 1;
SELECT 'a pin of the command line is one more', (SELECT count(*) FROM note WHERE person_id = 3) = 2;
