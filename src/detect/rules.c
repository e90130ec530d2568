/* Chooses who proposes a rule for a column, and puts proposals in words. */
#include "detect/finding.h"
#include "transform/params.h"
#include "value/type.h"

#include <string.h>

#define FEW_VALUES       20
#define ENOUGH_ROWS      100
#define REFERENCE_ROWS   1000
#define ORDER_SUSPICIOUS 0.8 /* what binding refuses is above this */

PRINTF_LIKE(3, 0)
static bool set_text(struct finding *finding, const char **place, const char *format, va_list args)
{
    *place = arena_vprintf(finding->arena, format, args);
    return *place != NULL;
}

bool finding_set(struct finding *finding, enum certainty certainty, const char *rule,
                 const char *reason, ...)
{
    va_list args;

    assert(rule && strcmp(rule, "keep") != 0);
    finding->proposal->rule = rule;
    finding->proposal->certainty = certainty;
    va_start(args, reason);
    bool ok = set_text(finding, &finding->proposal->reason, reason, args);
    va_end(args);
    return ok;
}

bool finding_keep(struct finding *finding, const char *reason, ...)
{
    va_list args;

    assert(!meaning_is_personal(finding->meaning));
    finding->proposal->rule = "keep";
    finding->proposal->certainty = CERTAINTY_LIKELY;
    va_start(args, reason);
    bool ok = set_text(finding, &finding->proposal->reason, reason, args);
    va_end(args);
    return ok;
}

bool finding_doubt(struct finding *finding, const char *review, ...)
{
    bool writes_null = finding->has_check && !finding->has_null_check &&
                       !finding->column->is_not_null && !finding->column->type->is_not_null &&
                       !finding->is_in_key && !finding->is_root;
    va_list args;

    finding->proposal->rule = writes_null ? "null" : "redact";
    finding->proposal->params = NULL;
    finding->proposal->certainty = CERTAINTY_UNSURE;
    finding->proposal->reason = writes_null ? "a CHECK limits its values" : "meaning unknown";
    va_start(args, review);
    bool ok = set_text(finding, &finding->proposal->review, review, args);
    va_end(args);
    return ok;
}

bool finding_review(struct finding *finding, const char *review, ...)
{
    va_list args;

    assert(finding->proposal->rule);
    finding->proposal->certainty = CERTAINTY_UNSURE;
    va_start(args, review);
    bool ok = set_text(finding, &finding->proposal->review, review, args);
    va_end(args);
    return ok;
}

uint32_t finding_values(const struct finding *finding)
{
    assert(finding->facts.nulls <= finding->facts.rows);
    return finding->facts.rows - finding->facts.nulls;
}

bool finding_has_few_values(const struct finding *finding)
{
    uint32_t values = finding_values(finding);

    return finding->facts.rows >= ENOUGH_ROWS && values >= ENOUGH_ROWS / 2 &&
           finding->facts.distinct <= FEW_VALUES && finding->facts.distinct <= values / 5;
}

bool finding_runs_with_order(const struct finding *finding)
{
    return finding->facts.order_correlation > ORDER_SUSPICIOUS;
}

bool finding_is_reference(const struct finding *finding)
{
    double rows = finding->column->table->row_estimate;

    return finding->table_meaning == TABLE_MEANING_REFERENCE && rows >= 0 && rows <= REFERENCE_ROWS;
}

bool column_is_code_name(const char *name)
{
    static const char *const words[] = {
        "status",   "state",  "type",   "kind",     "code",     "currency", "locale",
        "tier",     "level",  "mode",   "method",   "brand",    "class",    "priority",
        "language", "lang",   "unit",   "channel",  "stage",    "phase",    "category",
        "country",  "role",   "scope",  "action",   "severity", "format",   "plan",
        "zustand",  "typ",    "art",    "land",     "estado",   "tipo",     "statut",
        "stato",    "moneda", "devise", "waehrung", "iso",      "iso2",     "iso3"};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (name_ends_with(name, words[i]))
            return true;
    return false;
}

static bool has_trait_name(const char *name)
{
    static const char *const words[] = {
        "country",    "land",      "pais",       "pays",  "paese",      "nation",     "strana",
        "kraj",       "ulke",      "kuni",       "job",   "position",   "profession", "beruf",
        "occupation", "dolzhnost", "stanowisko", "cargo", "nationality"};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (name_has_words(name, words[i]))
            return true;
    return false;
}

bool finding_is_trait(const struct finding *finding)
{
    const struct table *table = finding->column->table;
    enum table_meaning of = finding->table_meaning;
    bool is_of_people =
        of == TABLE_MEANING_PERSON || of == TABLE_MEANING_STAFF || of == TABLE_MEANING_LOGIN;

    if (finding_is_reference(finding) || !has_trait_name(finding->column->name))
        return false;
    for (size_t c = 0; c < table->column_count && !is_of_people; c++) {
        enum meaning meaning = name_meaning(finding->names, table->columns[c]->name);
        is_of_people = meaning == MEANING_CITY || meaning == MEANING_POSTCODE ||
                       meaning == MEANING_STREET || meaning == MEANING_BIRTH;
    }
    return is_of_people;
}

static bool propose_boolean(struct finding *finding)
{
    if (finding->meaning == MEANING_SENSITIVE)
        return finding_set(finding, CERTAINTY_LIKELY, "redact", "%s",
                           meaning_reason(finding->meaning));
    finding->meaning = MEANING_NONE; /* that there is an address is no address */
    return finding_keep(finding, "yes or no, not about a person");
}

static bool propose_enum(struct finding *finding)
{
    const struct type *type = finding->column->type;

    while (type->class == TYPE_DOMAIN && type->element)
        type = type->element;
    if (meaning_is_personal(finding->meaning))
        return finding_set(finding, CERTAINTY_LIKELY, "redact", "%s",
                           meaning_reason(finding->meaning));
    return finding_keep(finding, "an enum of %zu labels", type->label_count);
}

static bool propose_uuid(struct finding *finding)
{
    return finding_set(finding, CERTAINTY_SURE, "permute",
                       finding->is_in_key || finding->is_root ? "a key" : "an identifier");
}

static bool is_large_object(const struct type *type)
{
    return strcmp(type->name, "oid") == 0 || strcmp(type->name, "lo") == 0;
}

static bool is_place(const struct type *type)
{
    static const char *const names[] = {"point", "geometry", "geography", "path", "polygon",
                                        "lseg",  "box",      "circle",    "line"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(type->name, names[i]) == 0)
            return true;
    return false;
}

static bool propose_other(struct finding *finding)
{
    const struct column *column = finding->column;
    const char *type = column->type_text ? column->type_text : column->type->name;
    bool is_not_null = column->is_not_null || column->type->is_not_null;

    if (column->type->class == TYPE_ARRAY)
        return finding_doubt(finding, "a list of a type that no rule knows");
    if (is_place(column->type))
        return finding_set(finding, CERTAINTY_SURE, "redact", "a place on the map");
    if (is_large_object(column->type) && !is_not_null)
        return finding_set(finding, CERTAINTY_SURE, "null", "large objects are not copied");
    if (!finding_set(finding, CERTAINTY_LIKELY, "redact", "no rule knows the type %s", type))
        return false;
    if (!is_not_null)
        return finding_review(finding, "no rule knows the type %s: NULL is written", type);
    return !type_has_empty(type_ground(column->type)) ||
           finding_review(finding, "no rule knows the type %s: an empty value is written", type);
}

static bool propose_bytes(struct finding *finding)
{
    if (meaning_is_personal(finding->meaning))
        return finding_set(finding, CERTAINTY_LIKELY, "redact", "%s",
                           meaning_reason(finding->meaning));
    return finding_doubt(finding, "bytes of unknown meaning");
}

/* Elements are rewritten one by one, so their rule is the array's. */
static bool propose_array(struct finding *finding, const struct type *element)
{
    struct column *column = ARENA_NEW(finding->arena, struct column);
    struct finding inner = *finding;

    if (!column)
        return false;
    *column = *finding->column;
    column->type = element;
    inner.column = column;
    inner.is_inside = true;
    return rules_propose(&inner);
}

/* The element's type of an array that rules can take apart, else NULL. */
static const struct type *find_element(const struct type *type)
{
    while (type->class == TYPE_DOMAIN && type->element)
        type = type->element;
    if (type->class != TYPE_ARRAY || !type->element || type->element->kind == KIND_OTHER)
        return NULL;
    return type->element;
}

/* Bounds that are times move with their subject; others are redacted one by one, in order. */
static bool propose_range(struct finding *finding, const struct type *bound)
{
    bool is_time =
        bound->kind == KIND_DATE || bound->kind == KIND_TIMESTAMP || bound->kind == KIND_INSTANT;

    if (is_time && !finding->is_in_key)
        return finding_set(finding, CERTAINTY_SURE, "shift", "from one time to another");
    return finding_doubt(finding, "a range of unknown meaning");
}

/* What the bounds of a range or a multirange are, else NULL. */
static const struct type *find_bound(const struct type *type)
{
    const struct type *base = type_ground(type);

    for (; base->class == TYPE_MULTIRANGE && base->element; base = type_ground(base->element))
        continue;
    return base->class == TYPE_RANGE && base->element ? type_ground(base->element) : NULL;
}

/* Exclusion constraints hold over ranges of values; no rule that hides these values keeps them. */
static bool propose_excluding(struct finding *finding)
{
    return finding_doubt(finding, "an exclusion constraint covers this column: check refuses every "
                                  "rule that hides it. Leave the table out (schema.exclude)");
}

static const char *const rules_network[] = {"ip", "redact", NULL};
static const char *const rules_hardware[] = {"mac", "redact", NULL};

/* A host or device of somebody; also a route or a range that nobody owns, which is not for a sample
 * to tell. */
static bool propose_network(struct finding *finding)
{
    bool is_hardware = finding->column->type->kind == KIND_MAC;
    const char *rule = NULL;

    if (!finding_choose(finding, is_hardware ? rules_hardware : rules_network, &rule))
        return false;
    return finding_set(finding, CERTAINTY_SURE, rule ? rule : "redact",
                       is_hardware ? "a hardware address" : "a network address");
}

/* Values that hold values: all of them are redacted until somebody names some. */
static bool propose_parts(struct finding *finding)
{
    static const char *const composite[] = {"composite", "redact", NULL};
    static const char *const pairs[] = {"hstore", "redact", NULL};
    bool is_composite = finding->column->type->kind == KIND_COMPOSITE;
    const char *rule = NULL;

    if (!finding_choose(finding, is_composite ? composite : pairs, &rule))
        return false;
    return finding_set(finding, CERTAINTY_LIKELY, rule ? rule : "redact",
                       is_composite ? "every field is redacted until it is named"
                                    : "every key is redacted until it is named");
}

/* MySQL's booleans are numbers; one that holds other numbers is none. */
static bool is_flag(const struct finding *finding)
{
    return finding->column->type->is_flag &&
           (finding_values(finding) == 0 ||
            (finding->facts.smallest >= 0 && finding->facts.greatest <= 1));
}

static bool propose_by_kind(struct finding *finding)
{
    if (is_flag(finding))
        return propose_boolean(finding);
    switch (finding->column->type->kind) {
    case KIND_BOOLEAN:
        return propose_boolean(finding);
    case KIND_ENUM:
        return propose_enum(finding);
    case KIND_INTEGER:
    case KIND_REAL:
    case KIND_DECIMAL:
        return rules_propose_number(finding);
    case KIND_TEXT:
        return rules_propose_text(finding);
    case KIND_UUID:
        return propose_uuid(finding);
    case KIND_DATE:
    case KIND_TIME:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        return rules_propose_time(finding);
    case KIND_JSON:
        return rules_propose_json(finding);
    case KIND_BYTES:
        return propose_bytes(finding);
    case KIND_INET:
    case KIND_MAC:
        return propose_network(finding);
    case KIND_COMPOSITE:
    case KIND_HSTORE:
        return propose_parts(finding);
    case KIND_OTHER:
    case KIND_COUNT:
        break;
    }
    return propose_other(finding);
}

static bool is_time(enum kind kind)
{
    return kind == KIND_DATE || kind == KIND_TIMESTAMP || kind == KIND_INSTANT ||
           kind == KIND_TIME || kind == KIND_OTHER;
}

/* The values of a LIST partition key are told by its bounds already, if they are but a few and none
 * looks like a person's. */
static bool names_partitions(const struct finding *finding)
{
    const struct sample_facts *facts = &finding->facts;

    return finding->is_list_partition && !meaning_is_personal(finding->meaning) &&
           (facts->rows == 0 || finding_has_few_values(finding)) && facts->like_email == 0 &&
           facts->like_phone == 0 && facts->like_card == 0 && facts->like_name == 0;
}

bool rules_propose(struct finding *finding)
{
    assert(finding->column && finding->proposal && finding->arena);
    if (finding->is_excluding && is_time(finding->column->type->kind))
        return propose_excluding(finding);
    if (names_partitions(finding))
        return finding_keep(finding, "its values name the partitions");
    const struct type *element = find_element(finding->column->type);
    const struct type *bound = find_bound(finding->column->type);
    if (!(element ? propose_array(finding, element)
          : bound ? propose_range(finding, bound)
                  : propose_by_kind(finding)))
        return false;
    assert(finding->proposal->rule);
    if (finding->is_list_partition)
        return finding_review(finding, "its values name partitions, and check refuses every rule "
                                       "but keep: decide, or leave the table out");
    return true;
}
