SELECT 'the database', pg_get_userbyid(datdba) = 'keeps_staging' FROM pg_catalog.pg_database WHERE datname = current_database();
SELECT 'the table', pg_get_userbyid(relowner) = 'keeps_staging' FROM pg_catalog.pg_class WHERE oid = 'public.word'::regclass;
