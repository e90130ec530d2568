/* Gathers what is known of every column and asks the rules for a proposal. */
#include "detect/finding.h"
#include "detect/sample.h"

#include <sodium.h>
#include <string.h>

struct detector {
    const struct graph *graph;
    const struct domains *domains;
    const struct names *names;
    struct keyring *keyring;
    struct arena *arena;
    struct detection *detection;
};

static bool has_word(const char *text, const char *word)
{
    return strcasestr(text, word) != NULL;
}

static void add_check(struct finding *finding, const char *expression)
{
    finding->has_check = true;
    finding->has_null_check =
        finding->has_null_check || has_word(expression, "null") || has_word(expression, "coalesce");
}

static void add_checks(struct finding *finding)
{
    const struct table *table = finding->column->table;
    const struct type *type = finding->column->type;

    for (size_t i = 0; i < table->check_count; i++)
        for (size_t c = 0; c < table->checks[i].column_count; c++)
            if (table->checks[i].columns[c] == finding->column)
                add_check(finding, table->checks[i].expression);
    for (; type; type = type->class == TYPE_DOMAIN ? type->element : NULL)
        for (size_t i = 0; i < type->check_count; i++)
            add_check(finding, type->checks[i]);
}

static void add_keys(struct finding *finding)
{
    const struct table *table = finding->column->table;

    finding->is_unique = column_is_unique(finding->column);
    finding->is_in_key = finding->is_unique || column_is_in_key(finding->column);
    for (size_t k = 0; k < table->key_count; k++) {
        const struct key *key = table->keys[k];

        for (size_t c = 0; key->is_exclusion && c < key->column_count; c++)
            finding->is_excluding = finding->is_excluding || (key->columns[c] == finding->column &&
                                                              !(key->is_equal && key->is_equal[c]));
    }
    for (size_t c = 0; table->has_list_partitions && c < table->partition_column_count; c++)
        finding->is_list_partition =
            finding->is_list_partition || table->partition_columns[c] == finding->column;
}

static bool refers(const struct edge *edge, const struct column *column)
{
    for (size_t i = 0; i < edge->column_count; i++)
        if (edge->child_columns[i] == column)
            return true;
    return false;
}

static bool is_referred(const struct edge *edge, const struct column *column)
{
    for (size_t i = 0; i < edge->column_count; i++)
        if (edge->parent_columns[i] == column)
            return true;
    return false;
}

static bool is_root(const struct detector *detector, const struct column *column)
{
    const struct edge_list *down = &detector->graph->down[column->table->index];

    for (size_t e = 0; e < down->count; e++)
        if (is_referred(down->edges[e], column))
            return true;
    return false;
}

/* The column whose rule this one takes, or NULL. Where columns refer to one another in a circle,
 * the one that names the domain is listed. A JSON column keeps a rule of its own beside the
 * references inside it. */
static const struct column *find_giver(const struct detector *detector, const struct column *column)
{
    const struct edge_list *up = &detector->graph->up[column->table->index];
    const struct domain *domain = detector->domains->by_column[column->table->index][column->index];

    for (size_t e = 0; e < up->count; e++) {
        const struct edge *edge = up->edges[e];
        if (!refers(edge, column) || edge->json_path)
            continue;
        if (!domain->has_edges)
            return edge->kind == EDGE_POLYMORPHIC || edge->is_array ? edge->parent_columns[0]
                                                                    : NULL;
        return domain->root == column ? NULL : domain->root;
    }
    return NULL;
}

/* An inherited column takes the rule of the table it comes from. */
static const struct column *find_parent_column(const struct column *column)
{
    const struct table *table = column->table;

    assert(table);
    for (size_t i = 0; column->is_inherited && i < table->parent_count; i++) {
        const struct column *found = table_find_column(table->parents[i], column->name);
        if (found)
            return found;
    }
    return NULL;
}

static bool is_event(const struct names *names, const struct column *column)
{
    enum kind kind = column->type->kind;

    return !column->is_generated &&
           (kind == KIND_DATE || kind == KIND_TIMESTAMP || kind == KIND_INSTANT) &&
           name_meaning(names, column->name) != MEANING_BIRTH;
}

/* "<" or ">" that is not part of "<=", ">=", "<>", "->" or a shift. */
static bool is_strict(const char *expression)
{
    for (const char *at = expression; *at; at++) {
        if (*at != '<' && *at != '>')
            continue;
        char before = at > expression ? at[-1] : ' ';
        if (at[1] != '=' && !strchr("<>", at[1] ? at[1] : ' ') && !strchr("<>-=", before))
            return true;
    }
    return false;
}

/* The earlier of two times that a strict CHECK orders; following it ends at one that moves
 * freely. */
static const struct column *find_companion(const struct names *names, const struct column *column)
{
    const struct table *table = column->table;
    const struct column *first = NULL;

    for (size_t i = 0; is_event(names, column) && i < table->check_count; i++) {
        const struct check *check = &table->checks[i];
        bool has_column = false;
        const struct column *other = NULL;
        for (size_t c = 0; c < check->column_count; c++) {
            const struct column *member = check->columns[c];
            has_column = has_column || member == column;
            if (member != column && is_event(names, member) &&
                (!other || member->index < other->index))
                other = member;
        }
        if (has_column && other && other->index < column->index && is_strict(check->expression) &&
            (!first || other->index < first->index))
            first = other;
    }
    return first;
}

static const struct column *find_with(const struct names *names, const struct column *column)
{
    const struct column *first = find_companion(names, column);

    while (first && find_companion(names, first))
        first = find_companion(names, first);
    return first;
}

/* A state beside a street or a city is where somebody lives, not what somebody is. */
static bool is_part_of_address(const struct names *names, const struct column *column)
{
    if (!name_ends_with(column->name, "state") && !name_ends_with(column->name, "region") &&
        !name_ends_with(column->name, "land"))
        return false;
    for (size_t c = 0; c < column->table->column_count; c++) {
        enum meaning meaning = name_meaning(names, column->table->columns[c]->name);
        if (meaning == MEANING_CITY || meaning == MEANING_POSTCODE || meaning == MEANING_STREET)
            return true;
    }
    return false;
}

/* A bare name beside a family name is the first one, and the other way round; beside both it is the
 * whole one. */
static enum meaning find_name_part(const struct names *names, const struct column *column)
{
    bool has_first = false, has_family = false;

    for (size_t c = 0; c < column->table->column_count; c++) {
        const struct column *other = column->table->columns[c];
        enum meaning meaning = name_meaning(names, other->name);
        has_first = has_first || meaning == MEANING_FIRST_NAME;
        has_family = has_family || meaning == MEANING_FAMILY_NAME;
        if (other->index != column->index && meaning == MEANING_NAME && name_is_bare(other->name))
            return MEANING_NAME;
    }
    if (!name_is_bare(column->name) || (!has_first && !has_family))
        return MEANING_NAME;
    if (has_first && has_family)
        return MEANING_FULL_NAME;
    return has_family ? MEANING_FIRST_NAME : MEANING_FAMILY_NAME;
}

static enum meaning find_meaning(const struct names *names, const struct column *column)
{
    if (name_meaning(names, column->name) == MEANING_NAME)
        return find_name_part(names, column);
    return is_part_of_address(names, column) ? MEANING_REGION : name_meaning(names, column->name);
}

static bool propose_inherited(struct detector *detector, const struct column *giver,
                              struct proposal *proposal, struct error *err)
{
    proposal->certainty = CERTAINTY_SURE;
    proposal->reason =
        arena_printf(detector->arena, "inherited from %s.%s", giver->table->label, giver->name);
    return proposal->reason ? true : error_memory(err);
}

/* Of an array the elements' rule is tried. */
static bool settle(struct finding *finding)
{
    const struct type *type = finding->column->type;

    while (type->class == TYPE_DOMAIN && type->element)
        type = type->element;
    if (type->class != TYPE_ARRAY || !type->element)
        return finding_settle(finding);
    struct column *column = ARENA_NEW(finding->arena, struct column);
    struct finding inner = *finding;
    if (!column)
        return false;
    *column = *finding->column;
    column->type = type->element;
    inner.column = column;
    return finding_settle(&inner);
}

/* Rules are tried under a key that nothing is masked with. */
static bool make_keyring(struct keyring **keyring, struct error *err)
{
    uint8_t *master = sodium_init() >= 0 ? sodium_malloc(32) : NULL;

    if (!master)
        return error_memory(err);
    randombytes_buf(master, 32);
    return keyring_new(master, 1, keyring, err);
}

static bool propose_column(struct detector *detector, const struct column *column,
                           const struct sample_facts *facts, struct error *err)
{
    struct detection *detection = detector->detection;
    struct proposal *proposal = &detection->proposals[detection->count++];
    const struct column *giver = find_giver(detector, column);
    struct finding finding = {.graph = detector->graph,
                              .names = detector->names,
                              .keyring = detector->keyring,
                              .column = column,
                              .facts = *facts,
                              .arena = detector->arena,
                              .proposal = proposal};

    assert(facts->nulls <= facts->rows);
    proposal->column = column;
    giver = giver ? giver : find_parent_column(column);
    if (giver)
        return propose_inherited(detector, giver, proposal, err);
    finding.domain = detector->domains->by_column[column->table->index][column->index];
    finding.meaning = find_meaning(detector->names, column);
    finding.table_meaning = table_name_meaning(detector->names, column->table->name);
    finding.is_root = is_root(detector, column);
    add_keys(&finding);
    add_checks(&finding);
    finding.with = find_with(detector->names, column);
    if (finding.with)
        finding.has_check = false; /* the CHECK is why it moves with the other */
    if (!rules_propose(&finding) || !settle(&finding))
        return error_memory(err);
    if (strcmp(proposal->rule, "shift") == 0)
        proposal->week = facts->week;
    return true;
}

static bool propose_table(struct detector *detector, const struct table *table,
                          const struct sample_facts *facts, struct error *err)
{
    static const struct sample_facts nothing;

    for (size_t c = 0; !table->is_outside && c < table->column_count; c++)
        if (!table->columns[c]->is_generated &&
            !propose_column(detector, table->columns[c], facts ? &facts[c] : &nothing, err))
            return false;
    return true;
}

bool detect_from_facts(const struct graph *graph, const struct evidence *evidence,
                       struct arena *arena, struct detection **detection, struct error *err)
{
    const struct catalog *catalog = graph->catalog;
    struct detector detector = {.graph = graph, .names = evidence->names, .arena = arena};
    const struct sample_facts *const *facts = evidence->facts;
    struct domains *domains;
    size_t columns = 0;

    for (size_t t = 0; t < catalog->table_count; t++)
        columns += catalog->tables[t]->column_count;
    detector.detection = ARENA_NEW(arena, struct detection);
    if (!detector.detection)
        return error_memory(err);
    detector.detection->names = evidence->names;
    detector.detection->proposals = ARENA_ARRAY(arena, columns + 1, struct proposal);
    if (!detector.detection->proposals)
        return error_memory(err);
    if (!graph_domains(graph, arena, &domains, err))
        return false;
    detector.domains = domains;
    if (!make_keyring(&detector.keyring, err))
        return false;
    bool is_whole = true;
    for (size_t t = 0; is_whole && t < catalog->table_count; t++)
        is_whole = propose_table(&detector, catalog->tables[t], facts ? facts[t] : NULL, err);
    keyring_free(detector.keyring);
    if (!is_whole)
        return false;
    assert(detector.detection->count <= columns);
    *detection = detector.detection;
    return true;
}

bool detect_columns(const struct graph *graph, const struct detect_source *source,
                    struct arena *arena, struct detection **detection, struct error *err)
{
    const struct catalog *catalog = graph->catalog;
    const struct sample_facts **facts =
        ARENA_ARRAY(arena, catalog->table_count + 1, const struct sample_facts *);

    const struct sample_want want = {source->db, source->sample_rows, arena};

    if (!facts)
        return error_memory(err);
    for (size_t t = 0; source->db && source->sample_rows > 0 && t < catalog->table_count; t++) {
        const struct table *table = catalog->tables[t];
        struct sample_facts *room =
            ARENA_ARRAY(arena, table->column_count + 1, struct sample_facts);
        if (!room)
            return error_memory(err);
        if (!sample_table(&want, table, room, err))
            return false;
        facts[t] = room;
    }
    return detect_from_facts(graph, &(struct evidence){.names = source->names, .facts = facts},
                             arena, detection, err);
}
