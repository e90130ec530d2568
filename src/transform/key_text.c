/* Folds keys before a rule sees them. */
#include "transform/key_text.h"

#include "transform/params.h"
#include "transform/redact_text.h"
#include "value/fold.h"

enum { TOKEN_LETTERS = 26 };

bool key_text_is_folded(const struct type *type)
{
    const struct type *ground = type_ground(type);

    return ground->kind == KIND_TEXT && type_engine(ground) == ENGINE_MYSQL &&
           (ground->is_case_insensitive || ground->folds_accents || ground->is_padded);
}

/* char(n) has no blanks at its end whatever the collation says. */
struct type key_text_plain(const struct type *type)
{
    struct type plain = *type_ground(type);

    plain.is_case_insensitive = plain.folds_accents = false;
    plain.is_padded = strcmp(plain.name, "char") == 0;
    return plain;
}

static bool token_refuse(struct error *err)
{
    error_set(err, STATUS_POLICY,
              "a key that is equal to others ignoring accents becomes a token of %d letters, which "
              "the column does not hold",
              TOKEN_LETTERS);
    return error_hint(err, "'keep' it with a reason, or widen the column");
}

static bool token_set(struct seeder *seeder, struct value *value, uint32_t row, struct error *err)
{
    const struct transform_call *call = seeder->call;
    const uint64_t high = seeder_value(seeder, value, row, 0);
    const uint64_t low = seeder_value(seeder, value, row, 1);
    char text[TOKEN_LETTERS];

    if (call->column && call->column->max_length && call->column->max_length < TOKEN_LETTERS)
        return token_refuse(err);
    token_write(high, low, text);
    return value_set_bytes(value, text, sizeof(text), call->arena, err);
}

bool key_text_fold(const struct prepared_transform *prepared, const struct transform_call *call,
                   struct value *values, uint32_t count, bool *done, struct error *err)
{
    const bool has_tokens =
        type_ground(call->type)->folds_accents &&
        (prepared->transform == &transform_permute || prepared->transform == &transform_redact);
    struct seeder seeder;
    bool is_whole = true;

    seeder_init(&seeder, call);
    for (uint32_t i = 0; i < count && is_whole; i++) {
        if (values[i].is_null)
            continue;
        const struct span canonical = seeder_canonical(&seeder, &values[i]);

        done[i] = has_tokens && !text_is_ascii(canonical);
        is_whole = done[i] ? token_set(&seeder, &values[i], i, err)
                           : value_set_bytes(&values[i], canonical.ptr ? canonical.ptr : "",
                                             canonical.len, call->arena, err);
    }
    is_whole = is_whole && seeder_ok(&seeder, err);
    seeder_release(&seeder);
    return is_whole;
}
