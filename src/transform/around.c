/* Rules and what stands around them. */
#include "transform/around.h"

#include "transform/charset.h"
#include "transform/key_text.h"
#include "transform/odd_dates.h"
#include "transform/params.h"

static bool charset_refuse(const struct type *type, struct error *err)
{
    error_set(err, STATUS_POLICY,
              "a key would get letters that the character set '%s' of its column lacks",
              type->charset);
    return error_hint(err, "'keep' it with a reason, or give the column utf8mb4");
}

static bool charset_fit_all(const struct prepared_transform *prepared,
                            const struct transform_call *call, const struct value *before,
                            struct value *values, uint32_t count, struct error *err)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct span old = before[i].is_null ? (struct span){"", 0} : before[i].bytes;
        bool is_changed = false;

        if (values[i].is_null || values[i].bytes.len == 0)
            continue;
        values[i].bytes = charset_fit(call->type, old, values[i].bytes, call->arena, &is_changed);
        if (!values[i].bytes.ptr)
            return error_memory(err);
        if (is_changed && prepared->is_exact)
            return charset_refuse(type_ground(call->type), err);
    }
    return true;
}

/* Tokens are done: the rule sees NULL in their places. */
static bool folded_apply(const struct prepared_transform *prepared,
                         const struct transform_call *call, struct value *values, uint32_t count,
                         struct error *err)
{
    bool *done = ARENA_ARRAY(call->arena, count, bool);
    struct span *tokens = ARENA_ARRAY(call->arena, count, struct span);

    if (!done || !tokens)
        return error_memory(err);
    if (!key_text_fold(prepared, call, values, count, done, err))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        tokens[i] = done[i] ? values[i].bytes : (struct span){NULL, 0};
        values[i].is_null |= done[i];
    }
    if (!prepared->transform->apply(call, values, count, err))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (done[i])
            values[i] = (struct value){.bytes = tokens[i]};
    return true;
}

static bool text_apply(const struct prepared_transform *prepared, const struct transform_call *call,
                       struct value *values, uint32_t count, struct error *err)
{
    const struct type plain = key_text_plain(call->type);
    struct transform_call inner = *call;
    struct value *before = NULL;

    if (charset_is_narrow(call->type)) {
        before = ARENA_ARRAY(call->arena, count, struct value);
        if (!before)
            return error_memory(err);
        memcpy(before, values, count * sizeof(*values));
    }
    if (!prepared->is_exact)
        inner.type = &plain;
    if (prepared->is_exact && key_text_is_folded(call->type)
            ? !folded_apply(prepared, &inner, values, count, err)
            : !prepared->transform->apply(&inner, values, count, err))
        return false;
    return !before || charset_fit_all(prepared, call, before, values, count, err);
}

bool rule_apply(const struct prepared_transform *prepared, const struct transform_call *call,
                struct value *values, uint32_t count, struct error *err)
{
    if (type_engine(type_ground(call->type)) == ENGINE_POSTGRESQL || prepared->transform->is_whole)
        return prepared->transform->apply(call, values, count, err);
    if (call->type->kind == KIND_TEXT)
        return text_apply(prepared, call, values, count, err);
    if (odd_dates_matter(prepared->transform, call->type))
        return odd_dates_apply(prepared, call, values, count, err);
    return prepared->transform->apply(call, values, count, err);
}
