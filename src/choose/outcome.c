/* What became of each stratum: how many of its known witnesses are in the selection, whoever
 * brought them, and why not more. */
#include "choose/tails.h"

static bool is_kept(const struct chooser *chooser, const struct selection *selection,
                    const struct stratum *stratum, const struct witness *witness)
{
    uint32_t index = stratum->table->table->index;
    const struct selected_relation *relation =
        &selection->tables[index].relations[witness->relation];

    return chooser->tables[index].is_present &&
           (relation->is_everything || bitmap_has(relation->rows, witness->address));
}

/* A whole row has the children that its edge follows. */
static bool is_whole(const struct chooser *chooser, const struct stratum *stratum,
                     const struct witness *witness)
{
    const struct table_state *table = &chooser->tables[stratum->table->table->index];
    const struct edge_state *edge = &chooser->edges[stratum->edge->index];

    if (!edge->is_used)
        return true;
    if (edge->child->is_everything)
        return true;
    return edge->follows && edge->bound->take.kind == TAKE_ALL &&
           (table->is_all_whole ||
            bitmap_has(table->relations[witness->relation].whole, witness->address));
}

static bool needs_children(const struct stratum *stratum)
{
    return stratum->brings_children && stratum->edge &&
           stratum->edge->parent == stratum->table->table;
}

/* Witnesses that show what the stratum is about. */
static uint64_t shown_count(const struct chooser *chooser, const struct selection *selection,
                            const struct stratum *stratum, const struct tail_stratum *tail)
{
    uint64_t shown = 0;

    for (size_t i = 0; i < stratum->witness_count; i++) {
        const struct witness *witness = &stratum->witnesses[i];
        if (!is_kept(chooser, selection, stratum, witness))
            continue;
        shown += !needs_children(stratum) || (tail && tail->has_children[i]) ||
                 is_whole(chooser, stratum, witness);
    }
    return stratum->is_together && shown < 2 ? 0 : shown;
}

static enum stratum_outcome outcome_of(const struct stratum *stratum,
                                       const struct tail_stratum *tail, uint64_t shown)
{
    if (!stratum->is_rare)
        return OUTCOME_COMMON;
    if (stratum->masked)
        return OUTCOME_MASKED_AWAY;
    if (shown >= stratum->wanted)
        return OUTCOME_COVERED;
    if (shown > 0)
        return OUTCOME_PARTLY;
    if (tail && tail->is_capped)
        return OUTCOME_CAP;
    if (stratum->witness_count == 0 || (tail && tail->is_left_out))
        return OUTCOME_BOUND;
    return OUTCOME_BUDGET;
}

static void outcome_add(struct selected_tails *tails, enum stratum_outcome outcome)
{
    tails->rare += outcome != OUTCOME_COMMON;
    tails->covered += outcome == OUTCOME_COVERED || outcome == OUTCOME_PARTLY;
    tails->masked_away += outcome == OUTCOME_MASKED_AWAY;
}

static void stratum_set(const struct chooser *chooser, const struct stratum *stratum,
                        const struct tail_stratum *tail, struct selection *selection,
                        struct selected_stratum *selected)
{
    for (size_t i = 0; i < stratum->witness_count; i++)
        selected->kept += is_kept(chooser, selection, stratum, &stratum->witnesses[i]);
    selected->outcome = outcome_of(stratum, tail, shown_count(chooser, selection, stratum, tail));
    outcome_add(&selection->tails, selected->outcome);
}

bool outcomes_set(const struct chooser *chooser, const struct survey *survey,
                  struct selection *selection, struct error *err)
{
    const struct tails *tails = chooser->tails;

    if (!survey)
        return true;
    selection->survey = survey;
    selection->strata =
        ARENA_ARRAY(selection->arena, survey->stratum_count + 1, struct selected_stratum);
    if (!selection->strata)
        return error_memory(err);
    for (size_t i = 0; i < survey->stratum_count; i++)
        stratum_set(chooser, &survey->strata[i], tails ? &tails->strata[i] : NULL, selection,
                    &selection->strata[i]);
    if (!tails)
        return true;
    selection->tails.budget_rows = tails->budget_rows;
    selection->tails.spent_rows = tails->spent_rows;
    selection->tails.over_rows = tails->over_rows;
    selection->tails.completed_rows = chooser->completed;
    return true;
}
