/* Texts of the new database's schema: comments, defaults, labels, bounds, bodies. They came along
 * as they were, and may quote a person. */
#include "base/words.h"
#include "db/pg.h"
#include "verify/verify_internal.h"

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

/* The text, its tokens, and each of its quoted literals: a name of two words is found only whole.
 */
static bool text_leaks(const struct leak_set *leaks, struct span text)
{
    if (leak_find(leaks, text))
        return true;
    for (uint32_t begin = 0; begin < text.len; begin++) {
        uint32_t end = begin + 1;

        if (text.ptr[begin] != '\'')
            continue;
        while (end < text.len && text.ptr[end] != '\'')
            end++;
        if (leak_find(leaks, span_make(text.ptr + begin + 1, end - begin - 1)))
            return true;
        begin = end;
    }
    return false;
}

static bool query_check(struct verify_run *run, const char *sql, struct check_result *result,
                        size_t *count, struct error *err)
{
    AUTO(PGresult) PGresult *rows = NULL;

    if (!pg_query(run->config->target, sql, 0, NULL, &rows, err))
        return false;
    for (int i = 0; i < PQntuples(rows); i++) {
        struct span text = span_make(PQgetvalue(rows, i, 1), (size_t)PQgetlength(rows, i, 1));

        if (PQgetisnull(rows, i, 1) || !text_leaks(run->config->copied->leaks, text))
            continue;
        const char *object = words_printable(run->arena, PQgetvalue(rows, i, 0));
        return verify_say(run, result, false,
                          "the definition of %s, or its comment, holds an identifying value of "
                          "production",
                          object ? object : "?");
    }
    *count += (size_t)PQntuples(rows);
    return true;
}

bool verify_schema_text(struct verify_run *run, struct check_result *result, struct error *err)
{
    size_t count = 0;

    if (!run->config->copied->leaks)
        return verify_say(run, result, true, "nothing identifying was written");
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        result->detail = NULL;
        if (!query_check(run, queries[i], result, &count, err))
            return false;
        if (result->detail)
            return true;
    }
    return verify_say(run, result, true, "%zu texts of the schema hold no identifying value",
                      count);
}
