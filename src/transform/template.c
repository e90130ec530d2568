/* template: text put together from the row's rewritten columns. */
#include "base/utf8.h"
#include "transform/params.h"
#include "transform/plain.h"

#include <string.h>

enum { PIECES_MAX = 64 };

/* A text as it stands, or a column. */
struct piece {
    struct span text;            /* is_column: the column's name */
    const struct column *column; /* NULL: a text */
    uint32_t position;           /* among the companions */
};

struct template_params {
    struct piece pieces[PIECES_MAX];
    size_t count;
    const char *null_text; /* stands for a NULL; NULL: the whole result is NULL */
    uint32_t limit;        /* characters to cut behind; 0: never */
};

static const struct column *column_find(const struct transform_site *site, const char *name)
{
    const struct table *table = site->column ? site->column->table : NULL;

    for (size_t i = 0; table && i < table->column_count; i++)
        if (strcmp(table->columns[i]->name, name) == 0)
            return table->columns[i];
    return NULL;
}

static bool column_read(const struct transform_site *site, const struct yaml_node *node,
                        const char *name, struct piece *piece, struct error *err)
{
    const struct type *type;

    if (site->column && site->column->name && strcmp(name, site->column->name) == 0)
        return yaml_error(node, err, "the template names its own column");
    if (!site_companion(site, node, name, &piece->position, &type, err))
        return false;
    piece->column = column_find(site, name);
    if (!piece->column || !plain_is_known(type->kind))
        return yaml_error(node, err, "column '%s' has no plain text that a template could hold",
                          name);
    return true;
}

/* NULL: there are too many. */
static struct piece *piece_add(struct template_params *made, const struct yaml_node *node,
                               struct error *err)
{
    if (made->count < PIECES_MAX)
        return &made->pieces[made->count++];
    (void)yaml_error(node, err, "a template has at most %d parts", PIECES_MAX);
    return NULL;
}

/* The text up to the next column, `{{` and `}}` standing for one brace each. */
static const char *text_read(const char *at, struct buf *text)
{
    while (*at && (at[0] != '{' || at[1] == '{')) {
        if (*at == '}' && at[1] != '}')
            return NULL;
        buf_add_char(text, *at);
        at += *at == '{' || *at == '}' ? 2 : 1;
    }
    return at;
}

static bool text_piece(struct template_params *made, const char **at, struct arena *arena,
                       const struct yaml_node *node, struct error *err)
{
    struct piece *piece;
    struct buf text;
    bool is_ok = true;

    buf_init(&text, YAML_SIZE_MAX);
    *at = text_read(*at, &text);
    if (!*at) {
        is_ok = yaml_error(node, err, "a '}' closes nothing here; '}}' stands for the sign");
    } else if (text.len > 0) {
        piece = piece_add(made, node, err);
        if (piece)
            piece->text = arena_span(arena, buf_span(&text));
        is_ok = piece && (piece->text.ptr || error_memory(err));
    }
    buf_release(&text);
    return is_ok;
}

static bool pieces_read(const struct transform_site *site, const struct yaml_node *node,
                        struct arena *arena, struct template_params *made, struct error *err)
{
    const char *at;

    if (!yaml_read_string(node, &at, err))
        return false;
    while (*at) {
        struct piece *piece;

        if (!text_piece(made, &at, arena, node, err))
            return false;
        if (!*at)
            break;
        const size_t len = strcspn(at + 1, "{}");
        const char *name = arena_strndup(arena, at + 1, len);

        if (!name)
            return error_memory(err);
        if (len == 0 || at[len + 1] != '}')
            return yaml_error(node, err, "a column's name is missing after '{', or its '}'");
        piece = piece_add(made, node, err);
        if (!piece || !column_read(site, node, name, piece, err))
            return false;
        at += len + 2;
    }
    return true;
}

/* The longest text that may come out; 0: there is no bound. */
static uint64_t bound_of(const struct template_params *params)
{
    const uint32_t null_length =
        params->null_text ? (uint32_t)utf8_length(params->null_text, strlen(params->null_text)) : 0;
    uint64_t bound = 0;

    for (size_t i = 0; i < params->count; i++) {
        const struct piece *piece = &params->pieces[i];
        uint32_t length = piece->column ? plain_bound(piece->column)
                                        : (uint32_t)utf8_length(piece->text.ptr, piece->text.len);

        if (piece->column && length == 0)
            return 0;
        if (piece->column && length < null_length)
            length = null_length;
        bound += length;
    }
    return bound;
}

/* No row may fail in the middle of a run: what might be too long is settled here. */
static bool check_length(const struct transform_site *site, const struct yaml_node *params,
                         struct template_params *made, struct error *err)
{
    const struct yaml_node *node = param_find(params, "cut");
    const uint32_t limit = site_max_length(site);
    const uint64_t bound = bound_of(made);
    bool is_cut = false;

    if (node && !yaml_read_bool(node, &is_cut, err))
        return false;
    if (is_cut)
        made->limit = limit;
    if (limit == 0 || is_cut || (bound > 0 && bound <= limit))
        return true;
    if (bound == 0)
        error_set(err, STATUS_POLICY,
                  "the template's columns have no greatest length, but '%s' "
                  "holds %u characters",
                  site->label, limit);
    else
        error_set(err, STATUS_POLICY, "the template may give %llu characters, '%s' holds %u",
                  (unsigned long long)bound, site->label, limit);
    return error_hint(err, "write 'cut: true': what is too long is cut off");
}

static bool check_nulls(const struct transform_site *site, const struct template_params *params,
                        struct error *err)
{
    for (size_t i = 0; i < params->count && !params->null_text && site_is_not_null(site); i++) {
        const struct column *column = params->pieces[i].column;

        if (!column || column->is_not_null || column->type->is_not_null)
            continue;
        error_set(err, STATUS_POLICY, "column '%s' may be NULL, '%s' may not", column->name,
                  site->label);
        return error_hint(err, "write \"null_as: ''\": the text that stands for a NULL");
    }
    return true;
}

/* Bytes that the text of a whole number or a UUID is made of: another one ends it. */
static bool is_inside(enum kind kind, char c)
{
    if ((c >= '0' && c <= '9') || c == '-')
        return true;
    return kind == KIND_UUID && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
}

/* The column at `index` can be read back from every result: alone, or a number or UUID that stands
 * at one end and that a text parts from the others. */
static bool is_readable(const struct transform_site *site, const struct template_params *params,
                        size_t index)
{
    const struct piece *piece = &params->pieces[index];
    const enum kind kind = piece->column->type->kind;
    bool is_first = true, is_last = true;

    for (size_t i = 0; i < params->count; i++) {
        is_first &= i >= index || !params->pieces[i].column;
        is_last &= i <= index || !params->pieces[i].column;
    }
    if (is_first && is_last)
        return kind == KIND_INTEGER || kind == KIND_UUID ||
               (kind == KIND_TEXT && params->count > 1 && !piece->column->is_nondeterministic &&
                !(site->column && site->column->is_nondeterministic) &&
                !type_ground(site->type)->is_case_insensitive &&
                !type_ground(site->type)->is_padded);
    if (kind != KIND_INTEGER && kind != KIND_UUID)
        return false;
    if (is_last && index > 0 && !params->pieces[index - 1].column) {
        const struct span text = params->pieces[index - 1].text;

        return !is_inside(kind, text.ptr[text.len - 1]);
    }
    return is_first && index + 1 < params->count && !params->pieces[index + 1].column &&
           !is_inside(kind, params->pieces[index + 1].text.ptr[0]);
}

/* Distinct rows give distinct texts when a unique column can be read back from them. */
static bool keeps_distinct(const struct transform_site *site, const struct template_params *params)
{
    if (params->limit || site->is_referenced_or_referencing)
        return false;
    for (size_t i = 0; i < params->count; i++) {
        const struct column *column = params->pieces[i].column;

        if (column && column_is_unique(column) && (column->is_not_null || !params->null_text) &&
            is_readable(site, params, i))
            return true;
    }
    return false;
}

static bool template_prepare(const struct transform_site *site, const struct yaml_node *params,
                             struct arena *arena, struct prepared_transform *prepared,
                             struct error *err)
{
    const struct yaml_node *node = param_find(params, "text");
    const struct yaml_node *null_node = param_find(params, "null_as");
    struct template_params *made = ARENA_NEW(arena, struct template_params);

    if (!made)
        return error_memory(err);
    prepared->params = made;
    if (!node) {
        error_set(err, STATUS_PROFILE, "'template' needs a 'text'");
        return error_hint(err, "write { rule: template, text: '{first_name}@mail.example' }");
    }
    if (null_node && (null_node->kind != YAML_SCALAR || null_node->is_null))
        return yaml_error(null_node, err, "expected a text, '' for none");
    made->null_text = null_node ? null_node->text : NULL;
    if (!pieces_read(site, node, arena, made, err) || !check_length(site, params, made, err) ||
        !check_nulls(site, made, err))
        return false;
    if (keeps_distinct(site, made))
        prepared->uniqueness = UNIQUENESS_PRESERVED;
    else if (site_is_unique(site)) {
        error_set(err, STATUS_POLICY, "the template may give two rows the same text, but '%s' %s",
                  site->label, site->is_unique ? "is unique" : "is joined with other columns");
        return error_hint(err, "put a unique number or UUID at its end, parted by another sign: "
                               "'{name}.{id}'");
    }
    return true;
}

/* false: a column is NULL, and nothing is written for it. */
static bool row_write(const struct transform_call *call, uint32_t row, struct buf *out)
{
    const struct template_params *params = call->params;

    for (size_t i = 0; i < params->count; i++) {
        const struct piece *piece = &params->pieces[i];
        const struct value *value = piece->column ? &call->companions[piece->position][row] : NULL;

        if (!value)
            buf_add(out, piece->text.ptr, piece->text.len);
        else if (!value->is_null)
            plain_add(piece->column->type, value, out);
        else if (params->null_text)
            buf_add_text(out, params->null_text);
        else
            return false;
    }
    return true;
}

/* The first `limit` characters. */
static size_t cut_find(struct span text, uint32_t limit)
{
    const char *at = text.ptr, *end = text.ptr + text.len;

    for (uint32_t i = 0; i < limit && at < end; i++)
        (void)utf8_next(&at, end);
    return (size_t)(at - text.ptr);
}

static bool template_apply(const struct transform_call *call, struct value *values, uint32_t count,
                           struct error *err)
{
    const struct template_params *params = call->params;
    struct buf text;
    bool is_ok = true;

    buf_init(&text, BUF_CEILING_MAX);
    for (uint32_t i = 0; i < count && is_ok; i++) {
        if (values[i].is_null || values[i].bytes.len == 0)
            continue;
        buf_reset(&text);
        values[i].is_null = !row_write(call, i, &text);
        if (values[i].is_null)
            continue;
        struct span whole = span_of(buf_text(&text));

        is_ok = buf_ok(&text) || error_memory(err);
        if (is_ok) {
            whole.len = (uint32_t)text.len;
            if (params->limit)
                whole.len = (uint32_t)cut_find(whole, params->limit);
            is_ok = value_set_bytes(&values[i], whole.ptr, whole.len, call->arena, err);
        }
    }
    buf_release(&text);
    return is_ok;
}

static const struct transform_param params[] = {
    {"text", "text with {column}", "{{ and }} stand for the braces themselves"},
    {"null_as", "text", "what stands for a column that is NULL; without it the result is NULL"},
    {"cut", "true | false", "what the column does not hold is cut off, between two characters"},
};

const struct transform transform_template = {
    .name = "template",
    .accepts = KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .preserves = PROPERTY_NULLS,
    .needs = NEED_COMPANIONS,
    .identifies = true,
    .is_dense = true,
    .summary = "text from the row's rewritten columns",
    .example = "email: { rule: template, text: '{first_name}.{id}@mail.example' }",
    .guarantee =
        "Nothing of the value is left but whether it is NULL or empty. Columns that are kept are "
        "in the text as they are. A text that might not fit the column is refused before "
        "the run, unless it may be cut.",
    .uniqueness_here = "rows may get the same text: refused on unique columns and keys, unless the "
                       "text holds a column that is unique",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = template_prepare,
    .apply = template_apply,
};
