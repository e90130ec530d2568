/* secret: tokens and password hashes of the same form. What says which kind of token it is stays
 * (sk_live_, the scheme of a hash); or every hash becomes that of one known password. */
#include "transform/exchange.h"
#include "transform/form.h"
#include "transform/params.h"
#include "transform/redact_text.h"

#include <string.h>

struct secret_params {
    bool is_password; /* mode: test_password */
    uint32_t max_length;
};

/* The password of `mode: test_password`, which help and guarantee name: understudy. */
static const struct {
    const char *begins, *hash;
} passwords[] = {
    {"$2a$", "$2a$04$understudyunderstudyu.zLSAjenP8D7/yZFyEKdarkfTaB/kRZ6"},
    {"$2b$", "$2b$04$understudyunderstudyu.zLSAjenP8D7/yZFyEKdarkfTaB/kRZ6"},
    {"$2y$", "$2y$04$understudyunderstudyu.zLSAjenP8D7/yZFyEKdarkfTaB/kRZ6"},
    {"{bcrypt}$2", "{bcrypt}$2a$04$understudyunderstudyu.zLSAjenP8D7/yZFyEKdarkfTaB/kRZ6"},
    {"$1$", "$1$understu$TZazFiasZkDJURcDk70cx0"},
    {"$5$", "$5$understudy$xQKw9s0Y061e1MbezxkKpdJiHqmggkLNybjxw.UeDm9"},
    {"$6$", "$6$understudy$WQMhq6ksYLcU3gtIQ8OzkQgwuN7HiSQzC36DTmIT5uR6WWXMUo7ymGp/"
            "C8aYDS4Y8BSVtIUiqBVkls0Pc/8wq0"},
    {"$7$", "$7$CU..../....understudy$vhB2zsQ5dg5mddXXGGHaUt2iF25knyQ6FXgwIP3AXi2"},
    {"$argon2id$", "$argon2id$v=19$m=1024,t=1,p=1$dW5kZXJzdHVkeS1zYWx0IQ$qzJOH2TF9/"
                   "9Y0qX+5H6/4plcTR/pXMUd1LaUJKBfIV0"},
    {"$argon2i$", "$argon2i$v=19$m=1024,t=3,p=1$dW5kZXJzdHVkeS1zYWx0IQ$kSp0XB/"
                  "Rf6imFEb3sH4fWaD+GiG7Fncj78xiN+bdTx0"},
    {"pbkdf2_sha256$", "pbkdf2_sha256$1000$understudy$xGRjZUvmHOTUT/"
                       "xzztMnSyP1n0995t8PfqDquIXFQP0="},
    {"pbkdf2_sha1$", "pbkdf2_sha1$1000$understudy$y3ThenxWFhZP+P+tojwGUeL6Zus="},
    {"pbkdf2:sha256:", "pbkdf2:sha256:1000$understudy$"
                       "c46463654be61ce4d44ffc73ced3274b23f59f4f7de6df0f7ea0eab885c540fd"},
    {"scrypt:", "scrypt:1024:8:1$understudy$"
                "7805fb51d7f134479466ce9fac27249b25c25fabde631398f2eb620c3f065eaf"
                "a178c5db29f40aaef742956d735575045fa40baf76021df304d89bb256ab71d6"},
};

/* What makers put in front of their tokens; a longer one stands before a shorter one. */
static const char *const prefixes[] = {
    "github_pat_", "sk_live_", "sk_test_", "pk_live_", "pk_test_", "rk_live_", "rk_test_",
    "glpat-",      "shpat_",   "shpss_",   "whsec_",   "sk-proj-", "sk-ant-",  "xoxb-",
    "xoxp-",       "xoxa-",    "xapp-",    "pypi-",    "dop_v1_",  "Bearer ",  "Basic ",
    "ghp_",        "gho_",     "ghu_",     "ghs_",     "ghr_",     "npm_",     "key-",
    "AKIA",        "ASIA",     "AIza",     "ya29.",    "SG.",      "hf_",      "sk-",
};

static bool secret_prepare(const struct transform_site *site, const struct yaml_node *params,
                           struct arena *arena, struct prepared_transform *prepared,
                           struct error *err)
{
    static const char *const words[] = {"token", "test_password"};
    const struct yaml_node *node = param_find(params, "mode");
    struct secret_params *made = ARENA_NEW(arena, struct secret_params);
    size_t index = 0;

    if (!made)
        return error_memory(err);
    prepared->params = made;
    if (!param_word(node, words, COUNT_OF(words), &index, err))
        return false;
    made->is_password = index == 1;
    made->max_length = site_max_length(site);
    if (made->is_password && site->type->kind != KIND_TEXT) {
        error_set(err, STATUS_POLICY, "hashes of passwords are text, which '%s' is not",
                  site->label);
        return error_hint(err, "leave 'mode' out");
    }
    if (made->is_password) {
        prepared->uniqueness = UNIQUENESS_LOSSY;
        prepared->preserves = PROPERTY_NULLS;
    }
    buf_add_format(prepared->canonical, "mode=%s;prefixes=1;", words[index]);
    return true;
}

/* A secret taken apart: pieces that stay and pieces that move. */
enum piece_kind { PIECE_KEPT, PIECE_FORM, PIECE_LOWER_HEX, PIECE_UPPER_HEX };

enum { PIECES_MAX = 12 };

struct pieces {
    struct {
        uint32_t offset, len;
        enum piece_kind kind;
    } items[PIECES_MAX];
    size_t count;
};

static bool starts_with(struct span text, const char *prefix)
{
    const size_t len = strlen(prefix);

    return text.len >= len && memcmp(text.ptr, prefix, len) == 0;
}

/* Digits and letters a to f in one case, both present, eight or more: hexadecimal. */
static enum piece_kind moving_kind(struct span text)
{
    bool has_digit = false, has_lower = false, has_upper = false;

    for (uint32_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];

        if (c >= '0' && c <= '9')
            has_digit = true;
        else if (c >= 'a' && c <= 'f')
            has_lower = true;
        else if (c >= 'A' && c <= 'F')
            has_upper = true;
        else if (c != '-' && c != ':')
            return PIECE_FORM;
    }
    if (text.len < 8 || !has_digit || has_lower == has_upper)
        return PIECE_FORM;
    return has_upper ? PIECE_UPPER_HEX : PIECE_LOWER_HEX;
}

static void piece_add(struct pieces *pieces, struct span text, uint32_t to, bool is_kept)
{
    uint32_t from = 0;

    if (pieces->count > 0)
        from = pieces->items[pieces->count - 1].offset + pieces->items[pieces->count - 1].len;
    assert(from <= to && to <= text.len && pieces->count < PIECES_MAX);
    const struct span piece = span_make(text.ptr + from, to - from);

    pieces->items[pieces->count].offset = from;
    pieces->items[pieces->count].len = piece.len;
    pieces->items[pieces->count++].kind = is_kept ? PIECE_KEPT : moving_kind(piece);
}

static uint32_t find_char(struct span text, uint32_t from, char c)
{
    while (from < text.len && text.ptr[from] != c)
        from++;
    return from;
}

/* The names that hashes begin with, between $ or before the first one. */
static bool is_scheme(struct span name)
{
    static const char *const crypts[] = {
        "1",  "2", "2a", "2b",   "2x",  "2y",     "5",       "6",       "7",       "y",
        "gy", "P", "H",  "sha1", "md5", "scrypt", "argon2i", "argon2d", "argon2id"};

    for (size_t i = 0; i < COUNT_OF(crypts); i++) {
        if (span_equal(name, span_of(crypts[i])))
            return true;
    }
    for (uint32_t i = 0; i < name.len; i++) {
        const char c = name.ptr[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !strchr(":_-", c))
            return false;
    }
    return name.len <= 32 && (starts_with(name, "pbkdf2") || starts_with(name, "scrypt:"));
}

/* "10", "v=19", "m=65536,t=3,p=4": what a hash was made with. */
static bool is_setting(struct span field)
{
    bool is_figure = field.len <= 7, has_sign = false;

    for (uint32_t i = 0; i < field.len; i++) {
        const char c = field.ptr[i];

        if (c == '=') {
            if (i == 0 || i + 1 == field.len || field.ptr[i + 1] < '0' || field.ptr[i + 1] > '9')
                return false;
            has_sign = true;
        } else if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && c != ',') {
            return false;
        }
        is_figure = is_figure && c >= '0' && c <= '9';
    }
    return field.len > 0 && field.len <= 32 && (is_figure || has_sign);
}

/* "$scheme$v=19$m=1024,t=1$salt$hash", "scheme$1000$salt$hash": the scheme stays, and the settings
 * right behind it. */
static bool hash_split(struct span text, struct pieces *pieces)
{
    const uint32_t skipped = starts_with(text, "$") ? 1 : starts_with(text, "{bcrypt}$") ? 9 : 0;
    uint32_t from = find_char(text, skipped, '$');

    if (from >= text.len || !is_scheme(span_make(text.ptr + skipped, from - skipped)))
        return false;
    from++;
    for (;;) {
        const uint32_t end = find_char(text, from, '$');

        if (end >= text.len || !is_setting(span_make(text.ptr + from, end - from)))
            break;
        from = end + 1;
    }
    piece_add(pieces, text, from, true);
    while (from < text.len && pieces->count < PIECES_MAX - 1) {
        from = find_char(text, from, '$');
        from += from < text.len;
        piece_add(pieces, text, from, false);
    }
    if (from < text.len)
        piece_add(pieces, text, text.len, false);
    return true;
}

/* Three parts of base64url; the first two, which are JSON, begin with eyJ. */
static bool jwt_split(struct span text, struct pieces *pieces)
{
    const uint32_t first = find_char(text, 0, '.');
    const uint32_t second = find_char(text, first + (first < text.len), '.');

    if (!starts_with(text, "eyJ") || second >= text.len || second < first + 4 ||
        memcmp(text.ptr + first + 1, "eyJ", 3) != 0)
        return false;
    piece_add(pieces, text, 3, true);
    piece_add(pieces, text, first, false);
    piece_add(pieces, text, first + 4, true);
    piece_add(pieces, text, second, false);
    piece_add(pieces, text, text.len, false);
    return true;
}

static void pieces_split(struct span text, struct pieces *pieces)
{
    pieces->count = 0;
    if (hash_split(text, pieces) || jwt_split(text, pieces))
        return;
    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        if (!starts_with(text, prefixes[i]))
            continue;
        piece_add(pieces, text, (uint32_t)strlen(prefixes[i]), true);
        break;
    }
    piece_add(pieces, text, text.len, false);
}

static bool pieces_equal(const struct pieces *a, const struct pieces *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (a->items[i].len != b->items[i].len || a->items[i].kind != b->items[i].kind)
            return false;
    }
    return true;
}

/* Digits and letters of one case alike; hyphens and colons stay. */
static bool hex_move(const struct transform_call *call, char *text, uint32_t len, bool is_upper,
                     struct error *err)
{
    const char *digits = is_upper ? "0123456789ABCDEF" : "0123456789abcdef";
    uint32_t *words = ARENA_ARRAY(call->arena, 4 * (size_t)len + 8, uint32_t);
    uint32_t count = 0;

    if (!words)
        return error_memory(err);
    for (uint32_t i = 0; i < len; i++) {
        const char *at = text[i] == '-' || text[i] == ':' ? NULL : strchr(digits, text[i]);

        if (!at)
            continue;
        words[count] = 16;
        words[len + count++] = (uint32_t)(at - digits);
    }
    symbols_move(&call->key->sip, (uint64_t)count << 1 | is_upper, words, words + len, count,
                 words + 2 * (size_t)len);
    count = 0;
    for (uint32_t i = 0; i < len; i++) {
        if (text[i] != '-' && text[i] != ':')
            text[i] = digits[words[len + count++]];
    }
    return true;
}

static bool piece_move(const struct transform_call *call, char *text, uint32_t len,
                       enum piece_kind kind, struct error *err)
{
    bool is_kept;

    if (kind == PIECE_FORM)
        return form_permute(&call->key->sip, false, text, len, call->arena, &is_kept, err);
    return hex_move(call, text, len, kind == PIECE_UPPER_HEX, err);
}

/* Walks on until the text is taken apart as it was, so that all texts of a form change places. */
static bool token_move(const struct transform_call *call, struct value *value, struct error *err)
{
    char *text = arena_strndup(call->arena, value->bytes.ptr, value->bytes.len);
    const uint32_t len = value->bytes.len;
    struct pieces before, after;
    uint8_t uuid[16];

    if (!text)
        return error_memory(err);
    pieces_split(span_make(text, len), &before);
    if (uuid_read(text, len, uuid))
        before.items[0].kind = PIECE_FORM;
    do {
        for (size_t i = 0; i < before.count; i++) {
            char *piece = text + before.items[i].offset;
            const uint32_t size = before.items[i].len;
            const enum piece_kind kind = before.items[i].kind;

            if (size > 0 && kind != PIECE_KEPT && !piece_move(call, piece, size, kind, err))
                return false;
        }
        pieces_split(span_make(text, len), &after);
        if (uuid_read(text, len, uuid))
            after.items[0].kind = PIECE_FORM;
    } while (!pieces_equal(&before, &after));
    *call->unchanged += memcmp(text, value->bytes.ptr, len) == 0;
    value->bytes.ptr = text;
    return true;
}

/* The known password's hash in the scheme of the value; NULL: it is in none of them. */
static const char *password_find(const struct secret_params *params, struct span text)
{
    for (size_t i = 0; i < COUNT_OF(passwords); i++) {
        if (starts_with(text, passwords[i].begins) &&
            (params->max_length == 0 || strlen(passwords[i].hash) <= params->max_length))
            return passwords[i].hash;
    }
    return NULL;
}

static bool secret_value(const struct transform_call *call, struct value *value, struct error *err)
{
    const struct secret_params *params = call->params;
    const char *hash = NULL;

    if (call->type->kind == KIND_BYTES)
        return bytes_permute(call, value, err);
    if (params->is_password) {
        hash = password_find(params, value->bytes);
        *call->scrambled += hash == NULL;
    }
    if (hash)
        return value_set_bytes(value, hash, strlen(hash), call->arena, err);
    return token_move(call, value, err);
}

static bool secret_apply(const struct transform_call *call, struct value *values, uint32_t count,
                         struct error *err)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!values[i].is_null && values[i].bytes.len > 0 && !secret_value(call, &values[i], err))
            return false;
    }
    return true;
}

/* The scheme of a hash and its settings are the same for everybody and stay. */
static bool secret_find(const struct prepared_transform *prepared, const struct value *value,
                        struct arena *arena, transform_visit *visit, void *context,
                        struct error *err)
{
    struct pieces pieces = {.count = 0};
    struct span text = value->bytes;

    UNUSED(prepared);
    UNUSED(arena);
    if (hash_split(text, &pieces)) {
        const uint32_t kept = pieces.items[0].len;

        assert(pieces.items[0].kind == PIECE_KEPT && kept <= text.len);
        text = span_make(text.ptr + kept, text.len - kept);
    }
    return visit(context, text, err);
}

static const struct transform_param params[] = {
    {"mode", "token | test_password",
     "token (default); test_password: a hash by bcrypt, argon2, scrypt, PBKDF2, SHA-crypt or "
     "MD5-crypt becomes that of the password 'understudy'"},
};

const struct transform transform_secret = {
    .name = "secret",
    .accepts = KIND_BIT(KIND_TEXT) | KIND_BIT(KIND_BYTES),
    .uniqueness = UNIQUENESS_PRESERVED,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SHAPE,
    .identifies = true,
    .is_semantic = true,
    .summary = "tokens, keys and password hashes of the same form that open nothing",
    .example = "api_key: secret",
    .guarantee = "One to one; prefixes such as sk_live_, a hash's scheme and figures, the three "
                 "parts of a JWT, hexadecimal digits and UUIDs stay what they are. With 'mode: "
                 "test_password' all accounts have the password 'understudy', which is no secret: "
                 "what is no known hash is moved as a token and counted.",
    .uniqueness_here =
        "distinct values stay distinct: fit for unique columns and keys; not so with "
        "'mode: test_password'",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = secret_prepare,
    .apply = secret_apply,
    .find_identifying = secret_find,
};
