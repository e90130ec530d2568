/* Puts the binding together in the one order in which each stage has what it needs. */
#include "bind/bind.h"

#include "base/words.h"
#include "bind/binder.h"
#include "transform/week.h"

/* The key that sample.keys gives a table; a second one under another spelling is a mistake. */
static const struct profile_keys *keys_of(struct binder *binder, const struct table *table)
{
    const struct profile *profile = binder->profile;
    const struct profile_keys *given = NULL;

    for (size_t i = 0; i < profile->key_count; i++) {
        const struct profile_keys *keys = &profile->keys[i];
        bool is_ambiguous = false;

        if (catalog_find_table(binder->catalog, keys->table.schema, keys->table.table,
                               &is_ambiguous) != table)
            continue;
        if (given)
            binder_fault_at(binder, keys->node, STATUS_PROFILE, NULL,
                            "table '%s' has two keys under sample.keys", table->label);
        given = keys;
    }
    return given;
}

/* The columns of a key of the profile, which must be among those that are read and written. */
static void keys_bind(struct binder *binder, const struct profile_keys *given,
                      struct bound_table *bound)
{
    for (size_t i = 0; i < given->columns.count; i++) {
        const struct column *column =
            binder_column(binder, bound->table, given->columns.texts[i], given->columns.nodes[i]);

        if (column && column->is_generated)
            binder_fault_at(binder, given->columns.nodes[i], STATUS_PROFILE,
                            "name the columns it is computed from",
                            "column '%s' of table '%s' is generated and identifies no row",
                            words_printable(binder->arena, column->name), bound->table->label);
        else if (column)
            bound->identity_columns[bound->identity_count++] = column;
    }
}

/* Identity of rows: sample.keys where the profile gives one, else the table's own, else all. */
static bool table_identity_bind(struct binder *binder, struct bound_table *bound)
{
    const struct table *table = bound->table;
    const struct profile_keys *given = keys_of(binder, table);
    size_t most = given ? given->columns.count : table->column_count;
    bound->identity_columns = ARENA_ARRAY(binder->arena, most + 1, const struct column *);
    if (!bound->identity_columns)
        return false;
    if (given) {
        keys_bind(binder, given, bound);
        return true;
    }
    bound->identity = table_identity(table);
    /* A key over a generated column cannot be read back from what is written. */
    for (size_t i = 0; bound->identity && i < bound->identity->column_count; i++)
        if (bound->identity->columns[i]->is_generated)
            bound->identity = NULL;
    if (bound->identity) {
        for (size_t i = 0; i < bound->identity->column_count; i++)
            bound->identity_columns[bound->identity_count++] = bound->identity->columns[i];
        return true;
    }
    for (size_t i = 0; i < table->column_count; i++)
        if (!table->columns[i]->is_generated)
            bound->identity_columns[bound->identity_count++] = table->columns[i];
    return true;
}

static bool tables_prepare(struct binder *binder)
{
    struct binding *binding = binder->binding;
    struct domain_key key;

    for (size_t i = 0; i < binder->profile->key_count; i++)
        binder_table(binder, &binder->profile->keys[i].table, binder->profile->keys[i].node);
    for (size_t i = 0; i < binder->catalog->table_count; i++) {
        struct bound_table *bound = &binding->tables[i];

        bound->table = binder->catalog->tables[i];
        if (!table_identity_bind(binder, bound))
            return false;
        keyring_derive_fixed(binding->keyring, "order", "", &key);
        bound->order_key = key.sip;
        keyring_derive_fixed(binding->keyring, "choose", "", &key);
        bound->choice_key = key.sip;
    }
    keyring_derive_fixed(binding->keyring, "subject", "", &key);
    binding->subject_key = key.sip;
    return true;
}

static bool graph_prepare(struct binder *binder, struct error *err)
{
    struct binding *binding = binder->binding;
    struct edge **relations = NULL;
    struct graph *graph = NULL;
    struct domains *domains = NULL;
    size_t count = 0;

    if (!bind_relations(binder, &relations, &count) ||
        !graph_new(binder->catalog, relations, count, binder->arena, &graph, err))
        return false;
    binding->graph = graph;
    if (!graph_domains(graph, binder->arena, &domains, err))
        return false;
    binding->domains = domains;
    binding->edges = ARENA_ARRAY(binder->arena, graph->all.count + 1, struct bound_edge);
    binder->follows = ARENA_ARRAY(binder->arena, graph->all.count + 1, const struct profile_edge *);
    return binding->edges && binder->follows;
}

static void fault_report(const struct fault_list *faults, struct error *err)
{
    const struct error *first = &faults->errors[0];

    for (size_t i = 1; i < faults->count; i++)
        if (status_exit_code(faults->errors[i].status) < status_exit_code(first->status))
            first = &faults->errors[i];
    *err = *first;
}

/* What this staging cannot prove, known before a row moves. */
static bool notes_prepare(struct binding *binding)
{
    return binding_add_note(binding, "privacy",
                            "the data are pseudonymized, not anonymous: a person can be found by "
                            "what somebody knows of them");
}

static bool stages_run(struct binder *binder, struct error *err)
{
    return tables_prepare(binder) && graph_prepare(binder, err) && bind_roles(binder) &&
           bind_follow(binder) && bind_reach(binder) && bind_subject_tables(binder) &&
           bind_columns(binder) && bind_tenants(binder) && bind_subjects(binder) &&
           bind_constraints(binder) && bind_amounts(binder) && bind_suggest(binder) &&
           bind_pins(binder) && bind_tails(binder) && notes_prepare(binder->binding) &&
           bind_sample(binder);
}

bool bind_profile(const struct profile *profile, const struct options *options,
                  const struct catalog *catalog, const struct keyring *keyring, struct db *source,
                  struct arena *arena, struct fault_list *faults, struct binding **binding,
                  struct error *err)
{
    struct fault_list own = {.arena = arena};
    struct binding *made = ARENA_NEW(arena, struct binding);
    struct binder binder = {.binding = made,
                            .arena = arena,
                            .profile = profile,
                            .catalog = catalog,
                            .source = source,
                            .faults = faults ? faults : &own};

    *binding = NULL;
    if (!made)
        return error_memory(err);
    made->arena = arena;
    made->catalog = catalog;
    made->profile = profile;
    made->options = options;
    made->keyring = keyring;
    made->sample_fraction = options->fraction >= 0 ? options->fraction : profile->sample_fraction;
    made->budget_rows = profile->budget_rows;
    made->tables = ARENA_ARRAY(arena, catalog->table_count + 1, struct bound_table);
    binder.rules = ARENA_ARRAY(arena, catalog->table_count + 1, const struct profile_table *);
    if (!made->tables || !binder.rules)
        return error_memory(err);
    if (profile->week && !week_make(profile->week, arena, &made->week, err))
        return false;
    if (!stages_run(&binder, err)) {
        if (err->status == STATUS_OK)
            error_memory(err);
        return false;
    }
    if (binder.faults->count) {
        fault_report(binder.faults, err);
        return false;
    }
    *binding = made;
    return true;
}
