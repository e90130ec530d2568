/* The budget: a ceiling on all chosen rows. Fractions are scaled down together, on a fixed ladder
 * of steps, until the selection fits; since membership nests, each step's rows are a part of those
 * of the step above. The closure is computed anew at each step instead of remembering where each
 * row came from, which would cost memory on every run: at most 12 times, found by bisection, and a
 * step that is over gives up as soon as it has one row too many. */
#include "choose/tails.h"

#include <math.h>

#define STEPS      512 /* of the ladder: scale = 2^(-step/16) */
#define RUNS_MOST  12
#define GOOD_SHARE 0.95 /* of the budget: no need to look for a larger scale */

static double step_scale(unsigned step)
{
    return step == 0 ? 1 : exp2(-(double)step / 16);
}

static bool step_run(const struct chooser_request *request, unsigned step, bool is_limited,
                     struct chooser **chooser, struct error *err)
{
    struct chooser_request scaled = *request;

    chooser_free(*chooser);
    *chooser = NULL;
    scaled.scale = step_scale(step);
    scaled.row_limit = is_limited ? (uint64_t)request->binding->budget_rows : 0;
    /* Of equal rows all count against the budget. */
    if (!chooser_run(&scaled, chooser, err) ||
        (!(*chooser)->is_over && !equal_rows_count(*chooser, err)))
        return false;
    if ((*chooser)->rows > (uint64_t)request->binding->budget_rows)
        (*chooser)->is_over = true;
    return true;
}

static bool budget_fail(const struct binding *binding, const struct chooser *chooser,
                        struct error *err)
{
    uint64_t pins = 0, full = 0, tails = chooser->tails ? chooser->tails->spent_rows : 0;

    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        const struct table_state *table = &chooser->tables[i];
        pins += table->chosen[CHOSEN_PIN];
        for (size_t r = 0; table->is_everything && r < table->table->relation_count; r++)
            full += table->relations[r].row_count;
    }
    error_set(err, STATUS_PROFILE,
              "sample.budget allows %lld rows, but with one start row left %llu still come (%llu "
              "by pins, %llu by tails, %llu of tables that come in full)",
              (long long)binding->budget_rows, (unsigned long long)chooser->rows,
              (unsigned long long)pins, (unsigned long long)tails, (unsigned long long)full);
    return error_hint(err, "raise sample.budget.rows, lower tails.budget, or drop pins, "
                           "full_tables or small_table_rows; a take by count bounds the children "
                           "of each row");
}

/* Between a step that is over and one that fits. */
static bool budget_search(const struct chooser_request *request, unsigned over, unsigned fits,
                          struct chooser **chooser, struct error *err)
{
    double budget = (double)request->binding->budget_rows;
    unsigned runs = 2, last = fits;

    while (fits - over > 1 && runs < RUNS_MOST - 1) {
        unsigned step = over + (fits - over) / 2;
        if (!step_run(request, step, true, chooser, err))
            return false;
        runs++;
        last = step;
        if ((*chooser)->is_over) {
            over = step;
            continue;
        }
        fits = step;
        if ((double)(*chooser)->rows >= GOOD_SHARE * budget)
            return true;
    }
    assert(runs < RUNS_MOST);
    return last == fits || step_run(request, fits, true, chooser, err);
}

bool budget_choose(const struct chooser_request *request, struct chooser **chooser,
                   struct error *err)
{
    assert(request->scale >= 1);
    if (request->binding->budget_rows <= 0)
        return chooser_run(request, chooser, err) && equal_rows_count(*chooser, err);
    if (!step_run(request, 0, true, chooser, err))
        return false;
    if (!(*chooser)->is_over)
        return true;
    if (!step_run(request, STEPS, false, chooser, err))
        return false;
    if ((*chooser)->is_over)
        return budget_fail(request->binding, *chooser, err);
    return budget_search(request, 0, STEPS, chooser, err);
}
