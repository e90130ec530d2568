/* url: addresses of the web that lead nowhere. The host becomes a keyed one under .invalid (RFC
 * 2606), each segment of the rest moves inside its form; scheme, port and delimiters stay. */
#include "transform/exchange.h"
#include "transform/form.h"
#include "transform/params.h"
#include "transform/redact_text.h"

#include "base/utf8.h"

#include <string.h>

enum {
    TOKEN_MAX = 26,
    TOKEN_MIN = 8,
    TOKEN_UNIQUE = 20, /* 100 bits */
    SCHEME_MAX = 16
};

static const char suffix[] = ".invalid";

struct url_params {
    unsigned token; /* letters of the host before the suffix */
    uint32_t max_length;
    bool is_exact; /* distinct spellings must stay distinct too */
};

static bool url_prepare(const struct transform_site *site, const struct yaml_node *params,
                        struct arena *arena, struct prepared_transform *prepared, struct error *err)
{
    struct url_params *made = ARENA_NEW(arena, struct url_params);

    UNUSED(params);
    if (!made)
        return error_memory(err);
    prepared->params = made;
    made->max_length = site_max_length(site);
    made->is_exact = site_is_unique(site);
    made->token = TOKEN_MAX;
    if (made->max_length && made->max_length < 2 * TOKEN_MAX)
        made->token = TOKEN_MIN;
    if (made->max_length && made->max_length < TOKEN_MIN + 2 * sizeof(suffix)) {
        error_set(err, STATUS_POLICY, "an address of the web does not fit %u characters",
                  made->max_length);
        return error_hint(err, "use 'permute'");
    }
    if (made->token < TOKEN_UNIQUE)
        prepared->uniqueness = UNIQUENESS_NOT_GUARANTEED;
    return true;
}

/* Offsets into the text: scheme [0, authority), user, host, port and the rest behind `host_end`. */
struct url {
    uint32_t user, host, host_end, rest;
    bool has_host;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The length of "https:"; 0: no scheme. A name with a port looks alike but for the figures. */
static uint32_t scheme_length(struct span text)
{
    uint32_t len = 0;

    assert(text.ptr);
    if (text.len == 0 || !is_letter(text.ptr[0]))
        return 0;
    while (len < text.len && len < SCHEME_MAX &&
           (is_letter(text.ptr[len]) || is_digit(text.ptr[len]) || strchr("+-", text.ptr[len])))
        len++;
    if (len >= text.len || text.ptr[len] != ':' ||
        (len + 1 < text.len && is_digit(text.ptr[len + 1])))
        return 0;
    return len + 1;
}

static uint32_t find_any(struct span text, uint32_t from, const char *chars)
{
    while (from < text.len && !strchr(chars, text.ptr[from]))
        from++;
    return from;
}

/* user:password@host:port up to the first of / ? #. */
static void authority_read(struct span text, uint32_t from, struct url *url)
{
    const uint32_t end = find_any(text, from, "/?#");
    uint32_t port;

    url->has_host = true;
    url->user = url->host = from;
    for (uint32_t i = from; i < end; i++) {
        if (text.ptr[i] == '@')
            url->host = i + 1;
    }
    port = end;
    while (port > url->host && is_digit(text.ptr[port - 1]))
        port--;
    url->host_end = end;
    if (port > url->host && text.ptr[port - 1] == ':')
        url->host_end = port - 1;
    url->rest = end;
}

/* "www.shop.example/x" and "shop.example": a name with a point before the first slash. */
static bool is_bare_host(struct span text)
{
    const uint32_t end = find_any(text, 0, "/?#");
    const uint32_t point = find_any(text, 0, ".");

    assert(text.ptr);
    return point > 0 && point + 1 < end && text.ptr[point + 1] != '.';
}

static bool url_read(struct span text, struct url *url)
{
    uint32_t scheme;

    assert(text.ptr);
    memset(url, 0, sizeof(*url));
    for (uint32_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];

        if (c <= ' ' || c == 0x7f || strchr("<>\"\\^`{|}", c))
            return false;
    }
    scheme = scheme_length(text);
    url->user = url->host = url->host_end = url->rest = scheme;
    if (text.len >= scheme + 2 && memcmp(text.ptr + scheme, "//", 2) == 0) {
        authority_read(text, scheme + 2, url);
        url->has_host = url->host < url->host_end;
        return true;
    }
    if (scheme == 0 && is_bare_host(text)) {
        authority_read(text, 0, url);
        return true;
    }
    return scheme > 0 || strchr("/?#.", text.ptr[0]);
}

static int hex_of(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_escape(struct span text, uint32_t at)
{
    return at + 2 < text.len && text.ptr[at] == '%' && hex_of(text.ptr[at + 1]) >= 0 &&
           hex_of(text.ptr[at + 2]) >= 0;
}

/* Segments move as what their escapes stand for, and are escaped again where they were. */
static bool segment_move(const struct transform_call *call, struct span segment, struct buf *out,
                         struct error *err)
{
    char *plain = arena_alloc(call->arena, segment.len + 1u);
    size_t len = 0, at = 0;
    bool is_kept;

    if (!plain)
        return error_memory(err);
    for (uint32_t i = 0; i < segment.len; i++) {
        const bool escapes = is_escape(segment, i);

        plain[len++] = escapes
                           ? (char)(16 * hex_of(segment.ptr[i + 1]) + hex_of(segment.ptr[i + 2]))
                           : segment.ptr[i];
        i += escapes ? 2 : 0;
    }
    if (!form_permute(&call->key->sip, false, plain, len, call->arena, &is_kept, err))
        return false;
    for (uint32_t i = 0; i < segment.len; i++, at++) {
        const bool escapes = is_escape(segment, i);
        const bool is_small = escapes && (segment.ptr[i + 1] >= 'a' || segment.ptr[i + 2] >= 'a');

        if (escapes)
            buf_add_format(out, is_small ? "%%%02x" : "%%%02X", (unsigned)(unsigned char)plain[at]);
        else
            buf_add_char(out, plain[at]);
        i += escapes ? 2 : 0;
    }
    return true;
}

/* Everything between delimiters moves for itself. */
static bool segments_move(const struct transform_call *call, struct span text, struct buf *out,
                          struct error *err)
{
    uint32_t from = 0;

    assert(text.ptr);
    while (from < text.len) {
        const uint32_t end = find_any(text, from, "/?#&=;:@,");

        if (end > from && !segment_move(call, span_make(text.ptr + from, end - from), out, err))
            return false;
        if (end < text.len)
            buf_add_char(out, text.ptr[end]);
        from = end + 1;
    }
    return true;
}

/* Escapes in small letters, beside which the same in capitals could stand. */
static bool has_small_escape(struct span text)
{
    assert(text.ptr);
    for (uint32_t i = 0; i < text.len; i++) {
        if (is_escape(text, i) && (text.ptr[i + 1] >= 'a' || text.ptr[i + 2] >= 'a'))
            return true;
    }
    return false;
}

/* Hosts are equal ignoring case. */
static void host_add(const struct transform_call *call, struct span host, struct buf *out)
{
    const struct url_params *params = call->params;
    uint64_t numbers[2];
    char token[TOKEN_MAX];

    for (uint64_t level = 0; level < 2; level++) {
        uint64_t state =
            siphash_words(&call->key->sip, (const uint64_t[]){PURPOSE_VALUE, level}, 2);

        for (uint32_t i = 0; i < host.len; i++) {
            char c = host.ptr[i];

            if (!params->is_exact && c >= 'A' && c <= 'Z')
                c = (char)(c - 'A' + 'a');
            state = siphash_words(&call->key->sip,
                                  (const uint64_t[]){PURPOSE_VALUE, state, (unsigned char)c}, 3);
        }
        numbers[level] = state;
    }
    token_write(numbers[0], numbers[1], token);
    buf_add(out, token, params->token);
    buf_add_text(out, suffix);
}

static bool url_build(const struct transform_call *call, struct span text, const struct url *url,
                      struct buf *out, struct error *err)
{
    buf_reset(out);
    buf_add(out, text.ptr, url->user);
    if (!segments_move(call, span_make(text.ptr + url->user, url->host - url->user), out, err))
        return false;
    if (url->has_host)
        host_add(call, span_make(text.ptr + url->host, url->host_end - url->host), out);
    buf_add(out, text.ptr + url->host_end, url->rest - url->host_end);
    return segments_move(call, span_make(text.ptr + url->rest, text.len - url->rest), out, err) &&
           (buf_ok(out) || error_memory(err));
}

static bool is_readable(const void *context, struct span text)
{
    struct url url;

    UNUSED(context);
    return text.len > 0 && url_read(text, &url);
}

/* An address that its new host makes too long is scrambled into what is none. */
static bool url_value(const struct transform_call *call, struct seeder *seeder, struct buf *out,
                      struct value *value, struct error *err)
{
    const struct url_params *params = call->params;
    const struct span text = seeder_canonical(seeder, value);
    struct url url;

    if (!seeder_ok(seeder, err))
        return false;
    if (!text.ptr || text.len == 0)
        return true;
    if (!url_read(text, &url))
        return value_scramble(call, value, is_readable, NULL, err);
    if (params->is_exact && has_small_escape(text))
        return value_scramble(call, value, NULL, NULL, err);
    if (!url_build(call, text, &url, out, err))
        return false;
    if (params->max_length && utf8_length(out->ptr, out->len) > params->max_length)
        return value_scramble(call, value, NULL, NULL, err);
    *call->unchanged += span_equal(text, buf_span(out));
    return value_set_bytes(value, out->ptr, out->len, call->arena, err);
}

static bool url_apply(const struct transform_call *call, struct value *values, uint32_t count,
                      struct error *err)
{
    struct seeder seeder;
    struct buf out;
    bool is_whole = true;

    seeder_init(&seeder, call);
    buf_init(&out, BUF_CEILING_MAX);
    for (uint32_t i = 0; i < count && is_whole; i++) {
        if (!values[i].is_null)
            is_whole = url_value(call, &seeder, &out, &values[i], err);
    }
    buf_release(&out);
    seeder_release(&seeder);
    return is_whole;
}

const struct transform transform_url = {
    .name = "url",
    .accepts = KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_PRESERVED,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_SHAPE,
    .identifies = true,
    .is_semantic = true,
    .summary = "addresses of the web on hosts under .invalid, which lead nowhere",
    .example = "homepage: url",
    .guarantee = "Scheme, port and delimiters stay; equal hosts stay equal, and so do equal "
                 "segments of user, path, query and fragment, each of which moves inside its form. "
                 "Distinct addresses stay distinct. What is no address, or would not fit the "
                 "column, is scrambled.",
    .uniqueness_here = "distinct values stay distinct: fit for unique columns and keys of 104 "
                       "characters and more",
    .prepare = url_prepare,
    .apply = url_apply,
};
