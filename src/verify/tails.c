/* The check `tails`: the witnesses that the plan counts are among the rows that were chosen. That
 * all of these arrived as they were sent, the checks before it say. */
#include "verify/verify_internal.h"

static bool is_chosen(const struct selected_table *table, const struct witness *witness)
{
    const struct selected_relation *relation = &table->relations[witness->relation];

    assert(witness->relation < table->relation_count);
    return relation->is_everything ||
           (relation->rows && bitmap_has(relation->rows, witness->address));
}

static uint64_t witnesses_count(const struct selection *selection, const struct stratum *stratum)
{
    const struct selected_table *table = &selection->tables[stratum->table->table->index];
    uint64_t count = 0;

    for (size_t i = 0; i < stratum->witness_count; i++)
        count += is_chosen(table, &stratum->witnesses[i]);
    return count;
}

static bool is_as_planned(const struct selected_stratum *planned, const struct stratum *stratum,
                          uint64_t found)
{
    switch (planned->outcome) {
    case OUTCOME_COVERED:
        return found == planned->kept && found >= stratum->wanted;
    case OUTCOME_PARTLY:
        return found == planned->kept && found > 0;
    default:
        return found == planned->kept;
    }
}

bool verify_tails(struct verify_run *run, struct check_result *result, struct error *err)
{
    const struct selection *selection = run->config->selection;
    const struct survey *survey = selection->survey;
    size_t strata = 0;
    uint64_t witnesses = 0;

    UNUSED(err);
    if (!survey)
        return verify_say(run, result, true, "no rare rows were sought");
    for (size_t i = 0; i < survey->stratum_count; i++) {
        const struct stratum *stratum = &survey->strata[i];
        const uint64_t found = witnesses_count(selection, stratum);

        if (!stratum->is_rare)
            continue;
        if (!is_as_planned(&selection->strata[i], stratum, found))
            return verify_say(run, result, false,
                              "a stratum of %s (%s) was planned with %llu witnesses and has %llu",
                              stratum->table->table->label, stratum->kind,
                              (unsigned long long)selection->strata[i].kept,
                              (unsigned long long)found);
        strata++;
        witnesses += found;
    }
    return verify_say(run, result, true, "%zu rare strata as planned, %llu witnesses%s", strata,
                      (unsigned long long)witnesses,
                      run->config->is_after_load ? ", before after_load" : "");
}
