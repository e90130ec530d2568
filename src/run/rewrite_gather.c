/* Events of subjects, taken from a rewritten batch for the linkage attacks. */
#include "run/rewrite_internal.h"

#include "transform/params.h"
#include "value/real.h"

#include <math.h>

static enum kind kind_of(const struct bound_column *column)
{
    return type_ground(column->column->type)->kind;
}

bool rewrite_time(enum kind kind, const struct value *value, int64_t *time)
{
    const int64_t most = INT64_MAX / DAY_US - 2;

    if (value->is_null || time_is_sentinel(kind, value->integer) ||
        time_is_partial(kind, value->integer))
        return false;
    if (kind == KIND_DATE && (value->integer > most || value->integer < -most))
        return false;
    *time = kind == KIND_DATE ? value->integer * DAY_US + DAY_US / 2 : value->integer;
    return *time > -most * DAY_US && *time < most * DAY_US;
}

static double number_of(enum kind kind, const struct value *value)
{
    double number = NAN;

    if (value->is_null)
        return NAN;
    if (kind == KIND_INTEGER)
        return (double)value->integer;
    if (kind == KIND_REAL)
        return value->real;
    return real_parse(value->bytes, false, &number) ? number : NAN;
}

/* A number before and after; kept columns were not decoded with the batch. */
static bool number_read(struct rewriter *rewriter, const struct batch *batch, uint32_t row,
                        int32_t column, double numbers[2], struct error *err)
{
    numbers[0] = numbers[1] = NAN;
    if (column < 0)
        return true;

    const struct bound_column *bound = &rewriter->table->columns[column];
    const enum kind kind = kind_of(bound);
    const struct span cell = *row_cell(batch, row, (uint32_t)column);
    struct value value = {.is_null = !cell.ptr};

    if (rewriter->inputs[column]) {
        numbers[0] = number_of(kind, &rewriter->inputs[column][row]);
        numbers[1] = number_of(kind, &rewriter->outputs[column][row]);
        return true;
    }
    if (cell.ptr &&
        !rewriter->config.codec->decode(bound->column->type, cell, rewriter->scratch, &value, err))
        return false;
    numbers[0] = numbers[1] = number_of(kind, &value);
    return true;
}

/* A time before and after; kept columns were not decoded with the batch. */
static bool times_read(struct rewriter *rewriter, const struct batch *batch, uint32_t row,
                       uint32_t column, struct linkage_event *event, bool *is_event,
                       struct error *err)
{
    const struct bound_column *bound = &rewriter->table->columns[column];
    const enum kind kind = kind_of(bound);
    const struct span cell = *row_cell(batch, row, column);
    struct value value = {.is_null = !cell.ptr};

    if (rewriter->inputs[column]) {
        *is_event = rewrite_time(kind, &rewriter->inputs[column][row], &event->time) &&
                    rewrite_time(kind, &rewriter->outputs[column][row], &event->masked_time);
        return true;
    }
    if (cell.ptr &&
        !rewriter->config.codec->decode(bound->column->type, cell, rewriter->scratch, &value, err))
        return false;
    *is_event = rewrite_time(kind, &value, &event->time);
    event->masked_time = event->time;
    return true;
}

static bool row_gather(struct rewriter *rewriter, const struct batch *batch, uint32_t row,
                       struct gathered_event *events, size_t *count, struct error *err)
{
    const struct gathering *gathering = rewriter->config.gathering;
    const struct gather_table *plan = gathering_table(gathering, rewriter->table->table);
    const struct sipkey *key = &rewriter->config.selection->binding->subject_key;
    double amounts[2], quantities[2];

    if (!gathering_wants(gathering, rewriter->subjects[row]))
        return true;
    if (!number_read(rewriter, batch, row, plan->amount, amounts, err) ||
        !number_read(rewriter, batch, row, plan->quantity, quantities, err))
        return false;
    for (uint32_t c = 0; c < rewriter->columns; c++) {
        const struct bound_column *bound = &rewriter->table->columns[c];
        struct gathered_event *event = &events[*count];
        const int mask =
            plan->is_time[c] ? plan->masks[c][rewrite_variant(rewriter, bound, row)] : -1;
        bool is_event = false;

        if (mask < 0)
            continue;
        if (!times_read(rewriter, batch, row, c, &event->event, &is_event, err))
            return false;
        if (!is_event)
            continue;
        const uint64_t words[3] = {rewriter->identities[row], plan->kinds[c], 0};

        event->subject = rewriter->subjects[row];
        event->order = siphash_words(key, words, 3);
        event->event.amount = amounts[0];
        event->event.masked_amount = amounts[1];
        event->event.quantity = quantities[0];
        event->event.masked_quantity = quantities[1];
        event->event.kind = plan->kinds[c] + (uint32_t)mask;
        (*count)++;
        /* A row's numbers stand once, however many times it has. */
        amounts[0] = amounts[1] = quantities[0] = quantities[1] = NAN;
    }
    return true;
}

bool rewrite_gather(struct rewriter *rewriter, const struct batch *batch, struct error *err)
{
    struct gathering *gathering = rewriter->config.gathering;
    struct gathered_event *events;
    size_t count = 0;

    if (!gathering || gathering_table(gathering, rewriter->table->table)->time_count == 0)
        return true;
    assert(rewriter->needs_subject);
    events = ARENA_ARRAY(
        rewriter->scratch,
        rewriter->rows * gathering_table(gathering, rewriter->table->table)->time_count + 1,
        struct gathered_event);
    if (!events)
        return error_memory(err);
    for (uint32_t row = 0; row < rewriter->rows; row++)
        if (!row_gather(rewriter, batch, row, events, &count, err))
            return false;
    return count == 0 || gathering_add(gathering, events, count, err);
}
