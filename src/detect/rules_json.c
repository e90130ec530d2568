/* Proposes rules for documents: a rule for each path whose texts are known, redact for the rest. */
#include "detect/fit.h"

#include <string.h>

static const struct type text_type = {.schema = "pg_catalog", .name = "text", .kind = KIND_TEXT};

/* The member as if it were a column of its own, with no limits. */
static bool propose_path(const struct finding *finding, const struct path_facts *path,
                         struct proposal *proposal)
{
    struct column *column = ARENA_NEW(finding->arena, struct column);
    struct finding inner = {.graph = finding->graph,
                            .names = finding->names,
                            .domain = finding->domain,
                            .column = column,
                            .meaning = name_meaning(finding->names, path->name),
                            .table_meaning = finding->table_meaning,
                            .facts = path->facts,
                            .keyring = finding->keyring,
                            .is_inside = true,
                            .arena = finding->arena,
                            .proposal = proposal};

    if (!column)
        return false;
    *column = (struct column){.name = path->name,
                              .table = finding->column->table,
                              .type = &text_type,
                              .modifier = -1,
                              .index = UINT16_MAX};
    proposal->column = column;
    return rules_propose_text(&inner);
}

/* What redact would not do better. */
static bool is_worth_naming(const struct proposal *proposal)
{
    static const char *const rest[] = {"redact", "keep", "null", "permute"};

    for (size_t i = 0; i < COUNT_OF(rest); i++)
        if (!proposal->rule || strcmp(proposal->rule, rest[i]) == 0)
            return false;
    return proposal->certainty != CERTAINTY_UNSURE;
}

static bool add_paths(struct finding *finding, struct buf *text)
{
    const struct sample_facts *facts = &finding->facts;
    size_t count = 0;

    for (size_t i = 0; i < facts->path_count; i++) {
        struct proposal proposal = {0};
        if (!propose_path(finding, &facts->paths[i], &proposal))
            return false;
        if (!is_worth_naming(&proposal))
            continue;
        buf_add_format(text, "%s\"%s\": ", count++ > 0 ? ", " : "paths: { ", facts->paths[i].path);
        if (proposal.params)
            buf_add_format(text, "{ rule: %s, %s }", proposal.rule, proposal.params);
        else
            buf_add_text(text, proposal.rule);
    }
    buf_add_text(text, count > 0 ? " }" : "");
    return true;
}

bool rules_propose_json(struct finding *finding)
{
    struct buf text;

    buf_init(&text, BUF_CEILING_MAX);
    bool is_whole = add_paths(finding, &text) && buf_ok(&text);
    const char *params =
        is_whole && text.len > 0 ? arena_strdup(finding->arena, buf_text(&text)) : NULL;
    is_whole = is_whole && (params || text.len == 0);
    buf_release(&text);
    finding->proposal->params = params;
    if (!is_whole || !finding_set(finding, CERTAINTY_LIKELY, "json", "%s",
                                  params ? "what is not named is redacted"
                                         : "every path is redacted until it is named"))
        return false;
    if (finding->is_in_key)
        return finding_review(finding, "a unique key over JSON cannot be kept unique by any rule");
    return true;
}
