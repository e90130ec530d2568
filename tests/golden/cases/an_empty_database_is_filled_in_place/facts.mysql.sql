SELECT 'the rows are there', count(*) = 2 FROM thing;
SELECT 'no other database is', count(*) = 1 FROM information_schema.schemata WHERE schema_name LIKE 'staging%';
SELECT 'what was set for it stays', default_collation_name = 'latin1_german1_ci' FROM information_schema.schemata WHERE schema_name = 'staging';
