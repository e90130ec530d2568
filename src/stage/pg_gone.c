/* What staging does not get, and what falls with it. Starts from what would act on production or
 * hold its secrets, what the profile excludes, and extensions it skips; follows the source's
 * dependencies (pg_depend, views over their rules) to everything that cannot stand without. The
 * archive's list is edited by catalog numbers, so names never matter. */
#include "config/profile.h"
#include "stage/pg_stage.h"

#include <stdio.h>
#include <string.h>

/* $1 extensions skipped, $2 relations excluded, $3 schemas wanted (NULL: all), $4 schemas not
 * wanted. A schema takes its contents along, but not the extensions installed in it. */
static const char gone_sql[] =
    "WITH RECURSIVE member AS ("
    "  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'"
    "   AND refclassid = 'pg_extension'::regclass),"
    " start(classid, objid, why) AS ("
    "  SELECT 'pg_class'::regclass::oid, oid, 'f' FROM pg_class WHERE relkind = 'f'"
    "  UNION ALL SELECT 'pg_foreign_server'::regclass, oid, 'f' FROM pg_foreign_server"
    "  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, 'f' FROM pg_foreign_data_wrapper"
    "   WHERE ('pg_foreign_data_wrapper'::regclass, oid) NOT IN (SELECT * FROM member)"
    "  UNION ALL SELECT 'pg_event_trigger'::regclass, oid, 'f' FROM pg_event_trigger"
    "  UNION ALL SELECT 'pg_extension'::regclass, oid, 'x' FROM pg_extension"
    "   WHERE extname = ANY ($1::text[])"
    "  UNION ALL SELECT 'pg_class'::regclass, unnest($2::oid[]), 'e'"
    "  UNION ALL SELECT 'pg_namespace'::regclass, oid, 'e' FROM pg_namespace"
    "   WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    "   AND (nspname <> ALL ($3::text[]) OR nspname = ANY ($4::text[]))),"
    " gone(classid, objid, why) AS ("
    "  SELECT * FROM start"
    "  UNION SELECT n.classid, n.objid, g.why FROM gone g CROSS JOIN LATERAL ("
    "   SELECT d.classid, d.objid FROM pg_depend d"
    "    WHERE d.refclassid = g.classid AND d.refobjid = g.objid"
    "    AND NOT (g.classid = 'pg_namespace'::regclass"
    "     AND (d.classid = 'pg_extension'::regclass"
    "      OR EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid"
    "       AND e.deptype = 'e')))"
    "   UNION ALL SELECT 'pg_class'::regclass, r.ev_class FROM pg_rewrite r"
    "    WHERE g.classid = 'pg_rewrite'::regclass AND r.oid = g.objid AND r.rulename = '_RETURN'"
    "   UNION ALL SELECT 'pg_type'::regclass, c.contypid FROM pg_constraint c"
    "    WHERE g.classid = 'pg_constraint'::regclass AND c.oid = g.objid AND c.contypid <> 0) n)"
    " SELECT DISTINCT ON (g.classid, g.objid) g.classid, g.objid, g.why,"
    "  CASE WHEN g.classid = 'pg_class'::regclass THEN g.objid"
    "   WHEN g.classid = 'pg_attrdef'::regclass"
    "    THEN (SELECT adrelid FROM pg_attrdef WHERE oid = g.objid)"
    "   WHEN g.classid = 'pg_constraint'::regclass THEN"
    "    (SELECT conrelid FROM pg_constraint WHERE oid = g.objid AND contype = 'c') END,"
    "  CASE WHEN (g.classid, g.objid) IN (SELECT classid, objid FROM start)"
    "    THEN g.classid = 'pg_extension'::regclass"
    "   WHEN (g.classid, g.objid) IN (SELECT * FROM member) THEN false"
    "   WHEN g.classid = 'pg_class'::regclass"
    "    THEN (SELECT relkind IN ('v', 'm') FROM pg_class WHERE oid = g.objid)"
    "   WHEN g.classid = 'pg_constraint'::regclass"
    "    THEN (SELECT contype = 'f' AND conparentid = 0 FROM pg_constraint WHERE oid = g.objid)"
    "   ELSE g.classid IN ('pg_proc'::regclass, 'pg_operator'::regclass,"
    "    'pg_event_trigger'::regclass) END,"
    "  i.type || ' ' || i.identity"
    " FROM gone g CROSS JOIN LATERAL pg_identify_object(g.classid, g.objid, 0) i"
    " ORDER BY g.classid, g.objid, g.why";

static const char *why_of(char why)
{
    if (why == 'f')
        return "needs what would reach another server";
    return why == 'x' ? "target.extensions.skip" : "needs what the profile excludes";
}

static bool list_of_schemas(struct pg_stage *stage, const struct profile_text_list *list,
                            const char **array, struct error *err)
{
    struct buf buf;

    buf_init(&buf, 1 << 20);
    for (size_t i = 0; i < list->count; i++) {
        struct table_name name;
        bool is_parsed = table_name_parse(list->texts[i], stage->base.arena, &name);

        /* A schema alone parses as a table without schema; its quotes are taken off. */
        pg_array_add(&buf, is_parsed && !name.schema ? name.table : list->texts[i]);
    }
    *array = pg_array_end(&buf, stage->base.arena);
    return *array || error_memory(err);
}

bool pg_gone_schemas(struct pg_stage *stage, const char **only, const char **except,
                     struct error *err)
{
    const struct profile *profile = stage->base.request.profile;

    *only = NULL;
    return (!profile->has_schema_only ||
            list_of_schemas(stage, &profile->schema_only, only, err)) &&
           list_of_schemas(stage, &profile->schema_except, except, err);
}

static bool excluded_tables(struct pg_stage *stage, const char **array, struct error *err)
{
    const struct binding *binding = stage->base.request.binding;
    struct buf buf;
    char number[16];

    buf_init(&buf, 1 << 24);
    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        const struct bound_table *bound = &binding->tables[i];

        if (bound->role != ROLE_EXCLUDED || bound->table->oid == 0)
            continue;
        snprintf(number, sizeof(number), "%u", bound->table->oid);
        pg_array_add(&buf, number);
    }
    *array = pg_array_end(&buf, stage->base.arena);
    return *array || error_memory(err);
}

/* The bound table of that number that staging does get, or NULL. */
static const struct table *wanted_table(const struct binding *binding, uint32_t oid)
{
    for (size_t i = 0; oid != 0 && i < binding->catalog->table_count; i++) {
        const struct bound_table *bound = &binding->tables[i];

        if (bound->table->oid == oid && bound->role != ROLE_EXCLUDED &&
            bound->table->class != TABLE_FOREIGN)
            return bound->table;
    }
    return NULL;
}

static bool refuse_table(const struct table *table, char why, struct error *err)
{
    error_set(err, STATUS_PROFILE, "the table cannot be made without what staging does not get");
    if (why == 'x')
        error_hint(err, "exclude the table too (schema.exclude), or do not skip the extension");
    else
        error_hint(err, "exclude the table too (schema.exclude), or exclude less");
    return error_context(err, "table '%s'", table->label);
}

static bool keep_numbers(struct pg_stage *stage, const PGresult *result, struct error *err)
{
    struct buf classes, objects;

    buf_init(&classes, 1 << 26);
    buf_init(&objects, 1 << 26);
    for (int row = 0; row < PQntuples(result); row++) {
        pg_array_add(&classes, PQgetvalue(result, row, 0));
        pg_array_add(&objects, PQgetvalue(result, row, 1));
    }
    stage->gone_classes = pg_array_end(&classes, stage->base.arena);
    stage->gone_objects = pg_array_end(&objects, stage->base.arena);
    return (stage->gone_classes && stage->gone_objects) || error_memory(err);
}

static bool numbers_to_map(const PGresult *result, struct map *gone, struct error *err)
{
    for (int row = 0; row < PQntuples(result); row++) {
        uint32_t pair[2] = {pg_number(result, row, 0), pg_number(result, row, 1)};

        if (!map_put(gone, span_make(pair, sizeof(pair)), 1, &(bool){false}))
            return error_memory(err);
    }
    return true;
}

static bool drop_numbers(struct pg_stage *stage, const PGresult *result, struct error *err)
{
    AUTO(map) struct map *gone = map_new();

    if (!gone || !numbers_to_map(result, gone, err))
        return error_memory(err);
    for (size_t i = 0; i < stage->list.count; i++) {
        struct pg_entry *entry = &stage->list.entries[i];
        uint32_t pair[2] = {entry->class_id, entry->object_id};

        if (entry->object_id != 0 && map_find(gone, span_make(pair, sizeof(pair))))
            entry->is_dropped = true;
    }
    return true;
}

bool pg_gone_read(struct pg_stage *stage, struct db *source, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;
    const char *values[4];

    assert(stage->base.request.binding);
    if (!list_of_schemas(stage, &stage->base.request.profile->extensions_skip, &values[0], err) ||
        !excluded_tables(stage, &values[1], err) ||
        !pg_gone_schemas(stage, &values[2], &values[3], err) ||
        !pg_query(source, gone_sql, COUNT_OF(values), values, &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        const struct table *table =
            wanted_table(stage->base.request.binding, pg_number(result, row, 3));
        char why = PQgetvalue(result, row, 2)[0];

        if (table)
            return refuse_table(table, why, err);
        if (pg_true(result, row, 4) &&
            !stage_skip(&stage->base, PQgetvalue(result, row, 5), why_of(why), err))
            return false;
    }
    return keep_numbers(stage, result, err) && drop_numbers(stage, result, err);
}

/* By catalog, not by the kind's word: a table in a schema called DATA prints as "TABLE DATA". Only
 * user mappings have no number of their own, and no other kind begins with their word. */
static bool is_never_restored(const struct pg_entry *entry)
{
    switch (entry->class_id) {
    case PG_CLASS_DEFAULT_ACL:
    case PG_CLASS_DATABASE:
    case PG_CLASS_SERVER:
    case PG_CLASS_WRAPPER:
    case PG_CLASS_LARGE_OBJECT:
    case PG_CLASS_POLICY:
    case PG_CLASS_EVENT_TRIGGER:
    case PG_CLASS_SUBSCRIPTION:
    case PG_CLASS_PUBLICATION:
    case PG_CLASS_PUBLICATION_TABLE:
    case PG_CLASS_PUBLICATION_SCHEMA:
        return true;
    case 0:
        return pg_entry_is(entry, "USER MAPPING") || pg_entry_is(entry, "ACL") ||
               pg_entry_is(entry, "SECURITY LABEL");
    default:
        return false;
    }
}

bool pg_gone_drop(struct pg_stage *stage, struct error *err)
{
    for (size_t i = 0; i < stage->list.count; i++) {
        struct pg_entry *entry = &stage->list.entries[i];

        entry->is_dropped = entry->is_dropped || is_never_restored(entry);
    }
    return pg_list_close(&stage->list, err);
}
