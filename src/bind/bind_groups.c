/* Lines that are rewritten together (perturb with `group`). Refused where an index does not find
 * them, where the sample would take some lines of an entry and leave others, and where two columns
 * of one entry would get different factors. */
#include "base/words.h"
#include "bind/binder.h"
#include "bind/group_facts.h"

struct grouping {
    struct binder *binder;
    struct bound_table *table;
    const struct column *column, *group, *side; /* side: or NULL */
};

static bool refuse(const struct grouping *grouping, struct error *err, const char *cause,
                   const char *hint)
{
    error_set(err, STATUS_POLICY, "the lines of a group in table '%s' %s",
              grouping->table->table->label, cause);
    return error_hint(err, "%s", hint);
}

static bool is_indexed(const struct table *table, const struct column *column)
{
    for (size_t i = 0; i < table->index_count; i++)
        if (table->indexes[i].column_count && table->indexes[i].columns[0] == column &&
            !table->indexes[i].is_partial)
            return true;
    return false;
}

/* All lines come, or all children of each whole entry do. */
static bool check_whole(const struct grouping *grouping, struct error *err)
{
    const struct bound_table *table = grouping->table;
    const struct binding *binding = grouping->binder->binding;
    const struct edge_list *up = &binding->graph->up[table->table->index];

    if (table->role == ROLE_FULL || table->role == ROLE_SMALL)
        return true;
    for (size_t i = 0; table->role == ROLE_REACHED && i < up->count; i++) {
        const struct edge *edge = up->edges[i];

        if (edge->column_count == 1 && edge->child_columns[0] == grouping->group && !edge->when &&
            binding->edges[edge->index].take.kind == TAKE_ALL &&
            !binding->edges[edge->index].is_ignored)
            return true;
    }
    if (table->role == ROLE_SAMPLE && binding->sample_fraction >= 1)
        return true;
    return refuse(grouping, err, "would be cut by the sample, and would not add up any more",
                  "let the reference of the group's column take all, or list the table in "
                  "full_tables");
}

/* One factor for all amounts of a person links 99 % of them (transforms.md section 6). */
static bool check_subject(const struct grouping *grouping, struct error *err)
{
    const struct binding *binding = grouping->binder->binding;
    const struct table *table = grouping->table->table;
    const struct edge_list *up = &binding->graph->up[table->index];
    const struct profile_rule *rule = binder_rule_own(grouping->binder, grouping->column);

    for (size_t i = 0; i < up->count; i++)
        for (size_t s = 0; s < binding->subject_count; s++)
            if (up->edges[i]->parent == binding->subjects[s] && !(rule && rule->accept_risk) &&
                up->edges[i]->column_count == 1 &&
                up->edges[i]->child_columns[0] == grouping->group)
                return refuse(grouping, err,
                              "are all those of a subject: one factor for all of "
                              "them is no protection",
                              "group by the entry they belong to, or say 'accept_risk: WHY'");
    return true;
}

static bool is_peer(const struct grouping *grouping, const struct column *column)
{
    const struct profile_rule *rule = binder_rule_own(grouping->binder, column);
    const struct yaml_node *group;

    if (column == grouping->column)
        return true;
    if (column->is_generated || !rule || strcmp(rule->name, "perturb") != 0 || !rule->params)
        return false;
    group = yaml_find(rule->params, "group");
    return group && group->kind == YAML_SCALAR && strcmp(group->text, grouping->group->name) == 0;
}

/* Debit and credit must get one factor: the same limits, the same parameters. */
static bool check_peers(const struct grouping *grouping, struct error *err)
{
    const struct column *own = grouping->column;
    const struct profile_rule *rule = binder_rule_own(grouping->binder, own);
    const struct table *table = own->table;

    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *peer = table->columns[i];

        if (peer == own || !is_peer(grouping, peer))
            continue;
        if (peer->type != own->type || peer->precision != own->precision ||
            peer->scale != own->scale)
            return refuse(grouping, err, "stand in columns of different types",
                          "give them one type, or group one of them only");
        if (!rules_same(binder_rule_own(grouping->binder, peer), rule))
            return refuse(grouping, err, "would get different factors",
                          "give the columns of one group the same parameters");
    }
    return true;
}

static bool lookup_add(const struct grouping *grouping, const char *text, uint32_t *position,
                       struct error *err)
{
    struct bound_table *table = grouping->table;
    const char **grown =
        ARENA_ARRAY(grouping->binder->arena, table->lookup_count + 1, const char *);

    if (!grown || !text)
        return error_memory(err);
    if (table->lookup_count)
        memcpy(grown, table->lookups, table->lookup_count * sizeof(*grown));
    grown[table->lookup_count] = text;
    table->lookups = grown;
    *position = (uint32_t)table->lookup_count++;
    return true;
}

/* The statement over all columns that get the group's factor. */
static const char *facts_make(const struct grouping *grouping)
{
    const struct binder *binder = grouping->binder;
    const struct table *table = grouping->table->table;
    struct group_facts facts = {
        .engine = binder->catalog->engine,
        .has_rownum = binder->source && db_info(binder->source)->is_mariadb,
        .column = grouping->column,
        .group = grouping->group,
        .side = grouping->side,
        .peers = ARENA_ARRAY(binder->arena, table->column_count, const struct column *),
        .identity_count = grouping->table->identity_count,
        .identity_columns = grouping->table->identity_columns};

    if (!facts.peers)
        return NULL;
    for (size_t i = 0; i < table->column_count; i++)
        if (is_peer(grouping, table->columns[i]))
            facts.peers[facts.peer_count++] = table->columns[i];
    return group_facts_sql(&facts, binder->arena);
}

static const struct column *column_named(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i]->name, name) == 0)
            return table->columns[i];
    return NULL;
}

/* Lines that may come without the others of their entry: pinned, as somebody's parent, or along
 * another reference. They keep their sizes, but such an entry does not add up. */
static bool note_partly(const struct grouping *grouping)
{
    const struct bound_table *table = grouping->table;
    struct binding *binding = grouping->binder->binding;
    const struct edge_list *up = &binding->graph->up[table->table->index];
    bool is_partly = binding->graph->down[table->table->index].count > 0;

    if (table->lookup_count || table->role == ROLE_FULL || table->role == ROLE_SMALL)
        return true;
    for (size_t i = 0; i < binding->profile->pin_count; i++)
        is_partly |= strcmp(binding->profile->pins[i].table.table, table->table->name) == 0;
    for (size_t i = 0; i < up->count; i++)
        is_partly |= up->edges[i]->child_columns[0] != grouping->group &&
                     binding->edges[up->edges[i]->index].take.kind != TAKE_NONE &&
                     !binding->edges[up->edges[i]->index].is_ignored;
    return !is_partly ||
           binding_add_note(binding, "amounts",
                            "lines of %s may come without others of their entry (pinned, as "
                            "parents, or along other references): such entries do not add up",
                            table->table->label);
}

bool binder_group(struct binder *binder, struct bound_table *table, const struct column *column,
                  const struct site_group *wanted, struct error *err)
{
    struct grouping grouping = {binder, table, column, column_named(table->table, wanted->group),
                                NULL};

    if (wanted->side)
        grouping.side = column_named(table->table, wanted->side);
    if (!grouping.group || (wanted->side && !grouping.side))
        return error_set(
            err, STATUS_PROFILE, "table '%s' has no column called '%s'", table->table->label,
            words_printable(binder->arena, grouping.group ? wanted->side : wanted->group));
    const struct profile_rule *rule = binder_rule_own(binder, column);

    if (rule && rule->when)
        return refuse(&grouping, err, "would add up no more where 'when' leaves some of them out",
                      "leave 'when' or 'group' out");
    if (!table->identity)
        return refuse(&grouping, err, "have no order, since the table has no key",
                      "declare a primary key");
    if (!is_indexed(table->table, grouping.group))
        return refuse(&grouping, err, "cannot be found without an index",
                      "create an index that begins with the group's column");
    if (!check_subject(&grouping, err) || !check_whole(&grouping, err) ||
        !check_peers(&grouping, err))
        return false;
    if (!note_partly(&grouping))
        return error_memory(err);
    return lookup_add(&grouping, facts_make(&grouping), wanted->position, err);
}
