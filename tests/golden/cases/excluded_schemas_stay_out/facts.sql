SELECT 'the schema is not there', NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'archive');
SELECT 'the table is not there', to_regclass('vault.secrets') IS NULL AND to_regclass('vault.open') IS NOT NULL;
SELECT 'references into them are NULL', (SELECT bool_and(old_id IS NULL) AND count(*) = 2 FROM public.main) AND (SELECT bool_and(secret_id IS NULL) AND count(*) = 2 FROM vault.open);
SELECT 'no constraint leads into them', count(*) = 0 FROM pg_catalog.pg_constraint WHERE contype = 'f';
SELECT 'what was built on them is not there', to_regclass('public.archive_view') IS NULL;
