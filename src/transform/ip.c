/* ip: addresses and networks of both families. An address of a special range (RFC 6890) stays in
 * it; bits in front of the range and behind a network's prefix are not touched. */
#include "transform/cryptopan.h"
#include "transform/exchange.h"
#include "transform/form.h"
#include "transform/params.h"
#include "value/network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum {
    V4 = 32,
    V6 = 128,
    V4_TEXT = INET_ADDRSTRLEN - 1,
    V6_TEXT = INET6_ADDRSTRLEN - 1,
    TEXT_MAX = V6_TEXT + 4
};

struct ip_params {
    bool keeps_prefix;
    bool is_exact; /* distinct spellings must stay distinct too */
    uint32_t max_length;
};

/* An address, or a network where `length` says how many bits it has. */
struct ip {
    uint8_t bytes[16];
    unsigned bits;   /* V4, V6 */
    unsigned length; /* prefix length; bits where none is written */
    bool has_length, has_host;
};

/* Ranges whose members stay among themselves; the first that holds all of a network counts. */
static const struct range {
    unsigned bits, length;
    uint8_t bytes[16];
} ranges[] = {
    {V4, 32, {0}},                                               /* unspecified */
    {V4, 32, {127, 0, 0, 1}},                                    /* this host */
    {V4, 32, {255, 255, 255, 255}},                              /* broadcast */
    {V4, 8, {0}},                                                /* this network */
    {V4, 8, {10}},                                               /* private */
    {V4, 10, {100, 64}},                                         /* shared by carriers */
    {V4, 8, {127}},                                              /* loopback */
    {V4, 16, {169, 254}},                                        /* link-local */
    {V4, 12, {172, 16}},                                         /* private */
    {V4, 24, {192, 0, 2}},                                       /* documentation */
    {V4, 16, {192, 168}},                                        /* private */
    {V4, 15, {198, 18}},                                         /* benchmarks */
    {V4, 24, {198, 51, 100}},                                    /* documentation */
    {V4, 24, {203, 0, 113}},                                     /* documentation */
    {V4, 4, {224}},                                              /* multicast */
    {V4, 4, {240}},                                              /* reserved */
    {V6, 128, {0}},                                              /* unspecified */
    {V6, 128, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}, /* loopback */
    {V6, 96, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}},        /* IPv4 inside IPv6 */
    {V6, 96, {0, 0x64, 0xff, 0x9b}},                             /* IPv4 translated */
    {V6, 16, {0x20, 0x02}},                                      /* 6to4 */
    {V6, 32, {0x20, 0x01, 0x0d, 0xb8}},                          /* documentation */
    {V6, 10, {0xfe, 0x80}},                                      /* link-local */
    {V6, 7, {0xfc}},                                             /* private */
    {V6, 8, {0xff}},                                             /* multicast */
    {V6, 3, {0x20}},                                             /* global unicast */
};

static bool ip_prepare(const struct transform_site *site, const struct yaml_node *params,
                       struct arena *arena, struct prepared_transform *prepared, struct error *err)
{
    static const char *const words[] = {"nothing", "prefix"};
    const struct yaml_node *node = param_find(params, "keep");
    struct ip_params *made = ARENA_NEW(arena, struct ip_params);
    size_t index = 0;

    if (!made)
        return error_memory(err);
    prepared->params = made;
    if (!param_word(node, words, COUNT_OF(words), &index, err))
        return false;
    made->keeps_prefix = index == 1;
    made->is_exact = site_is_unique(site);
    made->max_length = site_max_length(site);
    if (made->max_length && made->max_length < V4_TEXT) {
        error_set(err, STATUS_POLICY, "an address does not fit %u characters", made->max_length);
        return error_hint(err, "use 'permute'");
    }
    if (made->keeps_prefix && !site->accept_risk) {
        error_set(err, STATUS_POLICY,
                  "addresses that keep what prefixes they share give the networks away to "
                  "somebody who knows a few of them");
        return error_hint(err, "leave 'keep' out, or say 'accept_risk: WHY'");
    }
    buf_add_format(prepared->canonical, "keep=%s;ranges=1;", words[index]);
    return true;
}

static bool bit_of(const uint8_t *bytes, unsigned at)
{
    return bytes[at / 8] >> (7 - at % 8) & 1;
}

static bool bits_equal(const uint8_t *a, const uint8_t *b, unsigned count)
{
    const uint8_t mask = (uint8_t)(0xff00u >> count % 8);

    return memcmp(a, b, count / 8) == 0 &&
           (count % 8 == 0 || ((a[count / 8] ^ b[count / 8]) & mask) == 0);
}

static bool host_is_zero(const struct ip *ip)
{
    for (unsigned i = ip->length; i < ip->bits; i++) {
        if (bit_of(ip->bytes, i))
            return false;
    }
    return true;
}

/* What inet_pton reads, with an optional prefix length in plain figures. */
static bool ip_read(struct span text, struct ip *ip)
{
    char copy[TEXT_MAX + 1], *slash;

    memset(ip, 0, sizeof(*ip));
    if (text.len == 0 || text.len > TEXT_MAX || memchr(text.ptr, '\0', text.len))
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    slash = strchr(copy, '/');
    if (slash)
        *slash++ = '\0';
    ip->bits = strchr(copy, ':') ? V6 : V4;
    if (inet_pton(ip->bits == V6 ? AF_INET6 : AF_INET, copy, ip->bytes) != 1)
        return false;
    ip->length = ip->bits;
    ip->has_length = slash != NULL;
    if (!slash)
        return true;
    if (strlen(slash) > 3 || strspn(slash, "0123456789") != strlen(slash) || !*slash ||
        (slash[0] == '0' && slash[1]))
        return false;
    ip->length = 0;
    for (; *slash; slash++)
        ip->length = ip->length * 10 + (unsigned)(*slash - '0');
    ip->has_host = ip->length < ip->bits && !host_is_zero(ip);
    return ip->length <= ip->bits;
}

static size_t ip_write(const struct ip *ip, char text[TEXT_MAX + 1])
{
    size_t len;

    (void)inet_ntop(ip->bits == V6 ? AF_INET6 : AF_INET, ip->bytes, text, TEXT_MAX);
    len = strlen(text);
    if (ip->has_length)
        len += (size_t)snprintf(text + len, TEXT_MAX + 1 - len, "/%u", ip->length);
    assert(len <= TEXT_MAX);
    return len;
}

/* Whether the column holds every address that may come out. */
static bool ip_fits(const struct ip_params *params, const struct ip *ip)
{
    const unsigned address = ip->bits == V6 ? V6_TEXT : V4_TEXT;
    const unsigned length = ip->has_length ? 1u + (ip->length > 9) + (ip->length > 99) + 1u : 0;

    return params->max_length == 0 || address + length <= params->max_length;
}

/* Where distinct texts must stay distinct, a spelling of its own is no address. */
static bool is_readable(const void *context, struct span text)
{
    const struct ip_params *params = context;
    char canonical[TEXT_MAX + 1];
    struct ip ip;

    if (!ip_read(text, &ip) || !ip_fits(params, &ip))
        return false;
    return !params->is_exact || span_equal(text, span_make(canonical, ip_write(&ip, canonical)));
}

/* Bits that are exchanged: an address's all, a network's own. */
static unsigned moved_bits(const struct ip *ip)
{
    return ip->has_length && !ip->has_host ? ip->length : ip->bits;
}

/* COUNT_OF(ranges): in none. */
static size_t range_find(const struct ip *ip)
{
    const unsigned own = moved_bits(ip);

    for (size_t i = 0; i < COUNT_OF(ranges); i++) {
        if (ranges[i].bits == ip->bits && ranges[i].length <= own &&
            bits_equal(ip->bytes, ranges[i].bytes, ranges[i].length))
            return i;
    }
    return COUNT_OF(ranges);
}

/* Bits [from, to) as one number of up to 8 bits after another, exchanged one to one. */
static void bits_move(const struct sipkey *key, const struct ip *ip, uint8_t *bytes, unsigned from,
                      unsigned to)
{
    uint32_t radices[17], indices[17], scratch[2 * 17 + 8];
    const uint64_t level[2] = {PURPOSE_FORM, (uint64_t)ip->bits << 32 | from << 16 | to};
    size_t count = 0;

    for (unsigned at = from; at < to; at += 8 - at % 8, count++) {
        const unsigned end = at - at % 8 + 8 < to ? at - at % 8 + 8 : to;

        radices[count] = 1u << (end - at);
        indices[count] = (uint32_t)bytes[at / 8] >> (8 - end % 8) % 8 & (radices[count] - 1);
    }
    symbols_move(key, siphash_words(key, level, 2), radices, indices, count, scratch);
    count = 0;
    for (unsigned at = from; at < to; at += 8 - at % 8, count++) {
        const unsigned end = at - at % 8 + 8 < to ? at - at % 8 + 8 : to;
        const unsigned shift = (8 - end % 8) % 8;

        bytes[at / 8] =
            (uint8_t)((bytes[at / 8] & ~((radices[count] - 1) << shift)) | indices[count] << shift);
    }
}

/* Walks on until the result lies in the same range and has a host where there was one. */
static void ip_move(const struct sipkey *key, struct ip *ip)
{
    const size_t range = range_find(ip);
    const unsigned from = range < COUNT_OF(ranges) ? ranges[range].length : 0;
    const unsigned to = moved_bits(ip);

    assert(from <= to);
    do {
        bits_move(key, ip, ip->bytes, from, to);
    } while (range_find(ip) != range || (ip->has_host && host_is_zero(ip)));
}

/* Networks keep their zero bits; so an address that meets one of them by its host takes the host
 * that the network did not get. */
static bool ip_keep_prefix(const struct cryptopan *pan, struct ip *ip, struct error *err)
{
    struct ip network = *ip;

    if (!cryptopan_apply(pan, ip->bytes, ip->bits, err))
        return false;
    if (!ip->has_length || ip->length == ip->bits)
        return true;
    if (ip->has_host && !host_is_zero(ip))
        return true;
    for (unsigned i = ip->length; i < ip->bits; i++)
        network.bytes[i / 8] &= (uint8_t) ~(0x80u >> i % 8);
    if (ip->has_host) {
        memcpy(ip->bytes, network.bytes, sizeof(ip->bytes));
        return cryptopan_apply(pan, ip->bytes, ip->bits, err);
    }
    for (unsigned i = ip->length; i < ip->bits; i++)
        ip->bytes[i / 8] &= (uint8_t) ~(0x80u >> i % 8);
    return true;
}

/* As struct value holds an inet or a cidr. */
static void inet_read(struct span bytes, struct ip *ip)
{
    assert(inet_is_well(bytes, false));
    memset(ip, 0, sizeof(*ip));
    ip->bits = bytes.ptr[0] == NETWORK_IPV6 ? V6 : V4;
    ip->length = (unsigned char)bytes.ptr[1];
    ip->has_length = ip->length < ip->bits;
    memcpy(ip->bytes, bytes.ptr + NETWORK_HEAD, ip->bits / 8);
    ip->has_host = ip->has_length && !host_is_zero(ip);
}

static size_t inet_write(const struct ip *ip, char *bytes)
{
    bytes[0] = ip->bits == V6 ? NETWORK_IPV6 : NETWORK_IPV4;
    bytes[1] = (char)ip->length;
    memcpy(bytes + NETWORK_HEAD, ip->bytes, ip->bits / 8);
    return NETWORK_HEAD + ip->bits / 8;
}

static bool ip_value(const struct transform_call *call, const struct cryptopan *pan,
                     struct value *value, struct error *err)
{
    const struct ip_params *params = call->params;
    const bool is_text = call->type->kind == KIND_TEXT;
    char text[TEXT_MAX + 1];
    struct ip ip, before;
    size_t len;

    if (!is_text)
        inet_read(value->bytes, &ip);
    else if (!is_readable(params, value->bytes) || !ip_read(value->bytes, &ip))
        return value_scramble(call, value, is_readable, params, err);
    before = ip;
    if (!params->keeps_prefix)
        ip_move(&call->key->sip, &ip);
    else if (!ip_keep_prefix(pan, &ip, err))
        return false;
    len = is_text ? ip_write(&ip, text) : inet_write(&ip, text);
    *call->unchanged += memcmp(before.bytes, ip.bytes, sizeof(ip.bytes)) == 0;
    return value_set_bytes(value, text, len, call->arena, err);
}

static bool ip_apply(const struct transform_call *call, struct value *values, uint32_t count,
                     struct error *err)
{
    const struct ip_params *params = call->params;
    struct cryptopan pan = {0};
    bool is_whole = true;

    if (params->keeps_prefix && !cryptopan_init(&pan, call->key->aes, err))
        return false;
    for (uint32_t i = 0; i < count && is_whole; i++) {
        if (!values[i].is_null && values[i].bytes.len > 0)
            is_whole = ip_value(call, &pan, &values[i], err);
    }
    if (params->keeps_prefix)
        cryptopan_release(&pan);
    return is_whole;
}

static const struct transform_param params[] = {
    {"keep", "nothing | prefix",
     "nothing (default); prefix: addresses share as many leading bits as before (Crypto-PAn); "
     "needs accept_risk"},
};

const struct transform transform_ip = {
    .name = "ip",
    .accepts = KIND_BIT(KIND_TEXT) | KIND_BIT(KIND_INET),
    .uniqueness = UNIQUENESS_PRESERVED,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_SHAPE,
    .identifies = true,
    .is_dense = true,
    .is_semantic = true,
    .summary = "addresses and networks of IPv4 and IPv6, each to another of its kind",
    .example = "last_ip: ip",
    .guarantee = "One to one. Private, loopback, link-local, documentation, multicast and other "
                 "special ranges stay in their range (with 'keep: prefix' they do not); 0.0.0.0, "
                 "127.0.0.1, 255.255.255.255, :: and ::1 stay. A network keeps its length and its "
                 "zero bits. IPv6 is written in its short form. What is no address is scrambled.",
    .risk = "'keep: prefix', which shows who shares a network",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = ip_prepare,
    .apply = ip_apply,
};
