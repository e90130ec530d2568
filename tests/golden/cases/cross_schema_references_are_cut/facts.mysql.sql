SELECT 'references out of the schema are NULL', count(*) = 3 AND min(old_id IS NULL) FROM main;
SELECT 'so is a pair of columns', count(*) = 3 AND min(number IS NULL OR code IS NULL) FROM second;
SELECT 'no constraint leads out of the schema', count(*) = 0 FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() AND unique_constraint_schema <> DATABASE();
SELECT 'the one inside is there', count(*) = 1 FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() AND constraint_name = 'to_main';
SELECT 'the other schema is not there', count(*) = 0 FROM information_schema.schemata WHERE schema_name = 'production_archive';
SELECT 'its tables are not either', count(*) = 0 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN ('old', 'further');
SELECT 'nor is what was built on them', count(*) = 0 FROM information_schema.views WHERE table_schema = DATABASE();
