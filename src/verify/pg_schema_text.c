/* Texts of PostgreSQL's schema: comments, defaults, labels, bounds, bodies. */
#include "db/pg.h"
#include "verify/engine.h"
#include "verify/pg_verify.h"

/* Each gives the object and its text. Definitions are the server's own wording of the object. */
static const char *const queries[] = {
    "SELECT pg_catalog.pg_describe_object(classoid, objoid, objsubid), description "
    "FROM pg_catalog.pg_description WHERE objoid OPERATOR(pg_catalog.>=) 16384 "
    "OR (classoid OPERATOR(pg_catalog.=) 2615 AND objoid OPERATOR(pg_catalog.=) 2200)",
    "SELECT pg_catalog.pg_describe_object(2604, oid, 0), pg_catalog.pg_get_expr(adbin, adrelid) "
    "FROM pg_catalog.pg_attrdef",
    "SELECT pg_catalog.pg_describe_object(1247, enumtypid, 0), enumlabel FROM pg_catalog.pg_enum",
    "SELECT pg_catalog.pg_describe_object(1247, oid, 0), typdefault FROM pg_catalog.pg_type "
    "WHERE typdefault IS NOT NULL AND oid OPERATOR(pg_catalog.>=) 16384",
    "SELECT pg_catalog.pg_describe_object(1259, oid, 0), "
    "pg_catalog.pg_get_expr(relpartbound, oid) FROM pg_catalog.pg_class "
    "WHERE relpartbound IS NOT NULL",
    "SELECT pg_catalog.pg_describe_object(1259, oid, 0), pg_catalog.pg_get_viewdef(oid) "
    "FROM pg_catalog.pg_class WHERE relkind OPERATOR(pg_catalog.=) ANY ('{v,m}') "
    "AND oid OPERATOR(pg_catalog.>=) 16384",
    "SELECT pg_catalog.pg_describe_object(2606, oid, 0), pg_catalog.pg_get_constraintdef(oid) "
    "FROM pg_catalog.pg_constraint WHERE contype OPERATOR(pg_catalog.=) ANY ('{c,x}') "
    "AND oid OPERATOR(pg_catalog.>=) 16384",
    "SELECT pg_catalog.pg_describe_object(1255, oid, 0), pg_catalog.pg_get_functiondef(oid) "
    "FROM pg_catalog.pg_proc WHERE prokind OPERATOR(pg_catalog.=) ANY ('{f,p,w}') "
    "AND oid OPERATOR(pg_catalog.>=) 16384",
    "SELECT pg_catalog.pg_describe_object(1255, aggfnoid, 0), agginitval "
    "FROM pg_catalog.pg_aggregate WHERE agginitval IS NOT NULL "
    "AND aggfnoid::pg_catalog.oid OPERATOR(pg_catalog.>=) 16384",
    "SELECT pg_catalog.pg_describe_object(3256, oid, 0), "
    "pg_catalog.concat_ws(' ', pg_catalog.pg_get_expr(polqual, polrelid), "
    "pg_catalog.pg_get_expr(polwithcheck, polrelid)) FROM pg_catalog.pg_policy",
    "SELECT pg_catalog.pg_describe_object(2618, oid, 0), pg_catalog.pg_get_ruledef(oid) "
    "FROM pg_catalog.pg_rewrite WHERE rulename OPERATOR(pg_catalog.<>) '_RETURN' "
    "AND oid OPERATOR(pg_catalog.>=) 16384",
    "SELECT pg_catalog.pg_describe_object(2620, oid, 0), pg_catalog.pg_get_triggerdef(oid) "
    "FROM pg_catalog.pg_trigger WHERE NOT tgisinternal",
    "SELECT pg_catalog.pg_describe_object(1259, indexrelid, 0), "
    "pg_catalog.pg_get_indexdef(indexrelid) FROM pg_catalog.pg_index "
    "WHERE (indexprs IS NOT NULL OR indpred IS NOT NULL) "
    "AND indexrelid OPERATOR(pg_catalog.>=) 16384",
    "SELECT pg_catalog.pg_describe_object(3381, oid, 0), "
    "pg_catalog.pg_get_statisticsobjdef(oid) FROM pg_catalog.pg_statistic_ext",
};

static bool texts_give(struct db *target, const char *sql, verify_text *each, void *context,
                       struct error *err)
{
    AUTO(PGresult) PGresult *rows = NULL;

    if (!pg_query(target, sql, 0, NULL, &rows, err))
        return false;
    for (int i = 0; i < PQntuples(rows); i++)
        if (!PQgetisnull(rows, i, 1) &&
            !each(context, PQgetvalue(rows, i, 0),
                  span_make(PQgetvalue(rows, i, 1), (size_t)PQgetlength(rows, i, 1)), err))
            return false;
    return true;
}

bool pg_read_texts(struct db *target, const char *schema, verify_text *each, void *context,
                   struct error *err)
{
    UNUSED(schema);
    for (size_t i = 0; i < COUNT_OF(queries); i++)
        if (!texts_give(target, queries[i], each, context, err))
            return false;
    return true;
}
