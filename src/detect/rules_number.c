/* Proposes rules for integers, numerics and reals. */
#include "detect/finding.h"

#include <string.h>

#define SECONDS_LOW  INT64_C(300000000) /* 1979, as seconds since 1970 */
#define SECONDS_HIGH INT64_C(5000000000)
#define ORDINAL_MAX  1000
#define BAND_DIGITS  19 /* of the widest band that permute needs room for */

static bool is_integral(const struct finding *finding)
{
    const struct column *column = finding->column;

    return column->type->kind == KIND_INTEGER ||
           (column->type->kind == KIND_DECIMAL && column->precision > 0 && column->scale == 0);
}

/* A numeric of few digits has no room for the bands: it is exchanged within its own range. */
static bool add_range(struct finding *finding)
{
    const struct column *column = finding->column;
    unsigned digits = column->precision;
    char nines[BAND_DIGITS + 1];

    if (column->type->kind != KIND_DECIMAL || digits == 0 || digits >= BAND_DIGITS)
        return true;
    memset(nines, '9', digits);
    nines[digits] = '\0';
    finding->proposal->params = arena_printf(finding->arena, "range: [1, %s]", nines);
    return finding->proposal->params != NULL;
}

static bool propose_key(struct finding *finding)
{
    const char *reason = finding->is_root ? "a key that others refer to"
                         : finding->column->identity || finding->column->sequence
                             ? "counted up, so it runs with time"
                             : "a key";

    return finding_set(finding, CERTAINTY_SURE, "permute", "%s", reason) && add_range(finding);
}

static bool is_small_ordinal(const struct finding *finding)
{
    if (finding_values(finding) == 0)
        return finding->meaning == MEANING_ORDINAL;
    return finding->facts.smallest >= 0 && finding->facts.greatest <= ORDINAL_MAX &&
           !finding_runs_with_order(finding);
}

/* A part of a key that refers to nothing: mostly a position within what the other part names. */
static bool propose_key_part(struct finding *finding)
{
    bool is_ordinal = finding->meaning == MEANING_ORDINAL ||
                      (finding->meaning == MEANING_NONE && finding_values(finding) > 0 &&
                       finding->facts.distinct <= finding_values(finding) / 10);

    if (finding->column->type->kind == KIND_REAL)
        return finding_set(finding, CERTAINTY_LIKELY, "redact", "part of a key");
    if (is_ordinal && is_small_ordinal(finding))
        return finding_keep(finding, "small numbers within a key, a position in a list");
    return propose_key(finding);
}

static const struct table *find_target(const struct finding *finding)
{
    static const char *const plurals[] = {"", "s", "es"};
    const char *name = finding->column->name;
    size_t len = strlen(name);
    bool is_ambiguous;

    if (len < 4 || strcmp(name + len - 3, "_id") != 0)
        return NULL;
    for (size_t i = 0; i < COUNT_OF(plurals); i++) {
        const char *table =
            arena_printf(finding->arena, "%.*s%s", (int)(len - 3), name, plurals[i]);
        const struct table *found =
            table ? catalog_find_table(finding->graph->catalog, finding->column->table->schema,
                                       table, &is_ambiguous)
                  : NULL;
        if (found)
            return found;
    }
    return NULL;
}

static bool is_reference_name(const char *name)
{
    return name_ends_with(name, "id") || name_ends_with(name, "fk") || name_ends_with(name, "ref");
}

/* Named like a reference, but the database declares none: the numbers are exchanged, and joins
 * hold again once the relation is declared. */
static bool propose_reference(struct finding *finding)
{
    const struct table *target = find_target(finding);
    const struct key *primary = target ? target->primary : NULL;

    if (!finding_set(finding, CERTAINTY_UNSURE, "permute", "named like an identifier") ||
        !add_range(finding))
        return false;
    if (primary && primary->column_count == 1)
        return finding_review(finding, "refers to %s.%s? name it under relations, or joins break",
                              target->name, primary->columns[0]->name);
    return finding_review(finding, "refers to another table? name it under relations, or joins "
                                   "break");
}

static bool looks_like_time(const struct finding *finding)
{
    int64_t low = finding->facts.smallest, high = finding->facts.greatest;

    assert(low <= high);
    if (finding_values(finding) < 10 || finding->column->type->kind != KIND_INTEGER)
        return false;
    return (low >= SECONDS_LOW && high <= SECONDS_HIGH && low != high) ||
           (low >= SECONDS_LOW * 1000 && high <= SECONDS_HIGH * 1000);
}

static bool propose_amount(struct finding *finding, enum certainty certainty)
{
    const char *reason = finding->meaning == MEANING_AMOUNT || finding->meaning == MEANING_MEASURE
                             ? meaning_reason(finding->meaning)
                             : "a number with decimals";

    return finding_set(finding, certainty, "perturb", "%s", reason);
}

/* A stand-in would leave the bounds of a CHECK; a perturbed number stays inside them, and a number
 * between bounds identifies nobody. */
static bool propose_unknown(struct finding *finding)
{
    if (!finding->has_check || !finding->column->is_not_null)
        return finding_doubt(finding, "a number of unknown meaning");
    return finding_set(finding, CERTAINTY_UNSURE, "perturb", "a CHECK limits its values") &&
           finding_review(finding, "a number of unknown meaning");
}

static bool propose_integer(struct finding *finding)
{
    if (finding->meaning == MEANING_AMOUNT || finding->meaning == MEANING_MEASURE)
        return propose_amount(finding, CERTAINTY_LIKELY);
    if (is_reference_name(finding->column->name))
        return propose_reference(finding);
    if (looks_like_time(finding))
        return finding_doubt(finding, "a time as a number? it would tell when things happened");
    if (finding_has_few_values(finding) && !finding_runs_with_order(finding) &&
        finding->meaning != MEANING_NAME)
        return finding_keep(finding, "%u value%s seen, %s", finding->facts.distinct,
                            finding->facts.distinct == 1 ? "" : "s",
                            finding->meaning == MEANING_COUNT ? "a count" : "looks like a code");
    return propose_unknown(finding);
}

static bool propose_fraction(struct finding *finding)
{
    const struct column *column = finding->column;

    if (finding->meaning == MEANING_AMOUNT || finding->meaning == MEANING_MEASURE)
        return propose_amount(finding, CERTAINTY_SURE);
    if (column->type->kind == KIND_DECIMAL && column->scale > 0)
        return propose_amount(finding, CERTAINTY_LIKELY);
    return propose_unknown(finding);
}

static const char *const place_rules[] = {"geo", "redact", NULL};
static const char *const other_rules[] = {"redact", NULL};

static bool propose_personal(struct finding *finding)
{
    if (finding->is_in_key && is_integral(finding))
        return finding_set(finding, CERTAINTY_LIKELY, "permute", "%s, in a key",
                           meaning_reason(finding->meaning)) &&
               add_range(finding);
    const char *const *rules = finding->meaning == MEANING_PLACE ? place_rules : other_rules;
    const char *rule = NULL;

    if (!finding_choose(finding, rules, &rule))
        return false;
    return finding_set(finding, CERTAINTY_LIKELY, rule ? rule : "redact", "%s",
                       meaning_reason(finding->meaning));
}

/* Numbers whose check digits hold, or that are too long to be counted up. */
static bool has_official_numbers(const struct finding *finding)
{
    uint32_t values = finding_values(finding);

    return values >= 3 &&
           (finding->facts.like_card > values / 2 || finding->facts.like_national > values / 2);
}

/* What a number is named after is mostly what it refers to, or what is counted or measured of it.
 */
static void narrow_meaning(struct finding *finding)
{
    const char *name = finding->column->name;
    enum meaning last = name_meaning(finding->names, name_last_word(finding->arena, name));
    bool is_measured = last == MEANING_AMOUNT || last == MEANING_MEASURE || last == MEANING_COUNT;

    if (finding->meaning == MEANING_SENSITIVE || finding->meaning == MEANING_NATIONAL_ID ||
        finding->meaning == MEANING_CARD || finding->meaning == MEANING_IBAN)
        return;
    if (meaning_is_personal(finding->meaning) && is_measured)
        finding->meaning = last;
    else if (finding->meaning == MEANING_USER_NAME || finding->meaning == MEANING_FULL_NAME ||
             is_reference_name(name))
        finding->meaning = MEANING_NONE;
}

bool rules_propose_number(struct finding *finding)
{
    const struct column *column = finding->column;
    bool is_counted = column->identity || column->sequence;

    if (finding->is_root || is_counted || (finding->is_unique && is_integral(finding)))
        return propose_key(finding);
    bool is_of_people =
        finding->meaning == MEANING_USER_NAME || finding->meaning == MEANING_FULL_NAME;
    narrow_meaning(finding);
    if (is_of_people && is_integral(finding) && !finding->is_in_key)
        return propose_reference(finding);
    if (meaning_is_personal(finding->meaning) && finding->meaning != MEANING_TEXT)
        return propose_personal(finding);
    if (has_official_numbers(finding) && !finding->is_in_key)
        return finding_doubt(finding, "most look like %s",
                             finding->facts.like_card > finding->facts.like_national
                                 ? "card numbers"
                                 : "official numbers");
    if (finding->meaning == MEANING_TEXT)
        finding->meaning = MEANING_NONE; /* a number is no text */
    if (finding->is_in_key)
        return is_integral(finding)
                   ? propose_key_part(finding)
                   : finding_set(finding, CERTAINTY_LIKELY, "redact", "part of a key");
    return is_integral(finding) ? propose_integer(finding) : propose_fraction(finding);
}
