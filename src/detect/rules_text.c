/* Proposes rules for text: by its name, then by what a sample of it looks like. */
#include "detect/finding.h"

#include <string.h>

#define EMAIL_LENGTH        14 /* shortest column that the rule's addresses fit */
#define EMAIL_UNIQUE_LENGTH 30
#define NAME_LENGTH         12
#define LONG_TEXT           60 /* mean bytes of what is written in sentences */

/* The rule for a meaning, and the one that keeps distinct values distinct. */
struct text_rule {
    const char *rule, *exact;
    uint32_t length, exact_length; /* shortest columns for these; else scramble and permute */
};

static const struct text_rule text_rules[] = {
    [MEANING_SECRET] = {"redact", "redact", 0, 0},
    [MEANING_EMAIL] = {"email", "email", EMAIL_LENGTH, EMAIL_UNIQUE_LENGTH},
    [MEANING_IP] = {"redact", "redact", 0, 0},
    [MEANING_URL] = {"redact", "redact", 0, 0},
    [MEANING_AGENT] = {"redact", "redact", 0, 0},
    [MEANING_PHONE] = {"phone", "permute", 0, 0},
    [MEANING_NATIONAL_ID] = {"scramble", "permute", 0, 0},
    [MEANING_CARD] = {"scramble", "permute", 0, 0},
    [MEANING_IBAN] = {"scramble", "permute", 0, 0},
    [MEANING_BIRTH] = {"redact", "redact", 0, 0},
    [MEANING_USER_NAME] = {"permute", "permute", 0, 0},
    [MEANING_FIRST_NAME] = {"first_name", "permute", NAME_LENGTH, 0},
    [MEANING_FAMILY_NAME] = {"family_name", "permute", NAME_LENGTH, 0},
    [MEANING_FULL_NAME] = {"full_name", "permute", NAME_LENGTH, 0},
    [MEANING_COMPANY] = {"redact", "redact", 0, 0},
    [MEANING_POSTCODE] = {"scramble", "permute", 0, 0},
    [MEANING_CITY] = {"scramble", "permute", 0, 0},
    [MEANING_REGION] = {"scramble", "permute", 0, 0},
    [MEANING_STREET] = {"scramble", "permute", 0, 0},
    [MEANING_PLACE] = {"redact", "redact", 0, 0},
    [MEANING_SENSITIVE] = {"redact", "redact", 0, 0},
    [MEANING_TEXT] = {"text", "redact", 0, 0},
};

static bool fits(const struct finding *finding, uint32_t length)
{
    return finding->column->max_length == 0 || finding->column->max_length >= length;
}

static bool propose_meaning(struct finding *finding, enum meaning meaning, const char *reason)
{
    const struct text_rule *row = &text_rules[meaning];
    const char *rule = fits(finding, row->length) ? row->rule : "scramble";

    assert((size_t)meaning < COUNT_OF(text_rules) && row->rule);
    if (finding->is_in_key || finding->is_root)
        rule = fits(finding, row->exact_length) ? row->exact : "permute";
    return finding_set(finding, CERTAINTY_SURE, rule, "%s", reason);
}

static uint32_t filled(const struct finding *finding)
{
    assert(finding->facts.empties <= finding_values(finding));
    return finding_values(finding) - finding->facts.empties;
}

/* More than half of what is filled in. */
static bool is_mostly(const struct finding *finding, uint32_t alike)
{
    return filled(finding) >= 3 && alike > filled(finding) / 2;
}

struct look {
    enum meaning meaning;
    uint32_t alike;
    const char *words; /* "e-mail addresses" */
};

#define LOOKS 7

static void list_looks(const struct sample_facts *facts, struct look looks[LOOKS])
{
    looks[0] = (struct look){MEANING_EMAIL, facts->like_email, "e-mail addresses"};
    looks[1] = (struct look){MEANING_IBAN, facts->like_iban, "bank accounts"};
    looks[2] = (struct look){MEANING_CARD, facts->like_card, "card numbers"};
    looks[3] = (struct look){MEANING_IP, facts->like_ip, "network addresses"};
    looks[4] = (struct look){MEANING_URL, facts->like_url, "links"};
    looks[5] = (struct look){MEANING_SECRET, facts->like_hash, "hashes or tokens"};
    looks[6] = (struct look){MEANING_PHONE, facts->like_phone, "phone numbers"};
}

/* What nearly all values look like decides over the name. */
static const struct look *find_look(const struct finding *finding, const struct look looks[LOOKS])
{
    for (size_t i = 0; i < LOOKS; i++)
        if (is_mostly(finding, looks[i].alike))
            return &looks[i];
    return NULL;
}

static bool is_prose(const struct finding *finding)
{
    const struct sample_facts *facts = &finding->facts;

    return filled(finding) > 0 && facts->with_blank > filled(finding) / 2 &&
           facts->total_length / filled(finding) >= LONG_TEXT;
}

/* Names of people stand in tables of people; elsewhere a name is of a thing, or is not known. */
static bool is_name_of_person(const struct finding *finding)
{
    enum table_meaning table = finding->table_meaning;

    return finding->meaning == MEANING_NAME && !name_has_words(finding->column->name, "title") &&
           (table == TABLE_MEANING_PERSON || table == TABLE_MEANING_STAFF ||
            table == TABLE_MEANING_LOGIN || table == TABLE_MEANING_OTHER);
}

static bool has_personal_values(const struct look looks[LOOKS])
{
    for (size_t i = 0; i < LOOKS; i++)
        if (looks[i].alike > 0)
            return true;
    return false;
}

/* A label of something: few values that are no words, or a name that says so. */
static bool is_label(const struct finding *finding, const struct look looks[LOOKS])
{
    const struct sample_facts *facts = &finding->facts;
    bool is_named = column_is_code_name(finding->column->name);

    if (!finding_has_few_values(finding) || has_personal_values(looks) ||
        finding_runs_with_order(finding) || facts->like_code < filled(finding))
        return false;
    if (meaning_is_personal(finding->meaning) || finding->meaning == MEANING_NAME)
        return false;
    /* One value seen, or one with a blank in it, is no evidence of a code: a column of free text
     * may be constant today. */
    return is_named || (facts->like_name == 0 && facts->like_word == 0 && facts->distinct > 1 &&
                        facts->with_blank == 0);
}

static bool is_list_name(const struct finding *finding)
{
    return finding_is_reference(finding) && !finding_runs_with_order(finding) &&
           (finding->meaning == MEANING_NAME || finding->meaning == MEANING_NONE);
}

static bool propose_doubt(struct finding *finding, const struct look looks[LOOKS])
{
    for (size_t i = 0; i < LOOKS; i++)
        if (looks[i].alike > 0)
            return finding_doubt(finding, "%u of %u look like %s", looks[i].alike, filled(finding),
                                 looks[i].words);
    if (finding->facts.like_name > 0)
        return finding_doubt(finding, "free text? %u of %u look like names of people",
                             finding->facts.like_name, filled(finding));
    if (finding->facts.rows == 0)
        return finding_doubt(finding, "text of unknown meaning");
    return finding_doubt(finding, "text of unknown meaning, %u values in %u",
                         finding->facts.distinct, filled(finding));
}

/* Values that must stay distinct: every rule but an exchange of one for another may fail. */
static bool propose_exact(struct finding *finding)
{
    return finding_set(finding, CERTAINTY_LIKELY, "permute",
                       finding->is_root ? "a key that others refer to" : "unique, so one for one");
}

/* Under a collation in which unequal bytes are equal no rule can keep values distinct. */
static bool propose_folded(struct finding *finding)
{
    return finding_doubt(finding, "unique under a collation that equates different bytes: check "
                                  "refuses every rule that hides it");
}

static bool propose_checked(struct finding *finding, const struct look looks[LOOKS])
{
    if (is_label(finding, looks))
        return finding_keep(finding, "%u values seen, limited by a CHECK", finding->facts.distinct);
    return finding_doubt(finding, "a CHECK limits it, and a stand-in may break that");
}

bool rules_propose_text(struct finding *finding)
{
    struct look looks[LOOKS];
    bool is_exact = finding->is_in_key || finding->is_root;

    assert(finding->column->type->kind == KIND_TEXT);
    list_looks(&finding->facts, looks);
    const struct look *look = find_look(finding, looks);
    if (is_exact && finding->column->is_nondeterministic)
        return propose_folded(finding);
    if (look && (!meaning_is_personal(finding->meaning) || look->meaning == MEANING_EMAIL))
        return propose_meaning(
            finding, look->meaning,
            arena_printf(finding->arena, "most values look like %s", look->words));
    if (meaning_is_personal(finding->meaning))
        return propose_meaning(finding, finding->meaning, meaning_reason(finding->meaning));
    if (is_name_of_person(finding))
        return propose_meaning(finding, MEANING_FULL_NAME, "a name in a table of people");
    if (is_list_name(finding) && !has_personal_values(looks))
        return finding_keep(finding, "a public list");
    if (is_label(finding, looks) && !finding->is_unique)
        return finding_keep(finding, "%u value%s seen, looks like a code", finding->facts.distinct,
                            finding->facts.distinct == 1 ? "" : "s");
    if (is_exact)
        return propose_exact(finding);
    if (finding->has_check)
        return propose_checked(finding, looks);
    if (is_prose(finding))
        return propose_meaning(finding, MEANING_TEXT, "written in sentences");
    return propose_doubt(finding, looks);
}
