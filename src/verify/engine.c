/* Which engine answers, and the checks that it alone can make. */
#include "verify/engine.h"

const struct verify_engine *verify_engine(enum engine engine)
{
    static const struct verify_engine *const engines[] = {
        [ENGINE_POSTGRESQL] = &verify_engine_pg, [ENGINE_MYSQL] = &verify_engine_my};

    assert((size_t)engine < COUNT_OF(engines) && engines[engine]);
    return engines[engine];
}

static const struct verify_engine *engine_of(const struct verify_run *run)
{
    return verify_engine(db_info(run->config->target)->engine);
}

bool verify_foreign_keys(struct verify_run *run, struct check_result *result, struct error *err)
{
    return engine_of(run)->foreign_keys(run, result, err);
}

bool verify_unique_keys(struct verify_run *run, struct check_result *result, struct error *err)
{
    return engine_of(run)->unique_keys(run, result, err);
}

bool verify_check_constraints(struct verify_run *run, struct check_result *result,
                              struct error *err)
{
    return engine_of(run)->check_constraints(run, result, err);
}

bool verify_sequences(struct verify_run *run, struct check_result *result, struct error *err)
{
    return engine_of(run)->sequences(run, result, err);
}
