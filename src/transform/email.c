/* email: an address nobody can receive, one for each address ignoring case. */
#include "transform/form.h"
#include "transform/letters.h"
#include "transform/params.h"
#include "transform/redact_text.h"

#include <string.h>

enum { TOKEN_MAX = 26, TOKEN_MIN = 4, TOKEN_UNIQUE = 20 }; /* 20 letters: 100 bits */

static const char host_long[] = "@mail.example", host_short[] = "@x.example";

struct email_params {
    unsigned token; /* letters before the @ */
    const char *host;
    bool is_exact;
};

static bool email_prepare(const struct transform_site *site, const struct yaml_node *params,
                          struct arena *arena, struct prepared_transform *prepared,
                          struct error *err)
{
    const struct yaml_node *node = param_find(params, "token");
    const uint32_t max_length = site_max_length(site);
    struct email_params *made = ARENA_NEW(arena, struct email_params);
    int64_t token = TOKEN_MAX;

    if (!made)
        return error_memory(err);
    prepared->params = made;
    made->is_exact = site_is_unique(site);
    made->host = max_length && max_length < TOKEN_MAX + strlen(host_long) ? host_short : host_long;
    if (node && !yaml_read_integer(node, TOKEN_MIN, TOKEN_MAX, &token, err))
        return false;
    if (max_length && max_length < TOKEN_MIN + strlen(made->host)) {
        error_set(err, STATUS_POLICY, "an address does not fit %u characters", max_length);
        return error_hint(err, "use 'redact'");
    }
    made->token = (unsigned)token;
    if (max_length && made->token + strlen(made->host) > max_length) {
        if (node)
            return yaml_error(node, err, "a token of %u letters does not fit %u characters",
                              made->token, max_length);
        made->token = max_length - (unsigned)strlen(made->host);
    }
    if (made->token < TOKEN_UNIQUE)
        prepared->uniqueness = UNIQUENESS_NOT_GUARANTEED;
    return true;
}

/* One @ with something on both sides and nothing that an address cannot hold. */
static bool is_address(struct span text)
{
    size_t at = 0, count = 0;

    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];

        if (c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == ',' || c == ';')
            return false;
        if (c == '@') {
            at = i;
            count++;
        }
    }
    return count == 1 && at > 0 && at + 1 < text.len;
}

static bool has_upper(struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] >= 'A' && text.ptr[i] <= 'Z')
            return true;
    }
    return false;
}

/* Spellings of one address that differ in case alone become spellings that do so too. */
static void case_apply(char *text, size_t len, struct stream *stream)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] >= 'a' && text[i] <= 'z' && stream_below(stream, 2) == 1)
            text[i] = (char)(text[i] - 'a' + 'A');
    }
}

static bool email_broken(const struct transform_call *call, struct seeder *seeder,
                         struct value *value, struct error *err)
{
    struct span bytes = seeder_canonical(seeder, value);
    char *copy = arena_strndup(call->arena, bytes.ptr ? bytes.ptr : "", bytes.len);
    bool is_kept;

    if (!copy)
        return error_memory(err);
    if (!form_permute(&call->key->sip, false, copy, bytes.len, call->arena, &is_kept, err))
        return false;
    ++*call->scrambled;
    *call->unchanged += is_kept;
    value->bytes = span_make(copy, bytes.len);
    return true;
}

static bool email_value(const struct transform_call *call, struct seeder *seeder,
                        struct value *value, uint32_t row, struct error *err)
{
    const struct email_params *params = call->params;
    const size_t host = strlen(params->host), len = params->token + host;
    struct span bytes = seeder_canonical(seeder, value);
    const bool spells = has_upper(bytes);
    char token[TOKEN_MAX];
    uint64_t high, low;
    char *text;

    if (!is_address(bytes))
        return email_broken(call, seeder, value, err);
    assert(params->token >= TOKEN_MIN && params->token <= TOKEN_MAX);
    text = arena_alloc(call->arena, len);
    if (!text)
        return error_memory(err);
    seeder->folds_case = true;
    high = seeder_value(seeder, value, row, 0);
    low = seeder_value(seeder, value, row, 1);
    token_write(high, low, token);
    memcpy(text, token, params->token);
    memcpy(text + params->token, params->host, host);
    if (spells && params->is_exact) {
        seeder->folds_case = false;
        struct stream stream = stream_make(&call->key->sip, seeder_value(seeder, value, row, 2));

        case_apply(text, len, &stream);
    }
    value->bytes = span_make(text, len);
    return true;
}

static bool email_apply(const struct transform_call *call, struct value *values, uint32_t count,
                        struct error *err)
{
    struct seeder seeder;
    bool is_whole = true;

    seeder_init(&seeder, call);
    for (uint32_t i = 0; i < count && is_whole; i++) {
        if (!values[i].is_null && values[i].bytes.len > 0)
            is_whole = email_value(call, &seeder, &values[i], i, err);
    }
    is_whole = is_whole && seeder_ok(&seeder, err);
    seeder_release(&seeder);
    return is_whole;
}

static const struct transform_param params[] = {
    {"token", "integer 4..26", "letters before the @; 26 (130 bits) unless said or too long"},
};

const struct transform transform_email = {
    .name = "email",
    .accepts = KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_PRESERVED,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY,
    .identifies = true,
    .is_semantic = true,
    .summary = "an address under .example that nobody can receive",
    .example = "email: email",
    .guarantee = "Distinct addresses stay distinct, addresses equal ignoring case stay so. What is "
                 "no address is scrambled and stays none.",
    .uniqueness_here =
        "distinct values stay distinct: fit for unique columns and keys with room for "
        "a token of 20 letters",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = email_prepare,
    .apply = email_apply,
};
