/* Proposes rules for dates, timestamps and times of day. */
#include "config/profile.h"
#include "detect/finding.h"
#include "detect/write.h"

#include <string.h>

static bool propose_birth(struct finding *finding)
{
    if (!finding->is_in_key)
        return finding_set(finding, CERTAINTY_SURE, "birth_date", "%s",
                           meaning_reason(finding->meaning));
    return finding_set(finding, CERTAINTY_LIKELY, "shift", "a birth date within a unique key");
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
    bool ok = finding->meaning == MEANING_BIRTH ? propose_birth(finding) : propose_event(finding);
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
