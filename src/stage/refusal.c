/* Refuses every target that could be production or is not known to be staging. */
#include "stage/refusal.h"

#include <string.h>

static bool equal(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool is_known(const char *system)
{
    return system && !equal(system, "unknown");
}

/* A restored copy shares the identifier with its origin, but not the start time, which counts in
 * microseconds; a standby shares the identifier and is the same data. An identifier that the server
 * does not tell could be any. */
bool target_is_same_server(const struct target_facts *facts)
{
    const struct db_info *source = facts->source;
    const struct db_info *server = facts->server;

    assert(source && server);
    if (source->started_us != 0 && source->started_us == server->started_us)
        return true;
    if (is_known(source->system) && is_known(server->system) &&
        !equal(source->system, server->system))
        return false;
    return facts->restored_from_source == NULL;
}

static bool allow_server(const struct target_facts *facts, struct error *err)
{
    const struct db_info *source = facts->source;
    const struct db_info *server = facts->server;

    if (!target_is_same_server(facts))
        return true;
    if ((facts->exists && source->database_oid == server->database_oid) ||
        equal(source->database, server->database)) {
        error_set(err, STATUS_POLICY, "the target '%s' is the source itself", server->database);
        if (source->started_us == server->started_us)
            return error_hint(err, "name another database under target.url");
        return error_hint(err,
                          "the servers share their identifier; if the target was restored from "
                          "a copy of the source, say so under target.restored_from_source");
    }
    if (facts->same_server)
        return true;
    if (source->started_us != server->started_us &&
        (!is_known(source->system) || !is_known(server->system))) {
        error_set(err, STATUS_POLICY,
                  "whether the target '%s' is on the source's own server is "
                  "not known",
                  server->database);
        return error_hint(err, "GRANT EXECUTE ON FUNCTION pg_control_system() TO %s, at the %s",
                          is_known(source->system) ? server->user : source->user,
                          is_known(source->system) ? "target" : "source");
    }
    error_set(err, STATUS_POLICY, "the target '%s' is on the source's own server",
              server->database);
    return error_hint(err, "give the reason under target.same_server if that is meant");
}

static bool allow_version(const struct target_facts *facts, struct error *err)
{
    if (facts->source->engine != facts->server->engine) {
        error_set(err, STATUS_PROFILE, "source and target are of different engines");
        return error_hint(err, "both sides must be PostgreSQL, or both MySQL");
    }
    if (facts->server->version_number / 10000 < facts->source->version_number / 10000) {
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
