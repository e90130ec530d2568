/* Proposes rules for dates, timestamps and times of day. */
#include "config/profile.h"
#include "detect/finding.h"
#include "detect/write.h"
#include "transform/params.h"

#include <string.h>

static bool propose_birth(struct finding *finding)
{
    if (!finding->is_in_key)
        return finding_set(finding, CERTAINTY_SURE, "birth_date", "%s",
                           finding->meaning == MEANING_BIRTH ? meaning_reason(finding->meaning)
                                                             : "dates of a whole generation");
    return finding_set(finding, CERTAINTY_LIKELY, "shift", "a birth date within a unique key");
}

#define BIRTH_SPAN   25 /* years between the first and the last */
#define BIRTH_VALUES 20

/* Dates of a whole generation, scattered over the table: nobody's business runs that long with its
 * rows in no order. */
static bool looks_like_births(const struct finding *finding)
{
    const struct sample_facts *facts = &finding->facts;
    uint32_t values = finding_values(finding);
    bool is_date = finding->column->type->kind == KIND_DATE;
    int64_t day = is_date ? 1 : DAY_US;

    if (values < BIRTH_VALUES || (!is_date && facts->midnights < values))
        return false;
    return facts->like_birth >= values - values / 20 && !finding_runs_with_order(finding) &&
           facts->greatest / day - facts->smallest / day >= BIRTH_SPAN * 365 &&
           facts->distinct > values / 2;
}

static bool propose_event(struct finding *finding)
{
    return finding_set(finding, CERTAINTY_SURE, "shift", "%s",
                       finding->with ? "a CHECK keeps it in order with the other" : "a time");
}

/* YAML of `with: COLUMN`: names are put in quotes where they must be. */
static bool add_with(struct finding *finding)
{
    const char *name = finding->with->name;
    struct buf text;

    assert(finding->with && finding->with->table == finding->column->table);
    buf_init(&text, 4096);
    buf_add_text(&text, "with: ");
    const char *quoted = profile_quote(finding->arena, name);
    write_scalar(&text, quoted ? quoted : "");
    finding->proposal->params = arena_strdup(finding->arena, buf_text(&text));
    buf_release(&text);
    return finding->proposal->params != NULL;
}

bool rules_propose_time(struct finding *finding)
{
    const struct column *column = finding->column;

    if (column->type->kind == KIND_TIME)
        return finding_set(finding, CERTAINTY_LIKELY, "redact", "a time of day");
    bool is_birth = finding->meaning == MEANING_BIRTH ||
                    (finding->meaning == MEANING_NONE && looks_like_births(finding));
    bool ok = is_birth ? propose_birth(finding) : propose_event(finding);
    if (!ok)
        return false;
    if (strcmp(finding->proposal->rule, "shift") != 0)
        return true;
    if (finding->is_in_key || finding->is_root) {
        finding->proposal->params = "unique: true";
        if (finding->is_root)
            return finding_review(finding, "others refer to this time: its rows need one calendar");
        return true;
    }
    if (finding->with)
        return add_with(finding);
    if (finding->has_check && !column->is_not_null && !finding->has_null_check)
        return finding_doubt(finding, "a CHECK limits this time, and a shifted one may break it");
    if (finding->has_check)
        return finding_review(finding, "a CHECK limits this time, and a shifted one may break it");
    return true;
}
