/* Up: parents that chosen rows refer to. What a lookup does not find is dangling. */
#include "choose/state.h"

bool ascend_batch(const struct row_sink *sink, struct key_scratch *scratch,
                  const struct batch *batch, struct error *err)
{
    struct chooser *chooser = sink->chooser;
    bool is_done = true;

    assert(((const struct target *)sink->context)->parent == sink->table);
    chooser_lock(chooser);
    for (uint32_t r = 0; r < batch->rows && is_done; r++) {
        struct arrival arrival = {.table = sink->table,
                                  .relation = batch->relations[r],
                                  .address = batch->addresses[r],
                                  .cells = batch->cells + (size_t)r * batch->columns,
                                  .reason = CHOSEN_PARENT};
        is_done = row_arrive(chooser, scratch, &arrival, err);
    }
    chooser_unlock(chooser);
    return is_done;
}

bool ascend_settle(struct chooser *chooser, struct target *target, struct error *err)
{
    struct key_scratch scratch = {0};
    struct key_list list;
    struct key_image image;
    bool is_done = true, is_new;

    if (wanted_count(&target->taken) == 0)
        return true;
    if (!key_scratch_init(&scratch, chooser->codec, err))
        return false;
    is_done = wanted_list(&target->taken, scratch.arena, &list, err);
    for (size_t i = 0; is_done && i < list.number_count + list.other_count; i++) {
        is_done = key_list_image(&list, i, &scratch, &image, err);
        if (!is_done || keyset_has(&target->have, &image))
            continue;
        is_done = wanted_add(&target->missing, &image, image.cells, err);
        /* Where equal may mean unequal bytes, the server has found what there is, and nobody can
         * say here which reference it was for: it may be there. */
        if (!target->is_exact)
            is_done = is_done && keyset_add(&target->have, &image, &is_new, err);
    }
    key_scratch_release(&scratch);
    return is_done;
}
