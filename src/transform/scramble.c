/* scramble: each letter drawn anew among its like, each digit among the digits. */
#include "transform/letters.h"
#include "transform/params.h"

static bool scramble_apply(const struct transform_call *call, struct value *values, uint32_t count,
                           struct error *err)
{
    struct seeder seeder;
    bool is_whole = true;

    seeder_init(&seeder, call);
    seeder.folds_case = true;
    for (uint32_t i = 0; i < count && is_whole; i++) {
        if (values[i].is_null || values[i].bytes.len == 0)
            continue;

        uint64_t seed = seeder_value(&seeder, &values[i], i, 0);
        struct stream stream = stream_make(&call->key->sip, seed);
        char *copy = arena_strndup(call->arena, values[i].bytes.ptr, values[i].bytes.len);

        is_whole = copy != NULL;
        if (!is_whole)
            continue;
        if (letters_scramble(copy, values[i].bytes.len, &stream) == 0)
            ++*call->unchanged;
        values[i].bytes.ptr = copy;
    }
    is_whole = (is_whole || error_memory(err)) && seeder_ok(&seeder, err);
    seeder_release(&seeder);
    return is_whole;
}

const struct transform transform_scramble = {
    .name = "scramble",
    .accepts = KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .pers = PER_BIT(PER_SUBJECT) | PER_BIT(PER_ROW),
    .preserves =
        PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SCRIPT | PROPERTY_SHAPE,
    .summary = "each letter becomes one of its script and case, each digit a digit",
    .example = "vehicle_plate: scramble",
    .guarantee = "Each letter and digit is drawn anew, and the whole is never what it was; length, "
                 "script, case, marks, punctuation and blanks stay. Equal values stay equal.",
    .apply = scramble_apply,
};
