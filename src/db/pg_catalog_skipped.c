/* Objects that are not created on the target, because they would act on production, hold its
 * secrets, or cannot be copied. Only columns that every role may read: never a connection string.
 */
#include "base/words.h"
#include "db/pg_catalog.h"

/* The words are picked by this number. */
enum { WHY_ACTS, WHY_PUBLISHES, WHY_FOREIGN, WHY_SECRETS, WHY_EVENTS, WHY_LARGE, WHY_JOBS };

static const char *const whys[] = {
    [WHY_ACTS] = "would take part in production's replication",
    [WHY_PUBLISHES] = "would publish what is only a copy",
    [WHY_FOREIGN] = "would read and write other servers, as production does",
    [WHY_SECRETS] = "holds passwords of production",
    [WHY_EVENTS] = "would act on whatever is done to the new database",
    [WHY_LARGE] = "large objects are not copied; columns that refer to them need the rule null",
    [WHY_JOBS] = "scheduled jobs would act on production",
};

static const char skipped_sql[] =
    "SELECT 'subscription ' || s.subname, 0 FROM pg_subscription s JOIN pg_database d"
    "  ON d.oid = s.subdbid WHERE d.datname = current_database()"
    " UNION ALL SELECT 'publication ' || p.pubname, 1 FROM pg_publication p"
    " UNION ALL SELECT 'foreign data wrapper ' || w.fdwname, 2 FROM pg_foreign_data_wrapper w"
    "  WHERE NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = w.oid AND d.deptype = 'e'"
    "   AND d.classid = 'pg_foreign_data_wrapper'::regclass)"
    " UNION ALL SELECT 'foreign server ' || f.srvname, 2 FROM pg_foreign_server f"
    " UNION ALL SELECT 'foreign table ' || n.nspname || '.' || c.relname, 2 FROM pg_class c"
    "  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'f'"
    " UNION ALL SELECT 'user mapping of ' || u.usename || ' on ' || u.srvname, 3"
    "  FROM pg_user_mappings u"
    " UNION ALL SELECT 'event trigger ' || e.evtname, 4 FROM pg_event_trigger e"
    " UNION ALL SELECT pg_catalog.count(*) || ' large objects', 5 FROM pg_largeobject_metadata"
    "  HAVING pg_catalog.count(*) > 0"
    " UNION ALL SELECT 'jobs of extension ' || x.extname, 6 FROM pg_extension x"
    "  WHERE x.extname IN ('pg_cron', 'pgagent', 'pg_partman', 'pg_timetable')"
    " ORDER BY 2, 1";

bool pg_read_skipped(struct reading *reading, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;

    if (!reading_query(reading, skipped_sql, "objects that are not copied", &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        size_t why = pg_cell_u32(result, row, 1);
        const char *object = words_printable(reading->arena, pg_cell(result, row, 0));

        assert(why < COUNT_OF(whys));
        if (!object)
            return error_memory(err);
        if (!reading_skip(reading, object, whys[why], err))
            return false;
    }
    return true;
}
