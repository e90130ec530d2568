SELECT 'provider and locale', datlocprovider = 'b' AND datlocale = 'PG_UNICODE_FAST' FROM pg_catalog.pg_database WHERE datname = current_database();
SELECT 'it maps case in full', upper('straße') = 'STRASSE' COLLATE "C";
SELECT 'a collation of a column', count(*) = 1 FROM pg_catalog.pg_attribute WHERE attrelid = 'public.word'::regclass AND attcollation = 'pg_catalog.pg_c_utf8'::regcollation;
