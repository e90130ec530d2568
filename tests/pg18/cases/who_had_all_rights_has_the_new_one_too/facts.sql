SELECT 'the owner may maintain', has_table_privilege('holder', 'public.a', 'MAINTAIN') AND has_table_privilege('holder', 'public.v', 'MAINTAIN');
SELECT 'who had all has all', has_table_privilege('keeper', 'public.a', 'MAINTAIN');
SELECT 'who had not has not', relacl::text = '{postgres=arwdxt/postgres}' FROM pg_catalog.pg_class WHERE oid = 'public.d'::regclass;
SELECT 'all of a sequence', relacl::text LIKE '%keeper=rwU/postgres%' FROM pg_catalog.pg_class WHERE oid = 'public.s'::regclass;
SELECT 'by default', count(*) = 1 FROM pg_catalog.pg_default_acl WHERE defaclacl::text LIKE '%keeper=arwdDxtm/postgres%';
