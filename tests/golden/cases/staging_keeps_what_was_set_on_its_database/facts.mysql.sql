SELECT 'its default character set is production''s', default_character_set_name = 'utf8mb4' FROM information_schema.schemata WHERE schema_name = DATABASE();
SELECT 'who may read it', count(*) = 1 FROM information_schema.schema_privileges WHERE table_schema = DATABASE() AND grantee = '''stg_reader''@''localhost''' AND privilege_type = 'SELECT';
SELECT 'the former one stays beside it', count(*) = 1 FROM information_schema.schemata WHERE schema_name LIKE 'staging\_\_old\_%';
SELECT 'and holds what was there', count(*) = 1 FROM information_schema.tables WHERE table_schema LIKE 'staging\_\_old\_%' AND table_name = 'what_was_there';
SELECT 'what was there is gone here', count(*) = 0 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'what_was_there';
