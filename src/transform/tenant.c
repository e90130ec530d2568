/* A key for each tenant. */
#include "transform/tenant.h"

#include "base/map.h"
#include "transform/around.h"
#include "transform/params.h"
#include "transform/parts.h"

#include <sodium.h>
#include <string.h>

/* Rules without a key, and those whose parts have keys of their own. */
static bool is_without(const struct transform *transform)
{
    static const char *const without[] = {"keep",    "null",     "constant",  "bucket", "round",
                                          "derive",  "truncate", "template",  "json",   "hstore",
                                          "pattern", "shift",    "birth_date"};

    for (size_t i = 0; i < COUNT_OF(without); i++)
        if (strcmp(transform->name, without[i]) == 0)
            return true;
    /* What such a rule builds once would be that of no tenant. */
    return transform->finish && strcmp(transform->name, "permute") != 0 &&
           strcmp(transform->name, "redact") != 0;
}

static bool site_check(const struct transform_site *site, const struct yaml_node *node,
                       const char *name, struct error *err)
{
    if (!site->find_companion) {
        error_set(err, STATUS_POLICY,
                  "a tenant is a column of the row: a part of a value has none");
        return yaml_error_place(node, err);
    }
    if (site->is_unique) {
        error_set(err, STATUS_POLICY,
                  "under the keys of two tenants distinct values may become equal, but this column "
                  "is unique by itself");
        (void)yaml_error_place(node, err);
        return error_hint(err, "leave 'tenant' out, or make '%s' part of the key", name);
    }
    if (site->column && site->column->name && strcmp(site->column->name, name) == 0)
        return yaml_error(node, err, "a column is not its own tenant");
    if (site_companion_type(site, name))
        return true;
    error_set(err, STATUS_POLICY,
              "no column '%s', whose value parts the tenants, stands beside "
              "'%s'",
              name, site->label);
    (void)yaml_error_place(node, err);
    return error_hint(err, "every table of the domain needs the column; else leave 'tenant' out");
}

bool tenant_read(const struct transform_site *site, const struct yaml_node *params,
                 struct arena *arena, struct prepared_transform *prepared, struct error *err)
{
    const struct yaml_node *node = param_find(params, "tenant");
    struct tenant *made;
    const char *name;

    if (!node)
        return true;
    if (!yaml_read_string(node, &name, err))
        return false;
    if (is_without(prepared->transform))
        return yaml_error(node, err, "the transform '%s' knows no 'tenant'",
                          prepared->transform->name);
    if (!prepared->transform->is_whole && parts_leaf(site->type, NULL) != site->type)
        return yaml_error(node, err, "parts of a composite or a range know no 'tenant'");
    if (!site_check(site, node, name, err))
        return false;
    made = ARENA_NEW(arena, struct tenant);
    if (!made)
        return error_memory(err);
    if (!site_companion(site, node, name, &made->position, &made->type, err))
        return false;
    if (made->type->kind == KIND_OTHER || made->type->kind == KIND_JSON)
        return yaml_error(node, err, "column '%s' has no canonical form that could name a tenant",
                          name);
    made->keyring = site->keyring;
    made->domain = site->domain;
    made->canonical = arena_span(arena, buf_span(prepared->canonical));
    if (!made->domain || (prepared->canonical->len > 0 && !made->canonical.ptr))
        return error_memory(err);
    prepared->tenant = made;
    prepared->needs |= NEED_COMPANIONS;
    return true;
}

/* NULL is a tenant too; no other begins as its message does. */
static void message_make(const struct tenant *tenant, const struct value *value, struct buf *out)
{
    buf_reset(out);
    if (tenant->canonical.len > 0)
        buf_add(out, tenant->canonical.ptr, tenant->canonical.len);
    if (value->is_null) {
        buf_add_text(out, "tenant;");
        return;
    }
    buf_add_text(out, "tenant=");
    value_canonical(tenant->type, value, out);
}

/* The rows of the call by tenant. */
struct groups {
    uint32_t *first, *next; /* by group its first row, by row the next of its group; count: none */
    struct map *messages;   /* of the keys, in order of their groups */
};

static bool groups_make(const struct prepared_transform *prepared,
                        const struct transform_call *call, uint32_t count, struct groups *groups,
                        struct error *err)
{
    const struct tenant *tenant = prepared->tenant;
    const struct value *tenants = call->companion_inputs[tenant->position];
    struct buf message;
    bool is_ok = true;

    groups->first = ARENA_ARRAY(call->arena, count, uint32_t);
    groups->next = ARENA_ARRAY(call->arena, count, uint32_t);
    if (!groups->first || !groups->next)
        return error_memory(err);
    buf_init(&message, BUF_CEILING_MAX);
    for (uint32_t i = count; is_ok && i-- > 0;) {
        bool is_new = false;

        message_make(tenant, &tenants[i], &message);
        uint64_t *slot = buf_ok(&message) ? map_put(groups->messages, buf_span(&message),
                                                    map_count(groups->messages), &is_new)
                                          : NULL;

        is_ok = slot || error_memory(err);
        if (!is_ok)
            break;
        groups->next[i] = is_new ? count : groups->first[*slot];
        groups->first[*slot] = i;
    }
    buf_release(&message);
    return is_ok;
}

/* What the rule gets of one tenant: rows, in order. */
struct gathered {
    struct value *values;
    uint64_t *subjects, *identities;
};

static bool group_apply(const struct prepared_transform *prepared, struct transform_call *call,
                        const struct groups *groups, size_t group, struct gathered *gathered,
                        struct value *values, uint32_t count, struct error *err)
{
    struct transform_call part = *call;
    struct domain_key key;
    uint32_t size = 0;

    keyring_derive(prepared->tenant->keyring, prepared->transform->name, prepared->tenant->domain,
                   map_key(groups->messages, group), &key);
    for (uint32_t row = groups->first[group]; row < count; row = groups->next[row], size++) {
        gathered->values[size] = values[row];
        gathered->subjects[size] = call->subjects ? call->subjects[row] : 0;
        gathered->identities[size] = call->identities ? call->identities[row] : 0;
    }
    assert(size > 0);
    part.key = &key;
    part.subjects = call->subjects ? gathered->subjects : NULL;
    part.identities = call->identities ? gathered->identities : NULL;
    part.companions = part.companion_inputs = NULL;
    const bool is_ok = rule_apply(prepared, &part, gathered->values, size, err);

    sodium_memzero(&key, sizeof(key));
    size = 0;
    for (uint32_t row = groups->first[group]; is_ok && row < count; row = groups->next[row])
        values[row] = gathered->values[size++];
    return is_ok;
}

bool tenant_apply(const struct prepared_transform *prepared, struct transform_call *call,
                  struct value *values, uint32_t count, struct error *err)
{
    AUTO(map) struct map *messages = map_new();
    struct groups groups = {.messages = messages};
    struct gathered gathered = {
        .values = ARENA_ARRAY(call->arena, count, struct value),
        .subjects = ARENA_ARRAY(call->arena, count, uint64_t),
        .identities = ARENA_ARRAY(call->arena, count, uint64_t),
    };

    assert(prepared->tenant && call->companion_inputs);
    if (!messages || !gathered.values || !gathered.subjects || !gathered.identities)
        return error_memory(err);
    if (!groups_make(prepared, call, count, &groups, err))
        return false;
    for (size_t i = 0; i < map_count(messages); i++)
        if (!group_apply(prepared, call, &groups, i, &gathered, values, count, err))
            return false;
    return true;
}
