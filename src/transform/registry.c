/* The registry: every rule by name, and the checks that stand between a profile and its use. */
#include "transform/transform.h"

#include "base/words.h"
#include "transform/around.h"
#include "transform/params.h"
#include "transform/parts.h"
#include "transform/tenant.h"

#include <stdio.h>
#include <string.h>

static const struct transform *const rows[] = {
#define TRANSFORM(name) &transform_##name,
#include "transform/transforms.def"
#undef TRANSFORM
};

static const char *const names[] = {
#define TRANSFORM(name) #name,
#include "transform/transforms.def"
#undef TRANSFORM
};

/* Keys of a rule's long form that belong to the column, not to the rule. */
static const char *const common[] = {"rule",   "when", "review", "accept_risk",
                                     "domain", "per",  "tenant"};

enum { PARAMS_MAX = 24 };

const struct transform *transform_find(const char *name)
{
    assert(name);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (strcmp(rows[i]->name, name) == 0)
            return rows[i];
    }
    return NULL;
}

const struct transform *const *transform_rows(size_t *count)
{
    *count = COUNT_OF(rows);
    return rows;
}

static bool refuse_unknown(const char *name, const struct yaml_node *params, struct error *err)
{
    const struct yaml_node *node = param_find(params, "rule");
    const char *nearest = words_nearest(name, names, COUNT_OF(names));

    if (node)
        (void)yaml_error(node, err, "no transform is called '%s'", name);
    else
        error_set(err, STATUS_PROFILE, "no transform is called '%s'", name);
    if (nearest)
        return error_hint(err, "did you mean '%s'? `understudy help transforms` lists them",
                          nearest);
    return error_hint(err, "`understudy help transforms` lists them");
}

/* Names of other rules that take the kind, for hints. */
static void kind_alternatives(enum kind kind, char *text, size_t size)
{
    text[0] = '\0';
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t used = strlen(text);

        if (rows[i]->accepts & KIND_BIT(kind) && strcmp(rows[i]->name, "keep") != 0)
            (void)snprintf(text + used, size - used, "%s%s", used ? ", " : "", rows[i]->name);
    }
}

static bool check_kind(const struct transform *transform, const struct transform_site *site,
                       struct error *err)
{
    const char *word = kind_word(site->type->kind);
    const char *article = strchr("aeiou", word[0]) ? "an" : "a";
    char list[200];

    if (transform->accepts & KIND_BIT(site->type->kind))
        return true;
    kind_alternatives(site->type->kind, list, sizeof(list));
    if (site->type->kind == KIND_OTHER) {
        (void)error_set(err, STATUS_POLICY, "the transform '%s' does not work on type '%s'",
                        transform->name, site->type->name ? site->type->name : "unknown");
        return error_hint(err, "on types that no rule knows these do: %s", list);
    }
    (void)error_set(err, STATUS_POLICY, "the transform '%s' does not work on %s %s",
                    transform->name, article, word);
    return error_hint(err, "on %s %s these do: %s", article, word, list);
}

static bool check_params(const struct transform *transform, const struct yaml_node *params,
                         struct error *err)
{
    const char *known[PARAMS_MAX];
    size_t count = 0;

    assert(transform->param_count + COUNT_OF(common) <= PARAMS_MAX);
    if (!params)
        return true;
    if (params->kind != YAML_MAPPING)
        return yaml_error(params, err, "a rule's long form is a mapping");
    for (size_t i = 0; i < transform->param_count; i++)
        known[count++] = transform->params[i].name;
    for (size_t i = 0; i < COUNT_OF(common); i++)
        known[count++] = common[i];
    return yaml_check_keys(params, known, count, err);
}

/* Keys that the collation calls equal must go one way, and no rule knows what it calls equal. */
static bool check_collation(const struct transform_site *site, const struct transform *transform,
                            struct error *err)
{
    if (transform->is_whole || !site_is_unique(site) || site->type->kind != KIND_TEXT ||
        !site->column || !site->column->is_nondeterministic)
        return true;
    error_set(
        err, STATUS_POLICY,
        "keys that are equal in this collation without being equal bytes cannot be rewritten");
    return error_hint(err, "'keep' them with a reason");
}

static bool check_uniqueness(const struct transform_site *site,
                             const struct prepared_transform *prepared, struct error *err)
{
    if (prepared->uniqueness == UNIQUENESS_PRESERVED || !site_is_unique(site))
        return true;
    (void)error_set(err, STATUS_POLICY,
                    "the transform '%s' does not keep distinct values distinct, but "
                    "this column is %s",
                    prepared->transform->name, site->is_unique ? "unique" : "part of a key");
    if (prepared->has_ranges)
        return error_hint(err, "'keep' it with a reason: new bounds may come out as those of "
                               "another range");
    return error_hint(err, "'permute' and 'redact' keep values distinct%s",
                      prepared->transform == &transform_shift ? "; so does 'unique: true'" : "");
}

/* `per`: what an output depends on beside the value. Equal values then differ, so it is nothing for
 * columns that others are joined with. */
static bool read_per(const struct transform_site *site, const struct yaml_node *params,
                     struct prepared_transform *prepared, struct error *err)
{
    static const char *const words[] = {"subject", "row"};
    const struct transform *transform = prepared->transform;
    const struct yaml_node *node = param_find(params, "per");
    size_t index = 0;

    if (!node)
        return true;
    if (!param_word(node, words, COUNT_OF(words), &index, err))
        return false;
    const enum per per = index == 0 ? PER_SUBJECT : PER_ROW;
    if (!(transform->pers & PER_BIT(per)))
        return yaml_error(node, err, "the transform '%s' knows no 'per: %s'", transform->name,
                          words[index]);
    if (site_is_unique(site)) {
        (void)error_set(err, STATUS_POLICY,
                        "with 'per' equal values differ and distinct ones may meet, but this "
                        "column is %s",
                        site->is_unique ? "unique" : "part of a key");
        return error_hint(err, "leave 'per' out");
    }
    prepared->per = per;
    prepared->needs |= per == PER_SUBJECT ? NEED_SUBJECT : NEED_IDENTITY;
    prepared->preserves &= ~(unsigned)PROPERTY_EQUALITY;
    if (prepared->uniqueness == UNIQUENESS_PRESERVED)
        prepared->uniqueness = UNIQUENESS_NOT_GUARANTEED;
    buf_add_format(prepared->canonical, "per=%s;", words[index]);
    return true;
}

static bool prepare_with(const struct transform_site *site, const struct yaml_node *params,
                         struct arena *arena, struct prepared_transform *prepared,
                         struct error *err)
{
    const struct transform *transform = prepared->transform;

    assert(transform && prepared->canonical);
    if (transform->prepare && !transform->prepare(site, params, arena, prepared, err))
        return false;
    /* Bounds in another order are put right, and may then be those of another range. */
    if (prepared->has_ranges && prepared->uniqueness == UNIQUENESS_PRESERVED)
        prepared->uniqueness = UNIQUENESS_NOT_GUARANTEED;
    if (!read_per(site, params, prepared, err) || !check_uniqueness(site, prepared, err) ||
        !tenant_read(site, params, arena, prepared, err))
        return false;
    if (!buf_ok(prepared->canonical))
        return error_memory(err);
    if (!keyring_hold(site->keyring, transform->name, site->domain, buf_span(prepared->canonical),
                      &prepared->key, err))
        return false;
    return !transform->finish || transform->finish(prepared, arena, err);
}

/* Redacted composites and hstores keep their form: each part is redacted. */
static const struct transform *transform_of_parts(const struct transform *transform,
                                                  const struct type *type)
{
    if (transform == &transform_redact && type->kind == KIND_COMPOSITE)
        return &transform_composite;
    return transform == &transform_redact && type->kind == KIND_HSTORE ? &transform_hstore
                                                                       : transform;
}

bool transform_prepare(const char *name, const struct transform_site *site,
                       const struct yaml_node *params, struct arena *arena,
                       struct prepared_transform **prepared, struct error *err)
{
    const struct transform *transform = transform_find(name);
    struct prepared_transform *made;
    struct buf canonical;
    bool is_ready;

    struct transform_site leaf = *site;
    bool has_ranges = false;

    assert(site->type && site->label && site->domain && site->keyring);
    if (!transform)
        return refuse_unknown(name, params, err);
    if (!transform->is_whole)
        leaf.type = parts_leaf(site->type, &has_ranges);
    leaf.is_part = site->is_part || leaf.type != site->type;
    transform = transform_of_parts(transform, leaf.type);
    if (!check_collation(&leaf, transform, err) || !check_kind(transform, &leaf, err) ||
        !check_params(transform, params, err))
        return false;
    made = ARENA_NEW(arena, struct prepared_transform);
    if (!made)
        return error_memory(err);
    made->transform = transform;
    made->uniqueness = transform->uniqueness;
    made->preserves = transform->preserves;
    made->needs = transform->needs;
    made->identifies = transform->identifies;
    made->is_dense = transform->is_dense;
    made->copies = transform == &transform_keep;
    made->is_exact = site_is_unique(&leaf);
    buf_init(&canonical, 1u << 20);
    made->canonical = &canonical;
    made->has_ranges = has_ranges;
    is_ready = prepare_with(&leaf, params, arena, made, err);
    made->canonical = NULL;
    buf_release(&canonical);
    *prepared = made;
    return is_ready;
}

bool transform_apply(const struct prepared_transform *prepared, struct transform_call *call,
                     struct value *values, uint32_t count, struct error *err)
{
    assert(prepared && call && call->arena && call->scrambled && call->unchanged);
    assert(!(prepared->needs & NEED_SUBJECT) || call->subjects);
    assert(!(prepared->needs & NEED_IDENTITY) || call->identities);
    assert(!(prepared->needs & NEED_COMPANIONS) || call->companions);
    assert(!(prepared->needs & NEED_GROUP) || call->groups);
    call->params = prepared->params;
    call->per = prepared->per;
    call->key = prepared->key;
    assert(call->type);
    if (count == 0)
        return true;
    if (prepared->tenant)
        return tenant_apply(prepared, call, values, count, err);
    if (!prepared->transform->is_whole && parts_leaf(call->type, NULL) != call->type)
        return parts_apply(prepared, call, values, count, err);
    return rule_apply(prepared, call, values, count, err);
}
