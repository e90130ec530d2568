SELECT 'granted', relacl::text LIKE '%keeper=r*m*/postgres%' FROM pg_catalog.pg_class WHERE oid = 'public.a'::regclass;
SELECT 'among all', relacl::text = '{holder=arwdDxtm/holder,keeper=arwdDxtm/holder}' FROM pg_catalog.pg_class WHERE oid = 'public.b'::regclass;
SELECT 'taken away', relacl::text = '{postgres=arwdDxt/postgres}' FROM pg_catalog.pg_class WHERE oid = 'public.d'::regclass;
SELECT 'by default', count(*) = 1 FROM pg_catalog.pg_default_acl WHERE defaclacl::text LIKE '%keeper=m/postgres%';
