SELECT 'the rows are there', count(*) = 2 FROM thing;
SELECT 'no other database is', count(*) = 1 FROM information_schema.schemata WHERE schema_name LIKE 'staging%';
SELECT 'its default character set is production''s', default_character_set_name = 'utf8mb4' FROM information_schema.schemata WHERE schema_name = 'staging';
