/* Refuses every target that could be production or is not known to be staging. */
#include "stage/refusal.h"

#include <string.h>
#include <strings.h>

static bool equal(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool is_known(const char *system)
{
    return system && !equal(system, "unknown");
}

/* MySQL tells its uptime in seconds, so that two looks at one server may differ by one. */
#define START_JITTER_US INT64_C(2000000)

static bool has_same_start(const struct target_facts *facts)
{
    int64_t apart = facts->source->started_us - facts->server->started_us;

    if (facts->source->started_us == 0 || facts->server->started_us == 0)
        return false;
    if (facts->source->engine == ENGINE_MYSQL)
        return apart <= START_JITTER_US && apart >= -START_JITTER_US;
    return apart == 0;
}

/* A restored copy shares the identifier with its origin, but not the start time, which counts in
 * microseconds; a standby shares the identifier and is the same data. An identifier that the server
 * does not tell could be any. MySQL's start times are too coarse to say more than identifiers. */
bool target_is_same_server(const struct target_facts *facts)
{
    const struct db_info *source = facts->source;
    const struct db_info *server = facts->server;

    assert(source && server);
    bool is_other = is_known(source->system) && is_known(server->system) &&
                    !equal(source->system, server->system);
    if (has_same_start(facts) && (source->engine != ENGINE_MYSQL || !is_other))
        return true;
    if (is_other)
        return false;
    return facts->restored_from_source == NULL;
}

/* MySQL's schemas have no number, and their names may be the same in another case. */
static bool is_same_database(const struct target_facts *facts)
{
    const struct db_info *source = facts->source;
    const struct db_info *server = facts->server;

    assert(source->database && server->database);
    if (source->engine == ENGINE_MYSQL)
        return strcasecmp(source->database, server->database) == 0;
    return (facts->exists && source->database_oid == server->database_oid) ||
           equal(source->database, server->database);
}

static bool allow_server(const struct target_facts *facts, struct error *err)
{
    const struct db_info *source = facts->source;
    const struct db_info *server = facts->server;

    if (!target_is_same_server(facts))
        return true;
    if (is_same_database(facts)) {
        error_set(err, STATUS_POLICY, "the target '%s' is the source itself", server->database);
        if (has_same_start(facts))
            return error_hint(err, "name another database under target.url");
        return error_hint(err,
                          "the servers share their identifier; if the target was restored from "
                          "a copy of the source, say so under target.restored_from_source");
    }
    if (facts->same_server)
        return true;
    if (!has_same_start(facts) && (!is_known(source->system) || !is_known(server->system))) {
        error_set(err, STATUS_POLICY,
                  "whether the target '%s' is on the source's own server is "
                  "not known",
                  server->database);
        if (source->engine == ENGINE_MYSQL)
            return error_hint(err, "give the reason under target.same_server if it is, or under "
                                   "target.restored_from_source if it is another");
        return error_hint(err, "GRANT EXECUTE ON FUNCTION pg_control_system() TO %s, at the %s",
                          is_known(source->system) ? server->user : source->user,
                          is_known(source->system) ? "target" : "source");
    }
    error_set(err, STATUS_POLICY, "the target '%s' is on the source's own server",
              server->database);
    return error_hint(err, "give the reason under target.same_server if that is meant");
}

static const char *flavor(const struct db_info *info)
{
    return info->is_mariadb ? "MariaDB" : "MySQL";
}

static bool allow_version(const struct target_facts *facts, struct error *err)
{
    if (facts->source->engine != facts->server->engine) {
        error_set(err, STATUS_PROFILE, "source and target are of different engines");
        return error_hint(err, "both sides must be PostgreSQL, or both MySQL or MariaDB");
    }
    if (facts->server->is_mariadb != facts->source->is_mariadb) {
        error_set(err, STATUS_POLICY, "the source is %s, the target's server is %s",
                  flavor(facts->source), flavor(facts->server));
        return error_hint(err, "definitions of one are not understood by the other: both sides "
                               "must be MySQL, or both MariaDB");
    }
    int major = facts->source->engine == ENGINE_MYSQL ? 100 : 10000; /* 8.4, 10.11; 15 */
    if (facts->server->version_number / major < facts->source->version_number / major) {
        error_set(err, STATUS_POLICY, "the target's server %s is older than the source's %s",
                  facts->server->version, facts->source->version);
        return error_hint(err, "the target must be of the source's major version or a later one");
    }
    return true;
}

static bool allow_filling(const struct target_facts *facts, struct error *err)
{
    const char *name = facts->server->database;

    if (!facts->exists) {
        error_set(err, STATUS_TARGET, "the database '%s' does not exist", name);
        return error_hint(err, "with mode 'empty' it must be made before");
    }
    if (!facts->is_empty) {
        error_set(err, STATUS_POLICY, "the database '%s' is not empty", name);
        return error_hint(err, "mode 'empty' fills an empty database; mode 'swap' replaces one");
    }
    return true;
}

static bool allow_replacing(const struct target_facts *facts, struct error *err)
{
    const char *name = facts->server->database;

    if (!facts->exists || facts->is_empty || facts->is_marked || equal(facts->adopt, name))
        return true;
    error_set(err, STATUS_POLICY, "the database '%s' is neither empty nor made by this program",
              name);
    return error_hint(err, "if it is staging and may be replaced, say --adopt '%s'", name);
}

bool target_allow(const struct target_facts *facts, struct error *err)
{
    assert(facts->source && facts->server);
    assert(facts->server->database);
    if (!allow_server(facts, err) || !allow_version(facts, err))
        return false;
    return facts->mode == MODE_EMPTY ? allow_filling(facts, err) : allow_replacing(facts, err);
}
