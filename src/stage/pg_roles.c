/* Owners, grants, default privileges and policies of the source as statements for the target, with
 * every role mapped: by target.roles, else to the role of the same name. Read set by set; what a
 * role that the target lacks was granted is left out and listed. */
#include "stage/pg_stage.h"

#include <string.h>

/* Parameters of every query below: $1 source roles, $2 their target roles ("" where there is none),
 * $3 may the connecting role give them objects, $4 the owner for all others, $5 the connecting
 * role, $6 and $7 what is left out, $8 whether the connecting role is a superuser. */
#define MAP_SQL                                                                                    \
    "WITH map AS (SELECT r.oid, nullif(m.target, '') AS target, m.can_own"                         \
    "  FROM unnest($1::text[], $2::text[], $3::bool[]) m(source, target, can_own)"                 \
    "  JOIN pg_roles r ON r.rolname = m.source),"                                                  \
    " param AS (SELECT $4::text AS owner, $5::text AS me, $8::bool AS is_superuser),"              \
    " gone AS (SELECT * FROM unnest($6::oid[], $7::oid[]) g(classid, objid)),"                     \
    " member AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'"                         \
    "  AND refclassid = 'pg_extension'::regclass)"

/* A new owner must be allowed to create in the schema, unless a superuser hands it over: it may for
 * a moment. Schemas change hands last, while we may still grant in them. */
static const char owners_sql[] = MAP_SQL
    ", owned(classid, objid, owner) AS ("
    "  SELECT 'pg_namespace'::regclass::oid, oid, nspowner FROM pg_namespace"
    "   WHERE nspname <> 'public' OR nspowner NOT IN (SELECT oid FROM pg_roles"
    "    WHERE oid = 10 OR rolname = 'pg_database_owner')"
    "  UNION ALL SELECT 'pg_class'::regclass, c.oid, relowner FROM pg_class c"
    "   WHERE relkind IN ('r', 'p', 'v', 'm') OR (relkind = 'S' AND NOT EXISTS ("
    "    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
    "    AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))"
    "  UNION ALL SELECT 'pg_proc'::regclass, oid, proowner FROM pg_proc"
    "  UNION ALL SELECT 'pg_type'::regclass, t.oid, typowner FROM pg_type t"
    "   LEFT JOIN pg_class c ON c.oid = t.typrelid"
    "   WHERE t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')"
    "   OR (t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid))"
    "  UNION ALL SELECT 'pg_collation'::regclass, oid, collowner FROM pg_collation"
    "  UNION ALL SELECT 'pg_conversion'::regclass, oid, conowner FROM pg_conversion"
    "  UNION ALL SELECT 'pg_operator'::regclass, oid, oprowner FROM pg_operator"
    "  UNION ALL SELECT 'pg_opclass'::regclass, oid, opcowner FROM pg_opclass"
    "  UNION ALL SELECT 'pg_opfamily'::regclass, oid, opfowner FROM pg_opfamily"
    "  UNION ALL SELECT 'pg_language'::regclass, oid, lanowner FROM pg_language"
    "  UNION ALL SELECT 'pg_ts_dict'::regclass, oid, dictowner FROM pg_ts_dict"
    "  UNION ALL SELECT 'pg_ts_config'::regclass, oid, cfgowner FROM pg_ts_config"
    "  UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxowner FROM pg_statistic_ext),"
    " step AS (SELECT o.classid, o.objid, i.schema, w.name,"
    "  format('ALTER %s %s OWNER TO %I', CASE"
    "    WHEN i.type IN ('function', 'procedure', 'aggregate') THEN 'ROUTINE'"
    "    WHEN i.type = 'statistics object' THEN 'STATISTICS' ELSE upper(i.type) END,"
    "   i.identity, w.name) AS sql, 'owner of ' || i.type || ' ' || i.identity AS what"
    "  FROM param p CROSS JOIN owned o LEFT JOIN map m ON m.oid = o.owner"
    "  CROSS JOIN LATERAL (SELECT CASE WHEN m.can_own THEN m.target ELSE p.owner END AS name) w"
    "  CROSS JOIN LATERAL pg_identify_object(o.classid, o.objid, 0) i"
    "  WHERE (o.objid >= 16384 OR i.identity = 'public') AND w.name <> p.me"
    "  AND (o.classid, o.objid) NOT IN (SELECT * FROM member)"
    "  AND (o.classid, o.objid) NOT IN (SELECT * FROM gone)"
    "  AND i.schema IS DISTINCT FROM 'information_schema' AND i.identity !~ '^pg_'),"
    " place AS (SELECT DISTINCT schema, name FROM step CROSS JOIN param p"
    "  WHERE schema IS NOT NULL AND NOT p.is_superuser)"
    " SELECT sql, what FROM ("
    "  SELECT 0 AS turn, 0::oid AS classid, 0::oid AS objid,"
    "   format('GRANT CREATE ON SCHEMA %s TO %I', schema, name) AS sql,"
    "   'owners in schema ' || schema AS what FROM place"
    "  UNION ALL SELECT 1, classid, objid, sql, what FROM step"
    "   WHERE classid <> 'pg_namespace'::regclass"
    "  UNION ALL SELECT 2, 0, 0, format('REVOKE CREATE ON SCHEMA %s FROM %I', schema, name),"
    "   'owners in schema ' || schema FROM place"
    "  UNION ALL SELECT 3, classid, objid, sql, what FROM step"
    "   WHERE classid = 'pg_namespace'::regclass) s ORDER BY turn, classid, objid, sql";

/* How many rights there are to an object, of a kind as acldefault knows it, on the source. Who has
 * them all has all of the target too: from 17 on there is one more to a table, MAINTAIN, and an
 * owner without it may not even ANALYZE. */
#define RIGHTS_OF(kind)                                                                            \
    "(SELECT count(*) FROM aclexplode(acldefault((" kind ")::\"char\", 10)) d WHERE d.grantee = "  \
    "10)"

/* What was granted is said anew from nothing, so that a right that production took away from
 * PUBLIC or from the owner is away here too. */
static const char grants_sql[] = MAP_SQL
    ", acl(classid, objid, part, kind, identity, owner, acl) AS ("
    "  SELECT 'pg_class'::regclass::oid, oid, NULL,"
    "   CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass::text, relowner,"
    "   relacl FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S')"
    "  UNION ALL SELECT 'pg_class'::regclass, c.oid, quote_ident(a.attname), 'TABLE',"
    "   c.oid::regclass::text, relowner, attacl FROM pg_attribute a"
    "   JOIN pg_class c ON c.oid = a.attrelid"
    "   WHERE relkind IN ('r', 'p', 'v', 'm') AND NOT attisdropped AND attacl IS NOT NULL"
    "  UNION ALL SELECT 'pg_namespace'::regclass, oid, NULL, 'SCHEMA', quote_ident(nspname),"
    "   nspowner, nspacl FROM pg_namespace"
    "   WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    "  UNION ALL SELECT 'pg_proc'::regclass, oid, NULL, 'ROUTINE', oid::regprocedure::text,"
    "   proowner, proacl FROM pg_proc"
    "  UNION ALL SELECT 'pg_type'::regclass, t.oid, NULL, 'TYPE',"
    "   format('%I.%I', nspname, typname), typowner, typacl"
    "   FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace"
    "  UNION ALL SELECT 'pg_language'::regclass, oid, NULL, 'LANGUAGE', quote_ident(lanname),"
    "   lanowner, lanacl FROM pg_language),"
    " kept AS (SELECT a.*, CASE WHEN m.can_own THEN m.target ELSE p.owner END AS owner_name"
    "  FROM param p CROSS JOIN acl a LEFT JOIN map m ON m.oid = a.owner"
    "  LEFT JOIN pg_init_privs i"
    "   ON i.objoid = a.objid AND i.classoid = a.classid AND i.objsubid = 0"
    "  WHERE a.acl IS NOT NULL AND (a.part IS NOT NULL OR a.acl IS DISTINCT FROM i.initprivs)"
    "  AND (a.objid >= 16384 OR (a.kind = 'SCHEMA' AND a.identity = 'public'))"
    "  AND (a.classid, a.objid) NOT IN (SELECT * FROM gone)),"
    " item AS (SELECT k.*, x.privilege_type, x.is_grantable,"
    "  CASE WHEN x.grantee = 0 THEN 'PUBLIC' WHEN x.grantee = k.owner THEN quote_ident(owner_name)"
    "   ELSE quote_ident(m.target) END AS grantee"
    "  FROM kept k CROSS JOIN LATERAL aclexplode(k.acl) x LEFT JOIN map m ON m.oid = x.grantee)"
    " SELECT sql, 'grants on ' || lower(kind) || ' ' || identity FROM ("
    "  SELECT classid, objid, kind, identity, 0 AS step, format('REVOKE ALL ON %s %s FROM PUBLIC, "
    "%I', kind,"
    "   identity, owner_name) AS sql FROM kept WHERE part IS NULL"
    "  UNION ALL SELECT classid, objid, kind, identity,"
    "   CASE WHEN grantee = quote_ident(owner_name) THEN 1 ELSE 2 END, format('GRANT %s ON %s %s "
    "TO %s%s',"
    "   CASE WHEN count(part) = 0 AND count(DISTINCT privilege_type) = " RIGHTS_OF(
        "CASE kind WHEN 'TABLE' THEN 'r' WHEN 'SEQUENCE' THEN 's' WHEN 'SCHEMA' THEN 'n'"
        " WHEN 'ROUTINE' THEN 'f' WHEN 'TYPE' THEN 'T' ELSE 'l' END") "   THEN 'ALL' ELSE "
                                                                      "string_agg(privilege_type "
                                                                      "|| coalesce(' (' || part || "
                                                                      "')', ''), ', '"
                                                                      "    ORDER BY "
                                                                      "privilege_type, part) END, "
                                                                      "kind, identity, grantee,"
                                                                      "   CASE WHEN is_grantable "
                                                                      "THEN ' WITH GRANT OPTION' "
                                                                      "ELSE '' END)"
                                                                      "  FROM item WHERE grantee "
                                                                      "IS NOT NULL"
                                                                      "  GROUP BY classid, objid, "
                                                                      "kind, identity, owner_name, "
                                                                      "grantee, is_grantable) s"
                                                                      " ORDER BY classid <> "
                                                                      "'pg_namespace'::regclass, "
                                                                      "classid, objid, step, sql";

static const char defaults_sql[] = MAP_SQL
    ", kept AS (SELECT d.oid, d.defaclrole, d.defaclacl, d.defaclnamespace, m.target AS role,"
    "  coalesce(' IN SCHEMA ' || quote_ident(n.nspname), '') AS place,"
    "  CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN"
    "   'ROUTINES' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' END AS kind"
    "  FROM param CROSS JOIN pg_default_acl d JOIN map m ON m.oid = d.defaclrole AND m.can_own"
    "  LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace"
    "  WHERE ('pg_default_acl'::regclass, d.oid) NOT IN (SELECT * FROM gone)"
    "  AND ('pg_namespace'::regclass, d.defaclnamespace) NOT IN (SELECT * FROM gone)"
    "  AND (0, 0) NOT IN (SELECT * FROM member))"
    " SELECT sql, 'default privileges of role ' || quote_ident(role) FROM ("
    "  SELECT oid, role, 0 AS step, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE ALL ON %s"
    " FROM PUBLIC, %I', role, kind, role) AS sql"
    "   FROM kept WHERE defaclnamespace = 0 AND kind IS NOT NULL"
    "  UNION ALL SELECT k.oid, k.role, 1,"
    "   format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s GRANT %s ON %s TO %s%s', k.role, k.place,"
    "    CASE WHEN count(DISTINCT x.privilege_type) = " RIGHTS_OF(
        "CASE k.kind WHEN 'TABLES' THEN 'r' WHEN 'SEQUENCES' THEN 's' WHEN 'SCHEMAS' THEN 'n'"
        " WHEN 'ROUTINES' THEN 'f' ELSE 'T' END") "    THEN 'ALL' ELSE "
                                                  "string_agg(x.privilege_type, ', ' ORDER BY "
                                                  "x.privilege_type) END, k.kind,"
                                                  "    CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE "
                                                  "quote_ident(m.target) END,"
                                                  "    CASE WHEN x.is_grantable THEN ' WITH GRANT "
                                                  "OPTION' ELSE '' END)"
                                                  "   FROM kept k CROSS JOIN LATERAL "
                                                  "aclexplode(k.defaclacl) x"
                                                  "   LEFT JOIN map m ON m.oid = x.grantee"
                                                  "   WHERE k.kind IS NOT NULL AND (x.grantee = 0 "
                                                  "OR m.target IS NOT NULL)"
                                                  "   GROUP BY k.oid, k.role, k.place, k.kind, "
                                                  "x.grantee, m.target, x.is_grantable) s"
                                                  " ORDER BY oid, step, sql";

static const char policies_sql[] = MAP_SQL
    ", kept AS (SELECT l.*, CASE WHEN o.can_own THEN o.target ELSE p.owner END AS owner_name"
    "  FROM param p CROSS JOIN pg_policy l JOIN pg_class c ON c.oid = l.polrelid"
    "  LEFT JOIN map o ON o.oid = c.relowner"
    "  WHERE ('pg_policy'::regclass, l.oid) NOT IN (SELECT * FROM gone)"
    "  AND ('pg_class'::regclass, c.oid) NOT IN (SELECT * FROM member))"
    " SELECT format('CREATE POLICY %I ON %s AS %s FOR %s TO %s', polname, polrelid::regclass,"
    "   CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,"
    "   CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'"
    "    WHEN 'd' THEN 'DELETE' ELSE 'ALL' END, r.names)"
    "  || coalesce(' USING (' || pg_get_expr(polqual, polrelid) || ')', '')"
    "  || coalesce(' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')', ''),"
    "  'policy ' || quote_ident(polname) || ' on ' || polrelid::regclass::text, r.is_unmapped, 0"
    " FROM kept CROSS JOIN LATERAL ("
    "  SELECT string_agg(DISTINCT CASE WHEN g.role = 0 THEN 'PUBLIC'"
    "    ELSE quote_ident(coalesce(m.target, owner_name)) END, ', ') AS names,"
    "   bool_or(g.role <> 0 AND m.target IS NULL) AS is_unmapped"
    "  FROM unnest(polroles) g(role) LEFT JOIN map m ON m.oid = g.role) r"
    " UNION ALL SELECT format('COMMENT ON POLICY %I ON %s IS %L', polname, polrelid::regclass,"
    "   obj_description(oid, 'pg_policy')), 'comment on policy ' || quote_ident(polname), false, 1"
    "  FROM kept WHERE obj_description(oid, 'pg_policy') IS NOT NULL ORDER BY 4, 2";

/* Roles that matter to this database and have no counterpart, or one that cannot own. What the
 * server's first role (10) owns is not in pg_shdepend: its relations and functions are counted. */
static const char unmapped_sql[] = MAP_SQL
    " SELECT quote_ident(r.rolname), m.target IS NOT NULL,"
    "  count(*) FILTER (WHERE d.deptype = 'o'), count(*) FILTER (WHERE d.deptype IN ('a', 'r')),"
    "  p.owner"
    " FROM param p CROSS JOIN pg_shdepend d JOIN map m ON m.oid = d.refobjid"
    " JOIN pg_roles r ON r.oid = m.oid"
    " WHERE d.refclassid = 'pg_authid'::regclass"
    " AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND (m.target IS NULL OR (NOT m.can_own AND d.deptype = 'o'))"
    " AND (d.classid, d.objid) NOT IN (SELECT * FROM gone)"
    " AND (d.classid, d.objid) NOT IN (SELECT * FROM member)"
    " GROUP BY r.rolname, m.target, p.owner"
    " UNION ALL SELECT quote_ident(r.rolname), m.target IS NOT NULL, o.count, 0, p.owner"
    " FROM param p CROSS JOIN map m JOIN pg_roles r ON r.oid = m.oid CROSS JOIN ("
    "  SELECT count(*) FROM (SELECT 'pg_class'::regclass::oid AS classid, oid AS objid"
    "    FROM pg_class WHERE relowner = 10 AND relkind IN ('r', 'p', 'v', 'm', 'S')"
    "   UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE proowner = 10) x"
    "  WHERE objid >= 16384 AND (classid, objid) NOT IN (SELECT * FROM gone)"
    "  AND (classid, objid) NOT IN (SELECT * FROM member)) o"
    " WHERE m.oid = 10 AND NOT m.can_own AND o.count > 0 ORDER BY 1";

#define ROLE_PARAMETERS 8

static const char *wanted_role(const struct profile *profile, const char *source)
{
    for (size_t i = 0; i < profile->role_count; i++) {
        if (strcmp(profile->roles[i].from, source) == 0)
            return profile->roles[i].to;
    }
    return source;
}

/* Arrays of the source's roles and of what each is to be on the target. */
static bool read_wanted(struct pg_stage *stage, struct db *source, const char *values[2],
                        struct error *err)
{
    const struct profile *profile = stage->base.request.profile;
    AUTO(PGresult) PGresult *result = NULL;
    struct buf sources, wanted;

    if (!pg_query(source, "SELECT rolname FROM pg_roles ORDER BY 1", 0, NULL, &result, err))
        return false;
    buf_init(&sources, 1 << 26);
    buf_init(&wanted, 1 << 26);
    for (int row = 0; row < PQntuples(result); row++) {
        pg_array_add(&sources, PQgetvalue(result, row, 0));
        pg_array_add(&wanted, wanted_role(profile, PQgetvalue(result, row, 0)));
    }
    values[0] = pg_array_end(&sources, stage->base.arena);
    values[1] = pg_array_end(&wanted, stage->base.arena);
    return (values[0] && values[1]) || error_memory(err);
}

/* From 16 on membership alone does not let a role hand objects over: SET does. */
static const char *map_sql(int version)
{
    if (version >= 160000)
        return "SELECT u.source, coalesce(t.rolname, ''), coalesce(me.rolsuper"
               " OR (pg_has_role(me.oid, t.oid, 'USAGE') AND pg_has_role(me.oid, t.oid, 'SET')),"
               " false) AND t.oid IS NOT NULL"
               " FROM unnest($1::text[], $2::text[]) u(source, wanted)"
               " CROSS JOIN (SELECT * FROM pg_roles WHERE rolname = current_user) me"
               " LEFT JOIN pg_roles t ON t.rolname = u.wanted";
    return "SELECT u.source, coalesce(t.rolname, ''), coalesce(me.rolsuper"
           " OR pg_has_role(me.oid, t.oid, 'USAGE'), false) AND t.oid IS NOT NULL"
           " FROM unnest($1::text[], $2::text[]) u(source, wanted)"
           " CROSS JOIN (SELECT * FROM pg_roles WHERE rolname = current_user) me"
           " LEFT JOIN pg_roles t ON t.rolname = u.wanted";
}

static bool read_map(struct pg_stage *stage, struct db *source, const char *values[ROLE_PARAMETERS],
                     struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;
    struct buf columns[3];
    const char *wanted[2];

    if (!read_wanted(stage, source, wanted, err) ||
        !pg_query(stage->admin, map_sql(stage->base.target.version_number), 2, wanted, &result,
                  err))
        return false;
    for (int column = 0; column < 3; column++) {
        buf_init(&columns[column], 1 << 26);
        for (int row = 0; row < PQntuples(result); row++)
            pg_array_add(&columns[column], PQgetvalue(result, row, column));
        values[column] = pg_array_end(&columns[column], stage->base.arena);
    }
    return (values[0] && values[1] && values[2]) || error_memory(err);
}

static bool list_unmapped(struct pg_stage *stage, const PGresult *result, struct error *err)
{
    struct arena *arena = stage->base.arena;

    for (int row = 0; row < PQntuples(result); row++) {
        const char *object = arena_printf(arena, "role %s", PQgetvalue(result, row, 0));
        const char *reason = pg_true(result, row, 1)
                                 ? "the connecting role cannot give it objects"
                                 : "does not exist on the target and target.roles does not map it";
        const char *why = arena_printf(
            arena, "%s: %s objects belong to %s, %s grants or policies lose it", reason,
            PQgetvalue(result, row, 2), PQgetvalue(result, row, 4), PQgetvalue(result, row, 3));

        if (!object || !why)
            return error_memory(err);
        if (!stage_skip(&stage->base, object, why, err))
            return false;
    }
    return true;
}

static bool list_policies(struct pg_stage *stage, const PGresult *result, struct error *err)
{
    for (int row = 0; row < PQntuples(result); row++) {
        if (pg_true(result, row, 2) &&
            !stage_skip(&stage->base, PQgetvalue(result, row, 1),
                        "a role it names is not on the target: it applies to the owner", err))
            return false;
    }
    return true;
}

bool pg_roles_read(struct pg_stage *stage, struct db *source, struct error *err)
{
    const char *values[ROLE_PARAMETERS];
    const char *owner = stage->base.request.profile->owner;
    AUTO(PGresult) PGresult *owners = NULL;
    AUTO(PGresult) PGresult *grants = NULL;
    AUTO(PGresult) PGresult *defaults = NULL;
    AUTO(PGresult) PGresult *policies = NULL;
    AUTO(PGresult) PGresult *unmapped = NULL;

    assert(stage->gone_classes && stage->gone_objects);
    if (!read_map(stage, source, values, err))
        return false;
    values[4] = db_info(stage->admin)->user;
    values[3] = owner ? owner : values[4];
    values[5] = stage->gone_classes;
    values[6] = stage->gone_objects;
    values[7] = PQparameterStatus(pg_connection(stage->admin), "is_superuser");
    return pg_query(source, owners_sql, ROLE_PARAMETERS, values, &owners, err) &&
           pg_query(source, grants_sql, ROLE_PARAMETERS, values, &grants, err) &&
           pg_query(source, defaults_sql, ROLE_PARAMETERS, values, &defaults, err) &&
           pg_query(source, policies_sql, ROLE_PARAMETERS, values, &policies, err) &&
           pg_query(source, unmapped_sql, ROLE_PARAMETERS, values, &unmapped, err) &&
           pg_script_add_rows(&stage->owners, stage->base.arena, owners, err) &&
           pg_script_add_rows(&stage->owners, stage->base.arena, grants, err) &&
           pg_script_add_rows(&stage->owners, stage->base.arena, defaults, err) &&
           pg_script_add_rows(&stage->policies, stage->base.arena, policies, err) &&
           list_policies(stage, policies, err) && list_unmapped(stage, unmapped, err);
}
