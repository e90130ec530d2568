SELECT 'a full table has every row', count(*) = 300 FROM country;
SELECT 'a table of the limit comes in full', count(*) = 100 FROM exactly_small;
SELECT 'one of a row more is sampled', count(*) BETWEEN 1 AND 40 FROM not_small;
SELECT 'an empty table is empty', count(*) = 0 FROM outbox;
SELECT 'rows: 25 are 25 rows, and references of a full table bring nobody along', count(*) = 25 FROM visitor;
