/* Proposes rules for text: by its name, then by what a sample of it looks like. */
#include "detect/fit.h"

#include <string.h>

#define LONG_TEXT 60 /* mean bytes of what is written in sentences */
#define ENDING    7  /* columns that short hold the end of a card's number, or its date */

/* Rules for a meaning, the best first; what this version lacks or the column does not take is
 * passed over. `exact` keeps distinct values distinct. */
struct text_rule {
    const char *rules[4], *exact[3];
};

static const struct text_rule text_rules[] = {
    [MEANING_SECRET] = {{"secret", "redact"}, {"secret", "redact"}},
    [MEANING_EMAIL] = {{"email", "scramble"}, {"email", "permute"}},
    [MEANING_IP] = {{"ip", "redact"}, {"ip", "permute"}},
    [MEANING_URL] = {{"url", "redact"}, {"url", "permute"}},
    [MEANING_AGENT] = {{"redact"}, {"redact"}},
    [MEANING_PHONE] = {{"phone", "scramble"}, {"phone", "permute"}},
    [MEANING_NATIONAL_ID] = {{"national_id", "scramble"}, {"national_id", "permute"}},
    [MEANING_CARD] = {{"card", "scramble"}, {"card", "permute"}},
    [MEANING_IBAN] = {{"iban", "scramble"}, {"iban", "permute"}},
    [MEANING_BIRTH] = {{"redact"}, {"redact"}},
    [MEANING_USER_NAME] = {{"permute", "scramble"}, {"permute"}},
    [MEANING_FIRST_NAME] = {{"first_name", "scramble"}, {"permute"}},
    [MEANING_FAMILY_NAME] = {{"family_name", "scramble"}, {"permute"}},
    [MEANING_FULL_NAME] = {{"full_name", "scramble"}, {"permute"}},
    [MEANING_COMPANY] = {{"company", "redact"}, {"permute"}},
    [MEANING_POSTCODE] = {{"postcode", "scramble"}, {"permute"}},
    [MEANING_CITY] = {{"city", "scramble"}, {"permute"}},
    [MEANING_REGION] = {{"scramble"}, {"permute"}},
    [MEANING_STREET] = {{"street", "scramble"}, {"permute"}},
    [MEANING_PLACE] = {{"geo", "redact"}, {"permute"}},
    [MEANING_SENSITIVE] = {{"redact"}, {"redact"}},
    [MEANING_TEXT] = {{"text", "redact"}, {"redact"}},
};

static const struct text_rule hardware = {{"mac", "redact"}, {"mac", "permute"}};
static const struct text_rule digits = {{"digits", "scramble"}, {"digits", "permute"}};
static const struct text_rule mixed = {{"scramble"}, {"permute"}};
static const struct text_rule unread = {{"redact"}, {"permute"}};

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

static bool name_has_any(const struct finding *finding, const char *const *words)
{
    for (; *words; words++)
        if (name_has_words(finding->column->name, *words))
            return true;
    return false;
}

/* The name says the family, values and further words say which of it. */
static const struct text_rule *find_rules(const struct finding *finding, enum meaning meaning)
{
    static const char *const hosts[] = {"host", "hostname", "ssid", NULL};
    static const char *const macs[] = {"mac", "hw addr", "bssid", "bluetooth address", NULL};
    static const char *const ends[] = {"last4", "last four", "exp", "expiry", "expiration",
                                       "month", "year",      "bin", "digits", NULL};
    uint32_t length = finding->column->max_length;

    if (meaning == MEANING_IP &&
        (is_mostly(finding, finding->facts.like_mac) || name_has_any(finding, macs)))
        return &hardware;
    if (meaning == MEANING_IP && !is_mostly(finding, finding->facts.like_ip) &&
        name_has_any(finding, hosts))
        return &unread;
    if (meaning == MEANING_CARD &&
        ((length > 0 && length <= ENDING) || name_has_any(finding, ends)))
        return is_mostly(finding, finding->facts.like_digits) ? &digits : &mixed;
    if (meaning == MEANING_IBAN && !is_mostly(finding, finding->facts.like_iban) &&
        !strcasestr(finding->column->name, "iban"))
        return is_mostly(finding, finding->facts.like_digits) ? &digits : &mixed;
    return &text_rules[meaning];
}

static bool propose_meaning(struct finding *finding, enum meaning meaning, const char *reason)
{
    const struct text_rule *row = find_rules(finding, meaning);
    bool is_exact = finding->is_in_key || finding->is_root;
    const char *rule = NULL;

    assert((size_t)meaning < COUNT_OF(text_rules) && row->rules[0]);
    if (!finding_choose(finding, is_exact ? row->exact : row->rules, &rule))
        return false;
    if (rule)
        return finding_set(finding, CERTAINTY_SURE, rule, "%s", reason ? reason : "");
    return finding_doubt(finding, "%s, and no rule for that fits the column", reason ? reason : "");
}

struct look {
    enum meaning meaning;
    uint32_t alike;
    const char *words; /* "e-mail addresses" */
};

#define LOOKS 12

static uint32_t less(uint32_t count, uint32_t others)
{
    return count > others ? count - others : 0;
}

/* 1.2.3.4 is a version where the name says so. */
static uint32_t count_addresses(const struct finding *finding)
{
    static const char *const versions[] = {"version", "ver", "build", "release", "firmware", NULL};

    return name_has_any(finding, versions) ? 0 : finding->facts.like_ip;
}

static void list_looks(const struct finding *finding, struct look looks[LOOKS])
{
    const struct sample_facts *facts = &finding->facts;
    bool is_key = finding->is_root || finding->is_unique; /* such are drawn as well */
    uint32_t hashes = facts->like_hash > facts->like_uuid ? facts->like_hash : 0;

    looks[0] = (struct look){MEANING_SECRET, facts->like_secret, "secrets"};
    looks[1] = (struct look){MEANING_EMAIL, facts->like_email, "e-mail addresses"};
    looks[2] = (struct look){MEANING_IBAN, facts->like_iban, "bank accounts"};
    looks[3] = (struct look){MEANING_CARD, facts->like_card, "card numbers"};
    looks[4] = (struct look){MEANING_IP, facts->like_mac, "hardware addresses"};
    looks[5] = (struct look){MEANING_IP, count_addresses(finding), "network addresses"};
    looks[6] = (struct look){MEANING_URL, facts->like_url, "links"};
    looks[7] = (struct look){MEANING_SECRET, hashes, "hashes or tokens"};
    looks[8] = (struct look){MEANING_SECRET, is_key ? 0 : less(facts->like_token, facts->like_uuid),
                             "random tokens"};
    looks[9] = (struct look){MEANING_NATIONAL_ID, facts->like_national, "official numbers"};
    looks[10] = (struct look){MEANING_PLACE, facts->like_place, "places on the map"};
    /* digits alone are as likely an order's number */
    looks[11] =
        (struct look){MEANING_PHONE, less(facts->like_dialed, facts->like_digits), "phone numbers"};
}

/* What most values look like. */
static const struct look *find_look(const struct finding *finding, const struct look looks[LOOKS])
{
    for (size_t i = 0; i < LOOKS; i++)
        if (is_mostly(finding, looks[i].alike))
            return &looks[i];
    return NULL;
}

/* Values decide over a name that says nothing, and over one that says something else where they are
 * told by a form or checksum that nothing else has. */
static bool beats_name(const struct finding *finding, const struct look *look)
{
    if (!meaning_is_personal(finding->meaning) || finding->meaning == MEANING_TEXT)
        return true;
    return finding->meaning != MEANING_SECRET &&
           (look->meaning == MEANING_EMAIL || look->meaning == MEANING_SECRET ||
            look->meaning == MEANING_IBAN);
}

static bool is_prose(const struct finding *finding)
{
    const struct sample_facts *facts = &finding->facts;

    if (is_mostly(finding, facts->like_sentence))
        return true;
    return filled(finding) > 0 && facts->with_blank > filled(finding) / 2 &&
           facts->total_length / filled(finding) >= LONG_TEXT;
}

/* Names of people stand in tables of people; elsewhere a name is of a thing, or is not known. */
static bool is_name_of_person(const struct finding *finding)
{
    enum table_meaning table = finding->table_meaning;

    if (finding->meaning == MEANING_NAME &&
        name_mentions_people(finding->names, finding->column->name))
        return true;
    return finding->meaning == MEANING_NAME && !finding->is_inside &&
           !name_has_words(finding->column->name, "label") &&
           !name_has_words(finding->column->name, "title") &&
           (table == TABLE_MEANING_PERSON || table == TABLE_MEANING_STAFF ||
            table == TABLE_MEANING_LOGIN || table == TABLE_MEANING_OTHER);
}

static bool has_personal_values(const struct finding *finding, const struct look looks[LOOKS])
{
    for (size_t i = 0; i < LOOKS; i++)
        if (looks[i].alike > 0)
            return true;
    return finding->facts.has_email > 0;
}

/* Single words of which three in four are names, that no table of a public list holds. */
static bool is_names_alone(const struct finding *finding, uint32_t alike)
{
    return filled(finding) >= 10 && alike >= filled(finding) - filled(finding) / 4 &&
           !finding_is_reference(finding) && !column_is_code_name(finding->column->name);
}

/* A label of something: few values that are no words, or a name that says so. */
static bool is_label(const struct finding *finding, const struct look looks[LOOKS])
{
    const struct sample_facts *facts = &finding->facts;
    bool is_named = column_is_code_name(finding->column->name);

    if (!finding_has_few_values(finding) || has_personal_values(finding, looks) ||
        finding_runs_with_order(finding) || facts->like_code < filled(finding))
        return false;
    if (meaning_is_personal(finding->meaning) || finding->meaning == MEANING_NAME ||
        name_is_of_people(finding->names, finding->column->name))
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
    if (is_mostly(finding, finding->facts.like_base64))
        return finding_doubt(finding, "bytes written as text? %u of %u look like base64",
                             finding->facts.like_base64, filled(finding));
    if (finding->facts.has_email > 0)
        return finding_doubt(finding, "free text? %u of %u hold e-mail addresses",
                             finding->facts.has_email, filled(finding));
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
    list_looks(finding, looks);
    const struct look *look = find_look(finding, looks);
    if (is_exact && finding->column->is_nondeterministic)
        return propose_folded(finding);
    if (look && beats_name(finding, look))
        return propose_meaning(
            finding, look->meaning,
            arena_printf(finding->arena, "most values look like %s", look->words));
    if (is_mostly(finding, finding->facts.like_json) && finding->meaning != MEANING_SECRET &&
        !is_exact && !finding->has_check && !finding->is_inside)
        return rules_propose_json(finding);
    if (meaning_is_personal(finding->meaning))
        return propose_meaning(finding, finding->meaning, meaning_reason(finding->meaning));
    if (finding->meaning == MEANING_NONE &&
        name_is_of_people(finding->names, finding->column->name))
        return propose_meaning(finding, MEANING_FULL_NAME, "named after people");
    if (is_name_of_person(finding))
        return propose_meaning(finding, MEANING_FULL_NAME, "a name in a table of people");
    if (is_mostly(finding, finding->facts.like_person) && !finding_is_reference(finding))
        return propose_meaning(finding, MEANING_FULL_NAME, "most values look like names of people");
    if (is_names_alone(finding, finding->facts.like_given) &&
        finding->facts.like_given >= finding->facts.like_family)
        return propose_meaning(finding, MEANING_FIRST_NAME, "most values are known first names");
    if (is_names_alone(finding, finding->facts.like_family))
        return propose_meaning(finding, MEANING_FAMILY_NAME, "most values are known family names");
    if (is_list_name(finding) && !has_personal_values(finding, looks))
        return finding_keep(finding, "a public list");
    if (is_label(finding, looks) && !is_exact && !finding->has_check && finding_is_trait(finding))
        return finding_set(finding, CERTAINTY_LIKELY, "redact",
                           "tells persons apart with others") &&
               finding_review(finding,
                              "%u values seen, about persons: keep it if, beside what else "
                              "is kept, it points to nobody",
                              finding->facts.distinct);
    if (is_label(finding, looks) && !finding->is_unique)
        return finding_keep(finding, "%u value%s seen, looks like a code", finding->facts.distinct,
                            finding->facts.distinct == 1 ? "" : "s");
    if (is_exact)
        return propose_exact(finding);
    if (finding->has_check)
        return propose_checked(finding, looks);
    if (is_mostly(finding, finding->facts.like_uuid))
        return finding_set(finding, CERTAINTY_LIKELY, "permute", "an identifier");
    if (is_mostly(finding, finding->facts.has_email))
        return propose_meaning(finding, MEANING_TEXT, "text with e-mail addresses in it");
    if (is_prose(finding))
        return propose_meaning(finding, MEANING_TEXT, "written in sentences");
    return propose_doubt(finding, looks);
}
