SELECT 'the owner', pg_get_userbyid(datdba) = 'stg_owner' FROM pg_catalog.pg_database WHERE datname = 'staging';
SELECT 'the connection limit', datconnlimit = 17 FROM pg_catalog.pg_database WHERE datname = 'staging';
SELECT 'who may connect', has_database_privilege('stg_reader', 'staging', 'CONNECT') AND NOT EXISTS (SELECT FROM pg_catalog.pg_database, aclexplode(datacl) a WHERE datname = 'staging' AND a.grantee = 0 AND a.privilege_type = 'CONNECT');
SELECT 'its settings, not production''s', count(*) = 1 FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase WHERE datname = 'staging' AND setrole = 0 AND setconfig = '{work_mem=11MB}';
SELECT 'settings of its roles', count(*) = 1 FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase WHERE datname = 'staging' AND setrole = 'stg_reader'::regrole AND setconfig = '{statement_timeout=13s}';
SELECT 'the former one stays beside it', count(*) = 1 FROM pg_catalog.pg_database WHERE datname LIKE 'staging\_\_old\_%';
